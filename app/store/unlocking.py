"""From a secret to the keys of a store: two copies of the slot file, which of them counts, and mending the other."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from app.desk.ports.files import PrivateFiles
from app.desk.ports.keys import Secret
from app.domain.errors import AppError, Environment, Rejected
from app.store.keys import StoreKeys
from app.store.place import SLOTS, SLOTS_COPY, Place
from app.store.rooms import is_file
from app.store.slot_kinds import kind_of, passphrase_way
from app.store.slots import FILE_LIMIT, Opened, SlotFile, SlotsDamaged, read_slot_file

_WRONG = {
    "passphrase": "store.wrong-passphrase",
    "recovery": "recovery.wrong",
    "keychain": "keychain.stale",
    "openpgp": "openpgp.no-key",
}
_MISSING = {"recovery": "keys.no-recovery", "keychain": "keys.no-keychain", "openpgp": "keys.no-openpgp"}


class Unlocked(msgspec.Struct, frozen=True, kw_only=True):
    """What a secret opened: the slot file that counts, the keys in it, and those of before while they are replaced."""

    slots: SlotFile
    opened: Opened
    old: StoreKeys | None = None

    @property
    def keys(self) -> StoreKeys:
        """The keys of the store."""
        return self.opened.keys


def has_slots(folder: Path) -> bool:
    """Whether this folder looks like a store at all; raises Environment: file.denied, file.missing."""
    return is_file(folder / SLOTS) or is_file(folder / SLOTS_COPY)


def unlock(folder: Path, secret: Secret, place: Place) -> Unlocked:
    """The keys behind a secret. Nothing is written; the newest sound copy that these keys authenticate decides.

    Raises Rejected: store.wrong-passphrase, recovery.wrong, recovery.group, recovery.length, keychain.stale,
    keys.no-recovery, keys.no-keychain, keys.no-openpgp, passphrase.*; Environment: store.slots-damaged (reason),
    store.newer, keychain.*, openpgp.*, memory.full.
    """
    copies, reasons = _copies(folder, place)
    doors = place.doors()
    refused: list[SlotFile] = []
    for slots in copies:
        try:
            opened = slots.open(secret, doors)
            if opened is None:
                refused.append(slots)
                continue
            old = slots.pending_keys(opened.keys)
        except SlotsDamaged as fault:
            reasons.append(fault.reason)
            continue
        if any(newer.is_of(opened.keys) or newer.epoch > slots.epoch for newer in refused):
            # What this secret opened is an older file, kept beside the one that took the secret out.
            break
        return Unlocked(slots=slots, opened=opened, old=old)
    if refused:
        raise _refusal(secret, refused[0], doors.refusal)
    if "newer" in reasons:
        raise Environment("store.newer", part="slots")
    raise Environment("store.slots-damaged", reason=reasons[0] if reasons else "missing")


def current_slots(folder: Path, keys: StoreKeys, place: Place) -> SlotFile:
    """The newest copy that these keys authenticate; raises Environment("store.slots-damaged")."""
    copies, reasons = _copies(folder, place)
    for slots in copies:
        if slots.is_of(keys):
            return slots
    raise Environment("store.slots-damaged", reason=reasons[0] if reasons else "mac")


def demand_newest(slots: SlotFile, known: str | None) -> None:
    """Raises Environment("store.slots-old") where the database knows a later slot file: an old one was put back, and
    with it ways in that were revoked. `known` is the revision that the database remembers, if it does.
    """
    if known is not None and slots.revision < int(known):
        raise Environment("store.slots-old", revision=slots.revision, known=int(known))


def brought_up(unlocked: Unlocked, secret: Secret, salt: bytes, place: Place) -> SlotFile:
    """The slot file as this version would write it: in today's format, for the database of this salt, and with no
    derivation below what is least now.
    """
    slots, opened, least = unlocked.slots, unlocked.opened, place.least_cost()
    if slots.is_first_format:
        slots = slots.upgraded(opened, place.ids)
    if slots.salt != salt:
        slots = slots.with_salt(opened.keys, salt)
    cost = slots.cost_of(opened.slot)
    if cost is None or cost.reaches(least) or not isinstance(secret, str):
        return slots
    way, slot = passphrase_way(secret, cost.raised_to(least), place.ids), slots.slot(opened.slot)
    return slots.with_way(opened.keys, way, **_names(slot), ids=place.ids)


def write_slots(folder: Path, slots: SlotFile, files: PrivateFiles) -> None:
    """Writes both copies; after a crash the newer one counts."""
    data = slots.to_bytes()
    files.write(folder / SLOTS, data)
    files.write(folder / SLOTS_COPY, data)


def mend_slots(folder: Path, slots: SlotFile, place: Place) -> bool:
    """Writes both copies again unless they are alike; a folder that can't be written to is no reason not to open.

    True where a copy was damaged or gone; one that is merely older is what a crash between the two leaves.
    """
    data, was_damaged = slots.to_bytes(), False
    for name in (SLOTS, SLOTS_COPY):
        try:
            found = place.files.read(folder / name, FILE_LIMIT)
            if found == data:
                continue
            read_slot_file(found, place.floor)
        except (AppError, SlotsDamaged):
            was_damaged = True
        with suppress(AppError):
            place.files.write(folder / name, data)
    return was_damaged


def sweep_partials(folder: Path) -> None:
    """Removes what a crash left of a slot file on its way: it may hold a way in that was revoked since.

    Whoever calls holds the lock of the store, so nobody is writing one.
    """
    for left in folder.glob(".*.partial"):
        if left.is_file() and not left.is_symlink():
            with suppress(OSError):
                left.unlink()


def _copies(folder: Path, place: Place) -> tuple[list[SlotFile], list[str]]:
    """The sound copies, the newest first and none twice, and why the others are not."""
    reasons: list[str] = []
    found: dict[bytes, SlotFile] = {}
    for name in (SLOTS, SLOTS_COPY):
        try:
            data = place.files.read(folder / name, FILE_LIMIT)
            if data not in found:
                found[data] = read_slot_file(data, place.floor)
        except Environment as fault:
            reasons.append(fault.code)
        except SlotsDamaged as fault:
            reasons.append(fault.reason)
    return sorted(found.values(), key=lambda slots: -slots.revision), reasons


def wrong(secret: Secret, refusal: Environment | None = None) -> AppError:
    """What is said of a secret that does not open."""
    kind = kind_of(secret)
    if kind == "openpgp":
        return refusal or Environment("openpgp.no-key")
    return Rejected(_WRONG[kind], needs="passphrase")


def _refusal(secret: Secret, slots: SlotFile, refusal: Environment | None) -> AppError:
    kind = kind_of(secret)
    if kind in _MISSING and not any(slot["type"] == kind for slot in slots.slots):
        return Rejected(_MISSING[kind], needs="passphrase")
    return wrong(secret, refusal)


def _names(slot: dict[str, Any]) -> dict[str, str]:
    return {"slot_id": slot["id"], **{name: slot[name] for name in ("label", "created", "changed")}}
