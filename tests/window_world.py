"""The whole window on a store in memory: no threads, a clock that stands, answers given beforehand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.errors import Rejected
from app.presenters.runner import Cancelled, Report
from app.presenters.settings import MachineSettings, MemorySettings
from app.presenters.unlock import Choice, NewStore, Opened, OutsideWay, StoreAgain
from tests.fakes_interaction import FakeInteraction
from tests.fakes_runner import InlineRunner
from tests.fakes_session import MemorySession
from ui.kit.theme import apply_theme
from ui.shell.window import Window
from ui.shell.workspace import Workspace

FOLDER = "/home/ada/Private/aster.holdfast"
PASSPHRASE = "kelp lantern orbit"
VIENNA = ZoneInfo("Europe/Vienna")
_W = TypeVar("_W", bound=QWidget)


class FakeDoors:
    """One store, one passphrase; what is made is written down."""

    def __init__(self, session: MemorySession) -> None:
        self.session = session
        self.created: list[NewStore] = []
        self.problem: Exception | None = None
        self.outside: tuple[OutsideWay, ...] = ()
        self.secrets: list[Any] = []
        self.asked_again: list[StoreAgain] = []

    def open(self, folder: str, secret: Any, *, accept_older: bool = False) -> Any:
        self.secrets.append(secret)
        if self.problem is not None and not accept_older:
            raise self.problem
        if isinstance(secret, str) and secret != PASSPHRASE:
            raise Rejected("store.wrong-passphrase")
        self.session.store.closed = False
        return self.session

    def ways(self, folder: str) -> tuple[OutsideWay, ...]:
        return self.outside

    def again(self, wanted: StoreAgain, secret: Any, progress: Report, cancelled: Cancelled) -> Opened | None:
        progress(1, 4)
        if self.problem is not None:
            raise self.problem
        if secret != PASSPHRASE:
            raise Rejected("store.wrong-passphrase")
        self.asked_again.append(wanted)
        return None if cancelled() else Opened(cast("Any", self.session), wanted.folder)

    def create(self, wanted: NewStore) -> Any:
        self.created.append(wanted)
        return self.session

    def demo(self, progress: Report, cancelled: Cancelled) -> Opened | None:
        progress(1, 30)
        return None if cancelled() else Opened(cast("Any", self.session), "/tmp/demo/aster.holdfast")

    def policies(self) -> tuple[Choice, ...]:
        return (Choice("node-core", "Node.js core, as founded"), Choice("npm-ecosystem", "npm ecosystem"))

    def projects(self) -> tuple[Choice, ...]:
        return (Choice("aster", "Aster"),)

    def warm(self) -> None:
        pass


class WindowWorld:
    """A window and everything behind it; `unlocked` goes on from the unlock page."""

    def __init__(
        self, qtbot: QtBot, scene: Callable[[MemorySession], object] | None = None, *, folder: str = FOLDER
    ) -> None:
        self.qtbot = qtbot
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        apply_theme(app, "light")
        self.session = MemorySession()
        if scene is not None:
            scene(self.session)
        self.doors = FakeDoors(self.session)
        self.runner = InlineRunner()
        self.file = MemorySettings()
        self.interaction = FakeInteraction()
        self.window = Window(
            self.doors,
            self.runner,
            MachineSettings(self.file),
            folder=folder,
            tz=VIENNA,
            interaction=self.interaction,
        )
        qtbot.addWidget(self.window)
        self.window.resize(1440, 900)
        self.window.show()
        qtbot.waitUntil(self.window.isActiveWindow)

    def unlocked(self) -> WindowWorld:
        """Type the passphrase and go in."""
        self.type("unlock.passphrase", PASSPHRASE)
        self.click("unlock.unlock")
        return self

    @property
    def workspace(self) -> Workspace:
        assert self.window.workspace is not None
        return self.window.workspace

    def find(self, kind: type[_W], name: str) -> _W:
        """The visible control of this name, anywhere in the window."""
        found = [w for w in self.window.findChildren(kind, name) if w.isVisible()]
        assert found, f"no visible {name}"
        return found[-1]

    def sees(self, name: str) -> bool:
        """Whether a control of this name is visible."""
        return any(w.isVisible() for w in self.window.findChildren(QWidget, name))

    def click(self, name: str) -> None:
        button = self.find(QAbstractButton, name)
        assert button.isEnabled(), f"{name} can't be pressed"
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def type(self, name: str, text: str) -> None:
        field = self.find(QWidget, name)
        field.setFocus()
        QTest.keyClicks(field, text)

    def focus(self, name: str) -> QWidget:
        """Wait until the control of this name has the keyboard, as after a dialog opened."""
        self.qtbot.waitUntil(lambda: _focused() == name)
        return self.find(QWidget, name)

    def press(self, key: str) -> None:
        """A key or a chord, to whatever has the focus; a shortcut needs an active window."""
        if QApplication.activeWindow() is None:
            # What a window manager does when a dialog goes.
            self.window.activateWindow()
            self.qtbot.waitUntil(self.window.isActiveWindow)
        focus: QWidget | None = QApplication.focusWidget()
        target = focus if focus is not None and focus.isVisible() else self.window
        QTest.keySequence(target, key)


def _focused() -> str:
    focus: QWidget | None = QApplication.focusWidget()
    return focus.objectName() if focus is not None else ""
