"""The affected tab: nothing typed is lost, what contradicts itself is not saved, decisions take one key."""

from __future__ import annotations

import pytest

from app.domain.commands import case_commands as c
from app.domain.errors import Rejected
from app.domain.values import AffectedLine
from app.presenters.case import CaseFacts, CasePresenter
from app.presenters.case_affected import (
    DRAFT,
    AffectedPresenter,
    Key,
    LineRow,
    Matrix,
    in_order,
    try_version,
)
from tests.case_world import CaseWorld

OPEN: Key = ("", "20.x")


class FakeTab:
    """Remembers what it was told, and passes facts of the page on."""

    def __init__(self) -> None:
        self.matrix = Matrix(rows=(), decided=0, editable=False, confirmed=False)
        self.problems: list[tuple[Exception | None, Key | None]] = []
        self.presenter: AffectedPresenter | None = None

    def show_matrix(self, matrix: Matrix) -> None:
        self.matrix = matrix

    def show_row(self, row: LineRow) -> None:
        rows = tuple(row if r.key == row.key else r for r in self.matrix.rows)
        self.matrix = Matrix(rows=rows, decided=self.matrix.decided, editable=True, confirmed=True)

    def show_problem(self, problem: Exception | None, key: Key | None) -> None:
        self.problems.append((problem, key))

    def show_case(self, facts: CaseFacts) -> None:
        assert self.presenter is not None
        self.presenter.show(facts)

    def row(self, key: Key) -> LineRow:
        return next(row for row in self.matrix.rows if row.key == key)


class _Page:
    """The page's view: hands facts to the tab once it is there."""

    def __init__(self, tab: FakeTab) -> None:
        self.tab = tab

    def show_case(self, facts: CaseFacts) -> None:
        if self.tab.presenter is not None:
            self.tab.show_case(facts)

    def show_problem(self, problem: Exception) -> None:
        self.tab.problems.append((problem, None))


def opened(world: CaseWorld) -> tuple[FakeTab, AffectedPresenter, CasePresenter]:
    """The tab of the world's case."""
    tab = FakeTab()
    page = world.presenter(_Page(tab))
    tab.presenter = AffectedPresenter(tab, page)
    page.refresh()
    return tab, tab.presenter, page


def worked() -> CaseWorld:
    return CaseWorld().receive().triage().list_lines()


def stored(world: CaseWorld, key: Key) -> AffectedLine:
    return next(line for line in world.case.lines if (line.product, line.line) == key)


def test_lines_stand_by_product_newest_first() -> None:
    world = worked()
    names = [line.line for line in in_order(world.case.lines)]
    assert names == ["main", "24.x", "22.x", "20.x", "18.x", "3.x", "2.x"]


def test_one_key_decides_a_line() -> None:
    world = worked()
    tab, presenter, _ = opened(world)
    presenter.set_status(OPEN, "not-affected")
    assert stored(world, OPEN).status == "not-affected"
    assert tab.matrix.decided == 7


def test_deciding_the_same_again_does_nothing() -> None:
    world = worked()
    _, presenter, _ = opened(world)
    events = world.case.events
    presenter.set_status(OPEN, "investigating")
    assert world.case.events == events


def test_what_is_typed_is_saved_when_the_row_is_left() -> None:
    world = worked()
    tab, presenter, _ = opened(world)
    presenter.typed(OPEN, "introduced", " 20.0.0 ")
    presenter.typed(OPEN, "fixed", "20.19.6")
    assert tab.row(OPEN).unsaved
    presenter.leave(OPEN)
    assert (stored(world, OPEN).introduced, stored(world, OPEN).fixed) == ("20.0.0", "20.19.6")
    assert not tab.row(OPEN).unsaved


def test_what_contradicts_itself_is_shown_kept_and_not_saved() -> None:
    world = worked()
    tab, presenter, page = opened(world)
    presenter.typed(OPEN, "introduced", "20.5.0")
    presenter.typed(OPEN, "fixed", "20.1.0")
    assert [f.code for f in tab.row(OPEN).findings] == ["line.introduced-after-fixed"]
    presenter.leave(OPEN)
    assert stored(world, OPEN).fixed == ""
    kept = world.session.store.draft(page.ref, DRAFT)
    assert kept is not None
    assert "20.1.0" in kept


def test_kept_text_is_there_again_after_the_store_was_closed() -> None:
    world = worked()
    _, presenter, page = opened(world)
    presenter.typed(OPEN, "introduced", "twenty")
    presenter.keep_unsaved()
    page.close()
    tab, _, _ = opened(world)
    assert tab.row(OPEN).line.introduced == "twenty"
    assert tab.row(OPEN).unsaved


def test_new_facts_do_not_take_away_what_is_being_typed() -> None:
    world = worked()
    tab, presenter, page = opened(world)
    presenter.typed(OPEN, "introduced", "20.3")
    page.perform(c.AddNote(text="meanwhile"))
    assert tab.row(OPEN).line.introduced == "20.3"


