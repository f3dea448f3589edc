"""Cases told in a few words: a Story runs real commands through decide and evolve under a clock that stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.bootstrap import Parts
from app.desk.ports.clock import Clock
from app.domain.case.context import Context
from app.domain.case.decide import decide
from app.domain.case.evolve import evolve
from app.domain.case.stage import stage_of
from app.domain.case.state import Case
from app.domain.commands import CaseCommand
from app.domain.commands import case_commands as c
from app.domain.events import CaseEvent
from app.domain.policy import Policy, load_policy
from app.domain.values import AffectedLine, Credit, Fix, Person, Reporter
from app.machine.file_system import Ground
from app.store.keys import KdfCost

QUICK = KdfCost(memory_kib=64, iterations=1, lanes=1)
"""A key derivation that costs nothing, for stores of tests that protect nothing."""


def quick_parts(clock: Clock) -> Parts:
    """The real adapters of this machine with a clock of the test and a key derivation that costs nothing."""
    parts = Parts(clock, floor=QUICK, cost=QUICK)
    # Whatever this machine's temporary folder stands on, a store there is as any other.
    parts.ground = lambda _folder: Ground()
    return parts


START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ADA = Person(id="ada", name="Ada Example", email="ada@aster.example")
NOOR = Person(id="noor", name="Noor Sample", email="noor@aster.example")
_POLICIES = Path(__file__).resolve().parents[1] / "resources" / "policies"


def policy(name: str = "node-core") -> Policy:
    """A policy that comes with the program."""
    return load_policy((_POLICIES / f"{name}.toml").read_bytes())


class Story:
    """One case and its hour; every step is a real command, an hour after the one before."""

    def __init__(self, *, policy_name: str = "node-core", now: datetime = START) -> None:
        self.policy = policy(policy_name)
        self.now = now
        self.case: Case | None = None
        self.events: list[tuple[CaseEvent, datetime]] = []

    def context(self) -> Context:
        """What a decision sees at this moment of the story."""
        return Context(
            now=self.now,
            actor=ADA,
            policy=self.policy,
            people=(ADA, NOOR),
            new_id="0" * 26,
            new_ref="H-2026-001",
        )

    def do(self, command: CaseCommand, *, hours: float = 1) -> Story:
        """Carries out a command, then lets time pass; a refusal is raised and changes nothing."""
        events = decide(self.case, command, self.context())
        for event in events:
            self.case = evolve(self.case, event, self.now, ADA)
            self.events.append((event, self.now))
        self.now += timedelta(hours=hours)
        return self

    @property
    def it(self) -> Case:
        """The case as it is now."""
        assert self.case is not None
        return self.case

    def replayed(self) -> Case:
        """The case made again from its events alone."""
        case: Case | None = None
        for event, at in self.events:
            case = evolve(case, event, at, ADA)
        assert case is not None
        return case


def received(**changes: Any) -> Story:
    """A report that just came in."""
    facts: dict[str, Any] = {
        "title": "Header folding lets a request hide another",
        "reporters": (Reporter(name="Robin Reporter", email="robin@reporter.example"),),
        "text": "A folded header hides a second request.",
        "product": "Aster runtime",
    }
    return Story().do(c.Receive(**{**facts, **changes}))


def confirmed() -> Story:
    """A case that was assigned, acknowledged, answered in detail and confirmed."""
    story = received().do(c.Assign()).do(c.Acknowledge(text="It arrived."))
    return story.do(c.Reply(text="Next we look at it.")).do(c.Confirm())


LINES = (
    AffectedLine(line="22.x", status="affected", introduced="22.0.0", fixed="22.9.1"),
    AffectedLine(line="24.x", status="affected", introduced="24.0.0", fixed="24.3.2"),
    AffectedLine(line="18.x", status="unsupported", introduced="18.4.0"),
)


def scheduled() -> Story:
    """A case with versions, audit, fixes, severity, a CVE, an agreed embargo and an advisory."""
    story = confirmed().do(c.SetAffected(lines=LINES)).do(c.AuditSimilarCode(pattern="folded headers"))
    for line in ("22.x", "24.x"):
        story.do(c.HoldFix(fix=Fix(line=line, state="ready", author="Juno Patch")))
    story.do(c.RateSeverity(rating="high")).do(c.RequestCve()).do(c.AssignCve(id="CVE-2099-10041"))
    story.do(c.AgreeEmbargo()).do(c.DraftAdvisory(body="## Summary\n\nA folded header hides a request."))
    return story.do(c.SetCredits(credits=(Credit(name="Robin Reporter", consent="granted"),)))


def closed() -> Story:
    """A case on whose embargo day everything was done."""
    story = scheduled()
    assert story.it.embargo.until is not None
    story.now = story.it.embargo.until + timedelta(minutes=5)
    story.do(c.RecordRelease()).do(c.RecordAnnouncement(destination="announce@aster.example"))
    story.do(c.RecordPost(url="https://aster.example/blog/march-2026")).do(c.RecordPublication(kinds=("nswg",)))
    return story.do(c.Close())


def stage(story: Story) -> str:
    """The stage of the story's case."""
    return stage_of(story.it)
