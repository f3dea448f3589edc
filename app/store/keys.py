"""The keys of a store: Argon2id from a passphrase, HKDF from the store key, AES-GCM around what is kept.

store key (32 random bytes)
  HKDF-SHA256, salt = store id     info "db"    key of the database
                                   info "hdr"   key of the slot file's MAC
                                   info "wrap"  key around the device's signing key
                                   info "bak"   key of the seal of a backup
"""

from __future__ import annotations

import hmac
import json
import unicodedata
from collections.abc import Callable
from typing import Any, Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.domain.errors import Environment, Rejected

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
SALT_BYTES: Final = 16
_PASSPHRASE_BYTES: Final = 4096
_CALIBRATION_CEILING_KIB: Final = 512 * 1024


class KdfCost(msgspec.Struct, frozen=True, kw_only=True):
    """What one guess at a passphrase costs (Argon2id, RFC 9106): memory in KiB, passes, lanes."""

    memory_kib: int
    iterations: int
    lanes: int = 4

    def is_within(self, low: KdfCost, high: KdfCost) -> bool:
        """Whether neither memory nor passes lie outside the two limits."""
        return (
            low.memory_kib <= self.memory_kib <= high.memory_kib
            and low.iterations <= self.iterations <= high.iterations
            and 1 <= self.lanes <= high.lanes
        )

    def reaches(self, least: KdfCost) -> bool:
        """Whether a guess costs at least so much."""
        return self.memory_kib >= least.memory_kib and self.iterations >= least.iterations

    def raised_to(self, least: KdfCost) -> KdfCost:
        """This cost, with whatever is less than `least` brought up to it."""
        memory, iterations = max(self.memory_kib, least.memory_kib), max(self.iterations, least.iterations)
        return KdfCost(memory_kib=memory, iterations=iterations, lanes=self.lanes)


FLOOR: Final = KdfCost(memory_kib=64 * 1024, iterations=3)
"""Cheaper parameters in a slot file are a downgrade and never computed."""
CEILING: Final = KdfCost(memory_kib=2 * 1024 * 1024, iterations=10, lanes=16)
"""Dearer ones would only keep the machine busy."""


def calibrate(seconds_of: Callable[[Callable[[], object]], float], floor: KdfCost = FLOOR) -> KdfCost:
    """The cost that takes 0.5 to 1.5 s on this machine, never below the floor nor above 512 MiB.

    `seconds_of` runs the work it is given and tells how many seconds that took.
    """
    cost = floor
    spent = seconds_of(lambda: derive("calibration", b"\0" * SALT_BYTES, cost))
    while spent < 0.5 and cost.memory_kib * 2 <= _CALIBRATION_CEILING_KIB:
        dearer = msgspec.structs.replace(cost, memory_kib=cost.memory_kib * 2)
        try:
            took = seconds_of(lambda tried=dearer: derive("calibration", b"\0" * SALT_BYTES, tried))  # type: ignore[misc]
        except MemoryError:
            break
        if took > 1.5:
            break
        cost, spent = dearer, took
    return cost


def derive(passphrase: str, salt: bytes, cost: KdfCost) -> bytes:
    """32 bytes from a passphrase in Unicode's composed form (NFC), so that the keyboard's habits don't matter.

    Raises Rejected("passphrase.empty"), ("passphrase.too-long") above 4096 bytes, ("passphrase.not-text").
    """
    secret = _normal(passphrase)
    return Argon2id(
        salt=salt,
        length=KEY_BYTES,
        iterations=cost.iterations,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    ).derive(secret)


def _normal(passphrase: str) -> bytes:
    try:
        secret = unicodedata.normalize("NFC", passphrase).encode()
    except UnicodeEncodeError:
        raise Rejected("passphrase.not-text", needs="passphrase") from None
    if not secret:
        raise Rejected("passphrase.empty", needs="passphrase")
    if len(secret) > _PASSPHRASE_BYTES:
        raise Rejected("passphrase.too-long", needs="passphrase", limit=_PASSPHRASE_BYTES)
    return secret


class StoreKeys:
    """The store key, and what is derived from it; never shown, not even by accident."""

    __slots__ = ("_key", "_store_id")

    def __init__(self, key: bytes, store_id: str) -> None:
        self._key = key
        self._store_id = store_id

    @property
    def store_id(self) -> str:
        """The store these keys belong to."""
        return self._store_id

    def database(self) -> bytes:
        """The raw key of the database."""
        return self._derived(b"db")

    def mac(self, message: bytes) -> bytes:
        """The MAC that authenticates the slot file as a whole."""
        return hmac.digest(self._derived(b"hdr"), message, "sha256")

    def seal(self, message: bytes) -> bytes:
        """The MAC that tells a backup of this store from one that somebody without its key made."""
        return hmac.digest(self._derived(b"bak"), message, "sha256")

    def wrap(self, secret: bytes, nonce: bytes, bound_to: bytes) -> bytes:
        """A secret under the wrapping key, bound to what it is for."""
        return AESGCM(self._derived(b"wrap")).encrypt(nonce, secret, bound_to)

    def unwrap(self, wrapped: bytes, nonce: bytes, bound_to: bytes) -> bytes:
        """The secret again; raises Environment("store.damaged") where it was changed."""
        try:
            return AESGCM(self._derived(b"wrap")).decrypt(nonce, wrapped, bound_to)
        except (InvalidTag, ValueError):
            raise Environment("store.damaged", part="device-key") from None

    def store_key(self) -> bytes:
        """The store key itself, for a new slot around it."""
        return self._key

    def _derived(self, purpose: bytes) -> bytes:
        salt = self._store_id.encode()
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=purpose).derive(self._key)


def canonical(value: Any) -> bytes:
    """JSON in one way only: members sorted, no spaces, ASCII. What is authenticated is this form."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode()
