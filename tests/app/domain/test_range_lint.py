"""The linter of affected versions: every class of fault found, named, explained and mended without losing a version."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.catalogue import Catalogue, CatalogueLine, CatalogueRelease
from app.domain.errors import Rejected
from app.domain.npm_ranges import Range, parse_range
from app.domain.range_lint import implied_ended, lines_since, lint_lines, lint_ranges, mend_ranges
from app.domain.values import AffectedLine
from app.domain.versions import parse_version
from app.machine.resources import packaged_catalogues
from app.presenters.words_ranges import line_meaning, lint_words, range_meaning

DAY = date(2099, 6, 1)


def aster() -> Catalogue:
    """Lines 5 (ended), 6 and 8 (supported), 9 (to come), ten releases each."""
    life = {"5.x": (2090, 2098), "6.x": (2096, 2100), "8.x": (2098, 2102), "9.x": (2100, 2104)}
    lines = [CatalogueLine(line=k, start=date(a, 1, 1), end=date(b, 1, 1)) for k, (a, b) in life.items()]
    releases = [
        CatalogueRelease(version=f"{major}.{minor}.0", day=date(2097, 1, minor + 1))
        for major in (5, 6, 8)
        for minor in range(10)
    ]
    return Catalogue("aster", "Aster", "semver", lines, releases)


def affected(line: str, introduced: str = "", fixed: str = "", last: str = "") -> AffectedLine:
    return AffectedLine(line=line, status="affected", introduced=introduced, fixed=fixed, last_affected=last)


def codes(*lines: AffectedLine) -> set[str]:
    return {one.finding.code for one in lint_lines(lines, aster(), DAY)}


def test_lines_that_say_everything_have_no_findings() -> None:
    ended = AffectedLine(line="5.x", status="unsupported")
    assert codes(ended, affected("6.x", "6.0.0", "6.10.0"), affected("8.x", "8.0.0", "8.10.0")) == set()


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (affected("7.x", "7.0.0", "7.0.1"), "lint.line-unknown"),
        (affected("6.x", "6.3.7", "6.10.0"), "lint.unreleased"),
        (affected("6.x", "6.0.0", "6.10.0", last="6.4.0"), "lint.skipped-release"),
        (affected("6.x", "6.2.0-rc.1", "6.10.0"), "lint.prerelease"),
        (affected("6.x"), "lint.whole-line"),
        (AffectedLine(line="6.x", status="not-affected", note="n", fixed="6.1.0"), "lint.not-affected-with-versions"),
        (AffectedLine(line="6.x", status="not-affected"), "lint.no-justification"),
        (affected("6.x", "6.9.0", "6.2.0"), "line.introduced-after-fixed"),
        (affected("6.x", "8.1.0"), "line.introduced-outside"),
        (affected("6.x", "six"), "line.version-malformed"),
    ],
)
def test_each_fault_of_a_line_is_found_and_told_in_words(line: AffectedLine, code: str) -> None:
    lines = (line, affected("8.x", "8.0.0", "8.10.0"))
    found = [one for one in lint_lines(lines, aster(), DAY) if one.finding.code == code]
    assert found
    said = lint_words(found[0].finding)
    assert "{" not in said
    assert said.endswith((".", "?"))


def test_a_line_that_is_missing_and_lines_at_the_end_of_their_life_are_told() -> None:
    found = codes(affected("6.x", "6.0.0", "6.10.0"))
    assert {"lint.line-missing", "lint.ended-missing"} <= found
    assert "lint.line-missing" not in codes()


def test_a_mend_takes_the_fault_away() -> None:
    for line in (
        affected("6.x", "6.9.0", "6.2.0"),
        affected("6.x", "6.0.0", "6.10.0", last="6.4.0"),
        affected("6.x", "6.2.0-rc.1", "6.10.0"),
        AffectedLine(line="6.x", status="not-affected", note="n", fixed="6.1.0"),
    ):
        lints = [one for one in lint_lines((line,), aster(), DAY) if one.mend is not None and one.finding.line == "6.x"]
        assert lints
        mend = lints[0].mend
        assert mend is not None
        again = {one.finding.code for one in lint_lines((mend,), aster(), DAY)}
        assert lints[0].finding.code not in again


def test_affected_since_fills_the_lines_it_implies() -> None:
    filled = lines_since("5.4.0", aster(), DAY)
    assert [(one.line, one.status, one.introduced) for one in filled] == [
        ("5.x", "unsupported", "5.4.0"),
        ("6.x", "affected", "6.0.0"),
        ("8.x", "affected", "8.0.0"),
    ]
    assert [one.line for one in lines_since("6.1.0", aster(), DAY)] == ["6.x", "8.x"]


def test_lines_at_the_end_of_their_life_are_affected_by_rule_unless_the_problem_is_younger() -> None:
    assert implied_ended([affected("6.x", "6.0.0", "6.10.0")], aster(), DAY) == ("5.x",)
    assert implied_ended([affected("6.x", "6.5.0", "6.10.0")], aster(), DAY) == ()
    assert implied_ended([], aster(), DAY) == ()


@pytest.mark.parametrize(
    ("vulnerable", "patched", "code", "mended"),
    [
        ("6.x || 8.x", "^6.5.0 || ^8.2.0", "range.wildcard-matches-fix", ">=6.0.0 <6.5.0 || >=8.0.0 <8.2.0"),
        (">=6.1.0 <6.6.0", "^6.5.0", "range.fixed-inside", ">=6.1.0 <6.5.0"),
        (">=6.0.0 <6.3.0", "^6.5.0", "range.gap", None),
        (">=6.0.0 <6.3.7", "^6.3.7", "range.unreleased", None),
        (">=7.0.0 <7.0.3", "^7.0.3", "range.unknown-line", None),
        (">=6.0.0-rc.1 <6.3.0", "^6.3.0", "range.prerelease", None),
        ("^6.0.0", "", "range.unreadable", None),
        ("6.x", "6.5.0", "range.exact-fix", ">=6.0.0 <6.5.0"),
        ("latest", "", "range.malformed", None),
        ("^8.2.0", "6.x", "range.swapped", None),
    ],
)
def test_each_fault_of_a_pair_of_ranges_is_found_told_and_mended(
    vulnerable: str, patched: str, code: str, mended: str | None
) -> None:
    found = lint_ranges(vulnerable, patched, aster())
    named = [one for one in found.findings if one.code == code]
    assert named
    assert "{" not in lint_words(named[0])
    if mended is not None:
        assert found.vulnerable == mended


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_breaks_the_linter(vulnerable: str, patched: str) -> None:
    found = lint_ranges(vulnerable, patched, aster())
    assert all(lint_words(one) for one in found.findings)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (affected("20.x", "20.0.0", "20.20.2"), "20.0.0 up to, not including, 20.20.2"),
        (affected("20.x", "", "20.20.2"), "every 20.x before 20.20.2"),
        (affected("20.x", "20.1.0", last="20.4.0"), "20.1.0 up to and including 20.4.0"),
        (affected("20.x", "20.1.0", last="20.1.0"), "20.1.0 alone"),
        (affected("20.x"), "every 20.x"),
        (affected("20.x", "20.3.0"), "20.3.0 and everything later of 20.x"),
    ],
)
def test_a_line_is_said_in_words(line: AffectedLine, words: str) -> None:
    assert line_meaning(line) == words


def test_a_range_is_said_in_words() -> None:
    assert range_meaning(parse_range(">=20.0.0 <20.20.2 || 21.x || 1.0.0")) == (
        "20.0.0 up to, not including, 20.20.2, or 21.0.0 up to, not including, 22.0.0, or 1.0.0 alone"
    )
    assert range_meaning(parse_range("*")) == "every version"
    assert range_meaning(parse_range("<=2.0.0")) == "everything up to and including 2.0.0"


# ------------------------------------------------------------------------------------------ the real dataset


@cache
def node() -> Catalogue:
    return packaged_catalogues()["nodejs"]


def test_every_core_entry_is_mended_so_that_no_fixed_version_is_in_and_no_affected_one_is_out(
    shared_data: Path,
) -> None:
    released = [parse_version(one.version) for line in node().lines() for one in node().versions(line.line)]
    classes: Counter[str] = Counter()
    wrong: list[tuple[str, str]] = []
    entries = sorted((shared_data / "security-wg" / "vuln" / "core").glob("*.json"))
    for file in entries:
        entry: dict[str, Any] = json.loads(file.read_text("utf-8"))
        vulnerable, patched = entry["vulnerable"], entry.get("patched", "")
        found = lint_ranges(vulnerable, patched, node())
        classes.update({one.code for one in found.findings})
        now = parse_range(found.vulnerable or vulnerable)
        fixed = ranged(mend_ranges(vulnerable, patched)[1])
        before, said = parse_range(vulnerable), ranged(patched)
        for version in released:
            if said is not None and said.contains(version) and now.contains(version):
                wrong.append((file.name, f"{version} is fixed and still in"))
            lost = before.contains(version) and not now.contains(version)
            if lost and not (fixed is not None and fixed.contains(version)):
                wrong.append((file.name, f"{version} is affected and got lost"))
    assert len(entries) > 100
    assert wrong == []
    assert classes["range.wildcard-matches-fix"] > 100


def ranged(text: str) -> Range | None:
    try:
        return parse_range(text) if text.strip() else None
    except Rejected:
        return None
