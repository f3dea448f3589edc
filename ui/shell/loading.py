"""The thin line under the top bar that says: the store is being asked. Nothing shows in the first 150 ms."""

from __future__ import annotations

from typing import Final, final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from app.presenters.runner import Runner
from ui.kit.jobs import QtRunner
from ui.widgets.progress_row import ProgressLine

_PATIENCE: Final = 150  # milliseconds


@final
class LoadingLine(QWidget):
    """Lies over the upper edge of the page, so that nothing moves when it comes and goes."""

    def __init__(self, runner: Runner, parent: QWidget) -> None:
        super().__init__(parent)
        self._line = ProgressLine(self)
        self._line.set_share(-1.0)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PATIENCE)
        self._timer.timeout.connect(self._appear)
        self.hide()
        if isinstance(runner, QtRunner):
            runner.busyChanged.connect(self._busy)

    def place(self, left: int, top: int, width: int) -> None:
        self.setGeometry(left, top, width, 2)
        self._line.setGeometry(0, 0, width, 2)

    def _busy(self, busy: bool) -> None:
        if busy:
            self._timer.start()
        else:
            self._timer.stop()
            self.hide()

    def _appear(self) -> None:
        self.show()
        self.raise_()
