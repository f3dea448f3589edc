"""Paints the cells of the case table: ticks, bars, avatars, marks of what was searched for, due states."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, final

from PySide6.QtCore import QObject, QRectF, Qt
from typing_extensions import override

from app.desk.ports.vault import CaseRow
from app.presenters.case_words import CellState, CellWords, stage_place
from app.presenters.person_words import initials
from ui.kit.paint import Paint
from ui.kit.table import Cell, RowDelegate
from ui.kit.tokens import Role, Severity, Tone
from ui.screens.cases.table_model import CasesModel

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


@final
class CasesDelegate(RowDelegate):
    """One method for each kind of cell; everything it measures was made once per theme."""

    def __init__(self, model: CasesModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._painters: dict[str, Callable[[Paint, Cell, CaseRow, CellWords], None]] = {
            "ref": self._ref,
            "title": self._title,
            "stage": self._stage,
            "severity": self._severity,
            "cve": self._cve,
            "handler": self._handler,
        }

    @override
    def paint_cell(self, brush: Paint, cell: Cell, row: object, key: str) -> None:
        if isinstance(row, CaseRow):
            words = self._model.cell(row, key)
            self._painters.get(key, self._state)(brush, cell, row, words)

    def _ref(self, brush: Paint, cell: Cell, _row: CaseRow, words: CellWords) -> None:
        self.say(brush, cell.rect, words.text, "mono", self._look.colour("text-2"))

    def _title(self, brush: Paint, cell: Cell, _row: CaseRow, words: CellWords) -> None:
        metrics = self._look.metric("body-medium")
        text = words.text
        if metrics.horizontalAdvance(text) > cell.rect.width():
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, cell.rect.width())
        if self._model.pattern is not None:
            self._mark(brush, cell.rect, text, self._model.pattern)
        brush.words(cell.rect, text, "body-medium", self._look.colour("text"), elide=Qt.TextElideMode.ElideNone)

    def _mark(self, brush: Paint, rect: QRectF, text: str, pattern: re.Pattern[str]) -> None:
        """A soft ground behind what the search found."""
        metrics = self._look.metric("body-medium")
        high = metrics.height() + 2
        for match in pattern.finditer(text):
            left = metrics.horizontalAdvance(text[: match.start()])
            wide = metrics.horizontalAdvance(text[: match.end()]) - left
            area = QRectF(rect.x() + left - 1, rect.center().y() - high / 2, wide + 2, high)
            brush.plate(area, 3, self._look.colour("today-soft"))

    def _stage(self, brush: Paint, cell: Cell, row: CaseRow, words: CellWords) -> None:
        self.stage(brush, cell.rect, stage_place(row.stage), words.text)

    def _severity(self, brush: Paint, cell: Cell, row: CaseRow, words: CellWords) -> None:
        self.severity(brush, cell.rect, _SEVERITIES.get(row.rating, "unrated"), words.text)

    def _cve(self, brush: Paint, cell: Cell, row: CaseRow, words: CellWords) -> None:
        if row.cves:
            self.say(brush, cell.rect, words.text, "mono-small", self._look.colour("text-2"))
        else:
            self._state(brush, cell, row, words)

    def _handler(self, brush: Paint, cell: Cell, row: CaseRow, words: CellWords) -> None:
        if row.handler:
            self.person(brush, cell.rect, row.handler_id, initials(row.handler), words.text)
        else:
            self._state(brush, cell, row, words)

    def _state(self, brush: Paint, cell: Cell, _row: CaseRow, words: CellWords) -> None:
        """A word in the colour of its state, with the icon that says the same."""
        found = _ICONS.get(words.state)
        if found is None:
            offer = words.state == "offer"
            ink: Role = "accent" if offer else "muted" if words.state == "muted" else "text-2"
            self.say(brush, cell.rect, words.text, "small-medium" if offer else "small", self._look.colour(ink))
            return
        icon, tone, role = found
        side = self._look.px(16)
        brush.icon(QRectF(cell.rect.x(), cell.rect.y(), side, cell.rect.height()), icon, self._look.tone(tone).ink)
        area = cell.rect.adjusted(side + self._look.px(4), 0, 0, 0)
        strong = words.state in ("overdue", "today")
        brush.words(area, words.text, "small-medium" if strong else "small", self._look.colour(role))
