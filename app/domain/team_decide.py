"""What may be done to the store and its team."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from app.domain.backups import FOLDER, NUMBERS
from app.domain.case.context import Context, need_text, parsed
from app.domain.catalogue import demand_line
from app.domain.commands import team_commands as c
from app.domain.commands.limits import cleaned
from app.domain.errors import Defect, Rejected
from app.domain.events import TeamEvent
from app.domain.events import team_events as e
from app.domain.identifiers import parse_email_address, parse_http_url
from app.domain.project import MailingList, Project
from app.domain.team import Team
from app.domain.untrusted import safe_line
from app.domain.values import Person
from app.domain.versions import parse_version

SETTINGS: dict[str, tuple[int, int] | None] = {
    "lock.idle-minutes": (1, 60),
    "retention.days": (0, 36_500),
    FOLDER: None,
    **{key: (low, high) for key, (low, high, _) in NUMBERS.items()},
}
"""Preferences that live in the store, with the whole numbers they allow, or None for free text."""

_KEY: Final = re.compile(r"[a-z0-9][a-z0-9._/@-]{0,99}")
_DIGITS: Final = 9
_PAGES: Final = ("site", "repository", "policy_url", "report_url", "list_url", "schedule_url")
_PATHS: Final = ("blog_path", "release_path")


def decide(team: Team, command: c.TeamCommand, context: Context) -> tuple[TeamEvent, ...]:
    """The events of a command; raises Rejected. Pure."""
    command = cleaned(command)
    if isinstance(command, c.AddPerson):
        person = Person(id=context.new_id, name=need_text(command.name, "name", 120), email=_email(command.email))
        _refuse_twin(team, person)
        return (e.PersonAdded(person=person),)
    if isinstance(command, c.ChangePerson):
        return (_changed(team, command, context),)
    if isinstance(command, c.ChangeSetting):
        return (_setting(command),)
    if isinstance(command, c.DescribeProject):
        return (e.ProjectDescribed(project=sound_project(command.project)),)
    if isinstance(command, c.ExtendCatalogue):
        return (_catalogue(team, command),)
    raise Defect("command.unknown", verb=type(command).__name__)


def _catalogue(team: Team, command: c.ExtendCatalogue) -> e.CatalogueExtended:
    """Only what is new; raises Rejected("change.nothing") where all of it is known as it is."""
    product = command.product or (team.project.key if team.project is not None else "")
    if not _KEY.fullmatch(product):
        raise Rejected("catalogue.product", value=safe_line(product, 60), needs="product", field="product")
    known = team.product(product)
    lines = [demand_line(one) for one in command.lines]
    releases = [replace(one, version=str(parse_version(one.version))) for one in command.releases]
    event = e.CatalogueExtended(
        product=product,
        name=command.name,
        scheme=command.scheme,
        lines=tuple(one for one in lines if known is None or one not in known.lines),
        releases=tuple(one for one in releases if known is None or one not in known.releases),
    )
    if not event.lines and not event.releases and (known is None or command.name in ("", known.name)):
        raise Rejected("change.nothing", field="lines", needs="lines")
    return event


def _changed(team: Team, command: c.ChangePerson, context: Context) -> e.PersonChanged:
    old = context.find_person(command.person)
    new = Person(
        id=old.id,
        name=need_text(command.name, "name", 120) if command.name else old.name,
        email=_email(command.email) if command.email else old.email,
    )
    if new == old:
        raise Rejected("change.nothing", field="name", needs="name")
    _refuse_twin(team, new)
    return e.PersonChanged(person=new)


def _refuse_twin(team: Team, person: Person) -> None:
    """Two people of one name and one address could never be told apart again."""
    same = (p for p in team.people if p.id != person.id and p.name.casefold() == person.name.casefold())
    if any(p.email.casefold() == person.email.casefold() for p in same):
        raise Rejected("person.exists", name=person.name, needs="email")


def _email(email: str) -> str:
    return parsed(parse_email_address, email, "email") if email else ""


def _setting(command: c.ChangeSetting) -> e.SettingChanged:
    if command.key not in SETTINGS:
        raise Rejected("setting.unknown", key=safe_line(command.key, 60), needs="key")
    bounds = SETTINGS[command.key]
    value = command.value
    if bounds is not None:
        low, high = bounds
        is_number = value.isascii() and value.isdecimal() and len(value) <= _DIGITS
        if not is_number or not low <= int(value) <= high:
            raise Rejected("setting.range", key=command.key, low=low, high=high, needs="value", field="value")
        value = str(int(value))
    return e.SettingChanged(key=command.key, value=value)


def sound_project(project: Project) -> Project:
    """The profile; raises Rejected naming the field that no text could be made from."""
    for field in ("key", "name", "product"):
        need_text(getattr(project, field), f"project.{field}", 200)
    for field in _PAGES:
        _checked(parse_http_url, getattr(project, field), f"project.{field}")
    if "{version}" not in project.release_path:
        raise Rejected("project.field", field="project.release_path", expected="/{version}/", needs="project")
    for field in _PATHS:
        path: str = getattr(project, field)
        if not path.startswith("/") or not path.endswith("/") or (project.site and not _is_path(project.site, path)):
            raise Rejected("project.field", field=f"project.{field}", expected="/path/", needs="project")
    _checked(parse_email_address, project.mail_from, "project.mail_from")
    keys = [entry.key for entry in project.lists]
    if project.lists and (len(set(keys)) < len(keys) or project.announcement_list not in keys):
        raise Rejected("project.field", field="project.announcement_list", expected=", ".join(keys), needs="project")
    return replace(project, lists=tuple(_list(entry, place) for place, entry in enumerate(project.lists)))


def _list(entry: MailingList, place: int) -> MailingList:
    need_text(entry.key, f"project.lists[{place}].key", 60)
    _checked(parse_email_address, entry.address, f"project.lists[{place}].address")
    return entry


def _is_path(site: str, path: str) -> bool:
    try:
        parse_http_url(site.rstrip("/") + path.replace("{version}", "1.2.3"))
    except Rejected:
        return False
    return True


def _checked(parse: Callable[[str], str], text: str, field: str) -> None:
    if text:
        parsed(parse, text, field)
