"""npm ranges mean here what they mean to npm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.errors import Rejected
from app.domain.npm_ranges import RANGE_LIMIT, Interval, first_common, overlaps, parse_range
from app.domain.versions import Version, parse_version
from tests.app.domain.hostile import hostile

small = st.integers(0, 4)
partial = st.builds(
    lambda parts, pre: ".".join(map(str, parts)) + (pre if len(parts) == 3 and "x" not in parts else ""),
    st.lists(small | st.just("x"), min_size=1, max_size=3).filter(
        lambda parts: all(part == "x" for part in parts[parts.index("x") :]) if "x" in parts else True
    ),
    st.sampled_from(["", "", "-0", "-alpha", "-rc.1"]),
)
comparator = st.builds(lambda op, text: op + text, st.sampled_from(["", "^", "~", "<", "<=", ">", ">=", "> "]), partial)
hyphen = st.builds(lambda low, high: f"{low} - {high}", partial, partial)
alternative = hyphen | st.lists(comparator, max_size=3).map(" ".join)
ranges = st.lists(alternative, min_size=1, max_size=3).map(" || ".join)
versions = st.builds(
    Version,
    small,
    small,
    small,
    st.sampled_from([(), (), (0,), (1,), ("alpha",), ("rc", 0), ("rc", 1), ("rc", 1, 0), ("rc", 2)]),
)


def holds(interval: Interval, version: Version) -> bool:
    """The rule of npm, comparator by comparator."""
    answers = {
        "": lambda other: version == other,
        "<": lambda other: version < other,
        "<=": lambda other: version <= other,
        ">": lambda other: version > other,
        ">=": lambda other: version >= other,
    }
    if not all(answers[one.operator](one.version) for one in interval.comparators):
        return False
    core = (version.major, version.minor, version.patch)
    named = [one.version for one in interval.comparators if one.version.prerelease]
    return not version.prerelease or core in [(one.major, one.minor, one.patch) for one in named]


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("", "*"),
        ("*", "*"),
        ("20.x || 22.x", ">=20.0.0 <21.0.0-0||>=22.0.0 <23.0.0-0"),
        ("^20.20.2 || ^22.22.2", ">=20.20.2 <21.0.0-0||>=22.22.2 <23.0.0-0"),
        ("^0.10.48", ">=0.10.48 <0.11.0-0"),
        ("^0.0.3", ">=0.0.3 <0.0.4-0"),
        ("~> 1.6", ">=1.6.0 <1.7.0-0"),
        ("1 - 2.3", ">=1.0.0 <2.4.0-0"),
        (">= 1.0.0 < 1.4.6 || 2.0.0", ">=1.0.0 <1.4.6||2.0.0"),
        ("<=v2.0.0-alpha7", "<=2.0.0-alpha7"),
        ("<1.6.5 || < 2.1.7 > 2.0.0", "<1.6.5||<2.1.7 >2.0.0"),
        (">=1.0.0 >=1.0.0 *", ">=1.0.0"),
        (">x || 1.2.3", "1.2.3"),
        (">x", "<0.0.0-0"),
        ("1.x || *", "*"),
        (">=0.0.0", "*"),
        ("1.2.3+build", "1.2.3"),
        ("\u00a01.2.3\ufeff", "1.2.3"),
    ],
)
def test_a_range_has_the_normal_form_of_npm(text: str, normal: str) -> None:
    assert str(parse_range(text)) == normal


@pytest.mark.parametrize("text", hostile("ranges"))
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(Rejected, match=r"range\.malformed"):
        parse_range(text)


def test_a_refusal_names_the_alternative_and_its_place() -> None:
    with pytest.raises(Rejected) as refusal:
        parse_range("20.x ||  lat\u202eest || 22.x")
    assert refusal.value.facts == {
        "text": "20.x ||  lat<U+202E>est || 22.x",
        "part": "lat<U+202E>est",
        "at": 10,
    }


def test_an_endless_range_is_refused_unread() -> None:
    assert str(parse_range(" " * RANGE_LIMIT)) == "*"
    with pytest.raises(Rejected):
        parse_range(" " * (RANGE_LIMIT + 1))


@given(ranges, st.lists(versions, max_size=10))
@example("2.1.0-rc.1 || 2.1.0-rc.2", [Version(2, 1, 0, ("rc", 1)), Version(2, 1, 0, ("rc", 1, 0))])
def test_a_version_is_in_a_range_when_some_alternative_holds(text: str, several: list[Version]) -> None:
    found = parse_range(text)
    for version in several:
        assert found.contains(version) is any(holds(interval, version) for interval in found.intervals)


@given(ranges, st.lists(versions, max_size=10))
def test_the_normal_form_is_normal_and_means_the_same(text: str, several: list[Version]) -> None:
    found = parse_range(text)
    again = parse_range(str(found))
    assert str(again) == str(found)
    assert [again.contains(version) for version in several] == [found.contains(version) for version in several]


@given(ranges, ranges, st.lists(versions, max_size=10))
@example(">1.0.0-rc.1 <1.0.0-rc.1.0", "*", [])
@example(">1.0.0-rc.1 <1.0.0-rc.2", "<1.0.0-rc.1.1", [])
@example(">0.0.9007199254740991 <=0.1.0", "*", [])
def test_two_ranges_overlap_when_there_is_a_version_to_show(one: str, other: str, several: list[Version]) -> None:
    first, second = parse_range(one), parse_range(other)
    common = first_common(first, second)
    assert overlaps(first, second) is overlaps(second, first) is (common is not None)
    if common is not None:
        assert first.contains(common)
        assert second.contains(common)
        assert parse_version(str(common)) == common
    for version in several:
        if first.contains(version) and second.contains(version):
            assert common is not None
            assert common <= version or (version.prerelease and not common.prerelease)


@given(ranges, st.lists(versions, max_size=10))
@example("<0.0.0", [])
@example(">1.0.0 <1.0.1", [Version(1, 0, 1, (0,))])
def test_an_empty_range_holds_nothing(text: str, several: list[Version]) -> None:
    found = parse_range(text)
    if found.is_empty:
        assert not any(found.contains(version) for version in several)
    else:
        shown = first_common(found, found)
        assert shown is not None
        assert found.contains(shown)


@given(ranges)
def test_the_ends_of_an_interval_are_versions_at_its_edge(text: str) -> None:
    for interval in parse_range(text).intervals:
        assert interval.floor is None or not interval.comparators or interval.floor.key >= interval.low
        assert interval.ceiling is None or interval.last is None
        assert interval.last is None or interval.last.key < interval.high
        assert interval.ceiling is None or not interval.contains(interval.ceiling)


@given(st.text(alphabet="<>=~^*xX v.-+|0123a\t\u00a0\x85", max_size=30) | st.text(max_size=20))
def test_any_text_is_a_range_or_is_refused(text: str) -> None:
    try:
        normal = str(parse_range(text))
    except Rejected as refusal:
        normal = str(refusal.facts["part"])
    assert normal == normal.strip()


@pytest.mark.parametrize(
    "text",
    ["=" * 2048, "v" * 2047 + "!", "1." * 1024, "1.2.3-" + "a." * 1000, "1 " * 1024, "||" * 1024, "1.2.3 - " * 256],
    ids=lambda text: text[:6],
)
def test_an_awkward_long_text_comes_to_an_end(text: str) -> None:
    try:
        outcome: object = str(parse_range(text))
    except Rejected as refusal:
        outcome = refusal.facts["at"]
    assert outcome in ("*", ">=1.0.0 <2.0.0-0", 1)


def rows(shared_data: Path, name: str) -> list[list[Any]]:
    """The rows of a fixture of npm semver that ask for default options; loose and includePrerelease are not offered."""
    found: list[list[Any]] = json.loads((shared_data / "semver" / f"{name}.json").read_bytes())
    usual = (False, None, 0, "NaN")

    def is_default(options: Any) -> bool:
        if isinstance(options, dict):
            return all(value in usual for value in options.values())
        return options in usual

    return [row for row in found if all(is_default(extra) for extra in row[3 if name in WITH_ANSWER else 2 :])]


WITH_ANSWER = ("comparator-intersection", "range-intersection")


def test_the_fixtures_of_npm_for_normal_forms_agree(shared_data: Path) -> None:
    judged = rows(shared_data, "range-parse")
    assert len(judged) == 79
    for text, expected, *_ in judged:
        try:
            normal = str(parse_range(text))
        except Rejected:
            normal = None
        assert (text, normal) == (text, expected)


@pytest.mark.parametrize(
    ("name", "inside", "count"),
    [
        ("range-include", True, 74),
        ("range-exclude", False, 47),
        ("version-gt-range", False, 40),
        ("version-lt-range", False, 39),
    ],
)
def test_the_fixtures_of_npm_for_membership_agree(shared_data: Path, name: str, *, inside: bool, count: int) -> None:
    judged = [row for row in rows(shared_data, name) if isinstance(row[1], str)]
    assert len(judged) == count
    for text, version, *_ in judged:
        try:
            found = parse_range(text).contains(parse_version(version))
        except Rejected as refusal:
            found = refusal.code != "version.malformed"
        assert (text, version, found) == (text, version, inside)


@pytest.mark.parametrize(("name", "count"), [("range-intersection", 35), ("comparator-intersection", 18)])
def test_the_fixtures_of_npm_for_overlaps_agree(shared_data: Path, name: str, count: int) -> None:
    judged = rows(shared_data, name)
    assert len(judged) == count
    for one, other, expected, *_ in judged:
        assert (one, other, overlaps(parse_range(one), parse_range(other))) == (one, other, expected)


def test_every_range_of_the_dataset_holds_the_released_versions_that_npm_says(shared_data: Path) -> None:
    folder = shared_data / "semver"
    released = [parse_version(text) for text in json.loads((folder / "node-versions.json").read_bytes())]
    judged = 0
    for entry in json.loads((folder / "node-core-range-expectations.json").read_bytes()).values():
        for field in ("vulnerable", "patched"):
            if (expected := entry.get(field)) is None:
                continue
            found = parse_range(expected["range"])
            assert str(found) == expected["normalized"]
            assert [str(version) for version in released if found.contains(version)] == expected["matching"]
            judged += 1
    for entry in json.loads((folder / "npm-range-expectations.json").read_bytes()).values():
        for expected in filter(None, entry.values()):
            assert str(parse_range(expected["range"])) == expected["normalized"]
            judged += 1
    assert judged == 854
