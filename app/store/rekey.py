"""Replacing the store key: the slot file first, then every page of the database, then the keys of its devices.

1. A slot file where every slot opens the new key, and the new key opens the old one: "pending".
2. The database is encrypted anew, in one transaction of SQLite: every page or none.
3. The keys of the devices are wrapped anew and the event is appended, in one transaction.
4. The slot file forgets the old key.

A crash before 1 leaves everything as it was. After it, opening the store finds which key opens the database and goes
on from there; where the database can't be written anew, as on a full disk, the slot file takes step 1 back instead. A
secret that was revoked before opens an old slot file at most, and with it the old key, which opens nothing any more.
Old backups carry the slots and the key of their day.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from app.domain.errors import Environment
from app.domain.events.team_events import StoreRekeyed
from app.domain.values import Person
from app.store.connection import Connection
from app.store.database_file import is_cut_off, is_of_another_key, read_salt
from app.store.device import rewrap_devices
from app.store.keys import KEY_BYTES, StoreKeys
from app.store.place import DATABASE, Place
from app.store.slots import SlotFile
from app.store.unlocking import Unlocked, current_slots, demand_newest, write_slots
from app.store.vault import SqlVault


def rekey(vault: SqlVault, place: Place, actor: Person, now: datetime) -> None:
    """Replaces the key of an open store; the caller has made a backup. `now` is UTC.

    Raises Environment: store.slots-damaged, store.slots-old, store.not-rekeyed and disk.*, and then the old key is in
    force, unless the database could not be opened again at all: then the next opening finds out and goes on from there.
    """
    folder, old = vault.folder, vault.keys
    slots = current_slots(folder, old, place)
    demand_newest(slots, vault.known("slots"))
    new = StoreKeys(place.ids.secret(KEY_BYTES), old.store_id)
    pending = slots.rekeyed(old, new, place.ids)
    is_under_way = False
    try:
        write_slots(folder, pending, place.files)
        is_under_way = True
        vault.rekey(new)
    except Environment as fault:
        # Unless the old key was seen to open the database, the file stays pending, which opens it under either.
        if not is_under_way or fault.code == "store.not-rekeyed":
            with suppress(Environment):
                write_slots(folder, pending.taken_back(new, old, place.ids), place.files)
        raise
    settle(vault, pending, old, actor, now, place=place)


def connect(folder: Path, unlocked: Unlocked, place: Place, *, inspect: bool) -> tuple[Connection, Unlocked]:
    """The database with the key that opens it; a replacement of the key that a crash cut short goes on here.

    `inspect` changes nothing. Raises what opening a connection raises, and Environment("store.slots-earlier") where the
    slot file is one of before the key was replaced.
    """
    path, old = folder / DATABASE, unlocked.old
    was_cut_off = is_cut_off(path) and not inspect
    try:
        return _connected(path, unlocked.keys, was_cut_off), unlocked
    except Environment as fault:
        if fault.code != "store.damaged":
            raise
        if old is None:
            raise _why(path, unlocked, fault) from None
    db = _connected(path, old, was_cut_off)
    if inspect:
        return db, unlocked
    try:
        try:
            db.rekey(old.database(), unlocked.keys.database())
        except Environment as refused:
            if refused.code != "store.not-rekeyed":
                # Nobody knows which key is in force: the file stays pending, which opens it under either.
                raise
            back = unlocked.slots.taken_back(unlocked.keys, old, place.ids)
            write_slots(folder, back, place.files)
            by = msgspec.structs.replace(unlocked.opened, keys=old)
            return db, Unlocked(slots=back, opened=by)
    except BaseException:
        db.close()
        raise
    return db, unlocked


def _connected(path: Path, keys: StoreKeys, was_cut_off: bool) -> Connection:
    db = Connection(path, keys.database())
    if was_cut_off:
        try:
            db.renew_free_pages()
        except BaseException as fault:
            # A full disk must not keep anybody from reading their cases; no content is at stake.
            if not (isinstance(fault, Environment) and fault.code.startswith("disk.")):
                db.close()
                raise
    return db


def _why(path: Path, unlocked: Unlocked, fault: Environment) -> Environment:
    """Why the database does not open: with the salt that the slots know and no page that fits, the key was replaced."""
    is_known = bool(unlocked.slots.salt) and read_salt(path) == unlocked.slots.salt
    if is_known and is_of_another_key(path, unlocked.keys.database()):
        return Environment("store.slots-earlier")
    return fault


def settle(
    vault: SqlVault, pending: SlotFile, old: StoreKeys, actor: Person, now: datetime, *, place: Place
) -> SlotFile:
    """Steps 3 and 4, whichever of them is left; gives the slot file as it is then."""
    keys = vault.keys
    if vault.queries.team().epoch != pending.epoch:
        vault.record(
            actor,
            now,
            [StoreRekeyed(epoch=pending.epoch)],
            {"slots": str(pending.revision)},
            lambda db: rewrap_devices(db, old, keys, place.ids),
        )
    settled = pending.settled(keys)
    write_slots(vault.folder, settled, place.files)
    vault.remember("slots", lambda _: str(settled.revision))
    vault.old_keys = None
    return settled