def test_a_decision_takes_sound_versions_along_and_leaves_others_in_the_field() -> None:
    world = worked()
    tab, presenter, _ = opened(world)
    presenter.typed(OPEN, "fixed", "20.19.6")
    presenter.set_status(OPEN, "affected")
    assert (stored(world, OPEN).status, stored(world, OPEN).fixed) == ("affected", "20.19.6")
    presenter.typed(OPEN, "fixed", "nonsense")
    presenter.set_status(OPEN, "unsupported")
    assert (stored(world, OPEN).status, stored(world, OPEN).fixed) == ("unsupported", "20.19.6")
    assert tab.row(OPEN).line.fixed == "nonsense"


def test_two_changes_in_a_row_do_not_undo_each_other() -> None:
    world = worked()
    tab, presenter, _ = opened(world)
    world.runner.held = True
    presenter.set_status(OPEN, "affected")
    presenter.typed(OPEN, "introduced", "20.0.0")
    presenter.leave(OPEN)
    world.runner.release()
    world.runner.release()
    assert (stored(world, OPEN).status, stored(world, OPEN).introduced) == ("affected", "20.0.0")
    world.runner.held = False
    presenter.typed(OPEN, "fixed", "20.19.6")
    presenter.leave(OPEN)
    assert stored(world, OPEN).status == "affected"
    assert not tab.row(OPEN).unsaved


def test_what_is_typed_while_a_save_is_under_way_is_kept() -> None:
    world = worked()
    tab, presenter, _ = opened(world)
    presenter.typed(OPEN, "introduced", "20.0.0")
    world.runner.held = True
    presenter.leave(OPEN)
    presenter.typed(OPEN, "introduced", "20.0.1")
    world.runner.release()
    world.runner.release()
    world.runner.release()
    assert tab.row(OPEN).line.introduced == "20.0.1"
    assert tab.row(OPEN).unsaved


def test_forgetting_brings_the_stored_facts_back() -> None:
    world = worked()
    tab, presenter, page = opened(world)
    key: Key = ("", "24.x")
    presenter.typed(key, "fixed", "25.0.0")
    presenter.keep_unsaved()
    presenter.discard(key)
    assert (tab.row(key).line.fixed, tab.row(key).unsaved) == ("24.8.2", False)
    assert world.session.store.draft(page.ref, DRAFT) is None


def test_several_lines_are_added_at_once() -> None:
    world = CaseWorld().receive().triage()
    tab, presenter, _ = opened(world)
    presenter.add_lines("", "24.x, v22 20", "investigating")
    assert [row.line.line for row in tab.matrix.rows] == ["24.x", "22.x", "20.x"]


def test_a_line_is_not_added_twice() -> None:
    world = worked()
    _, presenter, _ = opened(world)
    with pytest.raises(Rejected) as refusal:
        presenter.add_lines("", "24.x", "affected")
    assert refusal.value.code == "line.twice"


def test_a_wrong_line_is_refused_in_words() -> None:
    _, presenter, _ = opened(worked())
    with pytest.raises(Rejected) as refusal:
        presenter.add_lines("", "twenty", "affected")
    assert refusal.value.code == "line.malformed"


def test_a_line_is_taken_off_with_its_reason() -> None:
    world = worked()
    tab, presenter, _ = opened(world)
    presenter.remove(OPEN, "Never released.")
    assert all(row.key != OPEN for row in tab.matrix.rows)


def test_without_confirmation_nothing_can_be_edited() -> None:
    tab, _, _ = opened(CaseWorld().receive())
    assert not tab.matrix.editable


def test_a_refusal_of_the_desk_keeps_the_text() -> None:
    world = worked()
    tab, presenter, _ = opened(world)
    presenter.typed(OPEN, "note", "Check by hand")
    world.session.desk.perform(world.ref, c.Reject(reason="Works as described."))
    presenter.leave(OPEN)
    problem, key = tab.problems[-1]
    assert isinstance(problem, Rejected)
    assert key == OPEN
    assert tab.row(OPEN).line.note == "Check by hand"


def test_a_draft_that_nobody_can_read_is_no_harm() -> None:
    world = worked()
    world.session.desk.save_draft(world.ref, DRAFT, "{not json")
    tab, _, _ = opened(world)
    assert len(tab.matrix.rows) == 7


@pytest.mark.parametrize(
    ("version", "affected"),
    [("24.8.1", True), ("24.8.2", False), ("18.20.8", True), ("18.20.9", False), ("20.1.0", False)],
)
def test_a_version_is_looked_up_in_the_list(version: str, *, affected: bool) -> None:
    assert try_version(worked().case.lines, version, "").affected is affected


def test_a_version_of_an_undecided_line_names_the_line() -> None:
    tried = try_version(worked().case.lines, "20.1.0", "")
    assert tried.line is not None
    assert tried.line.status == "investigating"
