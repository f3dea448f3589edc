"""The one window: the unlock page while no store is open, the workspace while one is."""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import tzinfo
from typing import TYPE_CHECKING, Final, Protocol, final

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QStackedWidget, QToolTip, QVBoxLayout, QWidget
from typing_extensions import override

from app.presenters.runner import Runner
from app.presenters.settings import MachineSettings
from app.presenters.unlock import Doors, Opened
from ui.kit.theme import theme
from ui.screens.unlock.view import UnlockPage

if TYPE_CHECKING:
    from app.presenters.session import Session
    from ui.kit.dialogs import Dialogs, Interaction
    from ui.kit.memory import Wiping
    from ui.shell.desktop import Desktop
    from ui.shell.disk_watch import DiskWatch
    from ui.shell.whereabouts import Whereabouts
    from ui.shell.workspace import Workspace

SIZE: Final = QSize(1440, 900)
SMALLEST: Final = QSize(1024, 680)
_SAVES_WITHIN: Final = 10.0  # seconds


class EndingRunner(Runner, Protocol):
    """A runner that can end its thread."""

    def drain(self, seconds: float) -> bool: ...
    def finish(self, last: Callable[[], None]) -> None: ...


@final
class Window(QWidget):
    """Opens, locks and closes. `tz` is the zone that times are shown in, None for the machine's own."""

    def __init__(
        self,
        doors: Doors,
        runner: EndingRunner,
        settings: MachineSettings,
        *,
        folder: str = "",
        tz: tzinfo | None = None,
        interaction: Interaction | None = None,
        worker: EndingRunner | None = None,
    ) -> None:
        super().__init__()
        self.setObjectName("window")
        self._doors = doors
        self._runner = runner
        # Long work that needs nothing of the open store but its keys; without one it waits its turn at the vault.
        self._worker = worker
        self._settings = settings
        self._tz = tz
        self._given = interaction
        self._dialogs: Dialogs | None = None
        self._folder = ""
        self._session: Session | None = None
        self._place: Whereabouts | None = None
        self._unsaved = False
        self._disk: DiskWatch | None = None
        self._desktop: Desktop | None = None
        self._closed = False
        self.workspace: Workspace | None = None
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self.setMinimumSize(SMALLEST)
        # Made where it stays: moved once it is polished, its labels would fall back to the fonts they began with.
        self.unlock = UnlockPage(doors, runner, settings, self.interaction, folder=folder, parent=self._stack)
        self.unlock.opened_store.connect(self.enter)
        self._stack.addWidget(self.unlock)
        self._name_locked()
        self.unlock.focus()

    @property
    def runner(self) -> EndingRunner:
        """Where everything runs that is not to stop the window."""
        return self._runner

    def interaction(self) -> Interaction:
        """The questions of this window, made when the first one is asked."""
        if self._given is not None:
            return self._given
        if self._dialogs is None:
            from ui.kit.dialogs import Dialogs

            self._dialogs = Dialogs(self)
        return self._dialogs

    def listen(self, desktop: Desktop) -> None:
        """Lock when the desktop says so, and tell it when the store is closed."""
        self._desktop = desktop
        desktop.lockWanted.connect(self.lock)
        desktop.start()

    def enter(self, store: Opened) -> None:
        """Show an open store, where the window was if it is the same one."""
        from app.presenters.target import Target
        from ui.kit.clipboard import clipboard
        from ui.kit.dates import local_zone
        from ui.shell.workspace import Workspace

        # From here on it takes over what any field copies by itself.
        clipboard()

        same = self._folder == store.folder
        place = self._place if same else None
        unsaved = self._unsaved and same
        self._place, self._unsaved = None, False
        self._folder = store.folder
        self._session = store.session
        tz = self._tz or local_zone()
        self.workspace = Workspace(store, self._runner, self._settings, self.interaction(), tz, worker=self._worker)
        self.workspace.lockWanted.connect(self.lock)
        self.workspace.quitWanted.connect(self.close)
        self.workspace.titleChanged.connect(self._name)
        self._stack.addWidget(self.workspace)
        self._stack.setCurrentWidget(self.workspace)
        if place is not None:
            self.workspace.return_to(place)
        else:
            self.workspace.navigate(Target(page="desk"))
        if unsaved:
            self.workspace.show_unsaved()
        self._watch_disk(self.workspace)

    def _watch_disk(self, workspace: Workspace) -> None:
        from ui.shell.disk_watch import DiskWatch

        self._disk = DiskWatch(self._folder, self)
        self._disk.gone.connect(self._lock_without_disk)
        workspace.machineFailed.connect(self._disk.look)
        self._disk.start()

    def _lock_without_disk(self) -> None:
        from app.domain.errors import Environment

        self._lock(lambda: self.unlock.show_problem(Environment("place.gone")))

    def lock(self) -> None:
        """Save what is unsaved, close the store, and show nothing of it any more."""
        self._lock(_idle)

    def _lock(self, then: Callable[[], None]) -> None:
        """`then` is called once the store is closed, or could not be."""
        if self.workspace is None or self._session is None:
            if self._desktop is not None:
                self._desktop.locked()
            return
        from ui.kit.memory import Wiping

        wiping = Wiping()
        wiping.begin()
        self._place = self.workspace.keep_place()
        self._leave()
        self._stack.setCurrentWidget(self.unlock)
        self._name_locked()
        self.unlock.focus()
        close = self._session.vault.close
        self._session = None

        def closed(problem: Exception | None = None) -> None:
            if problem is not None:
                self.unlock.show_problem(problem)
            then()
            self._end_lock(wiping)

        # What was asked for before, such as saving the drafts, is done first: the runner keeps order.
        self._runner.run(close, lambda _none: closed(), closed)
        # Pages refer to each other in circles; what they held goes now and not some day.
        QTimer.singleShot(0, gc.collect)

    def _end_lock(self, wiping: Wiping) -> None:
        """The store is closed: the machine may sleep, and nothing more needs to be overwritten."""
        if self._desktop is not None:
            self._desktop.locked()

        def forget() -> None:
            gc.collect()
            wiping.end()

        QTimer.singleShot(0, forget)

    def _leave(self) -> None:
        workspace, self.workspace = self.workspace, None
        if self._disk is not None:
            self._disk.stop()
            self._disk.deleteLater()
            self._disk = None
        if workspace is None:
            return
        workspace.begin_last_saves(self._tell_unsaved)
        self._put_dialogs_away()
        workspace.shut()
        self._stack.removeWidget(workspace)
        workspace.hide()
        workspace.deleteLater()
        QToolTip.hideText()
        from ui.kit.clipboard import clipboard

        clipboard().forget()

    def _put_dialogs_away(self) -> None:
        for dialog in self.findChildren(QDialog):
            # A form keeps what is typed in it when it is put away; it is not shown until that is done.
            dialog.reject()
            dialog.hide()

    def _tell_unsaved(self, problem: Exception) -> None:
        """Something that was asked for before the lock could not be done: said now, and again after unlocking."""
        self._unsaved = True
        self.unlock.show_unsaved(problem)

    def _name(self, page: str) -> None:
        self.setWindowTitle(self.tr("{page}, Holdfast").format(page=page) if page else self.tr("Holdfast"))

    def _name_locked(self) -> None:
        self.setWindowTitle(self.tr("Holdfast, locked"))

    def fit_screen(self) -> None:
        """As large as the look wants it and the screen allows; Qt alone would take two thirds of the screen."""
        self.resize((SIZE * theme().scale).boundedTo(self.screen().availableSize()))

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        """Save, close the store on its own thread, and only then go; what can't be saved is asked about first."""
        if not self._closed and not self._saved():
            event.ignore()
            self._ask_to_lose()
            return
        self._close_store()
        super().closeEvent(event)

    def _close_store(self) -> None:
        if not self._closed:
            self._closed = True
            session, self._session = self._session, None
            self._leave()
            if self._desktop is not None:
                self._desktop.stop()
            self._runner.finish(session.vault.close if session else _idle)
            if self._worker is not None:
                self._worker.finish(_idle)

    def _saved(self) -> bool:
        """Whether every text is in the store now; waits for that, but not for ever."""
        workspace = self.workspace
        if workspace is None:
            return True
        lost: list[Exception] = []
        workspace.begin_last_saves(lost.append)
        self._put_dialogs_away()
        workspace.save_unsaved()
        came = self._runner.drain(_SAVES_WITHIN)
        workspace.begin_last_saves(None)
        return came and not lost

    def _ask_to_lose(self) -> None:
        from ui.kit.dialogs import Question

        def go() -> None:
            self._close_store()
            self.close()

        question = Question(
            name="window.unsaved",
            title=self.tr("Not everything is saved"),
            body=self.tr(
                "A text that was being written could not be kept. Close all the same and lose it, or stay and copy it?"
            ),
            act=self.tr("Close and lose it"),
            keep=self.tr("Stay"),
        )
        self.interaction().ask(question, go)


def _idle() -> None:
    """Nothing is open, so there is nothing to close; or nobody is left to tell."""
