"""Conditions that many commands share; each raises the refusal that names its rule."""

from __future__ import annotations

from app.domain.case.state import Case
from app.domain.errors import Rejected


def need_open(case: Case) -> None:
    """The case is not closed."""
    if not case.is_open:
        raise Rejected("case.closed", ref=case.ref, needs="reopen")


def need_vulnerability(case: Case) -> None:
    """The case is open and was neither rejected nor found a duplicate."""
    need_open(case)
    if case.rejected:
        raise Rejected("case.rejected", ref=case.ref)
    if case.duplicate_of:
        raise Rejected("case.duplicate", ref=case.ref, of=case.duplicate_of)


def need_confirmed(case: Case) -> None:
    """The problem was confirmed: the disclosure policy lists affected versions and asks for a CVE only then."""
    need_vulnerability(case)
    if case.confirmed_at is None:
        raise Rejected("case.not-confirmed", ref=case.ref, rule="confirmed", needs="confirm")


def need_secret(case: Case) -> None:
    """The announcement has not gone out, so the embargo can still change."""
    need_vulnerability(case)
    if case.announcements:
        raise Rejected("case.already-public", ref=case.ref)
