"""The read side of an open store, in one place."""

from __future__ import annotations

from collections.abc import Iterator

from typing_extensions import override

from app.desk.ports.vault import CasePage, CaseQuery, CaseRow, DueRow, HistoryRow, Queries, ReleaseRow, View
from app.domain.case.state import Case
from app.domain.errors import Environment
from app.domain.release.state import Release
from app.domain.team import TEAM_STREAM, Team
from app.store.blobs import Blobs
from app.store.connection import Connection, bindable
from app.store.queries import history as histories
from app.store.queries import other_lists
from app.store.queries.case_list import CaseList
from app.store.states import States
from app.store.tables.drafts import read_draft

_BY_REF = {
    "case": "SELECT stream FROM case_row WHERE ref = ?",
    "release": "SELECT stream FROM release_row WHERE ref = ?",
}
_BY_NAME = "SELECT no FROM stream WHERE name = ?"
_MOST = 5000
"""Rows of one page."""


class SqlQueries(Queries):
    """Answers what screens ask, inside a transaction with what it has written so far."""

    def __init__(self, db: Connection, states: States, blobs: Blobs) -> None:
        self._db = db
        self._states = states
        self._blobs = blobs
        self._cases = CaseList(db)

    @override
    def cases(self, query: CaseQuery, cursor: str | None = None, limit: int = 200) -> CasePage:
        return self._cases.page(query, cursor, _page(limit))

    @override
    def count(self, query: CaseQuery) -> int:
        return self._cases.count(query)

    @override
    def case(self, ref: str) -> Case | None:
        state = self._state("case", ref)
        return state if isinstance(state, Case) else None

    @override
    def release(self, ref: str) -> Release | None:
        state = self._state("release", ref)
        return state if isinstance(state, Release) else None

    @override
    def releases(self, cursor: str | None = None, limit: int = 200) -> tuple[tuple[ReleaseRow, ...], str | None]:
        return other_lists.releases(self._db, cursor, _page(limit))

    @override
    def team(self) -> Team:
        entry = self._states.get(TEAM_STREAM)
        if entry is None or not isinstance(entry.state, Team):
            raise Environment("store.damaged", part="team")
        return entry.state

    @override
    def history(
        self, ref: str | None = None, after: int = 0, limit: int = 200, *, newest_first: bool = False
    ) -> tuple[HistoryRow, ...]:
        stream = None if ref is None else self._stream_no(ref)
        if stream == 0:
            return ()
        return histories.history(self._db, stream, after, _page(limit), newest_first=newest_first)

    @override
    def history_count(self, ref: str | None = None) -> int:
        return histories.history_count(self._db, None if ref is None else self._stream_no(ref))

    @override
    def due(self, limit: int = 200, *, me: str = "") -> tuple[DueRow, ...]:
        return other_lists.due(self._db, _page(limit), bindable(me))

    @override
    def embargoes(self, limit: int = 50) -> tuple[CaseRow, ...]:
        return self._cases.embargoes(_page(limit))

    @override
    def cve_owner(self, cve: str) -> str | None:
        return other_lists.cve_owner(self._db, bindable(cve))

    @override
    def known(self, key: str) -> tuple[str, str] | None:
        return other_lists.known(self._db, bindable(key))

    @override
    def refs(self, view: View = "all") -> Iterator[str]:
        return self._cases.refs(view)

    @override
    def draft(self, stream: str, field: str) -> str | None:
        return read_draft(self._db, stream, field)

    @override
    def blob(self, sha256: str) -> Iterator[bytes]:
        return self._blobs.read(sha256)

    def _state(self, kind: str, ref: str) -> object:
        text = bindable(ref[:200])
        row = self._db.one(_BY_REF[kind], (text,))
        entry = self._states.get(f"{kind}:{text}") if row is None else self._states.numbered(kind, row[0])
        return None if entry is None else entry.state

    def _stream_no(self, ref: str) -> int:
        """The number of the stream of a reference, an id or `team`; 0 where there is none."""
        text = bindable(ref[:200])
        for kind in ("case", "release"):
            row = self._db.one(_BY_REF[kind], (text,)) or self._db.one(_BY_NAME, (f"{kind}:{text}",))
            if row is not None:
                return int(row[0])
        row = self._db.one(_BY_NAME, (TEAM_STREAM,)) if text == TEAM_STREAM else None
        return int(row[0]) if row else 0


def _page(limit: int) -> int:
    return max(1, min(limit, _MOST))
