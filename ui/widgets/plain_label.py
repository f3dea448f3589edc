"""A label that never believes that its text is HTML; reporters write that text."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget
from typing_extensions import override

from ui.kit.fonts import Style
from ui.kit.theme import hub, theme
from ui.kit.tokens import Role
from ui.widgets.tip import set_tip


class PlainLabel(QLabel):
    """Plain text in a text style and a colour role; elides at the right or in the middle when asked to."""

    def __init__(
        self,
        text: str = "",
        style: Style = "body",
        role: Role = "text",
        *,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideNone,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._style: Style = style
        self._role: Role = role
        self._elide = elide
        self.setWordWrap(wrap)
        self.setText(text)
        if elide != Qt.TextElideMode.ElideNone:
            policy = self.sizePolicy()
            policy.setHorizontalPolicy(QSizePolicy.Policy.Preferred)
            self.setSizePolicy(policy)
        hub().changed.connect(self._dress)
        self._dress()

    def set_style(self, style: Style, role: Role) -> None:
        """Change how it looks, as when a time becomes late."""
        if (style, role) != (self._style, self._role):
            self._style, self._role = style, role
            self._dress()

    def _dress(self) -> None:
        look = theme()
        self.setFont(look.font(self._style))
        palette = QPalette(look_palette := self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, look.colour(self._role))
        if palette != look_palette:
            self.setPalette(palette)
        self.updateGeometry()
        self.update()

    @override
    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        if self._elide == Qt.TextElideMode.ElideNone:
            return hint
        return QSize(self.fontMetrics().horizontalAdvance("…") * 3, hint.height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._elide == Qt.TextElideMode.ElideNone:
            super().paintEvent(event)
            return
        area = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), self._elide, area.width())
        # A text that is cut says itself whole in its tool tip.
        set_tip(self, self.text() if shown != self.text() else "")
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        # The painter mirrors the alignment itself where text runs from right to left.
        painter.drawText(area, int(self.alignment()) | int(Qt.TextFlag.TextSingleLine), shown)
