"""Versions and lines compare by number, as Semantic Versioning and people expect."""

from __future__ import annotations

import json
from functools import cmp_to_key
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Rejected
from app.domain.versions import (
    Version,
    line_bounds,
    line_key,
    line_of,
    newest_first,
    oldest_first,
    parse_line,
    parse_version,
    version_of_key,
)

numbers = st.integers(0, 12) | st.integers(0, 2**53 - 1)
identifiers = st.integers(0, 12) | st.from_regex(r"[0-9]{0,2}[A-Za-z-][0-9A-Za-z-]{0,3}", fullmatch=True)
versions = st.builds(
    Version,
    major=numbers,
    minor=numbers,
    patch=numbers,
    prerelease=st.lists(identifiers, max_size=3).map(tuple),
    build=st.lists(st.from_regex(r"[0-9A-Za-z-]{1,4}", fullmatch=True), max_size=2).map(tuple),
)


def precedence(one: Version, other: Version) -> int:
    """Section 11 of the specification, word for word and slowly."""
    for a, b in zip((one.major, one.minor, one.patch), (other.major, other.minor, other.patch), strict=True):
        if a != b:
            return -1 if a < b else 1
    if bool(one.prerelease) != bool(other.prerelease):
        return -1 if one.prerelease else 1
    for left, right in zip(one.prerelease, other.prerelease, strict=False):
        if left != right:
            if isinstance(left, int) and isinstance(right, int):
                return -1 if left < right else 1
            if isinstance(left, str) and isinstance(right, str):
                return -1 if left < right else 1
            return -1 if isinstance(left, int) else 1
    return (len(one.prerelease) > len(other.prerelease)) - (len(one.prerelease) < len(other.prerelease))


@given(versions, versions)
def test_the_order_is_that_of_the_specification(one: Version, other: Version) -> None:
    sign = precedence(one, other)
    assert ((one > other) - (one < other)) == sign
    assert (one >= other, one <= other) == (sign >= 0, sign <= 0)
    assert (one == other, one != other) == (sign == 0, sign != 0)
    assert sign != 0 or hash(one) == hash(other)


@given(versions)
def test_a_version_is_read_back_from_its_text_and_from_its_key(version: Version) -> None:
    again = parse_version(str(version))
    assert (str(again), again.key) == (str(version), version.key)
    assert version_of_key(version.key) == version
    assert version_of_key(version.key).build == ()


@given(st.lists(versions, max_size=8))
def test_sorting_by_key_is_sorting_by_precedence(several: list[Version]) -> None:
    assert [v.key for v in sorted(several)] == [v.key for v in sorted(several, key=cmp_to_key(precedence))]


def test_the_example_of_the_specification_is_in_order() -> None:
    words = "-alpha -alpha.1 -alpha.beta -beta -beta.2 -beta.11 -rc.1"
    chain = [parse_version("1.0.0" + word) for word in [*words.split(), ""]]
    assert all(a < b for a, b in pairwise(chain))


def test_build_words_are_kept_and_do_not_count() -> None:
    assert str(parse_version(" v1.2.3-rc.1+build.7 ")) == "1.2.3-rc.1+build.7"
    assert parse_version("1.2.3+a") == parse_version("1.2.3+b")
    assert parse_version("1.2.3") != "1.2.3"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1.2",
        "1.2.3.4",
        "01.2.3",
        "1.2.3-01",
        "1.2.3-",
        "1.2.3+",
        "=1.2.3",
        "V1.2.3",
        "1.2.x",
        "latest",
        "1.2.3 4",
        "\u0661.2.3",
        "1.2.\uff13",
        "1.2.3\u200b",
        "1.2.3\x85",
        "9007199254740992.0.0",
        "1.2.3-" + "a" * 300,
    ],
)
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(Rejected, match=r"version\.malformed"):
        parse_version(text)


def test_the_known_good_and_bad_versions_of_npm_are_judged_alike(shared_data: Path) -> None:
    for text, major, minor, patch, prerelease, build in load(shared_data, "valid-versions"):
        expected = (major, minor, patch, tuple(prerelease), tuple(build))
        found = parse_version(text)
        assert (found.major, found.minor, found.patch, found.prerelease, found.build) == expected
    for text, _reason, *_options in load(shared_data, "invalid-versions"):
        if isinstance(text, str):
            with pytest.raises(Rejected):
                parse_version(text)


def test_the_comparisons_of_npm_come_out_alike(shared_data: Path) -> None:
    # Rows with a third value ask for the loose grammar, which is not offered; most can be read strictly too.
    compared = 0
    for higher, lower, *_options in load(shared_data, "comparisons"):
        assert parse_version(higher) > parse_version(lower)
        compared += 1
    for one, other, *options in load(shared_data, "equality"):
        if not any(options):
            assert parse_version(one) == parse_version(other)
            compared += 1
    assert compared == 27


def load(shared_data: Path, name: str) -> list[list[Any]]:
    """The rows of one fixture of npm semver."""
    rows: list[list[Any]] = json.loads((shared_data / "semver" / f"{name}.json").read_bytes())
    return rows


@pytest.mark.parametrize(
    ("version", "line"), [("22.3.1", "22.x"), ("8.0.0-rc.1", "8.x"), ("0.12.17", "0.12.x"), ("0.0.3", "0.0.x")]
)
def test_the_line_of_a_version_is_its_major_or_before_one_its_minor(version: str, line: str) -> None:
    assert line_of(parse_version(version)) == line


def test_lines_are_sorted_by_number_with_main_as_the_newest() -> None:
    lines = ["10.x", "main", "8.x", "0.12.x", "9.7.x", "22.x", "nightly", "0.10.x", "9.x", "*"]
    ascending = ["*", "0.10.x", "0.12.x", "8.x", "9.x", "9.7.x", "10.x", "22.x", "nightly", "main"]
    assert oldest_first(lines) == ascending
    assert newest_first(lines) == ascending[::-1]


@given(st.lists(st.integers(0, 200), max_size=8))
def test_lines_are_never_sorted_as_text(majors: list[int]) -> None:
    assert newest_first(f"v{major}.x" for major in majors) == [f"v{n}.x" for n in sorted(majors, reverse=True)]


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("22.x", "22.x"),
        (" v24.x ", "24.x"),
        ("22", "22.x"),
        ("v22", "22.x"),
        ("22.X.X", "22.x"),
        ("0.12", "0.12.x"),
        ("9.7.x", "9.7.x"),
        ("0.x", "0.x"),
        ("*", "*"),
        ("main", "main"),
        ("MASTER", "master"),
    ],
)
def test_a_line_has_one_spelling(text: str, spelt: str) -> None:
    assert parse_line(text) == spelt
    assert line_key(text) == line_key(spelt)


@pytest.mark.parametrize("text", ["", "x", "22.x.1", "22.1.3", "022.x", "twenty", "22.x || 24.x", "9" * 41])
def test_what_is_no_line_is_refused(text: str) -> None:
    with pytest.raises(Rejected, match=r"line\.malformed"):
        parse_line(text)


def test_a_line_begins_and_ends_where_its_numbers_say() -> None:
    assert [line_bounds(line) for line in ("22.x", "0.12.x", "*", "main")] == [
        (Version(22, 0, 0), Version(23, 0, 0)),
        (Version(0, 12, 0), Version(0, 13, 0)),
        (Version(0, 0, 0), None),
        None,
    ]
