"""Conditions that many commands share; each raises the refusal that names its rule."""

from __future__ import annotations

from datetime import datetime

from app.domain.case.context import Context
from app.domain.case.embargo import embargo_runs
from app.domain.case.state import Case
from app.domain.errors import Rejected


def need_open(case: Case) -> None:
    """The case is not closed."""
    if not case.is_open:
        raise Rejected("case.closed", ref=case.ref, rule="closed", needs="reopen")


def need_vulnerability(case: Case) -> None:
    """The case is open and was neither rejected nor found a duplicate."""
    need_open(case)
    if case.rejected:
        raise Rejected("case.rejected", ref=case.ref, rule="confirmed", needs="reopen")
    if case.duplicate_of:
        raise Rejected("case.duplicate", ref=case.ref, of=case.duplicate_of, rule="confirmed", needs="reopen")


def need_confirmed(case: Case) -> None:
    """The problem was confirmed: the disclosure policy lists affected versions and asks for a CVE only then."""
    need_vulnerability(case)
    if case.confirmed_at is None:
        raise Rejected("case.not-confirmed", ref=case.ref, rule="confirmed", needs="confirm")


def need_not_public(case: Case) -> None:
    """The announcement has not gone out."""
    if case.announcements:
        raise Rejected("case.already-public", ref=case.ref, rule="announced")


def need_secret(case: Case) -> None:
    """The announcement has not gone out, so the embargo can still change."""
    need_vulnerability(case)
    need_not_public(case)


def need_alone(case: Case, needs: str) -> None:
    """The case is not part of a release that it waits for: such a case goes with its release, or leaves it first."""
    if case.release and not case.announcements:
        raise Rejected("case.in-release", ref=case.ref, release=case.release, rule="embargo", needs=needs)


def need_embargo_over(case: Case, at: datetime, context: Context, override: str) -> None:
    """Neither at `at` nor now is the case secret, or a reason was given.

    Both count: what went out before the instant broke the embargo, and no moment that is told can lie ahead of now.
    """
    if override or not embargo_runs(case, min(at, context.now)):
        return
    until = case.embargo.until if case.embargo.status == "agreed" else None
    if until is None:
        raise Rejected("embargo.not-agreed", ref=case.ref, rule="embargo", needs="agree-embargo")
    raise Rejected("embargo.running", ref=case.ref, until=until.isoformat(), rule="embargo", needs="override")


def after_receipt(case: Case, at: datetime | None, context: Context) -> datetime:
    """When something happened (UTC), not before the report came in; raises Rejected("date.before-receipt").

    A hand-over file says nothing of when the report came in: its case begins with the import, its story does not.
    """
    moment = context.moment(at)
    if moment < case.report.received_at and case.report.channel != "handover":
        received = case.report.received_at.isoformat()
        raise Rejected("date.before-receipt", needs="at", field="at", value=moment.isoformat(), received=received)
    return moment


def after_announcement(case: Case, at: datetime | None, context: Context, rule: str = "announced") -> datetime:
    """When something that follows the mail happened (UTC), not before it; raises Rejected("case.not-announced")."""
    first = case.announced_at
    if first is None:
        raise Rejected("case.not-announced", ref=case.ref, rule=rule, needs="record-announcement")
    moment = context.moment(at)
    if moment < first:
        raise Rejected(
            "date.before-announcement",
            value=moment.isoformat(),
            announced=first.isoformat(),
            rule=rule,
            needs="at",
            field="at",
        )
    return moment
