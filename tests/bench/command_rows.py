"""One command through the desk beside a bare insert and commit of the same bytes into an encrypted file."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from app.desk.desk import Desk
from app.domain.commands import CaseCommand
from app.domain.commands import case_commands as c
from app.machine.clock import SystemIds
from app.machine.resources import PackagedPolicies
from app.store.connection import Connection
from app.store.vault import SqlVault
from tests.bench.frame import Budget, Line, Result, interleaved, timed
from tests.bench.large_store import OWNER, START, copy_of, opened, store_of
from tests.bench.setting import Setting
from tests.bench.standing_clock import StandingClock

BUDGET: Final = Budget(times=2)
YARDSTICK: Final = "INSERT and COMMIT of as many bytes as the command writes; SQLCipher, same pragmas, as many rows"
_SMALL: Final = 1_000

Make = Callable[[int], CaseCommand]
COMMANDS: Final[dict[str, Make]] = {
    "note": lambda turn: c.AddNote(text=f"Note {turn}: the header parser keeps a length that it was only told of."),
    "message": lambda turn: c.LogMessage(direction="out", subject=f"Progress {turn}", text=f"Fix {turn} is in review."),
    "title": lambda turn: c.Retitle(title=f"Parser reads {turn} bytes past the end of a folded header"),
}


class Bytes:
    """Stands at the door of the database and counts what a command hands in."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._run = db.run
        self.count = 0

    def __enter__(self) -> Bytes:
        self._db.run = self  # type: ignore[method-assign]
        return self

    def __exit__(self, *_: object) -> None:
        del self._db.run

    def __call__(self, sql: str, values: Sequence[object] = ()) -> int:
        if sql.startswith(("INSERT", "UPDATE")):
            self.count += sum(map(_size, values))
        return self._run(sql, values)


def _size(value: object) -> int:
    if isinstance(value, str):
        return len(value.encode())
    return len(value) if isinstance(value, bytes) else 8


class Bare:
    """A table of nothing but bytes, opened by the same door with the same pragmas, with some rows to begin with."""

    def __init__(self, folder: Path, rows: int) -> None:
        path = folder / "bare.db"
        path.touch()
        self._chance = random.Random(3)
        self._db = Connection(path, bytes(range(32)), fresh=True)
        with self._db.changing_schema():
            self._db.script("BEGIN; CREATE TABLE bare (no INTEGER PRIMARY KEY, content BLOB); COMMIT;")
        self._db.begin()
        fillers = ((self._chance.randbytes(900),) for _ in range(rows))
        self._db.run_many("INSERT INTO bare (content) VALUES (?)", fillers)
        self._db.commit()

    def insert(self, size: int) -> None:
        """One row and a commit."""
        self._db.begin()
        self._db.run("INSERT INTO bare (content) VALUES (?)", (self._chance.randbytes(size),))
        self._db.commit()

    def close(self) -> None:
        """Closes the file."""
        self._db.close()


def measure(setting: Setting) -> Iterator[Result]:
    """Each kind of command on a case that was not touched lately, on both stores."""
    for cases in sorted({min(_SMALL, setting.cases), setting.cases}):
        with setting.scratch() as scratch:
            vault = opened(copy_of(store_of(cases), scratch))
            bare = Bare(scratch, cases)
            try:
                for name in COMMANDS:
                    yield _one(setting, vault, bare, cases, name)
            finally:
                vault.close()
                bare.close()


def _one(setting: Setting, vault: SqlVault, bare: Bare, cases: int, name: str) -> Result:
    clock = StandingClock(START + timedelta(days=1600))
    desk = Desk(vault, clock, SystemIds(), PackagedPolicies(), OWNER)
    # Every tenth case is on its way.
    way = [f"B{number:07d}" for number in range(9, cases, 10)]
    random.Random(len(name)).shuffle(way)
    cases_left = iter(way * (setting.many + 2))
    turns = iter(range(1_000_000))
    with Bytes(vault._db) as counted:
        desk.perform(next(cases_left), COMMANDS[name](next(turns)))
    size = counted.count

    def command() -> None:
        turn = next(turns)
        desk.perform(next(cases_left), COMMANDS[name](turn))

    ours, against = interleaved([timed(command), timed(lambda: bare.insert(size))], setting.many * 3, warm=5)
    line = Line(row="command", what=f"{name} ({size:,} B), {cases:,} cases", yardstick=YARDSTICK, budget=BUDGET)
    return line.judged(ours, against)
