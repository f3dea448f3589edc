"""What may be done to the store and its team."""

from __future__ import annotations

from app.domain.case.context import Context, need_text
from app.domain.commands import team_commands as c
from app.domain.errors import Defect, Rejected
from app.domain.events import TeamEvent
from app.domain.events import team_events as e
from app.domain.identifiers import parse_email_address
from app.domain.team import Team
from app.domain.untrusted import safe_line
from app.domain.values import Person

SETTINGS: dict[str, tuple[int, int] | None] = {
    "lock.idle-minutes": (1, 60),
}
"""Preferences that live in the store, with the whole numbers they allow, or None for free text."""


def decide(team: Team, command: c.TeamCommand, context: Context) -> tuple[TeamEvent, ...]:
    """The events of a command; raises Rejected. Pure."""
    if isinstance(command, c.AddPerson):
        person = Person(id=context.new_id, name=_name(command.name), email=_email(command.email))
        if any(p.name.casefold() == person.name.casefold() and p.email == person.email for p in team.people):
            raise Rejected("person.exists", name=person.name)
        return (e.PersonAdded(person=person),)
    if isinstance(command, c.ChangePerson):
        old = context.find_person(command.person)
        new = Person(
            id=old.id,
            name=_name(command.name) if command.name else old.name,
            email=_email(command.email) if command.email else old.email,
        )
        if new == old:
            raise Rejected("change.nothing", field="name")
        return (e.PersonChanged(person=new),)
    if isinstance(command, c.ChangeSetting):
        return (_setting(command),)
    if isinstance(command, c.DescribeProject):
        return (e.ProjectDescribed(project=command.project),)
    raise Defect("command.unknown", verb=type(command).__name__)


def _name(name: str) -> str:
    return safe_line(need_text(name, "name", 120), 120)


def _email(email: str) -> str:
    return parse_email_address(email) if email.strip() else ""


def _setting(command: c.ChangeSetting) -> e.SettingChanged:
    if command.key not in SETTINGS:
        raise Rejected("setting.unknown", key=safe_line(command.key, 60), needs="key")
    bounds = SETTINGS[command.key]
    if bounds is not None:
        low, high = bounds
        if not command.value.isdecimal() or not low <= int(command.value) <= high:
            raise Rejected("setting.range", key=command.key, low=low, high=high, needs="value")
    return e.SettingChanged(key=command.key, value=command.value)
