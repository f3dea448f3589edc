"""The release page's presenter: late answers are dropped, refusals come back, every change is fetched again."""

from __future__ import annotations

from typing import Any, cast

import pytest

from app.desk.ports.vault import CaseRow
from app.domain.commands import case_commands as c
from app.domain.commands import release_commands as r
from app.domain.errors import Rejected
from app.domain.values import ReleaseLine
from app.presenters.release import ReleaseFacts, ReleasePresenter
from tests.fakes_runner import InlineRunner
from tests.release_world import TARGET, World


class View:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.shown: list[ReleaseFacts] = []
        self.problems: list[Exception] = []

    def show_facts(self, facts: ReleaseFacts) -> None:
        self.shown.append(facts)

    def show_problem(self, problem: Exception) -> None:
        self.problems.append(problem)


def page(world: World, ref: str, runner: InlineRunner | None = None) -> tuple[ReleasePresenter, View]:
    view = View()
    return ReleasePresenter(view, cast("Any", world.session), runner or world.runner, world.hub, ref), view


def test_a_command_is_carried_out_and_the_page_is_fetched_again() -> None:
    world = World()
    presenter, view = page(world, world.release())
    presenter.refresh()
    done: list[str] = []
    presenter.perform(r.RetitleRelease(title="Late autumn"), lambda: done.append("done"))
    assert done == ["done"]
    assert [facts.release.title for facts in view.shown] == ["November security release", "Late autumn"]


def test_a_refusal_goes_to_who_asked_and_nothing_changes() -> None:
    world = World()
    presenter, view = page(world, world.release())
    presenter.refresh()
    refused: list[Exception] = []
    presenter.perform(r.PlanLine(line="24.x", version="22.1.1"), failed=refused.append)
    assert isinstance(refused[0], Rejected)
    assert refused[0].code == "line.foreign-version"
    assert (len(view.shown), view.problems) == (1, [])


def test_an_answer_to_an_older_question_is_dropped() -> None:
    world = World()
    ref = world.release()
    runner = InlineRunner(held=True)
    presenter, view = page(world, ref, runner)
    presenter.refresh()
    presenter.refresh()
    runner.release()
    assert len(view.shown) == 1


def test_a_page_that_is_closed_hears_nothing_any_more() -> None:
    world = World()
    ref = world.planned()
    runner = InlineRunner(held=True)
    presenter, view = page(world, ref, runner)
    presenter.refresh()
    presenter.perform(r.RetitleRelease(title="x"), failed=view.problems.append)
    presenter.close()
    runner.release()
    world.hub.publish(world.session.desk.perform(ref, r.RetitleRelease(title="Other")).changes)
    assert (view.shown, view.problems) == ([], [])


def test_a_change_of_a_bundled_case_is_a_change_of_the_page() -> None:
    world = World()
    ref = world.planned()
    presenter, view = page(world, ref)
    presenter.refresh()
    case = view.shown[0].cases[0].ref
    world.hub.publish(world.session.desk.perform(case, c.AddNote(text="Looked at again.")).changes)
    other = world.case("Not in it")
    world.hub.publish(world.session.desk.perform(other, c.AddNote(text="Elsewhere.")).changes)
    assert len(view.shown) == 2


def test_an_unknown_reference_is_a_problem_of_the_page() -> None:
    world = World()
    presenter, view = page(world, "R-2099-001")
    presenter.refresh()
    assert isinstance(view.problems[0], Rejected)
    assert view.problems[0].code == "release.unknown"


def test_the_rules_speak_while_somebody_types_and_nothing_is_done() -> None:
    world = World()
    ref = world.release()
    presenter, view = page(world, ref)
    presenter.refresh()
    refusal = presenter.would_refuse(r.PlanLine(line="24.x", version="24.x"))
    assert refusal is not None
    assert refusal.code == "version.malformed"
    assert presenter.would_refuse(r.PlanLine(line="24.x", version="24.9.0")) is None
    assert view.shown[0].release.lines[0] == ReleaseLine(line="24.x", version="24.8.2", releaser="Tove Plan")


def test_only_cases_that_are_open_and_free_are_found() -> None:
    world = World()
    ref = world.planned()
    free = world.case("Free to join")
    presenter, _view = page(world, ref)
    presenter.refresh()
    found: list[tuple[CaseRow, ...]] = []
    presenter.search_cases("", found.append)
    presenter.search_cases("free jo", found.append)
    presenter.search_cases("nothing like it", found.append)
    assert [[row.ref for row in rows] for rows in found] == [[free], [free], []]


def test_only_the_last_search_is_answered() -> None:
    world = World()
    ref = world.release()
    world.case("Free to join")
    runner = InlineRunner(held=True)
    presenter, _view = page(world, ref, runner)
    found: list[int] = []
    presenter.search_cases("f", lambda rows: found.append(1))
    presenter.search_cases("fr", lambda rows: found.append(2))
    runner.release()
    assert found == [2]


def test_a_draft_is_kept_once_and_found_again() -> None:
    world = World()
    ref = world.release()
    presenter, _view = page(world, ref)
    presenter.keep_draft("form.postpone", "half a sentence")
    before = world.runner.ran
    presenter.keep_draft("form.postpone", "half a sentence")
    got: list[str | None] = []
    presenter.fetch_draft("form.postpone", got.append)
    assert got == ["half a sentence"]
    assert world.runner.ran == before + 1


@pytest.mark.parametrize("verb", ["postpone", "cancel"])
def test_what_is_public_can_not_be_moved_any_more(verb: str) -> None:
    world = World()
    presenter, _view = page(world, world.announced())
    presenter.refresh()
    commands = {
        "postpone": r.Postpone(target=TARGET.replace(year=2027), reason="x"),
        "cancel": r.CancelRelease(reason="x"),
    }
    refusal = presenter.would_refuse(commands[verb])
    assert refusal is not None
    assert refusal.code == "release.already-public"
