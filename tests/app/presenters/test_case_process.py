"""The process panel: what is done, what is next, and what each step lacks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from app.domain.commands import case_commands as c
from app.domain.values import AffectedLine
from app.presenters.case_actions import may
from app.presenters.case_process import ASSIGN_ME, OPEN_RELEASE, NextCard, Process, process_of
from tests.builders import Story, closed, confirmed, received, scheduled


def panel(story: Story) -> Process:
    """The panel at this moment of the story."""
    return process_of(story.it, story.policy, story.now)


def card(story: Story) -> NextCard:
    """The next step at this moment of the story."""
    found = panel(story).next
    assert found is not None
    return found


def test_a_new_report_asks_for_a_handler_with_one_press() -> None:
    assert (card(received()).what, card(received()).verb) == ("assigned", ASSIGN_ME)


def test_a_promise_that_is_nearly_due_goes_before_the_next_step_in_order() -> None:
    story = received().do(c.Assign())
    story.now += timedelta(hours=20)
    assert card(story).what == "acknowledged"
    assert not card(story).late


def test_a_broken_promise_is_late() -> None:
    story = received().do(c.Assign())
    story.now += timedelta(hours=30)
    assert card(story).late
    assert next(row for row in panel(story).steps if row.id == "acknowledged").mark == "late"


def test_confirming_offers_rejecting_beside_it() -> None:
    story = received().do(c.Assign()).do(c.Acknowledge()).do(c.Reply())
    assert (card(story).verb, card(story).other, card(story).skippable) == ("confirm", "reject", False)


def test_the_next_line_to_decide_is_named() -> None:
    lines = (AffectedLine(line="24.x", status="affected"), AffectedLine(line="22.x"))
    found = card(confirmed().do(c.SetAffected(lines=lines)))
    assert (found.step, found.line) == ("affected", "22.x")
    assert found.missing is not None
    assert (found.missing.code, found.missing.names) == ("lines-open", ("22.x",))


def test_without_lines_the_step_says_so() -> None:
    missing = card(confirmed()).missing
    assert missing is not None
    assert missing.code == "no-lines"


def test_a_cve_is_asked_for_before_it_is_recorded() -> None:
    story = confirmed()
    cve = next(row for row in panel(story).steps if row.id == "cve")
    assert cve.verb == "request-cve"
    story.do(c.RequestCve())
    assert next(row for row in panel(story).steps if row.id == "cve").verb == "assign-cve"


def test_a_promise_without_a_step_becomes_the_card_only_when_it_is_near() -> None:
    story = confirmed()
    assert card(story).step == "affected"
    story.now += timedelta(days=4, hours=12)
    assert (card(story).what, card(story).verb, card(story).step) == ("update", "update-reporter", "")


def test_the_release_waits_visibly_for_the_end_of_the_embargo() -> None:
    story = scheduled().do(c.SkipStep(step="pre-announced", reason="nobody ships it"))
    found = card(story)
    assert found.step == "released"
    assert found.missing is not None
    assert (found.missing.code, found.missing.at) == ("embargo-runs", story.it.embargo.until)


def test_a_closed_case_asks_for_nothing() -> None:
    assert panel(closed()).next is None


def test_a_rejected_report_only_asks_for_answers_and_then_to_be_closed() -> None:
    story = received().do(c.Assign()).do(c.Reject(reason="Works as described."))
    assert card(story).what == "acknowledged"
    story.do(c.Acknowledge()).do(c.Reply())
    assert card(story).verb == "close"
    assert all(row.mark in ("done", "blocked") for row in panel(story).steps if row.id != "closed")


def test_a_skipped_step_is_counted_and_keeps_its_reason() -> None:
    story = confirmed().do(c.SkipStep(step="audited", reason="One line of a test."))
    found = panel(story)
    row = next(row for row in found.steps if row.id == "audited")
    assert (row.mark, row.reason, found.skipped) == ("skipped", "One line of a test.", 1)


def test_waiting_for_the_reporter_is_shown_as_paused() -> None:
    story = confirmed().do(c.WaitForReporter(question="Which version?"))
    story.now += timedelta(days=10)
    found = card(story)
    assert found.step == "affected"


@pytest.mark.parametrize("hours", [0, 30, 300])
def test_exactly_one_thing_is_next_while_a_case_is_open(hours: int) -> None:
    for story in (received(), confirmed(), scheduled()):
        story.now += timedelta(hours=hours)
        assert panel(story).next is not None


def test_a_case_in_a_release_goes_public_with_it() -> None:
    story = scheduled()
    waiting = replace(story.it, release="R-2026-001")
    rows = {row.id: row for row in process_of(waiting, story.policy, story.now).steps}
    assert {rows[step].verb for step in ("pre-announced", "released", "announced")} == {OPEN_RELEASE}
    found = process_of(waiting, story.policy, story.now).next
    assert found is not None
    assert found.missing is not None
    assert (found.missing.code, found.missing.names) == ("in-release", ("R-2026-001",))


def test_the_embargo_of_a_case_in_a_release_is_not_offered_to_be_moved() -> None:
    case = scheduled().it
    waiting = replace(case, release="R-2026-001")
    assert (may("move-embargo", case), may("move-embargo", waiting)) == (True, False)
    assert not may("reject", waiting)


def test_a_rejected_report_can_be_reopened_and_an_open_one_not() -> None:
    assert may("reopen", received().do(c.Reject(reason="Works as described.")).it)
    assert not may("reopen", received().it)
