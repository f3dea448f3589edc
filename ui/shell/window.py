"""The one window: the unlock page while no store is open, the workspace while one is."""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import tzinfo
from typing import TYPE_CHECKING, Final, Protocol, final

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from app.presenters.runner import Runner
from app.presenters.settings import MachineSettings
from app.presenters.unlock import Doors, Opened
from ui.kit.theme import theme
from ui.screens.unlock.view import UnlockPage

if TYPE_CHECKING:
    from app.presenters.session import Session
    from app.presenters.target import Target
    from ui.kit.dialogs import Dialogs, Interaction
    from ui.shell.workspace import Workspace

SIZE: Final = QSize(1440, 900)
SMALLEST: Final = QSize(1024, 680)


class EndingRunner(Runner, Protocol):
    """A runner that can end its thread."""

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
    ) -> None:
        super().__init__()
        self.setObjectName("window")
        self._doors = doors
        self._runner = runner
        self._settings = settings
        self._tz = tz
        self._given = interaction
        self._dialogs: Dialogs | None = None
        self._folder = ""
        self._session: Session | None = None
        self._place: Target | None = None
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

    def interaction(self) -> Interaction:
        """The questions of this window, made when the first one is asked."""
        if self._given is not None:
            return self._given
        if self._dialogs is None:
            from ui.kit.dialogs import Dialogs

            self._dialogs = Dialogs(self)
        return self._dialogs

    def enter(self, store: Opened) -> None:
        """Show an open store, where the window was if it is the same one."""
        from app.presenters.target import Target
        from ui.kit.dates import local_zone
        from ui.shell.workspace import Workspace

        place = self._place if self._folder == store.folder else None
        self._folder = store.folder
        self._session = store.session
        tz = self._tz or local_zone()
        self.workspace = Workspace(store, self._runner, self._settings, self.interaction(), tz)
        self.workspace.lockWanted.connect(self.lock)
        self.workspace.quitWanted.connect(self.close)
        self.workspace.titleChanged.connect(self._name)
        self._stack.addWidget(self.workspace)
        self._stack.setCurrentWidget(self.workspace)
        self._place = None
        self.workspace.navigate(place or Target(page="desk"))

    def lock(self) -> None:
        """Save what is unsaved, close the store, and show nothing of it any more."""
        if self.workspace is None or self._session is None:
            return
        self._place = self.workspace.place
        self._leave()
        self._stack.setCurrentWidget(self.unlock)
        self._name_locked()
        self.unlock.focus()
        close = self._session.vault.close
        self._session = None
        # What was asked for before, such as saving the drafts, is done first: the runner keeps order.
        self._runner.run(close, _nothing, self.unlock.show_problem)
        # Pages refer to each other in circles; what they held goes now and not some day.
        QTimer.singleShot(0, gc.collect)

    def _leave(self) -> None:
        workspace, self.workspace = self.workspace, None
        if workspace is None:
            return
        workspace.begin_last_saves(self.unlock.show_unsaved)
        for dialog in self.findChildren(QDialog):
            # A form keeps what is typed in it when it is put away; it is not shown until that is done.
            dialog.reject()
            dialog.hide()
        workspace.shut()
        self._stack.removeWidget(workspace)
        workspace.hide()
        workspace.deleteLater()
        from ui.kit.clipboard import clipboard

        clipboard().forget()

    def _name(self, page: str) -> None:
        self.setWindowTitle(self.tr("{page}, Holdfast").format(page=page) if page else self.tr("Holdfast"))

    def _name_locked(self) -> None:
        self.setWindowTitle(self.tr("Holdfast, locked"))

    def fit_screen(self) -> None:
        """As large as the look wants it and the screen allows; Qt alone would take two thirds of the screen."""
        self.resize((SIZE * theme().scale).boundedTo(self.screen().availableSize()))

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        """Save, close the store on its own thread, and only then go."""
        if not self._closed:
            self._closed = True
            session, self._session = self._session, None
            self._leave()
            self._runner.finish(session.vault.close if session else _idle)
        super().closeEvent(event)


def _nothing(_answer: object) -> None:
    """The store is closed; nobody is left to tell."""


def _idle() -> None:
    """Nothing is open, so there is nothing to close."""
