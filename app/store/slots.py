"""The slot file of a store: public parameters and the store key, sealed once for each way in.

`keyslots.json`, format "holdfast-keyslots-2": store_id, epoch (of the store key), revision (of this file, counts up),
slots, database (the salt of cases.db: it tells a slot file of before a replaced key from a damaged database), pending
while the store key is being replaced, mac: HMAC-SHA256 under the "hdr" key over the canonical JSON of everything else,
and sum: SHA-256 over the canonical JSON of everything with the mac, which anybody can check: it tells a damaged file
from a wrong passphrase. The file has one spelling; any other is damage.

A slot is a key pair (X25519) and a bond, 32 random bytes. The public key stands in the open and the store key is sealed
to it; private key and bond are wrapped (AES-256-GCM) under the key that the secret of the way in gives (`slot_kinds`),
and the bond once more under the store key. So the store key can be replaced for every way in without asking for any
secret, and somebody who learnt an old store key together with an old slot file learns nothing of the next one: opening
what is sealed to a slot takes the secret of that slot, not the store key. Sealing takes the bond beside the public key:
whoever has neither a secret nor the store key can't make a slot file that leads a secret to a key of their choice, and
so no store and no backup either. What is authenticated with the private key is everything of the slot but its label and
what the store key is needed for; with the sealed store key, the label and the epoch too. Slots of a kind this version
does not know are kept, sealed to anew, and not tried.

Format "holdfast-keyslots-1" had one slot, where the key of the passphrase wrapped the store key itself. It is read for
ever, and becomes format 2 when the store is opened.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from typing import Any

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from typing_extensions import override

from app.desk.ports.clock import Ids
from app.desk.ports.keys import Secret
from app.domain.errors import Defect, Rejected
from app.domain.json_limits import load_json
from app.store.keys import FLOOR, KEY_BYTES, NONCE_BYTES, KdfCost, StoreKeys, canonical
from app.store.sealing import TAG_BYTES, Box, opened, public_of, sealed
from app.store.slot_kinds import Doors, Kdf, NewWay, SlotsDamaged, decoded, encoded, kind_of
from app.store.slot_shape import FILE_LIMIT, FORMAT, FORMAT_1, MAX_SLOTS, demand_shape, demand_slot

__all__ = [
    "FILE_LIMIT",
    "FORMAT",
    "FORMAT_1",
    "MAX_SLOTS",
    "Opened",
    "SlotFile",
    "SlotsDamaged",
    "new_slot_file",
    "read_slot_file",
]


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """What a secret opened: the keys of the store, which slot, and the key of that slot."""

    keys: StoreKeys
    slot: str
    key: bytes

    @override
    def __repr__(self) -> str:
        return f"Opened(slot={self.slot!r})"


class SlotFile:
    """One copy of the slot file as it was read or made; the JSON stays whole, so that nothing unknown gets lost."""

    def __init__(self, content: dict[str, Any]) -> None:
        self._content = content

    @property
    def store_id(self) -> str:
        """The store that the slots open."""
        return str(self._content["store_id"])

    @property
    def epoch(self) -> int:
        """Which store key this is, counted from 1."""
        return int(self._content["epoch"])

    @property
    def revision(self) -> int:
        """How often this file was written; an old one put back has a lower number than the database remembers."""
        return int(self._content["revision"])

    @property
    def is_first_format(self) -> bool:
        """Whether the file is of format 1, in which only the passphrase can be changed."""
        return bool(self._content["format"] == FORMAT_1)

    @property
    def salt(self) -> bytes:
        """The first 16 bytes of the database that these slots are for; empty where the file does not say."""
        return bytes.fromhex(self._content.get("database", ""))

    @property
    def content(self) -> dict[str, Any]:
        """Everything in the file."""
        return self._content

    @property
    def slots(self) -> tuple[dict[str, Any], ...]:
        """Every slot as it stands in the file."""
        return tuple(self._content["slots"])

    def slot(self, slot_id: str) -> dict[str, Any]:
        """The slot of this id; raises Rejected("keys.unknown")."""
        for slot in self.slots:
            if slot["id"] == slot_id:
                return slot
        raise Rejected("keys.unknown", needs="way-in")

    def to_bytes(self) -> bytes:
        """The file as it is written."""
        return (json.dumps(self._content, indent=2, sort_keys=True) + "\n").encode()

    def unlock(self, secret: Secret, doors: Doors | None = None) -> StoreKeys | None:
        """The keys that this secret opens, or None; raises like `open`."""
        found = self.open(secret, doors or Doors())
        return None if found is None else found.keys

    def open(self, secret: Secret, doors: Doors, only: str | None = None) -> Opened | None:
        """What this secret opens, or None; `only` tries the slot of this id alone.

        Raises SlotsDamaged where the file was changed, Rejected for a secret not of its form, Environment keychain.*,
        openpgp.*, memory.full.
        """
        kind = kind_of(secret)
        for slot in self.slots:
            if slot["type"] != kind or only not in (None, slot["id"]):
                continue
            key = doors.key(self.store_id, slot, secret)
            store_key = None if key is None else self._store_key(slot, key)
            if key is not None and store_key is not None:
                keys = StoreKeys(store_key, self.store_id)
                self.check(keys)
                return Opened(keys=keys, slot=slot["id"], key=key)
        return None

    def check(self, keys: StoreKeys) -> None:
        """Raises SlotsDamaged where the MAC is not that of this store."""
        if not hmac.compare_digest(decoded(self._content["mac"], KEY_BYTES), keys.mac(_authenticated(self._content))):
            raise SlotsDamaged("mac")

    def is_of(self, keys: StoreKeys) -> bool:
        """Whether these keys authenticate the file."""
        try:
            self.check(keys)
        except SlotsDamaged:
            return False
        return True

    def with_way(
        self, keys: StoreKeys, way: NewWay, *, slot_id: str, label: str, created: str, changed: str, ids: Ids
    ) -> SlotFile:
        """A new file where the slot `slot_id` is opened by this way; every other slot stays untouched."""
        private, bond, nonce = ids.secret(KEY_BYTES), ids.secret(KEY_BYTES), ids.secret(NONCE_BYTES)
        public = encoded(public_of(private))
        slot: dict[str, Any] = {"id": slot_id, "label": label, "type": way.kind, "created": created, "changed": changed}
        slot |= {"public": public, **way.parameters}
        wrapped = AESGCM(way.key).encrypt(nonce, private + bond, self._bound_to_private(slot))
        slot["private"] = {"nonce": encoded(nonce), "wrapped": encoded(wrapped)}
        slot = self._sealed(slot, bond, keys, self.epoch, ids)
        there = [other["id"] for other in self.slots]
        slots = [slot if s["id"] == slot_id else s for s in self.slots] if slot_id in there else [*self.slots, slot]
        return self._written(keys, {"slots": slots})

    def with_label(self, keys: StoreKeys, slot_id: str, label: str, ids: Ids) -> SlotFile:
        """A new file where a slot is called otherwise; raises Rejected("keys.unknown")."""
        slot = {**self.slot(slot_id), "label": label}
        slot = self._sealed(slot, self._bond(slot, keys), keys, self.epoch, ids)
        return self._written(keys, {"slots": [slot if s["id"] == slot_id else s for s in self.slots]})

    def without(self, keys: StoreKeys, slot_id: str) -> SlotFile:
        """A new file without a slot."""
        return self._written(keys, {"slots": [slot for slot in self.slots if slot["id"] != slot_id]})

    def with_salt(self, keys: StoreKeys, salt: bytes) -> SlotFile:
        """A new file that says which database it is for."""
        return self._written(keys, {"database": salt.hex()})

    def upgraded(self, opened_by: Opened, ids: Ids) -> SlotFile:
        """A file of format 1 in format 2: the same passphrase, the same derivation, a key pair in between."""
        slot = self.slot(opened_by.slot)
        way = NewWay(kind="passphrase", parameters={"kdf": slot["kdf"]}, key=opened_by.key)
        created = slot["created"]
        return SlotFile({**self._content, "format": FORMAT}).with_way(
            opened_by.keys, way, slot_id=slot["id"], label=slot["label"], created=created, changed=created, ids=ids
        )

    def rekeyed(self, old: StoreKeys, new: StoreKeys, ids: Ids) -> SlotFile:
        """A new file where every slot opens the new store key and, until it is settled, that one opens the old."""
        epoch = self.epoch + 1
        nonce = ids.secret(NONCE_BYTES)
        wrapped = new.wrap(old.store_key(), nonce, self._bound_to_pending())
        pending = {"epoch": self.epoch, "nonce": encoded(nonce), "wrapped": encoded(wrapped)}
        slots = [self._sealed(slot, self._bond(slot, old), new, epoch, ids) for slot in self.slots]
        return self._written(new, {"slots": slots, "epoch": epoch, "pending": pending})

    def taken_back(self, new: StoreKeys, old: StoreKeys, ids: Ids) -> SlotFile:
        """A pending file as if nothing had been tried: every slot opens the old key again."""
        epoch = self.epoch - 1
        slots = [self._sealed(slot, self._bond(slot, new), old, epoch, ids) for slot in self.slots]
        return self._written(old, {"slots": slots, "epoch": epoch}, without_pending=True)

    def settled(self, keys: StoreKeys) -> SlotFile:
        """A new file that knows nothing of the old store key any more."""
        return self._written(keys, {}, without_pending=True)

    def pending_keys(self, keys: StoreKeys) -> StoreKeys | None:
        """The keys of before while the store key is being replaced, else None."""
        pending = self._content.get("pending")
        if pending is None:
            return None
        nonce, wrapped = decoded(pending["nonce"], NONCE_BYTES), decoded(pending["wrapped"], KEY_BYTES + TAG_BYTES)
        return StoreKeys(keys.unwrap(wrapped, nonce, self._bound_to_pending()), self.store_id)

    def cost_of(self, slot_id: str) -> KdfCost | None:
        """What a guess at this slot costs; None where it is no passphrase."""
        slot = self.slot(slot_id)
        return msgspec.convert(slot["kdf"], Kdf).cost() if slot["type"] == "passphrase" else None

    def _store_key(self, slot: dict[str, Any], key: bytes) -> bytes | None:
        """What the key of the slot opens; None where it is the wrong one."""
        if self.is_first_format:
            return self._store_key_1(slot, key)
        wrap = slot["private"]
        try:
            wrapped = decoded(wrap["wrapped"], 2 * KEY_BYTES + TAG_BYTES)
            inner = AESGCM(key).decrypt(decoded(wrap["nonce"], NONCE_BYTES), wrapped, self._bound_to_private(slot))
        except InvalidTag:
            return None
        box = slot["sealed"]
        inside = Box(
            decoded(box["ephemeral"], KEY_BYTES),
            decoded(box["nonce"], NONCE_BYTES),
            decoded(box["content"], KEY_BYTES + TAG_BYTES),
        )
        private, bond = inner[:KEY_BYTES], inner[KEY_BYTES:]
        store_key = opened(private, bond, inside, self._bound_to_seal(slot, self.epoch))
        if store_key is None:
            # The secret was right, so it is the file that is not.
            raise SlotsDamaged("seal")
        return store_key

    def _store_key_1(self, slot: dict[str, Any], key: bytes) -> bytes | None:
        public = {name: slot[name] for name in slot if name not in ("nonce", "wrapped")}
        bound = canonical({"format": FORMAT_1, "store_id": self.store_id, "epoch": self.epoch, "slot": public})
        nonce, wrapped = decoded(slot["nonce"], NONCE_BYTES), decoded(slot["wrapped"], KEY_BYTES + TAG_BYTES)
        try:
            return AESGCM(key).decrypt(nonce, wrapped, bound)
        except InvalidTag:
            return None

    def _sealed(self, slot: dict[str, Any], bond: bytes, keys: StoreKeys, epoch: int, ids: Ids) -> dict[str, Any]:
        """The slot with these keys in it."""
        if self.is_first_format:
            raise Defect("keys.first-format")
        nonce = ids.secret(NONCE_BYTES)
        wrapped = keys.wrap(bond, nonce, self._bound_to_bond(slot))
        slot = {**slot, "bond": {"nonce": encoded(nonce), "wrapped": encoded(wrapped)}}
        public, bound_to = decoded(slot["public"], KEY_BYTES), self._bound_to_seal(slot, epoch)
        try:
            box = sealed(public, bond, keys.store_key(), bound_to, ids)
        except ValueError as fault:
            raise SlotsDamaged("malformed") from fault
        sealed_key = {"ephemeral": encoded(box.ephemeral), "nonce": encoded(box.nonce), "content": encoded(box.content)}
        return {**slot, "sealed": sealed_key}

    def _bond(self, slot: dict[str, Any], keys: StoreKeys) -> bytes:
        """What the store shares with the holder of the slot's secret; the file must be one that `keys` authenticate."""
        if self.is_first_format:
            raise Defect("keys.first-format")
        wrap = slot["bond"]
        nonce, wrapped = decoded(wrap["nonce"], NONCE_BYTES), decoded(wrap["wrapped"], KEY_BYTES + TAG_BYTES)
        return keys.unwrap(wrapped, nonce, self._bound_to_bond(slot))

    def _bound_to_bond(self, slot: dict[str, Any]) -> bytes:
        return canonical({"format": FORMAT, "store_id": self.store_id, "what": "bond", "slot": slot["id"]})

    def _bound_to_private(self, slot: dict[str, Any]) -> bytes:
        kept = {name: slot[name] for name in slot if name not in ("label", "private", "bond", "sealed")}
        return canonical({"format": FORMAT, "store_id": self.store_id, "slot": kept})

    def _bound_to_seal(self, slot: dict[str, Any], epoch: int) -> bytes:
        kept = {name: slot[name] for name in slot if name != "sealed"}
        return canonical({"format": FORMAT, "store_id": self.store_id, "epoch": epoch, "slot": kept})

    def _bound_to_pending(self) -> bytes:
        return canonical({"format": FORMAT, "store_id": self.store_id, "what": "the store key of before"})

    def _written(self, keys: StoreKeys, changes: dict[str, Any], *, without_pending: bool = False) -> SlotFile:
        content = {**self._content, **changes, "revision": self.revision + 1}
        if without_pending:
            content.pop("pending", None)
        content["mac"] = encoded(keys.mac(_authenticated(content)))
        content["sum"] = _sum(content)
        return SlotFile(content)


