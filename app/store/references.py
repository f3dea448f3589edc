"""The next free reference of a year, read off the references that are taken."""

from __future__ import annotations

from app.store.connection import Connection
from app.store.tables.cases import ref_key


def next_number(db: Connection, prefix: str, year: int) -> int:
    """One more than the highest number that a case or a release has under this letter and year."""
    low, high = ref_key(f"{prefix}-{year:04d}-001"), f"{prefix}-{year:04d}-~"
    keys = [
        db.one("SELECT max(ref_key) FROM case_row WHERE open = 1 AND ref_key BETWEEN ? AND ?", (low, high))[0],
        db.one("SELECT max(ref_key) FROM case_row WHERE open = 0 AND ref_key BETWEEN ? AND ?", (low, high))[0],
        db.one("SELECT max(ref_key) FROM release_row WHERE ref_key BETWEEN ? AND ?", (low, high))[0],
    ]
    return max((int(key.rpartition("-")[2]) for key in keys if key is not None), default=0) + 1
