"""The core path and its refusals: each rule named, each refusal leaving the case as it was."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from app.domain.commands import case_commands as c
from app.domain.errors import Rejected
from app.domain.values import AffectedLine, AuditPlace, Credit, Fix
from tests.builders import LINES, START, Story, closed, confirmed, received, scheduled, stage


def refused(story: Story, command: c.CaseCommand) -> Rejected:
    before = story.it
    with pytest.raises(Rejected) as caught:
        story.do(command)
    assert story.it == before
    return caught.value


def test_the_core_path_leads_through_every_stage() -> None:
    assert stage(received()) == "received"
    assert stage(received().do(c.Acknowledge())) == "acknowledged"
    assert stage(confirmed()) == "triaged"
    assert stage(confirmed().do(c.SetAffected(lines=LINES))) == "fixing"
    story = scheduled()
    assert stage(story) == "scheduled"
    assert story.it.embargo.until is not None
    story.now = story.it.embargo.until
    story.do(c.RecordAnnouncement(destination="list@aster.example"))
    assert stage(story) == "announced"
    assert stage(story.do(c.RecordPost(url="https://aster.example/post"))) == "published"
    assert stage(closed()) == "closed"


def test_a_case_without_embargo_is_ready_but_not_scheduled() -> None:
    story = confirmed().do(c.SetAffected(lines=LINES[:1])).do(c.AssignCve(id="CVE-2099-10042"))
    assert stage(story) == "fixing"
    assert stage(story.do(c.HoldFix(fix=Fix(line="22.x", state="ready")))) == "ready"


def test_a_report_is_acknowledged_once() -> None:
    error = refused(received().do(c.Acknowledge()), c.Acknowledge())
    assert (error.code, error.rule, error.needs) == (
        "case.already-acknowledged",
        "acknowledge",
        "update-reporter",
    )


def test_the_detailed_reply_waits_for_the_acknowledgement() -> None:
    error = refused(received(), c.Reply(text="Next steps"))
    assert (error.code, error.needs) == ("case.not-acknowledged", "acknowledge")


def test_versions_and_cve_wait_for_the_confirmation() -> None:
    for command in (c.SetAffected(lines=LINES), c.AssignCve(id="CVE-2099-10041"), c.RequestCve()):
        error = refused(received(), command)
        assert (error.code, error.needs) == ("case.not-confirmed", "confirm")


def test_the_announcement_waits_for_the_embargo_instant() -> None:
    story = scheduled()
    error = refused(story, c.RecordAnnouncement(destination="list@aster.example"))
    assert (error.code, error.needs) == ("embargo.running", "override")
    assert story.it.embargo.until is not None
    assert error.facts["until"] == story.it.embargo.until.isoformat()


def test_an_override_with_a_reason_passes_the_embargo_and_is_on_record() -> None:
    story = scheduled().do(c.RecordAnnouncement(destination="list@aster.example", override="It leaked"))
    assert story.it.embargo.status == "ended"
    assert story.it.embargo.moves[-1].reason == "It leaked"


def test_the_announcement_goes_out_once_for_each_destination() -> None:
    story = scheduled()
    assert story.it.embargo.until is not None
    story.now = story.it.embargo.until
    story.do(c.RecordAnnouncement(destination="list@aster.example"))
    error = refused(story, c.RecordAnnouncement(destination="list@aster.example"))
    assert error.code == "announcement.twice"


def test_the_post_waits_for_the_mail_and_may_not_be_dated_before_it() -> None:
    assert refused(scheduled(), c.RecordPost(url="https://aster.example/p")).code == "case.not-announced"
    story = scheduled()
    assert story.it.embargo.until is not None
    story.now = story.it.embargo.until
    story.do(c.RecordAnnouncement(destination="list@aster.example"))
    early = c.RecordPost(url="https://aster.example/p", at=story.it.embargo.until - timedelta(hours=1))
    assert refused(story, early).code == "date.before-announcement"


def test_a_case_is_closed_only_when_it_is_public() -> None:
    assert refused(scheduled(), c.Close()).needs == "record-post"
    assert refused(closed(), c.AddNote(text=" ")).code == "text.empty"


def test_a_rejected_report_is_closed_after_it_was_acknowledged() -> None:
    story = received().do(c.Reject(reason="Works as documented", clause="trusted input"))
    assert refused(story, c.Close()).code == "case.not-acknowledged"
    assert stage(story.do(c.Acknowledge()).do(c.Close(resolution="Not a vulnerability"))) == "closed"


def test_the_suggested_embargo_is_72_hours_after_the_cve_on_a_full_hour() -> None:
    story = scheduled()
    assert story.it.embargo.until is not None
    assigned = story.it.cves[0].assigned_at
    assert story.it.embargo.until == assigned + timedelta(hours=72)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (AffectedLine(line="22.x", introduced="22.9.0", fixed="22.1.0"), "line.introduced-after-fixed"),
        (AffectedLine(line="22.x", fixed="24.1.0"), "line.fixed-outside"),
        (AffectedLine(line="22.x", fixed="latest"), "line.version-malformed"),
        (AffectedLine(line=""), "text.empty"),
    ],
)
def test_lines_that_contradict_themselves_are_refused(line: AffectedLine, code: str) -> None:
    assert refused(confirmed(), c.SetAffected(lines=(line,))).code == code


def test_a_line_keeps_its_place_when_more_is_known_of_it() -> None:
    story = confirmed().do(c.SetAffected(lines=LINES))
    story.do(c.SetAffected(lines=(replace(LINES[0], fixed="22.9.2"),)))
    assert [line.line for line in story.it.lines] == ["22.x", "24.x", "18.x"]
    assert story.it.lines[0].fixed == "22.9.2"


def test_a_fix_needs_a_line_on_the_list() -> None:
    error = refused(confirmed().do(c.SetAffected(lines=LINES)), c.HoldFix(fix=Fix(line="20.x")))
    assert (error.code, error.needs) == ("line.unknown", "set-affected")


@pytest.mark.parametrize("cve", ["CVE-2099-1", "cve", "CVE-1998-12345", "CVE-2099-10041x"])
def test_a_malformed_cve_id_is_refused(cve: str) -> None:
    assert refused(confirmed(), c.AssignCve(id=cve)).code.startswith("identifier.")


def test_moments_in_the_future_or_before_the_receipt_are_refused() -> None:
    late = c.Acknowledge(at=START + timedelta(days=9))
    early = c.Acknowledge(at=START - timedelta(days=9))
    assert refused(received(), late).code == "date.future"
    assert refused(received(), early).code == "date.before-receipt"


def test_an_advisory_written_on_an_old_revision_is_refused_not_overwritten() -> None:
    story = received().do(c.DraftAdvisory(body="one", base=0)).do(c.DraftAdvisory(body="two", base=1))
    error = refused(story, c.DraftAdvisory(body="three", base=1))
    assert (error.code, error.facts["current"]) == ("advisory.conflict", 2)
    assert story.it.advisory.body == "two"


def test_a_step_is_skipped_only_where_the_policy_lets_it() -> None:
    assert refused(received(), c.SkipStep(step="confirmed", reason="no")).code == "step.required"
    assert refused(received(), c.SkipStep(step="dance", reason="no")).code == "step.unknown"
    story = received().do(c.SkipStep(step="pre-announced", reason="No release"))
    assert story.it.skips("pre-announced") is not None


def test_moving_the_embargo_needs_a_reason_and_keeps_the_old_date() -> None:
    story = scheduled()
    old = story.it.embargo.until
    assert old is not None
    assert refused(story, c.MoveEmbargo(until=old + timedelta(days=1), reason=" ")).code == "text.empty"
    story.do(c.MoveEmbargo(until=old + timedelta(days=1), reason="Tests are red"))
    assert [m.until for m in story.it.embargo.moves] == [old, old + timedelta(days=1)]


def test_titles_are_one_visible_line() -> None:
    story = received(title="A title\nwith \u202e tricks")
    assert "\n" not in story.it.title
    assert "\u202e" not in story.it.title


@pytest.mark.parametrize(
    ("purpose", "kept"),
    [
        ("acknowledgement", "acknowledged_at"),
        ("detailed-reply", "replied_at"),
        ("progress-update", "contact_at"),
    ],
)
def test_a_logged_message_keeps_the_promise_that_it_is(purpose: Any, kept: str) -> None:
    story = received() if purpose == "acknowledgement" else received().do(c.Acknowledge())
    now = story.now
    story.do(c.LogMessage(direction="out", purpose=purpose, text="Dear reporter"))
    assert getattr(story.it, kept) == now
    assert [m.purpose for m in story.it.messages] == [purpose]


def test_a_message_that_came_in_or_says_something_else_keeps_no_promise() -> None:
    story = received().do(c.LogMessage(direction="in", purpose="acknowledgement", text="Thanks"))
    story.do(c.LogMessage(direction="out", purpose="embargo", text="A date"))
    assert story.it.acknowledged_at is None
    early = c.LogMessage(direction="out", purpose="acknowledgement", text="x", at=START - timedelta(days=1))
    assert refused(story, early).code == "date.before-receipt"


def test_a_case_is_not_closed_before_it_was_announced() -> None:
    story = closed().do(c.Reopen(reason="Once more"))
    first = story.it.announced_at
    assert first is not None
    assert refused(story, c.Close(at=first - timedelta(minutes=1))).code == "date.before-announcement"


def test_a_list_gets_one_announcement_however_its_address_is_spelt() -> None:
    story = closed().do(c.Reopen(reason="Once more"))
    assert refused(story, c.RecordAnnouncement(destination="ANNOUNCE@aster.example")).code == "announcement.twice"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (c.SetCredits(credits=(Credit(name="Robin", link="javascript:alert(1)"),)), "identifier.url"),
        (c.SetCredits(credits=(Credit(name=" "),)), "text.empty"),
        (c.RateSeverity(rating="high", cwe="folding"), "identifier.cwe"),
        (c.RateSeverity(vector="CVSS:3.1/AV:N"), "severity.vector"),
        (c.RateSeverity(), "severity.nothing"),
        (c.AuditSimilarCode(pattern="x", places=(AuditPlace(where=" "),)), "text.empty"),
        (c.HoldFix(fix=Fix(line="18.x", product="another")), "line.unknown"),
        (c.SetAffected(lines=(LINES[0], LINES[0])), "line.twice"),
        (c.SetAffected(lines=(AffectedLine(line="*", status="affected"),)), "line.overlapping"),
        (c.SetAffected(lines=()), "text.empty"),
        (c.WithdrawCve(id="CVE-2099-99999", reason="x"), "cve.unknown"),
        (c.RecordPublication(kinds=("osv",)), "case.not-announced"),
        (c.RecordRelease(versions=("latest",), at=None), "embargo.running"),
    ],
)
def test_fields_that_are_wrong_are_named(command: c.CaseCommand, code: str) -> None:
    error = refused(scheduled(), command)
    assert error.code == code


def test_one_line_can_be_mended_while_others_contradict_each_other_already() -> None:
    lines = (AffectedLine(line="22.x", status="affected"), AffectedLine(line="20.x", status="affected"))
    story = confirmed().do(c.SetAffected(lines=lines))
    story.do(c.SetAffected(lines=(replace(lines[1], fixed="20.1.0"),)))
    assert [line.fixed for line in story.it.lines] == ["", "20.1.0"]


def test_versions_that_are_out_are_written_in_one_way_and_once() -> None:
    story = scheduled()
    assert story.it.embargo.until is not None
    story.now = story.it.embargo.until
    story.do(c.RecordRelease(versions=("v22.9.1", "22.9.1", "24.3.2")))
    assert story.it.released_versions == ("22.9.1", "24.3.2")
