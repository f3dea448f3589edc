"""What an announcement tells: lines, versions, issues in order, people, and what it lacks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from app.domain.announcement import (
    bulletin_of,
    case_gaps,
    late_fix,
    lines_without_release,
    notice_gaps,
    public_gaps,
    severity_counts,
    version_of,
)
from app.domain.values import AffectedLine, Credit, CveId, ReleaseLine, Severity
from app.domain.wording import (
    counted,
    impact_sentences,
    instant,
    joined,
    line_names,
    long_day,
    month_and_year,
    thanks,
    update_day,
)
from tests.app.exporters.bundles import (
    FIRST_TARGET,
    NOW,
    RECEIVED,
    RELEASED,
    TARGET,
    a_case,
    a_release,
    affected,
    aster,
    three_cases,
)

PROJECT = aster()
LATE = datetime(2099, 1, 4, 23, 30, tzinfo=UTC)


def gaps(**changes: Any) -> list[tuple[str, str]]:
    return [(gap.code, gap.what) for gap in case_gaps(a_case(**changes), PROJECT)]


def test_dates_are_said_in_utc_and_english(any_time_zone: str) -> None:
    assert any_time_zone
    assert long_day(LATE) == "Sunday, January 4, 2099"
    assert month_and_year(LATE) == "January 2099"
    assert update_day(LATE) == "04-January-2099"
    assert instant(LATE) == "2099-01-04T23:30:00.000Z"


def test_counts_and_lists_follow_grammar() -> None:
    assert [counted(1, "high"), counted(2, "low")] == ["1 high severity issue", "2 low severity issues"]
    assert [joined(["a"]), joined(["a", "b"]), joined(["a", "b", "c"])] == ["a", "a and b", "a, b and c"]


def test_lines_are_sorted_by_number_not_as_text() -> None:
    assert line_names(["8.x", "10.x", "9.x", "100.x", "0.12.x"]) == "100.x, 10.x, 9.x, 8.x, 0.12.x"
    lines = tuple(ReleaseLine(line=name) for name in ("8.x", "10.x", "9.x"))
    bulletin = bulletin_of(PROJECT, (), a_release(lines=lines, members=()), NOW)
    assert [line.line for line in bulletin.lines] == ["10.x", "9.x", "8.x"]


def test_issues_come_by_falling_severity_and_then_by_cve_number() -> None:
    ids = {1: "CVE-2099-9999", 2: "CVE-2099-10000", 3: "CVE-2098-70000", 4: "CVE-2099-2"}
    ratings = {1: "high", 2: "high", 3: "low", 4: "critical"}
    cases = [
        a_case(n, cves=(CveId(id=ids[n], assigned_at=RECEIVED),), severity=Severity(rating=ratings[n]))  # type: ignore[arg-type]
        for n in ids
    ]
    bulletin = bulletin_of(PROJECT, cases, None, NOW)
    assert [case.cves[0].id for case in bulletin.cases] == [ids[4], ids[1], ids[2], ids[3]]


def test_the_slug_is_that_of_the_first_plan_and_the_day_that_of_the_release() -> None:
    bulletin = bulletin_of(PROJECT, three_cases(), a_release(), NOW)
    assert bulletin.slug == "july-2099-security-releases"
    assert (bulletin.first_planned, bulletin.planned, bulletin.day) == (FIRST_TARGET, TARGET, RELEASED)
    assert bulletin_of(PROJECT, (), a_release(released=()), NOW).day == TARGET


def test_a_case_alone_is_announced_on_its_embargo_day_with_its_own_fixes() -> None:
    bulletin = bulletin_of(PROJECT, (a_case(release=""),), None, NOW)
    assert (bulletin.slug, bulletin.planned) == ("cve-2099-10001", TARGET)
    assert [(line.line, line.version) for line in bulletin.lines] == [
        ("24.x", "24.8.2"),
        ("22.x", "22.19.1"),
        ("20.x", "20.19.6"),
    ]
    assert bulletin.url == "https://aster.example/en/blog/vulnerability/cve-2099-10001"


def test_a_case_without_rating_is_counted_as_unrated() -> None:
    cases = (a_case(1), a_case(2, severity=None), a_case(3, severity=Severity(rating="none")))
    assert severity_counts(cases) == (("high", 1), ("unknown", 2))


@pytest.mark.parametrize(
    ("line", "version", "said"),
    [
        ("22.x", "22.19.1", "22.19.1"),
        ("22.x", "v22.19.1", "22.19.1"),
        ("22.x", "", ""),
        ("22.x", "24.0.0", ""),
        ("22.x", "22.19", ""),
        ("22.x", "22.19.1](javascript:x)", ""),
        ("0.12.x", "0.12.3", "0.12.3"),
        ("0.12.x", "0.13.0", ""),
    ],
)
def test_a_version_is_said_only_if_it_is_one_of_its_line(line: str, version: str, said: str) -> None:
    assert version_of(ReleaseLine(line=line, version=version)) == said


def test_a_complete_release_lacks_nothing() -> None:
    bulletin = bulletin_of(PROJECT, three_cases(), a_release(), NOW)
    assert (public_gaps(bulletin, PROJECT), notice_gaps(bulletin)) == ((), ())


def test_versions_that_lack_or_contradict_are_gaps_of_the_release() -> None:
    lines = (
        ReleaseLine(line="24.x", version="24.8.1"),
        ReleaseLine(line="22.x"),
        ReleaseLine(line="18.x", version="20.1.0"),
    )
    cases = (a_case(lines=(*affected("24.x", "22.x"), AffectedLine(line="20.x", status="affected"))),)
    bulletin = bulletin_of(PROJECT, cases, a_release(lines=lines, members=()), NOW)
    assert [(gap.code, gap.what) for gap in public_gaps(bulletin, PROJECT)] == [
        ("release.version-before-fix", "24.x"),
        ("release.version-missing", "22.x"),
        ("release.version-outside-line", "18.x"),
        ("release.line-left-out", "20.x"),
    ]
    assert late_fix(bulletin, lines[0]) == "24.8.2"
    assert lines_without_release(bulletin) == ("20.x",)


def test_a_fix_that_came_out_earlier_is_no_contradiction() -> None:
    lines = (ReleaseLine(line="24.x", version="24.9.0"),)
    bulletin = bulletin_of(PROJECT, (a_case(lines=affected("24.x", "22.x")),), a_release(lines=lines, members=()), NOW)
    assert public_gaps(bulletin, PROJECT) == ()


def test_cases_that_were_not_handed_over_are_missed() -> None:
    bulletin = bulletin_of(PROJECT, three_cases()[:1], a_release(), NOW)
    assert [(gap.code, gap.what) for gap in notice_gaps(bulletin)] == [("release.members", "2")]


@pytest.mark.parametrize(
    ("changes", "gap"),
    [
        ({"cves": ()}, ("cve.none", "")),
        ({"severity": None}, ("severity.unknown", "")),
        ({"severity": Severity(rating="none")}, ("severity.unknown", "")),
        ({"lines": ()}, ("affected.none", "")),
        ({"lines": (*affected("24.x"), AffectedLine(line="22.x"))}, ("line.undecided", "22.x")),
        ({"credits": ()}, ("credit.undecided", "")),
        ({"credits": (Credit(name="Robin"),)}, ("credit.no-consent", "Robin")),
        ({"credits": (Credit(name="Robin", consent="asked"),)}, ("credit.no-consent", "Robin")),
    ],
)
def test_each_missing_fact_of_a_case_is_a_gap(changes: dict[str, Any], gap: tuple[str, str]) -> None:
    assert gaps(**changes) == [gap]


def test_whose_fix_is_public_is_not_asked_and_who_declined_needs_no_asking() -> None:
    people = (
        Credit(name="Robin", consent="declined"),
        Credit(name="Wren", consent="anonymous"),
        Credit(name="Noor", role="remediation developer"),
    )
    assert gaps(credits=people) == []


def test_nobody_to_thank_is_no_gap() -> None:
    assert gaps(credits=(), reporters=()) == []


@pytest.mark.parametrize(
    ("people", "sentence"),
    [
        ((), ""),
        ((Credit(name="A"),), "Thank you to A for reporting this vulnerability."),
        ((Credit(name="F", role="remediation developer"),), "Thank you to F for fixing this vulnerability."),
        (
            (Credit(name="A"), Credit(name="A", role="remediation developer")),
            "Thank you to A for reporting and fixing this vulnerability.",
        ),
        (
            (
                Credit(name="A"),
                Credit(name="B", role="finder"),
                Credit(name="B", role="remediation developer"),
                Credit(name="A", role="remediation developer"),
            ),
            "Thank you to A and B for reporting and fixing this vulnerability.",
        ),
        (
            (Credit(name="A"), Credit(name="B"), Credit(name="C"), Credit(name="F", role="remediation developer")),
            "Thank you to A, B and C for reporting this vulnerability, and thank you to F for fixing it.",
        ),
        (
            (Credit(name="A"), Credit(name="S", role="sponsor"), Credit(name="T", role="tool")),
            "Thank you to A for reporting this vulnerability. Thank you also to S (sponsor) and T (tool).",
        ),
        ((Credit(name="A", consent="declined"),), ""),
        (
            (Credit(name="A", consent="anonymous"), Credit(name="B", consent="anonymous")),
            "Thank you to an anonymous reporter for reporting this vulnerability.",
        ),
    ],
)
def test_thanks_have_one_form_for_each_constellation(people: tuple[Credit, ...], sentence: str) -> None:
    assert thanks(people, lambda credit: credit.name) == sentence


def test_impact_is_told_by_platform_and_line() -> None:
    lines = (
        *affected("20.x", "24.x"),
        *affected("22.x", platforms=("win32",)),
        AffectedLine(line="16.x", status="affected", platforms=("linux", "darwin")),
        AffectedLine(line="14.x", status="unsupported"),
        AffectedLine(line="12.x"),
        AffectedLine(line="3.x", product="Borealis parser", status="affected"),
    )
    assert impact_sentences(a_case(lines=lines), PROJECT) == (
        "This vulnerability affects all users in active release lines: 24.x, 20.x",
        "This vulnerability affects all Windows users in active release lines: 22.x",
        "This vulnerability affects all users on macOS and Linux in active release lines: 16.x",
        "This vulnerability affects all users of Borealis parser in release lines: 3.x",
        "End-of-Life release lines that are affected and get no update: 14.x",
        "**MISSING: status of 12.x**",
    )


def test_a_package_without_lines_is_told_by_its_range() -> None:
    lines = (AffectedLine(line="*", status="affected", introduced="1.0.0", fixed="1.2.3"),)
    case = a_case(track="ecosystem", product="pebble-glob", lines=lines)
    assert impact_sentences(case, PROJECT) == (
        "This vulnerability affects all users of pebble-glob in versions `>=1.0.0 <1.2.3`",
    )


def test_the_steward_speaks_for_a_release_and_the_handler_for_a_case() -> None:
    assert bulletin_of(PROJECT, three_cases(), a_release(), NOW).people[0].name == "Tove Lindqvist"
    assert bulletin_of(PROJECT, (a_case(),), None, NOW).people[0].name == "Ada Example"
    release = replace(a_release(), steward=None)
    assert [p.name for p in bulletin_of(PROJECT, three_cases(), release, NOW).people] == ["Ada Example"]
