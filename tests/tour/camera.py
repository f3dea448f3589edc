"""Takes pictures of the window with everything that floats over it, on a screen that nobody has to look at."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final, final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QWidget

from tests.flows.window import Driver

_SCREEN: Final = (2560, 1600)
_BREATH: Final = 1_000
"""Milliseconds: a timer that is shorter and runs once is work still to come, such as a preview."""


def use_hidden_screen(folder: Path) -> None:
    """Before Qt starts: no display is used, and the screen is large enough for every menu to have its place."""
    width, height = _SCREEN
    screen = {"name": "hidden", "x": 0, "y": 0, "width": width, "height": height}
    facts = {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    config = folder / "screen.json"
    config.write_text(json.dumps({"screens": [{**screen, **facts}]}), encoding="utf-8")
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={config}"


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
        """Wait until the window is at rest and take its picture."""
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
