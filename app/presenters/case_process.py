"""The process panel of a case: its steps as rows, and the one step that is to be done now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from app.domain.case.clocks import ClockState, running_clocks
from app.domain.case.embargo import embargo_runs
from app.domain.case.stage import fix_of, lines_to_fix
from app.domain.case.state import Case
from app.domain.case.steps import Step, steps_of
from app.domain.policy import Policy
from app.domain.values import AffectedLine

URGENT: Final = timedelta(hours=24)
"""A promise that is due sooner than this goes before the next step in order."""

ASSIGN_ME: Final = "assign-me"
"""No verb of the command line: assigning without a question, to whoever presses the button."""

OPEN_RELEASE: Final = "open-release"
"""No verb of the command line: going to the release that the case waits for."""

_OF_THE_RELEASE: Final = ("embargo", "pre-announced", "released", "announced")
"""Steps that a case in a release takes together with it."""

Mark = Literal["done", "skipped", "partial", "open", "blocked", "late"]

Place = Literal["form", "affected", "fixes", "advisory", "embargo"]
"""Where a step is done: in a form of its own, or on a tab of the page."""

_ON_A_TAB: Final[dict[str, Place]] = {
    "set-affected": "affected",
    "hold-fix": "fixes",
    "draft-advisory": "advisory",
}


class StepRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the checklist; instants are UTC. `shown` is a short fact in the place of the date.

    `at` is when it was done; of the embargo it is the agreed instant, which says more.
    """

    id: str
    mark: Mark
    verb: str
    at: datetime | None = None
    due: datetime | None = None
    count: int = 0
    of: int = 0
    waits_for: str = ""
    reason: str = ""
    shown: str = ""

    @property
    def can_act(self) -> bool:
        """Whether pressing the row begins the step."""
        return self.mark in ("open", "partial", "late")


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """What a step still lacks: a code for the words of the face, a number, and names to show."""

    code: str
    count: int = 0
    names: tuple[str, ...] = ()
    at: datetime | None = None


