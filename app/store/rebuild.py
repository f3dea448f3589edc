"""Throwing the projections away and making them again from the log, in one transaction."""

from __future__ import annotations

from typing import Final

from app.desk.ports.vault import Progress
from app.domain.errors import Environment
from app.domain.events import Event
from app.store.connection import Connection
from app.store.projector import VERSION, Projector
from app.store.tables.traces import TRACED, write_traces
from app.store.verify.findings import Findings, Watch
from app.store.verify.replay import Replay

_TABLES: Final = (
    "state", "handler", "case_row", "case_bits", "facet", "clock_row", "person_row", "cve_row", "source_row",
    "export_row", "release_row", "case_text",
    "fresh_text", "stale_text",
)  # fmt: skip


def rebuild(db: Connection, projector: Projector, progress: Progress | None) -> None:
    """Makes every row again.

    Raises Environment("store.log-damaged") where the log does not tell its states, and keeps the rows as they were.
    """
    events = int(db.one("SELECT coalesce(max(seq), 0) FROM log")[0])
    findings, watch = Findings(), Watch(events, progress, None)

    def on_event(seq: int, stream: int, at: int, event: Event) -> None:
        write_traces(db, seq, stream, at, event)

    db.begin()
    try:
        _empty(db)
        projector.cases.forget()
        for stream in Replay(db, findings, watch, on_event, TRACED).streams():
            if stream.state is None or findings.found:
                break
            db.run(
                "INSERT INTO state (stream, version, last, content) VALUES (?, ?, ?, ?)",
                (stream.no, stream.version, stream.seq, stream.content),
            )
            projector.write(stream.no, None, projector.project(stream.state))
        if findings.found:
            first = findings.found[0]
            raise Environment("store.log-damaged", finding=first.code, seq=first.seq, found=len(findings.found))
        db.run("INSERT OR REPLACE INTO store (name, value) VALUES ('projection', ?)", (str(VERSION),))
        db.commit()
    except BaseException:
        db.rollback()
        raise
    finally:
        projector.cases.forget()


def _empty(db: Connection) -> None:
    with db.changing_schema():
        # The words leave the index all at once; one by one they would take hours.
        trigger = db.one("SELECT sql FROM sqlite_schema WHERE name = 'case_text_removed'")[0]
        db.run("DROP TRIGGER case_text_removed")
        for table in _TABLES:
            db.run(f"DELETE FROM {table}")
        db.run("DELETE FROM temp.fresh_search")
        db.run("INSERT INTO case_search (case_search) VALUES ('delete-all')")
        db.run(trigger)
