"""The smaller lists: due promises, releases, and who holds a CVE id or an imported record."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from app.desk.ports.vault import DueRow, ReleaseRow
from app.store.chain import moment_of
from app.store.connection import Connection
from app.store.queries.cursor import Place, read_cursor, write_cursor
from app.store.tables.case_bits import HANDLER_SHIFT

_TEXTS: Final = msgspec.json.Decoder(tuple[str, ...])
_RELEASE: Final = "stream, id, ref, title, slug, target, updated, lines, cases, state, postponed"


def due(db: Connection, limit: int, me: str) -> tuple[DueRow, ...]:
    """Promises not kept yet: running ones by due instant, then paused ones; of one handler, or with no `me` of all."""
    if me and not _has_open_cases(db, me):
        return ()
    condition = "WHERE handler_id = ?" if me else ""
    rows = db.all(
        "SELECT c.id, c.ref, c.title, c.rating, k.clock, k.started, k.due, k.paused, k.handler_id FROM"
        f" (SELECT * FROM clock_row {condition} ORDER BY paused, due, stream, clock LIMIT ?) k"
        " CROSS JOIN case_row c ON c.stream = k.stream ORDER BY k.paused, k.due, k.stream, k.clock",
        (me, limit) if me else (limit,),
    )
    return tuple(
        DueRow(
            case=case_id,
            ref=ref,
            title=title,
            rating=rating,
            clock=clock,
            started=moment_of(started),
            due=moment_of(until),
            paused=bool(paused),
            handler_id=handler_id,
        )
        for case_id, ref, title, rating, clock, started, until, paused, handler_id in rows
    )


def _has_open_cases(db: Connection, handler_id: str) -> bool:
    row = db.one("SELECT no FROM handler WHERE id = ?", (handler_id,))
    if row is None:
        return False
    found = db.one(
        "SELECT 1 FROM facet WHERE open = 1 AND bits >> ? = ? AND cases > 0 LIMIT 1", (HANDLER_SHIFT, row[0])
    )
    return found is not None


def releases(db: Connection, cursor: str | None, limit: int) -> tuple[tuple[ReleaseRow, ...], str | None]:
    """Releases, the latest target first."""
    place = None if cursor is None else read_cursor(cursor)
    condition = "" if place is None else "WHERE (target, stream) < (?, ?)"
    rows = db.all(
        f"SELECT {_RELEASE} FROM release_row INDEXED BY release_by_target {condition}"
        " ORDER BY target DESC, stream DESC LIMIT ?",
        (*(() if place is None else (place.key, place.stream)), limit + 1),
    )
    shown = rows[:limit]
    more = write_cursor(Place(0, shown[-1][5], shown[-1][0])) if len(rows) > limit and shown else None
    return tuple(_release_row(row) for row in shown), more


def cve_owner(db: Connection, cve: str) -> str | None:
    """The reference of the case that holds a CVE id; of the first one, should there be more."""
    row = db.one(
        "SELECT c.ref FROM cve_row v CROSS JOIN case_row c ON c.stream = v.stream"
        " WHERE v.cve = ? ORDER BY v.stream LIMIT 1",
        (cve,),
    )
    return None if row is None else str(row[0])


def known(db: Connection, key: str) -> tuple[str, str] | None:
    """Reference and SHA-256 of what was last imported under a record key."""
    row = db.one("SELECT stream, sha256 FROM source_row WHERE key = ? ORDER BY stream DESC LIMIT 1", (key,))
    if row is None:
        return None
    stream, sha256 = row
    ref = db.one(
        "SELECT ref FROM case_row WHERE stream = ? UNION ALL SELECT ref FROM release_row WHERE stream = ?",
        (stream, stream),
    )
    return None if ref is None else (str(ref[0]), str(sha256))


def _release_row(row: tuple[Any, ...]) -> ReleaseRow:
    _, release_id, ref, title, slug, target, updated, lines, cases, state, postponed = row
    return ReleaseRow(
        id=release_id,
        ref=ref,
        title=title,
        slug=slug,
        target=moment_of(target),
        updated=moment_of(updated),
        lines=_TEXTS.decode(lines),
        cases=cases,
        state=state,
        postponed=postponed,
    )
