"""Cards: a surface with a hairline and round corners, and an optional head with title and actions."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from ui.kit.fonts import Style
from ui.kit.paint import Paint
from ui.kit.theme import hub, theme
from ui.kit.tokens import Role
from ui.widgets.lines import HLine
from ui.widgets.plain_label import PlainLabel

RADIUS: Final = 8


class _Corner(QWidget):
    """Keeps one corner of a card round where content reaches its edges. Small, so that it slows no scrolling."""

    def __init__(self, card: Card, *, right: bool, low: bool) -> None:
        super().__init__(card)
        self._card = card
        self._right, self._low = right, low
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def place(self) -> None:
        left = self._card.width() - RADIUS if self._right else 0
        top = self._card.height() - RADIUS if self._low else 0
        self.setGeometry(left, top, RADIUS, RADIUS)
        self.raise_()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        # The whole card's outline, moved so that this corner of it lies here.
        whole = QRectF(-self.x(), -self.y(), self._card.width(), self._card.height())
        shape = QPainterPath()
        shape.addRoundedRect(whole, RADIUS, RADIUS)
        outside = QPainterPath()
        outside.addRect(QRectF(self.rect()))
        paint.q.fillPath(outside.subtracted(shape), paint.look.colour("canvas"))
        paint.plate(whole, RADIUS, None, paint.look.colour(self._card.line))


class Card(QFrame):
    """A painted card. Fill `body`; `head` exists when a title was given and takes actions at its right.

    Content is laid in with 16 px on every side unless `flush`, for lists whose rows reach the edges.
    """

    def __init__(
        self,
        title: str = "",
        note: str = "",
        *,
        small: bool = False,
        flush: bool = False,
        ground: Role = "surface",
        line: Role = "border",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._ground: Role = ground
        self._line: Role = line
        self._small = small
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.setSpacing(0)
        self.head: QHBoxLayout | None = None
        self.title_label: PlainLabel | None = None
        self.note_label: PlainLabel | None = None
        if title:
            self._make_head(outer, title, note)
        self.body = QVBoxLayout()
        edge = 0 if flush else 15
        self.body.setContentsMargins(edge, edge, edge, edge)
        self.body.setSpacing(8)
        outer.addLayout(self.body, 1)
        self._corners = [_Corner(self, right=r, low=w) for r in (False, True) for w in (False, True)] if flush else []
        hub().changed.connect(self._dress)
        self._dress()

    @property
    def line(self) -> Role:
        return self._line

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for corner in self._corners:
            corner.place()

    def _make_head(self, outer: QVBoxLayout, title: str, note: str) -> None:
        self._head = QWidget(self)
        self.head = QHBoxLayout(self._head)
        self.head.setContentsMargins(15, 0, 11, 0)
        self.head.setSpacing(8)
        style: Style = "strong" if self._small else "h2"
        self.title_label = PlainLabel(title, style)
        self.note_label = PlainLabel(note, "small", "muted", elide=Qt.TextElideMode.ElideRight)
        self.head.addWidget(self.title_label)
        self.head.addWidget(self.note_label, 1)
        outer.addWidget(self._head)
        outer.addWidget(HLine(self))

    def set_title(self, title: str) -> None:
        if self.title_label is not None:
            self.title_label.setText(title)

    def set_note(self, note: str) -> None:
        """The quiet words beside the title, such as a count."""
        if self.note_label is not None:
            self.note_label.setText(note)

    def add_action(self, control: QWidget) -> None:
        """Put a button or link at the right of the head."""
        if self.head is not None:
            self.head.addWidget(control)

    def set_colours(self, ground: Role, line: Role) -> None:
        self._ground, self._line = ground, line
        self.update()

    def _dress(self) -> None:
        if self.head is not None:
            self._head.setMinimumHeight(theme().px(40 if self._small else 44))
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        Paint.on(self).plate(self.rect(), RADIUS, look.colour(self._ground), look.colour(self._line))
