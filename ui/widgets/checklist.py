"""The steps of a process and the one that is next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from ui.kit.paint import RIGHT, Paint
from ui.kit.theme import hub, theme
from ui.kit.tokens import Role
from ui.widgets.plain_label import PlainLabel
from ui.widgets.tip import set_tip

StepState = Literal["done", "open", "part", "skipped", "late", "waiting", "next"]
Urgency = Literal["soon", "today", "overdue"]


@dataclass(frozen=True, slots=True)
class _Look:
    icon: str
    icon_role: Role
    words_role: Role
    note_role: Role


_LOOKS: Final[dict[StepState, _Look]] = {
    "done": _Look("check-circle", "done", "muted", "muted"),
    "open": _Look("circle", "border-2", "text", "muted"),
    "part": _Look("", "soon", "text", "muted"),
    "skipped": _Look("minus", "muted", "muted", "paused"),
    "late": _Look("octagon-alert", "overdue", "text", "overdue"),
    "waiting": _Look("lock", "muted", "muted", "muted"),
    "next": _Look("", "accent", "text", "text-2"),
}


class ChecklistStep(QAbstractButton):
    """One step, 32 high: icon, words, a note at the right such as a date. Clicking goes to its place."""

    def __init__(
        self,
        words: str,
        state: StepState,
        note: str = "",
        *,
        share: float = 0.0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        hub().changed.connect(self.updateGeometry)
        self.set_step(words, state, note, share=share)

    def set_step(self, words: str, state: StepState, note: str = "", *, share: float = 0.0, tip: str = "") -> None:
        """`share` (0 to 1) fills the pie of a step that is part done; its note says `3 of 5`.

        `tip` says more, such as the instant in UTC; words that are cut stand before it.
        """
        self._tip = tip
        self._state: StepState = state
        self._note = note
        self._share = share
        self.setText(words)
        self.setAccessibleName(f"{words}, {note}" if note else words)
        self.update()

    @override
    def sizeHint(self) -> QSize:
        look = theme()
        words = look.metric("body").horizontalAdvance(self.text())
        note = look.metric("small").horizontalAdvance(self._note)
        return QSize(round(words + note) + look.px(24 + 16), look.px(32))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(160), theme().px(32))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        look = paint.look
        shown = _LOOKS[self._state]
        if self.underMouse():
            paint.plate(self.rect(), 6, look.colour("hover"))
        area = QRectF(self.rect())
        side = look.px(16)
        mark = QRectF(look.px(1), (area.height() - side) / 2, side, side)
        ink = look.colour(shown.icon_role)
        if self._state == "part":
            paint.pie(mark, ink, self._share)
        elif self._state == "next":
            paint.target(mark, ink)
        else:
            paint.icon(mark, shown.icon, ink)
        note = paint.width(self._note, "small") + 1
        right = area.adjusted(area.width() - note, 0, 0, 0)
        paint.words(right, self._note, "small", look.colour(shown.note_role), align=RIGHT)
        words = area.adjusted(look.px(25), 0, -note - look.px(8), 0)
        paint.words(words, self.text(), "body", look.colour(shown.words_role))
        whole = paint.width(self.text(), "body") <= words.width()
        set_tip(self, self._tip if whole else "\n".join(part for part in (self.text(), self._tip) if part))
        if self.hasFocus():
            paint.ring(self.rect(), 6)


class NextStepCard(QFrame):
    """The next step as a card: what, by when, what is missing; buttons come with `add_action`.

    A late one stands on the ground of what is overdue; of one that is due today only the due line says so.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._urgency: Urgency = "soon"
        self._title = PlainLabel("", "strong", wrap=True)
        self._due = PlainLabel("", "small", "text-2", wrap=True)
        self._missing = PlainLabel("", "small", "text-2", wrap=True)
        column = QVBoxLayout(self)
        column.setSpacing(2)
        self._column = column
        for label in (self._title, self._due, self._missing):
            column.addWidget(label)
        self._row = QHBoxLayout()
        self._row.setContentsMargins(0, 8, 0, 0)
        self._row.setSpacing(8)
        self._row.addStretch(1)
        column.addLayout(self._row)
        hub().changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        px = theme().px
        self._column.setContentsMargins(px(33), px(11), px(12), px(12))
        self.update()

    def say(self, title: str, due: str, missing: str = "", *, urgency: Urgency = "soon") -> None:
        self._urgency = urgency
        self._title.setText(title)
        self._due.setText(due)
        plain = urgency == "soon"
        # Before it is shown: a label that is moved once it is polished falls back to the colours it began with.
        self._due.set_style("small" if plain else "small-medium", "text-2" if plain else urgency)
        self._due.setVisible(bool(due))
        self._missing.setText(missing)
        self._missing.setVisible(bool(missing))
        self.setAccessibleName(". ".join(part for part in (title, due, missing) if part))
        self.update()

    def add_action(self, control: QWidget) -> None:
        """The primary action first, then the way around it, such as Skip…"""
        self._row.insertWidget(self._row.count() - 1, control)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        look = paint.look
        late = self._urgency == "overdue"
        pair = look.tone("overdue" if late else "accent")
        paint.plate(self.rect(), 8, pair.soft, pair.ink)
        side = look.px(16)
        top = self._title.y() + (look.metric("strong").height() - side) / 2
        mark = QRectF(look.px(9), top, side, side)
        if late:
            paint.icon(mark, "octagon-alert", pair.ink)
        else:
            paint.target(mark, pair.ink)
