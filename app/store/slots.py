"""The slot file of a store: public parameters and the wrapped store key, one slot for each way in.

`keyslots.json`, format "holdfast-keyslots-1": store_id, epoch (of the store key), revision (of this file, counts up),
slots, mac: HMAC-SHA256 under the "hdr" key over the canonical JSON of everything else, and sum: SHA-256 over the
canonical JSON of everything with the mac, which anybody can check: it tells a damaged file from a wrong passphrase.
A slot has id, label, type and created; one of type "passphrase" has kdf (name, memory_kib, iterations, lanes, salt),
nonce and wrapped: the store key under AES-256-GCM, with everything else of the slot, the format, the store id and the
epoch as authenticated data. Bytes are base64. Slots of a type this version does not know are kept and not tried.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from typing import Any, Final, Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.desk.ports.clock import Ids
from app.domain.errors import Environment, Rejected
from app.domain.json_limits import load_json
from app.store.keys import CEILING, FLOOR, KEY_BYTES, NONCE_BYTES, SALT_BYTES, KdfCost, StoreKeys, canonical, derive

FORMAT: Final = "holdfast-keyslots-1"
FILE_LIMIT: Final = 64 * 1024
_MAX_SLOTS: Final = 32
_STORE_ID: Final = re.compile(r"[0-9A-Za-z]{16,40}")


class SlotsDamaged(Exception):
    """This copy of the slot file can't be used: `reason` is a short key."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Kdf(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the key of a passphrase slot is made."""

    name: Literal["argon2id"]
    memory_kib: int
    iterations: int
    lanes: int
    salt: str

    def cost(self) -> KdfCost:
        """The parameters without the salt."""
        return KdfCost(memory_kib=self.memory_kib, iterations=self.iterations, lanes=self.lanes)


