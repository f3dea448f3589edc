"""The yardstick of searching: the same tables, rows and index in a database that is not encrypted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import sqlcipher3

from app.store.connection import Connection
from tests.bench.large_store import raw_key
from tests.bench.setting import say


class PlainStore:
    """Answers like the store's own connection, from a plain file and with the same engine and cache."""

    def __init__(self, path: Path) -> None:
        self._db = sqlcipher3.connect(str(path), isolation_level=None, cached_statements=256)
        for pragma in ("locking_mode = EXCLUSIVE", "temp_store = MEMORY", "cache_size = -16000"):
            self._db.execute(f"PRAGMA {pragma}")

    def one(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """The first row, or None."""
        return self._db.execute(sql, values).fetchone()

    def all(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """Every row."""
        rows: list[Any] = self._db.execute(sql, values).fetchall()
        return rows

    def as_connection(self) -> Connection:
        """The same, as the store's queries ask for it."""
        return cast("Connection", self)

    def close(self) -> None:
        """Closes the file."""
        self._db.close()


def plain_copy(database: Path, folder: Path, target: Path) -> None:
    """Writes everything of an encrypted database, page order and all, into a plain file; the store must be closed."""
    say("   copying the store into a plain database")
    source = sqlcipher3.connect(database.as_uri() + "?mode=ro", uri=True, isolation_level=None)
    source.set_key(f"x'{raw_key(folder).hex()}'")
    source.execute("ATTACH DATABASE ? AS plain KEY ''", (str(target),))
    source.execute("SELECT sqlcipher_export('plain')")
    source.execute("DETACH DATABASE plain")
    source.close()
