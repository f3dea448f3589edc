"""What is typed into a form becomes the command that was meant, or a refusal that names its field."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.commands import CASE_VERBS
from app.domain.commands import case_commands as c
from app.domain.errors import Rejected
from app.domain.values import Blob, Credit, Fix
from app.presenters.case import CaseFacts
from app.presenters.case_forms import Asked, command_of, field_of, first_values
from app.presenters.case_letters import cve_request, letter
from app.presenters.case_moments import parse_moment, typed_moment
from tests.case_world import HOSTILE, PROJECT, CaseWorld

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 13, 32, tzinfo=UTC)


def facts_of(world: CaseWorld) -> CaseFacts:
    """What the page knows of the world's case."""
    case = world.case
    store = world.session.store
    policy = store.policies.get(case.policy, case.policy_version)
    return CaseFacts(case=case, policy=policy, team=store.team(), events=3)


def asked(line: tuple[str, str] = ("", "")) -> Asked:
    return Asked(me="Ada Example", me_id="ada", now=NOW, tz=BERLIN, line=line)


def test_empty_fields_are_left_out() -> None:
    command = command_of("acknowledge", {"text": "It arrived.", "message_id": "", "at": ""}, BERLIN, NOW)
    assert command == c.Acknowledge(text="It arrived.")


def test_a_local_time_becomes_an_instant() -> None:
    command = command_of("move-embargo", {"until": "2026-12-01 16:00", "reason": "later"}, BERLIN, NOW)
    assert command == c.MoveEmbargo(until=datetime(2026, 12, 1, 15, 0, tzinfo=UTC), reason="later")


def test_a_wrong_time_names_its_field() -> None:
    with pytest.raises(Rejected) as refusal:
        command_of("confirm", {"at": "soon"}, BERLIN, NOW)
    assert (refusal.value.code, field_of(refusal.value)) == ("date.unclear", "at")


def test_a_value_that_cannot_be_is_refused() -> None:
    with pytest.raises(Rejected) as refusal:
        command_of("set-tlp", {"tlp": "PURPLE"}, BERLIN, NOW)
    assert refusal.value.code == "command.malformed"


def test_rows_become_values() -> None:
    rows = ({"name": "Rae Finder", "role": "finder", "consent": "granted", "link": ""},)
    command = command_of("set-credits", {"credits": rows}, BERLIN, NOW)
    assert command == c.SetCredits(credits=(Credit(name="Rae Finder", role="finder", consent="granted"),))


def test_the_last_credit_can_be_taken_away() -> None:
    assert command_of("set-credits", {"credits": ()}, BERLIN, NOW) == c.SetCredits(credits=())


def test_a_fix_carries_its_patch() -> None:
    patch = Blob(sha256="0" * 64, size=3, name="fix.patch")
    values = {"line": "24.x", "product": "", "state": "ready", "author": "Noor", "patch": patch}
    command = command_of("hold-fix", {**values, "behaviour_change": True}, BERLIN, NOW)
    fix = Fix(line="24.x", state="ready", author="Noor", patch=patch, behaviour_change=True)
    assert command == c.HoldFix(fix=fix)


def test_lists_are_split_at_blanks_and_commas() -> None:
    command = command_of("record-release", {"versions": "24.8.2, 22.19.1"}, BERLIN, NOW)
    assert command == c.RecordRelease(versions=("24.8.2", "22.19.1"))


@given(st.sampled_from(sorted(CASE_VERBS)), st.text(max_size=40))
def test_no_text_breaks_the_making_of_a_command(verb: str, text: str) -> None:
    fields = {f: text for f in CASE_VERBS[verb].__struct_fields__ if f != "blob"}
    try:
        made = command_of(verb, fields, BERLIN, NOW)
    except Rejected:
        return
    assert isinstance(made, CASE_VERBS[verb])


def test_the_suggested_embargo_is_filled_in() -> None:
    world = CaseWorld().receive().triage()
    values = first_values("agree-embargo", facts_of(world), asked())
    assert values == {"until": "2026-11-27 15:00"}


def test_handing_over_begins_with_somebody_else() -> None:
    world = CaseWorld().receive().triage()
    values = first_values("assign", facts_of(world), asked())
    person = world.session.store.team().person(values["person"])
    assert person is not None
    assert person.name == "Noor Sample"


def test_the_reporter_is_the_first_credit() -> None:
    values = first_values("set-credits", facts_of(CaseWorld().receive()), asked())
    assert [row["name"] for row in values["credits"]] == ["Rae Finder"]


def test_the_form_of_a_fix_begins_with_what_is_held() -> None:
    world = CaseWorld().work()
    values = first_values("hold-fix", facts_of(world), asked(("Borealis parser", "3.x")))
    assert (values["line"], values["state"], values["author"]) == ("3.x", "in-review", "Noor Sample")


def test_letters_hold_the_facts_and_the_promise_of_the_policy() -> None:
    world = CaseWorld().receive()
    text = letter("acknowledge", world.case, facts_of(world).policy, PROJECT, "Ada Example")
    assert "Hello Rae Finder" in text
    assert world.ref in text
    assert "within 48 hours" in text


def test_braces_in_a_title_stay_text_in_a_letter() -> None:
    world = CaseWorld().receive(title="Crash on {ref} and {0.__class__}")
    text = letter("acknowledge", world.case, facts_of(world).policy, PROJECT, "Ada")
    assert "{0.__class__}" in text


def test_the_facts_of_a_cve_request_name_every_line() -> None:
    world = CaseWorld().work()
    text = cve_request(world.case, PROJECT)
    assert "24.x: from 24.0.0, before 24.8.2" in text
    assert "20.x: under investigation" in text
    assert "Borealis parser 2.x: not affected" in text
    assert "CWE-444" in text


def test_a_hostile_title_is_on_one_line_of_a_cve_request() -> None:
    world = CaseWorld().receive(title=HOSTILE[:200])
    titles = [line for line in cve_request(world.case, PROJECT).splitlines() if line.startswith("Title")]
    assert len(titles) == 1


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-30 16:00", datetime(2026, 11, 30, 15, 0, tzinfo=UTC)),
        ("2026-11-30T16:00", datetime(2026, 11, 30, 15, 0, tzinfo=UTC)),
        ("2026-11-30 16:00Z", datetime(2026, 11, 30, 16, 0, tzinfo=UTC)),
        ("2026-11-30 16:00 +05:30", datetime(2026, 11, 30, 10, 30, tzinfo=UTC)),
        ("2026-11-30", datetime(2026, 11, 29, 23, 0, tzinfo=UTC)),
        ("now", datetime(2026, 11, 24, 13, 32, tzinfo=UTC)),
        ("+72h", datetime(2026, 11, 27, 13, 32, tzinfo=UTC)),
        ("-2d", datetime(2026, 11, 22, 13, 32, tzinfo=UTC)),
    ],
)
def test_times_are_read_as_people_type_them(text: str, instant: datetime) -> None:
    assert parse_moment(text, BERLIN, NOW) == instant


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-02-30 10:00", "2026-11-30 25:00", "30.11.2026", "9" * 40])
def test_a_time_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Rejected) as refusal:
        parse_moment(text, BERLIN, NOW)
    assert refusal.value.code == "date.unclear"


def test_an_hour_that_the_clocks_skip_is_refused() -> None:
    with pytest.raises(Rejected) as refusal:
        parse_moment("2026-03-29 02:30", BERLIN, NOW)
    assert refusal.value.code == "date.skipped"


def test_what_is_typed_back_means_the_same() -> None:
    assert parse_moment(typed_moment(NOW, BERLIN), BERLIN, NOW) == NOW
