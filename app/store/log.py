"""Appending to the log: one link and one body for each event, one signature for each transaction."""

from __future__ import annotations

import hashlib

import msgspec

from app.desk.ports.clock import Ids
from app.domain.values import Person
from app.store.chain import (
    STATE_VERSION,
    ZERO,
    Frontier,
    anchor_message,
    commitment,
    demand_id,
    link_hash,
    seal_of,
    transaction_message,
)
from app.store.connection import Connection
from app.store.device import Device
from app.store.streams import write_person

SALT_BYTES = 16
_ANCHOR_EVENTS = 1024
_ANCHOR_TRANSACTIONS = 128


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """Where the log ends: its last number and hash, this device's own count, and the seal for the next transaction."""

    seq: int = 0
    hash: bytes = ZERO
    device_seq: int = 0
    seal: bytes = seal_of(b"")
    signed: int = 0
    """The last number that a signature covers."""
    frontier: tuple[int, bytes] = (0, b"")
    anchored: int = 0
    unanchored: int = 0
    """Transactions since the last anchor."""
    at: int = 0
    """When the last event was recorded, in microseconds since 1970."""


class Log:
    """The end of the log, where this device writes."""

    def __init__(self, db: Connection, store_id: str, device: Device, ids: Ids, head: Head) -> None:
        self._db = db
        self._store_id = store_id
        self._device = device
        self._ids = ids
        self._head = head
        self._frontier = Frontier(*head.frontier)
        self._actors: dict[Person, tuple[int, str]] = {}

    @property
    def store_id(self) -> str:
        """The store this is the log of."""
        return self._store_id

    @property
    def device(self) -> Device:
        """The device that signs."""
        return self._device

    @property
    def seq(self) -> int:
        """The number of the last event."""
        return self._head.seq

    @property
    def hash(self) -> bytes:
        """The hash of the last event."""
        return self._head.hash

    @property
    def at(self) -> int:
        """When the last event was recorded, in microseconds since 1970; 0 before the first."""
        return self._head.at

    @property
    def head(self) -> Head:
        """Where the log ends."""
        return self._head

    @property
    def root(self) -> bytes:
        """The Merkle root over all events."""
        return self._frontier.root()

    def mark(self) -> Head:
        """Where the log ends now; `restore` takes everything back to here."""
        return msgspec.structs.replace(self._head, frontier=(self._frontier.count, self._frontier.to_bytes()))

    def restore(self, mark: Head) -> None:
        """Forgets, in memory, what was appended since the mark; the database takes it back by itself."""
        self._head = mark
        self._frontier = Frontier(*mark.frontier)
        self._actors.clear()

    def append(
        self, stream: tuple[int, str, int], kind: str, body: bytes, *, at: int, actor: Person, state_digest: bytes
    ) -> int:
        """Appends one event of a stream (its number, its name, and the number of its last event); gives its number.

        `at` is microseconds since 1970 UTC.
        """
        head, device = self._head, self._device
        stream_no, stream_name, stream_prev = stream
        actor_no, actor_digest = self._actor(actor)
        event_id, salt = demand_id(self._ids.new_id()), self._ids.secret(SALT_BYTES)
        seal = head.seal if head.signed == head.seq else None
        seq, device_seq, committed = head.seq + 1, head.device_seq + 1, commitment(salt, body)
        link = (
            self._store_id, seq, event_id, stream_name, stream_prev, kind, at, actor_digest, device.id, device_seq,
            head.hash.hex(), seal.hex() if seal else "", committed.hex(), state_digest.hex(), STATE_VERSION,
        )  # fmt: skip
        own = link_hash(link)
        self._db.run(
            "INSERT INTO log (seq, event_id, stream, stream_prev, kind, at, actor, device, device_seq, prev, seal,"
            " commitment, state_digest, state_version, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                seq, event_id, stream_no, stream_prev, kind, at, actor_no, device.no, device_seq, head.hash, seal,
                committed, state_digest, STATE_VERSION, own,
            ),
        )  # fmt: skip
        self._db.run("INSERT INTO body (seq, salt, content) VALUES (?, ?, ?)", (seq, salt, body))
        self._frontier.add(own)
        self._head = Head(
            seq=seq,
            hash=own,
            device_seq=device_seq,
            seal=head.seal,
            signed=head.signed,
            anchored=head.anchored,
            unanchored=head.unanchored,
            at=at,
        )
        return seq

    def sign(self) -> None:
        """Signs what was appended since the last signature; nothing where there is none."""
        head = self._head
        if head.seq == head.signed:
            return
        signature = self._device.sign(transaction_message(self._store_id, head.seq, head.hash))
        self._db.run(
            "INSERT INTO signature (seq, device, sig) VALUES (?, ?, ?)", (head.seq, self._device.no, signature)
        )
        self._head = msgspec.structs.replace(
            head, signed=head.seq, seal=seal_of(signature), unanchored=head.unanchored + 1
        )
        due = head.seq - head.anchored >= _ANCHOR_EVENTS or self._head.unanchored >= _ANCHOR_TRANSACTIONS
        if due:
            self.anchor()

    def anchor(self) -> None:
        """Says, signed, that this device has checked or written everything up to here."""
        head, frontier = self._head, self._frontier.to_bytes()
        signature = self._device.sign(anchor_message(self._store_id, head.seq, head.hash, frontier))
        self._db.run(
            "INSERT OR REPLACE INTO anchor (only, count, head, frontier, device, sig) VALUES (1, ?, ?, ?, ?, ?)",
            (head.seq, head.hash, frontier, self._device.no, signature),
        )
        self._head = msgspec.structs.replace(head, anchored=head.seq, unanchored=0)

    def hand_over(self, device: Device) -> None:
        """From here on this device signs; the transaction that enrols it is signed by the one before."""
        self._device = device
        self._head = msgspec.structs.replace(self._head, device_seq=0)
        self.anchor()

    def take_back(self, device: Device) -> None:
        """The device that signed before signs again: the one that was to follow was not enrolled after all."""
        self._device = device

    def _actor(self, person: Person) -> tuple[int, str]:
        known = self._actors.get(person)
        if known is None:
            text = write_person(person)
            row = self._db.one("SELECT no FROM actor WHERE person = ?", (text,))
            no = row[0] if row else self._db.run("INSERT INTO actor (person) VALUES (?)", (text,))
            known = self._actors[person] = (no, actor_digest(text))
        return known


def actor_digest(person: str) -> str:
    """What a link says of a person, given as their JSON: SHA-256 in hexadecimal."""
    return hashlib.sha256(person.encode()).hexdigest()
