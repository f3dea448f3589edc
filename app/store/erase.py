"""Erasing what a case said: bodies, texts, drafts and files go; links, commitments and what remains stay.

The event CaseErased is what erases: its transaction takes away every body of its stream before it, and everything that
was made from them. What the record of others says stays: the people who acted (table `actor`), the events of releases
and of the team, and the bytes of texts that went out to the public. Texts that went to a party or stayed inside, of
the case itself, of its releases or of the whole store, are taken away too; their digests stay on record.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from app.domain.case.state import Case
from app.domain.errors import AppError
from app.domain.events import Event, decode
from app.domain.events.case_events import BundledInRelease, Exported
from app.domain.events.release_events import ReleaseExported
from app.domain.events.team_events import DatasetExported
from app.domain.team import TEAM_STREAM
from app.store.blobs import Blobs
from app.store.connection import Connection
from app.store.tables.texts import sweep_stream
from app.store.verify.blob_check import SPEAK_OF_FILES, blobs_of

_EXPORTS: Final = (Exported, ReleaseExported, DatasetExported)
_PUBLIC: Final = frozenset({"public", "notice"})
_NAMING: Final = (*SPEAK_OF_FILES, *(kind.__name__ for kind in _EXPORTS))
_EARLIER: Final = (
    "WITH RECURSIVE way (seq) AS (SELECT ? UNION ALL"
    " SELECT l.stream_prev FROM way CROSS JOIN log l ON l.seq = way.seq WHERE l.stream_prev > 0)"
    " SELECT way.seq, l.kind, b.content FROM way CROSS JOIN log l ON l.seq = way.seq"
    " CROSS JOIN body b ON b.seq = way.seq WHERE b.content IS NOT NULL"
)
_ELSEWHERE: Final = (
    "SELECT l.stream, l.kind, b.content FROM log l CROSS JOIN body b ON b.seq = l.seq"
    " WHERE l.kind IN (SELECT value FROM json_each(?)) AND l.stream <> ? AND b.content IS NOT NULL"
)


def erase_bodies(db: Connection, blobs: Blobs, stream: int, last: int, by: int) -> None:
    """Takes away every body of the stream from `last` backwards, and the files that nobody else needs; `by` is the
    number of the event that erases. Belongs into the transaction of that event.
    """
    found = db.all(_EARLIER, (last,))
    events = [_event(kind, content) for _, kind, content in found]
    doomed = _files_of(db, stream, events)
    db.run_many(
        "UPDATE body SET content = NULL, salt = NULL, erased_by = ? WHERE seq = ?", ((by, seq) for seq, _, _ in found)
    )
    for sha256 in sorted(doomed):
        blobs.remove(sha256)
    db.run("DELETE FROM source_row WHERE stream = ?", (stream,))
    db.run("DELETE FROM export_row WHERE stream = ?", (stream,))


def erase_rests(db: Connection, stream: int, remains: Case) -> None:
    """Takes away the texts that no longer hold and the drafts; called after the rows were made from what remains."""
    sweep_stream(db, stream)
    # What was typed for the whole team, a search among it, may hold words of any case.
    for name in (remains.ref, remains.id, f"case:{remains.id}", TEAM_STREAM):
        db.run("DELETE FROM draft WHERE stream = ?", (name,))


def _files_of(db: Connection, stream: int, events: Iterable[Event | None]) -> set[str]:
    """The stored files that only this case speaks of."""
    if db.one("SELECT no FROM blob LIMIT 1") is None:
        return set()
    own: set[str] = set()
    releases: set[str] = set()
    for event in events:
        if event is None:
            continue
        own.update(_named_by(event))
        if isinstance(event, BundledInRelease):
            releases.add(event.release)
    streams = _streams_of(db, releases)
    kept: set[str] = set()
    for other, kind, content in db.each(_ELSEWHERE, (msgspec.json.encode(_NAMING).decode(), stream)):
        event = _event(kind, content)
        if event is not None:
            held = own if _holds_its_words(event, other in streams) else kept
            held.update(_named_by(event))
    return own - kept


def _holds_its_words(event: Event, is_of_its_release: bool) -> bool:
    """Whether a text that was no public one was made from this case among others."""
    if isinstance(event, ReleaseExported):
        return is_of_its_release and event.audience not in _PUBLIC
    return isinstance(event, DatasetExported) and event.audience not in _PUBLIC


def _named_by(event: Event) -> list[str]:
    if isinstance(event, _EXPORTS):
        return [file.sha256 for file in event.files]
    return [blob.sha256 for blob in blobs_of(event)]


def _streams_of(db: Connection, releases: set[str]) -> set[int]:
    wanted = msgspec.json.encode(sorted(releases)).decode()
    rows: list[Any] = db.all(
        "SELECT stream FROM release_row WHERE ref IN (SELECT value FROM json_each(?))"
        " OR id IN (SELECT value FROM json_each(?))",
        (wanted, wanted),
    )
    return {stream for (stream,) in rows}


def _event(kind: str, content: bytes) -> Event | None:
    """The event, or None where it can't be read: erasing must be possible in a store that has a damaged event."""
    try:
        return decode(kind, content)
    except AppError:
        return None
