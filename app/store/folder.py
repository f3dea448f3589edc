"""A store as a folder: making one, opening one, changing the passphrase of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from app.desk.ports.files import Held
from app.desk.ports.keys import Secret
from app.domain.errors import Environment, Rejected
from app.domain.events import TeamEvent
from app.domain.events.team_events import DeviceEnrolled, ProjectDescribed, StoreCreated
from app.domain.project import Project
from app.domain.team import TEAM_STREAM
from app.domain.untrusted import safe_line
from app.domain.values import Person
from app.store.connection import Connection
from app.store.database_file import read_salt
from app.store.device import Device, new_device, own_device
from app.store.keys import KEY_BYTES, KdfCost, StoreKeys
from app.store.log import Head
from app.store.migrate import demand_known, migrate, upgrade
from app.store.older import Memory, demand_slots, how_older
from app.store.place import DATABASE, LOCK, SLOTS, SLOTS_COPY, Place
from app.store.projector import VERSION
from app.store.rekey import connect, settle
from app.store.rooms import is_taken
from app.store.scratch import make_scratch
from app.store.slot_kinds import passphrase_way
from app.store.slots import Opened, SlotFile, new_slot_file
from app.store.tail import check_tail
from app.store.unlocking import (
    Unlocked,
    brought_up,
    current_slots,
    demand_newest,
    has_slots,
    mend_slots,
    sweep_partials,
    unlock,
    write_slots,
)
from app.store.vault import SqlVault
from app.store.ways_in import WaysIn, record_ways

__all__ = [
    "DATABASE",
    "LOCK",
    "SLOTS",
    "SLOTS_COPY",
    "Founding",
    "Place",
    "change_passphrase",
    "create",
    "open_store",
    "open_unlocked",
    "unlock",
]


class Founding(msgspec.Struct, frozen=True, kw_only=True):
    """What a new store is made with: its name, first person and default policy, and the project if it is known."""

    name: str
    owner: Person
    policy: str
    project: Project | None = None
    device_label: str = ""
    events: Sequence[TeamEvent] = ()
    """What else happens to the team at once."""


def create(
    folder: Path, passphrase: str, founding: Founding, now: datetime, *, cost: KdfCost, place: Place
) -> SqlVault:
    """Makes a store in `folder`, which may not exist yet or must be empty, and opens it; `now` is UTC.

    All or nothing: it is made beside and moved there when it is whole. Raises Rejected("store.exists"), passphrase.*,
    and what opening raises.
    """
    if not cost.is_within(place.floor, cost):
        raise Rejected("store.kdf-too-weak", needs="kdf")
    if is_taken(folder):
        raise Rejected("store.exists", path=safe_line(folder.name, 120))
    scratch = make_scratch(
        folder.absolute().parent, folder.name, now, files=place.files, locks=place.locks, ids=place.ids
    )
    with scratch:
        keys = StoreKeys(place.ids.secret(KEY_BYTES), place.ids.new_id())
        first = _first_slots(keys, passphrase, now, cost, place)
        _found(scratch.path, keys, first.slots, founding, now, place=place)
        slots = first.slots.with_salt(keys, read_salt(scratch.path / DATABASE))
        write_slots(scratch.path, slots, place.files)
        scratch.move_to(folder)
    unlocked = msgspec.structs.replace(first, slots=slots)
    return _open_or_release(folder, unlocked, place, scratch.lock, inspect=False)


def open_store(folder: Path, secret: Secret, now: datetime, place: Place, *, inspect: bool = False) -> SqlVault:
    """Opens a store; `inspect` opens one whose log is damaged, to look at it and to verify it, never to write.

    Raises what `unlock` raises: Rejected("store.wrong-passphrase") and the like for a secret that does not open it; and
    Environment: store.not-a-store (path), store.held (pid, host, since), store.slots-damaged (reason), store.slots-old
    (an old slot file was put back), store.database-missing, -empty, -truncated, store.not-encrypted, store.damaged,
    store.newer, store.log-damaged (finding, seq), store.unsafe, disk.*, and store.rolled-back or store.forked (events,
    seen) where it is older than what this machine saw last.
    """
    if not has_slots(folder):
        raise Environment("store.not-a-store", path=safe_line(str(folder), 200))
    lock = place.locks.hold(folder / LOCK, now)
    try:
        unlocked = unlock(folder, secret, place)
    except BaseException:
        lock.release()
        raise
    vault = _open_or_release(folder, unlocked, place, lock, inspect=inspect)
    if not inspect:
        try:
            vault.acknowledge(now)
            _catch_up(vault, unlocked, secret, now, place)
        except BaseException:
            vault.close()
            raise
    return vault


def change_passphrase(folder: Path, old: str, new: str, now: datetime, *, cost: KdfCost, place: Place) -> None:
    """Rewrites the slot that `old` opens so that `new` opens it; the database stays as it is. Raises like `open_store`.

    The store must be closed. Rejected("store.kdf-too-weak") below the floor.
    """
    if not cost.is_within(place.floor, cost):
        raise Rejected("store.kdf-too-weak", needs="kdf")
    vault = open_store(folder, old, now, place)
    try:
        way = unlock(folder, old, place).opened.slot
        WaysIn(vault, place, lambda: cost).change_passphrase(way, new, vault.queries.team().owner, now)
    finally:
        vault.close()


def _first_slots(keys: StoreKeys, passphrase: str, now: datetime, cost: KdfCost, place: Place) -> Unlocked:
    slot_id, at = place.ids.new_id(), now.isoformat(timespec="seconds")
    way = passphrase_way(passphrase, cost, place.ids)
    slots = new_slot_file(keys.store_id).with_way(
        keys, way, slot_id=slot_id, label="Passphrase", created=at, changed=at, ids=place.ids
    )
    return Unlocked(slots=slots, opened=Opened(keys=keys, slot=slot_id, key=way.key))


def _catch_up(vault: SqlVault, unlocked: Unlocked, secret: Secret, now: datetime, place: Place) -> None:
    """What is left to do with the slot file: finishing what a crash cut short, today's form, both copies alike."""
    owner, old, keys = vault.queries.team().owner, vault.old_keys, vault.keys
    # Where the store key could not be replaced after all, the file was taken back.
    slots = unlocked.slots if unlocked.slots.is_of(keys) else current_slots(vault.folder, keys, place)
    record_ways(vault, slots, owner, now)
    if old is not None:
        slots = settle(vault, slots, old, owner, now, place=place)
    unlocked = Unlocked(slots=slots, opened=msgspec.structs.replace(unlocked.opened, keys=keys))
    try:
        slots = brought_up(unlocked, secret, vault.db.salt(), place)
        if slots is not unlocked.slots:
            write_slots(vault.folder, slots, place.files)
            record_ways(vault, slots, owner, now)
    except Environment:
        # A folder that can't be written to, or no memory for a dearer derivation: the slot opens as it is. What was
        # written before the fault stays, since the database may remember it.
        slots = current_slots(vault.folder, keys, place)
    if mend_slots(vault.folder, slots, place):
        vault.slot_warnings = (Environment("store.slots-mended"),)
    sweep_partials(vault.folder)


