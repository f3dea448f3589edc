"""A made-up history told through real commands: steps are collected with their hour, then run in order of time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from app.desk.ports.vault import Progress
from app.domain.commands import Command
from app.domain.values import Blob, Person


class StoryClock:
    """A clock that shows the hour of the step that runs, and at the end stands where the story ends."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        """The hour of the story, UTC."""
        return self._now

    def set(self, now: datetime) -> None:
        """Moves the hand of the clock."""
        self._now = now


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One command of the story: when, by whom, about which case or release (a key of the story), and what it makes."""

    when: datetime
    order: int
    who: str
    about: str
    make: Callable[[dict[str, str]], Command]
    creates: bool = False
    file: tuple[str, str, bytes] | None = None
    """Name, media type and bytes of a file that `make_with` needs."""
    make_with: Callable[[Blob], Command] | None = None
    export: str = ""


class Story:
    """Collects steps around one moment; hours are counted back from it (negative) or ahead (positive)."""

    def __init__(self, now: datetime) -> None:
        self.now = now.replace(second=0, microsecond=0)
        self.steps: list[Step] = []

    def hour(self, hours: float) -> datetime:
        """The instant so many hours from the story's end."""
        return self.now + timedelta(hours=hours)

    def opens(self, key: str, hours: float, command: Command, who: str = "ada") -> None:
        """A command that creates a case or release, known by `key` from then on."""
        self._add(hours, who, key, lambda _refs: command, creates=True)

    def does(self, key: str, hours: float, command: Command, who: str = "ada") -> None:
        """A command on what `key` names."""
        self._add(hours, who, key, lambda _refs: command)

    def with_refs(self, key: str, hours: float, make: Callable[[dict[str, str]], Command], who: str = "ada") -> None:
        """A command that names other cases by their key."""
        self._add(hours, who, key, make)

    def attaches(
        self, key: str, hours: float, file: tuple[str, str, bytes], make: Callable[[Blob], Command], who: str = "ada"
    ) -> None:
        """A command with a file: (name, media type, bytes)."""
        self._add(hours, who, key, _never, file=file, make_with=make)

    def exports(self, key: str, hours: float, form: str, who: str = "tove") -> None:
        """An export of a release."""
        self._add(hours, who, key, _never, export=form)

    def _add(self, hours: float, who: str, about: str, make: Callable[[dict[str, str]], Command], **more: Any) -> None:
        when = min(self.hour(hours), self.now)
        self.steps.append(Step(when=when, order=len(self.steps), who=who, about=about, make=make, **more))

    def run(self, stage: Any, people: dict[str, Person], clock: StoryClock, progress: Progress) -> dict[str, str]:
        """Runs every step in order of time on an open store; gives the references by key."""
        refs: dict[str, str] = {}
        steps = sorted(self.steps, key=lambda s: (s.when, s.order))
        for number, step in enumerate(steps):
            clock.set(step.when)
            self._run_one(stage, people[step.who], step, refs)
            progress(number + 1, len(steps))
        clock.set(self.now)
        return refs

    def _run_one(self, stage: Any, who: Person, step: Step, refs: dict[str, str]) -> None:
        session = stage.acting_as(who)
        if step.export:
            session.exchange.export(step.export, release=refs[step.about])
        elif step.file is not None and step.make_with is not None:
            name, media_type, data = step.file
            session.desk.perform_with_file(refs[step.about], data, name, media_type, step.make_with)
        elif step.creates:
            refs[step.about] = session.desk.perform(None, step.make(refs)).ref
        else:
            session.desk.perform(refs[step.about], step.make(refs))


def _never(_refs: dict[str, str]) -> Command:
    raise AssertionError("a step with a file or an export makes its own command")
