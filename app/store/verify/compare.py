"""Comparing the rows that are there with the rows that replay makes, table by table, both read once and in step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from app.desk.ports.resources import Policies
from app.domain.errors import AppError
from app.domain.events import Event
from app.domain.projection import CaseProjection, ReleaseProjection, project_case, project_release
from app.domain.case.state import Case
from app.domain.release.state import Release
from app.store.connection import Connection
from app.store.tables import cases, releases
from app.store.tables.case_bits import bits_of
from app.store.tables.texts import PIECE_SHIFT, pieces
from app.store.tables.traces import export_values, source_values
from app.store.verify.findings import Findings
from app.store.verify.replay import Replayed

_TABLES: Final[dict[str, str]] = {
    "state": "SELECT stream, version, content FROM state ORDER BY stream",
    "case_row": f"SELECT stream, {', '.join(cases.COLUMNS)} FROM case_row ORDER BY stream",
    "case_bits": "SELECT stream, open, bits FROM case_bits ORDER BY stream",
    "clock_row": "SELECT stream, clock, started, due, paused, handler_id FROM clock_row ORDER BY stream",
    "person_row": "SELECT stream, name FROM person_row ORDER BY stream",
    "cve_row": "SELECT stream, cve FROM cve_row ORDER BY stream",
    "source_row": "SELECT stream, key, sha256 FROM source_row ORDER BY stream",
    "export_row": "SELECT stream, seq, at, format, audience, override, files FROM export_row ORDER BY stream",
    "case_text": f"SELECT id >> {PIECE_SHIFT}, words FROM case_text ORDER BY id",
    "release_row": f"SELECT stream, {', '.join(releases.COLUMNS)} FROM release_row ORDER BY stream",
}


class _Follower:
    """The rows of a table, handed out stream by stream."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def take(self, stream: int) -> tuple[list[Any], bool]:
        """The rows of this stream, and whether rows were passed that belong to no stream."""
        strange = False
        while self._next is not None and self._next[0] < stream:
            strange = True
            self._next = next(self._rows, None)
        found = []
        while self._next is not None and self._next[0] == stream:
            found.append(self._next[1:])
            self._next = next(self._rows, None)
        return found, strange

    def is_over(self) -> bool:
        """Whether nothing is left."""
        return self._next is None


class Comparison:
    """Compares stream by stream; give it every event, then every stream in order, then end it."""

    def __init__(self, db: Connection, policies: Policies, findings: Findings) -> None:
        self._db = db
        self._policies = policies
        self._findings = findings
        self._handlers: dict[str, int] = {str(h): int(no) for no, h in db.all("SELECT no, id FROM handler")}
        self._followers = {name: _Follower(db.each(sql)) for name, sql in _TABLES.items()}
        self._facets: Counter[tuple[int, int]] = Counter()
        self._sources: dict[str, str] = {}
        self._exports: list[tuple[Any, ...]] = []
        self._differs = False

    def event(self, seq: int, _stream: int, at: int, event: Event) -> None:
        """Notes what an event of the coming stream leaves."""
        source = source_values(event)
        if source is not None:
            self._sources[source[0]] = source[1]
        export = export_values(event)
        if export is not None:
            self._exports.append((seq, at, *export))

    def stream(self, replayed: Replayed) -> None:
        """Compares the rows of one stream."""
        expected: dict[str, list[tuple[Any, ...]]] = {
            "state": [(replayed.version, replayed.content)],
            "source_row": sorted(self._sources.items()),
            "export_row": sorted(self._exports),
        }
        self._sources, self._exports = {}, []
        try:
            if isinstance(replayed.state, Case):
                policy = self._policies.get(replayed.state.policy, replayed.state.policy_version)
                self._expect_case(expected, project_case(replayed.state, policy))
            elif isinstance(replayed.state, Release):
                projection: ReleaseProjection = project_release(replayed.state)
                expected["release_row"] = [releases.release_values(projection)]
        except AppError as fault:
            self._differ("policy", replayed.name, fault.code)
            return
        for name, follower in self._followers.items():
            rows, strange = follower.take(replayed.no)
            if strange:
                self._differ(name, "", "extra")
            wanted = expected.get(name, [])
            if rows != wanted and sorted(rows, key=repr) != sorted(wanted, key=repr):
                self._differ(name, replayed.name)

    def _expect_case(self, expected: dict[str, list[tuple[Any, ...]]], case: CaseProjection) -> None:
        handler = self._handlers.get(case.handler_id, -1) if case.handler_id else 0
        if handler < 0:
            self._differ("handler", f"case:{case.id}")
            handler = 0
        kind = (int(case.open), bits_of(case, handler))
        self._facets[kind] += 1
        expected["case_row"] = [cases.case_values(case)]
        expected["case_bits"] = [kind]
        expected["clock_row"] = list(cases.clock_values(case))
        expected["person_row"] = [(name,) for name in dict.fromkeys(case.people)]
        expected["cve_row"] = [(cve,) for cve in dict.fromkeys(case.cves)]
        expected["case_text"] = [(piece,) for piece in pieces(case.words)]

    def end(self) -> None:
        """Looks for rows that belong to nothing, at the counts, and at the index of the words."""
        for name, follower in self._followers.items():
            if not follower.is_over():
                self._differ(name, "", "extra")
        counted = {(is_open, bits): n for is_open, bits, n in self._db.all("SELECT open, bits, cases FROM facet") if n}
        if counted != dict(self._facets):
            self._differ("facet", "")
        try:
            # Reads every text again and compares it with what the index holds (sqlite.org/fts5.html, integrity-check).
            self._db.run("INSERT INTO case_search (case_search, rank) VALUES ('integrity-check', 1)")
        except AppError:
            self._differ("case_search", "")

    def _differ(self, table: str, stream: str, detail: str = "") -> None:
        where = f"{table} {stream}".strip()
        code = "state.snapshot" if table == "state" else "projection.differs"
        self._findings.add(code, where=where, detail=detail)
