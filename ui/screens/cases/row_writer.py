"""Writes a row of the case table down as what is to be drawn, so that drawing it again measures nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPixmap, QStaticText, QTransform

from app.desk.ports.vault import CaseRow
from app.presenters.case_words import CellState, CellWords, stage_place
from app.presenters.person_words import initials
from ui.kit.fonts import Style
from ui.kit.paint import Paint
from ui.kit.theme import Theme
from ui.kit.tokens import Role, Severity, Tone
from ui.screens.cases.stamps import Key, Stamps

EDGE: Final = 8
FIRST_EDGE: Final = 16
_SEVERITIES: Final[dict[str, Severity]] = {
    "critical": "critical",
    "high": "high",
    "medium": "medium",
    "low": "low",
}
_ICONS: Final[dict[CellState, tuple[str, Tone, Role]]] = {
    "overdue": ("octagon-alert", "overdue", "overdue"),
    "today": ("clock", "today", "today"),
    "paused": ("pause", "paused", "paused"),
    "done": ("check-circle", "done", "text-2"),
    "locked": ("lock", "neutral", "text-2"),
}
_STILL: Final = QTransform()
_LINES: Final = 1_000  # lines of words that are kept; ten texts make up most of a table


@dataclass(frozen=True, slots=True)
class Place:
    """A column on the screen: its left edge, its width and its key, in logical pixels."""

    left: int
    width: int
    key: str


@dataclass(slots=True)
class Written:
    """A row as it is to be drawn, from its own upper left corner; `row` is what it was written for."""

    row: CaseRow
    marks: list[QRectF] = field(default_factory=list)
    stamps: list[tuple[QPointF, QPixmap]] = field(default_factory=list)
    words: list[tuple[QPointF, QStaticText, QFont, QColor]] = field(default_factory=list)

    def draw(self, painter: QPainter, top: int, mark: QColor) -> None:
        """Draw it with its upper edge at `top`; `mark` is the ground behind what a search found."""
        painter.translate(0, top)
        if self.marks:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(mark)
            for area in self.marks:
                painter.drawRoundedRect(area, 3, 3)
        for place, picture in self.stamps:
            painter.drawPixmap(place, picture)
        for place, text, font, ink in self.words:
            painter.setFont(font)
            painter.setPen(ink)
            painter.drawStaticText(place, text)
        painter.translate(0, -top)


@final
class RowWriter:
    """Knows one theme, one screen and one set of columns; a change of any asks for a new writer."""

    def __init__(self, look: Theme, ratio: float, height: int, columns: Sequence[Place]) -> None:
        self._look = look
        self._height = height
        self._columns = tuple(columns)
        self._stamps = Stamps(look, ratio)
        self._lines: dict[tuple[str, Style, float], tuple[str, QStaticText]] = {}
        self._writers: dict[str, Callable[[Written, QRectF, CellWords], None]] = {
            "ref": self._ref,
            "title": self._title,
            "stage": self._stage,
            "severity": self._severity,
            "cve": self._cve,
            "handler": self._handler,
        }
        self._pattern: re.Pattern[str] | None = None

    def write(
        self, row: CaseRow, cell: Callable[[CaseRow, str], CellWords], pattern: re.Pattern[str] | None
    ) -> Written:
        """The whole row; `pattern` finds in the title what a search matched."""
        self._pattern = pattern
        written = Written(row)
        for place in self._columns:
            edge = self._look.px(FIRST_EDGE) if place.left == 0 else EDGE
            area = QRectF(place.left + edge, 0, place.width - edge - EDGE, self._height - 1)
            self._writers.get(place.key, self._state)(written, area, cell(row, place.key))
        return written

    def _ref(self, written: Written, area: QRectF, words: CellWords) -> None:
        self._say(written, area, words.text, "mono", "text-2")

    def _title(self, written: Written, area: QRectF, words: CellWords) -> None:
        text = self._say(written, area, words.text, "body-medium", "text")
        if self._pattern is None:
            return
        metrics = self._look.metric("body-medium")
        high = metrics.height() + 2
        for match in self._pattern.finditer(text):
            left = metrics.horizontalAdvance(text[: match.start()])
            wide = metrics.horizontalAdvance(text[: match.end()]) - left
            written.marks.append(QRectF(area.x() + left - 1, area.center().y() - high / 2, wide + 2, high))

    def _stage(self, written: Written, area: QRectF, words: CellWords) -> None:
        px = self._look.px
        filled = stage_place(written.row.stage)
        high = px(8)
        key = ("stage", str(filled), "")
        self._stamp(written, area, key, (px(40), high), lambda p: p.stage_ticks(0, high / 2, filled))
        # The longest stage may use the cell's padding, so that the column stays as narrow as LOOK has it.
        self._say(written, area.adjusted(px(43), 0, EDGE - 2, 0), words.text, "small", "text-2")

    def _severity(self, written: Written, area: QRectF, words: CellWords) -> None:
        severity = _SEVERITIES.get(written.row.rating, "unrated")
        if severity == "unrated":
            self._say(written, area, words.text, "small", "muted")
            return
        px = self._look.px
        high = px(14)
        key = ("severity", severity, "")
        self._stamp(written, area, key, (px(16), high), lambda p: p.severity_bars(0, high / 2, severity))
        self._say(written, area.adjusted(px(22), 0, 0, 0), words.text, "small-medium", severity)

    def _cve(self, written: Written, area: QRectF, words: CellWords) -> None:
        if written.row.cves:
            self._say(written, area, words.text, "mono-small", "text-2")
        else:
            self._state(written, area, words)

    def _handler(self, written: Written, area: QRectF, words: CellWords) -> None:
        row = written.row
        if not row.handler:
            self._state(written, area, words)
            return
        side = self._look.px(20)
        letters = initials(row.handler)
        face = QRectF(0, 0, side, side)
        key = ("person", row.handler_id, letters)
        self._stamp(written, area, key, (side, side), lambda p: p.avatar(face, row.handler_id, letters))
        self._say(written, area.adjusted(side + self._look.px(6), 0, 0, 0), words.text, "small", "text-2")

    def _state(self, written: Written, area: QRectF, words: CellWords) -> None:
        """A word in the colour of its state, with the icon that says the same."""
        found = _ICONS.get(words.state)
        if found is None:
            offer = words.state == "offer"
            role: Role = "accent" if offer else "muted" if words.state == "muted" else "text-2"
            self._say(written, area, words.text, "small-medium" if offer else "small", role)
            return
        icon, tone, role = found
        side = self._look.px(16)
        face = QRectF(0, 0, side, side)
        ink = self._look.tone(tone).ink
        self._stamp(written, area, ("icon", icon, tone), (side, side), lambda p: p.icon(face, icon, ink))
        strong = words.state in ("overdue", "today")
        room = area.adjusted(side + self._look.px(4), 0, 0, 0)
        self._say(written, room, words.text, "small-medium" if strong else "small", role)

    def _stamp(
        self, written: Written, area: QRectF, key: Key, size: tuple[int, int], draw: Callable[[Paint], None]
    ) -> None:
        picture = self._stamps.get(key, *size, draw)
        written.stamps.append((QPointF(round(area.x()), round(area.center().y() - size[1] / 2)), picture))

    def _say(self, written: Written, area: QRectF, text: str, style: Style, role: Role) -> str:
        """One line of words, elided where they do not fit; gives back what is shown."""
        shown, line = self._line(text, style, area.width())
        top = area.center().y() - self._look.metric(style).height() / 2
        written.words.append((QPointF(area.x(), top), line, self._look.font(style), self._look.colour(role)))
        return shown

    def _line(self, text: str, style: Style, room: float) -> tuple[str, QStaticText]:
        """Words as they are shown; most are those of many rows, and laying them out is what costs."""
        key = (text, style, room)
        found = self._lines.get(key)
        if found is None:
            if len(self._lines) >= _LINES:
                self._lines.clear()
            found = self._lines[key] = self._laid_out(text, style, room)
        return found

    def _laid_out(self, text: str, style: Style, room: float) -> tuple[str, QStaticText]:
        metrics = self._look.metric(style)
        if metrics.horizontalAdvance(text) > room + 0.5:
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        line = QStaticText(text)
        line.setTextFormat(Qt.TextFormat.PlainText)
        line.prepare(_STILL, self._look.font(style))
        return text, line
