"""The whole verification: the chain, the replay against every row, the files."""

from __future__ import annotations

from collections.abc import Callable

from app.desk.ports.resources import Policies
from app.desk.ports.vault import Cancelled, Progress, VerifyReport
from app.domain.errors import AppError
from app.domain.events import Event
from app.domain.events.team_events import StoreRescued
from app.store.blobs import Blobs
from app.store.connection import Connection
from app.store.device import Device
from app.store.tables.traces import TRACED
from app.store.tail import check_anchor
from app.store.verify.blob_check import SPEAK_OF_FILES, blobs_of, check_blobs
from app.store.verify.chain_check import ChainCheck
from app.store.verify.compare import Comparison
from app.store.verify.findings import Findings, Stopped, Watch
from app.store.verify.index_check import check_indexes
from app.store.verify.naming import Naming
from app.store.verify.page_check import check_pages
from app.store.verify.replay import Replay
from app.store.verify.schema_check import check_schema


class Verification:
    """One verification of an open store."""

    def __init__(self, db: Connection, store_id: str, device: Device, blobs: Blobs, policies: Policies) -> None:
        self._db = db
        self._store_id = store_id
        self._device = device
        self._blobs = blobs
        self._policies = policies
        self._findings = Findings()
        self._named: set[str] = set()
        self._forgone: set[str] = set()
        """Files that a rescue said were lost with the damaged store."""
        self._blob_count = 0

    def run(self, progress: Progress | None, cancelled: Cancelled | None) -> VerifyReport:
        """Checks everything; ok only if nothing was found and nothing was left out."""
        events = self._count()
        watch = Watch(2 * events, progress, cancelled)
        try:
            chain = ChainCheck(self._db, self._store_id, self._findings)
        except AppError as fault:
            self._findings.add("store.unreadable", detail=fault.code)
            return VerifyReport(ok=False, events=0, devices=(), blobs=0, findings=self._findings.all())
        parts: tuple[Callable[[], None], ...] = (
            lambda: check_pages(self._db, self._findings, watch),
            lambda: check_schema(self._db, self._findings),
            lambda: self.check_chain(chain, watch),
            lambda: self.check_states(watch),
            lambda: check_indexes(self._db, self._findings, watch),
            lambda: self._check_blobs(watch),
            lambda: watch.step(2 * events),
        )
        stopped = False
        for part in parts:
            try:
                part()
            except Stopped:
                stopped = True
                break
            except AppError as fault:
                # A page that can't be read at all ends this part of the work; it is the finding.
                self._findings.add("store.unreadable", detail=fault.code)
        naming = Naming(self._db)
        found = naming.all(self._findings.all())
        return VerifyReport(
            ok=not found and not stopped,
            events=chain.frontier.count,
            devices=chain.devices(),
            blobs=self._blob_count,
            erased=chain.erased,
            findings=found,
            head=chain.head.hex(),
            root=chain.frontier.root().hex(),
            cancelled=stopped,
            remarks=naming.all(chain.times.remarks.all()),
        )

    def _count(self) -> int:
        try:
            return int(self._db.one("SELECT coalesce(max(seq), 0) FROM log")[0])
        except AppError as fault:
            self._findings.add("store.unreadable", detail=fault.code)
            return 0

    def _check_blobs(self, watch: Watch) -> None:
        self._blob_count = check_blobs(self._blobs, self._named - self._forgone, self._findings, watch)

    def check_chain(self, chain: ChainCheck, watch: Watch) -> None:
        """Hashes, order, commitments, signatures, checkpoints, from the first event on."""
        chain.run(watch)
        chain.leftovers()
        if chain.seq == 0:
            self._findings.add("chain.gap", 1)
        anchored = check_anchor(self._db, self._store_id, self._device, self._findings)
        last = chain.checkpointed.get(self._device.no, 0)
        if 0 < anchored < last:
            # Every checkpoint sets the mark anew.
            self._findings.add("anchor.old", anchored, detail=str(last))

    def check_states(self, watch: Watch) -> None:
        """Every state told again from its events, and every row compared with what it should be."""
        comparison = Comparison(self._db, self._policies, self._findings)

        def on_event(seq: int, stream: int, at: int, event: Event) -> None:
            for blob in blobs_of(event):
                self._named.add(blob.sha256)
            if isinstance(event, StoreRescued):
                self._forgone.update(event.files)
            comparison.event(seq, stream, at, event)

        kinds = TRACED | {*SPEAK_OF_FILES, StoreRescued.__name__}
        for stream in Replay(self._db, self._findings, watch, on_event, kinds).streams():
            comparison.stream(stream)
        comparison.end()
