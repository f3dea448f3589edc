"""Words for everything that can be said: no place without its fact, no event, step or promise without a word."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from app.domain.case.steps import step_ids
from app.domain.errors import Environment, Rejected
from app.domain.events import EVENT_TYPES
from app.domain.events import case_events as e
from app.domain.events import release_events as r
from app.domain.values import STAGES, Channel, OutFile
from app.machine.resources import PackagedPolicies
from app.presenters.words import ERRORS, SENTENCES, error_words, fill, sentence
from app.presenters.words_events import CHANNELS, dated
from app.presenters.words_steps import ACTIONS, CLOCKS, NEXT, STEPS
from app.presenters.words_steps import STAGES as STAGE_WORDS
from tests.architecture.sources import modules, name_of, parsed

PLACES = re.compile(r"\{(\w+)\}")
ALWAYS = {"needs", "rule"}
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def raised() -> Iterator[tuple[str, set[str], str]]:
    """Every error that is raised with facts written out: its code, the names of its facts, and where."""
    for path in modules("app", "ui"):
        for node in ast.walk(parsed(path)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
                continue
            first = node.args[0]
            if node.func.id not in ("Rejected", "Environment", "Defect") or not isinstance(first, ast.Constant):
                continue
            names = {keyword.arg for keyword in node.keywords}
            if None not in names:
                yield str(first.value), {name for name in names if name}, f"{name_of(path)}:{node.lineno}"


# Whoever holds the lock is asked first, and the reader of a whole range says where it is wrong.
ELSEWHERE = {"store.held", "range.malformed"}


def test_no_error_has_a_place_in_its_words_that_its_facts_leave_empty() -> None:
    wanting = {
        where: (code, sorted(missing))
        for code, facts, where in raised()
        if code in ERRORS and code not in ELSEWHERE
        if (missing := set(PLACES.findall(ERRORS[code])) - facts - ALWAYS)
    }
    assert wanting == {}


def test_every_refusal_of_the_domain_names_a_rule_or_what_would_satisfy_it() -> None:
    """A refusal that nothing satisfies, because it is so already, may stand alone."""
    alone = {"case.exists", "case.is-open", "release.exists", "case.already-public", "release.already-public"}
    wanting = []
    for path in modules("app"):
        place = name_of(path)
        if not place.startswith(("app/domain/case/", "app/domain/release/", "app/domain/team", "app/desk/desk")):
            continue
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Rejected":
                first = node.args[0]
                names = {keyword.arg for keyword in node.keywords}
                code = first.value if isinstance(first, ast.Constant) else ""
                if not names & {"rule", "needs"} and code not in alone:
                    wanting.append((place, node.lineno, code))
    assert wanting == []


def test_sentences_are_whole() -> None:
    for code, words in ERRORS.items():
        assert words[-1] in ".?”})" or words.endswith("{url}"), code
        assert words[0].isupper() or words[0] in "“{-", code


@pytest.mark.parametrize("kind", EVENT_TYPES)
def test_every_event_has_a_sentence_whose_places_are_its_fields(kind: str) -> None:
    fields = {*EVENT_TYPES[kind].__struct_fields__, "key", "because"}  # type: ignore[attr-defined]
    assert set(PLACES.findall(SENTENCES[kind])) <= fields


def test_no_sentence_is_without_its_event() -> None:
    assert set(SENTENCES) == set(EVENT_TYPES)


def test_every_step_promise_and_stage_has_its_words() -> None:
    assert set(STEPS) == set(step_ids()) <= set(NEXT)
    assert set(STAGE_WORDS) == set(STAGES)
    for name in PackagedPolicies().names():
        policy = PackagedPolicies().latest(name)
        assert {clock.id for clock in policy.clocks} <= set(CLOCKS) & set(NEXT)
        actions = {clock.action for clock in policy.clocks} | {step.action for step in policy.steps}
        assert actions <= set(ACTIONS)


def test_facts_with_braces_stay_text_and_a_missing_one_shows_as_nothing() -> None:
    assert fill("{a} and {b}.", {"a": "{b} {c}"}) == "{b} {c} and ."
    assert error_words(Rejected("nobody.knows", ref="H-2026-001", needs="x")) == "nobody.knows: ref H-2026-001"
    assert error_words(Environment("disk.full")).startswith("The disk is full.")


def test_reasons_and_overrides_are_part_of_the_sentence() -> None:
    assert sentence(e.EmbargoEnded(at=NOW, reason="It leaked")) == "Ended the embargo: It leaked"
    assert sentence(e.EmbargoEnded(at=NOW)) == "Ended the embargo"
    sent = r.ReleaseAnnounced(at=NOW, destination="list@example.org", override="It {leaked}")
    assert sentence(sent).endswith("; a guard was passed: It {leaked}")
    files = tuple(OutFile(name=f"{n}.eml", sha256="0" * 64, size=1) for n in range(6))
    told = sentence(e.Exported(format="mail", audience="public", files=files))
    assert told == "Exported mail: 0.eml, 1.eml, 2.eml, 3.eml and 2 more"


def test_a_sentence_is_one_visible_line_of_bounded_length() -> None:
    said = sentence(e.NoteAdded(text="x")), sentence(e.CaseRetitled(title="\u202e\n" * 400))
    assert all(len(one) <= 300 and "\n" not in one and "\u202e" not in one for one in said)


def test_what_was_told_later_is_dated_and_what_was_told_at_once_is_not() -> None:
    event = e.ReportAcknowledged(at=NOW)
    assert dated(event, NOW + timedelta(minutes=5)) is None
    assert dated(event, NOW + timedelta(minutes=6)) == NOW
    assert dated(e.NoteAdded(text="x"), NOW) is None


def test_the_window_says_the_instants_of_a_sentence_in_its_own_words() -> None:
    agreed = e.EmbargoAgreed(until=NOW + timedelta(days=7))
    assert sentence(agreed) == "Agreed the embargo until 2026-03-09 09:00 UTC"
    assert sentence(agreed, lambda when: f"{when:%d.%m.}") == "Agreed the embargo until 09.03."


@pytest.mark.parametrize("channel", get_args(Channel))
def test_how_a_report_came_in_is_said_in_words(channel: str) -> None:
    assert CHANNELS[channel].startswith(("by ", "from "))
    assert "hackerone" not in CHANNELS[channel]
