"""The promises of the policies, to the minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.case.clocks import ClockState, clock_states, running_clocks
from app.domain.case.steps import next_step, steps_of
from app.domain.commands import case_commands as c
from app.domain.errors import Rejected
from app.domain.policy import add_span, load_policy, parse_span
from tests.builders import START, Story, closed, confirmed, policy, received, scheduled


def clocks(story: Story) -> dict[str, ClockState]:
    return {s.id: s for s in clock_states(story.it, story.policy)}


def test_a_report_is_to_be_acknowledged_in_24_and_answered_in_48_hours() -> None:
    states = clocks(received())
    assert states["acknowledge"].due == START + timedelta(hours=24)
    assert states["reply"].due == START + timedelta(hours=48)
    assert not states["acknowledge"].is_late(START + timedelta(hours=24))
    assert states["acknowledge"].is_late(START + timedelta(hours=24, seconds=1))


def test_a_promise_kept_late_stays_late() -> None:
    story = received()
    story.now = START + timedelta(hours=30)
    state = clocks(story.do(c.Acknowledge()))["acknowledge"]
    assert (state.status, state.kept_at) == ("late-kept", START + timedelta(hours=30))


def test_updates_are_due_every_five_days_from_the_last_word_to_the_reporter() -> None:
    story = confirmed()
    assert story.it.replied_at is not None
    assert clocks(story)["update"].due == story.it.replied_at + timedelta(days=5)
    story.now += timedelta(days=3)
    told = story.now
    assert clocks(story.do(c.UpdateReporter(text="Fixing")))["update"].due == told + timedelta(days=5)


def test_updates_pause_while_the_reporter_is_asked() -> None:
    story = confirmed().do(c.WaitForReporter(question="Which version?"))
    assert clocks(story)["update"].status == "paused"
    assert clocks(story.do(c.Resume()))["update"].status == "running"


def test_the_post_is_due_six_hours_after_the_mail() -> None:
    story = scheduled()
    assert story.it.embargo.until is not None
    story.now = story.it.embargo.until
    story.do(c.RecordAnnouncement(destination="list@aster.example"))
    assert clocks(story)["post"].due == story.it.embargo.until + timedelta(hours=6)
    assert clocks(story)["announce"].status == "kept"


def test_the_embargo_is_to_be_agreed_within_72_hours_of_the_cve() -> None:
    story = confirmed().do(c.AssignCve(id="CVE-2099-10041"))
    assert clocks(story)["embargo"].due == story.it.cves[0].assigned_at + timedelta(hours=72)


def test_nothing_is_due_once_the_case_is_closed() -> None:
    story = closed()
    assert running_clocks(story.it, story.policy) == ()
    assert next_step(story.it, story.policy, ()) is None
    assert all(s.status in ("done", "skipped") or s.id == "pre-announced" for s in steps_of(story.it, story.policy))


def test_the_next_step_is_the_most_urgent_promise_then_the_first_open_step() -> None:
    story = received()
    step = next_step(story.it, story.policy, running_clocks(story.it, story.policy))
    assert step is not None
    assert (step.what, step.action) == ("acknowledge", "acknowledge")
    statuses = {s.id: (s.status, s.waits_for) for s in steps_of(story.it, story.policy)}
    assert statuses["replied"] == ("blocked", "acknowledged")
    assert statuses["posted"] == ("blocked", "announced")


def test_business_days_leave_out_weekends() -> None:
    friday = datetime(2026, 3, 6, 15, 0, tzinfo=UTC)
    assert add_span(friday, "2b") == datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
    assert add_span(friday, "1b", back=True) == datetime(2026, 3, 5, 15, 0, tzinfo=UTC)


def test_the_ecosystem_policy_promises_a_first_answer_in_two_business_days() -> None:
    story = Story(policy_name="npm-ecosystem").do(c.Receive(title="A package", track="ecosystem"))
    assert clocks(story)["acknowledge"].due == add_span(START, "2b")


@pytest.mark.parametrize("span", ["", "5", "h", "-3d", "5 weeks"])
def test_a_span_that_is_none_is_refused(span: str) -> None:
    with pytest.raises(Rejected, match=r"policy\.span"):
        parse_span(span)


def test_every_policy_that_ships_is_whole() -> None:
    for name in ("node-core", "node-core-2025", "npm-ecosystem"):
        found = policy(name)
        assert found.name == name
        assert {s.clock for s in found.steps if s.clock} <= {k.id for k in found.clocks}


def test_a_policy_file_that_is_none_is_refused() -> None:
    with pytest.raises(Rejected, match=r"policy\.malformed"):
        load_policy(b"name = 3")
