"""Reading the log from some point on: hashes, order, commitments, seals, signatures, enrolments, checkpoints.

Each link is hashed again. A signature vouches for every signature before it, since the seals lie in the chain: of a run
of transactions of one device the last signature is checked, and each of the run only where that one is bad. At opening
(`every`) each signature is checked, so that a device never signs on top of what it did not check.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import msgspec

from app.domain.errors import AppError
from app.domain.events import decode
from app.domain.events.erasure_events import CaseErased
from app.domain.events.team_events import CheckpointMade, DeviceEnrolled
from app.store.chain import STATE_VERSION, ZERO, Frontier, seal_of, transaction_message
from app.store.connection import Connection
from app.store.device import is_signed
from app.store.log import actor_digest
from app.store.verify.findings import STEP, Findings, Watch
from app.store.verify.time_check import TimeCheck

_JSON = msgspec.json.Encoder()
_LINKS = (
    "SELECT l.seq, l.event_id, l.stream, s.name, l.stream_prev, l.kind, l.at, l.actor, l.device, l.device_seq, l.prev,"
    " l.seal, l.commitment, l.state_digest, l.state_version, l.hash, b.salt, b.content, b.erased_by, g.device, g.sig"
    " FROM log l LEFT JOIN stream s ON s.no = l.stream LEFT JOIN body b ON b.seq = l.seq"
    " LEFT JOIN signature g ON g.seq = l.seq WHERE l.seq > ? AND l.seq <= ? ORDER BY l.seq"
)
_END = 2**62


class ChainCheck:
    """One pass over the log; afterwards its fields say where it ended."""

    def __init__(self, db: Connection, store_id: str, findings: Findings, *, every: bool = False) -> None:
        self._db = db
        self._store_id = store_id
        self._findings = findings
        self._every = every
        self._partial = False
        self.seq = 0
        self.head = ZERO
        self.frontier = Frontier()
        self.signature = b""
        self.signed = 0
        self.transactions = 0
        self.device_seqs: dict[int, int] = {}
        self._streams: dict[int, int] = {}
        self.times = TimeCheck()
        self.checkpointed: dict[int, int] = {}
        """The last checkpoint that each device put on record, by number."""
        self.erased = 0
        """Bodies that an event of their own stream says were erased."""
        self._erasures: dict[int, tuple[int, str] | None] = {}
        self.keys: dict[int, bytes] = {}
        self._enrolled: dict[int, bytes] = {}
        self._run: tuple[int, int, int] | None = None
        self._actors: dict[int, str] = {}
        self._devices: dict[int, str] = {}
        self._numbers: dict[str, int] = {}

    def start_at(self, seq: int, head: bytes, frontier: Frontier, signature: bytes, keys: dict[int, bytes]) -> None:
        """Begins after an event that was checked before."""
        self._partial = True
        self.seq = self.signed = seq
        self.head = head
        self.frontier = frontier
        self.signature = signature
        self.keys = keys

    def devices(self) -> tuple[str, ...]:
        """The ids of the devices that signed or may sign."""
        return tuple(self._devices[no] for no in sorted(self.keys) if no in self._devices)

    def run(self, watch: Watch, until: int = _END) -> None:
        """Reads the log up to and including `until`."""
        people = self._db.all("SELECT no, person FROM actor")
        self._actors = {no: actor_digest(person) for no, person in people}
        self._devices = dict(self._db.all("SELECT no, id FROM device"))
        self._numbers = {device_id: no for no, device_id in self._devices.items()}
        for row in self._db.each(_LINKS, (self.seq, until)):
            self._link(row)
            if row[0] % STEP == 0:
                watch.step()
        if self.signed != self.seq and until == _END:
            self._findings.add("signature.missing", self.seq)
        self._end_run()

    def _link(self, row: Any) -> None:
        (
            seq, event_id, stream_no, stream, stream_prev, kind, at, actor, device, device_seq, prev, seal, committed,
            digest, version, own, salt, content, erased_by, signer, signature,
        ) = row  # fmt: skip
        if seq != self.seq + 1:
            self._findings.add("chain.gap", self.seq + 1, detail=str(seq - self.seq - 1))
        elif prev != self.head:
            self._findings.add("chain.link", seq)
        link = (
            "holdfast-event-1", self._store_id, seq, event_id, stream, stream_prev, kind, at,
            self._actors.get(actor), self._devices.get(device), device_seq, prev.hex(), seal.hex() if seal else "",
            committed.hex(), digest.hex(), version,
        )  # fmt: skip
        self.times.event(seq, at)
        if hashlib.sha256(b"\x00" + _JSON.encode(link)).digest() != own:
            self._findings.add("chain.hash", seq)
        if content is None:
            self._missing_body(seq, stream_no, erased_by)
        elif hmac.digest(salt or b"", content, "sha256") != committed:
            self._findings.add("body.commitment", seq)
        if version != STATE_VERSION:
            self._findings.add("state.version", seq, detail=str(version))
        # From the middle of the log on, the first number met of a stream has to be believed.
        if stream_prev != self._streams.get(stream_no, stream_prev if self._partial else 0):
            self._findings.add("chain.stream", seq)
        self._streams[stream_no] = seq
        self._place_in_transaction(seq, seal, device, device_seq)
        if kind in ("DeviceEnrolled", "CheckpointMade") and content is not None:
            self._special(seq, kind, content, device)
        self.seq, self.head = seq, own
        self.frontier.add(own)
        if signature is not None:
            self._signed_by(seq, own, device, signer, signature)

    def _missing_body(self, seq: int, stream: int, erased_by: int | None) -> None:
        """Only a later event of the same stream that says so may have erased it; its own link is checked in turn."""
        if erased_by is None:
            self._findings.add("body.unreadable", seq)
            return
        if erased_by not in self._erasures:
            self._erasures[erased_by] = self._db.one("SELECT stream, kind FROM log WHERE seq = ?", (erased_by,))
        if erased_by <= seq or self._erasures[erased_by] != (stream, CaseErased.__name__):
            self._findings.add("body.erased", seq, detail=str(erased_by))
        else:
            self.erased += 1

    def _place_in_transaction(self, seq: int, seal: bytes | None, device: int, device_seq: int) -> None:
        begins = self.signed == self.seq
        if begins and seal is None:
            self._findings.add("chain.seal", seq)
        elif seal is not None and not begins:
            self._findings.add("signature.missing", self.seq)
        elif seal is not None and seal != seal_of(self.signature):
            self._findings.add("signature.bad", self.signed, detail="seal")
        before = self.device_seqs.get(device)
        # From the middle of the log on, the first number met has to be believed.
        known = before is not None or not self._partial
        if known and device_seq != (before or 0) + 1:
            self._findings.add("chain.device-order", seq)
        self.device_seqs[device] = device_seq

    def _signed_by(self, seq: int, head: bytes, device: int, signer: int, signature: bytes) -> None:
        self.transactions += 1
        self.signed, self.signature = seq, signature
        if not self.keys:
            # The very first transaction enrols the device that signs it.
            self.keys, self._enrolled = self._enrolled, {}
        if signer != device:
            self._findings.add("signature.bad", seq, detail="device")
        if signer not in self.keys:
            self._findings.add("device.unknown", seq, where=self._devices.get(signer, ""))
        elif self._every:
            self._check(seq, head, signer, signature)
        elif self._run is not None and self._run[0] == signer:
            self._run = (signer, self._run[1], seq)
        else:
            self._end_run()
            self._run = (signer, seq, seq)
        if self._enrolled:
            self.keys = {**self.keys, **self._enrolled}
            self._enrolled = {}

    def _end_run(self) -> None:
        run, self._run = self._run, None
        if run is None:
            return
        signer, first, last = run
        signatures = (
            "SELECT l.seq, l.hash, g.sig FROM signature g JOIN log l ON l.seq = g.seq WHERE g.seq BETWEEN ? AND ?"
        )
        (row,) = self._db.all(signatures, (last, last))
        if self._is_good(row[0], row[1], signer, row[2]):
            return
        for seq, head, signature in self._db.all(
            f"{signatures} AND g.device = ? ORDER BY g.seq", (first, last, signer)
        ):
            self._check(seq, head, signer, signature)

    def _check(self, seq: int, head: bytes, signer: int, signature: bytes) -> None:
        if not self._is_good(seq, head, signer, signature):
            self._findings.add("signature.bad", seq)

    def _is_good(self, seq: int, head: bytes, signer: int, signature: bytes) -> bool:
        return is_signed(self.keys[signer], signature, transaction_message(self._store_id, seq, head))

    def _special(self, seq: int, kind: str, content: bytes, device: int) -> None:
        try:
            event = decode(kind, content)
        except AppError:
            self._findings.add("body.unreadable", seq)
            return
        if isinstance(event, DeviceEnrolled):
            no = self._numbers.get(event.device)
            if no is not None:
                self._enrolled[no] = _key(event.public_key)
        elif isinstance(event, CheckpointMade):
            self.checkpointed[device] = seq
            same = event.count == seq - 1 and event.root == self.frontier.root().hex() and event.head == self.head.hex()
            if not same:
                self._findings.add("checkpoint.root", seq)

    def leftovers(self) -> None:
        """Bodies and signatures that belong to no link."""
        for table in ("body", "signature"):
            # Two questions: asked for both at once, SQLite reads the whole table.
            low, high = self._db.one(f"SELECT (SELECT min(seq) FROM {table}), (SELECT max(seq) FROM {table})")
            if low is not None and (low < 1 or high > self.seq):
                self._findings.add("chain.gap", high, where=table)


def _key(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""
