"""Telling the story again: every state of every stream from the bodies of its events, in the order of the streams.

Bodies and digests are what the chain vouches for, so a state that comes out as its last digest says came about as
written. Only where it does not, the stream is told once more, event by event, to name the first that differs.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec

from app.domain.errors import AppError, Environment
from app.domain.events import Event, decode
from app.domain.events.erasure_events import CaseErased
from app.domain.values import Person
from app.store.chain import moment_of
from app.store.connection import Connection
from app.store.streams import State, evolve, kind_of, read_person, write_state
from app.store.verify.findings import STEP, Findings, Watch

OnEvent = Callable[[int, int, int, Event], None]
"""Called with seq, stream number, microseconds and the event."""

_ORDER = "SELECT seq FROM log ORDER BY stream, seq"
_ORDER_OF_ONE = "SELECT seq FROM log WHERE stream = ? ORDER BY seq"
_EVENTS = (
    "SELECT l.stream, l.seq, l.kind, l.at, l.actor, l.state_digest, b.content FROM json_each(?) j"
    " CROSS JOIN log l ON l.seq = j.value CROSS JOIN body b ON b.seq = l.seq ORDER BY j.key"
)
_RANGE = (
    "SELECT l.stream, l.seq, l.kind, l.at, l.actor, l.state_digest, b.content FROM log l"
    " CROSS JOIN body b ON b.seq = l.seq WHERE l.seq BETWEEN ? AND ? ORDER BY l.seq"
)
_AT_ONCE = 500
_DENSE = 4
"""Reading so many times more than is wanted, one after the other, is still cheaper than looking each up."""
_ERASURE = CaseErased.__name__
_STREAM_OF_ROW = itemgetter(0)
_IMPOSSIBLE = (AppError, AttributeError, KeyError, OverflowError)
"""What events do that no rule lets stand so: an instant beyond every calendar is one of them."""


class Replayed:
    """A stream as its events make it: number, name, state, how many events, and its state as it is written."""

    __slots__ = ("content", "digest", "erased", "name", "no", "seq", "state", "version")

    def __init__(self, no: int, name: str) -> None:
        self.no = no
        self.name = name
        self.state: State | None = None
        self.version = 0
        self.erased = 0
        self.content = b""
        self.seq = 0
        self.digest = b""


class Replay:
    """One telling of the whole log."""

    def __init__(
        self, db: Connection, findings: Findings, watch: Watch, on_event: OnEvent, kinds: frozenset[str]
    ) -> None:
        """`on_event` is called for events of these kinds."""
        self._db = db
        self._findings = findings
        self._watch = watch
        self._on_event = on_event
        self._kinds = kinds
        self._count = 0
        self._names: Iterator[Any] = db.each("SELECT no, name FROM stream ORDER BY no")
        self._actors: dict[int, Person] = {}

    def streams(self) -> Iterator[Replayed]:
        """Every stream by its number; one whose state does not come out again is a finding."""
        for no, rows in groupby(self._events(_ORDER), _STREAM_OF_ROW):
            stream = Replayed(no, self._name(no))
            self._tell(stream, rows)
            yield self._ended(stream)

    def _tell(self, stream: Replayed, rows: Iterable[Any]) -> None:
        kind, no = kind_of(stream.name), stream.no
        actors, on_event, told = self._actors, self._on_event, self._kinds
        # The events of a transaction share their instant.
        moment, moment_at = moment_of(0), 0
        seq, digest, version = 0, b"", 0
        for row in rows:
            _, seq, name, at, actor, digest, content = row
            version += 1
            if content is None:
                # Whether an event of this stream says so, the chain tells; what is left begins with that event.
                stream.erased += 1
                continue
            if name == _ERASURE and stream.erased != version - 1:
                self._findings.add("erasure.incomplete", seq, where=stream.name)
            try:
                if at != moment_at:
                    moment, moment_at = moment_of(at), at
                person = actors.get(actor) or self._actor(actor)
                event = decode(name, content)
                stream.state = evolve(kind, stream.state, event, moment, person)
            except _IMPOSSIBLE as fault:
                if stream.erased and stream.state is None:
                    # It came back after it was erased, which is named once, where it was erased.
                    continue
                code = fault.code if isinstance(fault, AppError) else "state.impossible"
                self._findings.add("body.unreadable", seq, where=stream.name, detail=code)
            else:
                if name in told:
                    on_event(seq, no, at, event)
        stream.seq, stream.digest, stream.version = seq, digest, version
        self._count += version
        if self._count >= STEP:
            self._watch.step(self._count)
            self._count = 0

    def _events(self, order: str, *values: int) -> Iterator[Any]:
        """The events of an order: only their numbers are sorted, their bodies are read some hundred at a time."""
        numbers = array("q", (seq for (seq,) in self._db.each(order, values)))
        for start in range(0, len(numbers), _AT_ONCE):
            wanted = numbers[start : start + _AT_ONCE].tolist()
            low, high = min(wanted), max(wanted)
            if high - low >= _DENSE * len(wanted):
                yield from self._db.all(_EVENTS, (msgspec.json.encode(wanted).decode(),))
                continue
            rows = self._db.all(_RANGE, (low, high))
            if [row[1] for row in rows] == wanted:
                yield from rows
            else:
                found = {row[1]: row for row in rows}
                yield from (found[seq] for seq in wanted if seq in found)

    def _ended(self, stream: Replayed) -> Replayed:
        if stream.state is not None:
            stream.content = write_state(stream.state)
        if hashlib.sha256(stream.content).digest() != stream.digest:
            self._findings.add("state.digest", self._first_difference(stream), where=stream.name)
        return stream

    def _first_difference(self, stream: Replayed) -> int:
        kind, state = kind_of(stream.name), None
        for _, seq, name, at, actor, digest, content in self._events(_ORDER_OF_ONE, stream.no):
            if content is None:
                continue
            try:
                state = evolve(kind, state, decode(name, content), moment_of(at), self._actor(actor))
            except _IMPOSSIBLE:
                return int(seq)
            if hashlib.sha256(write_state(state)).digest() != digest:
                return int(seq)
        return stream.seq

    def _name(self, no: int) -> str:
        for known, name in self._names:
            if known == no:
                return str(name)
            if known > no:
                break
        return f"?{no}"

    def _actor(self, no: int) -> Person:
        if no not in self._actors:
            row = self._db.one("SELECT person FROM actor WHERE no = ?", (no,))
            if row is None:
                raise Environment("store.damaged", part="actor")
            self._actors[no] = read_person(row[0])
        return self._actors[no]
