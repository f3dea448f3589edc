"""The ways into an open store: adding, renaming, replacing and revoking them in its slot file, on record in its log.

The slot file is written first, since it is what counts; the log follows in a transaction. Where a crash parts the two,
the next opening compares the slot file with what the database remembers of it, and puts on record what is missing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final

from typing_extensions import override

from app.desk.ports import keys as port
from app.desk.ports.keys import PgpKey, Secret, WayInRow
from app.domain.case.context import need_text
from app.domain.errors import AppError, Environment, Rejected
from app.domain.events import TeamEvent
from app.domain.events.team_events import WayInAdded, WayInChanged, WayInRenamed, WayInRevoked
from app.domain.recovery_code import SECRET_BYTES, recovery_code
from app.domain.untrusted import safe_line
from app.domain.values import Person
from app.store.keys import KdfCost
from app.store.place import Place
from app.store.rekey import rekey
from app.store.slot_kinds import KINDS, NewWay, keychain_way, openpgp_way, passphrase_way, recovery_way
from app.store.slots import FILE_LIMIT, MAX_SLOTS, SlotFile
from app.store.unlocking import current_slots, demand_newest, write_slots, wrong
from app.store.vault import SqlVault

_LABEL: Final = 60
_STANDS_ALONE: Final = frozenset({"passphrase", "recovery", "openpgp"})
_WAYS: Final = "ways"
_SLOTS: Final = "slots"


class WaysIn(port.WaysIn):
    """The ways into one open store; used on the vault's thread."""

    def __init__(self, vault: SqlVault, place: Place, cost: Callable[[], KdfCost]) -> None:
        """`cost` tells what a new passphrase's derivation costs on this machine; it may take a second to find out."""
        self._vault = vault
        self._place = place
        self._cost = cost

    @override
    def rows(self) -> tuple[WayInRow, ...]:
        slots = self._slots()
        return tuple(_row(slot, revocable=not _why_kept(slots, slot["id"])) for slot in slots.slots)

    @override
    def prove(self, secret: Secret) -> None:
        doors = self._place.doors()
        if self._slots().open(secret, doors) is None:
            raise wrong(secret, doors.refusal)

    @override
    def opens(self, way: str, secret: Secret) -> bool:
        slots = self._slots()
        slots.slot(way)
        return slots.open(secret, self._place.doors(), only=way) is not None

    @override
    def keychain_name(self) -> str:
        return self._place.keychain.name() if self._place.keychain is not None else ""

    @override
    def pgp_keys(self) -> tuple[PgpKey, ...]:
        return self._place.doors().openpgp.secret_keys()

    @override
    def new_recovery_code(self) -> str:
        return recovery_code(self._place.ids.secret(SECRET_BYTES))

    @override
    def add_passphrase(self, new: str, label: str, actor: Person, now: datetime) -> str:
        named = self._free_label(label, "Passphrase")
        return self._add(passphrase_way(new, self._dear_cost(), self._place.ids), named, actor, now)

    @override
    def add_recovery(self, code: str, label: str, actor: Person, now: datetime) -> str:
        named = self._free_label(label, "Recovery code")
        return self._add(recovery_way(code, self._place.ids), named, actor, now)

    @override
    def add_keychain(self, label: str, actor: Person, now: datetime) -> str:
        doors, slots = self._place.doors(), self._slots()
        named = self._free_label(label, doors.keychain.name())
        _demand_room(slots)
        slot_id = self._place.ids.new_id()
        way = keychain_way(doors, self._vault.store_id, slot_id, self._place.ids)
        try:
            return self._add(way, named, actor, now, slot_id)
        except AppError:
            self._forget(slot_id)
            raise

    @override
    def add_openpgp(self, fingerprint: str, label: str, actor: Person, now: datetime) -> str:
        named = self._free_label(label, f"OpenPGP {fingerprint[-16:]}")
        return self._add(openpgp_way(self._place.doors(), fingerprint, self._place.ids), named, actor, now)

    @override
    def rename(self, way: str, label: str, actor: Person, now: datetime) -> None:
        slots = self._slots()
        if slots.slot(way)["label"] == label:
            return
        named = self._free_label(label, "", way)
        self._write(slots.with_label(self._vault.keys, way, named, self._place.ids), actor, now)

    @override
    def change_passphrase(self, way: str, new: str, actor: Person, now: datetime) -> None:
        slots = self._slots()
        slot = slots.slot(way)
        if slot["type"] != "passphrase":
            raise Rejected("keys.no-passphrase", needs="way-in")
        fresh = passphrase_way(new, self._dear_cost(), self._place.ids)
        names = {"slot_id": way, "label": slot["label"], "created": slot["created"], "changed": _stamp(now)}
        self._write(slots.with_way(self._vault.keys, fresh, **names, ids=self._place.ids), actor, now)

    @override
    def revoke(self, way: str, actor: Person, now: datetime) -> None:
        slots = self._slots()
        slot = slots.slot(way)
        if why := _why_kept(slots, way):
            raise Rejected(why, needs="way-in")
        self._write(slots.without(self._vault.keys, way), actor, now)
        if slot["type"] == "keychain":
            self._forget(way)

    @override
    def rekey(self, actor: Person, now: datetime) -> None:
        rekey(self._vault, self._place, actor, now)

    def _add(self, way: NewWay, label: str, actor: Person, now: datetime, slot_id: str | None = None) -> str:
        slots, stamp = self._slots(), _stamp(now)
        _demand_room(slots)
        slot_id = slot_id or self._place.ids.new_id()
        names = {"slot_id": slot_id, "label": label, "created": stamp, "changed": stamp}
        self._write(slots.with_way(self._vault.keys, way, **names, ids=self._place.ids), actor, now)
        return slot_id

    def _forget(self, way: str) -> None:
        """Takes out of the keychain what opens nothing any more; no harm where it stays."""
        with suppress(Environment):
            if self._place.keychain is not None and all(slot["id"] != way for slot in self._slots().slots):
                self._place.keychain.delete(self._vault.store_id, way)

    def _write(self, slots: SlotFile, actor: Person, now: datetime) -> None:
        if len(slots.to_bytes()) > FILE_LIMIT:
            raise Rejected("keys.too-many", limit=len(slots.slots) - 1, needs="way-in")
        # What the next comparison starts from, in a store that an earlier version made.
        before = self._slots()
        record_ways(self._vault, before, actor, now)
        try:
            write_slots(self._vault.folder, slots, self._place.files)
            record_ways(self._vault, slots, actor, now)
        except Environment:
            # What is told to have failed must not be in force; where even this fails, the newer copy counts. What the
            # log took nevertheless, as where only the last word of the disk is missing, can't be taken back any more.
            with suppress(Environment):
                if self._vault.known(_SLOTS) != str(slots.revision):
                    write_slots(self._vault.folder, before, self._place.files)
            raise

    def _slots(self) -> SlotFile:
        slots = current_slots(self._vault.folder, self._vault.keys, self._place)
        # Somebody may have put an old file back while the store is open: nothing is built on that.
        demand_newest(slots, self._vault.known(_SLOTS))
        return slots

    def _dear_cost(self) -> KdfCost:
        cost = self._cost()
        if not cost.is_within(self._place.floor, cost):
            raise Rejected("store.kdf-too-weak", needs="kdf")
        return cost

    def _free_label(self, label: str, usual: str, own: str = "") -> str:
        """The label as it will stand there; without one, the usual one and a number."""
        taken = {slot["label"].casefold() for slot in self._slots().slots if slot["id"] != own}
        if label.strip():
            named = safe_line(need_text(label, "label", _LABEL), _LABEL)
            if named.casefold() in taken:
                raise Rejected("keys.label-taken", label=named, needs="label")
            return named
        usual = safe_line(usual, _LABEL - 4) or need_text(label, "label", _LABEL)
        numbered = (usual, *(f"{usual} {number}" for number in range(2, MAX_SLOTS + 2)))
        return next(name for name in numbered if name.casefold() not in taken)


