"""A checkpoint as text: a signed note of several lines (C2SP signed-note and tlog-checkpoint), or one line to print.

The note:

    holdfast/STORE_ID                  origin
    1234                               how many events
    BASE64                             RFC 6962 root over their hashes
    head HEX                           hash of the last of them
    time 2026-03-02T09:00:00Z          when the note was made, UTC

    \u2014 holdfast/STORE_ID/DEVICE BASE64  Ed25519 over the text above, behind the first 4 bytes of the key's hash

The line says the same of one signature: `HOLDFAST1:` and, in Crockford's base 32, the store id (0 and 17 bytes for an
id of 26 of its characters, else its length and its bytes), the count (length and bytes), root and head (32 bytes each),
the time (7 bytes, microseconds since 1970), the signature (4 + 64 bytes), and the first 4 bytes of the SHA-256 of all
that, so that a typo is no false alarm. Case, blanks, hyphens and look-alikes (O for 0, I and L for 1) do not matter.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from app.domain.errors import Rejected

LINE_MARK: Final = "HOLDFAST1:"

_LIMIT: Final = 16 * 1024
_TEXT: Final = re.compile(
    r"holdfast/(?P<store>[0-9A-Za-z]{1,64})\n(?P<count>[1-9][0-9]{0,17})\n(?P<root>[A-Za-z0-9+/]{43}=)\n"
    r"head (?P<head>[0-9a-f]{64})\ntime (?P<time>[0-9TZ:.-]{20,40})\n"
)
_SIGNATURE: Final = re.compile(r"\u2014 (?P<name>[^\s+]{1,200}) (?P<sig>[A-Za-z0-9+/]{1,200}={0,2})")
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES: Final = {letter: value for value, letter in enumerate(_ALPHABET)}
_LOOK_ALIKES: Final = str.maketrans("OIL", "011")
_MARK: Final = LINE_MARK.translate(_LOOK_ALIKES)
_BETWEEN: Final = re.compile(r"[\s\u2010-\u2015-]+")
_PACKED: Final = re.compile(rf"[{_ALPHABET}]{{26}}")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_CHECK: Final = 4
_SIGNED: Final = 4 + 64


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A checkpoint as it was read: its signed text, what it says, and its signatures by the name of their key.

    A line does not tell the name of the key: it is empty there, and the first 4 bytes of the signature stand for it.
    """

    text: str
    store_id: str
    count: int
    root: bytes
    head: bytes
    signatures: tuple[tuple[str, bytes], ...]


def note_text(store_id: str, count: int, root: bytes, head: bytes, at: datetime) -> str:
    """What is signed; `at` is UTC."""
    time = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return f"holdfast/{store_id}\n{count}\n{base64.b64encode(root).decode()}\nhead {head.hex()}\ntime {time}\n"


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


def is_line(text: str) -> bool:
    """Whether the text begins like the line of a checkpoint, however it was broken or spaced."""
    return _squeezed(text[:_LIMIT]).startswith(_MARK)


def read_checkpoint(text: str) -> Note:
    """A checkpoint in either form, a line also where it was broken, spaced or typed in by hand.

    Raises Rejected: checkpoint.malformed, and checkpoint.mistyped for a line that has a wrong character.
    """
    if len(text) > _LIMIT:
        raise Rejected("checkpoint.malformed")
    if not is_line(text):
        return read_note(text)
    return _unpacked(_bytes_of(_squeezed(text).removeprefix(_MARK)))


def checkpoint_line(note: str) -> str:
    """The one line of a note, with the first of its signatures; raises Rejected("checkpoint.malformed")."""
    read = read_note(note)
    found = _TEXT.fullmatch(read.text)
    signature = read.signatures[0][1]
    if found is None or len(signature) != _SIGNED:
        raise Rejected("checkpoint.malformed")
    content = b"".join(
        (
            _store(read.store_id),
            _sized(read.count.to_bytes(8, "big").lstrip(b"\0")),
            read.root,
            read.head,
            _microseconds(found["time"]).to_bytes(7, "big"),
            signature,
        )
    )
    return LINE_MARK + _letters_of(content + hashlib.sha256(content).digest()[:_CHECK])


def _squeezed(text: str) -> str:
    return _BETWEEN.sub("", text).upper().translate(_LOOK_ALIKES)


def _unpacked(data: bytes) -> Note:
    content, check = data[:-_CHECK], data[-_CHECK:]
    if len(content) > 512 or hashlib.sha256(content).digest()[:_CHECK] != check:
        raise Rejected("checkpoint.mistyped")
    try:
        store_id, rest = _store_of(content)
        size, rest = rest[0], rest[1:]
        count, rest = int.from_bytes(rest[:size], "big"), rest[size:]
        root, head, time, signature = rest[:32], rest[32:64], rest[64:71], rest[71:]
        at = _EPOCH + timedelta(microseconds=int.from_bytes(time, "big"))
    except (IndexError, OverflowError, UnicodeDecodeError):
        raise Rejected("checkpoint.malformed") from None
    if len(signature) != _SIGNED or not _TEXT.fullmatch(note_text(store_id, count, root, head, at)):
        raise Rejected("checkpoint.malformed")
    return Note(
        text=note_text(store_id, count, root, head, at),
        store_id=store_id,
        count=count,
        root=root,
        head=head,
        signatures=(("", signature),),
    )


def _store(store_id: str) -> bytes:
    if not _PACKED.fullmatch(store_id):
        return _sized(store_id.encode())
    number = 0
    for letter in store_id:
        number = number << 5 | _VALUES[letter]
    return b"\0" + number.to_bytes(17, "big")


def _store_of(content: bytes) -> tuple[str, bytes]:
    size = content[0]
    if size:
        return content[1 : 1 + size].decode("ascii"), content[1 + size :]
    number = int.from_bytes(content[1:18], "big")
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in range(25, -1, -1)), content[18:]


def _sized(data: bytes) -> bytes:
    return bytes((len(data),)) + data


def _letters_of(data: bytes) -> str:
    """Crockford's base 32, the last letter filled up with zero bits."""
    size = -(-len(data) * 8 // 5)
    number = int.from_bytes(data, "big") << (size * 5 - len(data) * 8)
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in range(size - 1, -1, -1))


def _bytes_of(letters: str) -> bytes:
    if not letters or len(letters) > 1024 or any(letter not in _VALUES for letter in letters):
        raise Rejected("checkpoint.mistyped")
    number = 0
    for letter in letters:
        number = number << 5 | _VALUES[letter]
    size = len(letters) * 5 // 8
    spare = len(letters) * 5 - size * 8
    if size <= _CHECK or spare >= 5 or number & ((1 << spare) - 1):
        raise Rejected("checkpoint.mistyped")
    return (number >> spare).to_bytes(size, "big")


def _microseconds(time: str) -> int:
    try:
        moment = datetime.fromisoformat(time)
        if moment.tzinfo is None or moment < _EPOCH:
            raise ValueError
    except ValueError:
        raise Rejected("checkpoint.malformed") from None
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Rejected("checkpoint.malformed") from None
