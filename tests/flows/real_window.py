"""The real window on a real store in a folder of the test's own, under a clock that the test moves."""

from __future__ import annotations

import traceback
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol, cast, final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPlainTextEdit, QTextEdit, QWidget
from shiboken6 import isValid
from typing_extensions import override

from app import VERSION, bootstrap
from app.bootstrap import Parts
from app.demo import PASSPHRASE, make_demo
from app.desk.ports.keys import Secret
from app.presenters.rescue_words import report_words
from app.presenters.runner import Cancelled, Report
from app.presenters.session import Session
from app.presenters.settings import THEME, MachineSettings, MemorySettings
from app.presenters.unlock import Choice, NewStore, Opened, OutsideWay, StoreAgain
from tests.builders import quick_parts
from tests.flows.window import Driver
from ui.kit.jobs import QtRunner
from ui.kit.theme import Mode, apply_theme
from ui.shell.window import SIZE, Window

BERLIN: Final = ZoneInfo("Europe/Berlin")


class MovedClock(Protocol):
    """A clock that the story moves."""

    def now(self) -> datetime: ...
    def set(self, now: datetime) -> None: ...


@final
class TestDoors:
    """The doors of the unlock page, with the clock and the key derivation of the test behind them."""

    __test__ = False

    def __init__(self, parts: Parts, demo_folder: Path) -> None:
        self._parts = parts
        self._demo_folder = demo_folder

    def open(self, folder: str, secret: Secret, *, accept_older: bool = False) -> Session:
        opened = bootstrap.open_store(Path(folder), secret, parts=self._parts, accept_older=accept_older)
        return cast("Session", opened)

    def ways(self, folder: str) -> tuple[OutsideWay, ...]:
        ways = bootstrap.outside_ways(Path(folder), parts=self._parts)
        return tuple(OutsideWay(way.kind, way.label, way.fingerprint) for way in ways)

    def again(self, wanted: StoreAgain, secret: Secret, progress: Report, cancelled: Cancelled) -> Opened | None:
        if wanted.how == "rescue":
            folder = Path(wanted.folder)
            report = bootstrap.rescue_store(
                Path(wanted.file), folder, secret, passphrase=wanted.passphrase, parts=self._parts, progress=progress
            )
            told = tuple(report_words(report))
            return Opened(self.open(wanted.folder, wanted.passphrase), wanted.folder, told=told)
        made = bootstrap.restore_store(
            Path(wanted.file),
            Path(wanted.folder),
            secret,
            progress=progress,
            cancelled=cancelled,
            parts=self._parts,
        )
        return Opened(cast("Session", made), wanted.folder)

    def create(self, wanted: NewStore) -> Session:
        made = bootstrap.create_store(
            Path(wanted.folder),
            wanted.passphrase,
            title=wanted.name,
            owner=wanted.person,
            email=wanted.email,
            policy=wanted.policy,
            project=wanted.project,
            parts=self._parts,
        )
        return cast("Session", made)

    def demo(self, progress: Report, cancelled: Cancelled) -> Opened | None:
        if cancelled():
            return None
        made = make_demo(self._demo_folder, self._parts.clock.now(), progress)
        return Opened(self.open(str(made.store), PASSPHRASE), str(made.store))

    def policies(self) -> tuple[Choice, ...]:
        return tuple(Choice(key, title) for key, title in bootstrap.policy_list())

    def projects(self) -> tuple[Choice, ...]:
        return tuple(Choice(key, title) for key, title in bootstrap.project_list())

    def warm(self) -> None:
        """Everything is imported already."""


@final
class StrayWindows(QObject):
    """Notes every part of the window that flashes up as a window of its own: it was shown before it had a parent."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.found: list[str] = []
        app.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and self._is_stray(watched):
            place = "".join(traceback.format_stack(limit=5)[:-1])
            self.found.append(f"{type(watched).__name__} {watched.objectName()}\n{place}")
        return False

    @staticmethod
    def _is_stray(widget: QWidget) -> bool:
        kind = widget.windowFlags() & Qt.WindowType.WindowType_Mask
        plain = kind == Qt.WindowType.Window and widget.parentWidget() is None
        return plain and not isinstance(widget, QDialog | Window)


@final
class RealWindow:
    """Opens the window; `driver` works it. `close` ends it as a person would."""

    def __init__(
        self,
        clock: MovedClock,
        folder: Path,
        *,
        store: str = "",
        driver: type[Driver] = Driver,
        settings: MachineSettings | None = None,
        parts: Parts | None = None,
        mode: Mode = "light",
    ) -> None:
        app = QApplication.instance()
        if not isinstance(app, QApplication):
            raise TypeError("a window needs a QApplication")
        apply_theme(app, mode)
        # A list of choices ignores the mouse for so long after it opened; a person takes that time, a test does not.
        app.setDoubleClickInterval(0)
        self.strays = StrayWindows(app)
        self.clock = clock
        self.folder = folder
        self.settings = settings or MachineSettings(MemorySettings({THEME.key: mode}))
        self.runner = QtRunner()
        self.worker = QtRunner()
        self.doors = TestDoors(parts or quick_parts(clock), folder)
        self.window = Window(self.doors, self.runner, self.settings, folder=store, tz=BERLIN, worker=self.worker)
        self.window.unlock.show_version(VERSION)
        self.driver = driver(lambda: self.runner.waiting + self.worker.waiting == 0)
        self.window.resize(SIZE)
        self.window.show()
        QTest.qWaitForWindowExposed(self.window)
        self.window.activateWindow()
        self.driver.until(self.window.isActiveWindow, "the window to be in front")
        self.driver.settle()

    def close(self) -> None:
        """Close the window by its own cross; the store is closed when this returns."""
        if not isValid(self.window):
            return
        self.window.close()
        # A filter on the application costs every event of every later test.
        QApplication.instance().removeEventFilter(self.strays)  # type: ignore[union-attr]
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QApplication.processEvents()

    def set_clock(self, now: datetime) -> None:
        """Let the time come. Nobody touched the window meanwhile: it looks at its clocks, and locks if it was long."""
        self.clock.set(now)
        if self.window.workspace is not None:
            self.window.workspace.tick()
            self.window.workspace.idle.look()
        self.driver.settle()

    def texts(self) -> str:
        """Every word that a person, or a reader of the screen, could find in the window."""
        found = [self.window.windowTitle()]
        for widget in self.window.findChildren(QWidget):
            found += [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip(), widget.windowTitle()]
            if isinstance(widget, QTextEdit | QPlainTextEdit):
                found.append(widget.toPlainText())
            else:
                found.append(str(widget.property("text") or ""))
        return "\n".join(found)
