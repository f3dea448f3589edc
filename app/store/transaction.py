"""One command, one transaction: its events, their links and every row made from them, or nothing of all that."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime

from typing_extensions import override

from app.desk.ports.vault import Queries, Transaction
from app.domain.case.state import Case
from app.domain.errors import Defect, Rejected
from app.domain.events import Event, decode, encode
from app.domain.events.erasure_events import CaseErased
from app.domain.release.state import Release
from app.domain.team import Team
from app.domain.values import Blob, Person
from app.store.blobs import Blobs
from app.store.chain import demand_stream, microseconds, moment_of
from app.store.compaction import note_erasure
from app.store.connection import Connection
from app.store.erase import erase_bodies, erase_rests
from app.store.log import Log
from app.store.projector import Projector
from app.store.references import next_number
from app.store.states import Entry, States
from app.store.streams import evolve, kind_of, read_person, write_person, write_state
from app.store.tables.drafts import write_draft
from app.store.tables.traces import write_traces


class Workshop:
    """What every transaction of a store works with."""

    def __init__(self, db: Connection, log: Log, states: States, projector: Projector, blobs: Blobs) -> None:
        self.db = db
        self.log = log
        self.states = states
        self.projector = projector
        self.blobs = blobs

    @contextmanager
    def part(self) -> Iterator[None]:
        """Keeps memory in step with the database: whatever fails inside is forgotten in both."""
        mark = self.log.mark()
        try:
            with self.states.part():
                yield
        except BaseException:
            self.log.restore(mark)
            self.projector.cases.forget()
            raise


class SqlTransaction(Transaction):
    """Open for the length of one command."""

    def __init__(self, workshop: Workshop, queries: Queries, actor: Person, now: datetime) -> None:
        self._shop = workshop
        self._queries = queries
        # The same person and instant that a reader of the log will meet.
        self._actor = read_person(write_person(actor))
        self._at = microseconds(now)
        self._now = moment_of(self._at)
        self._reserved: dict[tuple[str, int], int] = {}
        self._open = True

    @property
    @override
    def queries(self) -> Queries:
        return self._queries

    @property
    @override
    def now(self) -> datetime:
        return self._now

    @property
    @override
    def actor(self) -> Person:
        return self._actor

    @override
    def append(self, stream: str, events: Sequence[Event]) -> Case | Release | Team:
        self._demand_open()
        entry = self._shop.states.get(stream)
        if not events:
            if entry is None or entry.state is None:
                raise Defect("store.nothing-to-append")
            return entry.state
        if entry is None:
            entry = self._shop.states.create(demand_stream(stream))
        return self._append(entry, events)

    def _append(self, entry: Entry, events: Sequence[Event]) -> Case | Release | Team:
        shop, kind, state = self._shop, kind_of(entry.stream), entry.state
        before = entry.projection or shop.projector.project(state)
        content, last, erased = b"", entry.last, None
        for given in events:
            name, body = type(given).__name__, _encoded(given)
            # What evolves is what a reader of the log will decode, not what was handed in.
            event = decode(name, body)
            state = evolve(kind, state, event, self._now, self._actor)
            content = write_state(state)
            digest = hashlib.sha256(content).digest()
            stream = (entry.no, entry.stream, last)
            last = shop.log.append(stream, name, body, at=self._at, actor=self._actor, state_digest=digest)
            write_traces(shop.db, last, entry.no, self._at, event)
            if isinstance(event, CaseErased):
                erase_bodies(shop.db, shop.blobs, entry.no, stream[2], last)
                erased = event.remains
        if state is None:
            raise Defect("store.nothing-to-append")
        after = shop.projector.project(state)
        version = entry.version + len(events)
        shop.states.put(Entry(entry.stream, entry.no, state, version, last=last, projection=after), content)
        shop.projector.write(entry.no, before, after)
        if erased is not None:
            erase_rests(shop.db, entry.no, erased)
            note_erasure(shop.db)
        return state

    @override
    def new_ref(self, prefix: str, year: int) -> str:
        self._demand_open()
        key = (prefix, year)
        number = max(next_number(self._shop.db, prefix, year), self._reserved.get(key, 0) + 1)
        self._reserved[key] = number
        return f"{prefix}-{year:04d}-{number:03d}"

    @override
    def put_blob(self, data: bytes | Iterable[bytes], name: str = "", media_type: str = "") -> Blob:
        self._demand_open()
        with self._shop.db.savepoint():
            sha256, size = self._shop.blobs.put(data)
        kind = media_type or "application/octet-stream"
        return Blob(sha256=sha256, size=size, name=name, media_type=kind)

    @override
    def savepoint(self) -> AbstractContextManager[None]:
        self._demand_open()
        return self._part()

    @override
    def keep_draft(self, stream: str, field: str, text: str | None) -> None:
        self._demand_open()
        write_draft(self._shop.db, stream, field, text)

    def end(self) -> None:
        """Nothing more may be done with it."""
        self._open = False

    @contextmanager
    def _part(self) -> Iterator[None]:
        reserved = dict(self._reserved)
        try:
            with self._shop.part(), self._shop.db.savepoint():
                yield
        except BaseException:
            self._reserved = reserved
            raise

    def _demand_open(self) -> None:
        if not self._open:
            raise Defect("store.transaction-over")


def _encoded(event: Event) -> bytes:
    try:
        return encode(event)
    except UnicodeEncodeError:
        raise Rejected("text.not-text", kind=type(event).__name__) from None