class PassphraseSlot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The store key behind a passphrase; `created` is RFC 3339 in UTC."""

    id: str
    label: str
    type: Literal["passphrase"]
    created: str
    kdf: Kdf
    nonce: str
    wrapped: str


class SlotFile:
    """One copy of the slot file as it was read or made; the JSON stays whole, so that nothing unknown gets lost."""

    def __init__(self, content: dict[str, Any], floor: KdfCost = FLOOR) -> None:
        self._content = content
        self._floor = floor

    @property
    def store_id(self) -> str:
        """The store that the slots open."""
        return str(self._content["store_id"])

    @property
    def revision(self) -> int:
        """How often this file was written; an old one put back has a lower number than the database remembers."""
        return int(self._content["revision"])

    @property
    def content(self) -> dict[str, Any]:
        """Everything in the file."""
        return self._content

    def to_bytes(self) -> bytes:
        """The file as it is written."""
        return (json.dumps(self._content, indent=2, sort_keys=True) + "\n").encode()

    def unlock(self, passphrase: str) -> StoreKeys | None:
        """The keys that this passphrase opens, or None; raises SlotsDamaged where the file was changed."""
        for slot in self.passphrase_slots():
            key = self._opened(slot, passphrase)
            if key is not None:
                keys = StoreKeys(key, self.store_id)
                self.check(keys)
                return keys
        return None

    def is_opened_by(self, slot: PassphraseSlot, passphrase: str) -> bool:
        """Whether this passphrase opens this slot."""
        return self._opened(slot, passphrase) is not None

    def check(self, keys: StoreKeys) -> None:
        """Raises SlotsDamaged where the MAC is not that of this store."""
        if not hmac.compare_digest(_decoded(self._content["mac"], KEY_BYTES), keys.mac(self._authenticated())):
            raise SlotsDamaged("mac")

    def passphrase_slots(self) -> tuple[PassphraseSlot, ...]:
        """The slots that a passphrase can open; raises SlotsDamaged for one that this version would never write."""
        raw = (slot for slot in self._content["slots"] if slot["type"] == "passphrase")
        return tuple(_passphrase_slot(slot, self._floor) for slot in raw)

    def with_passphrase(
        self, keys: StoreKeys, passphrase: str, *, slot_id: str, label: str, created: str, cost: KdfCost, ids: Ids
    ) -> SlotFile:
        """A new file where the slot `slot_id` is opened by this passphrase; every other slot stays untouched."""
        salt, nonce = ids.secret(SALT_BYTES), ids.secret(NONCE_BYTES)
        kdf = {"name": "argon2id", **msgspec.structs.asdict(cost), "salt": _encoded(salt)}
        slot = {"id": slot_id, "label": label, "type": "passphrase", "created": created, "kdf": kdf}
        bound_to = self._bound(slot)
        wrapped = AESGCM(derive(passphrase, salt, cost)).encrypt(nonce, keys.store_key(), bound_to)
        slot |= {"nonce": _encoded(nonce), "wrapped": _encoded(wrapped)}
        others = [other for other in self._content["slots"] if other["id"] != slot_id]
        content = {**self._content, "slots": [*others, slot], "revision": self.revision + 1}
        changed = SlotFile(content, self._floor)
        content["mac"] = _encoded(keys.mac(changed._authenticated()))
        content["sum"] = _sum(content)
        return changed

    def _opened(self, slot: PassphraseSlot, passphrase: str) -> bytes | None:
        salt, nonce = _decoded(slot.kdf.salt, SALT_BYTES), _decoded(slot.nonce, NONCE_BYTES)
        wrapped = _decoded(slot.wrapped, KEY_BYTES + 16)
        public = msgspec.to_builtins(slot)
        bound_to = self._bound({name: public[name] for name in public if name not in ("nonce", "wrapped")})
        try:
            key = derive(passphrase, salt, slot.kdf.cost())
        except MemoryError:
            raise Environment("memory.full", kib=slot.kdf.memory_kib) from None
        try:
            return AESGCM(key).decrypt(nonce, wrapped, bound_to)
        except InvalidTag:
            return None

    def _bound(self, slot: dict[str, Any]) -> bytes:
        whose = {"format": FORMAT, "store_id": self.store_id, "epoch": self._content["epoch"]}
        return canonical({**whose, "slot": slot})

    def _authenticated(self) -> bytes:
        return canonical({name: value for name, value in self._content.items() if name not in ("mac", "sum")})


def new_slot_file(store_id: str, floor: KdfCost = FLOOR) -> SlotFile:
    """A slot file without a way in yet."""
    content = {"format": FORMAT, "store_id": store_id, "epoch": 1, "revision": 0, "slots": [], "mac": "", "sum": ""}
    return SlotFile(content, floor)


def read_slot_file(data: bytes, floor: KdfCost = FLOOR) -> SlotFile:
    """A copy of the slot file from its bytes.

    Raises SlotsDamaged: `malformed`, `sum`, `kdf` (parameters below the floor or above the ceiling), `newer`.
    """
    try:
        content = load_json(data, "keyslots.json", FILE_LIMIT, 8)
    except Rejected as fault:
        raise SlotsDamaged("malformed") from fault
    if not isinstance(content, dict):
        raise SlotsDamaged("malformed")
    stated = content.get("format")
    if stated != FORMAT:
        newer = isinstance(stated, str) and stated.startswith("holdfast-keyslots-")
        raise SlotsDamaged("newer" if newer else "malformed")
    _demand_shape(content)
    if content["sum"] != _sum(content):
        raise SlotsDamaged("sum")
    file = SlotFile(content, floor)
    # Read now: a downgrade is damage, whatever the passphrase.
    file.passphrase_slots()
    return file


def _demand_shape(content: dict[str, Any]) -> None:
    slots, numbers = content.get("slots"), (content.get("epoch"), content.get("revision"))
    fits = (
        isinstance(content.get("store_id"), str)
        and _STORE_ID.fullmatch(content["store_id"]) is not None
        and all(type(number) is int and 0 < number < 2**31 for number in numbers)
        and isinstance(content.get("mac"), str)
        and isinstance(content.get("sum"), str)
        and isinstance(slots, list)
        and 0 < len(slots) <= _MAX_SLOTS
        and all(isinstance(s, dict) and isinstance(s.get("type"), str) and isinstance(s.get("id"), str) for s in slots)
    )
    if not fits:
        raise SlotsDamaged("malformed")


def _passphrase_slot(raw: dict[str, Any], floor: KdfCost) -> PassphraseSlot:
    try:
        slot = msgspec.convert(raw, PassphraseSlot)
    except msgspec.ValidationError as fault:
        raise SlotsDamaged("malformed") from fault
    if not slot.kdf.cost().is_within(floor, CEILING):
        raise SlotsDamaged("kdf")
    return slot


def _sum(content: dict[str, Any]) -> str:
    return hashlib.sha256(canonical({k: v for k, v in content.items() if k != "sum"})).hexdigest()


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _decoded(text: str, size: int) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise SlotsDamaged("malformed") from fault
    if len(data) != size:
        raise SlotsDamaged("malformed")
    return data
