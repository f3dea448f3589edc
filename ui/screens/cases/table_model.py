"""The rows of the case table, page by page; knows words and columns, no service."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Final, final

from PySide6.QtCore import QObject
from typing_extensions import override

from app.desk.ports.vault import CaseRow
from app.domain.untrusted import safe_line
from app.presenters.case_words import CellWords, case_cell, match_pattern, next_tip
from app.presenters.dates import DateWords
from ui.kit.table import Column, PagedTableModel
from ui.widgets.tip import plain_tip

_KEPT: Final = 20_000  # cells whose words are kept


@final
class CasesModel(PagedTableModel[CaseRow]):
    """Keeps the words of cells it was asked for until the minute turns or the rows change."""

    def __init__(
        self,
        columns: Sequence[Column],
        want_more: Callable[[], None],
        tz: tzinfo,
        words: DateWords,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(columns, want_more, parent)
        self._tz = tz
        self._words = words
        self._now = datetime.fromtimestamp(0, UTC)
        self._cells: dict[tuple[str, str], CellWords] = {}
        self.pattern: re.Pattern[str] | None = None

    def set_now(self, now: datetime) -> None:
        """Say every time anew for this minute."""
        self._now = now
        self._cells.clear()
        self.refresh_rows()

    def set_search(self, text: str) -> None:
        """What to mark in the titles."""
        self.pattern = match_pattern(text)

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show these columns from now on."""
        self.beginResetModel()
        self.columns = tuple(columns)
        self.endResetModel()

    @override
    def set_rows(self, rows: Sequence[CaseRow], *, more: bool) -> None:
        self._cells.clear()
        super().set_rows(rows, more=more)

    def cell(self, row: CaseRow, key: str) -> CellWords:
        """What a cell says."""
        place = (row.id, key)
        found = self._cells.get(place)
        if found is None:
            if len(self._cells) >= _KEPT:
                self._cells.clear()
            found = self._cells[place] = case_cell(row, key, self._now, self._tz, self._words)
        return found

    @override
    def text(self, row: CaseRow, key: str) -> str:
        return self.cell(row, key).text

    @override
    def tip(self, row: CaseRow, key: str) -> str:
        if key == "next-due":
            return plain_tip(next_tip(row, self._now, self._tz, self._words))
        if key == "handler" and row.handler:
            return plain_tip(safe_line(row.handler))
        if key == "cve" and len(row.cves) > 1:
            return plain_tip("\n".join(row.cves[:20]))
        return plain_tip(safe_line(row.title)) if key == "title" else ""

    def place_of(self, ref: str) -> int:
        """The row that shows a case, or -1."""
        return next((i for i, row in enumerate(self.rows) if row.ref == ref), -1)
