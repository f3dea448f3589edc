"""Telling the story again: every state of every stream from the bodies of its events, in the order of the streams."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from app.domain.errors import AppError
from app.domain.events import Event, decode
from app.domain.values import Person
from app.store.chain import moment_of
from app.store.connection import Connection
from app.store.streams import State, evolve, kind_of, read_person, write_state
from app.store.verify.findings import STEP, Findings, Watch

OnEvent = Callable[[int, int, int, Event], None]
"""Called with seq, stream number, microseconds and the event."""

_EVENTS = (
    "SELECT l.stream, l.seq, l.kind, l.at, l.actor, l.state_digest, b.content FROM log l INDEXED BY log_by_stream"
    " CROSS JOIN body b ON b.seq = l.seq ORDER BY l.stream, l.seq"
)


class Replayed:
    """A stream as its events make it: number, name, state, how many events, and its state as it is written."""

    __slots__ = ("content", "name", "no", "state", "version")

    def __init__(self, no: int, name: str) -> None:
        self.no = no
        self.name = name
        self.state: State | None = None
        self.version = 0
        self.content = b""


def replay(db: Connection, findings: Findings, watch: Watch, on_event: OnEvent) -> Iterator[Replayed]:
    """Every stream by its number; a digest of a state that does not come out again is a finding, once for each stream."""
    actors: dict[int, Person] = {}
    names: Iterator[Any] = db.each("SELECT no, name FROM stream ORDER BY no")
    stream: Replayed | None = None
    told = False
    for count, (no, seq, kind, at, actor, digest, content) in enumerate(db.each(_EVENTS), 1):
        if stream is None or stream.no != no:
            if stream is not None:
                yield stream
            stream, told = Replayed(no, _name(names, no)), False
        try:
            if actor not in actors:
                actors[actor] = _actor(db, actor)
            event = decode(kind, content or b"")
            stream.state = evolve(kind_of(stream.name), stream.state, event, moment_of(at), actors[actor])
            stream.content = write_state(stream.state)
            stream.version += 1
            if not told and hashlib.sha256(stream.content).digest() != digest:
                findings.add("state.digest", seq, where=stream.name)
                told = True
            on_event(seq, no, at, event)
        except AppError as fault:
            # The chain check says what is wrong with the body; here it can only be left out.
            if not told:
                findings.add("body.unreadable", seq, where=stream.name, detail=fault.code)
                told = True
        if count % STEP == 0:
            watch.step()
    if stream is not None:
        yield stream


def _name(names: Iterator[Any], no: int) -> str:
    for known, name in names:
        if known == no:
            return str(name)
        if known > no:
            break
    return f"?{no}"


def _actor(db: Connection, no: int) -> Person:
    row = db.one("SELECT person FROM actor WHERE no = ?", (no,))
    return read_person(row[0] if row else "")
