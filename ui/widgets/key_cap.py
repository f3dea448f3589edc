"""The picture of a key: what to press for an act."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPaintEvent
from typing_extensions import override

from ui.kit.paint import CENTRE, Paint
from ui.kit.theme import theme
from ui.widgets.chips import PaintedWord


class KeyCap(PaintedWord):
    """A key or a chord such as Ctrl K; 18 high."""

    @override
    def sizeHint(self) -> QSize:
        look = theme()
        width = look.metric("caption").horizontalAdvance(self.words) + 2 * look.px(5)
        return QSize(round(width + 0.5), look.px(18))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        look = paint.look
        paint.plate(self.rect(), 4, look.colour("sunken"), look.colour("border"))
        paint.words(self.rect(), self.words, "caption", look.colour("muted"), align=CENTRE)
