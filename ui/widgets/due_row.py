"""A row of what is due: the act over its case, severity, rule, time, and the one button that does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from ui.kit.fonts import Style
from ui.kit.paint import Paint
from ui.kit.theme import hub, theme
from ui.kit.tokens import Role
from ui.widgets.button import Button
from ui.widgets.icon_label import IconLabel
from ui.widgets.plain_label import PlainLabel

DueState = Literal["overdue", "today", "soon", "paused"]

DUE_ICONS: Final[dict[DueState, str]] = {
    "overdue": "octagon-alert",
    "today": "clock",
    "soon": "calendar",
    "paused": "pause",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DueWords:
    """The words of one row, translated: `relative` such as `in 1 h 28 m`, `absolute` such as `16:00 CET`."""

    action: str
    ref: str
    title: str
    rule: str
    relative: str
    absolute: str
    state: DueState


def _elided(text: str, style: Style, role: Role) -> PlainLabel:
    """A label whose text has no say in the width of its column, so that the columns of all rows line up."""
    label = PlainLabel(text, style, role, elide=Qt.TextElideMode.ElideRight)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label


class DueRow(QFrame):
    """A row frame, 42 high, of real controls. `chip` is any small widget, mostly a SeverityChip."""

    def __init__(self, words: DueWords, chip: QWidget, button: Button, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = button
        self.last = False
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        spoken = (words.action, words.relative, words.ref, words.title, words.rule)
        self.setAccessibleName(", ".join(part for part in spoken if part))
        px = theme().px
        row = QHBoxLayout(self)
        row.setContentsMargins(px(40), 0, px(16), 0)
        row.setSpacing(px(12))
        row.addLayout(self._left(words), 48)
        holder = QHBoxLayout()
        holder.addWidget(chip)
        holder.addStretch(1)
        row.addLayout(holder, 12)
        row.addWidget(_elided(words.rule, "small", "text-2"), 24)
        row.addLayout(self._time(words), 16)
        row.addSpacing(px(12))
        button.setMinimumWidth(px(124))
        row.addWidget(button)
        hub().changed.connect(self._dress)
        self._dress()

    def _left(self, words: DueWords) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        second = QHBoxLayout()
        second.setSpacing(theme().px(10))
        second.addWidget(PlainLabel(words.ref, "mono-small", "text-2"))
        second.addWidget(_elided(words.title, "small", "text-2"), 1)
        column.addStretch(1)
        column.addWidget(_elided(words.action, "strong", "text"))
        column.addLayout(second)
        column.addStretch(1)
        return column

    def _time(self, words: DueWords) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        role: Role = words.state
        self.relative = PlainLabel(words.relative, "strong", role)
        self.absolute = PlainLabel(words.absolute, "caption", "muted")
        column.addStretch(1)
        for label in (self.relative, self.absolute):
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            column.addWidget(label)
        column.addStretch(1)
        return column

    def set_time(self, relative: str, absolute: str, state: DueState) -> None:
        """A tick of the clock: only the words and their colour change."""
        self.relative.setText(relative)
        self.relative.set_style("strong", state)
        self.absolute.setText(absolute)

    def _dress(self) -> None:
        self.setMinimumHeight(theme().px(42))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        if self.underMouse():
            paint.fill(self.rect(), "hover")
        if not self.last:
            paint.hairline(paint.look.px(40), self.width(), self.height() - 1)


class DueGroup(QFrame):
    """The head of a group of due rows, 28 high: icon, coloured word, count."""

    def __init__(self, state: DueState, words: str, count: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        role: Role = state
        px = theme().px
        row = QHBoxLayout(self)
        row.setContentsMargins(px(15), 0, px(16), 0)
        row.setSpacing(px(8))
        row.addWidget(IconLabel(DUE_ICONS[state], role, 16))
        row.addWidget(PlainLabel(words, "strong", role))
        row.addWidget(PlainLabel(count, "small-medium", "text-2"))
        row.addStretch(1)
        self.setAccessibleName(f"{words}, {count}")
        self.setMinimumHeight(px(28))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        Paint.on(self).fill(QRectF(self.rect()), "sunken")
