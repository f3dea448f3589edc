"""What a decision may look at besides the case and the command: hour, actor, policy, names given from outside."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from app.domain.errors import Rejected
from app.domain.policy import Policy
from app.domain.values import Person

_SKEW = timedelta(minutes=5)


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """`now` is UTC; `new_id` and `new_ref` are used only by commands that create; `people` are the team."""

    now: datetime
    actor: Person
    policy: Policy
    people: tuple[Person, ...] = ()
    new_id: str = ""
    new_ref: str = ""

    def moment(self, at: datetime | None, field: str = "at") -> datetime:
        """When something happened: `at`, or now; raises Rejected for a moment without zone or in the future."""
        if at is None:
            return self.now
        if at.tzinfo is None:
            raise Rejected("date.no-zone", needs=field, value=at.isoformat())
        if at > self.now + _SKEW:
            raise Rejected("date.future", needs=field, value=at.isoformat(), now=self.now.isoformat())
        return at

    def find_person(self, name: str) -> Person:
        """The person of the team of this id, name or address; empty means the actor; raises
        Rejected("person.unknown").
        """
        wanted = name.strip().casefold()
        if not wanted:
            return self.actor
        known = {p.id: p for p in (self.actor, *self.people)}.values()
        found = [p for p in known if wanted in (p.id.casefold(), p.name.casefold(), p.email.casefold())]
        if len(found) != 1:
            raise Rejected("person.unknown", value=name[:80], needs="add-person")
        return found[0]


def need_text(text: str, field: str, limit: int) -> str:
    """The text without outer blanks; raises Rejected where it is empty or longer than `limit` characters."""
    stripped = text.strip()
    if not stripped:
        raise Rejected("text.empty", needs=field, field=field)
    if len(stripped) > limit:
        raise Rejected("text.too-long", needs=field, field=field, limit=limit, length=len(stripped))
    return stripped
