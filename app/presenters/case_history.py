"""The history tab: the events of a case, newest first, fetched page by page."""

from __future__ import annotations

from typing import Final, Protocol

from app.desk.ports.vault import HistoryRow
from app.presenters.case import CasePresenter

PAGE: Final = 100


class HistoryView(Protocol):
    """The tab as its presenter sees it."""

    def show_rows(self, rows: tuple[HistoryRow, ...], *, more: bool) -> None:
        """Show these, and nothing that was shown before."""
        ...

    def append_rows(self, rows: tuple[HistoryRow, ...], *, more: bool) -> None: ...
    def show_problem(self, problem: Exception) -> None: ...


class HistoryPresenter:
    """Fetches when the tab is looked at; a late answer to an older question is dropped."""

    def __init__(self, view: HistoryView, page: CasePresenter) -> None:
        self._view = view
        self._page = page
        self._epoch = 0
        self._last = 0
        self._shown_events = -1
        self._asking = False

    def show(self, events: int) -> None:
        """The case has this many events now; fetch the newest ones if that is news."""
        if events != self._shown_events:
            self._shown_events = events
            self._epoch += 1
            self._fetch(first=True)

    def more(self) -> None:
        """Fetch the next older events."""
        if not self._asking:
            self._fetch(first=False)

    def _fetch(self, *, first: bool) -> None:
        epoch = self._epoch
        after = 0 if first else self._last
        self._asking = True

        def arrived(rows: tuple[HistoryRow, ...]) -> None:
            if epoch != self._epoch or not self._page.is_open:
                return
            self._asking = False
            more = len(rows) == PAGE
            if rows:
                self._last = rows[-1].seq
            if first:
                self._view.show_rows(rows, more=more)
            else:
                self._view.append_rows(rows, more=more)

        def failed(problem: Exception) -> None:
            if epoch == self._epoch and self._page.is_open:
                self._asking = False
                self._shown_events = -1
                self._view.show_problem(problem)

        queries = self._page.session.queries
        ref = self._page.ref
        self._page.runner.run(lambda: queries.history(ref, after=after, limit=PAGE, newest_first=True), arrived, failed)
