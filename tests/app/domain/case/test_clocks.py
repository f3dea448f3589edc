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


def test_after_an_answer_the_update_is_due_five_days_of_our_own_time_later() -> None:
    story = confirmed().do(c.WaitForReporter(question="Which version?"))
    asked = story.it.waiting_since
    assert asked is not None
    assert clocks(story)["update"].due == asked + timedelta(days=5)
    story.now = asked + timedelta(days=10)
    state = clocks(story.do(c.Resume()))["update"]
    assert (state.status, state.due) == ("running", asked + timedelta(days=15))
    told = story.now
    assert clocks(story.do(c.UpdateReporter()))["update"].due == told + timedelta(days=5)


def test_a_question_is_a_word_to_the_reporter_and_part_of_the_correspondence() -> None:
    story = confirmed()
    story.now += timedelta(days=3)
    story.do(c.WaitForReporter(question="Which version?"))
    assert story.it.contact_at == story.it.waiting_since
    assert (story.it.messages[-1].purpose, story.it.messages[-1].text) == ("question", "Which version?")


def test_waiting_moves_neither_the_acknowledgement_nor_the_reply() -> None:
    story = received().do(c.WaitForReporter(question="Which version?"))
    assert {k: s.status for k, s in clocks(story).items()} == {"acknowledge": "running", "reply": "running"}
    story.now = START + timedelta(days=4)
    story.do(c.Resume())
    assert clocks(story)["reply"].due == START + timedelta(hours=48)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (c.WaitForReporter(question="?", at=START - timedelta(days=5)), "date.before-receipt"),
        (c.Reply(text="x", at=START), "date.before-acknowledgement"),
        (c.UpdateReporter(at=START), "date.before-acknowledgement"),
        (c.Acknowledge(at=START.replace(tzinfo=None)), "date.no-zone"),
        (c.Confirm(at=START.replace(year=1066)), "date.out-of-range"),
    ],
)
def test_no_moment_is_told_that_contradicts_another(command: c.CaseCommand, code: str) -> None:
    story = received()
    if not isinstance(command, c.Acknowledge):
        story.do(c.Acknowledge())
    with pytest.raises(Rejected) as caught:
        story.do(command)
    assert caught.value.code == code


def test_an_answer_does_not_come_before_its_question() -> None:
    story = received().do(c.WaitForReporter(question="?"))
    with pytest.raises(Rejected, match=r"date\.before-question"):
        story.do(c.Resume(at=START))


def test_a_promise_that_only_the_word_of_the_handler_kept_shows_when_it_was_put_on_record() -> None:
    story = received()
    story.now = START + timedelta(days=6)
    story.do(c.Acknowledge(at=START + timedelta(hours=2)))
    state = clocks(story)["acknowledge"]
    assert (state.status, state.kept_at) == ("kept", START + timedelta(hours=2))
    assert state.recorded_at == START + timedelta(days=6)
    assert story.it.backdated[0].what == "ReportAcknowledged"
    prompt = received()
    prompt.now = START + timedelta(minutes=4)
    assert clocks(prompt.do(c.Acknowledge(at=START)))["acknowledge"].recorded_at is None


def test_a_moment_told_a_little_ahead_is_recorded_as_now() -> None:
    story = received()
    now = story.now
    assert story.do(c.Acknowledge(at=now + timedelta(minutes=4))).it.acknowledged_at == now


def test_the_mail_is_in_time_on_the_whole_day_of_the_embargo() -> None:
    story = scheduled()
    until = story.it.embargo.until
    assert until is not None
    midnight = until.replace(hour=0, minute=0) + timedelta(days=1)
    assert clocks(story)["announce"].due == midnight
    for moment, status in ((midnight, "kept"), (midnight + timedelta(minutes=1), "late-kept")):
        copy = scheduled()
        copy.now = moment
        assert clocks(copy.do(c.RecordAnnouncement(destination="list@aster.example")))["announce"].status == status


def test_a_step_that_is_left_out_lets_its_promise_fall_away() -> None:
    story = received().do(c.SkipStep(step="acknowledged", reason="No address")).do(c.Reply(text="Published here."))
    assert clocks(story)["acknowledge"].status == "void"
    assert clocks(story)["reply"].status == "kept"
    story = confirmed().do(c.AssignCve(id="CVE-2099-10041")).do(c.SkipStep(step="embargo", reason="It is public"))
    assert clocks(story)["embargo"].status == "void"


def test_updates_are_due_too_where_the_detailed_reply_was_left_out() -> None:
    story = received().do(c.Acknowledge()).do(c.SkipStep(step="replied", reason="Said in the acknowledgement"))
    assert story.it.acknowledged_at is not None
    assert clocks(story)["update"].due == story.it.acknowledged_at + timedelta(days=5)


