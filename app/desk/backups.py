"""Backups of the store that is open: made by hand or by the clock, thinned out by age, tried."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from app.desk.ports.backups import Archive, BackupReport, Copy, DrillReport, ListedBackup
from app.desk.ports.clock import Clock
from app.desk.ports.keys import Secret
from app.desk.ports.vault import Cancelled, Progress, Vault
from app.domain.backups import BackupDue, BackupRule, Held, due, keep, rule_of
from app.domain.changes import Changes, changes_of
from app.domain.errors import Environment, Rejected
from app.domain.events.team_events import BackupDrilled, BackupMade, TeamEvent
from app.domain.team import TEAM_STREAM
from app.domain.untrusted import safe_line
from app.domain.values import Person


class Pruned(msgspec.Struct, frozen=True, kw_only=True):
    """Which backups were dropped because of their age, and which are not as they were written; names of files."""

    dropped: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()


class Backups:
    """What a person does with backups.

    What asks or changes the store runs on the vault's thread: `due`, `rule`, `folder`, `begin`, `finish`,
    `finish_drill`, `make`, `drill`. `prove`, `listed`, `last`, `thin_out` and `try_out` run on any: they need nothing
    of the open store but its keys.
    """

    def __init__(self, vault: Vault, archive: Archive, clock: Clock, actor: Person) -> None:
        self._vault = vault
        self._archive = archive
        self._clock = clock
        self._actor = actor

    def due(self, now: datetime) -> BackupDue:
        """Whether a backup is due and whether the last good one is too old; `now` is UTC."""
        return due(self._vault.queries.team(), now)

    def folder(self) -> Path:
        """The folder that the team chose; raises Rejected: backup.no-folder, backup.folder-relative."""
        chosen = rule_of(self._vault.queries.team()).folder
        if not chosen:
            raise Rejected("backup.no-folder", needs="folder")
        folder = Path(chosen)
        if not folder.is_absolute():
            raise Rejected("backup.folder-relative", path=safe_line(chosen, 120), needs="folder")
        return folder

    def begin(
        self, target: Path | None = None, progress: Progress | None = None, cancelled: Cancelled | None = None
    ) -> Copy:
        """Copies the store to a file or into a folder, the team's own without one. Raises like `Archive.copy`."""
        now = self._clock.now()
        if target is not None:
            return self._archive.copy(target, now, progress, cancelled)
        return self._archive.copy(self.folder(), now, progress, cancelled, is_folder=True)

    def prove(
        self, copy: Copy, *, deep: bool = False, progress: Progress | None = None, cancelled: Cancelled | None = None
    ) -> BackupReport:
        """Proves the copy and gives it its name; away from the vault's thread. Raises like `Archive.prove`."""
        return self._archive.prove(copy, deep=deep, progress=progress, cancelled=cancelled)

    def finish(self, report: BackupReport) -> Changes:
        """Puts a proved backup on record."""
        return self._record(
            BackupMade(
                name=safe_line(report.name, 120),
                sha256=report.sha256,
                size=report.size,
                events=report.events,
                head=report.head,
                at=report.at,
            )
        )

    def make(
        self,
        target: Path | None = None,
        *,
        deep: bool = False,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> BackupReport:
        """All three at once, on the vault's thread."""
        report = self.prove(self.begin(target, None, cancelled), deep=deep, progress=progress, cancelled=cancelled)
        self.finish(report)
        return report

    def listed(self, folder: Path) -> tuple[ListedBackup, ...]:
        """What lies in a folder of backups, the newest first; raises Environment."""
        return self._archive.listed(folder)

    def rule(self) -> BackupRule:
        """What the team wants of its backups."""
        return rule_of(self._vault.queries.team())

    def thin_out(self, folder: Path, now: datetime, rule: BackupRule, cancelled: Cancelled | None = None) -> Pruned:
        """Drops what the rule lets go, away from the vault's thread; raises Environment, Rejected("backup.cancelled").

        Before anything goes, what stays is read whole: a backup that is not as it was written stands for nothing, is
        never dropped by itself, and is named. Files of others, of a store key that was replaced, and of another copy of
        this store, such as the one it was restored from, are left alone.
        """
        rows = self._archive.listed(folder)
        held = [Held(path=r.path, at=r.facts.at, own=not r.problem and r.from_here) for r in rows if r.facts]
        sound: set[str] = set()
        damaged: list[str] = []
        while True:
            kept, dropped = keep(held, now, rule)
            doubtful = [b.path for b in kept if b.own and b.path not in sound]
            if not dropped or not doubtful:
                break
            for path in doubtful:
                if self._archive.is_whole(Path(path), cancelled):
                    sound.add(path)
                else:
                    damaged.append(Path(path).name)
                    held = [msgspec.structs.replace(b, own=False) if b.path == path else b for b in held]
        for backup in dropped:
            self._archive.remove(Path(backup.path))
        return Pruned(dropped=tuple(Path(b.path).name for b in dropped), damaged=tuple(damaged))

    def try_out(
        self,
        path: Path,
        secret: Secret,
        *,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> DrillReport:
        """Tries to restore a backup, away from the vault's thread. Raises like `Archive.drill`."""
        return self._archive.drill(path, secret, self._clock.now(), progress=progress, cancelled=cancelled)

    def finish_drill(self, report: DrillReport) -> Changes:
        """Puts on record how a drill went."""
        return self._record(
            BackupDrilled(
                name=report.name,
                sha256=report.sha256,
                events=report.events,
                at=report.at,
                finding=report.problem,
            )
        )

    def drill(
        self,
        path: Path,
        secret: Secret,
        *,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> DrillReport:
        """Both at once, on the vault's thread."""
        report = self.try_out(path, secret, progress=progress, cancelled=cancelled)
        self.finish_drill(report)
        return report

    def last(self, folder: Path) -> Path:
        """The newest backup of this store in a folder; raises Environment("backup.none-there")."""
        for row in self._archive.listed(folder):
            if not row.problem:
                return Path(row.path)
        raise Environment("backup.none-there", file=safe_line(folder.name, 120))

    def _record(self, event: TeamEvent) -> Changes:
        with self._vault.transaction(self._actor, self._clock.now()) as tx:
            tx.append(TEAM_STREAM, [event])
        return changes_of(TEAM_STREAM, (event,))
