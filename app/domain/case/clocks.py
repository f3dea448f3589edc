"""The promises of a policy, computed for a case: when each started, when it is due, whether it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Literal

from app.domain.case.state import Case
from app.domain.policy import ClockRule, Moment, Policy, add_span, day_after
from app.domain.values import Value

ClockStatus = Literal["running", "paused", "kept", "late-kept", "void", "broken"]
"""`void` is a promise that fell away before it was due, `broken` one that a closed case never kept."""


class ClockState(Value, frozen=True):
    """One promise of one case; instants are UTC. `due` moves while the case is paused."""

    id: str
    started: datetime
    due: datetime
    action: str = ""
    status: ClockStatus = "running"
    kept_at: datetime | None = None
    recorded_at: datetime | None = None
    """When the keeping was put on record, if that was clearly later than it happened; only the word of the handler
    stands for it then.
    """
    paused: bool = False
    source: str = ""
    suggested: bool = False

    def is_late(self, now: datetime) -> bool:
        """Whether the promise is broken at `now` (UTC), or was kept too late."""
        return self.status in ("late-kept", "broken") or (self.status == "running" and now > self.due)


def _first_cve(case: Case) -> datetime | None:
    return min((cve.assigned_at for cve in case.cves), default=None)


def _agreed(case: Case) -> datetime | None:
    if case.embargo.status not in ("agreed", "ended"):
        return None
    moves = [m.at for m in case.embargo.moves if m.what in ("agreed", "ended")]
    return moves[0] if moves else None


MOMENTS: dict[Moment, Callable[[Case], datetime | None]] = {
    "received": lambda c: c.report.received_at,
    "acknowledged": lambda c: c.acknowledged_at,
    "replied": lambda c: c.replied_at,
    "contact": lambda c: c.contact_at if c.replied_at or c.skips("replied") else None,
    "confirmed": lambda c: c.confirmed_at,
    "cve-requested": lambda c: c.cve_requested_at,
    "cve-assigned": _first_cve,
    "embargo-agreed": _agreed,
    "embargo": lambda c: c.embargo.until,
    "pre-announced": lambda c: c.pre_announced.at if c.pre_announced else None,
    "released": lambda c: c.released_at,
    "announced": lambda c: c.announced_at,
    "posted": lambda c: c.blog.at if c.blog else None,
    "records": lambda c: c.records[0].at if c.records else None,
    "closed": lambda c: c.closed.at if c.closed else None,
}


def clock_states(case: Case, policy: Policy) -> tuple[ClockState, ...]:
    """Every promise that has started, kept or not, in the policy's order."""
    if case.dataset is not None:
        return ()
    left_out = {s.step for s in case.skipped}
    void = {r.clock for r in policy.steps if r.clock and r.id in left_out} if left_out else set()
    states = (_state(case, rule, rule.id in void) for rule in policy.clocks if case.track in rule.tracks)
    return tuple(s for s in states if s is not None)


def running_clocks(case: Case, policy: Policy) -> tuple[ClockState, ...]:
    """The promises not kept yet, most urgent first; none once the case is closed."""
    if not case.is_open:
        return ()
    open_ones = [s for s in clock_states(case, policy) if s.status in ("running", "paused")]
    return tuple(sorted(open_ones, key=lambda s: (s.due, s.id)))


def _state(case: Case, rule: ClockRule, is_skipped: bool) -> ClockState | None:
    start = MOMENTS[rule.start](case)
    if start is None:
        return None
    due = _due(case, rule, start)
    status, kept = _status(case, rule, due, is_skipped)
    return ClockState(
        id=rule.id,
        started=start,
        due=due,
        action=rule.action,
        status=status,
        kept_at=kept,
        recorded_at=next((b.recorded_at for b in case.backdated if b.at == kept), None) if kept else None,
        paused=status == "paused",
        source=rule.source,
        suggested=rule.suggested,
    )


def _due(case: Case, rule: ClockRule, start: datetime) -> datetime:
    due = add_span(start, rule.before, back=True) if rule.before else add_span(start, rule.within or "0m")
    if rule.pauses:
        # Only what was waited since the promise began counts.
        waited = (pause.until - max(pause.since, start) for pause in case.pauses if pause.until > start)
        due += sum(waited, timedelta())
    return day_after(due) if rule.whole_day else due


def _status(case: Case, rule: ClockRule, due: datetime, is_skipped: bool) -> tuple[ClockStatus, datetime | None]:
    ended = MOMENTS[rule.until](case) if rule.until else None
    if rule.repeats:
        if ended is not None:
            return "kept", ended
    else:
        kept = MOMENTS[rule.satisfied_by](case)
        if kept is not None:
            return ("late-kept" if kept > due else "kept"), kept
    if is_skipped or ended is not None or _fell_away(case, rule):
        return "void", None
    if case.closed is not None:
        return ("broken" if case.closed.at > due else "void"), None
    is_paused = rule.pauses and case.waiting_since is not None and case.waiting_since <= due
    return ("paused" if is_paused else "running"), None


def _fell_away(case: Case, rule: ClockRule) -> bool:
    """Whoever reported what is no vulnerability is still owed an answer, and nothing else."""
    return not case.is_vulnerability and (rule.repeats or rule.start not in ("received", "acknowledged"))


def suggested_embargo(case: Case, policy: Policy, now: datetime) -> datetime:
    """The instant the policy suggests: its span after the first CVE id, or after `now` while there is none; on a full
    hour, and not after a day on which the policy promises to be public.
    """
    base = _first_cve(case) or now
    moment = add_span(base, policy.embargo_after_cve)
    moment = min((moment, *_promised_days(case, policy)))
    moment = max(moment, now + timedelta(hours=1))
    full = moment.replace(minute=0, second=0, microsecond=0)
    return full if full == moment else full + timedelta(hours=1)


def _promised_days(case: Case, policy: Policy) -> Iterator[datetime]:
    """When the announcement is due by promises that hold whatever embargo is agreed, full hours before it."""
    for rule in policy.clocks:
        start = MOMENTS[rule.start](case)
        if rule.satisfied_by != "announced" or rule.repeats or rule.start == "embargo" or start is None:
            continue
        if case.track in rule.tracks:
            yield _due(case, rule, start).replace(minute=0, second=0, microsecond=0)
