"""How the log is chained: the public format of a link, so that a short script with nothing but hashlib can check it.

A link is the compact JSON array (no spaces, ASCII only)

    ["holdfast-event-1", store_id, seq, event_id, stream, stream_prev, kind, at, actor, device, device_seq,
     prev, seal, commitment, state_digest, state_version]

    seq            1, 2, 3 … over the whole store
    stream         "team", "case:ID" or "release:ID"
    stream_prev    seq of the event before in the same stream, 0 for the first
    at             whole microseconds since 1970-01-01T00:00:00Z
    actor          SHA-256, in hexadecimal, of the UTF-8 JSON of the person (table `actor`)
    device         id of the installation; device_seq counts its events 1, 2, 3 …
    prev           hash of the link before, in hexadecimal; 64 zeros for the first
    seal           in the first event of a transaction: SHA-256 of the signature over the transaction before, in
                   hexadecimal (of no bytes at all for the very first); "" in every other event
    commitment     HMAC-SHA256 of the body, keyed with its random salt, in hexadecimal (table `body`)
    state_digest   SHA-256 of the JSON of the stream's state after the event, in hexadecimal
    state_version  the version of the rules that made that state

    hash = SHA-256(0x00 || link)

which is the leaf hash of RFC 6962, section 2.1, so that the hashes of the log are at once the leaves of its Merkle
tree. A transaction is signed (Ed25519) by its device over "holdfast-transaction-1\\nSTORE\\nSEQ\\nHASH\\n" of its last
event. Since the seals lie in the chain, a signature vouches for every signature before it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from app.domain.errors import Defect

ZERO: Final = bytes(32)
STATE_VERSION: Final = 1
"""The version of the rules (`evolve` and the values' JSON) that state digests of new events are made by."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_STREAM: Final = re.compile(r"team|(?:case|release):[A-Za-z0-9._-]{1,64}")
_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_JSON: Final = msgspec.json.Encoder()


def link_hash(link: tuple[Any, ...]) -> bytes:
    """SHA-256(0x00 || link) of a link without its leading format word."""
    return hashlib.sha256(b"\x00" + _JSON.encode(("holdfast-event-1", *link))).digest()


def commitment(salt: bytes, body: bytes) -> bytes:
    """What the chain says of a body without telling it."""
    return hmac.digest(salt, body, "sha256")


def seal_of(signature: bytes) -> bytes:
    """What the next transaction says of the signature before it."""
    return hashlib.sha256(signature).digest()


def transaction_message(store_id: str, seq: int, head: bytes) -> bytes:
    """What a device signs of a transaction."""
    return f"holdfast-transaction-1\n{store_id}\n{seq}\n{head.hex()}\n".encode()


def anchor_message(store_id: str, count: int, head: bytes, frontier: bytes) -> bytes:
    """What a device signs when it has checked the log up to here."""
    return f"holdfast-anchor-1\n{store_id}\n{count}\n{head.hex()}\n{hashlib.sha256(frontier).hexdigest()}\n".encode()


def demand_stream(name: str) -> str:
    """The name of a stream, or Defect: nothing else may get into a link."""
    if not _STREAM.fullmatch(name):
        raise Defect("store.bad-stream")
    return name


def demand_id(name: str) -> str:
    """An event or device id, or Defect."""
    if not _ID.fullmatch(name):
        raise Defect("store.bad-id")
    return name


def microseconds(moment: datetime) -> int:
    """A UTC instant as the log keeps it."""
    if moment.tzinfo is None:
        raise Defect("store.naive-time")
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(microseconds_: int) -> datetime:
    """The UTC instant again."""
    return _EPOCH + timedelta(microseconds=microseconds_)


class Frontier:
    """The Merkle tree of the log so far: the roots of its full subtrees (RFC 6962, section 2.1), largest first."""

    __slots__ = ("_roots", "count")

    def __init__(self, count: int = 0, roots: bytes = b"") -> None:
        self.count = count
        self._roots = [roots[place : place + 32] for place in range(0, len(roots), 32)]
        if len(roots) != 32 * count.bit_count():
            raise ValueError("not the frontier of a tree of this size")

    def add(self, leaf: bytes) -> None:
        """Appends a leaf by its hash."""
        roots, size = self._roots, self.count
        node = leaf
        while size & 1:
            node = hashlib.sha256(b"\x01" + roots.pop() + node).digest()
            size >>= 1
        roots.append(node)
        self.count += 1

    def root(self) -> bytes:
        """The head of the tree; SHA-256 of nothing while it is empty."""
        if not self._roots:
            return hashlib.sha256().digest()
        node = self._roots[-1]
        for left in reversed(self._roots[:-1]):
            node = hashlib.sha256(b"\x01" + left + node).digest()
        return node

    def to_bytes(self) -> bytes:
        """The roots one after the other; `Frontier(count, these)` goes on from here."""
        return b"".join(self._roots)

    def copy(self) -> Frontier:
        """A frontier of its own that goes on from here."""
        return Frontier(self.count, self.to_bytes())
