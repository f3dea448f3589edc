"""The whole verification: the chain, the replay against every row, the files."""

from __future__ import annotations

from app.desk.ports.resources import Policies
from app.desk.ports.vault import Cancelled, Progress, VerifyReport
from app.domain.errors import AppError
from app.domain.events import Event
from app.store.blobs import Blobs
from app.store.connection import Connection
from app.store.device import Device
from app.store.tail import check_anchor
from app.store.verify.blob_check import blobs_of, check_blobs
from app.store.verify.chain_check import ChainCheck
from app.store.verify.compare import Comparison
from app.store.verify.findings import Findings, Stopped, Watch
from app.store.verify.index_check import check_indexes
from app.store.verify.replay import Replay


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
        self._blob_count = 0

    def run(self, progress: Progress | None, cancelled: Cancelled | None) -> VerifyReport:
        """Checks everything; ok only if nothing was found and nothing was left out."""
        events = int(self._db.one("SELECT coalesce(max(seq), 0) FROM log")[0])
        watch = Watch(2 * events, progress, cancelled)
        chain = ChainCheck(self._db, self._store_id, self._findings)
        stopped = False
        try:
            self.check_chain(chain, watch)
            self.check_states(watch)
            check_indexes(self._db, self._findings)
            self._blob_count = check_blobs(self._blobs, self._named, self._findings, watch)
            watch.step(2 * events)
        except Stopped:
            stopped = True
        except AppError as fault:
            # A page that can't be read at all ends the work; it is the finding.
            self._findings.add("store.unreadable", detail=fault.code)
        found = self._findings.all()
        devices = dict(self._db.all("SELECT no, id FROM device"))
        return VerifyReport(
            ok=not found and not stopped,
            events=chain.frontier.count,
            devices=tuple(devices[no] for no in sorted(chain.keys) if no in devices),
            blobs=self._blob_count,
            findings=found,
            head=chain.head.hex(),
            root=chain.frontier.root().hex(),
            cancelled=stopped,
        )

    def check_chain(self, chain: ChainCheck, watch: Watch) -> None:
        """Hashes, order, commitments, signatures, checkpoints, from the first event on."""
        chain.run(watch)
        chain.leftovers()
        if chain.seq == 0:
            self._findings.add("chain.gap", 1)
        check_anchor(self._db, self._store_id, self._device, self._findings)

    def check_states(self, watch: Watch) -> None:
        """Every state told again from its events, and every row compared with what it should be."""
        comparison = Comparison(self._db, self._policies, self._findings)

        def on_event(seq: int, stream: int, at: int, event: Event) -> None:
            for blob in blobs_of(event):
                self._named.add(blob.sha256)
            comparison.event(seq, stream, at, event)

        for stream in Replay(self._db, self._findings, watch, on_event).streams():
            comparison.stream(stream)
        comparison.end()
