"""What can happen to what is kept of a case: its texts and files go, or it comes back from a damaged store."""

from __future__ import annotations

from app.domain.case.state import Case
from app.domain.events.case_events import CaseEvent


class ErasureProposed(CaseEvent, frozen=True):
    """Somebody, or the policy's time, wants the texts and files of this closed case gone; the first of two steps."""

    reason: str
    rule: str = ""


class ErasureCancelled(CaseEvent, frozen=True):
    """The texts and files stay."""

    reason: str = ""


class CaseErased(CaseEvent, frozen=True):
    """The bodies and files of the case were destroyed; `remains` is all that is still known of it."""

    reason: str
    remains: Case
    rule: str = ""


class CaseSalvaged(CaseEvent, frozen=True):
    """The case as the state of a damaged store told it, where events that made it could not be read."""

    remains: Case
    lost: int = 0
