"""The backup that is made before a store is brought to a newer format: beside it, proved like any other."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from typing_extensions import override

from app.desk.ports.clock import Clock
from app.domain.errors import Environment
from app.domain.untrusted import safe_line
from app.store.backup import SUFFIX, Source, back_up, plain_name
from app.store.connection import Connection
from app.store.extract import Shelf
from app.store.keys import StoreKeys
from app.store.migrate import Keeper, Upgraded, newest_format

_STAMP: Final = "%Y%m%dT%H%M%SZ"


class BackupKeeper(Keeper):
    """Keeps NAME-before-format-N-YYYYMMDDTHHMMSSZ.holdfast-backup in the folder that the store lies in."""

    def __init__(self, shelf: Shelf, clock: Clock) -> None:
        self._shelf = shelf
        self._clock = clock

    @override
    def keep(self, db: Connection, folder: Path, keys: StoreKeys) -> str:
        now = self._clock.now()
        target = folder.with_name(backup_name(folder, newest_format(), now))
        # The log is checked when the store opens; what is proved here is that every page came over as it is.
        return back_up(Source(db=db, folder=folder, keys=keys), target, now, self._shelf, pages_only=True).name


def backup_name(folder: Path, number: int, now: datetime) -> str:
    """How the backup before format `number` is called; `now` is UTC."""
    return f"{plain_name(folder)}-before-format-{number}-{now.astimezone(UTC).strftime(_STAMP)}{SUFFIX}"


def told_of(upgraded: Upgraded | None) -> tuple[Environment, ...]:
    """What a person is told when a store was brought to another format: where it still lies as it was."""
    if upgraded is None:
        return ()
    return (Environment("store.upgraded", old=upgraded.old, new=upgraded.new, file=safe_line(upgraded.kept, 160)),)
