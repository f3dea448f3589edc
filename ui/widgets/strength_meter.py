"""A meter of four bars; a word beside it says the same, so that its colour says nothing alone."""

from __future__ import annotations

from typing import Final, final

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ui.kit.paint import Paint
from ui.kit.theme import hub, theme
from ui.kit.tokens import Role

BARS: Final = 4
_ROLES: Final[tuple[Role, ...]] = ("overdue", "overdue", "today", "soon", "done")
_GAP: Final = 4


@final
class StrengthMeter(QWidget):
    """Filled up to `level`, 0 to 4."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        hub().changed.connect(self.updateGeometry)

    @property
    def level(self) -> int:
        return self._level

    def set_level(self, level: int) -> None:
        self._level = max(0, min(BARS, level))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(64, theme().px(4))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        width = (self.width() - _GAP * (BARS - 1)) / BARS
        for bar in range(BARS):
            area = QRectF(bar * (width + _GAP), 0, width, self.height())
            colour = paint.look.colour(_ROLES[self._level] if bar < self._level else "border")
            paint.plate(area, 2, colour)
