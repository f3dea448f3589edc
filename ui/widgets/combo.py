"""A combo box with an icon of our own for its arrow."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QListView, QWidget
from typing_extensions import override

from ui.kit.icons import draw_icon
from ui.kit.theme import hub, theme


class Combo(QComboBox):
    """A choice from a short list. The wheel scrolls the page under it and never changes the choice."""

    def __init__(
        self,
        choices: list[tuple[str, object]] | None = None,
        *,
        size: Literal["row", "normal"] = "normal",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("room", size)
        self.setView(QListView(self))
        for words, value in choices or []:
            self.addItem(words, value)
        hub().changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        self.setFont(theme().font("body"))
        self.updateGeometry()

    def choose(self, value: object) -> None:
        """Select the entry that stands for `value`, when there is one."""
        index = self.findData(value)
        if index >= 0:
            self.setCurrentIndex(index)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        look = theme()
        side = look.px(16)
        area = QRectF(self.width() - side - look.px(8), 0, side, self.height())
        ink = look.colour("text-2" if self.isEnabled() else "muted")
        draw_icon(QPainter(self), area, "chevron-down", ink)
