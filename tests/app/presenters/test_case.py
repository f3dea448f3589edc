"""The case page's presenter: fetches, performs, keeps drafts, and drops what comes too late."""

from __future__ import annotations

from pathlib import Path

from app.domain.commands import case_commands as c
from app.domain.errors import Environment, Rejected
from app.presenters.case import CaseFacts, CasePresenter
from app.presenters.case_actions import offered
from app.presenters.case_page import head_of
from tests.case_world import NOW, CaseWorld


class FakeView:
    """Remembers what it was told to show."""

    def __init__(self) -> None:
        self.shown: list[CaseFacts] = []
        self.problems: list[Exception] = []

    def show_case(self, facts: CaseFacts) -> None:
        self.shown.append(facts)

    def show_problem(self, problem: Exception) -> None:
        self.problems.append(problem)


def opened(world: CaseWorld) -> tuple[FakeView, CasePresenter]:
    """A page that has fetched its case."""
    view = FakeView()
    presenter = world.presenter(view)
    presenter.refresh()
    return view, presenter


def test_a_case_is_fetched_with_its_policy_team_and_length_of_history() -> None:
    view, _ = opened(CaseWorld().receive())
    facts = view.shown[0]
    assert (facts.case.ref, facts.policy.name, facts.events) == ("H-2026-001", "node-core", 1)
    assert facts.team.project is not None


def test_a_case_that_is_not_there_is_said() -> None:
    world = CaseWorld()
    world.ref = "H-2026-404"
    view, _ = opened(world)
    assert isinstance(view.problems[0], Rejected)


def test_a_command_shows_the_page_anew() -> None:
    world = CaseWorld().receive()
    view, presenter = opened(world)
    presenter.perform(c.AddNote(text="Looks real."))
    assert [n.text for n in view.shown[-1].case.notes] == ["Looks real."]


def test_a_refused_command_changes_nothing_and_is_said() -> None:
    world = CaseWorld().receive()
    view, presenter = opened(world)
    presenter.perform(c.Reply(text="Too early."))
    assert [p.code for p in view.problems if isinstance(p, Rejected)] == ["case.not-acknowledged"]
    assert world.case.replied_at is None


def test_somebody_elses_change_is_shown() -> None:
    world = CaseWorld().receive()
    view, presenter = opened(world)
    done = world.session.desk.perform(world.ref, c.Retitle(title="Another title"))
    world.hub.publish(done.changes)
    assert view.shown[-1].case.title == "Another title"
    presenter.close()


def test_a_change_of_another_case_asks_nothing() -> None:
    world = CaseWorld().receive()
    view, _ = opened(world)
    other = world.session.do(None, c.Receive(title="Another report"))
    world.hub.publish(world.session.desk.perform(other, c.AddNote(text="x")).changes)
    assert len(view.shown) == 1


def test_an_answer_to_an_older_question_is_dropped() -> None:
    world = CaseWorld().receive()
    world.runner.held = True
    view = FakeView()
    presenter = world.presenter(view)
    presenter.refresh()
    presenter.refresh()
    world.runner.release()
    assert len(view.shown) == 1


def test_a_closed_page_hears_nothing_more() -> None:
    world = CaseWorld().receive()
    world.runner.held = True
    view = FakeView()
    presenter = world.presenter(view)
    presenter.refresh()
    presenter.close()
    world.runner.release()
    world.hub.publish(world.session.desk.perform(world.ref, c.AddNote(text="x")).changes)
    assert view.shown == []


def test_the_rules_speak_while_somebody_types_and_nothing_happens() -> None:
    world = CaseWorld().receive()
    _, presenter = opened(world)
    refusal = presenter.would_refuse(c.Reply(text="Too early."))
    assert refusal is not None
    assert refusal.code == "case.not-acknowledged"
    assert presenter.would_refuse(c.Acknowledge()) is None
    assert world.case.events == 1


def test_a_draft_is_written_once_and_found_again() -> None:
    world = CaseWorld().receive()
    _, presenter = opened(world)
    ran = world.runner.ran
    presenter.keep_draft("advisory", "words")
    presenter.keep_draft("advisory", "words")
    assert world.runner.ran == ran + 1
    found: list[str | None] = []
    presenter.fetch_draft("advisory", found.append)
    presenter.keep_draft("advisory", None)
    presenter.fetch_draft("advisory", found.append)
    assert found == ["words", None]


def test_a_file_and_the_command_that_names_it_come_in_together() -> None:
    world = CaseWorld().receive()
    _, presenter = opened(world)
    world.files.there[Path("/home/ada/repro.txt")] = b"GET / HTTP/1.1"
    done: list[str] = []
    presenter.perform_with_file(
        Path("/home/ada/repro.txt"),
        lambda blob: c.AddAttachment(blob=blob, note="Repro"),
        lambda: done.append("done"),
        lambda _problem: None,
    )
    assert [a.name for a in world.case.attachments] == ["repro.txt"]
    assert done == ["done"]


def test_a_file_that_is_gone_leaves_the_case_as_it_was() -> None:
    world = CaseWorld().receive()
    _, presenter = opened(world)
    problems: list[Exception] = []
    presenter.perform_with_file(
        Path("/nowhere"), lambda blob: c.AddAttachment(blob=blob), lambda: None, problems.append
    )
    assert isinstance(problems[0], Environment)
    assert world.case.events == 1


def test_a_refused_command_leaves_its_file_outside() -> None:
    world = CaseWorld().receive()
    _, presenter = opened(world)
    world.files.there[Path("/home/ada/note.txt")] = b"words"
    presenter.perform_with_file(
        Path("/home/ada/note.txt"), lambda _blob: c.Reply(text="x"), lambda: None, lambda _problem: None
    )
    assert world.session.store.content.blobs == {}


def test_a_copy_for_outside_is_on_record_before_it_is_written() -> None:
    world = CaseWorld().receive()
    with world.session.store.transaction(world.session.me, NOW) as tx:
        blob = tx.put_blob(b"text", "repro.txt")
    _, presenter = opened(world)
    target = Path("/home/ada/copy.txt")
    presenter.save_copy(blob, target, lambda: None, lambda _problem: None)
    assert world.files.written == {target: b"text"}
    assert "repro.txt" in world.case.notes[-1].text
    world.files.fails = Environment("disk.full")
    problems: list[Exception] = []
    presenter.save_copy(blob, target, lambda: None, problems.append)
    assert len(problems) == 1
    assert len(world.case.notes) == 2


def test_the_head_counts_what_the_tabs_hold() -> None:
    world = CaseWorld().work()
    view, _ = opened(world)
    facts = view.shown[0]
    head = head_of(facts.case, facts.policy, NOW, facts.events)
    counts = dict(head.tabs)
    assert (counts["affected"], counts["fixes"], counts["advisory"]) == ("7", "3/4", "1")
    assert (counts["correspondence"], counts["history"], counts["embargo"]) == ("4", "19", "")
    assert (head.embargo, head.stage, head.filled) == ("running", "fixing", 4)


def test_the_menu_offers_only_what_the_facts_allow() -> None:
    world = CaseWorld().receive()
    offers = {verb for group in offered(world.case) for verb in group}
    assert {"add-note", "retitle", "reject", "propose-embargo"} <= offers
    assert not {"reopen", "resume", "assign-cve", "end-embargo", "close"} & offers
    world.do(c.WaitForReporter(question="Which version?"))
    assert "resume" in {verb for group in offered(world.case) for verb in group}
