"""Looking whether the indexes hold what their tables hold."""

from __future__ import annotations

from typing import Final

from app.domain.errors import AppError
from app.store.connection import Connection
from app.store.verify.findings import Findings

_INDEXED: Final = ("stream", "actor", "device", "blob", "draft", "handler", "case_row", "export_row", "release_row")


def check_indexes(db: Connection, findings: Findings) -> None:
    """Every index against its table, the words too: an old page of an index put back hides rows that are there."""
    for table in _INDEXED:
        if db.one(f"PRAGMA integrity_check({table})") != ("ok",):
            findings.add("index.damaged", where=table)
    try:
        # Reads every text again and compares it with what the index holds (sqlite.org/fts5.html, integrity-check).
        db.run("INSERT INTO case_search (case_search, rank) VALUES ('integrity-check', 1)")
    except AppError:
        findings.add("projection.differs", where="case_search")