def _found(folder: Path, keys: StoreKeys, slots: SlotFile, founding: Founding, now: datetime, *, place: Place) -> None:
    """Makes the database and its first transaction: the store, its device, its project."""
    path = folder / DATABASE
    place.files.write(path, b"")
    db = Connection(path, keys.database(), fresh=True)
    try:
        migrate(db)
        device = new_device(db, keys, place.ids)
        vault = SqlVault(db, keys.store_id, device, Head(), ids=place.ids, policies=place.policies)
        vault.remember("store_id", lambda _: keys.store_id)
        vault.remember("projection", lambda _: str(VERSION))
        record_ways(vault, slots, founding.owner, now)
        with vault.transaction(founding.owner, now) as tx:
            tx.append(TEAM_STREAM, _first_events(keys.store_id, device, founding))
    finally:
        db.close()


def _first_events(store_id: str, device: Device, founding: Founding) -> tuple[TeamEvent, ...]:
    first: list[TeamEvent] = [
        StoreCreated(store_id=store_id, name=founding.name, owner=founding.owner, policy=founding.policy),
        DeviceEnrolled(
            device=device.id,
            public_key=device.public.hex(),
            label=founding.device_label,
            person=founding.owner.id,
        ),
    ]
    if founding.project is not None:
        first.append(ProjectDescribed(project=founding.project))
    return (*first, *founding.events)


def _open_or_release(folder: Path, unlocked: Unlocked, place: Place, lock: Held, *, inspect: bool) -> SqlVault:
    try:
        return open_unlocked(folder, unlocked, place, lock, inspect=inspect)
    except BaseException:
        lock.release()
        raise


def open_unlocked(folder: Path, unlocked: Unlocked, place: Place, lock: Held | None, *, inspect: bool) -> SqlVault:
    """Opens a store whose keys are known and whose lock somebody holds; raises like `open_store`.

    `lock` is released when the vault is closed, not when opening it fails.
    """
    db, unlocked = connect(folder, unlocked, place, inspect=inspect)
    keys = unlocked.keys
    try:
        if db.number("user_version") == 0:
            raise Environment("store.damaged", part="schema")
        device = own_device(db, keys, unlocked.old)
        memory = Memory(place.seen, keys.store_id, device.id)
        memory.slots = unlocked.slots.revision
        older = how_older(db, memory.last())
        if not (inspect or place.accept_older):
            demand_slots(memory.slots, memory.last())
            if older is not None:
                raise older
        if inspect:
            # What may be damaged is looked at as it lies; every format so far can be.
            demand_known(db)
        upgraded = None if inspect else upgrade(db, folder, keys, place.keeper)
        _demand_same_store(db, keys.store_id)
        head = None if inspect else check_tail(db, keys.store_id, device)
        vault = SqlVault(
            db,
            keys.store_id,
            device,
            head,
            ids=place.ids,
            policies=place.policies,
            lock=lock,
            blob_limit=place.blob_limit,
            keys=keys,
            old_keys=unlocked.old,
            folder=folder,
            memory=memory,
        )
        vault.upgraded = upgraded
        if not inspect:
            demand_newest(unlocked.slots, vault.known("slots"))
            vault.renew_projections()
    except BaseException:
        db.close()
        raise
    return vault


def _demand_same_store(db: Connection, store_id: str) -> None:
    row = db.one("SELECT value FROM store WHERE name = 'store_id'")
    if row is None or row[0] != store_id:
        raise Environment("store.damaged", part="store-id")
    config = db.one("SELECT v FROM case_search_config WHERE k = 'secure-delete'")
    if config is None or config[0] != 1:
        raise Environment("store.unsafe", setting="fts5 secure-delete")
