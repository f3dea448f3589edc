"""What happened, read off the log; a stream's events are found backwards, each names the one before."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from app.desk.ports.vault import HistoryRow
from app.domain.errors import Environment
from app.domain.events import decode
from app.domain.events.erased import EventErased
from app.store.chain import moment_of
from app.store.connection import Connection
from app.store.streams import read_person

_LAST: Final = 2**62
_ALL: Final = "SELECT seq FROM log WHERE seq > ? ORDER BY seq LIMIT ?"
_ALL_BACKWARDS: Final = "SELECT seq FROM log WHERE seq < ? ORDER BY seq DESC LIMIT ?"
_BACKWARDS: Final = (
    "WITH RECURSIVE way (seq) AS (SELECT ? UNION ALL"
    " SELECT l.stream_prev FROM way CROSS JOIN log l ON l.seq = way.seq WHERE l.stream_prev > ?)"
    " SELECT seq FROM way WHERE seq > 0 LIMIT ?"
)


def history(
    db: Connection, stream: int | None, after: int, limit: int, *, newest_first: bool
) -> tuple[HistoryRow, ...]:
    """Events of a stream, or of all, on the far side of `after` (0: from the start, or from the end)."""
    if stream is not None:
        numbers = _of_stream(db, stream, after, limit, newest_first=newest_first)
    elif newest_first:
        numbers = db.all(_ALL_BACKWARDS, (after or _LAST, limit))
    else:
        numbers = db.all(_ALL, (after, limit))
    wanted = msgspec.json.encode([seq for (seq,) in numbers]).decode()
    rows = db.all(
        "SELECT l.seq, l.event_id, s.name, coalesce(c.ref, r.ref, ''), l.at, a.person, d.id, l.kind, b.content,"
        " b.erased_by"
        " FROM json_each(?) j CROSS JOIN log l ON l.seq = j.value CROSS JOIN stream s ON s.no = l.stream"
        " CROSS JOIN actor a ON a.no = l.actor CROSS JOIN device d ON d.no = l.device"
        " LEFT JOIN body b ON b.seq = l.seq LEFT JOIN case_row c ON c.stream = l.stream"
        " LEFT JOIN release_row r ON r.stream = l.stream ORDER BY j.key",
        (wanted,),
    )
    return tuple(_row(row) for row in rows)


def history_count(db: Connection, stream: int | None) -> int:
    """How many events there are."""
    if stream is None:
        return int(db.one("SELECT coalesce(max(seq), 0) FROM log")[0])
    row = db.one("SELECT version FROM state WHERE stream = ?", (stream,))
    return int(row[0]) if row else 0


def _of_stream(db: Connection, stream: int, after: int, limit: int, *, newest_first: bool) -> list[Any]:
    row = db.one("SELECT last FROM state WHERE stream = ?", (stream,))
    last = row[0] if row else 0
    if not newest_first:
        # Forwards means the whole way back first; a case has some hundred events.
        found = db.all(_BACKWARDS, (last if last > after else 0, after, _LAST))
        return found[::-1][:limit]
    if after:
        shown = db.one("SELECT stream_prev FROM log WHERE seq = ? AND stream = ?", (after, stream))
        last = shown[0] if shown else 0
    return db.all(_BACKWARDS, (last, 0, limit))


def _row(row: tuple[Any, ...]) -> HistoryRow:
    seq, event_id, stream, ref, at, person, device, kind, content, erased_by = row
    if content is None and erased_by is None:
        raise Environment("store.damaged", part="body", seq=seq)
    return HistoryRow(
        seq=seq,
        event_id=event_id,
        stream=stream,
        ref=ref,
        at=moment_of(at),
        actor=read_person(person),
        device=device,
        event=EventErased(kind=kind, by=erased_by) if content is None else decode(kind, content),
    )
