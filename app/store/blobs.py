"""Files inside the store: chunks of 1 MiB, each with its digest, checked at every read.

SQLCipher takes a page of zeros for a page; only the digest of the chunk tells that bytes are gone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Final

from app.domain.errors import Environment, Rejected
from app.store.connection import Connection

CHUNK: Final = 1024 * 1024
LIMIT: Final = 100 * 1024 * 1024
"""Bytes of one file."""
_SHIFT: Final = 20
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


class Blobs:
    """Stores files once each, by their SHA-256."""

    def __init__(self, db: Connection, limit: int = LIMIT) -> None:
        self._db = db
        self._limit = limit

    def put(self, data: bytes | Iterable[bytes]) -> tuple[str, int]:
        """Stores a file unless it is there already; gives its SHA-256 in hexadecimal and its size in bytes.

        Raises Rejected("blob.too-large"); what was written by then is the caller's savepoint to take back.
        """
        if isinstance(data, bytes | bytearray | memoryview):
            self._demand_size(len(data))
            digest = hashlib.sha256(data).digest()
            if self._db.one("SELECT no FROM blob WHERE sha256 = ?", (digest,)) is not None:
                return digest.hex(), len(data)
            data = (bytes(data),)
        return self._store(data)

    def _store(self, parts: Iterable[bytes]) -> tuple[str, int]:
        whole, size, count = hashlib.sha256(), 0, 0
        no = self._db.one("SELECT coalesce(max(no), 0) + 1 FROM blob")[0]
        for chunk in _chunks(parts):
            size += len(chunk)
            self._demand_size(size)
            whole.update(chunk)
            self._db.run(
                "INSERT INTO blob_chunk (id, sha256, content) VALUES (?, ?, ?)",
                (no << _SHIFT | count, hashlib.sha256(chunk).digest(), chunk),
            )
            count += 1
        if self._db.one("SELECT no FROM blob WHERE sha256 = ?", (whole.digest(),)) is not None:
            self._db.run("DELETE FROM blob_chunk WHERE id BETWEEN ? AND ?", _span(no))
        else:
            self._db.run(
                "INSERT INTO blob (no, sha256, size, chunks) VALUES (?, ?, ?, ?)", (no, whole.digest(), size, count)
            )
        return whole.hexdigest(), size

    def read(self, sha256: str) -> Iterator[bytes]:
        """The chunks of a file; raises Environment: blob.missing, and blob.damaged before a wrong byte is given out."""
        row = None
        if _DIGEST.fullmatch(sha256):
            row = self._db.one("SELECT no, size, chunks FROM blob WHERE sha256 = ?", (bytes.fromhex(sha256),))
        if row is None:
            raise Environment("blob.missing")
        no, size, chunks = row
        whole, read = hashlib.sha256(), 0
        for place in range(chunks):
            found = self._db.one("SELECT sha256, content FROM blob_chunk WHERE id = ?", (no << _SHIFT | place,))
            if found is None or hashlib.sha256(found[1]).digest() != found[0]:
                raise Environment("blob.damaged", sha256=sha256)
            whole.update(found[1])
            read += len(found[1])
            # The last chunk is given out only once the whole is known to be right.
            if place == chunks - 1 and (read != size or whole.hexdigest() != sha256):
                raise Environment("blob.damaged", sha256=sha256)
            yield found[1]

    def remove(self, sha256: str) -> None:
        """Takes a file away for good; nothing where there is none."""
        row = None
        if _DIGEST.fullmatch(sha256):
            row = self._db.one("SELECT no FROM blob WHERE sha256 = ?", (bytes.fromhex(sha256),))
        if row is not None:
            self._db.run("DELETE FROM blob_chunk WHERE id BETWEEN ? AND ?", _span(row[0]))
            self._db.run("DELETE FROM blob WHERE no = ?", row)

    def digests(self) -> Iterator[str]:
        """Every stored file by its SHA-256."""
        for (digest,) in self._db.all("SELECT sha256 FROM blob ORDER BY no"):
            yield digest.hex()

    def has(self, sha256: str) -> bool:
        """Whether a file of this digest is there."""
        if not _DIGEST.fullmatch(sha256):
            return False
        return self._db.one("SELECT no FROM blob WHERE sha256 = ?", (bytes.fromhex(sha256),)) is not None

    def _demand_size(self, size: int) -> None:
        if size > self._limit:
            raise Rejected("blob.too-large", limit=self._limit)


def _span(no: int) -> tuple[int, int]:
    return no << _SHIFT, (no + 1 << _SHIFT) - 1


def _chunks(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in chunks of 1 MiB; copies only what straddles a border."""
    rest = bytearray()
    for part in parts:
        rest += part
        start = 0
        while len(rest) - start >= CHUNK:
            yield bytes(rest[start : start + CHUNK])
            start += CHUNK
        if start:
            del rest[:start]
    if rest:
        yield bytes(rest)
