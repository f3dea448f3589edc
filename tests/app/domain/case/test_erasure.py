"""What remains of an erased case: no word that anybody typed, whatever the event and the field it came in by."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
import pytest
from msgspec.structs import replace

from app.domain.case.erasure import erasable_at, remains_of, retention_of
from app.domain.case.evolve import evolve
from app.domain.case.state import Case, Erasure
from app.domain.commands import case_commands as c
from app.domain.errors import Rejected
from app.domain.events import CASE_EVENTS
from app.domain.events import case_events as e
from app.domain.events.erasure_events import CaseErased, ErasureProposed
from app.domain.policy import load_policy
from app.domain.values import Severity, Source
from tests.builders import ADA, START, Story, closed, policy, received, scheduled

SENTENCE = "Vexquartz walrus said so"
WORD = "vexquartzwalrus"
IDENTITY = {"id", "ref", "policy", "format", "release", "policy_version"}
"""Fields that name a thing of ours; everything else may hold what somebody typed."""
PUBLIC = {"product"}
"""Kept as it is once the case was announced."""


def filled(annotation: Any, word: str, name: str = "") -> Any:
    """A value of this type with the word in every text of it."""
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation is str or annotation is Any:
        return {"id": "C000001", "ref": "H-2026-001", "policy": "node-core", "release": "R-2026-001"}.get(name, word)
    if annotation in (int, float, bool):
        return annotation(1)
    if annotation is datetime:
        return START
    if origin is Literal:
        return inner[0]
    if origin is tuple:
        kinds = inner[:1] if len(inner) == 2 and inner[1] is ... else inner
        return tuple(filled(kind, word, name) for kind in kinds)
    if origin in (types.UnionType, typing.Union):
        return filled(next(kind for kind in inner if kind is not type(None)), word, name)
    assert issubclass(annotation, msgspec.Struct), annotation
    fields = msgspec.structs.fields(annotation)
    return annotation(**{f.name: filled(f.type, word, f.name) for f in fields if f.name != "erasure"})


def told(word: str) -> Iterator[tuple[str, Case]]:
    """A case after each kind of event, with the word in every text of the event."""
    opened = filled(e.ReportReceived, word)
    for kind in CASE_EVENTS:
        case = evolve(None, opened, START, ADA)
        event = filled(kind, word)
        case = evolve(case, event, START + timedelta(days=1), replace(ADA, name=word))
        yield kind.__name__, case
        for last in (filled(e.AnnouncementSent, word), filled(e.CaseClosed, word)):
            case = evolve(case, last, START + timedelta(days=2), ADA)
        yield f"{kind.__name__}, announced and closed", case


@pytest.mark.parametrize("word", [SENTENCE, WORD, f"{WORD}@example", f"<{WORD}>", f"22.1.0-{WORD}", f"CVE-{WORD}"])
def test_no_word_of_any_field_of_any_event_survives(word: str) -> None:
    for name, case in told(word):
        kept = msgspec.to_builtins(remains_of(case))
        holding = set(fields_with(kept, word))
        allowed = IDENTITY | (PUBLIC if case.announcements else set())
        assert holding <= allowed, (name, holding)


def fields_with(value: Any, word: str, name: str = "") -> Iterator[str]:
    """The names of the fields that hold the word."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from fields_with(inner, word, key)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from fields_with(inner, word, name)
    elif isinstance(value, str) and (word in value or WORD in value.lower() or "walrus" in value.lower()):
        yield name


def test_every_field_of_a_case_is_either_kept_by_its_form_or_gone() -> None:
    case = filled(Case, SENTENCE)
    kept = remains_of(case)
    assert not set(fields_with(msgspec.to_builtins(kept), SENTENCE)) - IDENTITY - PUBLIC
    assert kept.title == kept.ref
    assert (kept.reporters, kept.handler, kept.notes, kept.messages, kept.attachments) == ((), None, (), (), ())
    assert (kept.references, kept.external, kept.credits) == ((), (), ())


def test_no_file_is_spoken_of_any_more() -> None:
    case = filled(Case, SENTENCE)
    assert "sha256" in str(msgspec.to_builtins(case.attachments))
    assert case.fixes[0].patch is not None
    kept = remains_of(case)
    assert kept.fixes[0].patch is None
    assert kept.report.attachments == ()
    assert kept.report.source is None


def test_what_the_public_has_is_kept() -> None:
    case = closed().it
    kept = remains_of(case)
    assert [cve.id for cve in kept.cves] == ["CVE-2099-10041"]
    assert kept.severity == Severity(rating="high")
    assert [(x.line, x.product, x.introduced, x.fixed) for x in kept.lines] == [
        (x.line, x.product, x.introduced, x.fixed) for x in case.lines
    ]
    assert kept.embargo.until == case.embargo.until
    assert [(m.at, m.what, m.until) for m in kept.embargo.moves] == [
        (m.at, m.what, m.until) for m in case.embargo.moves
    ]
    assert kept.announcements == case.announcements
    assert (kept.blog, kept.records, kept.released_versions) == (case.blog, case.records, case.released_versions)
    assert kept.closed is not None
    assert case.closed is not None
    assert kept.closed.at == case.closed.at
    instants = ("acknowledged_at", "replied_at", "confirmed_at", "cve_requested_at", "released_at", "opened_at")
    assert all(getattr(kept, name) == getattr(case, name) for name in instants)


def test_what_remains_of_what_remains_is_the_same() -> None:
    for _, case in told(SENTENCE):
        kept = remains_of(case)
        assert remains_of(kept) == kept


