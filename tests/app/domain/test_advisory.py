"""The advisory: its sections, its places, and what is to be mended before it is public."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.advisory import (
    advisory_findings,
    advisory_markdown,
    fill,
    own_sections,
    sections_of,
    skeleton,
    summary_of,
    title_is_cut,
)
from app.domain.case.state import Advisory, Case, Report
from app.domain.values import AffectedLine, Credit, Severity
from tests.app.exporters.bundles import ADVISORY, RECEIVED, a_case, affected, aster

PROJECT = aster()


def with_body(body: str, **changes: Any) -> Case:
    return a_case(advisory=Advisory(revision=1, body=body, at=RECEIVED), **changes)


def codes(case: Case) -> list[str]:
    return [finding.code for finding in advisory_findings(case, PROJECT)]


def test_text_before_the_first_heading_belongs_to_the_summary() -> None:
    case = with_body("It breaks.\n\n## Impact\n\nEverybody.\n\n## Summary\n\nBadly.")
    assert [s.heading for s in sections_of(case.advisory.body)] == ["Summary", "Impact", "Summary"]
    assert summary_of(case) == "It breaks.\n\nBadly."


def test_headings_in_code_and_deeper_ones_divide_nothing() -> None:
    body = "## Summary\n\n```sh\n## no heading\n```\n\n### deeper\n\n## Impact ##\n\nx"
    assert [(s.heading, s.line) for s in sections_of(body)] == [("Summary", 1), ("Impact", 9)]


def test_the_sections_of_nothing_are_none() -> None:
    assert sections_of("") == ()
    assert summary_of(with_body("")) == ""


def test_a_place_alone_becomes_a_list_and_one_in_a_sentence_stays_in_it() -> None:
    case = with_body("")
    assert fill("{affected}", case, PROJECT) == (
        "- Aster runtime 24.x from 24.0.0, before 24.8.2\n"
        "- Aster runtime 22.x from 22.0.0, before 22.19.1\n"
        "- Aster runtime 20.x from 20.0.0, before 20.19.6"
    )
    assert fill("Rated {severity} as {cve}.", case, PROJECT) == "Rated high (8.1) as CVE-2099-10001."
    assert fill("{fixed}", case, PROJECT) == "- Aster runtime 24.8.2, 22.19.1, 20.19.6"


def test_places_in_code_are_left_alone_and_unknown_ones_are_marked() -> None:
    case = with_body("")
    assert fill("`{affected}` and {nonsense}", case, PROJECT) == "`{affected}` and **MISSING: \\{nonsense\\}**"
    assert fill("```\n{affected}\n```", case, PROJECT) == "```\n{affected}\n```"
    assert fill("{ shell: true }", case, PROJECT) == "{ shell: true }"


def test_what_the_lines_say_is_said_in_words() -> None:
    lines = (
        AffectedLine(line="24.x", status="affected", introduced="24.1.0", last_affected="24.3.0"),
        AffectedLine(line="22.x", status="affected", introduced="22.4.0"),
        AffectedLine(line="20.x", status="investigating"),
        AffectedLine(line="18.x", status="unsupported", last_affected="18.20.8", platforms=("win32", "linux")),
        AffectedLine(line="16.x", status="not-affected"),
        AffectedLine(line="3.x", product="Borealis parser", status="affected", fixed="3.4.2"),
    )
    assert fill("{affected}", a_case(lines=lines), PROJECT).split("\n") == [
        "- Aster runtime 24.x from 24.1.0 up to 24.3.0",
        "- Aster runtime 22.x from 22.4.0 on",
        "- Aster runtime 20.x **MISSING: status of 20.x**",
        "- Aster runtime 18.x up to 18.20.8 on Linux and Windows, end of life, not fixed",
        "- Borealis parser 3.x before 3.4.2",
    ]


def test_nothing_known_is_marked_and_never_guessed() -> None:
    bare = a_case(lines=(), cves=(), severity=None, credits=())
    text = fill("{affected}\n{fixed}\n{severity} {cve} {impact}{credits}", bare, PROJECT)
    for what in ("affected versions", "fixed versions", "severity", "CVE id", "affected lines"):
        assert f"**MISSING: {what}**" in text


def test_the_skeleton_says_nothing_of_its_own() -> None:
    case = a_case(advisory=Advisory(revision=1, body=skeleton(a_case()), at=RECEIVED))
    assert own_sections(case) == ()
    assert "advisory.no-summary" in codes(case)
    assert "- Aster runtime 24.8.2, 22.19.1, 20.19.6" in advisory_markdown(case, PROJECT)


def test_only_sections_that_were_written_count_as_own() -> None:
    body = skeleton(a_case()).replace("Update to one of these versions:", "Do not panic.")
    assert [s.heading for s in own_sections(with_body(body))] == ["What you should do"]


def test_the_whole_text_begins_with_title_ids_and_severity() -> None:
    text = advisory_markdown(with_body(ADVISORY + "\n## Workaround\n\nNone.\n"), PROJECT)
    assert text.startswith(
        "# Folded header lines hide a second request\n\n**CVE-2099-10001, high (8.1)**\n\nA request whose"
    )
    assert text.endswith("\n\n## Workaround\n\nNone.\n")


def test_a_good_advisory_has_no_findings() -> None:
    assert advisory_findings(a_case(), PROJECT) == ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"lines": ()}, "affected.none"),
        ({"lines": (*affected("24.x"), AffectedLine(line="22.x"))}, "line.undecided"),
        ({"advisory": Advisory()}, "advisory.no-summary"),
        ({"title": "A remote attacker can crash the parser with a mismat"}, "title.cut"),
        ({"title": "A title that ends in the"}, "title.cut"),
        ({"title": "A title that goes on …"}, "title.cut"),
        ({"title": "A title (with an open bracket"}, "title.cut"),
        ({"title": "A title with `half a code span"}, "title.cut"),
    ],
)
def test_each_fault_of_the_facts_blocks(changes: dict[str, Any], code: str) -> None:
    report = Report(
        received_at=RECEIVED, subject="A remote attacker can crash the parser with a mismatched name in a header"
    )
    case = a_case(report=report, **changes)
    assert (code, "blocks") in [(f.code, f.level) for f in advisory_findings(case, PROJECT)]


@pytest.mark.parametrize(
    ("body", "code", "what", "line"),
    [
        ("It breaks.\n\nSee {tables}.", "advisory.unknown-place", "tables", 3),
        ("It breaks.\n\n## Workaround\n", "advisory.empty-section", "Workaround", 3),
        ("Since v22.4.0, not 22.19.1.", "version.unknown", "22.4.0", 1),
        ("Folded header lines hide a second request. They do.", "title.repeated", "", 0),
    ],
)
def test_each_fault_of_the_text_is_found_at_its_line(body: str, code: str, what: str, line: int) -> None:
    found = {f.code: f for f in advisory_findings(with_body(body), PROJECT)}
    assert (found[code].what, found[code].line) == (what, line)


def test_versions_of_other_things_and_code_are_no_concern() -> None:
    assert codes(with_body("It needs made-up-tls 9.1.4.\n\n```\naster 22.4.0\n```")) == []


def test_whole_titles_are_not_taken_for_cut_ones() -> None:
    for title in (
        "HashDoS in V8",
        "Use of `a && b`",
        "Crash when `args[0]` is a string.",
        "Names (CON, PRN) bypass it",
    ):
        assert not title_is_cut(a_case(title=title)), title


def test_names_come_as_people_wish() -> None:
    people = (
        Credit(name="Robin *R*", role="reporter", consent="granted", link="https://robin.example/"),
        Credit(name="Declined Person", role="reporter", consent="declined"),
        Credit(name="Hidden Person", role="reporter", consent="anonymous"),
        Credit(name="Noor Sample", role="remediation developer"),
    )
    text = fill("{credits}", a_case(credits=people), PROJECT)
    assert text == (
        "Thank you to [Robin \\*R\\*](https://robin.example/) and an anonymous reporter for reporting this"
        " vulnerability, and thank you to Noor Sample for fixing it."
    )


@given(st.text(max_size=300), st.text(max_size=60))
def test_no_text_and_no_title_breaks_it(body: str, title: str) -> None:
    case = with_body(body, title=title, severity=Severity())
    assert advisory_markdown(case, PROJECT).endswith("\n")
    assert isinstance(advisory_findings(case, PROJECT), tuple)


def test_a_flood_of_ticks_is_no_prose_and_takes_no_time() -> None:
    flood = "".join("`" * count + "a" for count in range(1, 400)) + "{affected}"
    assert fill(flood, a_case(), PROJECT) == flood
    assert "advisory.unknown-place" not in codes(with_body(f"{flood}{{nonsense}}"))
