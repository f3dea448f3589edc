"""In whatever order cases and releases are worked on: what is secret gets out by an agreed date or a reason alone."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.case.embargo import embargo_runs
from app.domain.case.state import Case
from app.domain.commands import Command
from app.domain.commands import case_commands as c
from app.domain.commands import release_commands as r
from app.domain.errors import Rejected
from app.domain.events import case_events as e
from app.domain.release.state import Release
from app.domain.values import ReleaseLine
from tests.app.domain.release.room import LIST, Room
from tests.builders import START

CASES, RELEASES = ("H-2026-001", "H-2026-002", "H-2026-003"), ("R-2026-001", "R-2026-002")
OUT = (e.AnnouncementSent, e.FixesReleased, e.BlogPublished, e.RecordsPublished)

reasons = st.sampled_from(["", "A reason"])
days = st.integers(-3, 12)


class When:
    """A moment told by a person: some days from now, exactly now, or left out."""

    def __init__(self, offset: int | None) -> None:
        self.offset = offset

    def at(self, now: datetime) -> Any:
        return None if self.offset is None else now + timedelta(days=self.offset, minutes=3 if self.offset == 0 else 0)


whens = st.one_of(st.none(), st.none(), days).map(When)
Step = tuple[str, type, dict[str, Any], int]


def steps(refs: tuple[str, ...], kind: type, **fields: Any) -> st.SearchStrategy[Step]:
    return st.tuples(st.sampled_from(refs), st.just(kind), st.fixed_dictionaries(fields), st.integers(0, 20))


anything = st.one_of(
    steps(CASES, c.ProposeEmbargo, until=whens, reason=reasons),
    steps(CASES, c.AgreeEmbargo, until=whens, reason=reasons),
    steps(CASES, c.DeclineEmbargo),
    steps(CASES, c.MoveEmbargo, until=days.map(When), reason=reasons),
    steps(CASES, c.EndEmbargo, at=whens, reason=reasons),
    steps(CASES, c.RecordRelease, at=whens, versions=st.just(("22.9.1",))),
    steps(CASES, c.RecordAnnouncement, at=whens, override=reasons, destination=st.sampled_from([LIST, "b@c.example"])),
    steps(CASES, c.RecordPost, at=whens, url=st.just("https://aster.example/p")),
    steps(CASES, c.RecordPublication, at=whens, kinds=st.just(("osv",))),
    steps(CASES, c.Reject, reason=st.just("No")),
    steps(CASES, c.MarkDuplicate, of=st.sampled_from(CASES)),
    steps(CASES, c.Close),
    steps(CASES, c.Reopen, reason=st.just("Again")),
    steps(CASES, c.SetTlp, tlp=st.sampled_from(["CLEAR", "RED"])),
    steps(RELEASES, r.BundleCase, case=st.sampled_from(CASES)),
    steps(RELEASES, r.BundleCase, case=st.sampled_from(CASES)),
    steps(RELEASES, r.UnbundleCase, case=st.sampled_from(CASES)),
    steps(RELEASES, r.Postpone, target=days.map(When), reason=st.just("Late")),
    steps(RELEASES, r.ReleaseVersions, at=whens),
    steps(RELEASES, r.AnnounceRelease, at=whens, override=reasons, destination=st.sampled_from([LIST, "b@c.example"])),
    steps(RELEASES, r.PostRelease, at=whens, url=st.just("https://aster.example/r")),
    steps(RELEASES, r.CloseRelease),
    steps(RELEASES[1:], r.CancelRelease, reason=st.just("No")),
    steps(RELEASES, r.PlanLine, line=st.just("22.x"), version=st.sampled_from(["22.9.1", "22.9.2"])),
)


def command(step: Step, now: datetime) -> Command:
    fields = {name: value.at(now) if isinstance(value, When) else value for name, value in step[2].items()}
    made: Command = step[1](**fields)
    return made


def room() -> Room:
    made = Room()
    for _ in CASES:
        made.case()
    for number in (3, 6):
        made.release(START + timedelta(days=number), ReleaseLine(line="20.x", version="20.1.0"))
    made.do(RELEASES[0], r.BundleCase(case=CASES[0]))
    made.do(CASES[1], c.AgreeEmbargo(until=START + timedelta(days=2)))
    return made


def states(place: Room) -> tuple[dict[str, Case], dict[str, Release]]:
    return {ref: place.it(ref) for ref in CASES}, {ref: place.released(ref) for ref in RELEASES}


@settings(max_examples=250)
@given(st.lists(anything, min_size=15, max_size=40))
def test_no_order_of_steps_lets_a_secret_out(told: list[Step]) -> None:
    place = room()
    for step in told:
        before, _ = states(place)
        seen, now = len(place.vault.queries.log), place.now
        with suppress(Rejected):
            place.do(step[0], command(step, now))
        new = place.vault.queries.log[seen:]
        for ref, case in before.items():
            own = [event for stream, event in new if stream == f"case:{case.id}"]
            nothing_got_out(case, own, now)
            nothing_is_told_of_what_is_no_vulnerability(place.it(ref), own)
            assert embargo_runs(place.it(ref), now) or not embargo_runs(case, now) or has_a_reason(own)
        assert_each_names_the_other(place)
        place.pass_by(hours=step[3])


def nothing_got_out(case: Case, events: list[Any], now: datetime) -> None:
    if not embargo_runs(case, now):
        return
    told = [event for event in events if isinstance(event, OUT)]
    assert all(isinstance(event, e.AnnouncementSent) and event.override for event in told), told


def nothing_is_told_of_what_is_no_vulnerability(case: Case, events: list[Any]) -> None:
    assert not (case.announcements and not case.is_vulnerability), events
    assert not (case.blog and not case.announcements)
    if case.tlp == "CLEAR" and case.is_vulnerability:
        assert case.embargo.status == "ended"


def has_a_reason(events: list[Any]) -> bool:
    """A case that is public at once is so by a recorded reason; a date that is agreed lies ahead."""
    ended = any(isinstance(event, e.EmbargoEnded) and event.reason for event in events)
    return ended or any(isinstance(event, e.AnnouncementSent) and event.override for event in events)


def assert_each_names_the_other(place: Room) -> None:
    cases, releases = states(place)
    for ref, case in cases.items():
        holding = [release.ref for release in releases.values() if any(m.ref == ref for m in release.members)]
        assert holding == ([case.release] if case.release else [])
        assert sum(1 for _ in {a.destination for a in case.announcements}) == len(case.announcements)
    for release in releases.values():
        out = {publication.what for publication in release.released}
        assert len(out) == len(release.released)
        assert all(line.released == (line.version in out) for line in release.lines if line.version)
        if release.announcements:
            assert all(cases[m.ref].announcements for m in release.members)
        if release.cancelled:
            assert not release.members
