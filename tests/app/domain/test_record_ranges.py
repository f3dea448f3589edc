"""Affected lines go out as the ranges of records and come back the same, however the record says it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Rejected
from app.domain.line_ranges import check_lines, lines_from_ranges, npm_range_patched, npm_range_vulnerable
from app.domain.npm_ranges import parse_range
from app.domain.record_ranges import (
    cve_versions,
    lines_from_cve,
    lines_from_osv,
    lines_from_vers,
    osv_events,
    vers_of,
)
from app.domain.values import AffectedLine, Stretch
from app.domain.versions import parse_version


@st.composite
def any_lines(draw: st.DrawFn) -> list[AffectedLine]:
    """Lines of one product as they occur: mended, open, whole, with a last version, with the problem come back."""
    found = []
    for major in sorted(draw(st.lists(st.integers(1, 30), unique=True, min_size=1, max_size=5))):
        minor = draw(st.integers(0, 9))
        kind = draw(st.sampled_from(("mended", "open", "whole", "last", "again", "again-open")))
        low, high = f"{major}.{minor}.0", f"{major}.{minor + 1}.3"
        if kind == "whole":
            one = AffectedLine(line=f"{major}.x", status="affected", introduced=f"{major}.0.0")
        elif kind == "open":
            one = AffectedLine(line=f"{major}.x", status="affected", introduced=f"{major}.{minor}.1")
        elif kind == "last":
            one = AffectedLine(line=f"{major}.x", status="affected", introduced=low, last_affected=high)
        else:
            end = "" if kind == "again-open" else f"{major}.{minor + 5}.1"
            back = Stretch(introduced=f"{major}.{minor + 4}.0", fixed=end)
            one = AffectedLine(line=f"{major}.x", status="affected", introduced=low, fixed=high)
            if kind != "mended":
                one = AffectedLine(line=f"{major}.x", status="affected", introduced=low, fixed=high, also=(back,))
        found.append(one)
    return found


def probes(lines: list[AffectedLine]) -> list[str]:
    """Versions on both sides of everything that the lines say, and in between."""
    majors = {int(one.line[:-2]) for one in lines}
    return [
        f"{major}.{minor}.{patch}"
        for major in sorted(majors | {m + 1 for m in majors} | {0})
        for minor in range(16)
        for patch in (0, 1, 2, 3, 4)
    ]


def said(lines: list[AffectedLine]) -> list[bool]:
    held = parse_range(npm_range_vulnerable(lines))
    return [held.contains(parse_version(probe)) for probe in probes(lines)]


@given(any_lines())
def test_lines_that_come_back_say_the_same_of_every_version(lines: list[AffectedLine]) -> None:
    assert check_lines(lines) == []
    wanted = said(lines)
    texts = npm_range_vulnerable(lines), npm_range_patched(lines)
    from_npm = lines_from_ranges(*texts)
    from_cve = lines_from_cve(cve_versions(lines))
    from_osv = lines_from_osv([{"type": "SEMVER", "events": events} for events in osv_events(lines)])
    from_vers = lines_from_vers(vers_of(lines))
    assert [from_cve.findings, from_osv.findings, from_vers.findings] == [(), (), ()]
    for back in (from_npm, list(from_cve.lines), list(from_osv.lines), list(from_vers.lines)):
        held = parse_range(npm_range_vulnerable(back))
        assert [held.contains(parse_version(probe)) for probe in probes(lines)] == wanted


@given(any_lines())
def test_a_patched_range_never_holds_a_vulnerable_version(lines: list[AffectedLine]) -> None:
    patched = npm_range_patched(lines)
    if patched:
        mended = parse_range(patched)
        wrong = [
            p for p, bad in zip(probes(lines), said(lines), strict=True) if bad and mended.contains(parse_version(p))
        ]
        assert wrong == []


@given(any_lines())
def test_lines_come_back_as_lines_from_a_cve_record(lines: list[AffectedLine]) -> None:
    assert list(lines_from_cve(cve_versions(lines)).lines) == lines


def test_lines_are_written_as_records_want_them() -> None:
    lines = [
        AffectedLine(line="20.x", status="affected", fixed="20.20.2"),
        AffectedLine(line="21.x", status="affected"),
        AffectedLine(line="22.x", status="affected", introduced="22.3.0", last_affected="22.9.0"),
        AffectedLine(line="24.x", status="not-affected"),
    ]
    assert cve_versions(lines) == [
        {"version": "20.0.0", "status": "affected", "versionType": "semver", "lessThan": "20.20.2"},
        {"version": "21.0.0", "status": "affected", "versionType": "semver", "lessThan": "22.0.0"},
        {"version": "22.3.0", "status": "affected", "versionType": "semver", "lessThanOrEqual": "22.9.0"},
    ]
    assert osv_events(lines) == [
        [{"introduced": "20.0.0"}, {"fixed": "20.20.2"}, {"introduced": "21.0.0"}, {"fixed": "22.0.0"}],
        [{"introduced": "22.3.0"}, {"last_affected": "22.9.0"}],
    ]
    assert vers_of(lines) == "vers:npm/>=20.0.0|<20.20.2|>=21.0.0|<22.0.0|>=22.3.0|<=22.9.0"
    assert (cve_versions([]), osv_events([]), vers_of([])) == ([], [], "")


@pytest.mark.parametrize(
    ("entry", "line", "code"),
    [
        (
            {"version": "24.12.0", "lessThanOrEqual": "24.12.0", "versionType": "semver", "status": "affected"},
            AffectedLine(line="24.x", status="affected", introduced="24.0.0", last_affected="24.12.0"),
            "record.version-alone-as-range",
        ),
        (
            {"version": "4.0", "lessThan": "4.*", "versionType": "semver", "status": "affected"},
            AffectedLine(line="4.x", status="affected"),
            "record.wildcard-end",
        ),
        (
            {"version": "13.0", "lessThan": "13.14.1", "versionType": "semver", "status": "affected"},
            AffectedLine(line="13.x", status="affected", introduced="13.0.0", fixed="13.14.1"),
            "record.short-version",
        ),
    ],
)
def test_the_quirks_of_real_records_are_understood_and_named(
    entry: dict[str, Any], line: AffectedLine, code: str
) -> None:
    read = lines_from_cve([entry])
    assert len(read.lines) == 1
    assert npm_range_vulnerable(read.lines) in (
        npm_range_vulnerable([line]),
        f">={line.introduced} <={line.last_affected}",
    )
    assert code in {finding.code for finding in read.findings}


def test_what_can_not_be_read_is_named_and_the_rest_is_kept() -> None:
    read = lines_from_cve(
        [
            {"version": "see the advisory", "status": "affected"},
            {"version": "1.2.0", "lessThan": "1.2.9", "status": "affected"},
            {"version": "1.2.9", "status": "unaffected"},
            "1.0.0",
        ],
        "unaffected",
    )
    assert [finding.code for finding in read.findings] == ["record.version-unreadable"]
    assert npm_range_vulnerable(read.lines) == ">=1.2.0 <1.2.9"
    skipped = lines_from_osv([{"type": "GIT", "events": [{"introduced": "0"}]}, 7], ["1.0.0", "x"])
    assert [finding.code for finding in skipped.findings] == [
        *("record.range-skipped",) * 2,
        "record.version-unreadable",
    ]
    assert npm_range_vulnerable(skipped.lines) == "1.0.0"


def test_events_out_of_order_are_sorted_and_named() -> None:
    read = lines_from_osv([{"type": "SEMVER", "events": [{"fixed": "2.1.0"}, {"introduced": "2.0.0"}]}])
    assert npm_range_vulnerable(read.lines) == ">=2.0.0 <2.1.0"
    assert [finding.code for finding in read.findings] == ["record.events-unsorted"]


@pytest.mark.parametrize("text", ["", "vers:npm", "npm/>=1.0.0", "vers:npm/>=1.0.0|<", "vers:npm/>>1.0.0"])
def test_what_is_no_vers_range_is_refused(text: str) -> None:
    with pytest.raises(Rejected):
        lines_from_vers(text)


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(("version", "lessThan", "lessThanOrEqual", "status", "changes")),
            st.one_of(st.text(max_size=12), st.none(), st.integers()),
        ),
        max_size=4,
    )
)
def test_no_versions_array_breaks_the_reading(entries: list[dict[str, Any]]) -> None:
    read = lines_from_cve(entries, "affected")
    assert all(finding.code.startswith("record.") for finding in read.findings)


def test_real_cve_records_are_read_whole(shared_data: Path) -> None:
    count = 0
    for file in sorted((shared_data / "cve" / "records").rglob("*.json")):
        record = json.loads(file.read_text("utf-8"))
        affected = record.get("containers", {}).get("cna", {}).get("affected", []) if isinstance(record, dict) else []
        for product in affected:
            read = lines_from_cve(product.get("versions", []), product.get("defaultStatus", "unaffected"))
            assert all(finding.code.startswith("record.") for finding in read.findings)
            count += 1
    assert count > 20


def test_real_osv_records_are_read_whole(shared_data: Path) -> None:
    count = 0
    for file in sorted((shared_data / "osv").rglob("*.json")):
        record = json.loads(file.read_text("utf-8"))
        for product in record.get("affected", ()) if isinstance(record, dict) else ():
            if product.get("package", {}).get("ecosystem") == "npm":
                read = lines_from_osv(product.get("ranges", []), product.get("versions", []))
                assert all(finding.code.startswith("record.") for finding in read.findings)
                count += 1
    assert count > 5
