"""The file of a backup: one container with the slots and the database, sealed by the store key, read as hostile input.

    "holdfast-backup-1\\n"
    4 bytes             length of the manifest, big-endian
    manifest            canonical JSON, see `Manifest`; it lies open, and says nothing of any case
    32 bytes            seal of everything so far: HMAC-SHA256 of its SHA-256 under the store's "bak" key
    slots               the slot file as it was
    database            the database as it lay on the disk, encrypted
    32 bytes            seal of everything so far, likewise
    32 bytes            SHA-256 of everything so far, which anybody can check

Every length is known from the manifest, so the file has exactly one size. Each byte lies under the digest, which is the
end of every later format too; what counts lies under a seal as well: whoever changes a byte and makes the digest anew
still lacks the key.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final, Literal

import msgspec

from app.desk.ports.streams import InStream, OutStream
from app.desk.ports.vault import Cancelled, Progress
from app.domain.errors import Environment, Rejected
from app.domain.json_limits import load_json
from app.store.keys import StoreKeys, canonical
from app.store.pages import PAGE
from app.store.slots import FILE_LIMIT

FORMAT: Final = "holdfast-backup-1"
MAGIC: Final = FORMAT.encode() + b"\n"
_FAMILY: Final = b"holdfast-backup-"
_LENGTH: Final = 4
_DIGEST: Final = 32
_MANIFEST_LIMIT: Final = 64 * 1024
_PIECE: Final = 1024 * 1024
_MOST: Final = 2**53


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a backup says of itself: whose it is, when it was made (RFC 3339, UTC), how far its log goes.

    `schema` is the number of the database's format, `epoch` that of the store key, `note` a checkpoint over the log or
    empty, `slots` and `database` are sizes in bytes.
    """

    format: Literal["holdfast-backup-1"] = FORMAT
    store_id: str
    created: str
    program: str
    schema: int
    epoch: int
    events: int
    head: str
    note: str = ""
    slots: int
    database: int

    def at(self) -> datetime:
        """When it was made, UTC."""
        return datetime.fromisoformat(self.created).astimezone(UTC)

    def is_sound(self) -> bool:
        """Whether every field lies within what this version would write."""
        numbers = (self.schema, self.epoch, self.slots, self.database)
        return (
            0 < len(self.store_id) <= 40
            and self.store_id.isalnum()
            and self.store_id.isascii()
            and len(self.program) <= 40
            and len(self.head) == 2 * _DIGEST
            and not set(self.head) - set("0123456789abcdef")
            and 0 < self.events < _MOST
            and all(0 < number < _MOST for number in numbers)
            and self.slots <= FILE_LIMIT
            and self.database % PAGE == 0
            and _is_instant(self.created)
        )