def test_a_rejected_report_is_still_owed_its_answers_and_nothing_else() -> None:
    story = confirmed().do(c.AssignCve(id="CVE-2099-10041")).do(c.Reject(reason="Works as documented"))
    assert {k: s.status for k, s in clocks(story).items()} == {
        "acknowledge": "kept",
        "reply": "kept",
        "update": "void",
        "embargo": "void",
    }
    assert next_step(story.it, story.policy, running_clocks(story.it, story.policy)) is not None


def test_a_case_that_was_closed_without_an_answer_broke_its_promise_once_it_was_due() -> None:
    prompt = received().do(c.Acknowledge()).do(c.Reject(reason="No")).do(c.Close())
    assert clocks(prompt)["reply"].status == "void"
    late = received().do(c.Acknowledge()).do(c.Reject(reason="No"))
    late.now = START + timedelta(days=3)
    state = clocks(late.do(c.Close()))["reply"]
    assert (state.status, state.is_late(late.now)) == ("broken", True)


@pytest.mark.parametrize("rejected", [True, False])
def test_a_rejected_report_of_the_ecosystem_is_asked_to_be_closed_once_it_was_acknowledged(*, rejected: bool) -> None:
    story = Story(policy_name="npm-ecosystem").do(c.Receive(title="A package", track="ecosystem"))
    story.do(c.Reject(reason="No") if rejected else c.MarkDuplicate(of="H-2026-002"))

    def asked() -> str:
        step = next_step(story.it, story.policy, running_clocks(story.it, story.policy))
        return step.what if step else ""

    assert asked() == "acknowledge"
    story.do(c.Acknowledge())
    assert asked() == "closed"
    assert story.do(c.Close()).it.closed is not None


def test_the_suggested_embargo_of_the_ecosystem_is_45_days_after_triage_not_after_the_cve() -> None:
    story = Story(policy_name="npm-ecosystem").do(c.Receive(title="A package", track="ecosystem")).do(c.Confirm())
    promised = story.it.confirmed_at
    assert promised is not None
    story.now += timedelta(days=20)
    story.do(c.AssignCve(id="CVE-2099-10041")).do(c.AgreeEmbargo())
    assert story.it.embargo.until == promised + timedelta(days=45)
    assert clocks(story)["announce"].due == promised + timedelta(days=45)


def test_a_suggested_embargo_is_never_over() -> None:
    story = confirmed().do(c.AssignCve(id="CVE-2099-10041"))
    story.now += timedelta(days=30)
    story.do(c.AgreeEmbargo())
    assert story.it.embargo.until is not None
    assert story.it.embargo.until >= story.events[-1][1] + timedelta(hours=1)


def test_a_withdrawn_cve_starts_no_promise_and_can_be_asked_for_again() -> None:
    story = confirmed().do(c.RequestCve()).do(c.AssignCve(id="CVE-2099-10041"))
    story.do(c.WithdrawCve(id="cve-2099-10041", reason="A dependency's"))
    assert "embargo" not in clocks(story)
    assert story.do(c.RequestCve()).it.cve_requested_at is not None


def test_of_two_cves_the_first_starts_the_promise() -> None:
    story = confirmed().do(c.AssignCve(id="CVE-2099-10041")).do(c.AssignCve(id="CVE-2099-10042"))
    first = story.it.cves[0].assigned_at
    assert clocks(story)["embargo"].due == first + timedelta(hours=72)
    with pytest.raises(Rejected, match=r"cve\.already-assigned"):
        story.do(c.AssignCve(id="CVE-2099-10042"))


BROKEN = {
    "no such clock": '[[steps]]\nid = "assigned"\nclock = "nothing"\n',
    "no such step": '[[steps]]\nid = "dance"\n',
    "a step twice": '[[steps]]\nid = "cve"\n[[steps]]\nid = "cve"\n',
    "no such moment": '[[clocks]]\nid = "a"\nstart = "dawn"\nsatisfied_by = "posted"\nwithin = "1h"\n',
    "two spans": '[[clocks]]\nid = "a"\nstart = "received"\nsatisfied_by = "posted"\nwithin = "1h"\nbefore = "1h"\n',
    "no span": '[[clocks]]\nid = "a"\nstart = "received"\nsatisfied_by = "posted"\n',
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_policy_that_contradicts_itself_is_refused(fault: str) -> None:
    head = 'name = "x"\nversion = 1\ntitle = "X"\neffective = 2026-01-01\n'
    assert load_policy(head.encode()).name == "x"
    with pytest.raises(Rejected, match=r"policy\."):
        load_policy((head + BROKEN[fault]).encode())
