"""An open store: transactions for the desk, queries for screens, verification for the auditor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime

from typing_extensions import override

from app.desk.ports.clock import Ids
from app.desk.ports.files import Held
from app.desk.ports.resources import Policies
from app.desk.ports.vault import Cancelled, Checkpoint, Finding, Progress, Queries, Transaction, Vault, VerifyReport
from app.domain.errors import Defect, Environment
from app.domain.events.team_events import CheckpointMade
from app.domain.team import TEAM_STREAM
from app.domain.values import Person
from app.store.blobs import LIMIT, Blobs
from app.store.checkpoint import check_note, make_note
from app.store.connection import Connection
from app.store.device import Device
from app.store.log import Head, Log
from app.store.projector import VERSION, Projector
from app.store.queries.sql_queries import SqlQueries
from app.store.rebuild import rebuild
from app.store.states import States
from app.store.tables.texts import prepare_texts, sweep_texts
from app.store.transaction import SqlTransaction, Workshop
from app.store.verify.verification import Verification


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
        blob_limit: int = LIMIT,
    ) -> None:
        """`head` is where the checked log ends; None is for a store that is only looked at: its log was not checked."""
        self._db = db
        self._store_id = store_id
        self._device = device
        self._policies = policies
        self._lock = lock
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
        try:
            with workshop.part():
                self._db.begin()
                try:
                    yield transaction
                    log.sign()
                    self._db.commit()
                except BaseException:
                    self._db.rollback()
                    raise
        finally:
            transaction.end()
            self._is_busy = False

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
        return note

    @override
    def check_against(self, note: str) -> tuple[Finding, ...]:
        self._demand_idle()
        return check_note(self._db, self._store_id, note)

    @override
    def rebuild(self, progress: Progress | None = None) -> None:
        self._writable()
        self._states.forget()
        try:
            rebuild(self._db, self._projector, progress)
        finally:
            self._states.forget()

    def renew_projections(self) -> None:
        """Makes the rows again where another version of the program made them."""
        row = self._db.one("SELECT value FROM store WHERE name = 'projection'")
        if row is None or row[0] != str(VERSION):
            self.rebuild()

    def remember(self, name: str, value: Callable[[str | None], str]) -> None:
        """Changes what the store knows of itself; `value` gets the old text and gives the new one."""
        self._demand_idle()
        row = self._db.one("SELECT value FROM store WHERE name = ?", (name,))
        old = None if row is None else str(row[0])
        new = value(old)
        if new != old:
            self._db.run("INSERT OR REPLACE INTO store (name, value) VALUES (?, ?)", (name, new))

    @override
    def close(self) -> None:
        self._db.close()
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
