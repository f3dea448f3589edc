"""A release moves the embargo of its cases, never makes one public sooner, and lets none go out unready."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from app.domain.case.embargo import embargo_runs
from app.domain.case.state import Case
from app.domain.commands import Command
from app.domain.commands import case_commands as c
from app.domain.commands import release_commands as r
from app.domain.events import case_events as e
from app.domain.release.state import Release
from app.domain.values import AffectedLine, ReleaseLine, Source
from tests.app.domain.release.room import LIST, Room
from tests.builders import START

TARGET = START + timedelta(days=30)


@pytest.fixture
def room() -> Room:
    return Room()


def test_a_case_that_leaves_has_no_date_any_more_and_is_not_public_on_the_day(room: Room) -> None:
    ref, release = room.case(), room.release(TARGET)
    room.do(release, r.BundleCase(case=ref))
    room.do(release, r.UnbundleCase(case=ref.lower(), reason="The fix is not ready"))
    case = room.it(ref)
    assert (case.release, case.embargo.status, case.embargo.until) == ("", "proposed", None)
    assert case.embargo.proposed == TARGET
    room.at(TARGET + timedelta(days=1))
    assert embargo_runs(room.it(ref), room.now)
    assert room.refused(ref, c.RecordAnnouncement(destination=LIST)).code == "embargo.not-agreed"


def test_a_cancelled_release_holds_no_case_and_gives_no_date(room: Room) -> None:
    refs, release = [room.case(), room.case()], room.release(TARGET)
    for ref in refs:
        room.do(release, r.BundleCase(case=ref))
    room.do(release, r.CancelRelease(reason="Folded into the next one"))
    assert room.released(release).members == ()
    assert {room.it(ref).embargo.status for ref in refs} == {"proposed"}
    other = room.release(TARGET + timedelta(days=9))
    room.do(other, r.BundleCase(case=refs[0]))
    assert room.it(refs[0]).embargo.until == TARGET + timedelta(days=9)


def test_a_date_that_the_release_did_not_give_stays_when_the_case_leaves(room: Room) -> None:
    ref, release = room.case(), room.release(TARGET)
    room.do(ref, c.AgreeEmbargo(until=TARGET, party="Robin"))
    room.do(release, r.BundleCase(case=ref))
    room.do(release, r.UnbundleCase(case=ref))
    assert (room.it(ref).embargo.status, room.it(ref).embargo.until) == ("agreed", TARGET)


def test_a_release_makes_no_case_public_before_its_agreed_date(room: Room) -> None:
    ref, release = room.case(), room.release(TARGET)
    room.do(ref, c.AgreeEmbargo(until=TARGET + timedelta(days=1), party="A vendor"))
    error = room.refused(release, r.BundleCase(case=ref))
    assert (error.code, error.rule, error.needs) == ("release.before-embargo", "embargo", "move-embargo")
    room.do(release, r.Postpone(target=TARGET + timedelta(days=2), reason="For the vendor"))
    room.do(release, r.BundleCase(case=ref))
    assert room.it(ref).embargo.until == TARGET + timedelta(days=2)


def test_a_release_whose_day_is_over_takes_no_secret_case(room: Room) -> None:
    ref, dated, release = room.case(), room.case(), room.release(TARGET)
    room.do(dated, c.AgreeEmbargo(until=TARGET - timedelta(days=1)))
    room.at(TARGET)
    error = room.refused(release, r.BundleCase(case=ref))
    assert (error.code, error.needs) == ("release.day-past", "postpone")
    room.do(release, r.BundleCase(case=dated))
    assert room.it(dated).embargo.until == TARGET - timedelta(days=1)


def test_a_release_is_planned_for_a_day_to_come(room: Room) -> None:
    room.at(START + timedelta(days=1))
    assert room.refused(None, r.PlanRelease(target=START)).code == "embargo.past"
    assert room.refused(None, r.PlanRelease(target=TARGET.replace(tzinfo=None))).code == "date.no-zone"


def handed_over(room: Room, file: str, days: int) -> tuple[str, str]:
    """A case and the past release that came with it in one file."""
    source = Source(format="vulnerabilities", file=file, sha256="0" * 64, key=f"{file}:case")
    ref = room.do(None, c.Receive(title="From a hand-over", channel="handover", source=source))
    for command in (c.Confirm(), c.DraftAdvisory(body="## Summary\n\nText.")):
        room.do(ref, command)
    target = room.now - timedelta(days=days)
    release = room.do(None, r.PlanRelease(target=target, source=replace(source, key=f"{file}:release")))
    return ref, release


def test_a_hand_over_of_the_past_keeps_its_day_and_only_for_the_cases_of_its_own_file(room: Room) -> None:
    ref, release = handed_over(room, "july.json", 200)
    stranger = room.case()
    room.do(release, r.BundleCase(case=ref))
    assert not embargo_runs(room.it(ref), room.now)
    assert room.refused(release, r.BundleCase(case=stranger)).code == "release.day-past"


def test_what_happened_before_a_hand_over_came_in_can_be_told(room: Room) -> None:
    ref, release = handed_over(room, "july.json", 200)
    room.do(release, r.BundleCase(case=ref))
    room.do(release, r.PlanLine(line="22.x", version="22.9.1"))
    day = room.released(release).target + timedelta(hours=1)
    room.do(release, r.ReleaseVersions(at=day))
    room.do(release, r.AnnounceRelease(destination=LIST, at=day))
    assert (room.it(ref).released_at, room.it(ref).announced_at) == (day, day)


def test_a_case_of_a_hand_over_that_somebody_works_on_is_not_made_public_by_its_day(room: Room) -> None:
    ref, release = handed_over(room, "july.json", 200)
    room.do(ref, c.Assign())
    assert room.refused(release, r.BundleCase(case=ref)).code == "release.day-past"


def test_a_bundled_case_waits_for_its_release(room: Room) -> None:
    ref, release = room.case(), room.release(TARGET)
    room.do(release, r.BundleCase(case=ref))
    for command, needs in (
        (c.RecordAnnouncement(destination=LIST, override="Now"), "announce-release"),
        (c.RecordRelease(versions=("22.9.1",)), "release-versions"),
        (c.MoveEmbargo(until=TARGET - timedelta(days=1), reason="Sooner"), "postpone"),
        (c.Reject(reason="No"), "unbundle-case"),
        (c.MarkDuplicate(of="H-2026-001"), "unbundle-case"),
    ):
        error = room.refused(ref, command) if not isinstance(command, c.MarkDuplicate) else room.refused_duplicate(ref)
        assert (error.code, error.needs) == ("case.in-release", needs)
    room.do(ref, c.MoveEmbargo(until=TARGET + timedelta(days=1), reason="Another vendor asked"))
    room.at(TARGET)
    assert room.refused(release, r.ReleaseVersions()).code == "embargo.running"


def test_a_leak_ends_the_embargo_of_one_case_and_the_others_stay_secret(room: Room) -> None:
    leaked, other, release = room.case(), room.case(), room.release(TARGET)
    for ref in (leaked, other):
        room.do(release, r.BundleCase(case=ref))
    room.do(leaked, c.EndEmbargo(reason="It is on the news"))
    assert room.refused(release, r.AnnounceRelease(destination=LIST)).facts["ref"] == other
    room.do(release, r.Postpone(target=TARGET + timedelta(days=1), reason="Red tests"))
    assert room.it(leaked).embargo.status == "ended"


def test_what_is_out_is_neither_postponed_nor_cancelled_nor_added_to(room: Room) -> None:
    ref, late, release = room.case(), room.case(), room.release(TARGET)
    room.do(release, r.BundleCase(case=ref))
    room.at(TARGET)
    room.do(release, r.ReleaseVersions())
    for command in (
        r.Postpone(target=TARGET + timedelta(days=1), reason="Late"),
        r.CancelRelease(reason="Late"),
        r.BundleCase(case=late),
    ):
        assert room.refused(release, command).code == "release.already-out"
    assert room.refused(release, r.ReleaseVersions()).code == "release.no-versions"
    assert room.refused(release, r.ReleaseVersions(versions=("22.9.1",))).code == "release.version-out"


def test_only_a_recorded_release_makes_a_line_released(room: Room) -> None:
    release = room.release(TARGET, ReleaseLine(line="20.x", version="20.1.0", released=True))
    assert not any(line.released for line in room.released(release).lines)
    plan = r.PlanLine(line="22.x", version="22.9.1", released=True)
    assert room.refused(release, plan).needs == "release-versions"
    room.do(release, r.ReleaseVersions(versions=("22.9.1",)))
    assert room.refused(release, r.PlanLine(line="22.x", version="22.9.2")).code == "line.released"
    assert room.refused(release, r.DropLine(line="22.x")).code == "line.released"
    room.do(release, r.PlanLine(line="22.x", version="22.9.1", releaser="Tove"))
    assert [line.released for line in room.released(release).lines if line.line == "22.x"] == [True]


def test_a_line_is_planned_once_and_of_its_own_versions(room: Room) -> None:
    twice = (ReleaseLine(line="22.x"), ReleaseLine(line="22.x", version="22.1.0"))
    assert room.refused(None, r.PlanRelease(target=TARGET, lines=twice)).code == "line.twice"


def test_no_case_is_announced_that_nobody_confirmed(room: Room) -> None:
    ref = room.do(None, c.Receive(title="Only received"))
    release = room.release(TARGET)
    room.do(release, r.BundleCase(case=ref))
    room.at(TARGET)
    for command in (r.ReleaseVersions(), r.AnnounceRelease(destination=LIST, override="All the same")):
        assert room.refused(release, command).code == "case.not-confirmed"


def test_a_case_that_was_announced_by_itself_is_not_told_twice_of_the_same_list(room: Room) -> None:
    alone, other, release = room.case(), room.case(), room.release(TARGET)
    room.do(alone, c.AgreeEmbargo(until=START + timedelta(days=1)))
    room.at(START + timedelta(days=2))
    for ref in (alone, other):
        room.do(release, r.BundleCase(case=ref))
    room.do(alone, c.EndEmbargo(reason="It leaked"))
    room.do(release, r.UnbundleCase(case=alone))
    room.do(alone, c.RecordAnnouncement(destination=LIST))
    assert room.refused(release, r.BundleCase(case=alone)).code == "release.case-not-open"


def test_a_second_list_reaches_cases_that_were_closed_since(room: Room) -> None:
    ref, release = room.case(), room.release(TARGET)
    room.do(release, r.BundleCase(case=ref))
    room.at(TARGET)
    room.do(release, r.AnnounceRelease(destination=LIST))
    room.do(release, r.PostRelease(url="https://aster.example/post"))
    room.do(ref, c.Close())
    room.do(release, r.AnnounceRelease(destination="other@aster.example"))
    assert [a.destination for a in room.it(ref).announcements] == [LIST, "other@aster.example"]
    assert room.it(ref).closed is not None


def test_an_override_of_the_release_is_on_the_record_of_each_case(room: Room) -> None:
    ref, release = room.case(), room.release(TARGET)
    room.do(release, r.BundleCase(case=ref))
    room.do(release, r.AnnounceRelease(destination=LIST, override="It leaked"))
    sent = room.events(e.AnnouncementSent)[-1]
    assert (sent.override, sent.release) == ("It leaked", release)


def test_a_postponement_makes_a_case_whose_day_is_over_secret_again(room: Room) -> None:
    ref, release = room.case(), room.release(TARGET)
    room.do(release, r.BundleCase(case=ref))
    room.at(TARGET + timedelta(hours=1))
    assert not embargo_runs(room.it(ref), room.now)
    room.do(release, r.Postpone(target=TARGET + timedelta(days=2), reason="Red tests on the day"))
    assert embargo_runs(room.it(ref), room.now)


def test_a_later_date_that_a_case_was_given_for_itself_is_not_shortened_by_a_postponement(room: Room) -> None:
    own, other, release = room.case(), room.case(), room.release(TARGET)
    for ref in (own, other):
        room.do(release, r.BundleCase(case=ref))
    vendor = TARGET + timedelta(days=5)
    room.do(own, c.MoveEmbargo(until=vendor, reason="A vendor asked"))
    room.do(release, r.Postpone(target=TARGET + timedelta(days=2), reason="Red tests"))
    assert [room.it(ref).embargo.until for ref in (own, other)] == [vendor, TARGET + timedelta(days=2)]
    room.do(release, r.Postpone(target=TARGET + timedelta(days=9), reason="Red tests again"))
    assert {room.it(ref).embargo.until for ref in (own, other)} == {TARGET + timedelta(days=9)}


def test_a_release_that_is_brought_forward_takes_its_cases_along(room: Room) -> None:
    ref, release = room.case(), room.release(TARGET)
    room.do(release, r.BundleCase(case=ref))
    room.do(release, r.Postpone(target=TARGET - timedelta(days=2), reason="It leaks out"))
    assert room.it(ref).embargo.until == TARGET - timedelta(days=2)


def test_nothing_goes_out_before_its_report_came_in(room: Room) -> None:
    ref, release = room.case(), room.release(TARGET)
    room.do(release, r.BundleCase(case=ref))
    early = r.AnnounceRelease(destination=LIST, override="It leaked", at=START - timedelta(days=1))
    assert room.refused(release, early).code == "date.before-receipt"


def test_the_month_of_a_slug_is_that_of_utc(room: Room) -> None:
    from datetime import datetime, timezone

    samoa = timezone(timedelta(hours=13))
    target = datetime(2026, 8, 1, 5, 0, tzinfo=samoa)
    release = room.released(room.do(None, r.PlanRelease(target=target)))
    assert (release.slug, release.target.isoformat()) == ("july-2026-security-releases", "2026-07-31T16:00:00+00:00")


def test_states_of_a_release_and_its_cases_name_each_other(room: Room) -> None:
    refs, release = [room.case(), room.case()], room.release(TARGET)
    for ref in refs:
        room.do(release, r.BundleCase(case=ref))
    made: Release = room.released(release)
    cases: list[Case] = [room.it(ref) for ref in refs]
    assert [m.ref for m in made.members] == [case.ref for case in cases]
    assert {case.release for case in cases} == {made.ref}


def test_refusals_of_a_release_name_a_rule_or_a_need(room: Room) -> None:
    ref, release = room.case(), room.release(TARGET)
    refusals: list[tuple[str, Command]] = [
        (release, r.AnnounceRelease(destination=LIST)),
        (release, r.PostRelease(url="https://aster.example/x")),
        (release, r.CloseRelease()),
        (release, r.DropLine(line="9.x")),
        (release, r.DropDependency(name="none")),
        (release, r.UnbundleCase(case=ref)),
        (release, r.BundleCase(case="H-2026-999")),
        (release, r.Postpone(target=TARGET, reason="x")),
        (release, r.RetitleRelease(title=" ")),
        (release, r.ReleaseVersions(versions=("23.0.0",))),
        (ref, c.SetAffected(lines=(AffectedLine(line="22.x", fixed="24.0.0"),))),
    ]
    for about, command in refusals:
        error = room.refused(about, command)
        assert error.rule or error.needs, error.code