def record_ways(vault: SqlVault, slots: SlotFile, actor: Person, now: datetime) -> None:
    """Puts on record how the slot file differs from what the database remembers of it; nothing where it does not."""
    told = vault.known(_WAYS)
    facts = {_SLOTS: str(slots.revision), _WAYS: json.dumps(_summary(slots), sort_keys=True)}
    if all(vault.known(name) == value for name, value in facts.items()):
        return
    vault.record(actor, now, [] if told is None else _differences(json.loads(told), _summary(slots)), facts)


def _summary(slots: SlotFile) -> dict[str, list[str]]:
    """What is on record of each way in: kind, label, since when, fingerprint; kinds of later versions are left out."""
    return {
        slot["id"]: [slot["type"], slot["label"], slot.get("changed", slot["created"]), slot.get("fingerprint", "")]
        for slot in slots.slots
        if slot["type"] in KINDS
    }


def _differences(before: dict[str, list[str]], after: dict[str, list[str]]) -> list[TeamEvent]:
    events: list[TeamEvent] = []
    for slot_id, (kind, label, changed, fingerprint) in after.items():
        known = before.get(slot_id)
        if known is None:
            events.append(WayInAdded(id=slot_id, kind=_known_kind(kind), label=label, fingerprint=fingerprint))
            continue
        if known[1] != label:
            events.append(WayInRenamed(id=slot_id, label=label))
        if known[2] != changed:
            events.append(WayInChanged(id=slot_id, label=label))
    gone = {slot_id: known[1] for slot_id, known in before.items() if slot_id not in after}
    return [*events, *(WayInRevoked(id=slot_id, label=label) for slot_id, label in gone.items())]


def _known_kind(kind: str) -> Any:
    return next(known for known in KINDS if known == kind)


def _why_kept(slots: SlotFile, way: str) -> str:
    """Why this way in can't be revoked, as a code; empty where it can."""
    others = [slot["type"] for slot in slots.slots if slot["id"] != way]
    if not others:
        return "keys.last"
    return "" if _STANDS_ALONE.intersection(others) else "keys.only-keychain"


def _demand_room(slots: SlotFile) -> None:
    if len(slots.slots) >= MAX_SLOTS:
        raise Rejected("keys.too-many", limit=MAX_SLOTS, needs="way-in")


def _row(slot: dict[str, Any], *, revocable: bool) -> WayInRow:
    return WayInRow(
        id=slot["id"],
        kind=slot["type"] if slot["type"] in KINDS else "other",
        label=safe_line(slot["label"], _LABEL),
        since=_instant(slot.get("changed", slot["created"])),
        fingerprint=safe_line(str(slot.get("fingerprint", "")), 64),
        revocable=revocable,
    )


def _stamp(now: datetime) -> str:
    return now.astimezone(UTC).isoformat()


def _instant(text: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None
