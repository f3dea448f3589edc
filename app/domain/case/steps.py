"""The process checklist of a case: which steps are done, what is next, and what each waits for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from app.domain.case.clocks import ClockState, clock_states
from app.domain.case.stage import affected_is_complete, fixes_are_ready, fixes_done
from app.domain.case.state import Case
from app.domain.policy import Policy, StepRule
from app.domain.values import Value

StepStatus = Literal["done", "partial", "open", "skipped", "blocked"]


class Step(Value, frozen=True):
    """One step of the process for a case; instants are UTC.

    `count` and `of` tell how far a partial step is; `waits_for` names the step that blocks it; `action` is the verb
    that does it.
    """

    id: str
    status: StepStatus
    at: datetime | None = None
    due: datetime | None = None
    count: int = 0
    of: int = 0
    waits_for: str = ""
    action: str = ""
    skippable: bool = True
    reason: str = ""


class NextDue(Value, frozen=True):
    """What a case asks for next: a promise (with its due instant) or the first open step."""

    what: str
    due: datetime | None = None
    rule: str = ""
    paused: bool = False
    action: str = ""


def _lines_decided(case: Case) -> tuple[int, int]:
    return sum(line.status != "investigating" for line in case.lines), len(case.lines)


def _assigned(case: Case) -> datetime | None:
    return case.handler_since if case.handler else None


def _embargo(case: Case) -> datetime | None:
    if case.embargo.status not in ("agreed", "ended"):
        return None
    agreed = [m.at for m in case.embargo.moves if m.what == "agreed"]
    return agreed[-1] if agreed else case.embargo.ended_at


_DONE: dict[str, Callable[[Case], datetime | None]] = {
    "assigned": _assigned,
    "acknowledged": lambda c: c.acknowledged_at,
    "replied": lambda c: c.replied_at,
    "confirmed": lambda c: c.confirmed_at,
    "affected": lambda c: c.lines_at if affected_is_complete(c) else None,
    "audited": lambda c: c.audit.at if c.audit else None,
    "fixes": lambda c: (c.fixes_at or c.lines_at) if fixes_are_ready(c) else None,
    "cve": lambda c: min((x.assigned_at for x in c.cves), default=None),
    "embargo": _embargo,
    "advisory": lambda c: c.advisory.at if c.advisory.revision else None,
    "pre-announced": lambda c: c.pre_announced.at if c.pre_announced else None,
    "released": lambda c: c.released_at,
    "announced": lambda c: c.announced_at,
    "posted": lambda c: c.blog.at if c.blog else None,
    "records": lambda c: c.records[0].at if c.records else None,
    "closed": lambda c: c.closed.at if c.closed else None,
}
_COUNTS: dict[str, Callable[[Case], tuple[int, int]]] = {"affected": _lines_decided, "fixes": fixes_done}
_WAITS: dict[str, tuple[str, ...]] = {
    "replied": ("acknowledged",),
    "affected": ("confirmed",),
    "audited": ("confirmed",),
    "fixes": ("affected",),
    "cve": ("confirmed",),
    "embargo": ("confirmed",),
    "pre-announced": ("embargo",),
    "released": ("fixes",),
    "announced": ("embargo", "advisory"),
    "posted": ("announced",),
    "records": ("announced",),
    "closed": ("posted",),
}


FOR_EVERY_REPORT = ("assigned", "acknowledged", "replied", "closed")
"""Steps that a report asks for even when it is no vulnerability."""


def step_ids() -> tuple[str, ...]:
    """Every step a policy can name."""
    return tuple(_DONE)


def is_done(case: Case, step: str) -> bool:
    """Whether the facts show that the step is done or was left out with a reason."""
    return _DONE[step](case) is not None or case.skips(step) is not None


def steps_of(case: Case, policy: Policy) -> tuple[Step, ...]:
    """The checklist of the case in the order of its policy."""
    due = {c.id: c.due for c in clock_states(case, policy)}
    rules = [r for r in policy.steps if case.track in r.tracks]
    known: set[str] = {r.id for r in rules}
    return tuple(_step(case, rule, due, known) for rule in rules)


def next_step(case: Case, policy: Policy, clocks: tuple[ClockState, ...]) -> NextDue | None:
    """The most urgent promise that is running; else the first open step; None when nothing is left."""
    if not case.is_open:
        return None
    if case.dataset is not None or (not case.is_vulnerability and case.acknowledged_at and case.replied_at):
        return NextDue(what="closed", rule="closed", action="close")
    running = [c for c in clocks if not c.paused] or list(clocks)
    if running:
        clock = running[0]
        return NextDue(what=clock.id, due=clock.due, rule=clock.id, paused=clock.paused, action=clock.action)
    # Every command asks this: nothing beyond the first open step is looked at.
    open_step = _first_open(case, policy)
    if open_step is None:
        return None
    return NextDue(what=open_step.id, action=open_step.action)


def _first_open(case: Case, policy: Policy) -> Step | None:
    rules = [r for r in policy.steps if case.track in r.tracks]
    known: set[str] = {r.id for r in rules}
    # To close what is no vulnerability, an acknowledgement is enough.
    wanted = rules if case.is_vulnerability else [r for r in rules if r.id in ("acknowledged", "closed")]
    steps = (_step(case, rule, {}, known) for rule in wanted)
    return next((s for s in steps if s.status in ("open", "partial")), None)


def _waits(case: Case, step: str) -> tuple[str, ...]:
    if step == "closed" and not case.is_vulnerability:
        return ("acknowledged",)
    return _WAITS.get(step, ())


def _step(case: Case, rule: StepRule, due: dict[str, datetime], known: set[str]) -> Step:
    at = _DONE[rule.id](case)
    skip = case.skips(rule.id)
    count, of = _COUNTS[rule.id](case) if rule.id in _COUNTS else (0, 0)
    waits = next((w for w in _waits(case, rule.id) if w in known and not is_done(case, w)), "")
    status: StepStatus = "open"
    if at is not None:
        status = "done"
    elif skip is not None or (case.dataset is not None and rule.id != "closed"):
        # A record that came in public had its steps elsewhere.
        status = "skipped"
    elif waits or not (case.is_vulnerability or rule.id in FOR_EVERY_REPORT):
        status = "blocked"
    elif 0 < count < of:
        status = "partial"
    return Step(
        id=rule.id,
        status=status,
        at=at or (skip.at if skip else None),
        due=due.get(rule.clock) if status not in ("done", "skipped") else None,
        count=count,
        of=of,
        waits_for=waits,
        action=rule.action,
        skippable=rule.skippable and case.dataset is None,
        reason=skip.reason if skip else "",
    )
