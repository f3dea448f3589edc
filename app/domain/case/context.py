"""What a decision may look at besides the case and the command: hour, actor, policy, names given from outside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from app.domain.commands.limits import instant
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
        """When something happened (UTC): `at`, or now; raises Rejected for a moment without zone or in the future.

        What lies ahead by no more than the error of two clocks happened now: nothing is recorded as of later.
        """
        if at is None:
            return self.now
        moment = instant(at, field)
        if moment > self.now + _SKEW:
            raise Rejected("date.future", needs=field, field=field, value=at.isoformat(), now=self.now.isoformat())
        return min(moment, self.now)

    def ahead(self, until: datetime, field: str, *, or_now: bool = False) -> datetime:
        """A moment still to come (UTC); raises Rejected for one without zone or one that is over."""
        moment = instant(until, field)
        if moment < self.now or (moment == self.now and not or_now):
            raise Rejected("embargo.past", needs=field, field=field, value=until.isoformat(), now=self.now.isoformat())
        return moment

    def find_person(self, name: str) -> Person:
        """The person of the team of this id, name or address; empty means the actor.

        Raises Rejected("person.unknown"), or ("person.ambiguous") where several are called so.
        """
        wanted = name.strip().casefold()
        if not wanted:
            return self.actor
        known = {p.id: p for p in (self.actor, *self.people)}.values()
        found = [p for p in known if wanted in (p.id.casefold(), p.name.casefold(), p.email.casefold())]
        if not found:
            raise Rejected("person.unknown", value=name[:80], needs="add-person")
        if len(found) > 1:
            raise Rejected("person.ambiguous", value=name[:80], count=len(found), needs="person")
        return found[0]


def need_text(text: str, field: str, limit: int) -> str:
    """The text without outer blanks; raises Rejected where it is empty or longer than `limit` characters."""
    stripped = text.strip()
    if not stripped:
        raise Rejected("text.empty", needs=field, field=field)
    if len(stripped) > limit:
        raise Rejected("text.too-long", needs=field, field=field, limit=limit, length=len(stripped))
    return stripped


def parsed(parse: Callable[[str], str], text: str, field: str) -> str:
    """What `parse` makes of the text of a field; its refusal names the field."""
    try:
        return parse(text)
    except Rejected as fault:
        fault.needs = fault.needs or field
        fault.facts.setdefault("field", field)
        raise
