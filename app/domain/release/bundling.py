"""How the embargo of a case goes along with its release: taken over, moved, and let go."""

from __future__ import annotations

from datetime import datetime

from app.domain.case.embargo import embargo_runs
from app.domain.case.state import Case
from app.domain.errors import Rejected
from app.domain.events import CaseEvent, case_events
from app.domain.release.state import Release


def bundled(case: Case, release: Release, now: datetime) -> tuple[CaseEvent, ...]:
    """What happens to a case that joins the release: its embargo ends with it.

    A release never makes a case public sooner: raises Rejected("release.before-embargo") where a later date is agreed,
    and ("release.day-past") where the day of the release is over while the case is secret.
    """
    joined = case_events.BundledInRelease(release=release.ref, target=release.target)
    agreed = case.embargo.until if case.embargo.status == "agreed" else None
    if embargo_runs(case, now):
        if agreed is not None and agreed > release.target:
            raise Rejected(
                "release.before-embargo",
                ref=case.ref,
                release=release.ref,
                until=agreed.isoformat(),
                target=release.target.isoformat(),
                rule="embargo",
                needs="move-embargo",
            )
        if release.target <= now and not _handed_over_with(case, release):
            raise Rejected("release.day-past", ref=case.ref, release=release.ref, rule="embargo", needs="postpone")
    elif release.target <= now:
        return (joined,)
    return (joined, *date_of(case, release.target, release.ref, f"Bundled in {release.ref}"))


def _handed_over_with(case: Case, release: Release) -> bool:
    """Whether both came with one hand-over file, which tells the day, and nobody has worked on the case since."""
    own, its = case.report.source, release.source
    if own is None or its is None or (own.format, own.file) != (its.format, its.file):
        return False
    return case.handler is None and case.acknowledged_at is None and case.embargo.status == "none"


def date_of(
    case: Case, target: datetime, ref: str, reason: str, *, old: datetime | None = None
) -> tuple[CaseEvent, ...]:
    """The case's embargo follows the release: agreed where there was none, moved where it differs.

    A date of its own that lies after the release stays: it was agreed with somebody. `old` is the target before.
    """
    embargo = case.embargo
    if embargo.status == "ended":
        return ()
    if embargo.status != "agreed" or embargo.until is None:
        return (case_events.EmbargoAgreed(until=target, party=ref, reason=reason),)
    if embargo.until == target or (old is not None and embargo.until > max(target, old)):
        return ()
    return (case_events.EmbargoMoved(old=embargo.until, until=target, reason=reason, release=ref),)


def left(case: Case, release: Release, reason: str) -> tuple[CaseEvent, ...]:
    """What happens to a case that leaves the release: the date that the release gave it holds no longer.

    Otherwise a case that was taken out because it is not ready would become public on the day all the same.
    """
    out = case_events.UnbundledFromRelease(release=release.ref, reason=reason)
    embargo = case.embargo
    given = next((m.party for m in reversed(embargo.moves) if m.what in ("agreed", "moved")), "")
    if embargo.status != "agreed" or embargo.until is None or given != release.ref:
        return (out,)
    return (out, case_events.EmbargoLapsed(until=embargo.until, release=release.ref, reason=reason))
