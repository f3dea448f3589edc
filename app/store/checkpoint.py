"""Checkpoints: signed notes of the log that are witnessed outside the store (C2SP signed-note and tlog-checkpoint).

holdfast/STORE_ID                  origin
1234                               how many events
BASE64                             RFC 6962 root over their hashes
head HEX                           hash of the last of them
time 2026-03-02T09:00:00Z          when the note was made, UTC

— holdfast/STORE_ID/DEVICE BASE64  Ed25519 over the text above, behind the first 4 bytes of the key's hash
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from datetime import UTC, datetime
from typing import Final

import msgspec

from app.desk.ports.vault import Checkpoint, Finding
from app.domain.errors import Rejected
from app.store.connection import Connection
from app.store.device import Device, is_signed
from app.store.verify.chain_check import ChainCheck
from app.store.verify.findings import Findings, Watch

_LIMIT: Final = 16 * 1024
_TEXT: Final = re.compile(
    r"holdfast/(?P<store>[0-9A-Za-z]{1,64})\n(?P<count>[1-9][0-9]{0,17})\n(?P<root>[A-Za-z0-9+/]{43}=)\n"
    r"head (?P<head>[0-9a-f]{64})\ntime (?P<time>[0-9TZ:.-]{20,40})\n"
)
_SIGNATURE: Final = re.compile(r"\u2014 (?P<name>[^\s+]{1,200}) (?P<sig>[A-Za-z0-9+/]{1,200}={0,2})")
_ED25519: Final = b"\x01"


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A note as it was read: its signed text, what it says, and its signatures by the name of their key."""

    text: str
    store_id: str
    count: int
    root: bytes
    head: bytes
    signatures: tuple[tuple[str, bytes], ...]


def make_note(store_id: str, count: int, root: bytes, head: bytes, *, at: datetime, device: Device) -> Checkpoint:
    """A checkpoint over the first `count` events, signed by this device; `at` is UTC."""
    time = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    encoded = base64.b64encode(root).decode()
    text = f"holdfast/{store_id}\n{count}\n{encoded}\nhead {head.hex()}\ntime {time}\n"
    name = key_name(store_id, device.id)
    signed = base64.b64encode(key_hash(name, device.public) + device.sign(text.encode())).decode()
    return Checkpoint(
        store_id=store_id,
        count=count,
        root=root.hex(),
        head=head.hex(),
        at=at,
        text=f"{text}\n\u2014 {name} {signed}\n",
    )


def read_note(note: str) -> Note:
    """A note from its text, whatever line ends it went through; raises Rejected("checkpoint.malformed")."""
    if len(note) > _LIMIT:
        raise Rejected("checkpoint.malformed")
    text, gap, rest = note.replace("\r\n", "\n").partition("\n\n")
    found = _TEXT.fullmatch(text + "\n")
    lines = rest.rstrip("\n").split("\n")
    signatures = [_SIGNATURE.fullmatch(line) for line in lines]
    if found is None or not gap or not all(signatures) or len(lines) > 32:
        raise Rejected("checkpoint.malformed")
    return Note(
        text=text + "\n",
        store_id=found["store"],
        count=int(found["count"]),
        root=base64.b64decode(found["root"]),
        head=bytes.fromhex(found["head"]),
        signatures=tuple((s["name"], _decoded(s["sig"])) for s in signatures if s is not None),
    )


def check_note(db: Connection, store_id: str, text: str) -> tuple[Finding, ...]:
    """What differs between the log and an earlier note of it; empty when the note is a true prefix.

    Codes: checkpoint.other-store, checkpoint.ahead (the log is shorter), checkpoint.root, checkpoint.head,
    checkpoint.unsigned, checkpoint.signature, and what is wrong in the chain up to there.
    """
    note = read_note(text)
    findings = Findings()
    if note.store_id != store_id:
        findings.add("checkpoint.other-store", where=note.store_id)
        return findings.all()
    check = ChainCheck(db, store_id, findings)
    check.run(Watch(0, None, None), note.count)
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
    own = [(name, signature) for name, signature in note.signatures if name in names]
    if not own:
        findings.add("checkpoint.unsigned", note.count)
    for name, signature in own:
        public = names[name]
        good = signature[:4] == key_hash(name, public) and is_signed(public, signature[4:], note.text.encode())
        if not good:
            findings.add("checkpoint.signature", note.count, where=name)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Rejected("checkpoint.malformed") from None
