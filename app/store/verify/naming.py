"""What a finding is about, in the words of the log: which event, when, of which case, by whom.

Asked after everything was checked, of a database that may be damaged: what can't be told is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from app.desk.ports.vault import Finding, NamedEvent
from app.domain.errors import AppError
from app.store.chain import moment_of
from app.store.connection import Connection
from app.store.streams import read_person

_MOST: Final = 200
"""Findings whose events are looked up: nobody reads more."""
_KIND: Final = 60
_REFS: Final = (
    "SELECT ref FROM case_row WHERE stream = ?1 UNION ALL SELECT ref FROM release_row WHERE stream = ?1 LIMIT 1"
)
_FIRST: Final = (
    "SELECT b.content FROM log l JOIN body b ON b.seq = l.seq WHERE l.stream = ? AND b.content IS NOT NULL"
    " ORDER BY l.seq LIMIT 1"
)


class _Born(msgspec.Struct):
    """Of the first event of a case or release only its reference matters."""

    ref: str = ""


class Naming:
    """Looks up what findings are about."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._refs: dict[int, str] = {}

    def all(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """The findings, the first two hundred of them with what they are about."""
        return (*(self._named(finding) for finding in findings[:_MOST]), *findings[_MOST:])

    def _named(self, finding: Finding) -> Finding:
        event = self._event(finding.seq) if finding.seq > 0 else None
        ref = event.ref if event is not None and event.ref else self._ref_of(finding.where)
        return msgspec.structs.replace(finding, ref=ref, event=event)

    def _event(self, seq: int) -> NamedEvent | None:
        try:
            row = self._db.one(
                "SELECT l.kind, l.at, l.stream, a.person FROM log l LEFT JOIN actor a ON a.no = l.actor"
                " WHERE l.seq = ?",
                (seq,),
            )
            if row is None:
                return None
            kind, at, stream, person = row
            actor = read_person(person).name if person else ""
            return NamedEvent(kind=kind[:_KIND], at=moment_of(at), ref=self._ref(stream), actor=actor)
        except (AppError, OverflowError):
            return None

    def _ref_of(self, where: str) -> str:
        """The reference of a stream named `case:ID` at the end of a place."""
        name = where.rpartition(" ")[2]
        if not name.startswith(("case:", "release:")):
            return ""
        try:
            row = self._db.one("SELECT no FROM stream WHERE name = ?", (name,))
        except AppError:
            return ""
        return self._ref(row[0]) if row else ""

    def _ref(self, stream: int) -> str:
        if stream not in self._refs:
            self._refs[stream] = self._asked(stream)
        return self._refs[stream]

    def _asked(self, stream: int) -> str:
        try:
            # A list may have been tampered with; the first event is what the chain vouches for.
            row = self._db.one(_FIRST, (stream,))
            born = msgspec.json.decode(row[0], type=_Born).ref if row else ""
            listed = None if born else self._db.one(_REFS, (stream,))
        except (AppError, msgspec.MsgspecError, RecursionError):
            return ""
        return born or (listed[0] if listed else "")
