"""The embargo can be passed by no odd order of commands, by no told moment and by no clock that is a little off."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from app.domain.case.clocks import clock_states
from app.domain.case.embargo import embargo_runs
from app.domain.commands import case_commands as c
from app.domain.errors import Rejected
from app.domain.events import case_events as e
from app.domain.values import Fix, Source
from tests.builders import START, Story, confirmed, received, scheduled

LIST = "list@aster.example"


def refused(story: Story, command: c.CaseCommand) -> Rejected:
    before = story.it
    with pytest.raises(Rejected) as caught:
        story.do(command)
    assert story.it == before
    return caught.value


def until(story: Story) -> datetime:
    assert story.it.embargo.until is not None
    return story.it.embargo.until


@pytest.mark.parametrize("early", [timedelta(minutes=1), timedelta(minutes=4, seconds=59)])
def test_the_skew_that_is_forgiven_to_clocks_ends_no_embargo(early: timedelta) -> None:
    story = scheduled()
    story.now = until(story) - early
    for command in (
        c.RecordAnnouncement(destination=LIST, at=until(story)),
        c.RecordRelease(at=until(story)),
        c.EndEmbargo(at=until(story)),
    ):
        assert refused(story, command).rule == "embargo"


def test_what_went_out_before_the_instant_needs_a_reason_although_it_is_over_now() -> None:
    story = scheduled()
    leaked = until(story) - timedelta(hours=2)
    story.now = until(story) + timedelta(hours=2)
    error = refused(story, c.RecordAnnouncement(destination=LIST, at=leaked))
    assert (error.code, error.needs) == ("embargo.running", "override")
    assert refused(story, c.RecordRelease(at=leaked)).needs == "end-embargo"
    assert refused(story, c.EndEmbargo(at=leaked)).needs == "reason"
    story.do(c.RecordAnnouncement(destination=LIST, at=leaked, override="It leaked"))
    assert story.events[-1][0] == e.AnnouncementSent(at=leaked, destination=LIST, override="It leaked")


def test_a_blank_override_is_none_and_one_that_passed_nothing_is_not_recorded() -> None:
    story = scheduled()
    assert refused(story, c.RecordAnnouncement(destination=LIST, override=" \n ")).code == "embargo.running"
    story.now = until(story)
    story.do(c.RecordAnnouncement(destination=LIST, override="To be sure"))
    event = story.events[-1][0]
    assert isinstance(event, e.AnnouncementSent)
    assert event.override == ""


def test_without_a_date_nothing_is_announced() -> None:
    story = confirmed().do(c.DraftAdvisory(body="## Summary\n\nText."))
    for prepare in (None, c.ProposeEmbargo()):
        if prepare is not None:
            story.do(prepare)
        error = refused(story, c.RecordAnnouncement(destination=LIST))
        assert (error.code, error.needs) == ("embargo.not-agreed", "agree-embargo")
        assert refused(story, c.EndEmbargo(reason="Let it out")).code == "embargo.not-agreed"


def test_a_proposal_does_not_move_an_agreed_date_without_a_reason() -> None:
    story = scheduled()
    old, soon = until(story), story.now + timedelta(minutes=1)
    story.do(c.ProposeEmbargo(until=soon), hours=0)
    assert until(story) == old
    assert refused(story, c.AgreeEmbargo()).needs == "reason"
    story.do(c.AgreeEmbargo(reason="The reporter asked"), hours=0)
    assert story.events[-1][0] == e.EmbargoMoved(old=old, until=soon, reason="The reporter asked")
    assert (story.it.embargo.until, story.it.embargo.proposed) == (soon, None)
    assert refused(story, c.AgreeEmbargo(until=old)).code == "embargo.already-agreed"


def test_the_reason_of_a_proposal_counts_for_the_move_it_leads_to() -> None:
    story = scheduled()
    later = until(story) + timedelta(days=3)
    story.do(c.ProposeEmbargo(until=later, reason="A vendor needs more time")).do(c.AgreeEmbargo())
    assert story.it.embargo.moves[-1].reason == "A vendor needs more time"
    assert until(story) == later


@pytest.mark.parametrize("command", [c.ProposeEmbargo, c.AgreeEmbargo])
def test_no_date_is_agreed_or_proposed_in_the_past_or_without_a_zone(command: type) -> None:
    story = confirmed()
    assert refused(story, command(until=story.now)).code == "embargo.past"
    assert refused(story, command(until=story.now - timedelta(days=1))).code == "embargo.past"
    naive = (story.now + timedelta(days=1)).replace(tzinfo=None)
    assert refused(story, command(until=naive)).code == "date.no-zone"
    assert refused(story, command(until=story.now.replace(year=9999))).code == "date.out-of-range"


def test_a_proposal_that_is_over_is_not_agreed_by_itself() -> None:
    story = confirmed().do(c.ProposeEmbargo(until=START + timedelta(hours=30)))
    story.now = START + timedelta(hours=40)
    assert refused(story, c.AgreeEmbargo()).code == "embargo.past"
    assert embargo_runs(story.it, story.now)


def test_instants_are_kept_in_utc_whatever_zone_they_were_told_in() -> None:
    story = confirmed()
    tokyo = timezone(timedelta(hours=9))
    told = (story.now + timedelta(days=2)).astimezone(tokyo)
    story.do(c.AgreeEmbargo(until=told))
    assert until(story) == told
    assert until(story).isoformat().endswith("+00:00")


def test_rejecting_takes_the_date_away_so_that_reopening_reveals_nothing() -> None:
    story = scheduled()
    day = until(story)
    story.do(c.Reject(reason="Works as documented"))
    assert (story.it.embargo.status, story.it.embargo.until) == ("none", None)
    story.now = day + timedelta(days=1)
    story.do(c.Reopen(reason="The reporter was right"))
    assert story.it.is_vulnerability
    assert embargo_runs(story.it, story.now)
    assert refused(story, c.RecordAnnouncement(destination=LIST)).code == "embargo.not-agreed"


def test_a_duplicate_has_no_date_either() -> None:
    story = scheduled().do(c.MarkDuplicate(of="H-2026-002"))
    assert story.it.embargo.status == "none"
    assert [m.what for m in story.it.embargo.moves] == ["agreed"]


def test_what_is_public_already_is_neither_rejected_nor_put_under_embargo_again() -> None:
    story = scheduled()
    story.now = until(story)
    story.do(c.RecordAnnouncement(destination=LIST))
    for command in (
        c.Reject(reason="No"),
        c.MarkDuplicate(of="H-2026-002"),
        c.AgreeEmbargo(until=story.now + timedelta(days=1)),
        c.ProposeEmbargo(until=story.now + timedelta(days=1)),
        c.MoveEmbargo(until=story.now + timedelta(days=1), reason="Late"),
        c.EndEmbargo(),
    ):
        assert refused(story, command).code == "case.already-public"


def test_an_ended_embargo_does_not_begin_again() -> None:
    story = scheduled().do(c.EndEmbargo(reason="It leaked"))
    assert refused(story, c.AgreeEmbargo(until=story.now + timedelta(days=1))).code == "embargo.ended"
    assert refused(story, c.EndEmbargo(reason="Again")).code == "embargo.ended"


def test_the_sharing_label_of_a_secret_case_is_not_clear() -> None:
    story = scheduled()
    assert refused(story, c.SetTlp(tlp="CLEAR")).rule == "embargo"
    story.now = until(story)
    assert refused(story, c.SetTlp(tlp="CLEAR")).needs == "end-embargo"
    assert story.do(c.EndEmbargo()).do(c.SetTlp(tlp="CLEAR")).it.tlp == "CLEAR"
    rejected = received().do(c.Reject(reason="No")).do(c.SetTlp(tlp="CLEAR"))
    assert rejected.it.tlp == "CLEAR"
    assert rejected.do(c.Reopen(reason="Yes after all")).it.tlp == "AMBER+STRICT"


def test_a_fix_is_not_released_under_embargo() -> None:
    story = scheduled()
    fix = Fix(line="22.x", state="released", author="Juno Patch")
    assert refused(story, c.HoldFix(fix=fix)).rule == "embargo"
    story.now = until(story)
    story.do(c.HoldFix(fix=fix))


def test_a_leak_is_announced_without_an_advisory_when_the_reason_says_so() -> None:
    story = confirmed()
    story.do(c.RecordAnnouncement(destination=LIST, override="It is on the news"))
    assert story.it.embargo.status == "ended"


def test_an_imported_record_that_is_reopened_is_public_and_asks_only_to_be_closed() -> None:
    source = Source(format="nswg", file="1.json", sha256="0" * 64, key="nswg:core:1")
    record = c.ImportRecord(title="Old", source=source, number=1, fields=(), published_at=START - timedelta(days=900))
    story = Story().do(record).do(c.Reopen(reason="A correction"))
    assert not embargo_runs(story.it, story.now)
    assert clock_states(story.it, story.policy) == ()
    assert refused(story, c.Reject(reason="No")).code == "case.already-public"
    story.do(c.DraftAdvisory(body="## Summary\n\nCorrected."))
    story.do(c.RecordAnnouncement(destination=LIST))
    story.do(c.Close())
    assert story.it.closed is not None
