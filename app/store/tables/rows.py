"""Writing one row of a projection: only the columns that changed, so that only their index entries move."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.store.connection import Connection


class RowWriter:
    """Writes the rows of one table whose key is the stream's number."""

    def __init__(self, table: str, columns: Sequence[str]) -> None:
        self._table = table
        self._columns = tuple(columns)
        names = ", ".join(("stream", *columns))
        self._insert = f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * (len(columns) + 1))})"

    def write(self, db: Connection, stream: int, old: Sequence[Any] | None, new: Sequence[Any]) -> None:
        """Makes the row of this stream, or changes it from `old` to `new`."""
        if old is None:
            db.run(self._insert, (stream, *new))
            return
        changed = [place for place, value in enumerate(new) if value != old[place]]
        if changed:
            names = ", ".join(f"{self._columns[place]} = ?" for place in changed)
            values = [new[place] for place in changed]
            db.run(f"UPDATE {self._table} SET {names} WHERE stream = ?", (*values, stream))
