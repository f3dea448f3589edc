"""What the read side keeps of a case or a release: pure functions from state to rows."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.domain.case.clocks import ClockState, running_clocks
from app.domain.case.erasure import PROPOSED
from app.domain.case.stage import stage_of
from app.domain.case.state import Case
from app.domain.case.steps import next_step
from app.domain.policy import Policy
from app.domain.release.state import Release
from app.domain.values import RATING_ORDER, STAGES, Value


class CaseProjection(Value, frozen=True):
    """The flat facts of a case that lists, clocks and search are made of; instants are UTC."""

    id: str
    ref: str
    title: str
    stage: str
    stage_order: int
    track: str
    rating: str
    rating_order: int
    lines: tuple[str, ...]
    cves: tuple[str, ...]
    handler: str
    handler_id: str
    embargo: str
    updated: datetime
    open: bool
    waiting: bool
    release: str
    score: float | None = None
    embargo_until: datetime | None = None
    next_what: str = ""
    next_due: datetime | None = None
    next_rule: str = ""
    next_paused: bool = False
    clocks: tuple[ClockState, ...] = ()
    people: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """Every text that search looks through, each for itself: search writes again only those that changed."""


class ReleaseProjection(Value, frozen=True):
    """The flat facts of a release."""

    id: str
    ref: str
    title: str
    slug: str
    target: datetime
    lines: tuple[str, ...]
    cases: int
    state: str
    postponed: int
    updated: datetime
    words: str = ""


def project_case(case: Case, policy: Policy) -> CaseProjection:
    """The read side of a case under its policy."""
    stage = stage_of(case)
    clocks = running_clocks(case, policy)
    step = next_step(case, policy, clocks)
    severity = case.severity
    rating = severity.rating if severity else "unknown"
    people = _people(case)
    return CaseProjection(
        id=case.id,
        ref=case.ref,
        title=case.title,
        stage=stage,
        stage_order=STAGES.index(stage),
        track=case.track,
        rating=rating,
        rating_order=RATING_ORDER[rating],
        score=severity.score if severity else None,
        lines=tuple(line.line for line in case.lines if line.status in ("affected", "unsupported")),
        cves=tuple(cve.id for cve in case.cves),
        handler=case.handler.name if case.handler else "",
        handler_id=case.handler.id if case.handler else "",
        embargo=case.embargo.status,
        embargo_until=case.embargo.until or case.embargo.proposed,
        updated=case.updated_at,
        open=case.is_open,
        waiting=case.waiting_since is not None,
        release=case.release,
        next_what=step.what if step else "",
        next_due=step.due if step else None,
        next_rule=step.rule if step else "",
        next_paused=step.paused if step else False,
        clocks=clocks,
        people=people,
        words=_words(case, people),
    )


def project_release(release: Release) -> ReleaseProjection:
    """The read side of a release."""
    return ReleaseProjection(
        id=release.id,
        ref=release.ref,
        title=release.title,
        slug=release.slug,
        target=release.target,
        lines=tuple(line.line for line in release.lines),
        cases=len(release.members),
        state=release_state(release),
        postponed=len(release.postponements),
        updated=release.updated_at,
        words="\n".join((release.ref, release.title, release.slug, *(m.ref for m in release.members))),
    )


def release_state(release: Release) -> str:
    """planned, pre-announced, released, announced, posted, closed or cancelled: the furthest that its facts show."""
    if release.cancelled:
        return "cancelled"
    if release.closed:
        return "closed"
    if release.blog:
        return "posted"
    if release.announcements:
        return "announced"
    if release.released:
        return "released"
    return "pre-announced" if release.pre_announced else "planned"


def _people(case: Case) -> tuple[str, ...]:
    names = [r.name or r.handle or r.email for r in case.reporters]
    names += [c.name for c in case.credits]
    if case.handler:
        names.append(case.handler.name)
    return tuple(dict.fromkeys(n for n in names if n))


def _words(case: Case, people: tuple[str, ...]) -> tuple[str, ...]:
    parts = [case.ref, case.title, case.product, *(c.id for c in case.cves), *people]
    parts += [x.value for x in case.external]
    parts += [line.line for line in case.lines]
    parts += [case.report.subject, case.report.text, case.advisory.body]
    parts += [n.text for n in case.notes]
    parts += [m.subject for m in case.messages] + [m.text for m in case.messages]
    parts += [a.name for a in (*case.report.attachments, *case.attachments)]
    if case.erasure is not msgspec.UNSET and not case.is_erased:
        parts.append(PROPOSED)
    return tuple(dict.fromkeys(p for p in parts if p))
