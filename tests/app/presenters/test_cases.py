"""The case table's decisions: what is asked, that late answers are dropped, and what an empty table says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from app.desk.ports.vault import CaseQuery, CaseRow, View
from app.domain.commands import case_commands as c
from app.domain.errors import Environment
from app.presenters.cases import PAGE, CasesPresenter, Empty
from app.presenters.hub import Hub
from tests.fakes_runner import InlineRunner
from tests.fakes_session import MemorySession
from tests.scenes import busy_store, new_report


class FakeView:
    """The table as the presenter tells it."""

    def __init__(self) -> None:
        self.query = CaseQuery()
        self.rows: list[CaseRow] = []
        self.more = False
        self.same: bool | None = None
        self.counts: dict[View, int] = {}
        self.found = (0, 0)
        self.empty: Empty = ""
        self.problems: list[Exception] = []
        self.assigned: list[str] = []

    def show_query(self, query: CaseQuery) -> None:
        self.query = query

    def show_counts(self, counts: Mapping[View, int]) -> None:
        self.counts = dict(counts)

    def show_rows(self, rows: tuple[CaseRow, ...], *, more: bool, same: bool) -> None:
        self.rows, self.more, self.same = list(rows), more, same

    def add_rows(self, rows: tuple[CaseRow, ...], *, more: bool) -> None:
        self.rows += rows
        self.more = more

    def show_found(self, found: int, of: int) -> None:
        self.found = (found, of)

    def show_empty(self, why: Empty) -> None:
        self.empty = why

    def show_problem(self, problem: Exception) -> None:
        self.problems.append(problem)

    def show_assigned(self, ref: str) -> None:
        self.assigned.append(ref)


class Scene:
    """A presenter on a store with fifteen cases, or none."""

    def __init__(self, *, empty: bool = False) -> None:
        self.session = MemorySession()
        if not empty:
            busy_store(self.session)
        self.view = FakeView()
        self.runner = InlineRunner()
        self.hub = Hub()
        self.presenter = CasesPresenter(self.view, cast("Any", self.session), self.runner, self.hub)

    def titles(self) -> list[str]:
        return [row.title for row in self.view.rows]


def test_it_begins_with_the_open_cases_most_urgent_first() -> None:
    scene = Scene()
    scene.presenter.start()
    due = [row.next.due for row in scene.view.rows if row.next and row.next.due]
    assert len(scene.view.rows) == 15
    assert due == sorted(due)
    assert scene.view.counts == {
        "open": 15,
        "mine": scene.view.counts["mine"],
        "embargo": scene.view.counts["embargo"],
        "waiting": 3,
        "no-cve": 6,
        "closed": 0,
        "all": 15,
    }


def test_words_and_filters_narrow_and_say_how_much_was_found() -> None:
    scene = Scene()
    scene.presenter.start()
    scene.presenter.search("  quadratic   parser ")
    assert scene.titles() == ["Quadratic time in the multipart parser"]
    assert scene.view.found == (1, 15)
    assert scene.presenter.is_filtered
    scene.presenter.clear_filters()
    assert len(scene.view.rows) == 15
    scene.presenter.filter_ratings(("low",))
    assert {row.rating for row in scene.view.rows} == {"low"}
    scene.presenter.filter_stages(("received",))
    assert scene.view.empty == "nothing-found"


def test_ordering_by_the_same_column_turns_the_order_round() -> None:
    scene = Scene()
    scene.presenter.start()
    scene.presenter.sort_by("title")
    assert scene.titles() == sorted(scene.titles(), key=str.casefold)
    scene.presenter.sort_by("title")
    assert scene.titles() == sorted(scene.titles(), key=str.casefold, reverse=True)


def test_severity_begins_with_the_worst() -> None:
    scene = Scene()
    scene.presenter.start()
    scene.presenter.sort_by("severity")
    assert scene.view.rows[0].rating == "high"
    assert scene.view.query.descending


def test_an_answer_to_a_question_that_is_no_longer_asked_is_dropped() -> None:
    scene = Scene()
    scene.presenter.start()
    scene.runner.held = True
    scene.presenter.search("heap")
    scene.presenter.search("proto")
    asked = len(scene.session.store.asked)
    scene.runner.release()
    assert scene.titles() == ["Prototype chain escape in the module loader"]
    assert [q.text for q in scene.session.store.asked[asked:]] == ["proto"]


def test_pages_follow_each_other_and_are_asked_for_once() -> None:
    scene = Scene(empty=True)
    for number in range(PAGE + 7):
        new_report(scene.session, f"Report {number:03d}")
    scene.presenter.start()
    assert (len(scene.view.rows), scene.view.more) == (PAGE, True)
    scene.runner.held = True
    scene.presenter.more()
    scene.presenter.more()
    scene.runner.release()
    assert (len(scene.view.rows), scene.view.more) == (PAGE + 7, False)
    assert len({row.ref for row in scene.view.rows}) == PAGE + 7
    scene.presenter.more()
    assert len(scene.view.rows) == PAGE + 7


def test_a_change_elsewhere_shows_at_once_and_keeps_what_was_loaded() -> None:
    scene = Scene(empty=True)
    for number in range(PAGE + 50):
        new_report(scene.session, f"Report {number:03d}")
    scene.presenter.start()
    scene.presenter.more()
    done = scene.session.desk.perform("H-2026-003", c.Retitle(title="A better title"))
    scene.hub.publish(done.changes)
    assert len(scene.view.rows) == PAGE + 50
    assert "A better title" in scene.titles()
    assert scene.view.same


def test_a_store_without_cases_says_how_to_begin() -> None:
    scene = Scene(empty=True)
    scene.presenter.start()
    assert scene.view.empty == "no-cases"


def test_an_empty_view_is_not_an_empty_store() -> None:
    scene = Scene()
    scene.presenter.start()
    scene.presenter.show_view("closed")
    said = [scene.view.empty]
    scene.presenter.show_view("all")
    assert [*said, scene.view.empty] == ["empty-view", ""]


def test_a_case_can_be_taken_from_the_table() -> None:
    scene = Scene()
    scene.presenter.start()
    free = next(row for row in scene.view.rows if not row.handler)
    scene.presenter.assign_to_me(free.ref)
    assert scene.view.assigned == [free.ref]
    assert next(row for row in scene.view.rows if row.ref == free.ref).handler == "Ada Example"


def test_a_refusal_and_a_failure_are_told() -> None:
    scene = Scene()
    scene.presenter.start()
    scene.presenter.assign_to_me("H-2026-999")
    scene.session.store.fails = Environment("disk.io")
    scene.presenter.search("heap")
    assert [getattr(p, "code", "") for p in scene.view.problems] == ["case.unknown", "disk.io"]


def test_after_closing_nothing_is_told_any_more() -> None:
    scene = Scene()
    scene.presenter.start()
    scene.runner.held = True
    scene.presenter.search("heap")
    scene.presenter.close()
    scene.runner.release()
    scene.hub.publish(scene.session.desk.perform("H-2026-003", c.Retitle(title="Later")).changes)
    scene.runner.release()
    assert len(scene.view.rows) == 15
    assert scene.presenter.query.text == ""
