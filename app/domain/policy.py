"""A disclosure policy as data: its promises (clocks) and its steps, versioned and dated."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec

from app.domain.errors import Rejected
from app.domain.values import Value

Moment = Literal[
    "received",
    "acknowledged",
    "replied",
    "contact",
    "confirmed",
    "cve-requested",
    "cve-assigned",
    "embargo-agreed",
    "embargo",
    "pre-announced",
    "released",
    "announced",
    "posted",
    "records",
    "closed",
]
"""A fact of a case that is an instant; `contact` is when the reporter last heard from the team, `embargo` its agreed
end.
"""

_SPAN = re.compile(r"(\d{1,4})\s*([mhdb])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_SATURDAY = 5


def parse_span(text: str) -> tuple[int, str]:
    """`24h`, `5d`, `90m`, `2b` as (number, unit); `b` is business days; raises Rejected("policy.span") for anything
    else.
    """
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        raise Rejected("policy.span", value=text[:20])
    return int(match[1]), match[2]


def add_span(moment: datetime, text: str, *, back: bool = False) -> datetime:
    """The instant a span after `moment` (UTC), or before it with `back`; a business day is Monday to Friday in UTC."""
    number, unit = parse_span(text)
    if unit != "b":
        span = timedelta(**{_UNITS[unit]: number})
        return moment - span if back else moment + span
    day = timedelta(days=-1 if back else 1)
    while number:
        moment += day
        if moment.weekday() < _SATURDAY:
            number -= 1
    return moment


def day_after(moment: datetime) -> datetime:
    """The end of the UTC day of this moment: the midnight that follows it."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


class ClockRule(Value, frozen=True):
    """One promise: due `within` after `start` (or `before` it), kept by `satisfied_by`, pausing while waiting if
    `pauses`.

    `until` ends a repeating promise; `source` names the section of the policy that makes the promise.
    """

    id: str
    start: Moment
    satisfied_by: Moment
    within: str = ""
    before: str = ""
    repeats: bool = False
    until: Moment | None = None
    pauses: bool = False
    whole_day: bool = False
    """Whether the promise names a date rather than an hour: then it is due when that UTC day is over."""
    action: str = ""
    source: str = ""
    tracks: tuple[str, ...] = ("core", "ecosystem")
    suggested: bool = False
    """Whether the number is what is typical rather than promised."""


StepName = Literal[
    "assigned",
    "acknowledged",
    "replied",
    "confirmed",
    "affected",
    "audited",
    "fixes",
    "cve",
    "embargo",
    "advisory",
    "pre-announced",
    "released",
    "announced",
    "posted",
    "records",
    "closed",
]


class StepRule(Value, frozen=True):
    """One step of the process checklist, in order; `clock` is the promise that bounds it."""

    id: StepName
    clock: str = ""
    action: str = ""
    skippable: bool = True
    tracks: tuple[str, ...] = ("core", "ecosystem")


class Policy(Value, frozen=True):
    """A version of a disclosure policy."""

    name: str
    version: int
    title: str
    effective: date
    source: str = ""
    embargo_after_cve: str = "72h"
    blog_after_mail: str = "6h"
    retention: str = ""
    """How long the texts and files of a closed case are kept, such as `730d`; empty for ever."""
    clocks: tuple[ClockRule, ...] = ()
    steps: tuple[StepRule, ...] = ()

    def clock(self, clock_id: str) -> ClockRule | None:
        """The promise of this id, or None."""
        return next((c for c in self.clocks if c.id == clock_id), None)


def load_policy(data: bytes) -> Policy:
    """A policy from the bytes of its TOML file; raises Rejected("policy.malformed") or ("policy.span")."""
    try:
        policy = msgspec.toml.decode(data, type=Policy)
    except msgspec.DecodeError as problem:
        raise Rejected("policy.malformed", reason=str(problem)[:200]) from problem
    for clock in policy.clocks:
        parse_span(clock.within or clock.before)
    parse_span(policy.embargo_after_cve)
    parse_span(policy.blog_after_mail)
    if policy.retention:
        parse_span(policy.retention)
    _refuse_contradictions(policy)
    return policy


def _refuse_contradictions(policy: Policy) -> None:
    clocks: list[str] = [clock.id for clock in policy.clocks]
    steps: list[str] = [step.id for step in policy.steps]
    unknown = [step.clock for step in policy.steps if step.clock and step.clock not in clocks]
    twice = [name for names in (clocks, steps) for name in names if names.count(name) > 1]
    both = [clock.id for clock in policy.clocks if clock.within and clock.before]
    for names, reason in ((unknown, "no clock"), (twice, "named twice"), (both, "within and before")):
        if names:
            raise Rejected("policy.malformed", reason=f"{reason}: {names[0]}"[:200])
    if policy.version < 1:
        raise Rejected("policy.malformed", reason=f"version: {policy.version}")
