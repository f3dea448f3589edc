"""Comparing the rows that are there with the rows that replay makes: both read once, in the order of the streams."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from app.desk.ports.resources import Policies
from app.domain.case.state import Case
from app.domain.errors import AppError
from app.domain.events import Event
from app.domain.projection import CaseProjection, project_case, project_release
from app.domain.release.state import Release
from app.store.connection import Connection
from app.store.tables import cases, releases
from app.store.tables.case_bits import bits_of
from app.store.tables.texts import PIECE_SHIFT, pieces
from app.store.tables.traces import LEAVES_A_TRACE, export_values, source_values
from app.store.verify.findings import Findings
from app.store.verify.replay import Replayed

_BREAK: Final = "\x1f"
_UNSETTLED: Final = f"SELECT id >> {PIECE_SHIFT} FROM fresh_text UNION SELECT id >> {PIECE_SHIFT} FROM stale_text"
_TEXTS: Final = (
    "(SELECT group_concat(words, ?) FROM case_text t"
    f" WHERE t.id BETWEEN r.stream << {PIECE_SHIFT} AND (r.stream << {PIECE_SHIFT}) + {(1 << PIECE_SHIFT) - 1})"
)
_STATES: Final = "SELECT stream, version, last, content FROM state ORDER BY stream"
_CASES: Final = (
    f"SELECT r.stream, {', '.join(f'r.{name}' for name in cases.COLUMNS)}, b.open, b.bits, {_TEXTS}"
    " FROM case_row r LEFT JOIN case_bits b ON b.stream = r.stream ORDER BY r.stream"
)
_RELEASES: Final = f"SELECT stream, {', '.join(releases.COLUMNS)} FROM release_row ORDER BY stream"
# The small tables together: which one, then its columns.
_SMALL: Final = (
    "SELECT stream, 'person_row', name, '', 0, 0, '' FROM person_row"
    " UNION ALL SELECT stream, 'cve_row', cve, '', 0, 0, '' FROM cve_row"
    " UNION ALL SELECT stream, 'source_row', key, sha256, 0, 0, '' FROM source_row"
    " UNION ALL SELECT stream, 'clock_row', clock, handler_id, started, due, paused FROM clock_row"
    " UNION ALL SELECT stream, 'export_row', format, audience || ' ' || override, seq, at, files FROM export_row"
    " ORDER BY 1"
)


class _Follower:
    """The rows of a statement, handed out stream by stream."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self._rows = rows
        self._next = next(rows, None)
        self.strange = 0
        """Rows that were passed and belong to no stream."""

    def take(self, stream: int) -> list[Any]:
        """The rows of this stream."""
        found, row = [], self._next
        while row is not None and row[0] <= stream:
            if row[0] == stream:
                found.append(row)
            else:
                self.strange += 1
            row = next(self._rows, None)
        self._next = row
        return found

    def end(self) -> int:
        """How many rows belonged to nothing."""
        return self.strange + (self._next is not None) + sum(1 for _ in self._rows)