def test_a_duplicate_stays_one_even_if_it_names_no_case() -> None:
    case = received().it
    kept = remains_of(replace(case, duplicate_of="the other one, ask Rin"))
    assert (kept.duplicate_of, kept.is_vulnerability) == ("?", False)
    assert remains_of(replace(case, duplicate_of="H-2026-007")).duplicate_of == "H-2026-007"


# --------------------------------------------------------------------------------------- decisions
def refusal(story: Story, command: c.CaseCommand) -> Rejected:
    before = story.case
    with pytest.raises(Rejected) as caught:
        story.do(command)
    assert story.case == before
    return caught.value


def test_erasing_takes_two_steps_and_the_reason_of_the_first_is_put_on_record() -> None:
    story = closed().do(c.ProposeErasure(reason="two years are over", rule="retention"))
    assert isinstance(story.it.erasure, Erasure)
    assert (story.it.erasure.reason, story.it.is_erased, story.it.title) == (
        "two years are over",
        False,
        received().it.title,
    )
    events = story.it.events
    story.do(c.Erase(confirm="h-2026-001 "))
    case = story.it
    assert isinstance(case.erasure, Erasure)
    assert (case.is_erased, case.erasure.reason, case.erasure.rule) == (True, "two years are over", "retention")
    assert (case.title, case.report.text, case.events) == (case.ref, "", events + 1)
    assert isinstance(story.events[-1][0], CaseErased)
    assert story.replayed() == case


def test_a_proposal_can_be_taken_back_and_reopening_takes_it_back_too() -> None:
    story = closed().do(c.ProposeErasure(reason="over")).do(c.CancelErasure(reason="needed once more"))
    assert story.it.erasure is msgspec.UNSET
    story.do(c.ProposeErasure(reason="over")).do(c.Reopen(reason="a second report"))
    assert story.it.erasure is msgspec.UNSET
    assert story.it.report.text


def test_without_a_proposal_or_its_reference_nothing_is_erased() -> None:
    assert refusal(closed(), c.Erase(confirm="H-2026-001")).code == "erase.not-proposed"
    assert refusal(closed(), c.CancelErasure()).code == "erase.not-proposed"
    story = closed().do(c.ProposeErasure(reason="over"))
    assert refusal(story, c.Erase(confirm="H-2026-002")).code == "erase.not-confirmed"
    assert refusal(story, c.Erase(confirm="")).code == "erase.not-confirmed"
    assert refusal(story, c.ProposeErasure(reason="again")).code == "erase.proposed"


def test_an_open_case_is_not_erased_and_a_reason_is_needed() -> None:
    assert refusal(scheduled(), c.ProposeErasure(reason="over")).code == "erase.open"
    assert refusal(closed(), c.ProposeErasure(reason=" ")).code == "text.empty"


def test_a_case_under_a_running_embargo_is_not_erased() -> None:
    story = scheduled()
    done = replace(story.it, closed=closed().it.closed)
    story.case = done
    assert refusal(story, c.ProposeErasure(reason="over")).code == "embargo.running"


def test_a_record_that_came_in_public_is_kept() -> None:
    source = Source(format="nswg", file="1.json", sha256="ab" * 32, key="nswg-core:1")
    story = Story().do(c.ImportRecord(title="Old one", source=source, number=1, fields=(("title", "Old one"),)))
    assert refusal(story, c.ProposeErasure(reason="over")).code == "erase.public-record"


@pytest.mark.parametrize(
    "command",
    [c.AddNote(text="more"), c.Reopen(reason="again"), c.Retitle(title="x"), c.ProposeErasure(reason="again")],
)
def test_nothing_is_added_to_an_erased_case(command: c.CaseCommand) -> None:
    story = closed().do(c.ProposeErasure(reason="over")).do(c.Erase(confirm="H-2026-001"))
    assert refusal(story, command).code == "case.erased"


# -------------------------------------------------------------------------------------------- when
def test_the_time_of_a_case_runs_from_the_last_thing_that_happened_to_it() -> None:
    story = closed()
    case = story.it
    assert case.closed is not None
    assert erasable_at(case, "730d") == case.closed.at + timedelta(days=730)
    assert erasable_at(story.do(c.AddNote(text="asked again")).it, "730d") == story.it.updated_at + timedelta(days=730)
    assert erasable_at(case, "") is None
    assert erasable_at(scheduled().it, "730d") is None
    erased = closed().do(c.ProposeErasure(reason="over")).do(c.Erase(confirm="H-2026-001")).it
    assert erasable_at(erased, "1d") is None


def test_what_the_team_set_goes_before_what_the_policy_says() -> None:
    node = policy()
    kept = msgspec.structs.replace(node, retention="365d")
    assert (retention_of(node, None), retention_of(kept, None)) == ("", "365d")
    assert (retention_of(kept, 0), retention_of(kept, 30)) == ("", "30d")


def test_a_policy_names_its_time_as_a_span() -> None:
    text = 'name = "x"\nversion = 1\ntitle = "X"\neffective = 2099-01-01\nretention = "{}"\n'
    assert load_policy(text.format("730d").encode()).retention == "730d"
    with pytest.raises(Rejected) as caught:
        load_policy(text.format("two years").encode())
    assert caught.value.code == "policy.span"


def test_a_proposal_is_gone_with_the_words_it_was_about() -> None:
    case = evolve(closed().it, ErasureProposed(reason=SENTENCE), START, ADA)
    assert remains_of(case).erasure is msgspec.UNSET