class NextCard(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done now: a step of the checklist, or a promise that has no step (`step` is then empty).

    `line` names the line that the primary action is about; `other` is a second verb beside it.
    """

    what: str
    verb: str
    place: Place = "form"
    step: str = ""
    due: datetime | None = None
    late: bool = False
    paused: bool = False
    rule: str = ""
    missing: Missing | None = None
    line: str = ""
    other: str = ""
    skippable: bool = False


class Process(msgspec.Struct, frozen=True, kw_only=True):
    """The whole panel."""

    steps: tuple[StepRow, ...]
    next: NextCard | None
    policy: str
    version: int
    done: int
    skipped: int

    @property
    def total(self) -> int:
        return len(self.steps)


def process_of(case: Case, policy: Policy, now: datetime) -> Process:
    """The panel of a case at an instant (UTC)."""
    steps = steps_of(case, policy)
    rows = tuple(_row(case, step, now) for step in steps)
    return Process(
        steps=rows,
        next=_next(case, policy, steps, now),
        policy=case.policy,
        version=case.policy_version,
        done=sum(row.mark == "done" for row in rows),
        skipped=sum(row.mark == "skipped" for row in rows),
    )


def place_of(verb: str) -> Place:
    """Where a verb is done."""
    return _ON_A_TAB.get(verb, "form")


def step_verb(case: Case, step: Step) -> str:
    """The verb that takes a step on: usually its own, sometimes the one that has to come before."""
    if step.id == "cve" and case.cve_requested_at is None:
        return "request-cve"
    if step.id == "assigned":
        return ASSIGN_ME
    if _goes_with_release(case, step.id):
        return OPEN_RELEASE
    return step.action


def _goes_with_release(case: Case, step: str) -> bool:
    return bool(case.release) and not case.announcements and step in _OF_THE_RELEASE


def _row(case: Case, step: Step, now: datetime) -> StepRow:
    mark: Mark = step.status
    if step.status in ("open", "partial") and step.due is not None and now > step.due:
        mark = "late"
    return StepRow(
        id=step.id,
        mark=mark,
        verb=step_verb(case, step),
        at=case.embargo.until if step.id == "embargo" and step.at else step.at,
        due=step.due,
        count=step.count,
        of=step.of,
        waits_for=step.waits_for,
        reason=step.reason,
        shown=_shown(case, step),
    )


def _shown(case: Case, step: Step) -> str:
    if step.id == "cve" and case.cves:
        return case.cves[0].id
    return ""


def _next(case: Case, policy: Policy, steps: tuple[Step, ...], now: datetime) -> NextCard | None:
    if not case.is_open:
        return None
    if case.handler is None and steps and steps[0].id == "assigned" and steps[0].status == "open":
        # One press, and then there is somebody whom the promises bind.
        return _step_card(case, steps[0], policy, now)
    clocks = running_clocks(case, policy)
    by_clock = {rule.clock: rule.id for rule in policy.steps if rule.clock and case.track in rule.tracks}
    by_id = {step.id: step for step in steps}
    urgent = [clock for clock in clocks if not clock.paused and clock.due - now <= URGENT]
    for clock in urgent:
        step = by_id.get(by_clock.get(clock.id, ""))
        if step is not None and step.status in ("open", "partial"):
            return _step_card(case, step, policy, now)
    # A promise without a step, such as the next update, comes after those that lead the case on.
    alone = next((clock for clock in urgent if clock.id not in by_clock), None)
    return _promise_card(alone, now) if alone else _first_open(case, policy, steps, now)


def _first_open(case: Case, policy: Policy, steps: tuple[Step, ...], now: datetime) -> NextCard | None:
    step = next((s for s in steps if s.status in ("open", "partial")), None)
    return _step_card(case, step, policy, now) if step else None


def _promise_card(clock: ClockState, now: datetime) -> NextCard:
    return NextCard(
        what=clock.id,
        verb=clock.action,
        place=place_of(clock.action),
        due=clock.due,
        late=clock.is_late(now),
        rule=clock.source,
        other="wait-for-reporter" if clock.action == "update-reporter" else "",
    )


def _step_card(case: Case, step: Step, policy: Policy, now: datetime) -> NextCard:
    rule = next((r for r in policy.steps if r.id == step.id), None)
    clock = policy.clock(rule.clock) if rule and rule.clock else None
    verb = step_verb(case, step)
    return NextCard(
        what=step.id,
        step=step.id,
        verb=verb,
        place=place_of(verb),
        due=step.due,
        late=step.due is not None and now > step.due,
        paused=case.waiting_since is not None and clock is not None and clock.pauses,
        rule=clock.source if clock else "",
        missing=missing_of(case, step.id, now),
        line=_line(case, step.id),
        other=_other(case, step.id),
        skippable=step.skippable,
    )


def _other(case: Case, step: str) -> str:
    if step == "assigned":
        return "assign"
    if step == "confirmed":
        return "reject"
    if step == "cve" and case.cve_requested_at is None:
        return "assign-cve"
    if step == "embargo" and case.embargo.proposed is None and not case.release:
        return "propose-embargo"
    return ""


def _line(case: Case, step: str) -> str:
    if step == "affected":
        return next((x.line for x in case.lines if x.status == "investigating"), "")
    if step == "fixes":
        return next((x.line for x in _unfixed(case)), "")
    return ""


def _unfixed(case: Case) -> tuple[AffectedLine, ...]:
    ready = ("ready", "landed", "released")
    return tuple(x for x in lines_to_fix(case) if (f := fix_of(case, x)) is None or f.state not in ready)


def missing_of(case: Case, step: str, now: datetime) -> Missing:
    """What a step still lacks; where nothing special is known the code is the step itself."""
    if _goes_with_release(case, step):
        return Missing(code="in-release", names=(case.release,))
    if step in ("released", "announced") and case.embargo.until and embargo_runs(case, now):
        return Missing(code="embargo-runs", at=case.embargo.until)
    find = _MISSING.get(step)
    return find(case) if find else Missing(code=step)


def _missing_lines(case: Case) -> Missing:
    if not case.lines:
        return Missing(code="no-lines")
    undecided = tuple(x.line for x in case.lines if x.status == "investigating")
    return Missing(code="lines-open", count=len(undecided), names=undecided)


def _missing_fixes(case: Case) -> Missing:
    lines = tuple(x.line for x in _unfixed(case))
    return Missing(code="fixes-open", count=len(lines), names=lines)


def _missing_cve(case: Case) -> Missing:
    asked = case.cve_requested_at
    return Missing(code="cve-asked", at=asked) if asked else Missing(code="cve-not-asked")


def _missing_embargo(case: Case) -> Missing:
    proposed = case.embargo.proposed
    return Missing(code="embargo-proposed", at=proposed) if proposed else Missing(code="embargo-none")


def _missing_versions(case: Case) -> Missing:
    planned = tuple(x.fixed for x in case.lines if x.status == "affected" and x.fixed)
    unknown = tuple(x.line for x in case.lines if x.status == "affected" and not x.fixed)
    if unknown:
        return Missing(code="versions-unknown", count=len(unknown), names=unknown)
    return Missing(code="versions", count=len(planned), names=planned)


_MISSING: Final[dict[str, Callable[[Case], Missing]]] = {
    "affected": _missing_lines,
    "fixes": _missing_fixes,
    "cve": _missing_cve,
    "embargo": _missing_embargo,
    "released": _missing_versions,
}
