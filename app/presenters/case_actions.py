"""What else can be done to a case now, besides its next step: for the menu and the palette."""

from __future__ import annotations

from typing import Final

import msgspec

from app.domain.case.state import Case

GROUPS: Final[tuple[tuple[str, ...], ...]] = (
    ("add-note", "log-message", "add-attachment"),
    ("assign", "update-reporter", "wait-for-reporter", "resume"),
    ("retitle", "rate-severity", "set-tlp", "set-credits"),
    ("request-cve", "assign-cve", "withdraw-cve"),
    ("propose-embargo", "agree-embargo", "move-embargo", "decline-embargo", "end-embargo"),
    ("mark-duplicate", "reject", "close", "reopen"),
    ("propose-erasure", "cancel-erasure", "erase"),
)
"""Every verb of the menu, in its groups."""


def offered(case: Case) -> tuple[tuple[str, ...], ...]:
    """The verbs that the facts allow, in groups; empty groups are left out."""
    groups = (tuple(v for v in group if may(v, case)) for group in GROUPS)
    return tuple(group for group in groups if group)


def may(verb: str, case: Case) -> bool:
    """Whether the facts allow a verb of the menu."""
    if case.is_erased or verb in _ERASURE:
        return not case.is_erased and _erasure(verb, case)
    if verb == "reopen":
        return not (case.is_open and case.is_vulnerability)
    if verb in ("add-note", "log-message", "add-attachment", "retitle", "set-tlp", "set-credits"):
        return True
    return case.is_open and _of_an_open_case(verb, case)


def _of_an_open_case(verb: str, case: Case) -> bool:
    if verb in _TALK:
        return _talk(verb, case)
    if verb in _EMBARGO:
        return _embargo(verb, case)
    if verb in ("mark-duplicate", "reject"):
        return case.is_vulnerability and not case.announcements and not case.release
    if verb in ("request-cve", "assign-cve", "withdraw-cve"):
        return _cve(verb, case)
    return verb != "close" or _may_close(case)


_TALK: Final = ("update-reporter", "wait-for-reporter", "resume")
_EMBARGO: Final = GROUPS[4]
_ERASURE: Final = GROUPS[6]


def _erasure(verb: str, case: Case) -> bool:
    if case.erasure is not msgspec.UNSET:
        return verb != "propose-erasure"
    return verb == "propose-erasure" and not case.is_open and case.dataset is None


def _talk(verb: str, case: Case) -> bool:
    if verb == "resume":
        return case.waiting_since is not None
    if verb == "wait-for-reporter":
        return case.waiting_since is None
    return case.acknowledged_at is not None


def _embargo(verb: str, case: Case) -> bool:
    if not case.is_vulnerability or case.announcements or case.embargo.status == "ended":
        return False
    alone = not case.release
    agreed, proposed = case.embargo.status == "agreed", case.embargo.proposed is not None
    return {
        "propose-embargo": True,
        "agree-embargo": alone and (not agreed or proposed),
        "move-embargo": alone and agreed,
        "decline-embargo": proposed,
        "end-embargo": agreed,
    }[verb]


def _cve(verb: str, case: Case) -> bool:
    if not case.is_vulnerability or case.confirmed_at is None:
        return False
    if verb == "request-cve":
        return not case.cves and case.cve_requested_at is None
    return verb == "assign-cve" or bool(case.cves)


def _may_close(case: Case) -> bool:
    if not case.is_vulnerability:
        return case.acknowledged_at is not None
    return bool(case.announcements) and (case.blog is not None or case.skips("posted") is not None)
