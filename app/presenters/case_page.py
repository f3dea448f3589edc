"""What the head of a case page says: the facts line and the counts on the tabs."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

import msgspec

from app.domain.case.clocks import running_clocks
from app.domain.case.stage import fixes_done, stage_of
from app.domain.case.state import Case
from app.domain.case.steps import next_step
from app.domain.policy import Policy
from app.domain.values import STAGES, Person, Rating, StageName, Tlp

Tab = Literal["overview", "report", "affected", "fixes", "advisory", "embargo", "correspondence", "history"]
TABS: Final[tuple[Tab, ...]] = (
    "overview",
    "report",
    "affected",
    "fixes",
    "advisory",
    "embargo",
    "correspondence",
    "history",
)

EmbargoState = Literal["none", "proposed", "running", "over", "ended"]
Outcome = Literal["open", "rejected", "duplicate", "closed", "imported"]


class NextFact(msgspec.Struct, frozen=True, kw_only=True):
    """What is due next, as the head of the page says it; `due` is UTC."""

    what: str
    verb: str = ""
    due: datetime | None = None
    late: bool = False
    paused: bool = False


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The head of the page; instants are UTC.

    `embargo_at` is the agreed, proposed or ended instant, whichever the state speaks of.
    """

    ref: str
    title: str
    stage: StageName
    filled: int
    rating: Rating
    score: float | None
    tlp: Tlp
    embargo: EmbargoState
    embargo_at: datetime | None
    next: NextFact | None
    handler: Person | None
    outcome: Outcome
    duplicate_of: str
    waiting_since: datetime | None
    release: str
    tabs: tuple[tuple[Tab, str], ...]


def head_of(case: Case, policy: Policy, now: datetime, events: int) -> Head:
    """The head of a case's page at an instant; `events` is the length of its history."""
    stage = stage_of(case)
    state, at = embargo_state(case, now)
    return Head(
        ref=case.ref,
        title=case.title,
        stage=stage,
        filled=STAGES.index(stage) + 1,
        rating=case.severity.rating if case.severity else "unknown",
        score=case.severity.score if case.severity else None,
        tlp=case.tlp,
        embargo=state,
        embargo_at=at,
        next=_next(case, policy, now),
        handler=case.handler,
        outcome=_outcome(case),
        duplicate_of=case.duplicate_of,
        waiting_since=case.waiting_since,
        release=case.release,
        tabs=_tabs(case, events),
    )


def embargo_state(case: Case, now: datetime) -> tuple[EmbargoState, datetime | None]:
    """Where the embargo stands and the instant that says so; `over` is a date that has passed unrecorded."""
    embargo = case.embargo
    if embargo.status == "ended":
        return "ended", embargo.ended_at
    if embargo.status == "agreed":
        over = embargo.until is not None and now >= embargo.until
        return ("over" if over else "running"), embargo.until
    if embargo.status == "proposed":
        return "proposed", embargo.proposed
    return "none", None


def _next(case: Case, policy: Policy, now: datetime) -> NextFact | None:
    due = next_step(case, policy, running_clocks(case, policy))
    if due is None:
        return None
    late = due.due is not None and not due.paused and now > due.due
    return NextFact(what=due.what, verb=due.action, due=due.due, late=late, paused=due.paused)


def _outcome(case: Case) -> Outcome:
    if case.rejected:
        return "rejected"
    if case.duplicate_of:
        return "duplicate"
    if case.closed:
        return "imported" if case.dataset else "closed"
    return "open"


def _tabs(case: Case, events: int) -> tuple[tuple[Tab, str], ...]:
    ready, needed = fixes_done(case)
    counts: dict[Tab, str] = {
        "report": _count(len(case.report.attachments) + len(case.attachments)),
        "affected": _count(len(case.lines)),
        "fixes": f"{ready}/{needed}" if needed else "",
        "advisory": _count(case.advisory.revision),
        "correspondence": _count(len(case.messages) + bool(case.report.text)),
        "history": _count(events),
    }
    return tuple((tab, counts.get(tab, "")) for tab in TABS)


def _count(number: int) -> str:
    return f"{number:,}" if number else ""
