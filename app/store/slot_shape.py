"""The form of a slot file: what this version would never write is refused before any secret is tried."""

from __future__ import annotations

import re
from typing import Any, Final

from app.store.keys import KEY_BYTES, KdfCost
from app.store.slot_kinds import KINDS, SlotsDamaged, decoded, demand_kdf

FORMAT_1: Final = "holdfast-keyslots-1"
FORMAT: Final = "holdfast-keyslots-2"
FILE_LIMIT: Final = 64 * 1024
MAX_SLOTS: Final = 16
_SALT: Final = re.compile(r"[0-9a-f]{32}")
_STORE_ID: Final = re.compile(r"[0-9A-Za-z]{16,40}")
_OWN: Final = {"id", "label", "type", "created", "changed", "public", "private", "bond", "sealed"}
_PARAMETERS: Final = {
    "passphrase": {"kdf"},
    "recovery": {"salt"},
    "keychain": {"salt"},
    "openpgp": {"salt", "fingerprint", "message"},
}
_SLOT_1: Final = {"id", "label", "type", "created", "kdf", "nonce", "wrapped"}
_WRAP: Final = {"nonce", "wrapped"}
_BOXES: Final = (("private", _WRAP), ("bond", _WRAP), ("sealed", {"ephemeral", "nonce", "content"}))


def demand_shape(content: dict[str, Any]) -> None:
    """Raises SlotsDamaged("malformed") for a file that this version would never write."""
    slots, numbers = content.get("slots"), (content.get("epoch"), content.get("revision"))
    most = 1 if content["format"] == FORMAT_1 else MAX_SLOTS
    fits = (
        isinstance(content.get("store_id"), str)
        and _STORE_ID.fullmatch(content["store_id"]) is not None
        and all(type(number) is int and 0 < number < 2**31 for number in numbers)
        and isinstance(content.get("mac"), str)
        and isinstance(content.get("sum"), str)
        and isinstance(slots, list)
        and 0 < len(slots) <= most
        and all(_is_slot(slot) for slot in slots)
        and len({slot["id"] for slot in slots}) == len(slots)
        and _is_pending(content.get("pending"))
        and _is_salt(content.get("database", "00" * 16))
    )
    if not fits:
        raise SlotsDamaged("malformed")


def _is_slot(slot: Any) -> bool:
    return isinstance(slot, dict) and all(isinstance(slot.get(n), str) for n in ("id", "label", "type", "created"))


def _is_pending(pending: Any) -> bool:
    if pending is None:
        return True
    return isinstance(pending, dict) and {*pending} == {"epoch", "nonce", "wrapped"}


def _is_salt(text: Any) -> bool:
    return isinstance(text, str) and _SALT.fullmatch(text) is not None


def demand_slot(slot: dict[str, Any], stated: str, floor: KdfCost) -> None:
    """Raises SlotsDamaged for a slot that this version would never write."""
    if stated == FORMAT_1:
        if {*slot} != _SLOT_1 or slot["type"] != "passphrase":
            raise SlotsDamaged("malformed")
        demand_kdf(slot["kdf"], floor)
        return
    decoded(slot.get("public"), KEY_BYTES)
    if slot["type"] not in KINDS:
        if not _is_box(slot.get("bond"), _WRAP):
            raise SlotsDamaged("malformed")
        return
    of_kind = _OWN | _PARAMETERS[slot["type"]]
    if {*slot} != of_kind or not all(_is_box(slot[name], parts) for name, parts in _BOXES):
        raise SlotsDamaged("malformed")
    if slot["type"] == "passphrase":
        demand_kdf(slot["kdf"], floor)
    if not all(isinstance(slot[name], str) for name in (*_PARAMETERS[slot["type"]], "changed") if name != "kdf"):
        raise SlotsDamaged("malformed")


def _is_box(box: Any, parts: set[str]) -> bool:
    return isinstance(box, dict) and {*box} == parts
