"""Restoring a backup: into a new folder, verified first, whole or not at all, going on with a device of its own.

The store that the backup was made of may still be there and go on too. What is restored signs with a new key from its
first event on, and the old device's private key is taken out of it, so that the two can always be told apart.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from app.desk.ports.keys import Secret
from app.desk.ports.vault import Cancelled, Finding, Progress
from app.domain.errors import Environment, Rejected
from app.domain.events.team_events import StoreRestored
from app.domain.untrusted import safe_line
from app.store.container import Front, Taken, read_front
from app.store.extract import Extracted, Shelf, extracted
from app.store.folder import open_unlocked
from app.store.keys import StoreKeys
from app.store.place import SLOTS, SLOTS_COPY
from app.store.proof import demand_pages
from app.store.rooms import is_folder, is_taken
from app.store.scratch import make_scratch
from app.store.stages import Stages
from app.store.unlocking import Unlocked, unlock
from app.store.vault import SqlVault

_REBUILT = frozenset({"projection.differs", "state.snapshot"})
"""Findings in rows that are made again from the log, which is the record."""


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """What a restored store goes on from."""

    by: Unlocked
    taken: Taken

    @property
    def keys(self) -> StoreKeys:
        """The keys of the store."""
        return self.by.keys


def restore(
    path: Path,
    folder: Path,
    secret: Secret,
    now: datetime,
    shelf: Shelf,
    *,
    device_label: str = "",
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> SqlVault:
    """Makes a store in `folder`, which may not exist yet or must be empty, out of a backup, and opens it; `now` is UTC.

    A secret of the backup's own slots opens it, also one that was revoked since. Raises Rejected: store.exists,
    store.wrong-passphrase and its like, backup.cancelled; Environment: backup.* (not-a-backup, newer, damaged, forged,
    not-whole with finding and seq), store.newer, disk.*, and what opening raises. Whatever it raises, `folder` is as it
    was, or a whole store that could not be opened just then.
    """
    if is_taken(folder):
        raise Rejected("store.exists", path=safe_line(folder.name, 120), needs="folder")
    room, place = folder.absolute().parent, shelf.place
    if not is_folder(room):
        raise Environment("file.missing", file=safe_line(room.name, 120))
    stages = Stages(progress, (30, 10, 60))
    scratch = make_scratch(
        room, folder.name, now, files=place.files, locks=place.locks, ids=place.ids, is_lock_needed=True
    )
    with scratch:
        opened = extracted(path, now, shelf, into=scratch, progress=stages.next(), cancelled=cancelled)
        stages.next()
        restored = unlocked(opened, secret, shelf)
        demand_pages(opened.database, restored.keys)
        # What this machine saw of the store before is no measure of a copy that is older by right.
        apart = msgspec.structs.replace(place, seen=None)
        vault = open_unlocked(scratch.path, restored.by, apart, None, inspect=False)
        try:
            _demand_whole(vault, stages.next(), cancelled)
            _go_on(vault, restored, now, device_label)
        finally:
            vault.close()
        shelf.streams.sync_folder(scratch.path)
        scratch.move_to(folder)
    stages.end()
    try:
        return open_unlocked(folder, restored.by, place, scratch.lock, inspect=False)
    except BaseException:
        scratch.lock.release()
        raise


def unlocked(opened: Extracted, secret: Secret, shelf: Shelf) -> Restored:
    """Puts the slots beside the database and opens them; raises like `unlock`, and Environment("backup.forged")."""
    for name in (SLOTS, SLOTS_COPY):
        shelf.place.files.write(opened.scratch.path / name, opened.taken.slots)
    by = unlock(opened.scratch.path, secret, shelf.place)
    if by.keys.store_id != opened.taken.front.manifest.store_id or not opened.taken.is_sealed_by(by.keys):
        raise Environment("backup.forged")
    return Restored(by=by, taken=opened.taken)


def read_backup(path: Path, shelf: Shelf) -> Front:
    """What a backup says of itself, unproved; raises Environment: backup.*, file.*, disk.io."""
    stream = shelf.streams.open(path)
    try:
        return read_front(stream)
    finally:
        stream.close()


def _demand_whole(vault: SqlVault, progress: Progress | None, cancelled: Cancelled | None) -> None:
    """The whole verification; rows that only differ are made again from the log."""
    for attempt in ("as it came", "rebuilt"):
        report = vault.verify(progress, cancelled)
        if report.cancelled:
            raise Rejected("backup.cancelled")
        if report.ok:
            return
        if attempt == "rebuilt" or not all(_is_row(finding) for finding in report.findings):
            first = next((f for f in report.findings if not _is_row(f)), report.findings[0])
            raise Environment("backup.not-whole", finding=first.code, seq=first.seq)
        vault.rebuild()


def _is_row(finding: Finding) -> bool:
    return finding.code in _REBUILT


def _go_on(vault: SqlVault, restored: Restored, now: datetime, label: str) -> None:
    """Enrols a device of its own, signed for by the one so far, whose key leaves the store."""
    manifest = restored.taken.front.manifest
    event = StoreRestored(sha256=restored.taken.sha256, events=manifest.events, head=manifest.head)
    vault.enrol(restored.keys, label, vault.queries.team().owner, now, event)
