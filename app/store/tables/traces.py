"""The rows that single events leave: where an import came from, and what was exported."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from app.domain.events import Event
from app.domain.events.case_events import Exported, RecordImported, ReportReceived
from app.domain.events.release_events import ReleaseExported, ReleasePlanned
from app.domain.events.team_events import DatasetExported
from app.store.connection import Connection

LEAVES_A_TRACE: Final[frozenset[type]] = frozenset(
    {ReportReceived, RecordImported, ReleasePlanned, Exported, ReleaseExported, DatasetExported}
)
"""Every other event leaves none; asked a million times in a row, this is quicker than looking closely."""
TRACED: Final = frozenset(event.__name__ for event in LEAVES_A_TRACE)
"""Their kinds by name."""


def write_traces(db: Connection, seq: int, stream: int, at: int, event: Event) -> None:
    """Writes what this event leaves; most leave nothing."""
    if type(event) not in LEAVES_A_TRACE:
        return
    source = source_values(event)
    if source is not None:
        db.run(
            "INSERT OR REPLACE INTO source_row (key, stream, sha256) VALUES (?, ?, ?)", (source[0], stream, source[1])
        )
    export = export_values(event)
    if export is not None:
        db.run(
            "INSERT INTO export_row (seq, stream, at, format, audience, override, files) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (seq, stream, at, *export),
        )


def source_values(event: Event) -> tuple[str, str] | None:
    """The key and digest of the record that the event came from."""
    if isinstance(event, ReportReceived | RecordImported | ReleasePlanned) and event.source is not None:
        return event.source.key, event.source.sha256
    return None


def export_values(event: Event) -> tuple[Any, ...] | None:
    """Format, audience, override and files of what left the store."""
    if isinstance(event, Exported | ReleaseExported | DatasetExported):
        return event.format, event.audience, event.override, msgspec.json.encode(event.files).decode()
    return None
