"""An icon that stands in a layout and follows the theme."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ui.kit.paint import Paint
from ui.kit.theme import hub, theme
from ui.kit.tokens import Role


class IconLabel(QWidget):
    """Draws an icon at `size` logical pixels; words beside it say the same, so it needs no name."""

    def __init__(
        self,
        icon: str,
        role: Role = "text-2",
        size: int = 16,
        *,
        spoken: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        self._role: Role = role
        self._size = size
        self.setAccessibleName(spoken)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        hub().changed.connect(self.updateGeometry)

    def set_icon(self, icon: str, role: Role) -> None:
        self._icon, self._role = icon, role
        self.update()

    @override
    def sizeHint(self) -> QSize:
        side = theme().px(self._size)
        return QSize(side, side)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        paint.icon(self.rect(), self._icon, paint.look.colour(self._role))
