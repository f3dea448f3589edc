"""JSON from outside is read strictly or refused with its own reason and place."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Rejected
from app.domain.json_limits import MAX_BYTES, JsonValue, load_json

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text(st.characters(codec="ascii", exclude_characters="\x00")), inner)
    ),
)


def refused(data: bytes, **limits: int) -> tuple[str, object]:
    """The reason and the place of a refusal."""
    with pytest.raises(Rejected) as refusal:
        load_json(data, "dataset/7.json", **limits)
    assert refusal.value.facts["file"] == "dataset/7.json"
    return refusal.value.code, refusal.value.facts["at"]


@pytest.mark.parametrize(
    ("data", "reason", "place"),
    [
        (b"", "json.empty", "1:1"),
        (b" \r\n\t", "json.empty", "1:1"),
        (b"\xef\xbb\xbf", "json.empty", "1:1"),
        (b'{"a": "\xff"}', "json.not-utf8", "1:8"),
        (b'[1,\n"\xc3', "json.not-utf8", "2:2"),
        (b"\xff\xfe[\x00]\x00", "json.not-utf8", "1:1"),
        (b'["\xed\xa0\x80"]', "json.not-utf8", "1:3"),
        (b'["a\x00"]', "json.nul", "1:4"),
        (b'["a",\n "\\u0000"]', "json.nul", "2:2"),
        (b'{"a\\u0000": 1}', "json.nul", "1:2"),
        (b'["\\ud800"]', "json.lone-surrogate", "1:2"),
        (b'["\\uDE00\\uD83D"]', "json.lone-surrogate", "1:2"),
        (b'{"ok": "\\ud83d\\ude00",\n "\\udfff": 1}', "json.lone-surrogate", "2:2"),
        (b'{"a": 1, "b": {"a": 1},\n "a": 2}', "json.duplicate-key", "2:2"),
        (b'[{"x": {"a": 1,\n"\\u0061": 2}}]', "json.duplicate-key", "2:1"),
        (b"[NaN]", "json.not-finite", "1:2"),
        (b'{"a":\n -Infinity}', "json.not-finite", "2:2"),
        (b'["NaN", 1e999]', "json.not-finite", "1:9"),
        (b"[1, " + b"9" * 4301 + b"]", "json.number-too-long", "1:5"),
        (b"[0." + b"9" * 4300 + b"]", "json.number-too-long", "1:2"),
        (b"[" * 65 + b"]" * 65, "json.too-deep", "1:65"),
        (b'{"a":' * 100_000, "json.too-deep", "1:321"),
        (b"[1, 2", "json.malformed", "1:6"),
        (b'{"a": 1,}', "json.malformed", "1:9"),
        (b'["open', "json.malformed", "1:2"),
        (b'["tab\there"]', "json.malformed", "1:6"),
        (b"[1] [2]", "json.malformed", "1:5"),
        (b"[01]", "json.malformed", "1:3"),
        (b"{'a': 1}", "json.malformed", "1:2"),
        (b"// words\n{}", "json.malformed", "1:1"),
    ],
)
def test_each_fault_has_its_own_reason_and_place(data: bytes, reason: str, place: str) -> None:
    assert refused(data) == (reason, place)


def test_a_repeated_key_is_named() -> None:
    with pytest.raises(Rejected) as refusal:
        load_json(b'{"a\\u202e": 1, "a\\u202e": 2}', "x")
    assert refusal.value.facts["key"] == "a<U+202E>"


def test_too_many_bytes_are_refused_unread() -> None:
    assert refused(b" " * (MAX_BYTES + 1)) == ("json.too-large", "1:1")
    assert refused(b"[\xff]", max_bytes=2) == ("json.too-large", "1:1")


def test_the_limits_themselves_are_allowed() -> None:
    deep = load_json(b"[" * 64 + b"]" * 64, "x")
    assert json.dumps(deep) == "[" * 64 + "]" * 64
    assert load_json(b"[-" + b"9" * 4300 + b"]", "x") == [-(10**4300 - 1)]
    assert load_json(b"[1]", "x", max_bytes=3, max_depth=1) == [1]


def test_brackets_and_escapes_inside_strings_are_only_text() -> None:
    data = b'["' + b"[{" * 500 + b'", "\\\\", "\\"[[", "\\\\ud800", "\\\\u0000"]'
    assert load_json(data, "x") == ["[{" * 500, "\\", '"[[', "\\ud800", "\\u0000"]


def test_one_byte_order_mark_is_tolerated() -> None:
    assert load_json(b"\xef\xbb\xbf{}", "x") == {}
    assert refused(b"\xef\xbb\xbf\xef\xbb\xbf{}") == ("json.malformed", "1:1")


def test_a_hostile_file_name_is_shown_safely() -> None:
    with pytest.raises(Rejected) as refusal:
        load_json(b"", "a\u202e\n.json")
    assert refusal.value.facts["file"] == "a<U+202E><U+000A>.json"


@pytest.mark.parametrize(
    "data",
    [
        b'"' + b'\\"' * 400_000,
        b'"' * 400_001,
        b"{" * 400_000,
        b'"' + b"\\" * 400_001,
        b"[" + b'"' * 400_000 + b"]",
    ],
    ids=["open-escapes", "quotes", "braces", "backslashes", "empty-strings"],
)
def test_a_long_broken_text_is_refused_in_one_pass(data: bytes) -> None:
    assert refused(data)[0] in ("json.malformed", "json.too-deep")


@given(values)
def test_what_the_standard_library_writes_is_read_back_in_order(value: JsonValue) -> None:
    for ascii_only in (True, False):
        text = json.dumps(value, ensure_ascii=ascii_only)
        assert json.dumps(load_json(text.encode(), "x", max_depth=1000)) == json.dumps(value)


@given(values, st.integers(0, 200), st.binary(max_size=3))
def test_a_damaged_text_is_read_or_refused_and_nothing_else(value: JsonValue, at: int, bytes_: bytes) -> None:
    whole = json.dumps(value).encode()
    reasons = set()
    for damaged in (whole[:at], whole[:at] + bytes_ + whole[at:], bytes_ + whole[at:]):
        try:
            again: JsonValue = json.loads(json.dumps(load_json(damaged, "x")))
        except Rejected as refusal:
            reasons.add(refusal.code.partition(".")[0])
        else:
            reasons.add("json" if again == load_json(damaged, "x") else "changed")
    assert reasons == {"json"}
