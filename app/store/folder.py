"""A store as a folder: making one, opening one, changing the passphrase of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from app.desk.ports.clock import Ids
from app.desk.ports.files import Held, Locks, PrivateFiles
from app.desk.ports.resources import Policies
from app.domain.errors import AppError, Environment, Rejected
from app.domain.events import TeamEvent
from app.domain.events.team_events import DeviceEnrolled, ProjectDescribed, StoreCreated
from app.domain.project import Project
from app.domain.team import TEAM_STREAM
from app.domain.untrusted import safe_line
from app.domain.values import Person
from app.store.blobs import LIMIT
from app.store.connection import Connection
from app.store.device import Device, new_device, own_device
from app.store.keys import FLOOR, KEY_BYTES, KdfCost, StoreKeys
from app.store.log import Head
from app.store.migrate import migrate
from app.store.projector import VERSION
from app.store.slots import FILE_LIMIT, SlotFile, SlotsDamaged, new_slot_file, read_slot_file
from app.store.tail import check_tail
from app.store.vault import SqlVault

DATABASE: Final = "cases.db"
SLOTS: Final = "keyslots.json"
SLOTS_COPY: Final = "keyslots.json.bak"
LOCK: Final = "lock"


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """What a store needs from outside: files, locks, chance, policies; `floor` is lowered by tests alone."""

    files: PrivateFiles
    locks: Locks
    ids: Ids
    policies: Policies
    floor: KdfCost = FLOOR
    blob_limit: int = LIMIT


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
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Rejected("store.exists", path=safe_line(folder.name, 120))
    partial = folder.with_name(f".{folder.name[:60]}.{place.ids.new_id()}.partial")
    place.files.folder(partial)
    try:
        keys = StoreKeys(place.ids.secret(KEY_BYTES), place.ids.new_id())
        slots = new_slot_file(keys.store_id, place.floor).with_passphrase(
            keys,
            passphrase,
            slot_id=place.ids.new_id(),
            label="passphrase",
            created=now.isoformat(timespec="seconds"),
            cost=cost,
            ids=place.ids,
        )
        _found(partial, keys, founding, now, place)
        _write_slots(partial, slots, place.files)
        place.files.move_folder(partial, folder)
    except BaseException:
        place.files.remove_folder(partial)
        raise
    lock = place.locks.hold(folder / LOCK, now)
    return _open_or_release(folder, keys, slots.revision, place, lock, inspect=False)


def open_store(folder: Path, passphrase: str, now: datetime, place: Place, *, inspect: bool = False) -> SqlVault:
    """Opens a store; `inspect` opens one whose log is damaged, to look at it and to verify it, never to write.

    Raises Rejected("store.wrong-passphrase") and Environment: store.not-a-store (path), store.held (pid, host, since),
    store.slots-damaged (reason), store.slots-old (an old slot file was put back), store.database-missing, -empty,
    -truncated, store.not-encrypted, store.damaged, store.newer, store.log-damaged (finding, seq), store.unsafe, disk.*.
    """
    if not (folder / SLOTS).is_file() and not (folder / SLOTS_COPY).is_file():
        raise Environment("store.not-a-store", path=safe_line(str(folder), 200))
    lock = place.locks.hold(folder / LOCK, now)
    try:
        keys, slots = _unlock(folder, passphrase, place)
    except BaseException:
        lock.release()
        raise
    return _open_or_release(folder, keys, slots.revision, place, lock, inspect=inspect)


def change_passphrase(folder: Path, old: str, new: str, now: datetime, *, cost: KdfCost, place: Place) -> None:
    """Rewrites the slot that `old` opens so that `new` opens it; the database stays as it is. Raises like `open_store`.

    The store must be closed. Rejected("store.kdf-too-weak") below the floor.
    """
    if not cost.is_within(place.floor, cost):
        raise Rejected("store.kdf-too-weak", needs="kdf")
    vault = open_store(folder, old, now, place)
    try:
        keys, slots = _unlock(folder, old, place)
        opened = next(s for s in slots.passphrase_slots() if slots.is_opened_by(s, old))
        changed = slots.with_passphrase(
            keys,
            new,
            slot_id=opened.id,
            label=opened.label,
            created=now.isoformat(timespec="seconds"),
            cost=cost,
            ids=place.ids,
        )
        _write_slots(folder, changed, place.files)
        vault.remember("slots", lambda _: str(changed.revision))
    finally:
        vault.close()


def _found(folder: Path, keys: StoreKeys, founding: Founding, now: datetime, place: Place) -> None:
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


def _open_or_release(
    folder: Path, keys: StoreKeys, revision: int, place: Place, lock: Held, *, inspect: bool
) -> SqlVault:
    try:
        return _open(folder, keys, revision, place, lock, inspect=inspect)
    except BaseException:
        lock.release()
        raise


def _open(folder: Path, keys: StoreKeys, revision: int, place: Place, lock: Held, *, inspect: bool) -> SqlVault:
    db = Connection(folder / DATABASE, keys.database())
    try:
        if db.number("user_version") == 0:
            raise Environment("store.damaged", part="schema")
        migrate(db)
        _demand_same_store(db, keys.store_id)
        device = own_device(db, keys)
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
        )
        if not inspect:
            vault.remember("slots", lambda old: _later(old, revision))
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


def _later(old: str | None, revision: int) -> str:
    """The revision to remember; an older slot file than the one remembered brings an old passphrase back."""
    if old is not None and revision < int(old):
        raise Environment("store.slots-old", revision=revision, known=int(old))
    return str(revision)


def _unlock(folder: Path, passphrase: str, place: Place) -> tuple[StoreKeys, SlotFile]:
    """The keys behind the passphrase: from the slot file, or its copy where that is damaged; both are mended."""
    reasons: list[str] = []
    tried: list[bytes] = []
    was_refused = False
    for name in (SLOTS, SLOTS_COPY):
        try:
            data = place.files.read(folder / name, FILE_LIMIT)
        except Environment as fault:
            reasons.append(fault.code)
            continue
        if data in tried:
            continue
        tried.append(data)
        try:
            slots = read_slot_file(data, place.floor)
            keys = slots.unlock(passphrase)
        except SlotsDamaged as fault:
            reasons.append(fault.reason)
        else:
            if keys is not None:
                _mend(folder, slots, place.files)
                return keys, slots
            was_refused = True
    if was_refused:
        raise Rejected("store.wrong-passphrase", needs="passphrase")
    if "newer" in reasons:
        raise Environment("store.newer", part="slots")
    raise Environment("store.slots-damaged", reason=reasons[0] if reasons else "missing")


def _write_slots(folder: Path, slots: SlotFile, files: PrivateFiles) -> None:
    data = slots.to_bytes()
    files.write(folder / SLOTS, data)
    files.write(folder / SLOTS_COPY, data)


def _mend(folder: Path, slots: SlotFile, files: PrivateFiles) -> None:
    """Writes both copies again unless they are alike; a folder that can't be written to is no reason not to open."""
    data = slots.to_bytes()
    for name in (SLOTS, SLOTS_COPY):
        try:
            if files.read(folder / name, FILE_LIMIT) == data:
                continue
        except AppError:
            pass
        try:
            files.write(folder / name, data)
        except AppError:
            continue
