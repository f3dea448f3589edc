"""An open store: transactions for the desk, queries for screens, verification for the auditor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from typing_extensions import override

from app.desk.ports.clock import Ids
from app.desk.ports.files import Held
from app.desk.ports.resources import Policies
from app.desk.ports.vault import Cancelled, Checkpoint, Finding, Progress, Queries, Transaction, Vault, VerifyReport
from app.domain.errors import AppError, Defect, Environment
from app.domain.events import TeamEvent
from app.domain.events.team_events import CheckpointMade, ClockWentBack, DeviceEnrolled, OlderCopyAccepted
from app.domain.team import TEAM_STREAM
from app.domain.values import Person
from app.store.blobs import LIMIT, Blobs
from app.store.chain import microseconds, moment_of
from app.store.checkpoint import check_note, make_note
from app.store.compaction import compact
from app.store.connection import Connection
from app.store.device import Device, new_device
from app.store.keys import StoreKeys
from app.store.log import Head, Log
from app.store.migrate import Upgraded
from app.store.older import Memory, how_older
from app.store.projector import VERSION, Projector
from app.store.queries.sql_queries import SqlQueries
from app.store.rebuild import rebuild
from app.store.states import States
from app.store.tables.texts import prepare_texts, sweep_texts
from app.store.transaction import SqlTransaction, Workshop
from app.store.verify.naming import Naming
from app.store.verify.verification import Verification

CLOCK_TOLERANCE: Final = timedelta(minutes=2)
"""How far a clock may be set back, as time services do, without a word about it."""


class SqlVault(Vault):
    """A store that this process holds; used from the thread that opened it."""

    def __init__(
        self,
        db: Connection,
        store_id: str,
        device: Device,
        head: Head | None,
        *,
        ids: Ids,
        policies: Policies,
        lock: Held | None = None,
        memory: Memory | None = None,
        blob_limit: int = LIMIT,
        keys: StoreKeys | None = None,
        old_keys: StoreKeys | None = None,
        folder: Path | None = None,
    ) -> None:
        """`head` is where the checked log ends; None is for a store that is only looked at: its log was not checked."""
        self._db = db
        self._store_id = store_id
        self._device = device
        self._policies = policies
        self._lock = lock
        self._ids = ids
        self._memory = memory or Memory(None, store_id, device.id)
        self._keys = keys
        self._is_closed = False
        self.slot_warnings: tuple[Environment, ...] = ()
        """What was found at the slot file when the store was opened, and mended."""
        self.old_keys = old_keys
        """The keys of before, where a replacement of the store key was cut short and the slot file tells of it."""
        self._folder = folder
        self.upgraded: Upgraded | None = None
        """What opening it changed in its format."""
        self._blobs = Blobs(db, blob_limit)
        prepare_texts(db)
        self._states = States(db)
        self._projector = Projector(db, policies)
        self._queries = SqlQueries(db, self._states, self._blobs)
        self._log = None if head is None else Log(db, store_id, device, ids, head)
        self._is_busy = False

    @property
    def store_id(self) -> str:
        """The store that is open."""
        return self._store_id

    @property
    def keys(self) -> StoreKeys:
        """The keys of the store, for rooms of the store alone; Defect where it was opened without, Environment
        ("store.closed") where it was closed meanwhile.
        """
        if self._is_closed:
            raise Environment("store.closed")
        if self._keys is None:
            raise Defect("store.no-keys")
        return self._keys

    @property
    def folder(self) -> Path:
        """Where the store lies; Defect where it was opened without a folder."""
        if self._folder is None:
            raise Defect("store.no-folder")
        return self._folder

    @property
    def db(self) -> Connection:
        """The connection between transactions, for rooms of the store alone."""
        self._demand_idle()
        return self._db

    def note(self, now: datetime) -> str:
        """A signed note of the log as it is, not put on record; `now` is UTC."""
        log = self._writable()
        return make_note(self._store_id, log.seq, log.root, log.hash, at=now, device=self._device).text

    @property
    def device(self) -> str:
        """The id of this installation."""
        return self._device.id

    @property
    @override
    def queries(self) -> Queries:
        return self._queries

    @override
    def transaction(self, actor: Person, now: datetime) -> AbstractContextManager[Transaction]:
        return self._transaction(actor, now)

    @contextmanager
    def _transaction(self, actor: Person, now: datetime) -> Iterator[Transaction]:
        log = self._writable()
        workshop = Workshop(self._db, log, self._states, self._projector, self._blobs)
        transaction = SqlTransaction(workshop, self._queries, actor, now)
        self._is_busy = True
        before, lasts = log.seq, True
        try:
            with workshop.part():
                self._db.begin()
                try:
                    if self.clock_behind(transaction.now):
                        gone_back = ClockWentBack(before=moment_of(log.at), seen=transaction.now)
                        transaction.append(TEAM_STREAM, [gone_back])
                    yield transaction
                    log.sign()
                    lasts = self._commit(before, log.seq)
                except BaseException:
                    self._db.rollback()
                    raise
        finally:
            transaction.end()
            self._is_busy = False
        self._memory.committed(log.head)
        if not lasts:
            raise Environment("disk.unsure")

    def _commit(self, before: int, after: int) -> bool:
        """Commits; False where the transaction is in force and the disk does not say that it lasts.

        Once the journal is emptied there is no way back: an error of the sync that follows leaves the events in the
        log, and what is kept in memory has to go with them.
        """
        try:
            self._db.commit()
        except Environment:
            if before == after or self._db.in_transaction:
                raise
            if self._db.one("SELECT max(seq) FROM log")[0] != after:
                raise
            return self._db.syncs_journal()
        return True

    def clock_behind(self, now: datetime) -> datetime | None:
        """When the last event was recorded (UTC), where that lies clearly after `now`: the clock went back.

        Nothing is refused for it: the order of the log is that of its numbers. It is told, and noted in the log once.
        """
        if self._log is None or self._log.at - microseconds(now) <= CLOCK_TOLERANCE // timedelta(microseconds=1):
            return None
        return moment_of(self._log.at)

    @contextmanager
    def retelling(self) -> Iterator[Callable[[Person, datetime], AbstractContextManager[Transaction]]]:
        """Many transactions, each signed by itself, and one commit for all: for a store that nobody relies on yet."""
        log = self._writable()
        workshop = Workshop(self._db, log, self._states, self._projector, self._blobs)

        @contextmanager
        def one(actor: Person, now: datetime) -> Iterator[Transaction]:
            transaction = SqlTransaction(workshop, self._queries, actor, now)
            try:
                with workshop.part(), self._db.savepoint():
                    yield transaction
                    log.sign()
            finally:
                transaction.end()

        self._is_busy = True
        try:
            with workshop.part():
                self._db.begin()
                try:
                    yield one
                    self._db.commit()
                except BaseException:
                    self._db.rollback()
                    raise
        finally:
            self._is_busy = False

    def clock_warnings(self, now: datetime) -> tuple[Environment, ...]:
        """Environment("clock.went-back") with both instants (UTC), where the clock went back; else nothing."""
        last = self.clock_behind(now)
        if last is None:
            return ()
        said = (moment.isoformat(timespec="seconds") for moment in (last, now))
        return (Environment("clock.went-back", last=next(said), now=next(said)),)

    @override
    def verify(self, progress: Progress | None = None, cancelled: Cancelled | None = None) -> VerifyReport:
        self._demand_idle()
        checked = Verification(self._db, self._store_id, self._device, self._blobs, self._policies)
        return checked.run(progress, cancelled)

    @override
    def checkpoint(self, actor: Person, now: datetime, reason: str) -> Checkpoint:
        log = self._writable()
        with self._transaction(actor, now) as tx:
            note = make_note(self._store_id, log.seq, log.root, log.hash, at=tx.now, device=self._device)
            made = CheckpointMade(count=note.count, root=note.root, head=note.head, at=note.at, reason=reason)
            tx.append(TEAM_STREAM, [made])
            sweep_texts(self._db)
            log.sign()
            log.anchor()
        self._memory.tell(log.head)
        return note

    def acknowledge(self, now: datetime) -> None:
        """Tells this machine how far the store is, and the log that somebody accepted an older copy; `now` is UTC."""
        log, seen = self._writable(), self._memory.last()
        if seen is not None and how_older(self._db, seen):
            with self._transaction(self._queries.team().owner, now) as tx:
                tx.append(TEAM_STREAM, [OlderCopyAccepted(events=log.seq, seen=seen.count)])
        self._memory.tell(log.head)

    def enrol(self, keys: StoreKeys, label: str, actor: Person, now: datetime, *events: TeamEvent) -> str:
        """Goes on as a device of its own, so that two stores that go on from one copy can be told apart; gives its id.

        The device so far signs that, and `events` with it; its wrapped key leaves this store. `now` is UTC.
        """
        log, before = self._writable(), self._device
        try:
            with self._transaction(actor, now) as tx:
                device = new_device(self._db, keys, self._ids)
                public = device.public.hex()
                enrolled = DeviceEnrolled(device=device.id, public_key=public, label=label, person=actor.id)
                tx.append(TEAM_STREAM, [enrolled, *events])
                log.sign()
                log.hand_over(device)
                self._db.run("DELETE FROM device_key WHERE device = ?", (before.no,))
        except BaseException:
            log.take_back(before)
            raise
        self._device = device
        self._memory = self._memory.of_device(device.id)
        self._memory.tell(log.head)
        return device.id

    @override
    def check_against(self, note: str) -> tuple[Finding, ...]:
        self._demand_idle()
        return Naming(self._db).all(check_note(self._db, self._store_id, note))

    @override
    def compact(self) -> bool:
        self._writable()
        try:
            return compact(self._db)
        except AppError:
            # The disk is full, or a list is still being read: it stays due, and the next opening makes up for it.
            return False

    @override
    def rebuild(self, progress: Progress | None = None) -> None:
        self._writable()
        self._states.forget()
        try:
            rebuild(self._db, self._projector, progress)
        finally:
            self._states.forget()

    def renew_projections(self) -> None:
        """Makes the rows again where another version of the program made them, and the file after an erasure."""
        row = self._db.one("SELECT value FROM store WHERE name = 'projection'")
        if row is None or row[0] != str(VERSION):
            self.rebuild()
        self.compact()

    def known(self, name: str) -> str | None:
        """What the store knows of itself under this name, None for nothing."""
        self._demand_idle()
        row = self._db.one("SELECT value FROM store WHERE name = ?", (name,))
        return None if row is None else str(row[0])

    def record(
        self,
        actor: Person,
        now: datetime,
        events: Sequence[TeamEvent],
        facts: Mapping[str, str],
        beside: Callable[[Connection], None] | None = None,
    ) -> None:
        """Appends what the store did itself to the stream of the team, and changes what it knows of itself and what
        else `beside` does, in one transaction; `now` is UTC.
        """
        with self._transaction(actor, now) as tx:
            if events:
                tx.append(TEAM_STREAM, events)
            for name, value in facts.items():
                self._db.run("INSERT OR REPLACE INTO store (name, value) VALUES (?, ?)", (name, value))
            if beside is not None:
                beside(self._db)
        self._memory.slots = int(facts.get("slots", self._memory.slots))

    def rekey(self, keys: StoreKeys) -> None:
        """Encrypts the database with the key of `keys`, which are those of the store from here on.

        Raises Environment("store.not-rekeyed"), and the store is open with the old key then; anything else closed the
        database under one of the two.
        """
        self._writable()
        try:
            self._db.rekey(self.keys.database(), keys.database())
        except Environment as fault:
            if fault.code == "store.not-rekeyed":
                prepare_texts(self._db)
            raise
        # The index of what waits lives in the memory of the connection, which is another one now.
        prepare_texts(self._db)
        self._keys = keys

    def remember(self, name: str, value: Callable[[str | None], str]) -> None:
        """Changes what the store knows of itself; `value` gets the old text and gives the new one."""
        self._demand_idle()
        row = self._db.one("SELECT value FROM store WHERE name = ?", (name,))
        old = None if row is None else str(row[0])
        new = value(old)
        if new != old:
            self._db.run("INSERT OR REPLACE INTO store (name, value) VALUES (?, ?)", (name, new))
        if name == "slots":
            self._memory.slots = int(new)

    @override
    def close(self) -> None:
        if self._log is not None and not self._is_busy:
            self._memory.tell(self._log.head)
        self._db.close()
        self._keys = self.old_keys = None
        self._is_closed = True
        if self._lock is not None:
            self._lock.release()

    def _writable(self) -> Log:
        self._demand_idle()
        if self._log is None:
            raise Environment("store.only-to-look")
        return self._log

    def _demand_idle(self) -> None:
        if self._is_busy:
            raise Defect("store.transaction-open")
