"""An export asks before anything leaves, records it before it is written, and says what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from app.domain.changes import Changes
from app.domain.commands import case_commands as c
from app.domain.commands import release_commands as r
from app.domain.errors import Environment, Rejected
from app.presenters.exporting import ExportPresenter, Standing, Subject, Written
from tests.fakes_runner import InlineRunner
from tests.release_world import TARGET, World

OUT = Path("/out")


class View:
    """Answers with a reason and a folder; None means that the person chose the safe answer."""

    def __init__(self, reason: str | None = "The vendor list needs it today.", folder: Path | None = OUT) -> None:
        self.reason = reason
        self.folder = folder
        self.stood: list[Standing] = []
        self.all: list[tuple[list[str], list[str]]] = []
        self.written: list[Written] = []
        self.problems: list[Exception] = []
        self.before_folder: Callable[[], None] = lambda: None

    def ask_reason(self, subject: Subject, standing: Standing, then: Callable[[str], None]) -> None:
        self.stood.append(standing)
        if self.reason is not None:
            then(self.reason)

    def ask_all(self, ready: Sequence[Standing], rest: Sequence[Standing], then: Callable[[], None]) -> None:
        self.all.append(([s.format.format for s in ready], [s.format.format for s in rest]))
        then()

    def ask_folder(self, subject: Subject, then: Callable[[Path], None]) -> None:
        self.before_folder()
        if self.folder is not None:
            then(self.folder)

    def show_written(self, written: Written) -> None:
        self.written.append(written)

    def show_problem(self, problem: Exception) -> None:
        self.problems.append(problem)


def leading(world: World, view: View, runner: InlineRunner | None = None) -> ExportPresenter:
    return ExportPresenter(view, cast("Any", world.session), runner or world.runner, world.hub)


def exports(world: World, ref: str) -> list[tuple[str, str]]:
    release = world.session.queries.release(ref)
    return [(record.format, record.override) for record in release.exports]


def test_a_text_that_nothing_stands_in_the_way_of_is_written_without_a_question() -> None:
    world = World()
    ref = world.announced()
    view = View()
    heard: list[Changes] = []
    world.hub.listen(heard.append)
    leading(world, view).export("blog-post", Subject(release=ref))
    assert view.stood == []
    assert view.written[0].paths == (OUT / "november-2026-security-releases.md",)
    assert world.session.files.written[view.written[0].paths[0]].startswith(b"---\n")
    assert exports(world, ref) == [("blog-post", "")]
    assert heard[0].refs == {ref}


def test_before_the_embargo_ends_it_leaves_only_with_a_reason_that_is_recorded() -> None:
    world = World()
    ref = world.planned()
    view = View()
    leading(world, view).export("blog-post", Subject(release=ref))
    assert [hold.ref for hold in view.stood[0].holds] == ["H-2026-001", "H-2026-002"]
    assert view.stood[0].until == TARGET
    assert exports(world, ref) == [("blog-post", "The vendor list needs it today.")]


def test_the_safe_answer_leaves_no_trace_at_all() -> None:
    world = World()
    ref = world.planned()
    for view in (View(reason=None), View(folder=None)):
        leading(world, view).export("blog-post", Subject(release=ref))
        assert view.written == []
    assert exports(world, ref) == []
    assert world.session.files.written == {}


def test_what_a_text_lacks_is_told_before_it_leaves() -> None:
    world = World()
    ref = world.planned()
    world.session.desk.perform(ref, r.PlanLine(line="20.x"))
    world.at(TARGET + timedelta(hours=1))
    view = View()
    leading(world, view).export("blog-post", Subject(release=ref))
    assert [gap.code for gap in view.stood[0].missing] == ["release.version-missing"]
    assert view.stood[0].holds == ()
    assert len(view.written) == 1


def test_facts_that_change_while_the_questions_are_open_are_asked_about_again() -> None:
    world = World()
    ref = world.announced()
    view = View(reason=None)

    def meanwhile() -> None:
        world.session.desk.perform(ref, r.PlanLine(line="20.x"))

    view.before_folder = meanwhile
    leading(world, view).export("blog-post", Subject(release=ref))
    assert [gap.code for gap in view.stood[0].missing] == ["release.version-missing"]
    assert (view.written, exports(world, ref)) == ([], [])


def test_all_that_is_ready_leaves_and_the_rest_is_named() -> None:
    world = World()
    ref = world.planned()
    view = View()
    leading(world, view).export_all(Subject(release=ref))
    ready, rest = view.all[0]
    assert ready == ["blog-pre", "mail-pre"]
    assert "blog-post" in rest
    assert [name for name, _override in exports(world, ref)] == ready
    assert len(view.written) == 1


def test_a_case_is_exported_by_itself() -> None:
    world = World()
    ref = world.case("Alone in the world")
    world.session.desk.perform(ref, c.AgreeEmbargo(until=TARGET))
    view = View()
    leading(world, view).export("mail", Subject(case=ref))
    assert view.stood[0].until == TARGET
    case = world.session.queries.case(ref)
    assert [record.format for record in case.exports] == ["mail"]


def test_a_case_without_an_agreed_date_has_no_instant_to_wait_for() -> None:
    world = World()
    ref = world.case("Nothing agreed")
    view = View(reason=None)
    leading(world, view).export("mail", Subject(case=ref))
    assert view.stood[0].holds[0].until is None
    assert view.stood[0].until is None


def test_a_full_disk_is_told_and_the_record_of_the_export_is_shown() -> None:
    world = World()
    ref = world.announced()
    world.session.files.full = True
    view = View()
    heard: list[Changes] = []
    world.hub.listen(heard.append)
    leading(world, view).export("blog-post", Subject(release=ref))
    assert isinstance(view.problems[0], Environment)
    assert exports(world, ref) == [("blog-post", "")]
    assert heard[0].refs == {ref}


def test_a_format_that_can_not_be_made_is_told() -> None:
    world = World()
    view = View()
    leading(world, view).export("nothing-like-it", Subject(release=world.planned()))
    assert isinstance(view.problems[0], Rejected)


def test_a_page_that_is_closed_asks_nothing_any_more() -> None:
    world = World()
    ref = world.planned()
    runner = InlineRunner(held=True)
    view = View()
    presenter = leading(world, view, runner)
    presenter.export("blog-post", Subject(release=ref))
    presenter.close()
    runner.release()
    assert (view.stood, view.written) == ([], [])
