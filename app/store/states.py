"""The states of streams: one row each, checked against the log when read, a few kept in memory."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from app.domain.case.state import Case
from app.domain.errors import Environment
from app.domain.projection import CaseProjection, ReleaseProjection
from app.domain.release.state import Release
from app.store.connection import Connection
from app.store.streams import State, kind_of, read_state

Projection = CaseProjection | ReleaseProjection | None
_COLUMNS: Final = "t.version, t.last, t.content, l.stream, l.state_digest"
_STATE: Final = f"{_COLUMNS} FROM state t LEFT JOIN log l ON l.seq = t.last"
_STATE_OF_STREAM: Final = (
    f"{_COLUMNS} FROM stream s LEFT JOIN state t ON t.stream = s.no LEFT JOIN log l ON l.seq = t.last"
)
_KEPT: Final = 128
"""States kept in memory; a case with a long report takes some ten kilobytes."""


class Entry:
    """A stream as it stands: its number, its state, its last event, and its projection if that is known."""

    __slots__ = ("last", "no", "projection", "state", "stream", "version")

    def __init__(
        self, stream: str, no: int, state: State | None, version: int, *, last: int, projection: Projection = None
    ) -> None:
        self.stream = stream
        self.no = no
        self.state = state
        self.version = version
        self.last = last
        self.projection = projection


class States:
    """Reads and keeps states; what a transaction changes is kept apart until it is committed."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._kept: OrderedDict[str, Entry] = OrderedDict()
        self._names: dict[int, str] = {}
        self._pending: list[dict[str, Entry]] = []

    def get(self, stream: str) -> Entry | None:
        """The stream of this name, or None; Environment("store.damaged") where its row is not what the log says."""
        for layer in reversed(self._pending):
            if stream in layer:
                return layer[stream]
        entry = self._kept.get(stream)
        if entry is not None:
            self._kept.move_to_end(stream)
            return entry
        entry = self._read(stream)
        if entry is not None:
            # No layer above has changed it, so it is what was committed, and stays so if the transaction fails.
            self._keep(entry)
        return entry

    def numbered(self, kind: str, no: int) -> Entry | None:
        """The stream of this kind and number: the way from a row of a list, without looking for its name."""
        name = self._names.get(no)
        if name is not None:
            return self.get(name)
        row = self._db.one(f"SELECT t.stream, {_STATE} WHERE t.stream = ?", (no,))
        if row is None:
            return None
        entry = _entry("", kind, row)
        if isinstance(entry.state, Case | Release):
            entry.stream = f"{kind}:{entry.state.id}"
        self._keep(entry)
        return entry

    def create(self, stream: str) -> Entry:
        """A stream that does not exist yet, with its number."""
        no = self._db.run("INSERT INTO stream (name) VALUES (?)", (stream,))
        return Entry(stream, no, None, 0, last=0)

    def put(self, entry: Entry, content: bytes) -> None:
        """Writes the state of a stream."""
        self._db.run(
            "INSERT INTO state (stream, version, last, content) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET version = excluded.version, last = excluded.last, content = excluded.content",
            (entry.no, entry.version, entry.last, content),
        )
        self._pending[-1][entry.stream] = entry
        self._names[entry.no] = entry.stream

    @contextmanager
    def part(self) -> Iterator[None]:
        """What is put inside is kept when it ends well and forgotten when it fails."""
        self._pending.append({})
        try:
            yield
        except BaseException:
            for entry in self._pending.pop().values():
                self._names.pop(entry.no, None)
            raise
        layer = self._pending.pop()
        if self._pending:
            self._pending[-1].update(layer)
        else:
            for entry in layer.values():
                self._keep(entry)

    def forget(self) -> None:
        """Drops everything from memory."""
        self._kept.clear()
        self._names.clear()

    def _keep(self, entry: Entry) -> None:
        self._kept[entry.stream] = entry
        self._kept.move_to_end(entry.stream)
        self._names[entry.no] = entry.stream
        if len(self._kept) > _KEPT:
            _, oldest = self._kept.popitem(last=False)
            self._names.pop(oldest.no, None)

    def _read(self, stream: str) -> Entry | None:
        row = self._db.one(f"SELECT s.no, {_STATE_OF_STREAM} WHERE s.name = ?", (stream,))
        return None if row is None else _entry(stream, kind_of(stream), row)


def _entry(stream: str, kind: str, row: tuple[Any, ...]) -> Entry:
    no, version, last, content, owner, digest = row
    # An old page put back under us is valid to the cipher; only the log knows better.
    if content is None or owner != no or hashlib.sha256(content).digest() != digest:
        raise Environment("store.damaged", part="state", stream=no)
    return Entry(stream, no, read_state(kind, content), version, last=last)
