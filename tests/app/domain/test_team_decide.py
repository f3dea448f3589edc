"""The team and the project: names that can be told apart, settings in bounds, profiles that texts can be made of."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from app.domain.case.context import Context
from app.domain.catalogue import CatalogueLine, CatalogueRelease
from app.domain.commands import team_commands as c
from app.domain.errors import Rejected
from app.domain.events import team_events as e
from app.domain.project import MailingList
from app.domain.team import Team, evolve
from app.domain.team_decide import decide
from app.machine.resources import PackagedProjects
from tests.builders import ADA, NOOR, START, policy

PROJECT = PackagedProjects().get("aster")


def team() -> Team:
    made = evolve(None, e.StoreCreated(store_id="0" * 26, name="Aster", owner=ADA, policy="node-core"), START)
    return evolve(made, e.PersonAdded(person=NOOR), START)


def told(command: c.TeamCommand) -> Any:
    context = Context(now=START, actor=ADA, policy=policy(), people=team().people, new_id="new")
    (event,) = decide(team(), command, context)
    return event


def refused(command: c.TeamCommand) -> Rejected:
    with pytest.raises(Rejected) as caught:
        told(command)
    return caught.value


def test_a_changed_name_keeps_its_place_and_changes_the_owner_too() -> None:
    event = told(c.ChangePerson(person="ada", name="Ada Changed"))
    after = evolve(team(), event, START)
    assert [p.name for p in after.people] == ["Ada Changed", "Noor Sample"]
    assert after.owner == after.people[0]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (c.AddPerson(name=" "), "text.empty"),
        (c.AddPerson(name="Juno", email="juno"), "identifier.email"),
        (c.AddPerson(name="Juno", email="Juno <juno@example.org>"), "identifier.email"),
        (c.AddPerson(name="noor sample", email="NOOR@aster.example"), "person.exists"),
        (c.ChangePerson(person="nobody", name="x"), "person.unknown"),
        (c.ChangePerson(person="noor"), "change.nothing"),
        (c.ChangePerson(person="noor", name="Ada Example", email="ada@aster.example"), "person.exists"),
        (c.ChangeSetting(key="colour", value="red"), "setting.unknown"),
        (c.ChangeSetting(key="lock.idle-minutes", value="0"), "setting.range"),
        (c.ChangeSetting(key="lock.idle-minutes", value="61"), "setting.range"),
        (c.ChangeSetting(key="lock.idle-minutes", value="5.0"), "setting.range"),
        (c.ChangeSetting(key="lock.idle-minutes", value="-5"), "setting.range"),
        (c.ChangeSetting(key="lock.idle-minutes", value="²"), "setting.range"),
    ],
)
def test_what_is_wrong_is_named(command: c.TeamCommand, code: str) -> None:
    error = refused(command)
    assert error.code == code
    assert error.needs or error.rule


def test_a_setting_is_kept_as_the_number_it_is() -> None:
    assert told(c.ChangeSetting(key="lock.idle-minutes", value=" 007 ")).value == "7"


def test_the_profiles_that_come_along_are_sound() -> None:
    for key in PackagedProjects().names():
        project = PackagedProjects().get(key)
        assert told(c.DescribeProject(project=project)) == e.ProjectDescribed(project=project)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "project.name"),
        ({"product": "x" * 600}, "project.product"),
        ({"site": "javascript:alert(1)"}, "project.site"),
        ({"policy_url": "aster.example"}, "project.policy_url"),
        ({"mail_from": "security@aster.example\nBcc: all@example.org"}, "project.mail_from"),
        ({"blog_path": "blog/"}, "project.blog_path"),
        ({"blog_path": "/blog"}, "project.blog_path"),
        ({"blog_path": "/bl og/"}, "project.blog_path"),
        ({"release_path": "/release/"}, "project.release_path"),
        ({"announcement_list": "nowhere"}, "project.announcement_list"),
        ({"lists": (MailingList(key="announce", name="a", address="no address"),)}, "project.lists[0].address"),
        ({"lists": (MailingList(key="", name="a", address="a@example.org"),)}, "project.announcement_list"),
        ({"lists": PROJECT.lists * 2}, "project.announcement_list"),
    ],
)
def test_a_profile_that_no_text_can_be_made_of_is_refused_by_its_field(changes: dict[str, Any], field: str) -> None:
    error = refused(c.DescribeProject(project=replace(PROJECT, **changes)))
    assert error.facts["field"] == field


def test_newer_lines_and_releases_extend_what_is_known_and_only_what_is_new_is_told() -> None:
    line = CatalogueLine(line="v6", start=date(2097, 1, 1))
    release = CatalogueRelease(version="v6.1.0", day=date(2097, 2, 1))
    command = c.ExtendCatalogue(product="aster", name="Aster", lines=(line,), releases=(release,))
    event = told(command)
    assert (event.lines[0].line, event.releases[0].version) == ("6.x", "6.1.0")
    after = evolve(team(), event, START)
    known = after.product("aster")
    assert known is not None
    assert (known.name, len(known.lines), len(known.releases)) == ("Aster", 1, 1)
    context = Context(now=START, actor=ADA, policy=policy(), people=(), new_id="new")
    with pytest.raises(Rejected, match=r"change\.nothing"):
        decide(after, command, context)
    longer = replace(command, lines=(replace(line, end=date(2099, 1, 1)),))
    (more,) = decide(after, longer, context)
    assert isinstance(more, e.CatalogueExtended)
    assert (len(more.lines), more.releases) == (1, ())
    again = evolve(after, more, START).product("aster")
    assert again is not None
    assert [one.end for one in again.lines] == [date(2099, 1, 1)]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (c.ExtendCatalogue(), "catalogue.product"),
        (c.ExtendCatalogue(product="No Key"), "catalogue.product"),
        (c.ExtendCatalogue(product="aster"), "change.nothing"),
        (c.ExtendCatalogue(product="aster", lines=(CatalogueLine(line="six"),)), "line.malformed"),
        (
            c.ExtendCatalogue(product="aster", releases=(CatalogueRelease(version="6", day=date(2097, 1, 1)),)),
            "version.malformed",
        ),
    ],
)
def test_a_catalogue_is_not_extended_by_what_makes_no_sense(command: c.TeamCommand, code: str) -> None:
    assert refused(command).code == code