class Comparison:
    """Compares stream by stream; give it every event, then every stream in order, then end it."""

    def __init__(self, db: Connection, policies: Policies, findings: Findings) -> None:
        self._db = db
        self._policies = policies
        self._findings = findings
        self._handlers: dict[str, int] = {str(h): int(no) for no, h in db.all("SELECT no, id FROM handler")}
        self._states = _Follower(db.each(_STATES))
        self._cases = _Follower(db.each(_CASES, (_BREAK,)))
        self._releases = _Follower(db.each(_RELEASES))
        self._small = _Follower(db.each(_SMALL))
        self._facets: Counter[tuple[int, int]] = Counter()
        self._traces: dict[tuple[str, Any], tuple[Any, ...]] = {}
        self._texts = 0
        # Of these the index alone does not tell what search finds.
        self._unsettled: set[int] = {stream for (stream,) in db.all(_UNSETTLED)}

    def event(self, seq: int, stream: int, at: int, event: Event) -> None:
        """Notes what an event of the coming stream leaves."""
        if type(event) not in LEAVES_A_TRACE:
            return
        source = source_values(event)
        if source is not None:
            self._traces["source_row", source[0]] = (stream, "source_row", *source, 0, 0, "")
        export = export_values(event)
        if export is not None:
            name, audience, override, files = export
            row = (stream, "export_row", name, f"{audience} {override}", seq, at, files)
            self._traces["export_row", seq] = row

    def stream(self, replayed: Replayed) -> None:
        """Compares the rows of one stream."""
        no, state = replayed.no, replayed.state
        small = list(self._traces.values())
        self._traces = {}
        kept = self._states.take(no)
        if kept != [(no, replayed.version, replayed.seq, replayed.content)]:
            self._differing_state(replayed, kept)
        listed, released = self._cases.take(no), self._releases.take(no)
        try:
            if isinstance(state, Case):
                case = project_case(state, self._policies.get(state.policy, state.policy_version))
                self._compare_case(no, replayed.name, case, listed)
                small.extend(_small_rows(no, case))
                listed = []
            elif isinstance(state, Release):
                if released != [(no, *releases.release_values(project_release(state)))]:
                    self._differ("release_row", replayed.name)
                released = []
        except (AppError, OverflowError) as fault:
            # A promise that would be due after the end of every calendar is one that no policy makes.
            self._differ("policy", replayed.name, fault.code if isinstance(fault, AppError) else "date")
        if listed or released:
            self._differ("case_row" if listed else "release_row", replayed.name, "extra")
        there = self._small.take(no)
        if sorted(there) != sorted(small):
            for table in sorted({row[1] for row in set(there) ^ set(small)}):
                self._differ(table, replayed.name)

    def _differing_state(self, replayed: Replayed, kept: list[Any]) -> None:
        """Tells a state that the stream once had, which an old page brings back, from one that it never had."""
        # An event that does not fit its own digest was forged; then the state beside it was merely left alone.
        fits = hashlib.sha256(replayed.content).digest() == replayed.digest
        if len(kept) == 1 and fits:
            _, _, last, content = kept[0]
            link = self._db.one("SELECT stream, state_digest FROM log WHERE seq = ?", (last,))
            if last < replayed.seq and link == (replayed.no, hashlib.sha256(content).digest()):
                self._findings.add("state.old", replayed.seq, where=replayed.name, detail=str(last))
                return
        self._findings.add("state.snapshot", where=replayed.name)

    def _compare_case(self, no: int, name: str, case: CaseProjection, listed: list[Any]) -> None:
        handler = self._handlers.get(case.handler_id, -1) if case.handler_id else 0
        kind = (int(case.open), bits_of(case, max(0, handler)))
        texts = pieces(case.words)
        self._facets[kind] += 1
        self._texts += len(texts)
        row = listed[0] if listed else ()
        if row[:-3] != (no, *cases.case_values(case)):
            self._differ("case_row", name)
        if handler < 0 or row[-3:-1] != kind:
            self._differ("case_bits", name)
        if not row or no in self._unsettled or row[-1] != (_BREAK.join(texts) or None):
            self._compare_texts(no, name, texts)

    def _compare_texts(self, no: int, name: str, texts: tuple[str, ...]) -> None:
        """The order of the pieces tells only which came first, so it may differ."""
        span = (no << PIECE_SHIFT, (no + 1 << PIECE_SHIFT) - 1)
        rows = self._db.all(
            "SELECT words FROM case_text WHERE id BETWEEN ? AND ? AND id NOT IN (SELECT id FROM stale_text)"
            " UNION ALL SELECT words FROM fresh_text WHERE id BETWEEN ? AND ?",
            (*span, *span),
        )
        if sorted(words for (words,) in rows) != sorted(texts):
            self._differ("case_text", name)

    def end(self) -> None:
        """Looks for rows that belong to nothing, and at the counts."""
        followers = {"state": self._states, "case_row": self._cases, "release_row": self._releases, "rows": self._small}
        for name, follower in followers.items():
            extra = follower.end()
            if extra:
                self._differ(name, "", f"extra {extra}")
        counted = {(is_open, bits): n for is_open, bits, n in self._db.all("SELECT open, bits, cases FROM facet") if n}
        if counted != dict(self._facets):
            self._differ("facet", "")
        bits, texts, marks = self._db.one(
            "SELECT (SELECT count(*) FROM case_bits),"
            " (SELECT count(*) FROM case_text WHERE id NOT IN (SELECT id FROM stale_text))"
            " + (SELECT count(*) FROM fresh_text),"
            " (SELECT count(*) FROM stale_text WHERE id NOT IN (SELECT id FROM case_text))"
        )
        if bits != self._facets.total():
            self._differ("case_bits", "", "extra")
        if texts != self._texts or marks:
            self._differ("case_text", "", "extra")

    def _differ(self, table: str, stream: str, detail: str = "") -> None:
        self._findings.add("projection.differs", where=f"{table} {stream}".strip(), detail=detail)


def _small_rows(no: int, case: CaseProjection) -> Iterator[tuple[Any, ...]]:
    for name in dict.fromkeys(case.people):
        yield no, "person_row", name, "", 0, 0, ""
    for cve in dict.fromkeys(case.cves):
        yield no, "cve_row", cve, "", 0, 0, ""
    for clock, started, due, paused, handler_id in cases.clock_values(case):
        yield no, "clock_row", clock, handler_id, started, due, paused
