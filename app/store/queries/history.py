"""What happened, read off the log."""

from __future__ import annotations

from typing import Any, Final

from app.desk.ports.vault import HistoryRow
from app.domain.errors import Environment
from app.domain.events import decode
from app.store.chain import moment_of
from app.store.connection import Connection
from app.store.streams import read_person

_FIRST: Final = 0
_LAST: Final = 2**63 - 1


def history(
    db: Connection, stream: int | None, after: int, limit: int, *, newest_first: bool
) -> tuple[HistoryRow, ...]:
    """Events of a stream, or of all, on the far side of `after` (0: from the start, or from the end)."""
    edge, way = (("<", "DESC") if newest_first else (">", "ASC"))
    start = after if after or not newest_first else _LAST
    condition = f"seq {edge} ?" + ("" if stream is None else " AND stream = ?")
    rows = db.all(
        "SELECT l.seq, l.event_id, s.name, coalesce(c.ref, r.ref, ''), l.at, a.person, d.id, l.kind, b.content FROM"
        f" (SELECT seq FROM log WHERE {condition} ORDER BY seq {way} LIMIT ?) p"
        " CROSS JOIN log l ON l.seq = p.seq CROSS JOIN stream s ON s.no = l.stream CROSS JOIN actor a ON a.no = l.actor"
        " CROSS JOIN device d ON d.no = l.device LEFT JOIN body b ON b.seq = l.seq"
        " LEFT JOIN case_row c ON c.stream = l.stream LEFT JOIN release_row r ON r.stream = l.stream"
        f" ORDER BY l.seq {way}",
        (start, *(() if stream is None else (stream,)), limit),
    )
    return tuple(_row(row) for row in rows)


def history_count(db: Connection, stream: int | None) -> int:
    """How many events there are."""
    if stream is None:
        return int(db.one("SELECT coalesce(max(seq), 0) FROM log")[0])
    return int(db.one("SELECT count(*) FROM log INDEXED BY log_by_stream WHERE stream = ?", (stream,))[0])


def _row(row: tuple[Any, ...]) -> HistoryRow:
    seq, event_id, stream, ref, at, person, device, kind, content = row
    if content is None:
        raise Environment("store.damaged", part="body", seq=seq)
    return HistoryRow(
        seq=seq,
        event_id=event_id,
        stream=stream,
        ref=ref,
        at=moment_of(at),
        actor=read_person(person),
        device=device,
        event=decode(kind, content),
    )
