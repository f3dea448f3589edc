"""Releases and cases together: real commands through the desk on a store in memory, under a clock that a test moves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest

from app.desk.desk import Desk
from app.domain.case.state import Case
from app.domain.commands import Command
from app.domain.commands import case_commands as c
from app.domain.commands import release_commands as r
from app.domain.errors import Rejected
from app.domain.events import Event
from app.domain.release.state import Release
from app.domain.values import ReleaseLine
from tests.builders import ADA
from tests.fakes_vault import CountingIds, MemoryVault, ShippedPolicies, StandingClock

LIST = "announce@aster.example"
_E = TypeVar("_E", bound=Event)


class Room:
    """Everything that a release works with."""

    def __init__(self) -> None:
        self.vault = MemoryVault()
        self.clock = StandingClock()
        self.desk = Desk(self.vault.as_vault(), self.clock, CountingIds(), ShippedPolicies(), ADA)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def at(self, moment: datetime) -> None:
        self.clock.move(seconds=(moment - self.now).total_seconds())

    def do(self, ref: str | None, command: Command) -> str:
        return self.desk.perform(ref, command).ref

    def case(self) -> str:
        """A confirmed case with an advisory and no date."""
        ref = self.do(None, c.Receive(title="A report"))
        for command in (c.Assign(), c.Acknowledge(), c.Confirm(), c.DraftAdvisory(body="## Summary\n\nText.")):
            self.do(ref, command)
        return ref

    def release(self, target: datetime, *lines: ReleaseLine) -> str:
        planned = (ReleaseLine(line="22.x", version="22.9.1"), *lines)
        return self.do(None, r.PlanRelease(target=target, lines=planned))

    def it(self, ref: str) -> Case:
        found = self.vault.queries.case(ref)
        assert found is not None
        return found

    def released(self, ref: str) -> Release:
        found = self.vault.queries.release(ref)
        assert found is not None
        return found

    def events(self, kind: type[_E]) -> list[_E]:
        return [event for _, event in self.vault.queries.log if isinstance(event, kind)]

    def refused(self, ref: str | None, command: Command) -> Rejected:
        """The refusal, after which everything is as it was."""
        before: dict[str, Any] = dict(self.vault.queries.states)
        with pytest.raises(Rejected) as caught:
            self.desk.perform(ref, command)
        assert self.vault.queries.states == before
        return caught.value

    def refused_duplicate(self, ref: str) -> Rejected:
        """The refusal to call a case a duplicate of another that was just received."""
        other = self.do(None, c.Receive(title="Another"))
        return self.refused(ref, c.MarkDuplicate(of=other))

    def pass_by(self, **span: float) -> None:
        self.at(self.now + timedelta(**span))