def new_slot_file(store_id: str) -> SlotFile:
    """A slot file without a way in yet."""
    content = {"format": FORMAT, "store_id": store_id, "epoch": 1, "revision": 0, "slots": [], "mac": "", "sum": ""}
    return SlotFile(content)


def read_slot_file(data: bytes, floor: KdfCost = FLOOR) -> SlotFile:
    """A copy of the slot file from its bytes.

    Raises SlotsDamaged: `malformed`, `sum`, `kdf` (parameters below the floor or above the ceiling), `newer`.
    """
    try:
        loaded = load_json(data, "keyslots.json", FILE_LIMIT, 8)
    except Rejected as fault:
        raise SlotsDamaged("malformed") from fault
    if not isinstance(loaded, dict):
        raise SlotsDamaged("malformed")
    content: dict[str, Any] = loaded
    stated = content.get("format")
    if stated not in (FORMAT, FORMAT_1):
        newer = isinstance(stated, str) and re.fullmatch(r"holdfast-keyslots-[1-9]\d{0,3}", stated) is not None
        raise SlotsDamaged("newer" if newer else "malformed")
    demand_shape(content)
    file = SlotFile(content)
    if content["sum"] != _sum(content) or (stated == FORMAT and file.to_bytes() != data):
        raise SlotsDamaged("sum")
    # Asked now: a downgrade is damage, whatever the passphrase.
    for slot in content["slots"]:
        demand_slot(slot, stated, floor)
    return file


def _authenticated(content: dict[str, Any]) -> bytes:
    return canonical({name: value for name, value in content.items() if name not in ("mac", "sum")})


def _sum(content: dict[str, Any]) -> str:
    return hashlib.sha256(canonical({k: v for k, v in content.items() if k != "sum"})).hexdigest()
