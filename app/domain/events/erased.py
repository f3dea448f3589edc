"""What stands in a history where the text of an event was: it happened, who did it and when are known, no more."""

from __future__ import annotations

from app.domain.events.case_events import CaseEvent


class EventErased(CaseEvent, frozen=True):
    """An event of this kind, whose body the event of number `by` erased. Never written; only read in its place."""

    kind: str
    by: int
