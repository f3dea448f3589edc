"""The run sheet tells the day from the facts alone: what is done, what is live, what waits for what."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from app.domain.commands import case_commands as c
from app.domain.commands import release_commands as r
from app.domain.policy import ClockRule
from app.presenters.release import ReleaseFacts, read_release
from app.presenters.release_head import head_of
from app.presenters.release_sheet import SheetStep, lacks_of, live_step, run_sheet, sheet_progress
from tests.release_world import ANNOUNCE, OTHER, TARGET, World


def facts_of(world: World, ref: str) -> ReleaseFacts:
    return read_release(world.session, ref)


def sheet(world: World, ref: str) -> dict[str, SheetStep]:
    return {step.key: step for step in run_sheet(facts_of(world, ref), world.now)}


def live(world: World, ref: str) -> str:
    step = live_step(run_sheet(facts_of(world, ref), world.now))
    return step.id if step else ""


def test_an_empty_release_begins_with_its_cases() -> None:
    world = World()
    ref = world.release()
    steps = sheet(world, ref)
    assert live(world, ref) == "cases"
    assert steps["cases"].verb == "bundle-case"
    assert steps["mail"].waits_for == "cases"


def test_a_case_that_lacks_something_holds_the_day_and_is_named() -> None:
    world = World()
    ref = world.planned()
    bad = world.case("Timing difference", complete=False)
    world.session.desk.perform(ref, r.BundleCase(case=bad))
    step = sheet(world, ref)["cases"]
    assert (step.state, step.count, step.of, step.place) == ("part", 2, 3, bad)
    assert step.lacks == ("affected", "severity", "cve", "advisory")


def test_nothing_that_is_public_is_open_before_the_embargo_ends() -> None:
    world = World()
    steps = sheet(world, world.planned())
    assert {key: step.waits_for for key, step in steps.items() if step.state == "waiting"} == {
        "released": "embargo",
        "mail": "embargo",
        f"copy:{OTHER}": "mail",
        "posted": "mail",
        "records": "mail",
        "closed": "posted",
    }


def test_the_embargo_is_over_at_its_instant_without_anybody_doing_anything() -> None:
    world = World()
    ref = world.planned()
    assert sheet(world, ref)["embargo"].due == TARGET
    world.at(TARGET)
    step = sheet(world, ref)["embargo"]
    assert (step.state, step.at) == ("done", TARGET)
    assert live(world, ref) == "released"


def test_a_release_day_without_a_pre_announcement_goes_on_without_it() -> None:
    world = World()
    ref = world.planned()
    assert live(world, ref) == "pre-announced"
    world.at(TARGET)
    assert sheet(world, ref)["pre-announced"].state == "skipped"


def test_the_blog_post_is_due_six_hours_after_the_mail_and_comes_before_all_else() -> None:
    world = World()
    ref = world.announced()
    step = sheet(world, ref)["posted"]
    assert step.started == TARGET + timedelta(minutes=18)
    assert step.due == TARGET + timedelta(hours=6, minutes=18)
    assert live(world, ref) == "posted"
    assert not step.is_late(world.now)
    assert step.is_late(TARGET + timedelta(hours=7))


def test_a_mail_keeps_its_message_id_as_evidence_and_the_copy_is_a_step_of_its_own() -> None:
    world = World()
    ref = world.announced()
    steps = sheet(world, ref)
    assert steps["mail"].evidence == "<20261124.7f3a@lists.example.org>"
    assert steps["mail"].destination == ANNOUNCE
    assert (steps[f"copy:{OTHER}"].state, steps[f"copy:{OTHER}"].label) == ("open", "open-security")
    world.session.desk.perform(ref, r.AnnounceRelease(destination=OTHER, message_id="<b@x.example>"))
    assert sheet(world, ref)[f"copy:{OTHER}"].state == "done"


def test_versions_are_part_done_while_one_line_is_not_out() -> None:
    world = World()
    ref = world.planned()
    world.at(TARGET)
    world.session.desk.perform(ref, r.ReleaseVersions(versions=("24.8.2",)))
    step = sheet(world, ref)["released"]
    assert (step.state, step.count, step.of) == ("part", 1, 2)


def test_records_point_to_the_case_whose_records_are_not_public() -> None:
    world = World()
    ref = world.announced()
    first, second = (case.ref for case in facts_of(world, ref).cases)
    world.session.desk.perform(first, c.RecordPublication(kinds=("cve",)))
    step = sheet(world, ref)["records"]
    assert (step.state, step.count, step.place) == ("part", 1, second)


def test_a_closed_release_has_no_live_step_and_counts_every_step() -> None:
    world = World()
    ref = world.announced()
    world.session.desk.perform(ref, r.PostRelease(url="https://aster.example/blog/november"))
    assert live(world, ref) == "copy"
    world.session.desk.perform(ref, r.CloseRelease())
    steps = run_sheet(facts_of(world, ref), world.now)
    assert live_step(steps) is None
    assert sheet_progress(steps) == (9, 9)


def test_a_policy_that_wants_notice_gives_the_pre_announcement_its_due_time() -> None:
    world = World()
    facts = facts_of(world, world.planned())
    rule = ClockRule(id="notice", start="embargo", satisfied_by="pre-announced", before="7d")
    wanted = replace(facts, policy=replace(facts.policy, clocks=(*facts.policy.clocks, rule)))
    step = next(s for s in run_sheet(wanted, world.now) if s.id == "pre-announced")
    assert step.due == TARGET - timedelta(days=7)


def test_a_complete_case_lacks_nothing() -> None:
    world = World()
    assert [lacks_of(case) for case in facts_of(world, world.planned()).cases] == [(), ()]


def test_the_head_tells_the_highest_severity_and_the_strictest_label() -> None:
    world = World()
    ref = world.planned()
    facts = facts_of(world, ref)
    head = head_of(facts, run_sheet(facts, world.now), world.now)
    assert (head.state, head.filled, head.rating, head.tlp) == ("planned", 1, "high", "AMBER+STRICT")
    assert (head.embargo, head.embargo_at) == ("running", TARGET)


def test_the_head_of_a_release_without_cases_speaks_of_its_target_only() -> None:
    world = World()
    facts = facts_of(world, world.release(title=""))
    head = head_of(facts, run_sheet(facts, world.now), world.now)
    assert (head.rating, head.tlp, head.embargo) == (None, None, "empty")
    assert head.title == "November 2026 security releases"


def test_the_head_says_when_cases_do_not_end_together() -> None:
    world = World()
    ref = world.planned()
    case = facts_of(world, ref).cases[0].ref
    later = TARGET + timedelta(days=2)
    world.session.desk.perform(case, c.MoveEmbargo(until=later, reason="Another vendor asked."))
    facts = facts_of(world, ref)
    head = head_of(facts, run_sheet(facts, world.now), world.now)
    assert (head.embargo, head.embargo_at) == ("mixed", later)


def test_the_head_says_what_is_due_and_when_it_is_late() -> None:
    world = World()
    ref = world.announced()
    world.at(TARGET + timedelta(hours=7))
    facts = facts_of(world, ref)
    head = head_of(facts, run_sheet(facts, world.now), world.now)
    assert head.due is not None
    assert (head.due.step.id, head.due.late) == ("posted", True)
    assert (head.embargo, head.embargo_at) == ("ended", TARGET)
