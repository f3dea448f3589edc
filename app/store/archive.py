"""Backups of one open store, behind the port of the desk."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from typing_extensions import override

from app.desk.ports.backups import Archive, BackupFacts, BackupReport, DrillReport, ListedBackup
from app.desk.ports.backups import Copy as AnyCopy
from app.desk.ports.keys import Secret
from app.desk.ports.vault import Cancelled, Progress
from app.domain.checkpoint_note import read_note
from app.domain.errors import AppError, Defect, Environment, Rejected
from app.domain.untrusted import safe_line
from app.store import rooms
from app.store.backup import SUFFIX, Copy, Source, copy_store, prove
from app.store.checkpoint import key_name
from app.store.container import Front, Manifest, take
from app.store.drill import drill
from app.store.extract import Shelf
from app.store.keys import StoreKeys
from app.store.restore import read_backup
from app.store.vault import SqlVault

_MOST = 10_000
"""Files of a folder that are looked at."""


class StoreArchive(Archive):
    """The backups of the store that a vault holds."""

    def __init__(self, vault: SqlVault, shelf: Shelf) -> None:
        self._vault = vault
        self._shelf = shelf

    @override
    def copy(
        self,
        target: Path,
        now: datetime,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
        *,
        is_folder: bool = False,
    ) -> Copy:
        if is_folder and not rooms.is_folder(target):
            raise Environment("backup.folder-gone", file=safe_line(str(target), 160))
        vault = self._vault
        source = Source(db=vault.db, folder=vault.folder, keys=vault.keys, note=vault.note(now))
        return copy_store(source, target, now, self._shelf, progress=progress, cancelled=cancelled)

    @override
    def prove(
        self, copy: AnyCopy, *, deep: bool = False, progress: Progress | None = None, cancelled: Cancelled | None = None
    ) -> BackupReport:
        if not isinstance(copy, Copy):
            raise Defect("backup.foreign-copy")
        return prove(copy, self._shelf, deep=deep, progress=progress, cancelled=cancelled)

    @override
    def listed(self, folder: Path) -> tuple[ListedBackup, ...]:
        files = [path for path in self._shelf.streams.listing(folder) if path.name.endswith(SUFFIX)]
        keys, device = self._vault.keys, self._vault.device
        rows = [listed(path, self._shelf, keys, device) for path in files[:_MOST]]
        return tuple(sorted(rows, key=_newest_first, reverse=True))

    @override
    def is_whole(self, path: Path, cancelled: Cancelled | None = None) -> bool:
        try:
            stream = self._shelf.streams.open(path)
            try:
                return take(stream, cancelled=cancelled).is_sealed_by(self._vault.keys)
            finally:
                stream.close()
        except Environment:
            return False

    @override
    def remove(self, path: Path) -> None:
        self._shelf.streams.remove(path)

    @override
    def drill(
        self,
        path: Path,
        secret: Secret,
        now: datetime,
        *,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> DrillReport:
        # A backup may lie where nothing can be written; the disk of the store can be.
        places = (self._vault.folder.parent,)
        return drill(
            path,
            secret,
            now,
            self._shelf,
            store_id=self._vault.store_id,
            places=places,
            progress=progress,
            cancelled=cancelled,
        )


def listed(path: Path, shelf: Shelf, keys: StoreKeys, device: str) -> ListedBackup:
    """What one file is, by its sealed manifest alone; `device` is the one of the open store."""
    name, size, front = safe_line(path.name, 120), 0, None
    try:
        stream = shelf.streams.open(path)
        size = stream.size
        stream.close()
        front = read_backup(path, shelf)
        problem = _problem(front, keys)
    except AppError as fault:
        problem = fault.code
    facts = facts_of(front.manifest) if front else None
    from_here = front is not None and _is_by(front.manifest, device)
    return ListedBackup(path=str(path), name=name, size=size, facts=facts, problem=problem, from_here=from_here)


def _is_by(manifest: Manifest, device: str) -> bool:
    """Whether this device signed the note of a backup; who sealed the backup vouches for the name in it."""
    try:
        signatures = read_note(manifest.note).signatures
    except Rejected:
        return False
    return any(name == key_name(manifest.store_id, device) for name, _ in signatures)


def facts_of(manifest: Manifest) -> BackupFacts:
    """What a manifest says, for the desk."""
    return BackupFacts(
        store_id=manifest.store_id,
        at=manifest.at(),
        program=safe_line(manifest.program, 40),
        schema=manifest.schema,
        epoch=manifest.epoch,
        events=manifest.events,
        head=manifest.head,
        note=manifest.note,
    )


def _problem(front: Front, keys: StoreKeys) -> str:
    if front.manifest.store_id != keys.store_id:
        return "backup.other-store"
    if front.is_sealed_by(keys):
        return ""
    return "backup.other-key"


def _newest_first(row: ListedBackup) -> tuple[float, str]:
    return (row.facts.at.timestamp() if row.facts else 0.0, row.name)
