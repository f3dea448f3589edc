"""What somebody with the key of the database can write: events that fit together, a chain hashed anew."""

from __future__ import annotations

import hashlib
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.store.chain import commitment, link_hash, seal_of, transaction_message
from app.store.connection import Connection
from app.store.log import actor_digest
from tests.app.store.building import keys_of


class Forger:
    """Somebody with the key of the database who writes a chain that fits together, with a signing key of their own."""

    def __init__(self, db: Connection, folder: Path, private: bytes | None = None) -> None:
        self.db = db
        self.store_id = keys_of(folder).store_id
        self.key = Ed25519PrivateKey.from_private_bytes(private or b"f" * 32)

    def append(self, kind: str, body: bytes, *, device: int = 1, device_id: str = "", signed: bool = True) -> int:
        """A well-formed event of the first case at the end of the log."""
        db = self.db
        seq, head = db.one("SELECT seq + 1, hash FROM log ORDER BY seq DESC LIMIT 1")
        (device_seq,) = db.one("SELECT coalesce(max(device_seq), 0) + 1 FROM log WHERE device = ?", (device,))
        stream_no, stream = db.one("SELECT no, name FROM stream WHERE name = 'case:C000001'")
        (stream_prev,) = db.one("SELECT max(seq) FROM log WHERE stream = ?", (stream_no,))
        (person,) = db.one("SELECT person FROM actor WHERE no = 1")
        (identity,) = db.one("SELECT id FROM device WHERE no = ?", (device,))
        (last,) = db.one("SELECT sig FROM signature ORDER BY seq DESC LIMIT 1")
        salt, digest = b"s" * 16, hashlib.sha256(body).digest()
        fields = ("E", 0, actor_digest(person), device_id or identity, device_seq, head, seal_of(last))
        event_id, at, actor, device_name, number, prev, seal = fields
        own = link_hash(
            (
                self.store_id, seq, event_id, stream, stream_prev, kind, at, actor, device_name, number, prev.hex(),
                seal.hex(), commitment(salt, body).hex(), digest.hex(), 1,
            )
        )  # fmt: skip
        db.run(
            "INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, 1, ?)",
            (
                seq, event_id, stream_no, stream_prev, kind, at, device, number, prev, seal, commitment(salt, body),
                digest, own,
            ),
        )  # fmt: skip
        db.run("INSERT INTO body (seq, salt, content) VALUES (?, ?, ?)", (seq, salt, body))
        if signed:
            signature = self.key.sign(transaction_message(self.store_id, seq, own))
            db.run("INSERT INTO signature VALUES (?, ?, ?)", (seq, device, signature))
        return int(seq)


def rehash(db: Connection, store_id: str, after: int) -> None:
    """Makes the chain fit together again from an event on, as somebody with the key of the database could."""
    rows = db.all(
        "SELECT l.seq, event_id, s.name, stream_prev, kind, at, a.person, d.id, device_seq, seal, commitment,"
        " state_digest, state_version FROM log l JOIN stream s ON s.no = l.stream JOIN actor a ON a.no = l.actor"
        " JOIN device d ON d.no = l.device WHERE l.seq > ? ORDER BY l.seq",
        (after,),
    )
    (head,) = db.one("SELECT hash FROM log WHERE seq = ?", (after,))
    for row in rows:
        seq, event_id, stream, stream_prev, kind, at, person, device, device_seq, seal, committed, digest, version = row
        (last,) = db.one("SELECT sig FROM signature WHERE seq < ? ORDER BY seq DESC LIMIT 1", (seq,))
        new_seal = None if seal is None else seal_of(last)
        own = link_hash(
            (
                store_id, seq, event_id, stream, stream_prev, kind, at, actor_digest(person), device, device_seq,
                head.hex(), new_seal.hex() if new_seal else "", committed.hex(), digest.hex(), version,
            )
        )  # fmt: skip
        db.run("UPDATE log SET prev = ?, seal = ?, hash = ? WHERE seq = ?", (head, new_seal, own, seq))
        head = own
