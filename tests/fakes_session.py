"""An open store in memory, with real commands: the desk and the intake on a MemoryStore, and a clock that stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from app.desk.desk import Desk
from app.desk.intake import Intake
from app.desk.ports.exchange import Importer, Refusal, Rendered, SourceFile
from app.desk.retention import Retention
from app.domain.errors import Environment
from app.domain.events.team_events import TeamEvent
from app.domain.team import TEAM_STREAM
from tests.fakes_backups import FakeBackups
from tests.fakes_ways import FakeKeys
from tests.memory_store import ADA, NOON, MemoryStore, ShippedPolicies

__all__ = [
    "ADA",
    "NOON",
    "FakeSources",
    "MemorySession",
    "MemoryStore",
    "RunningIds",
    "ShippedPolicies",
    "StoppedClock",
]


class StoppedClock:
    """A clock that moves only when a test moves it."""

    def __init__(self, now: datetime = NOON) -> None:
        self.at = now

    def now(self) -> datetime:
        return self.at

    def pass_by(self, **span: float) -> None:
        self.at += timedelta(**span)


class RunningIds:
    """Names in a row."""

    def __init__(self) -> None:
        self.count = 0

    def new_id(self) -> str:
        self.count += 1
        return f"{self.count:026d}"

    def secret(self, size: int) -> bytes:
        return bytes(size)


class FakeSources:
    """Files that exist only in a test."""

    def __init__(self, files: Sequence[SourceFile | Refusal]) -> None:
        self.files = files

    def __len__(self) -> int:
        return len(self.files)

    def __iter__(self) -> Iterator[SourceFile | Refusal]:
        return iter(self.files)


class MemorySession:
    """A session on a MemoryStore; `do` performs commands at any moment of the past, for setting a scene."""

    def __init__(self, *, clock: StoppedClock | None = None, importers: Sequence[Importer] = ()) -> None:
        self.store = MemoryStore()
        self.clock = clock or StoppedClock()
        self.ids = RunningIds()
        self.me = ADA
        self.policies = self.store.policies
        vault = cast("Any", self.store)
        self.vault = vault
        self.desk = Desk(vault, self.clock, self.ids, cast("Any", self.policies), self.me)
        self.intake = Intake(vault, self.desk, importers, self.clock, self.me)
        self.retention = Retention(vault, self.desk, cast("Any", self.policies), self.clock)
        self.exchange: Any = None
        self.files: Any = None
        self.fake_keys = FakeKeys()
        self.fake_backups = FakeBackups(self.store.team, self._record, self.clock.now)
        # Fakes are not the classes that they stand for.
        self.keys: Any = self.fake_keys
        self.backups: Any = self.fake_backups
        self.warnings: tuple[Environment, ...] = ()
        self.given: list[SourceFile | Refusal] = []
        self.paths: list[str] = []

    def _record(self, event: TeamEvent) -> None:
        with self.store.transaction(self.me, self.clock.now()) as tx:
            tx.append(TEAM_STREAM, [event])

    @property
    def queries(self) -> Any:
        return self.store

    def import_sources(self, paths: Sequence[str]) -> FakeSources:
        self.paths = list(paths)
        return FakeSources(self.given)

    def write_export(self, folder: Path, files: Sequence[Rendered]) -> tuple[Path, ...]:
        return tuple(folder / file.name for file in files)

    def do(self, ref: str | None, command: Any, *, hours_ago: float = 0.0) -> str:
        """Perform a command as if it were so many hours earlier; gives back the reference."""
        now = self.clock.at
        self.clock.at = now - timedelta(hours=hours_ago)
        try:
            return self.desk.perform(ref, command).ref
        finally:
            self.clock.at = now
