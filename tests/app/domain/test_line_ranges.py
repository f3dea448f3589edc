"""Lines become npm ranges and come back, and what contradicts itself is found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Rejected
from app.domain.line_ranges import (
    check_lines,
    check_ranges,
    lines_from_ranges,
    npm_range_patched,
    npm_range_vulnerable,
)
from app.domain.npm_ranges import parse_range
from app.domain.values import AffectedLine, LineStatus
from app.domain.versions import line_of, parse_version


def line(
    name: str, introduced: str = "", last_affected: str = "", fixed: str = "", status: LineStatus = "affected"
) -> AffectedLine:
    """An affected line, in the order in which people say it."""
    return AffectedLine(line=name, status=status, introduced=introduced, last_affected=last_affected, fixed=fixed)


@st.composite
def mended_lines(draw: st.DrawFn) -> list[AffectedLine]:
    """Lines of one product, each affected from some version until its fix."""
    found = []
    for major in draw(st.lists(st.integers(1, 30), unique=True, min_size=1, max_size=5)):
        minor, patch = draw(st.integers(0, 20)), draw(st.integers(0, 20))
        later = draw(st.tuples(st.integers(0, 5), st.integers(1, 9)))
        fixed = f"{major}.{minor + later[0]}.{patch + later[1]}"
        found.append(line(f"{major}.x", introduced=f"{major}.{minor}.{patch}", fixed=fixed))
    return sorted(found, key=lambda one: int(one.line[:-2]))


@given(mended_lines())
def test_mended_lines_come_back_from_their_ranges(lines: list[AffectedLine]) -> None:
    vulnerable, patched = npm_range_vulnerable(lines[::-1]), npm_range_patched(lines)
    assert lines_from_ranges(vulnerable, patched) == lines
    assert check_lines(lines) == []
    assert check_ranges(vulnerable, patched) == []


@given(mended_lines())
def test_a_fix_is_patched_and_the_first_affected_version_is_vulnerable(lines: list[AffectedLine]) -> None:
    vulnerable, patched = parse_range(npm_range_vulnerable(lines)), parse_range(npm_range_patched(lines))
    for one in lines:
        fixed = parse_version(one.fixed)
        assert patched.contains(fixed)
        assert not vulnerable.contains(fixed)
        first = parse_version(one.introduced)
        assert vulnerable.contains(first)
        assert not patched.contains(first)


@pytest.mark.parametrize(
    ("lines", "vulnerable", "patched"),
    [
        ([], "", ""),
        (
            [line("22.x", "22.0.0", fixed="22.22.2"), line("v20.x", fixed="20.20.2")],
            ">=20.0.0 <20.20.2 || >=22.0.0 <22.22.2",
            "^20.20.2 || ^22.22.2",
        ),
        (
            [line("10.x", fixed="10.1.1"), line("8.x", fixed="8.9.1")],
            ">=8.0.0 <8.9.1 || >=10.0.0 <10.1.1",
            "^8.9.1 || ^10.1.1",
        ),
        ([line("18.x"), line("20.x", "20.4.0")], "18.x || >=20.4.0 <21.0.0", ""),
        ([line("12.x", last_affected="12.22.12")], ">=12.0.0 <=12.22.12", ""),
        ([line("12.x", "12.3.0", "12.3.0")], "12.3.0", ""),
        ([line("12.x", last_affected="12.3.0", fixed="12.4.0")], ">=12.0.0 <12.4.0", "^12.4.0"),
        ([line("0.10.x", fixed="0.10.48")], ">=0.10.0 <0.10.48", "^0.10.48"),
        ([line("0.0.x", fixed="0.0.4")], ">=0.0.0 <0.0.4", "~0.0.4"),
        ([line("0.x", fixed="0.4.1")], ">=0.0.0 <0.4.1", ">=0.4.1 <1.0.0"),
        ([line("9.7.x", fixed="9.7.2")], ">=9.7.0 <9.7.2", "~9.7.2"),
        ([line("*", fixed="2.1.2")], "<2.1.2", ">=2.1.2"),
        ([line("*", last_affected="2.1.1")], "<=2.1.1", ""),
        ([line("*")], "*", ""),
        ([line("*", "1.2.0")], ">=1.2.0", ""),
        (
            [line("2.x", "2.0.1", fixed="2.1.7"), line("*", fixed="1.6.5")],
            "<1.6.5 || >=2.0.1 <2.1.7",
            ">=1.6.5 <2.0.1 || >=2.1.7",
        ),
        ([line("3.x", "3.0.0-beta.1", fixed="3.0.0-beta.7")], ">=3.0.0-beta.1 <3.0.0-beta.7", "^3.0.0-beta.7"),
        ([line("22.x", "20.3.0", fixed="22.1.0")], ">=22.0.0 <22.1.0", "^22.1.0"),
        ([line("22.x", fixed="24.1.0")], "22.x", ""),
        ([line("22.x", "22.1.0", fixed="22.1.0")], "", ""),
        ([line("main", fixed="23.0.0"), line("22.x", status="not-affected"), line("20.x")], "20.x", ""),
    ],
)
def test_lines_are_written_in_the_style_of_the_dataset(
    lines: list[AffectedLine], vulnerable: str, patched: str
) -> None:
    assert (npm_range_vulnerable(lines), npm_range_patched(lines)) == (vulnerable, patched)


@pytest.mark.parametrize(
    ("vulnerable", "patched", "lines"),
    [
        (
            "22.x || 20.x",
            "^20.20.2 || ^22.22.2",
            [line("22.x", "22.0.0", fixed="22.22.2"), line("20.x", "20.0.0", fixed="20.20.2")],
        ),
        (">=6.0.0 <6.2.0 || 5.x", "", [line("6.x", "6.0.0", fixed="6.2.0"), line("5.x", "5.0.0")]),
        (" 12.x", " ^12.22.2", [line("12.x", "12.0.0", fixed="12.22.2")]),
        ("0.10.x || 0.12.x", "^0.12.17", [line("0.10.x", "0.10.0"), line("0.12.x", "0.12.0", fixed="0.12.17")]),
        ("4.x || 8.x", "^4.8.2 || 8.x", [line("4.x", "4.0.0", fixed="4.8.2"), line("8.x", "8.0.0")]),
        ("15.x", "15.2.1", [line("15.x", "15.0.0", fixed="15.2.1")]),
        ("10.x", ">= 10.9.0", [line("10.x", "10.0.0", fixed="10.9.0")]),
        ("8.5.0", "^8.6.0", [line("8.x", "8.5.0", "8.5.0", "8.6.0")]),
        ("<=2.1.1", ">=2.1.2", [line("*", "", "2.1.1", "2.1.2")]),
        ("<= 2.4.3", "> 2.4.3", [line("*", "", "2.4.3")]),
        ("<=2.1.1", "<0.0.0", [line("*", "", "2.1.1")]),
        ("<1.2.3", ">=1.2.5", [line("*", fixed="1.2.5")]),
        ("<99.999.9999", "<0.0.0", [line("*")]),
        ("<1.2.3", ">=1.1.0", [line("*", fixed="1.2.3")]),
        ("*", "<0.0.0", [line("*")]),
        (">=1.7.0 <3.0.0", ">=3.0.0", [line("*", "1.7.0", fixed="3.0.0")]),
        (">=0.2.0 <0.5.0", "", [line("0.x", "0.2.0", fixed="0.5.0")]),
        (
            ">=1.3.0 <1.3.2 || >=1.4.0 <1.4.11",
            ">=1.4.11 || >=1.3.2 <1.4.0",
            [line("1.3.x", "1.3.0", fixed="1.3.2"), line("1.4.x", "1.4.0", fixed="1.4.11")],
        ),
        (
            ">=2.0.0 <2.5.1 || >=2.7.0 <2.7.4",
            "",
            [line("2.x", "2.0.0", fixed="2.5.1"), line("2.7.x", "2.7.0", fixed="2.7.4")],
        ),
        (">2.0.0 <2.1.7", "", [line("2.x", "2.0.1", fixed="2.1.7")]),
        (">=6.2.0 <6.0.0 || 5.x", "", [line("5.x", "5.0.0")]),
        (">=3.0.0-beta.1 <3.0.0-beta.7", "", [line("3.x", "3.0.0-beta.1", fixed="3.0.0-beta.7")]),
    ],
)
def test_ranges_are_read_as_exactly_as_they_speak(vulnerable: str, patched: str, lines: list[AffectedLine]) -> None:
    assert lines_from_ranges(vulnerable, patched) == lines


def test_ranges_that_are_none_are_refused_on_reading() -> None:
    for vulnerable, patched in (("latest", ""), ("20.x", "soon")):
        with pytest.raises(Rejected, match=r"range\.malformed"):
            lines_from_ranges(vulnerable, patched)


@pytest.mark.parametrize(
    ("entry", "code", "field"),
    [
        (line("twenty"), "line.malformed", "line"),
        (line("22.x", "22"), "line.version-malformed", "introduced"),
        (line("main", fixed="soon"), "line.version-malformed", "fixed"),
        (line("22.x", "21.5.0"), "line.introduced-outside", "introduced"),
        (line("22.x", last_affected="23.0.0"), "line.last-affected-outside", "last_affected"),
        (line("22.x", fixed="23.0.0"), "line.fixed-outside", "fixed"),
        (line("22.x", fixed="23.0.0-rc.1"), "line.fixed-outside", "fixed"),
        (line("0.12.x", fixed="0.13.0"), "line.fixed-outside", "fixed"),
        (line("22.x", "22.4.0", fixed="22.3.1"), "line.introduced-after-fixed", "introduced"),
        (line("22.x", "22.4.0", fixed="22.4.0"), "line.nothing-affected", "introduced"),
        (line("22.x", "22.4.0", "22.3.9"), "line.introduced-after-last-affected", "introduced"),
        (line("22.x", last_affected="22.4.0", fixed="22.4.0"), "line.last-affected-not-before-fixed", "last_affected"),
        (line("22.x", last_affected="22.10.0", fixed="22.9.0"), "line.last-affected-not-before-fixed", "last_affected"),
    ],
)
def test_a_line_that_contradicts_itself_is_found(entry: AffectedLine, code: str, field: str) -> None:
    assert [(one.code, one.field, one.line) for one in check_lines([entry])] == [(code, field, entry.line)]


@pytest.mark.parametrize(
    "entry",
    [
        line("22.x"),
        line("22.x", "22.0.0-rc.1", "22.9.0", "22.10.0"),
        line("main", "99.0.0"),
        line("*", "1.0.0", fixed="7.0.0"),
        line("22.x", status="investigating"),
    ],
)
def test_a_line_that_makes_sense_has_no_findings(entry: AffectedLine) -> None:
    assert check_lines([entry]) == []


def test_every_fault_of_a_line_is_told_at_once() -> None:
    found = check_lines([line("22.x", "23.1.0", "x", "21.0.0"), line("x")])
    assert [one.code for one in found] == [
        "line.version-malformed",
        "line.introduced-outside",
        "line.fixed-outside",
        "line.introduced-after-fixed",
        "line.malformed",
    ]
    assert found[3].facts == {"introduced": "23.1.0", "fixed": "21.0.0"}


def test_entries_that_claim_the_same_version_are_found_and_disjoint_ones_are_not() -> None:
    first, second = line("22.x", fixed="22.5.0"), line("22.x", "22.7.0", fixed="22.9.0")
    assert check_lines([first, second]) == []
    other_product = AffectedLine(line="22.x", product="Borealis parser", status="affected")
    found = check_lines([first, second, line("22.x", "22.8.0"), other_product])
    assert [(one.code, one.facts) for one in found] == [("line.overlapping", {"other": "22.x", "example": "22.8.0"})]


def test_a_patched_version_inside_the_vulnerable_range_is_found_with_the_lowest_example() -> None:
    (found,) = check_ranges("20.x || 22.x", "^20.20.2 || ^22.22.2")
    assert found.code == "range.patched-vulnerable"
    assert found.facts == {
        "example": "20.20.2",
        "vulnerable": ">=20.0.0 <21.0.0-0",
        "patched": ">=20.20.2 <21.0.0-0",
    }


@pytest.mark.parametrize(
    ("vulnerable", "patched", "expected"),
    [
        (">=20.0.0 <20.20.2", "^20.20.2", []),
        ("<=2.1.1", "<0.0.0", []),
        ("", "", []),
        ("*", "", []),
        ("latest", "^1.0.0 || soon", [("range.malformed", "vulnerable"), ("range.malformed", "patched")]),
        (">=6.2.0 <6.0.0", "", [("range.bounds-swapped", "vulnerable")]),
        (">=6.2.0 <6.0.0 || 5.x", "^6.0.0", [("range.bounds-swapped", "vulnerable")]),
        (">1.0.0 <1.0.1", "", [("range.empty", "vulnerable")]),
        ("<0.0.0", "", [("range.empty", "vulnerable")]),
        ("1.x", ">1.0.0 <1.0.1", [("range.empty", "patched")]),
        (">=2.1.2", "<=2.1.1", [("range.swapped", "vulnerable")]),
        ("^20.20.2", ">=20.0.0 <20.20.2", [("range.swapped", "vulnerable")]),
    ],
)
def test_ranges_that_contradict_themselves_or_each_other_are_found(
    vulnerable: str, patched: str, expected: list[tuple[str, str]]
) -> None:
    assert [(one.code, one.field) for one in check_ranges(vulnerable, patched)] == expected


def test_every_core_entry_of_the_dataset_is_read_and_written_without_its_overlap(shared_data: Path) -> None:
    released = [
        parse_version(text) for text in json.loads((shared_data / "semver" / "node-versions.json").read_bytes())
    ]
    overlapping = 0
    for path in sorted((shared_data / "security-wg" / "vuln" / "core").glob("*.json")):
        entry = json.loads(path.read_bytes())
        source = parse_range(entry["vulnerable"])
        lines = lines_from_ranges(entry["vulnerable"], entry.get("patched", ""))
        assert check_lines(lines) == []
        written = parse_range(npm_range_vulnerable(lines))
        for version in released:
            is_mended = any(
                one.fixed and line_of(version) == one.line and version >= parse_version(one.fixed) for one in lines
            )
            expected = source.contains(version) and not is_mended
            assert not expected or written.contains(version), (path.name, str(version))
        before, after = (
            check_ranges(text, npm_range_patched(lines)) for text in (entry["vulnerable"], npm_range_vulnerable(lines))
        )
        overlapping += [one.code for one in before] == ["range.patched-vulnerable"]
        assert after == []
    assert overlapping > 100


def test_every_npm_entry_of_the_dataset_is_read_and_never_says_less(shared_data: Path) -> None:
    released = [
        parse_version(text) for text in json.loads((shared_data / "semver" / "node-versions.json").read_bytes())
    ]
    read = 0
    for path in sorted((shared_data / "security-wg" / "vuln" / "npm").glob("*.json")):
        entry = json.loads(path.read_bytes())
        if not isinstance(entry, dict) or not entry.get("vulnerable_versions"):
            continue
        lines = lines_from_ranges(entry["vulnerable_versions"], entry.get("patched_versions") or "")
        source, written = parse_range(entry["vulnerable_versions"]), parse_range(npm_range_vulnerable(lines))
        mended = parse_range(entry.get("patched_versions") or "<0.0.0")
        missing = [
            str(version)
            for version in released
            if source.contains(version) and not mended.contains(version) and not written.contains(version)
        ]
        assert (path.name, missing) == (path.name, [])
        read += 1
    assert read > 300
