"""Backups for tests: the real disk, and short words for making, listing and restoring them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app.desk.ports.backups import BackupReport
from app.machine.streams import DiskStreams
from app.store.archive import StoreArchive
from app.store.extract import Shelf
from app.store.restore import restore
from app.store.vault import SqlVault
from tests.app.store.building import PASSPHRASE, START, place

LATER = START + timedelta(days=2)


def shelf(seed: int = 7, *, memory: Path | None = None, **changes: Any) -> Shelf:
    """What backups need from outside."""
    return Shelf(place=place(seed, **changes), streams=DiskStreams(memory), program="1.2.3")


def archive(vault: SqlVault, seed: int = 7) -> StoreArchive:
    """The backups of an open store."""
    return StoreArchive(vault, shelf(seed))


def make(vault: SqlVault, target: Path, now: datetime = LATER, *, deep: bool = False) -> BackupReport:
    """A backup, copied and proved."""
    backups = archive(vault)
    return backups.prove(backups.copy(target, now), deep=deep)


def restored(path: Path, folder: Path, secret: str = PASSPHRASE, *, seed: int = 9) -> SqlVault:
    """The store that comes out of a backup, open."""
    return restore(path, folder, secret, LATER + timedelta(days=1), shelf(seed), device_label="new desk")


def left_over(folder: Path) -> list[str]:
    """What lies in a folder beside backups and stores."""
    return sorted(p.name for p in folder.iterdir() if not p.name.endswith((".holdfast-backup", ".holdfast")))
