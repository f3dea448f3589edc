"""Members of a JSON object are of the type that is expected, or refused by their path."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Rejected
from app.domain.json_fields import JsonObject, parse_date, refuse_large_numbers, top_level_keys

THING = JsonObject(
    {"text": "x", "empty": " ", "none": None, "list": ["a", 1], "object": {"a b": 1}, "number": "7.5", "yes": True},
    "reports[2]",
)


@pytest.mark.parametrize(
    ("read", "field", "code"),
    [
        (lambda: THING.text("list"), "reports[2].list", "import.field-type"),
        (lambda: THING.text("text", 0), "reports[2].text", "import.field-too-long"),
        (lambda: THING.required_text("empty"), "reports[2].empty", "import.field-missing"),
        (lambda: THING.required_text("absent"), "reports[2].absent", "import.field-missing"),
        (lambda: THING.texts("list"), "reports[2].list[1]", "import.field-type"),
        (lambda: THING.texts("text"), "reports[2].text", "import.field-type"),
        (lambda: THING.object("text"), "reports[2].text", "import.field-type"),
        (lambda: THING.number("text"), "reports[2].text", "import.field-type"),
        (lambda: THING.number("yes"), "reports[2].yes", "import.field-type"),
    ],
)
def test_a_wrong_member_is_refused_by_its_path(read: Callable[[], object], field: str, code: str) -> None:
    with pytest.raises(Rejected) as caught:
        read()
    assert (caught.value.facts["field"], caught.value.code) == (field, code)


def test_right_members_are_read_and_absent_ones_are_empty() -> None:
    assert (THING.text("text"), THING.text("none"), THING.text("absent")) == ("x", "", "")
    assert THING.texts("absent") == ()
    assert THING.number("number") == 7.5
    assert THING.number("none") is None
    assert not THING.has("none")


def test_a_name_that_is_no_word_is_quoted_in_the_path() -> None:
    inner = THING.object("object")
    assert inner is not None
    assert inner.field("a b") == 'reports[2].object["a b"]'
    assert JsonObject({}).field("plain") == "plain"
    assert JsonObject({}).field("\u202e") == '["<U+202E>"]'


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2099-02-29", "import.date-unknown"),
        ("2099-00-10", "import.date-unknown"),
        ("0000-01-10", "import.date-unknown"),
        ("2099/01/10", "import.date-form"),
        ("2099-1-10", "import.date-form"),
        ("2099-01-10T00:00:00Z", "import.date-form"),
        ("٢٠٩٩-01-10", "import.date-form"),
    ],
)
def test_a_date_that_is_none_is_told_from_one_in_no_calendar(text: str, code: str) -> None:
    with pytest.raises(Rejected) as caught:
        parse_date(text, "day")
    assert (caught.value.code, caught.value.facts["field"]) == (code, "day")


def test_a_date_is_the_beginning_of_its_day_in_utc() -> None:
    assert parse_date("2099/01/31", "day", "/") == datetime(2099, 1, 31, tzinfo=UTC)


@pytest.mark.parametrize("value", [2**63, [-(2**64)], {"a": [{"b": 10**30}]}])
def test_numbers_that_could_not_be_kept_exactly_are_refused(value: Any) -> None:
    with pytest.raises(Rejected, match="number-too-large"):
        refuse_large_numbers(value, "x")


def test_numbers_that_can_be_kept_pass() -> None:
    refuse_large_numbers([2**63 - 1, 1.5, True, "9" * 40], "x")
    assert THING.number("number") == 7.5


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ('{"a": 1, "b": {"c": 2}, "d": ["e", {"f": 1}]}', ("a", "b", "d")),
        ('\ufeff \n{"a": "x\\"y: {", "b": 1', ("a", "b")),
        ('{"a": "cut he', ("a",)),
        ('[{"a": 1}]', ()),
        ("", ()),
    ],
)
def test_the_names_at_the_top_are_seen_even_in_a_broken_text(text: str, keys: tuple[str, ...]) -> None:
    assert top_level_keys(text.encode()) == keys


@given(st.binary(max_size=200))
def test_looking_for_names_never_fails(data: bytes) -> None:
    assert isinstance(top_level_keys(b"{" + data), tuple)
