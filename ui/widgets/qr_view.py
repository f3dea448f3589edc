"""A QR code on the screen: dark on light in every theme, since that is what cameras read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ui.kit.theme import hub, theme

QUIET: Final = 4
"""Modules of free room around a code (ISO/IEC 18004, section 6.3.8)."""


class QrView(QWidget):
    """Paints a code with whole modules, `module` logical pixels each; `spoken` says what it holds."""

    def __init__(
        self, code: Sequence[Sequence[bool]], spoken: str, *, module: int = 4, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._code = code
        self._module = module
        self.setAccessibleName(spoken)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        hub().changed.connect(self.updateGeometry)

    @override
    def sizeHint(self) -> QSize:
        side = (len(self._code) + 2 * QUIET) * self._scale()
        return QSize(side, side)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(Qt.GlobalColor.white))
        size = self._scale()
        for row, cells in enumerate(self._code):
            for column, is_dark in enumerate(cells):
                if is_dark:
                    cell = QRectF((column + QUIET) * size, (row + QUIET) * size, size, size)
                    painter.fillRect(cell, QColor(Qt.GlobalColor.black))
        painter.end()

    def _scale(self) -> int:
        return max(1, theme().px(self._module))
