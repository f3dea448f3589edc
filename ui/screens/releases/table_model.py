"""The rows of the table of releases, and what each cell says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import final

from PySide6.QtCore import QCoreApplication, QObject
from typing_extensions import override

from app.desk.ports.vault import ReleaseRow
from app.domain.untrusted import safe_line
from app.presenters.release_head import STATES, shown_title
from ui.kit.dates import Dates
from ui.kit.table import Column, PagedTableModel
from ui.screens.release.words import state_word, times_word
from ui.widgets.tip import plain_tip

translate = QCoreApplication.translate


def columns() -> tuple[Column, ...]:
    """The columns, their titles translated."""
    return (
        Column(key="ref", title=translate("releases", "Reference"), width=110),
        Column(key="title", title=translate("releases", "Title"), width=280, stretch=True),
        Column(key="state", title=translate("releases", "State"), width=150),
        Column(key="target", title=translate("releases", "Target"), width=190),
        Column(key="lines", title=translate("releases", "Lines"), width=150),
        Column(key="cases", title=translate("releases", "Cases"), width=70, right=True),
        Column(key="postponed", title=translate("releases", "Postponed"), width=110),
    )


@final
class ReleaseTableModel(PagedTableModel[ReleaseRow]):
    """Releases as they arrive; `now` says which times are to come."""

    def __init__(
        self, want_more: Callable[[], None], dates: Dates, now: Callable[[], datetime], parent: QObject
    ) -> None:
        super().__init__(columns(), want_more, parent)
        self.dates = dates
        self.now = now

    @override
    def text(self, row: ReleaseRow, key: str) -> str:
        if key == "title":
            return safe_line(shown_title(row.title, row.slug), 200)
        if key == "state":
            return state_word(row.state)
        if key == "target":
            return f"{self.local(row)}, {self.utc(row)}"
        if key == "lines":
            return ", ".join(row.lines) or self.tr("None planned")
        if key == "postponed":
            return times_word(row.postponed)
        return str(getattr(row, key, ""))

    @override
    def tip(self, row: ReleaseRow, key: str) -> str:
        if key == "title":
            return plain_tip(self.text(row, key))
        if key != "target":
            return ""
        now = self.now()
        relative = self.dates.until(row.target, now) if row.target > now else self.dates.since(row.target, now)
        return plain_tip(f"{self.dates.utc(row.target)} · {relative}")

    def local(self, row: ReleaseRow) -> str:
        """The target in the zone of the window."""
        return self.dates.moment(row.target, self.now())

    def utc(self, row: ReleaseRow) -> str:
        """The same instant in UTC, without its seconds."""
        return Dates(UTC, self.dates.words).moment(row.target, self.now())

    def filled(self, row: ReleaseRow) -> int:
        """How many of the ticks of its state are filled."""
        return STATES.index(row.state) + 1 if row.state in STATES else 0
