"""Backups and restores that a crash cuts short: half a backup is never taken for one, half a store never for one."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

from typing_extensions import override

from app.bootstrap import restore_store
from app.domain.errors import AppError
from tests.faults import stores
from tests.faults.scenario import Complaint, Said, Scenario, Tell
from tests.faults.slot_acts import store_with_cases

BACKUPS = "backups"
RESTORED = "restored.holdfast"


class BackUp(Scenario):
    """A backup is made of a store with two cases; an older one is there already."""

    name = "backup"
    window = "backup"

    @override
    def prepare(self, box: Path) -> None:
        store_with_cases(box)
        (box / BACKUPS).mkdir()
        session = stores.opened(box)
        session.backups.make(box / BACKUPS)
        session.close()

    @override
    def act(self, box: Path, tell: Tell, chance: Random) -> None:
        session = stores.opened(box, with_parts=stores.parts(box, stores.LATER.replace(month=11)))
        tell.begin("backup")
        report = session.backups.make(box / BACKUPS)
        tell.done(**stores.head(session), file=report.name, events=report.events)
        session.close()

    @override
    def check(self, box: Path, said: Said) -> Iterable[Complaint]:
        folder = box / BACKUPS
        files = sorted(path for path in folder.iterdir() if path.is_file())
        wanted = {1, 2} if said.hanging else {2} if said.done else {1}
        if len(files) not in wanted:
            yield Complaint(kind="lost", detail=f"{len(files)} backups of {wanted}")
        for file in files:
            yield from self._restores(box, file)
        yield from stores.opens_and_holds(box, said.steps)
        yield from self._swept(box, len(files))

    def _restores(self, box: Path, file: Path) -> Iterator[Complaint]:
        try:
            session = restore_store(file, box / RESTORED, stores.PASSPHRASE, parts=stores.parts(box, stores.LATER))
        except AppError as fault:
            yield Complaint(kind="half", detail=f"{file.name}: {fault.code} {fault.facts}")
            return
        yield from stores.whole(session, ())
        session.close()
        shutil.rmtree(box / RESTORED)

    def _swept(self, box: Path, files: int) -> Iterator[Complaint]:
        session = stores.opened(box, with_parts=stores.parts(box, stores.LATER.replace(year=2028)))
        session.backups.make(box / BACKUPS)
        listed = session.backups.listed(box / BACKUPS)
        session.close()
        if len(listed) != files + 1 or any(row.problem for row in listed):
            yield Complaint(kind="half", detail=f"the list: {[(row.name, row.problem) for row in listed]}")
        if left := stores.leftovers(box / BACKUPS, box / stores.RUNTIME):
            yield Complaint(kind="left", detail=f"{left}")


class Restore(Scenario):
    """A backup is restored into a new folder."""

    name = "restore"
    window = "restore"

    @override
    def prepare(self, box: Path) -> None:
        store_with_cases(box)
        session = stores.opened(box)
        session.backups.make(box / "a.holdfast-backup")
        session.close()
        shutil.rmtree(box / stores.STORE)

    @override
    def act(self, box: Path, tell: Tell, chance: Random) -> None:
        tell.begin("restore")
        parts = stores.parts(box, stores.LATER.replace(month=11))
        session = restore_store(box / "a.holdfast-backup", box / stores.STORE, stores.PASSPHRASE, parts=parts)
        tell.done(**stores.head(session))
        session.close()

    @override
    def check(self, box: Path, said: Said) -> Iterable[Complaint]:
        if (box / stores.STORE).exists():
            yield from stores.opens_and_holds(box, said.steps)
            shutil.rmtree(box / stores.STORE)
        elif said.done:
            yield Complaint(kind="lost", detail="the restored store")
        try:
            parts = stores.parts(box, stores.LATER.replace(month=12))
            restore_store(box / "a.holdfast-backup", box / stores.STORE, stores.PASSPHRASE, parts=parts).close()
        except AppError as fault:
            yield Complaint(kind="unopenable", detail=f"the backup: {fault.code} {fault.facts}")
        if left := stores.leftovers(box, box / stores.RUNTIME):
            yield Complaint(kind="left", detail=f"{left}")
