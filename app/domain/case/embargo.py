"""The embargo rule: before the agreed instant nothing public leaves (disclosure policy, embargo date)."""

from __future__ import annotations

from datetime import datetime

from app.domain.case.state import Case


def embargo_runs(case: Case, now: datetime) -> bool:
    """Whether the facts of the case are still secret at `now` (UTC).

    A case that was announced, or whose embargo ended, is public; a report that was rejected or is a duplicate has no
    embargo of its own but stays private; with no agreed date yet, everything is secret; with one, until that instant.
    """
    if case.announcements or case.embargo.status == "ended":
        return False
    if case.embargo.status == "agreed" and case.embargo.until is not None:
        return now < case.embargo.until
    return True
