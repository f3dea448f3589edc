"""A backup beside what nobody can leave out: the same bytes copied, hashed and flushed to the same disk."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

from app.machine.streams import DiskStreams
from app.store.archive import StoreArchive
from app.store.extract import Shelf
from app.store.folder import DATABASE
from app.store.vault import SqlVault
from tests.bench.frame import Line, Result, timed
from tests.bench.large_store import START, opened, place, store_of
from tests.bench.setting import Setting

_PLAIN: Final = "the database copied to another file, hashed with SHA-256, flushed to the disk"
COPY: Final = Line(row="backup", what="the copy, while nothing else can be done in the store", yardstick=_PLAIN)
WHOLE: Final = Line(row="backup", what="copied, read back, opened, every page and the log checked", yardstick=_PLAIN)
_NOW: Final = START + timedelta(days=1600)
_PIECE: Final = 1024 * 1024


def measure(setting: Setting) -> Iterator[Result]:
    """The part on the vault's thread, and the whole of it."""
    folder = store_of(setting.cases)
    rounds = max(3, setting.rounds // 2)
    with setting.scratch() as scratch:
        # Read before the store is open: closing its file afterwards would drop the locks on it.
        shutil.copyfile(folder / DATABASE, scratch / "twin.db")
        vault = opened(folder)
        try:
            work = _Work(vault, scratch)
            yield COPY.measured(timed(work.copy), timed(work.plain), rounds=rounds)
            yield WHOLE.measured(timed(work.whole), timed(work.plain), rounds=rounds)
        finally:
            vault.close()


class _Work:
    """One backup after the other, each gone before the next."""

    def __init__(self, vault: SqlVault, scratch: Path) -> None:
        self._archive = StoreArchive(vault, Shelf(place=place(), streams=DiskStreams(), program="bench"))
        self._twin = scratch / "twin.db"
        self._target = scratch / "bench.holdfast-backup"

    def copy(self) -> None:
        self._archive.copy(self._target, _NOW).discard()

    def whole(self) -> None:
        report = self._archive.prove(self._archive.copy(self._target, _NOW))
        Path(report.path).unlink()

    def plain(self) -> None:
        digest = hashlib.sha256()
        with self._twin.open("rb") as source, self._target.open("wb") as target:
            while piece := source.read(_PIECE):
                digest.update(piece)
                target.write(piece)
            target.flush()
            os.fsync(target.fileno())
        self._target.unlink()
