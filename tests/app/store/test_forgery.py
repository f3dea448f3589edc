"""Forgery: somebody with the key of the database writes a log that fits together, and it shows all the same."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.domain.events.team_events import DeviceEnrolled
from app.store.chain import commitment, link_hash, seal_of, transaction_message
from app.store.connection import Connection
from app.store.device import own_device
from app.store.log import actor_digest
from tests.app.store.building import found, keys_of, reopen, tampering


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


NOTE = b'{"type":"NoteAdded","text":"They agreed."}'


def test_an_event_in_the_name_of_the_device_without_its_key_is_found(story: Path) -> None:
    with tampering(story) as db:
        Forger(db, story).append("NoteAdded", NOTE)
    assert "signature.bad" in found(story)


def test_an_event_of_a_device_that_nobody_enrolled_is_found(story: Path) -> None:
    with tampering(story) as db:
        db.run("INSERT INTO device (no, id) VALUES (2, 'FORGED')")
        Forger(db, story).append("NoteAdded", NOTE, device=2)
    assert "device.unknown" in found(story)


def test_a_device_that_enrols_itself_is_found(story: Path) -> None:
    with tampering(story) as db:
        db.run("INSERT INTO device (no, id) VALUES (2, 'FORGED')")
        forger = Forger(db, story)
        enrolment = DeviceEnrolled(device="FORGED", public_key=forger.key.public_key().public_bytes_raw().hex())
        forger.append("DeviceEnrolled", msgspec.json.encode(enrolment), device=2)
    assert "device.unknown" in found(story)


def test_an_event_without_a_signature_is_found(story: Path) -> None:
    with tampering(story) as db:
        Forger(db, story).append("NoteAdded", NOTE, signed=False)
    assert "signature.missing" in found(story)


def test_even_with_the_stolen_key_of_the_device_the_state_does_not_fit(story: Path) -> None:
    with tampering(story) as db:
        device = own_device(db, keys_of(story))
        forger = Forger(db, story)
        forger.key = device._key
        forger.append("NoteAdded", NOTE)
    assert found(story) == {"state.digest", "state.snapshot", "projection.differs"}


def test_one_bad_signature_among_many_is_named_by_its_number(story: Path) -> None:
    with tampering(story) as db:
        db.run("UPDATE signature SET sig = zeroblob(64) WHERE seq = 5")
        # The seal after it is mended as well, with every hash from there on: only the signatures can tell.
        rehash(db, keys_of(story).store_id, 5)
    vault = reopen(story, inspect=True)
    bad = [f.seq for f in vault.verify().findings if f.code == "signature.bad"]
    vault.close()
    assert bad[0] == 5
    assert len(bad) > 3


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


def test_a_history_written_anew_from_some_event_on_is_found(story: Path) -> None:
    with tampering(story) as db:
        body = b'{"type":"CveAssigned","id":"CVE-2099-66666","at":"2026-03-02T09:00:00Z"}'
        (seq, salt) = db.one("SELECT l.seq, b.salt FROM log l JOIN body b USING (seq) WHERE kind = 'CveAssigned'")
        db.run("UPDATE body SET content = ? WHERE seq = ?", (body, seq))
        db.run("UPDATE log SET commitment = ? WHERE seq = ?", (commitment(salt, body), seq))
        rehash(db, keys_of(story).store_id, seq - 1)
    assert found(story) >= {"signature.bad", "state.digest", "checkpoint.root"}
