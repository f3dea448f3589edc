"""The list of releases: pages that arrive, and a plan that is judged, kept and carried out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from app.desk.ports.vault import ReleaseRow
from app.domain.commands import release_commands as r
from app.domain.errors import Rejected
from app.presenters import releases
from app.presenters.releases import ReleasesPresenter
from tests.fakes_runner import InlineRunner
from tests.release_world import NOW, TZ, World


class View:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.rows: list[ReleaseRow] = []
        self.more = False
        self.told = 0
        self.problems: list[Exception] = []

    def show_rows(self, rows: tuple[ReleaseRow, ...], *, more: bool) -> None:
        self.rows, self.more, self.told = list(rows), more, self.told + 1

    def add_rows(self, rows: tuple[ReleaseRow, ...], *, more: bool) -> None:
        self.rows += rows
        self.more = more

    def show_problem(self, problem: Exception) -> None:
        self.problems.append(problem)


class PagedQueries:
    """Answers in pages of what is asked for, by counting."""

    def __init__(self, count: int) -> None:
        self.rows = tuple(
            ReleaseRow(id=str(n), ref=f"R-2026-{n:03}", title="", slug="x", target=NOW, updated=NOW)
            for n in range(count)
        )
        self.asked: list[tuple[str | None, int]] = []

    def releases(self, cursor: str | None, limit: int) -> tuple[tuple[ReleaseRow, ...], str | None]:
        self.asked.append((cursor, limit))
        start = int(cursor or 0)
        more = str(start + limit) if start + limit < len(self.rows) else None
        return self.rows[start : start + limit], more


def page(world: World, runner: InlineRunner | None = None) -> tuple[ReleasesPresenter, View]:
    view = View()
    session = cast("Any", world.session)
    return ReleasesPresenter(view, session, runner or world.runner, world.hub, TZ), view


def test_every_release_is_listed_and_a_new_one_appears_by_itself() -> None:
    world = World()
    presenter, view = page(world)
    presenter.start()
    assert view.rows == []
    done = world.session.desk.perform(None, r.PlanRelease(target=NOW + timedelta(days=9)))
    world.hub.publish(done.changes)
    assert [row.ref for row in view.rows] == [done.ref]


def test_the_next_page_is_asked_for_once_and_appended() -> None:
    world = World()
    queries = PagedQueries(releases.PAGE + 5)
    cast("Any", world.session.store).releases = queries.releases
    presenter, view = page(world)
    presenter.start()
    assert (len(view.rows), view.more) == (releases.PAGE, True)
    presenter.more()
    presenter.more()
    assert (len(view.rows), view.more) == (releases.PAGE + 5, False)
    assert len(queries.asked) == 2


def test_a_page_of_a_list_that_was_asked_for_anew_is_dropped() -> None:
    world = World()
    queries = PagedQueries(releases.PAGE + 5)
    cast("Any", world.session.store).releases = queries.releases
    runner = InlineRunner(held=True)
    presenter, view = page(world, runner)
    presenter.start()
    presenter.start()
    runner.release()
    assert view.told == 1


def test_a_plan_is_carried_out_and_told() -> None:
    world = World()
    presenter, view = page(world)
    presenter.start()
    planned: list[str] = []
    rows = ({"line": "24.x", "version": "24.8.2"},)
    presenter.plan({"target": "2026-11-24 12:00", "title": "", "lines": rows}, planned.append, view.problems.append)
    assert view.problems == []
    assert [row.ref for row in view.rows] == planned
    assert view.rows[0].slug == "november-2026-security-releases"


def test_a_plan_is_judged_by_the_real_rules_while_it_is_typed() -> None:
    world = World()
    presenter, _view = page(world)
    presenter.begin_plan(lambda _values: None)

    def code(**values: Any) -> str:
        problem = presenter.judge_plan({"target": "2026-11-24 12:00", **values})
        return problem.code if problem else ""

    assert code() == ""
    assert code(target="tomorrow") == "date.unclear"
    assert code(lines=({"line": "24.x", "version": "22.1.1"},)) == "line.foreign-version"
    assert code(lines=({"line": "latest", "version": ""},)) == "line.malformed"


def test_what_is_refused_stays_in_the_form() -> None:
    world = World()
    presenter, view = page(world)
    failed: list[Exception] = []
    presenter.plan({"target": "never"}, lambda ref: None, failed.append)
    assert isinstance(failed[0], Rejected)
    assert view.rows == []


def test_a_plan_that_was_typed_and_left_comes_back() -> None:
    world = World()
    presenter, _view = page(world)
    got: list[dict[str, Any]] = []
    presenter.begin_plan(got.append)
    presenter.keep_plan({**got[0], "title": "Half typed"})
    presenter.begin_plan(got.append)
    assert [values["title"] for values in got] == ["", "Half typed"]
    presenter.keep_plan(None)
    presenter.begin_plan(got.append)
    assert got[-1]["title"] == ""


def test_a_damaged_draft_is_as_good_as_none() -> None:
    world = World()
    world.session.desk.save_draft("team", "plan-release", "{not json")
    presenter, _view = page(world)
    got: list[dict[str, Any]] = []
    presenter.begin_plan(got.append)
    assert got[0]["title"] == ""


def test_a_list_that_is_closed_hears_nothing() -> None:
    world = World()
    presenter, view = page(world)
    presenter.start()
    presenter.close()
    world.hub.publish(world.session.desk.perform(None, r.PlanRelease(target=NOW)).changes)
    assert view.told == 1


def test_a_store_that_fails_is_a_problem_of_the_page() -> None:
    world = World()
    presenter, view = page(world)

    def broken(cursor: str | None, limit: int) -> Any:
        raise OSError(cursor)

    cast("Any", world.session.store).releases = broken
    presenter.start()
    assert isinstance(view.problems[0], OSError)
