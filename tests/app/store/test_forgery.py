"""Forgery: somebody with the key of the database writes a log that fits together, and it shows all the same."""

from __future__ import annotations

from pathlib import Path

import msgspec

from app.domain.events.team_events import DeviceEnrolled
from app.store.chain import commitment
from app.store.device import own_device
from tests.app.store.building import found, keys_of, reopen, tampering
from tests.app.store.forging import Forger, rehash

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


def test_a_history_written_anew_from_some_event_on_is_found(story: Path) -> None:
    with tampering(story) as db:
        body = b'{"type":"CveAssigned","id":"CVE-2099-66666","at":"2026-03-02T09:00:00Z"}'
        (seq, salt) = db.one("SELECT l.seq, b.salt FROM log l JOIN body b USING (seq) WHERE kind = 'CveAssigned'")
        db.run("UPDATE body SET content = ? WHERE seq = ?", (body, seq))
        db.run("UPDATE log SET commitment = ? WHERE seq = ?", (commitment(salt, body), seq))
        rehash(db, keys_of(story).store_id, seq - 1)
    assert found(story) >= {"signature.bad", "state.digest", "checkpoint.root"}
