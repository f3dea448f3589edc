"""The unlock page: the kelp panel, and beside it the form that opens a store or makes a new one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, final

from PySide6.QtCore import QDir, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.errors import AppError
from app.presenters.runner import Runner
from app.presenters.settings import MachineSettings
from app.presenters.unlock import Busy, Choice, Doors, NewField, NewStore, Opened, UnlockPresenter
from ui.kit.theme import hub, theme
from ui.screens.unlock.kelp import KelpPanel
from ui.screens.unlock.open_form import OpenForm
from ui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    from ui.kit.dialogs import Interaction
    from ui.screens.unlock.new_form import NewForm

_PANEL: Final = 560
_NARROW_PANEL: Final = 384
_NARROW: Final = 1200


@final
class UnlockPage(QWidget):
    """What stands in the window while no store is open; `opened` hands on the one that was."""

    opened_store = Signal(object)

    def __init__(
        self,
        doors: Doors,
        runner: Runner,
        settings: MachineSettings,
        interaction: Callable[[], Interaction],
        *,
        folder: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("unlock")
        # Asked for only when a folder is chosen: choosers take time to import.
        self._interaction = interaction
        self._new: NewForm | None = None
        self.presenter = UnlockPresenter(self, doors, runner, settings, folder)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.panel = KelpPanel(self.tr("Holdfast"), self.tr("Security reports, held safely until everyone may know."))
        row.addWidget(self.panel)
        row.addWidget(self._make_side(), 1)
        self._wire()
        hub().changed.connect(self._measure)
        self._measure()
        self.presenter.start()

    def _make_side(self) -> QWidget:
        side = QWidget()
        self.form = OpenForm(remembers=self.presenter.remembers)
        self.forms = QStackedWidget()
        self.forms.addWidget(self._centred(self.form))
        column = QVBoxLayout(side)
        column.setContentsMargins(24, 16, 24, 24)
        column.addWidget(self.forms, 1)
        foot = QGridLayout()
        foot.addWidget(self.form.links, 0, 0, Qt.AlignmentFlag.AlignHCenter)
        corner = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        self._version = PlainLabel("", "small", "muted")
        foot.addWidget(self._version, 0, 0, corner)
        column.addLayout(foot)
        return side

    def _centred(self, form: QWidget) -> QWidget:
        """A form in the middle, that scrolls where the window is too low for it."""
        page = QWidget()
        page.setProperty("kind", "clear")
        row = QHBoxLayout(page)
        row.setContentsMargins(8, 8, 8, 8)
        row.addStretch(1)
        column = QVBoxLayout()
        column.addStretch(1)
        column.addWidget(form)
        column.addStretch(1)
        row.addLayout(column)
        row.addStretch(1)
        area = QScrollArea()
        # One that Python made: to wrap Qt's own, every kind of widget is looked through, 10 ms of a start.
        area.setViewport(QWidget())
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(page)
        return area

    def _wire(self) -> None:
        form, presenter = self.form, self.presenter
        form.unlockWanted.connect(presenter.unlock)
        form.folderWanted.connect(self._choose_store)
        form.newWanted.connect(presenter.want_new)
        form.demoWanted.connect(presenter.demo)
        form.cancelWanted.connect(presenter.cancel)
        form.rememberChanged.connect(self._remember)

    def focus(self) -> None:
        """Put the keyboard where work begins."""
        if self._new is not None and self.forms.currentIndex() == 1:
            self._new.name.setFocus()
        else:
            self.form.focus()

    def show_version(self, version: str) -> None:
        self._version.setText(version)

    def _remember(self, wanted: bool) -> None:
        try:
            self.presenter.remember(wanted=wanted)
        except AppError as problem:
            self.show_problem(problem)

    def _choose_store(self) -> None:
        self._choose(self.tr("Open which store?"), lambda path: self._chosen(str(path)))

    def _chosen(self, folder: str) -> None:
        self.presenter.choose(folder)
        self.focus()

    def _choose_parent(self) -> None:
        def take(path: Path) -> None:
            if self._new is not None:
                self._new.set_parent_folder(str(path))

        self._choose(self.tr("Where shall the store lie?"), take)

    def _choose(self, title: str, then: Callable[[Path], None]) -> None:
        from ui.kit.dialogs import FileChoice

        folder = self.presenter.folder
        start = Path(folder).parent if folder else Path(QDir.homePath())
        self._interaction().open_folder(FileChoice(name="unlock.chooser", title=title, start=start), then)

    def _show_form(self, index: int) -> None:
        self.forms.setCurrentIndex(index)
        self.form.links.setVisible(index == 0)
        self.focus()

    # What the presenter tells.

    def show_store(self, name: str, folder: str) -> None:
        self.form.show_store(name, folder)

    def show_busy(self, what: Busy) -> None:
        self.form.show_busy(what)
        if self._new is not None:
            self._new.show_busy(busy=what == "creating")
        if not what:
            self.focus()

    def show_progress(self, done: int, of: int) -> None:
        self.form.show_progress(done, of)

    def show_wrong_passphrase(self) -> None:
        self.form.secret.clear()
        self.form.show_problem(
            self.tr("That is not its passphrase"),
            self.tr("The store is whole and was not changed. Capital letters and spaces count."),
        )
        self.focus()

    def show_problem(self, problem: Exception) -> None:
        word, sentence = self._problem_words(problem)
        if self._new is not None and self.forms.currentIndex() == 1:
            self._new.show_problem(word, sentence)
        else:
            self.form.show_problem(word, sentence)

    def show_unsaved(self, _problem: Exception) -> None:
        """A draft was lost at the lock; nobody is told which, since the store is locked."""
        self.form.show_problem(
            self.tr("Not everything was saved"),
            self.tr(
                "The store was locked, but a text that was being written could not be kept. Check what you typed last."
            ),
        )

    def _problem_words(self, problem: Exception) -> tuple[str, str]:
        code = problem.code if isinstance(problem, AppError) else ""
        if code == "unlock.no-passphrase":
            return self.tr("No passphrase yet"), self.tr("Type the passphrase of this store first.")
        if code == "unlock.no-store":
            return self.tr("No store is chosen"), self.tr("Open one, or make a new one.")
        # Words are many, and most starts need none of them.
        from ui.kit.error_text import error_text

        text = error_text(problem)
        return text.headline, text.whole

    def show_field_problem(self, field: NewField, code: str) -> None:
        if self._new is not None:
            self._new.show_field_problem(field, code)

    def show_choices(self, policies: tuple[Choice, ...], projects: tuple[Choice, ...]) -> None:
        if self._new is None:
            from ui.screens.unlock.new_form import NewForm

            self._new = NewForm()
            self._new.createWanted.connect(self._create)
            self._new.backWanted.connect(self._back)
            self._new.parentWanted.connect(self._choose_parent)
            self.forms.addWidget(self._centred(self._new))
            self._measure()
        self._new.show_choices(policies, projects)
        self._show_form(1)

    def _create(self, wanted: NewStore, again: str) -> None:
        self.presenter.create(wanted, again)

    def _back(self) -> None:
        if self._new is not None:
            self._new.clear_secrets()
        self._show_form(0)

    def opened(self, store: Opened) -> None:
        self.form.secret.clear()
        self._drop_new_form()
        # After a lock this page asks for the store that is open now, whichever way it was opened.
        self._show_form(0)
        self.presenter.start()
        self.opened_store.emit(store)

    def _drop_new_form(self) -> None:
        """Forget everything that was typed to make a store: names in it are inside the store from now on."""
        holder = self.forms.widget(1) if self._new is not None else None
        if self._new is None or holder is None:
            return
        self._new.clear_secrets()
        self._new = None
        self.forms.removeWidget(holder)
        holder.deleteLater()

    def _measure(self) -> None:
        px = theme().px
        wide = self.width() >= _NARROW
        self.panel.setFixedWidth(px(_PANEL) if wide else min(px(_NARROW_PANEL), self.width() * 2 // 5))
        self.form.setFixedWidth(px(400))
        self.form.links.setFixedWidth(px(400))
        if self._new is not None:
            self._new.setFixedWidth(min(px(480), max(px(360), self.width() - self.panel.width() - 96)))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()
