"""Cards: a surface with a hairline and round corners, and an optional head with title and actions."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from ui.kit.fonts import Style
from ui.kit.paint import Paint
from ui.kit.theme import hub, theme
from ui.kit.tokens import Role
from ui.widgets.lines import HLine
from ui.widgets.plain_label import PlainLabel


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
        hub().changed.connect(self._dress)
        self._dress()

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
        Paint.on(self).plate(self.rect(), 8, look.colour(self._ground), look.colour(self._line))