class Front(msgspec.Struct, frozen=True, kw_only=True):
    """The beginning of a container: the manifest, its bytes with what stands before them, and their seal."""

    manifest: Manifest
    covered: bytes
    seal: bytes

    def is_sealed_by(self, keys: StoreKeys) -> bool:
        """Whether somebody with this store key made the manifest."""
        return hmac.compare_digest(self.seal, keys.seal(hashlib.sha256(self.covered).digest()))

    def size(self) -> int:
        """Bytes of the whole container."""
        return len(self.covered) + _DIGEST + self.manifest.slots + self.manifest.database + 2 * _DIGEST


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """A container that was written: the SHA-256 of the whole file in hexadecimal, and its bytes."""

    sha256: str
    size: int


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A container whose digest held: what it says, its slot file, the digest of the whole file in hexadecimal."""

    front: Front
    slots: bytes
    sha256: str
    sealed: bytes
    seal: bytes

    def is_sealed_by(self, keys: StoreKeys) -> bool:
        """Whether somebody with this store key made all of it."""
        return self.front.is_sealed_by(keys) and hmac.compare_digest(self.seal, keys.seal(self.sealed))


def write_container(
    out: OutStream,
    manifest: Manifest,
    slots: bytes,
    database: Iterator[bytes],
    keys: StoreKeys,
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Sealed:
    """Writes a container; raises Rejected("backup.cancelled"), Environment("store.database-truncated"), disk.*."""
    digest = hashlib.sha256()
    size = 0

    def put(data: bytes) -> None:
        nonlocal size
        out.write(data)
        digest.update(data)
        size += len(data)

    stated = canonical(msgspec.to_builtins(manifest))
    put(MAGIC + len(stated).to_bytes(_LENGTH, "big") + stated)
    put(keys.seal(digest.digest()))
    put(slots)
    copied = 0
    for piece in database:
        _go_on(cancelled)
        put(piece)
        copied += len(piece)
        if progress is not None:
            progress(copied, manifest.database)
    if copied != manifest.database:
        raise Environment("store.database-truncated")
    put(keys.seal(digest.digest()))
    put(digest.digest())
    return Sealed(sha256=digest.hexdigest(), size=size)


def read_front(stream: InStream, *, whole: bool = False) -> Front:
    """The beginning of a container, nothing of it proved yet.

    `whole` reads a file of a later version to its end, to tell it from one where a bit of the first line flipped; for a
    list it is not read, since whoever planted such a file chose its size. Raises Environment: backup.not-a-backup,
    backup.newer (a later version made it), backup.damaged (reason: malformed, size, digest).
    """
    magic = stream.read(len(MAGIC))
    if not magic.startswith(_FAMILY):
        raise Environment("backup.not-a-backup")
    if magic != MAGIC:
        if whole and not _ends_in_its_digest(stream, magic):
            raise Environment("backup.damaged", reason="digest")
        raise Environment("backup.newer")
    length = stream.read(_LENGTH)
    stated = int.from_bytes(length, "big")
    if len(length) != _LENGTH or not 0 < stated <= _MANIFEST_LIMIT:
        raise Environment("backup.damaged", reason="malformed")
    data = stream.read(stated)
    front = Front(manifest=_manifest(data), covered=magic + length + data, seal=stream.read(_DIGEST))
    if front.size() != stream.size:
        raise Environment("backup.damaged", reason="size")
    return front


def take(
    stream: InStream,
    database: OutStream | None = None,
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Taken:
    """Reads a whole container and writes its database out; what it gives was covered by the digest.

    Raises Environment as `read_front` does, and backup.damaged (digest); Rejected("backup.cancelled"). What was written
    to `database` counts only if nothing was raised.
    """
    front = read_front(stream, whole=True)
    digest = hashlib.sha256(front.covered + front.seal)
    slots = stream.read(front.manifest.slots)
    digest.update(slots)
    left = whole = front.manifest.database
    while left:
        _go_on(cancelled)
        piece = stream.read(min(left, _PIECE))
        if not piece:
            raise Environment("backup.damaged", reason="size")
        digest.update(piece)
        if database is not None:
            database.write(piece)
        left -= len(piece)
        if progress is not None:
            progress(whole - left, whole)
    sealed = digest.digest()
    seal = stream.read(_DIGEST)
    digest.update(seal)
    stated = stream.read(_DIGEST)
    if stated != digest.digest() or stream.read(1):
        raise Environment("backup.damaged", reason="digest")
    digest.update(stated)
    return Taken(front=front, slots=slots, sha256=digest.hexdigest(), sealed=sealed, seal=seal)


def _manifest(data: bytes) -> Manifest:
    try:
        manifest = msgspec.convert(load_json(data, "manifest", _MANIFEST_LIMIT, 4), Manifest)
    except (Rejected, msgspec.ValidationError):
        raise Environment("backup.damaged", reason="malformed") from None
    if not manifest.is_sound() or canonical(msgspec.to_builtins(manifest)) != data:
        raise Environment("backup.damaged", reason="malformed")
    return manifest


def _ends_in_its_digest(stream: InStream, begun: bytes) -> bool:
    """Whether the last 32 bytes are the SHA-256 of all before them, as they are in every format: so nothing flipped."""
    digest, held = hashlib.sha256(), begun
    while piece := stream.read(_PIECE):
        held += piece
        digest.update(held[:-_DIGEST])
        held = held[-_DIGEST:]
    return held == digest.digest()


def _is_instant(text: str) -> bool:
    try:
        moment = datetime.fromisoformat(text)
        # Near the first and the last year there are instants that are none in UTC.
        return len(text) <= 40 and moment.tzinfo is not None and moment.astimezone(UTC).isoformat() != ""
    except (ValueError, OverflowError):
        return False


def _go_on(cancelled: Cancelled | None) -> None:
    if cancelled is not None and cancelled():
        raise Rejected("backup.cancelled")
