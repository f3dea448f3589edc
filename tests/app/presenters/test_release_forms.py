"""The forms of a release: what is typed becomes the command that is meant, or a refusal that names its field."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from app.domain.case.context import Context
from app.domain.commands import release_commands as r
from app.domain.errors import Rejected
from app.domain.release.decide import ReleaseContext, decide
from app.domain.values import Dependency, ReleaseLine
from app.presenters.release import read_release
from app.presenters.release_forms import command_of, field_of, first_plan, first_values
from app.presenters.release_postponement import moved_by, text_changes
from app.presenters.release_sheet import run_sheet
from tests.builders import ADA
from tests.release_world import ANNOUNCE, NOW, TARGET, TZ, World


def made(verb: str, **values: Any) -> Any:
    return command_of(verb, values, TZ, NOW)


def test_a_plan_is_typed_in_local_time_and_meant_in_utc() -> None:
    plan = made("plan-release", target="2026-11-24 12:00", title=" Late ", lines=({"line": "24.x", "version": ""},))
    assert plan == r.PlanRelease(target=TARGET, title="Late", lines=(ReleaseLine(line="24.x"),))


def test_a_plan_begins_a_week_ahead_at_four_in_the_afternoon() -> None:
    values = first_plan(NOW, TZ)
    assert made("plan-release", **values).target == datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("verb", "values", "field"),
    [
        ("plan-release", {"target": "soon"}, "target"),
        ("plan-release", {"target": ""}, "target"),
        ("postpone", {"target": "2027-03-28 02:30", "reason": "x"}, "target"),
        ("post-release", {"url": ""}, "url"),
        ("cancel-release", {"reason": "  "}, "reason"),
        ("release-versions", {"versions": " "}, "versions"),
    ],
)
def test_a_field_that_is_wrong_is_named(verb: str, values: dict[str, str], field: str) -> None:
    with pytest.raises(Rejected) as refused:
        made(verb, **values)
    assert field_of(refused.value) == field


def test_a_version_without_its_line_says_which_one_it_is() -> None:
    rows = ({"line": "", "version": "22.19.1"}, {"line": "", "version": ""})
    plan = made("plan-release", target="2026-11-24 12:00", lines=rows)
    assert plan.lines == (ReleaseLine(line="22.x", version="22.19.1"),)
    with pytest.raises(Rejected) as refused:
        made("plan-release", target="2026-11-24 12:00", lines=({"version": "22"},))
    assert (refused.value.code, field_of(refused.value)) == ("version.malformed", "lines")


def test_versions_are_split_at_blanks_and_commas() -> None:
    assert made("release-versions", versions="24.8.2, 22.19.1") == r.ReleaseVersions(versions=("24.8.2", "22.19.1"))


def test_a_dependency_is_put_together_from_its_fields() -> None:
    wanted = Dependency(name="Borealis parser", versions=("3.4.3",), lines=("24.x", "22.x"), url="")
    command = made("set-dependency", name="Borealis parser", versions="3.4.3", lines="24.x, 22.x", url="")
    assert command == r.SetDependency(dependency=wanted)


def test_the_form_of_the_mail_begins_with_the_list_of_its_step() -> None:
    world = World()
    facts = read_release(world.session, world.planned())
    step = next(s for s in run_sheet(facts, NOW) if s.id == "mail")
    assert first_values("announce-release", facts, step, TZ) == {"destination": ANNOUNCE}


def test_the_form_of_the_versions_begins_with_what_is_not_out_yet() -> None:
    world = World()
    ref = world.planned()
    world.at(TARGET)
    world.session.desk.perform(ref, r.ReleaseVersions(versions=("24.8.2",)))
    facts = read_release(world.session, ref)
    assert first_values("release-versions", facts, None, TZ) == {"versions": "22.19.1"}


def test_a_postponement_shows_what_it_moves_before_it_is_taken() -> None:
    world = World()
    ref = world.planned()
    facts = read_release(world.session, ref)
    late = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
    command = r.Postpone(target=late, reason="The builds of one platform are late.")
    base = Context(now=NOW, actor=ADA, policy=facts.policy, people=facts.team.people)
    decided = decide(facts.release, command, ReleaseContext(base=base, members=facts.cases))
    moved = moved_by(facts, decided, NOW, ADA)
    assert [(move.ref, move.old, move.new) for move in moved.moves] == [
        ("H-2026-001", TARGET, late),
        ("H-2026-002", TARGET, late),
    ]
    changed = {(line.change, line.text) for line in moved.lines}
    assert ("old", "title: Tuesday, November 24, 2026 Security Releases") in changed
    assert ("new", "title: Tuesday, December 1, 2026 Security Releases") in changed
    assert world.session.queries.release(ref) == facts.release


def test_texts_are_compared_line_by_line_with_their_neighbours() -> None:
    lines = text_changes("a\nb\nc\nd\ne", "a\nb\nX\n\nd\ne")
    assert [(line.change, line.text) for line in lines] == [("same", "b"), ("old", "c"), ("new", "X"), ("same", "d")]


def test_equal_texts_have_no_changes() -> None:
    assert text_changes("a\nb", "a\nb") == ()
