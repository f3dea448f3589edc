"""Backups of a store that is none: each act answers at once, or with the problem that the test sets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from app.desk.backups import Pruned
from app.desk.ports.backups import BackupFacts, BackupReport, DrillReport, ListedBackup
from app.desk.ports.keys import Secret
from app.desk.ports.vault import Cancelled, Progress
from app.domain.backups import BackupDue, BackupRule, due, rule_of
from app.domain.changes import Changes
from app.domain.errors import Rejected
from app.domain.events.team_events import BackupDrilled, BackupMade, TeamEvent
from app.domain.team import Team


class FakeCopy:
    """A copy that is not proved yet."""

    def __init__(self) -> None:
        self.discarded = False

    def discard(self) -> None:
        self.discarded = True


class FakeBackups:
    """`rows` lie in the folder; `problem` is raised by the next act, `drill_problem` is what a drill finds."""

    def __init__(
        self, team: Callable[[], Team], record: Callable[[TeamEvent], None], now: Callable[[], datetime]
    ) -> None:
        self._team = team
        self._record = record
        self._now = now
        self.rows: list[ListedBackup] = []
        self.copies: list[FakeCopy] = []
        self.drilled: list[tuple[Path, Secret]] = []
        self.problem: Exception | None = None
        self.list_problem: Exception | None = None
        self.drill_problem = ""

    def due(self, now: datetime) -> BackupDue:
        return due(self._team(), now)

    def rule(self) -> BackupRule:
        return rule_of(self._team())

    def begin(
        self, target: Path | None = None, progress: Progress | None = None, cancelled: Cancelled | None = None
    ) -> FakeCopy:
        self._work(progress, cancelled)
        self.copies.append(FakeCopy())
        return self.copies[-1]

    def prove(
        self,
        copy: FakeCopy,
        *,
        deep: bool = False,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> BackupReport:
        self._work(progress, cancelled)
        name = f"aster-{self._now():%Y%m%dT%H%M%SZ}.holdfast-backup"
        folder = self.rule().folder
        report = BackupReport(
            path=f"{folder}/{name}", name=name, sha256="0" * 64, size=4_200_000, events=1234, head="", at=self._now()
        )
        self.rows.insert(0, listed(name, self._now(), folder=folder))
        return report

    def finish(self, report: BackupReport) -> Changes:
        self._record(
            BackupMade(name=report.name, sha256=report.sha256, size=1, events=report.events, head="", at=report.at)
        )
        return Changes(topics=frozenset({"team", "history"}))

    def thin_out(self, folder: Path, now: datetime, rule: BackupRule, cancelled: Cancelled | None = None) -> Pruned:
        return Pruned(dropped=("aster-old.holdfast-backup",) if len(self.rows) > 3 else ())

    def listed(self, folder: Path) -> tuple[ListedBackup, ...]:
        if self.list_problem is not None:
            raise self.list_problem
        return tuple(self.rows)

    def try_out(
        self, path: Path, secret: Secret, *, progress: Progress | None = None, cancelled: Cancelled | None = None
    ) -> DrillReport:
        self._work(progress, cancelled)
        self.drilled.append((path, secret))
        return DrillReport(
            name=path.name, sha256="0" * 64, events=1234, head="", at=self._now(), problem=self.drill_problem
        )

    def finish_drill(self, report: DrillReport) -> Changes:
        self._record(
            BackupDrilled(
                name=report.name, sha256=report.sha256, events=report.events, at=report.at, finding=report.problem
            )
        )
        return Changes(topics=frozenset({"team", "history"}))

    def _work(self, progress: Progress | None, cancelled: Cancelled | None) -> None:
        if progress is not None:
            progress(1, 2)
        if cancelled is not None and cancelled():
            raise Rejected("backup.cancelled")
        if self.problem is not None:
            raise self.problem


def listed(name: str, at: datetime, *, folder: str = "/backups", problem: str = "") -> ListedBackup:
    """A file in the folder of backups."""
    facts = BackupFacts(store_id="s", at=at, program="1", schema=1, epoch=1, events=1234, head="")
    return ListedBackup(path=f"{folder}/{name}", name=name, size=4_200_000, facts=facts, problem=problem)
