"""The unlock page: the kelp panel, and beside it the form that opens a store, makes one or has one again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, final

from PySide6.QtCore import QDir, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.errors import AppError
from app.presenters.runner import Runner
from app.presenters.settings import MachineSettings
from app.presenters.unlock import (
    Again,
    AgainField,
    Busy,
    Choice,
    Doors,
    NewField,
    NewStore,
    Opened,
    OutsideWay,
    StoreAgain,
    UnlockPresenter,
)
from ui.kit.theme import hub, theme
from ui.screens.unlock.kelp import KelpPanel
from ui.screens.unlock.open_form import OpenForm
from ui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    from app.desk.ports.keys import Secret
    from ui.kit.dialogs import Interaction
    from ui.screens.unlock.again_form import AgainForm
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
        self._seen = False
        self._again: AgainForm | None = None
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
        form.againWanted.connect(self._begin_again)
        form.againWanted.connect(self._begin_again)
        form.rememberChanged.connect(self._remember)

    def focus(self) -> None:
        """Put the keyboard where work begins."""
        front = self._front()
        if front is self.form:
            self.form.focus()
        elif front is self._again and self._again is not None:
            self._again.focus()
        elif self._new is not None:
            self._new.name.setFocus()

    def _front(self) -> QWidget:
        """The form in front."""
        holder = self.forms.currentWidget()
        for form in (self._new, self._again):
            if form is not None and holder is not None and holder.isAncestorOf(form):
                return form
        return self.form

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

    def _show_form(self, form: QWidget) -> None:
        for index in range(self.forms.count()):
            holder = self.forms.widget(index)
            if holder is not None and holder.isAncestorOf(form):
                self.forms.setCurrentIndex(index)
        self.form.links.setVisible(form is self.form)
        self.focus()

    def _begin_again(self, how: Again) -> None:
        """Show the form of a backup or a rescue, empty."""
        from ui.screens.unlock.again_form import AgainForm

        self._drop(self._again)
        self._again = AgainForm(how, self.presenter.folder if how == "rescue" else "")
        self._again.wanted.connect(self._have_again)
        self._again.backWanted.connect(self._back)
        self._again.fileWanted.connect(self._choose_file)
        self._again.parentWanted.connect(self._choose_again_parent)
        self._again.cancelWanted.connect(self.presenter.cancel)
        self.forms.addWidget(self._centred(self._again))
        self._measure()
        self._show_form(self._again)

    def _have_again(self, wanted: StoreAgain, secret: Secret | None) -> None:
        self.presenter.again(wanted, secret)

    def _choose_file(self) -> None:
        form = self._again
        if form is None:
            return
        if form.how == "rescue":
            self._choose(self.tr("Which store is damaged?"), form.take_file)
            return
        from ui.kit.dialogs import FileChoice

        choice = FileChoice(
            name="unlock.chooser",
            title=self.tr("Restore which backup?"),
            start=Path(form.file.text() or QDir.homePath()),
            filters=(self.tr("Backups (*.holdfast-backup)"), self.tr("All files (*)")),
        )
        self._interaction().open_files(choice, lambda paths: form.take_file(paths[0]) if paths else None)

    def _choose_again_parent(self) -> None:
        if self._again is not None:
            self._choose(self.tr("Where shall the new store lie?"), self._again.take_parent)

    # What the presenter tells.

    def show_store(self, name: str, folder: str) -> None:
        self.form.show_store(name, folder)

    def show_busy(self, what: Busy) -> None:
        self.form.show_busy(what)
        if self._new is not None:
            self._new.show_busy(busy=what == "creating")
        if self._again is not None:
            self._again.show_busy(busy=what in ("restoring", "rescuing"))
        if self._again is not None:
            self._again.show_busy(busy=what in ("restoring", "rescuing"))
        if not what:
            self.focus()

    def show_progress(self, done: int, of: int) -> None:
        if self._again is not None and self._front() is self._again:
            self._again.show_progress(done, of)
        else:
            self.form.show_progress(done, of)

    def show_ways(self, ways: tuple[OutsideWay, ...]) -> None:
        self.form.show_ways(ways)

    def ask_older(self, problem: AppError) -> None:
        from ui.screens.unlock.older import older_question

        self._interaction().ask(older_question(problem), self.presenter.accept_older)

    def show_damage(self, problem: AppError) -> None:
        _headline, sentence = self._problem_words(problem)
        self.form.show_damage(self.tr("This store can't be opened as it is"), sentence)

    def show_again_problem(self, field: AgainField, code: str) -> None:
        if self._again is not None:
            self._again.show_field_problem(field, code)

    def show_wrong_passphrase(self) -> None:
        if self._again is not None and self._front() is self._again:
            self._again.show_wrong_secret(self.tr("That is not its passphrase. Capital letters and spaces count."))
            return
        self.form.secret.clear()
        self.form.show_problem(
            self.tr("That is not its passphrase"),
            self.tr("The store is whole and was not changed. Capital letters and spaces count."),
        )
        self.focus()

    def show_problem(self, problem: Exception) -> None:
        word, sentence = self._problem_words(problem)
        front = self._front()
        if self._new is not None and front is self._new:
            self._new.show_problem(word, sentence)
        elif self._again is not None and front is self._again:
            self._again.show_problem(word, sentence)
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
        self._show_form(self._new)

    def _create(self, wanted: NewStore, again: str) -> None:
        self.presenter.create(wanted, again)

    def _back(self) -> None:
        for form in (self._new, self._again):
            if form is not None:
                form.clear_secrets()
        self._show_form(self.form)

    def opened(self, store: Opened) -> None:
        self.form.clear_secrets()
        # What was typed to make a store is forgotten: names in it are inside the store from now on.
        self._drop(self._new)
        self._drop(self._again)
        self._new = self._again = None
        # After a lock this page asks for the store that is open now, whichever way it was opened.
        self._show_form(self.form)
        self.presenter.start()
        self.opened_store.emit(store)
        if store.told:
            from ui.screens.unlock.older import rescue_notice

            self._interaction().tell(rescue_notice(store.told))

    def _drop(self, form: NewForm | AgainForm | None) -> None:
        """Forget a form and everything that was typed in it."""
        if form is None:
            return
        form.clear_secrets()
        for index in range(self.forms.count()):
            holder = self.forms.widget(index)
            if holder is not None and holder.isAncestorOf(form):
                self.forms.removeWidget(holder)
                holder.deleteLater()
                return

    def _measure(self) -> None:
        px = theme().px
        wide = self.width() >= _NARROW
        self.panel.setFixedWidth(px(_PANEL) if wide else min(px(_NARROW_PANEL), self.width() * 2 // 5))
        self.form.setFixedWidth(px(400))
        self.form.links.setFixedWidth(px(400))
        for form in (self._new, self._again):
            if form is None:
                continue
            form.setFixedWidth(min(px(480), max(px(360), self.width() - self.panel.width() - 96)))

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # At the first time nothing is read: the page is not painted yet. After a lock the ways in may be others.
        if self._seen:
            self.presenter.look()
        self._seen = True

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()
