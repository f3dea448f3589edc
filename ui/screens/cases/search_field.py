"""The field that narrows the table while somebody types: a glass, a cross, Esc to empty it, Down into the table."""

from __future__ import annotations

from typing import final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from typing_extensions import override

from ui.kit.icons import draw_icon
from ui.kit.theme import theme
from ui.widgets.field import LineEdit


@final
class SearchField(LineEdit):
    """`leftDown` asks for the table, `entered` for the first row."""

    leftDown = Signal()
    entered = Signal()

    def __init__(self, words: str) -> None:
        super().__init__(words, icon="search")
        self.setMaxLength(200)
        self.textChanged.connect(self._show_cross)

    def _show_cross(self) -> None:
        room = theme().px(24)
        self.setTextMargins(room, 0, room if self.text() else 0, 0)
        self.update()

    def _cross(self) -> QRectF:
        side = theme().px(16)
        return QRectF(self.width() - side - theme().px(10), 0, side, self.height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.text():
            draw_icon(QPainter(self), self._cross(), "close", theme().colour("text-2"))

    @override
    def mouseMoveEvent(self, arg__1: QMouseEvent) -> None:
        super().mouseMoveEvent(arg__1)
        over = bool(self.text()) and self._cross().adjusted(-6, 0, 8, 0).contains(arg__1.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.IBeamCursor)

    @override
    def mousePressEvent(self, arg__1: QMouseEvent) -> None:
        if self.text() and self._cross().adjusted(-6, 0, 8, 0).contains(arg__1.position()):
            self.clear()
        else:
            super().mousePressEvent(arg__1)

    @override
    def keyPressEvent(self, arg__1: QKeyEvent) -> None:
        key = arg__1.key()
        if key == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif key == Qt.Key.Key_Down:
            self.leftDown.emit()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered.emit()
        else:
            super().keyPressEvent(arg__1)
