"""What is interrupted: a scenario prepares a box, works in it saying what it begins and what is done, and judges it.

The same scenarios are killed at random instants (`kills`) and cut off from power in a model of the disk (`power`).
"""

from __future__ import annotations

import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import msgspec

_ROOM = 1024**3


def room() -> Path | None:
    """Where boxes are made: in memory where there is enough of it; None is the usual place."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > _ROOM else None


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line from the worker: `facts` are promises once `is_done`, and plans before."""

    what: str
    is_done: bool
    facts: dict[str, Any]


class Step(msgspec.Struct, kw_only=True):
    """Something the worker did; `done` is None where it was begun and never acknowledged."""

    what: str
    begun: dict[str, Any]
    done: dict[str, Any] | None = None


class Tell:
    """The worker's mouth: each line is one write, made before the work begins and after it was acknowledged."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._what = ""

    def begin(self, what: str, **facts: Any) -> None:
        """What is tried next, and what will be true if it comes through."""
        self._what = what
        self._say(Line(what=what, is_done=False, facts=facts))

    def done(self, **facts: Any) -> None:
        """The store said that it is done; from here on it may not be lost."""
        self._say(Line(what=self._what, is_done=True, facts=facts))

    def _say(self, line: Line) -> None:
        os.write(self._descriptor, msgspec.json.encode(line) + b"\n")


class Said:
    """What a worker said until it was cut off."""

    def __init__(self, text: bytes) -> None:
        self.steps: list[Step] = []
        for part in text.split(b"\n")[:-1]:
            line = msgspec.json.decode(part, type=Line)
            if line.is_done:
                self.steps[-1].done = line.facts
            else:
                self.steps.append(Step(what=line.what, begun=line.facts))

    @property
    def done(self) -> list[Step]:
        """What was acknowledged."""
        return [step for step in self.steps if step.done is not None]

    @property
    def hanging(self) -> Step | None:
        """What was begun and not acknowledged: it may have happened, or not, but not by halves."""
        last = self.steps[-1] if self.steps else None
        return last if last is not None and last.done is None else None

    def last(self, *names: str) -> Step | None:
        """The latest step of these names, acknowledged or not."""
        return next((step for step in reversed(self.steps) if step.what in names), None)


class Complaint(msgspec.Struct, frozen=True, kw_only=True):
    """A broken promise: `kind` is one of lost, unopenable, damaged, half, both, left."""

    kind: str
    detail: str


class Scenario(ABC):
    """Something that a crash may hit at any moment."""

    name: str
    window: str = ""
    """The step during which the crash shall come; empty means any."""

    @abstractmethod
    def prepare(self, box: Path) -> None:
        """Lays down what the work begins with; made once, then copied for each trial."""

    @abstractmethod
    def act(self, box: Path, tell: Tell, chance: Random) -> None:
        """The work; may be cut off anywhere."""

    @abstractmethod
    def check(self, box: Path, said: Said) -> Iterable[Complaint]:
        """What is wrong afterwards; opens, mends and goes on working as the program would."""
