"""The checklist: what is done, what waits for what, what is left out, and what it means for the stage."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.case.stage import stage_of
from app.domain.case.steps import Step, next_step, step_ids, steps_of
from app.domain.commands import case_commands as c
from app.domain.errors import Rejected
from app.domain.policy import StepName
from app.domain.projection import project_case
from app.domain.values import AffectedLine, Fix, Source
from tests.builders import LINES, START, Story, closed, confirmed, received, scheduled


def steps(story: Story) -> dict[str, Step]:
    return {s.id: s for s in steps_of(story.it, story.policy)}


def test_every_step_that_a_policy_can_name_is_known() -> None:
    assert set(step_ids()) == set(StepName.__args__)  # type: ignore[attr-defined]


def test_a_step_is_partial_while_some_of_it_is_done() -> None:
    story = confirmed().do(c.SetAffected(lines=(LINES[0], AffectedLine(line="20.x"))))
    found = steps(story)
    assert (found["affected"].status, found["affected"].count, found["affected"].of) == ("partial", 1, 2)
    assert (found["fixes"].status, found["fixes"].waits_for) == ("blocked", "affected")
    story = confirmed().do(c.SetAffected(lines=LINES)).do(c.HoldFix(fix=Fix(line="22.x", state="ready")))
    fixes = steps(story)["fixes"]
    assert (fixes.status, fixes.count, fixes.of) == ("partial", 1, 2)


def test_a_fix_that_is_only_needed_does_not_count() -> None:
    story = confirmed().do(c.SetAffected(lines=LINES)).do(c.HoldFix(fix=Fix(line="22.x", state="needed")))
    assert steps(story)["fixes"].count == 0


def test_a_line_that_turns_out_to_be_affected_opens_the_fixes_again() -> None:
    story = scheduled()
    assert (steps(story)["fixes"].status, stage_of(story.it)) == ("done", "scheduled")
    story.do(c.SetAffected(lines=(AffectedLine(line="26.x", status="affected"),)))
    assert (steps(story)["fixes"].status, stage_of(story.it)) == ("partial", "fixing")


@pytest.mark.parametrize(
    ("step", "waits_for"),
    [("affected", "confirmed"), ("cve", "confirmed"), ("embargo", "confirmed"), ("pre-announced", "embargo")],
)
def test_a_step_that_waits_says_for_what(step: str, waits_for: str) -> None:
    found = steps(received())[step]
    assert (found.status, found.waits_for) == ("blocked", waits_for)


def test_what_a_left_out_step_held_up_goes_on() -> None:
    story = confirmed().do(c.SetAffected(lines=LINES)).do(c.SkipStep(step="fixes", reason="Fixed upstream"))
    assert steps(story)["released"].status == "open"
    story.do(c.SkipStep(step="cve", reason="Issued by a vendor"))
    assert stage_of(story.it) == "ready"
    assert stage_of(story.do(c.AgreeEmbargo()).it) == "scheduled"


@pytest.mark.parametrize("step", ["assigned", "confirmed", "affected", "advisory", "announced", "closed"])
def test_what_the_policy_requires_is_not_left_out_and_the_refusal_names_what_does_it(step: str) -> None:
    with pytest.raises(Rejected) as caught:
        received().do(c.SkipStep(step=step, reason="No time"))
    assert (caught.value.code, caught.value.rule) == ("step.required", step)
    assert caught.value.needs


def test_a_step_is_left_out_once_with_a_reason() -> None:
    story = confirmed().do(c.SkipStep(step="audited", reason="One line of a test"))
    for command in (c.SkipStep(step="audited", reason="x"), c.SkipStep(step="acknowledged", reason="x")):
        with pytest.raises(Rejected, match=r"step\.done"):
            story.do(command)
    with pytest.raises(Rejected, match=r"text\.empty"):
        story.do(c.SkipStep(step="cve", reason=" "))


def test_the_announcement_by_override_leaves_no_embargo_to_agree_on() -> None:
    story = confirmed().do(c.RecordAnnouncement(destination="list@aster.example", override="It leaked"))
    assert steps(story)["embargo"].status == "done"


def test_a_report_that_is_no_vulnerability_asks_for_an_answer_and_its_end() -> None:
    story = received().do(c.Reject(reason="Works as documented"))
    found = steps(story)
    assert {k for k, s in found.items() if s.status == "open"} == {"assigned", "acknowledged"}
    assert (found["closed"].status, found["closed"].waits_for) == ("blocked", "acknowledged")
    assert stage_of(story.it) == "received"
    story.do(c.Acknowledge())
    assert steps(story)["closed"].status == "open"
    story = scheduled().do(c.Reject(reason="Wrong after all"))
    assert stage_of(story.it) == "acknowledged"


def test_a_case_that_nobody_decided_is_not_closed() -> None:
    with pytest.raises(Rejected) as caught:
        received().do(c.Acknowledge()).do(c.Close())
    assert (caught.value.code, caught.value.needs) == ("case.undecided", "confirm")


def test_a_reopened_case_of_the_dataset_has_nothing_to_catch_up_on() -> None:
    source = Source(format="nswg", file="1.json", sha256="0" * 64, key="nswg:core:1")
    record = c.ImportRecord(title="Old", source=source, number=1, fields=(), published_at=START)
    story = Story(now=START + timedelta(days=1)).do(record).do(c.Reopen(reason="A correction"))
    assert {s.status for k, s in steps(story).items() if k != "closed"} == {"done", "skipped"}
    following = next_step(story.it, story.policy, ())
    assert following is not None
    assert (following.what, following.action) == ("closed", "close")
    assert project_case(story.it, story.policy).next_what == "closed"


def test_something_is_next_as_long_as_a_case_is_open() -> None:
    for story in (received(), confirmed(), scheduled(), closed().do(c.Reopen(reason="A correction"))):
        assert next_step(story.it, story.policy, ()) is not None


def test_a_person_who_changed_their_name_can_be_assigned_again() -> None:
    story = received().do(c.Assign(person="noor"))
    with pytest.raises(Rejected, match=r"case\.already-assigned"):
        story.do(c.Assign(person="noor@aster.example"))
    assert story.do(c.Assign(person="ada")).it.handler is not None
