"""Whatever is commanded in whatever order: evolve takes it, replay gives the same, the stage fits the facts."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.case.clocks import clock_states, running_clocks
from app.domain.case.stage import affected_is_complete, fixes_are_ready, stage_of
from app.domain.case.state import Case
from app.domain.case.steps import next_step, steps_of
from app.domain.commands import CaseCommand
from app.domain.commands import case_commands as c
from app.domain.errors import Rejected
from app.domain.events import decode, encode
from app.domain.projection import project_case
from app.domain.values import STAGES, AffectedLine, Credit, Fix, Reporter
from tests.builders import Story

text = st.text(max_size=30)
lines = st.sampled_from(["20.x", "22.x", "24.x", "main", "bad line"])
versions = st.sampled_from(["", "22.1.0", "22.9.1", "24.0.0", "x"])
affected = st.builds(
    AffectedLine,
    line=lines,
    status=st.sampled_from(["investigating", "affected", "not-affected", "unsupported"]),
    introduced=versions,
    fixed=versions,
)
fixes = st.builds(Fix, line=lines, state=st.sampled_from(["needed", "in-review", "ready", "released"]), author=text)
commands: st.SearchStrategy[CaseCommand] = st.one_of(
    st.builds(c.Assign, person=st.sampled_from(["", "noor", "nobody"])),
    st.builds(c.Acknowledge, text=text),
    st.builds(c.Reply, text=text),
    st.builds(c.UpdateReporter, text=text),
    st.builds(c.WaitForReporter, question=text),
    st.builds(c.Resume),
    st.builds(c.Confirm),
    st.builds(c.Reject, reason=text),
    st.builds(c.MarkDuplicate, of=st.sampled_from(["H-2026-001", "H-2026-002"])),
    st.builds(c.Retitle, title=text),
    st.builds(c.RateSeverity, rating=st.sampled_from(["low", "high", None])),
    st.builds(c.SetTlp, tlp=st.sampled_from(["RED", "CLEAR"])),
    st.builds(c.SetAffected, lines=st.lists(affected, max_size=3).map(tuple)),
    st.builds(c.RemoveLine, line=lines),
    st.builds(c.AuditSimilarCode, pattern=text),
    st.builds(c.HoldFix, fix=fixes),
    st.builds(c.RequestCve),
    st.builds(c.AssignCve, id=st.sampled_from(["CVE-2099-10041", "CVE-2099-10042", "CVE-x"])),
    st.builds(c.WithdrawCve, id=st.just("CVE-2099-10041"), reason=text),
    st.builds(c.ProposeEmbargo),
    st.builds(c.AgreeEmbargo),
    st.builds(c.DeclineEmbargo),
    st.builds(c.EndEmbargo, reason=text),
    st.builds(c.DraftAdvisory, body=text),
    st.builds(c.SetCredits, credits=st.lists(st.builds(Credit, name=text), max_size=2).map(tuple)),
    st.builds(c.RecordPreAnnouncement),
    st.builds(c.RecordRelease),
    st.builds(c.RecordAnnouncement, destination=text, override=text),
    st.builds(c.RecordPost, url=st.sampled_from(["https://aster.example/a", "nonsense"])),
    st.builds(c.RecordPublication, kinds=st.just(("osv",))),
    st.builds(c.LogMessage, direction=st.sampled_from(["in", "out"]), text=text),
    st.builds(c.AddNote, text=text),
    st.builds(c.SkipStep, step=st.sampled_from(["audited", "posted", "confirmed", "?"]), reason=text),
    st.builds(c.Close),
    st.builds(c.Reopen, reason=text),
)


def told(commanded: list[tuple[CaseCommand, int]]) -> Story:
    story = Story().do(c.Receive(title="A report", reporters=(Reporter(name="Robin"),)))
    for command, hours in commanded:
        before = story.it
        try:
            story.do(command, hours=hours)
        except Rejected:
            assert story.it == before
            story.now += timedelta(hours=hours)
    return story


@settings(max_examples=150)
@given(st.lists(st.tuples(commands, st.integers(0, 60)), max_size=40))
def test_whatever_is_commanded_the_case_stays_whole(commanded: list[tuple[CaseCommand, int]]) -> None:
    story = told(commanded)
    case = story.it
    assert story.replayed() == case
    assert case.events == len(story.events)
    assert_stage_fits(case)
    steps = steps_of(case, story.policy)
    assert len({s.id for s in steps}) == len(steps)
    running = running_clocks(case, story.policy)
    assert [r.due for r in running] == sorted(r.due for r in running)
    assert all(s.due >= s.started for s in clock_states(case, story.policy))
    assert (next_step(case, story.policy, running) is None) <= (
        not case.is_open or not case.is_vulnerability or not running
    )
    assert project_case(case, story.policy).stage == stage_of(case)


@settings(max_examples=60)
@given(st.lists(st.tuples(commands, st.integers(0, 60)), max_size=25))
def test_events_and_states_survive_being_written_and_read(commanded: list[tuple[CaseCommand, int]]) -> None:
    story = told(commanded)
    for event, _ in story.events:
        assert decode(type(event).__name__, encode(event)) == event
    assert msgspec.json.decode(msgspec.json.encode(story.it), type=Case) == story.it


def assert_stage_fits(case: Case) -> None:
    stage = stage_of(case)
    order = STAGES.index(stage)
    assert (stage == "closed") == (case.closed is not None)
    if stage == "published":
        assert case.blog is not None
    if stage == "announced":
        assert case.announcements
        assert case.blog is None
    if STAGES.index("triaged") <= order < STAGES.index("announced"):
        assert case.confirmed_at is not None
    if stage in ("ready", "scheduled"):
        assert affected_is_complete(case)
        assert fixes_are_ready(case)
        assert case.cves
    if stage == "scheduled":
        assert case.embargo.status in ("agreed", "ended")
