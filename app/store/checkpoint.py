"""Checkpoints: signed notes of the log that are witnessed outside the store (form: `app.domain.checkpoint_note`)."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from typing import Final

from app.desk.ports.vault import Checkpoint, Finding
from app.domain.checkpoint_note import Note, checkpoint_line, note_text, read_checkpoint
from app.domain.errors import AppError
from app.store.connection import Connection
from app.store.device import Device, is_signed
from app.store.verify.chain_check import ChainCheck
from app.store.verify.findings import Findings, Watch

_ED25519: Final = b"\x01"


def make_note(store_id: str, count: int, root: bytes, head: bytes, *, at: datetime, device: Device) -> Checkpoint:
    """A checkpoint over the first `count` events, signed by this device; `at` is UTC."""
    text = note_text(store_id, count, root, head, at)
    name = key_name(store_id, device.id)
    signed = base64.b64encode(key_hash(name, device.public) + device.sign(text.encode())).decode()
    note = f"{text}\n\u2014 {name} {signed}\n"
    return Checkpoint(
        store_id=store_id,
        count=count,
        root=root.hex(),
        head=head.hex(),
        at=at,
        text=note,
        line=checkpoint_line(note),
    )


def check_note(db: Connection, store_id: str, text: str) -> tuple[Finding, ...]:
    """What differs between the log and an earlier note of it, in either form; empty when the note is a true prefix.

    Codes: checkpoint.other-store, checkpoint.ahead (the log is shorter), checkpoint.root, checkpoint.head,
    checkpoint.unsigned, checkpoint.signature, and what is wrong in the chain up to there.
    """
    note = read_checkpoint(text)
    findings = Findings()
    if note.store_id != store_id:
        findings.add("checkpoint.other-store", where=note.store_id)
        return findings.all()
    try:
        check = ChainCheck(db, store_id, findings)
        check.run(Watch(0, None, None), note.count)
    except AppError as fault:
        # How far the log goes can't be told then, and so nothing of the note either.
        findings.add("store.unreadable", detail=fault.code)
        return findings.all()
    if check.frontier.count < note.count:
        findings.add("checkpoint.ahead", note.count, detail=str(check.frontier.count))
    else:
        if check.frontier.root() != note.root:
            findings.add("checkpoint.root", note.count)
        if check.head != note.head:
            findings.add("checkpoint.head", note.count)
    _check_signatures(db, note, check.keys, findings)
    return findings.all()


def key_name(store_id: str, device_id: str) -> str:
    """The name of a device's key in a note."""
    return f"holdfast/{store_id}/{device_id}"


def key_hash(name: str, public: bytes) -> bytes:
    """The four bytes that stand before a signature (C2SP signed-note)."""
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]


def _check_signatures(db: Connection, note: Note, keys: dict[int, bytes], findings: Findings) -> None:
    """One of our devices must have signed; signatures of others are witnesses that only their own keys can check."""
    names = {
        key_name(note.store_id, device_id): keys[no]
        for no, device_id in db.all("SELECT no, id FROM device")
        if no in keys
    }
    hashes = {key_hash(name, public): name for name, public in names.items()}
    # A line has no room for the name of the key.
    signatures = [(name or hashes.get(signature[:4], ""), signature) for name, signature in note.signatures]
    own = [(name, signature) for name, signature in signatures if name in names]
    if not own:
        findings.add("checkpoint.unsigned", note.count)
    for name, signature in own:
        public = names[name]
        good = signature[:4] == key_hash(name, public) and is_signed(public, signature[4:], note.text.encode())
        if not good:
            findings.add("checkpoint.signature", note.count, where=name)
