"""Takes pictures of the window with everything that floats over it, on a screen that nobody has to look at."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Final, final

from PySide6.QtCore import QMessageLogContext, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QCursor, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from app.machine.seen_stores import NAME as SEEN
from app.machine.settings_file import settings_path
from tests.flows.window import Driver

_SCREEN: Final = (2560, 1600)
_BREATH: Final = 1_500
"""Milliseconds: a timer that is shorter and runs once is work to come, such as a preview or a draft on its way."""


def hidden_application() -> QApplication:
    """Qt without a display, on a screen that is large enough for every menu to have its place."""
    width, height = _SCREEN
    screen = {"name": "hidden", "x": 0, "y": 0, "width": width, "height": height}
    facts = {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "screen.json"
        config.write_text(json.dumps({"screens": [{**screen, **facts}]}), encoding="utf-8")
        os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={config}"
        return application()


def application() -> QApplication:
    """Qt on the platform that the environment names, with a text cursor that does not blink."""
    qInstallMessageHandler(_pass_on)
    app = QApplication([])
    app.setCursorFlashTime(0)
    return app


def _pass_on(_kind: QtMsgType, _context: QMessageLogContext, words: str) -> None:
    # Without a display there is no window manager; that this is so says nothing.
    if not words.startswith("This plugin does not support"):
        print(words, file=sys.stderr)


def at_home(folder: Path) -> None:
    """Makes a folder the home of this process, so that no picture and no file tells whose machine it is."""
    os.environ["HOME"] = str(folder)
    os.environ["XDG_CONFIG_HOME"] = str(folder / ".config")


def forget_stores() -> None:
    """Takes out of this home what it remembers of stores: a fresh copy of one is not an old one put back."""
    settings_path().with_name(SEEN).unlink(missing_ok=True)


@final
class Camera:
    """Writes `NAME-SUFFIX.png` into a folder."""

    def __init__(self, driver: Driver, window: QWidget, out: Path, suffix: str) -> None:
        self._driver = driver
        self._window = window
        self._out = out
        self._suffix = suffix
        self.taken: list[Path] = []
        out.mkdir(parents=True, exist_ok=True)

    def take(self, name: str) -> Path:
        """Wait until the window is at rest and take its picture, with the mouse out of sight."""
        QCursor.setPos(*(side - 1 for side in _SCREEN))
        self._driver.settle()
        self._driver.until(lambda: not self._is_busy(), "the window to be at rest")
        self._driver.settle()
        picture = self._window.grab()
        painter = QPainter(picture)
        corner = self._window.mapToGlobal(self._window.rect().topLeft())
        for floating in self._floating():
            painter.drawPixmap(floating.mapToGlobal(floating.rect().topLeft()) - corner, floating.grab())
        painter.end()
        path = self._out / f"{name}-{self._suffix}.png"
        if not picture.save(str(path)):
            raise OSError(f"{path.name} could not be written")
        self.taken.append(path)
        return path

    def _floating(self) -> list[QWidget]:
        """Dialogs and menus, those in front last."""
        shown = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w is not self._window]
        front = (QApplication.activeModalWidget(), QApplication.activePopupWidget())
        return sorted(shown, key=lambda w: (w is front[0]) + 2 * (w is front[1]))

    def _is_busy(self) -> bool:
        timers = [timer for top in QApplication.topLevelWidgets() for timer in top.findChildren(QTimer)]
        return any(t.isActive() and t.isSingleShot() and t.interval() < _BREATH for t in timers)
