"""The pages: their form, and that nothing a fact says can break it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.announcement import bulletin_of
from app.domain.case.state import Advisory, Case
from app.domain.markdown import parse
from app.domain.post import page_name, post_release_page, pre_release_page
from app.domain.project import Project
from app.domain.release.state import Release
from app.domain.values import AffectedLine, Credit, Dependency, Postponement, ReleaseLine, Severity
from app.domain.wording import instant
from tests.app.exporters.bundles import NOW, RECEIVED, a_case, a_release, affected, aster, three_cases

HOSTILE = (
    "---\ntitle: owned\n---",
    "x\n---\n\n# Summary\n\nowned",
    "a: b #c",
    "<script>alert(1)</script>",
    "{process.exit()}",
    "import fs from 'fs'",
    "`unclosed",
    "](javascript:alert(1))",
    "\u202egnp.exe",
    "- a\n- b\n\n    code",
    "\r\nslug: other",
)


def post(cases: tuple[Case, ...] | None = None, release: Release | None = None, project: Project | None = None) -> str:
    known = project or aster()
    bulletin = bulletin_of(known, three_cases() if cases is None else cases, release or a_release(), NOW)
    return post_release_page(bulletin, known)


def pre(cases: tuple[Case, ...] | None = None, release: Release | None = None, project: Project | None = None) -> str:
    known = project or aster()
    bulletin = bulletin_of(known, three_cases() if cases is None else cases, release or a_release(), NOW)
    return pre_release_page(bulletin, known, instant(NOW))


def one(case: Case, **release: Any) -> str:
    return post((case,), a_release(members=(), **release))


def headings(page: str) -> list[str]:
    """Headings as a Markdown reader sees them, below the front matter."""
    body = page.split("\n---\n", 1)[1]
    nodes = (node for node in parse(body).walk() if node.type == "heading")
    return [f"{'#' * int(node.tag[1])} {node.children[0].content}" for node in nodes]


def front_matter(page: str) -> dict[str, str]:
    lines = page.split("\n---\n", 1)[0].removeprefix("---\n").split("\n")
    return dict(line.split(": ", 1) for line in lines)


def test_the_sections_stand_in_their_order() -> None:
    assert headings(post()) == [
        "## Security releases available",
        "## Folded header lines hide a second request (CVE-2099-10001) - (high)",
        "## Device names escape `path.join` on Windows (CVE-2099-10003) - (medium)",
        "### Workaround",
        "## Timer keeps the process alive (CVE-2099-10002) - (low)",
        "## Downloads and release details",
        "## _(Update 13-July-2099)_ Security releases postponed",
        "# Summary",
        "## Impact",
        "## Release timing",
        "## Contact and future updates",
    ]
    assert headings(pre()) == headings(post())[6:]


def test_the_front_matter_has_the_fields_of_the_site_in_order() -> None:
    assert front_matter(post()) == {
        "date": "2099-07-16T15:20:30.123Z",
        "category": "vulnerability",
        "title": "Thursday, July 16, 2099 Security Releases",
        "slug": "july-2099-security-releases",
        "layout": "blog-post",
        "author": "The Aster Project",
    }
    assert list(front_matter(pre())) == ["date", "category", "title", "slug", "layout", "author"]
    assert front_matter(pre())["date"] == "2099-07-07T03:00:00.000Z"


def test_a_release_that_slips_over_a_month_end_keeps_its_page() -> None:
    late = datetime(2099, 8, 3, 12, 0, tzinfo=UTC)
    release = a_release(target=late, released=())
    bulletin = bulletin_of(aster(), three_cases(), release, NOW)
    assert page_name(bulletin) == "july-2099-security-releases.md"
    assert front_matter(post(release=release))["title"] == "Monday, August 3, 2099 Security Releases"


def test_every_update_stays_and_the_newest_comes_first() -> None:
    first = datetime(2099, 7, 1, 22, 30, tzinfo=UTC)
    moves = tuple(
        Postponement(
            at=first + timedelta(days=n),
            old=NOW,
            new=NOW + timedelta(days=n),
            reason=f"Reason {n}.",
            heading=f"Head {n}",
        )
        for n in (1, 2, 3)
    )
    for page in (pre(release=a_release(postponements=moves)), post(release=a_release(postponements=moves))):
        updates = [h for h in headings(page) if "Update" in h]
        assert updates == [
            "## _(Update 04-July-2099)_ Head 3",
            "## _(Update 03-July-2099)_ Head 2",
            "## _(Update 02-July-2099)_ Head 1",
        ]
        assert all(f"Reason {n}." in page for n in (1, 2, 3))


def test_downloads_come_from_the_planned_versions_oldest_line_first() -> None:
    downloads = post().split("## Downloads and release details\n\n")[1].split("\n\n")[0]
    assert downloads == (
        "- [Aster runtime v20.19.6](/blog/release/v20.19.6/)\n"
        "- [Aster runtime v22.19.1](/blog/release/v22.19.1/)\n"
        "- [Aster runtime v24.8.2](/blog/release/v24.8.2/)"
    )


def test_a_version_that_nobody_decided_is_marked_and_not_guessed() -> None:
    page = post(release=a_release(lines=(ReleaseLine(line="22.x"), ReleaseLine(line="24.x", version="24.8.1"))))
    assert "- **MISSING: version of 22.x**" in page
    assert "/v24.8.1/) **MISSING: 24.8.2, which has the fix for 24.x**" in page
    assert "22.19.1" not in page.split("# Summary")[0].split("## Downloads")[1]


def test_the_past_is_told_in_the_past() -> None:
    old = post().split("# Summary")[1]
    assert "released new versions" in old
    assert "was vulnerable" in old
    assert "became available" in old
    assert not re.search(r"\bwill\b|\bis vulnerable\b", old)
    assert "will release" in pre()
    assert "is vulnerable" in pre()


def test_severities_are_said_in_one_way_everywhere() -> None:
    words = re.findall(r"(?i)\b(?:high|medium|low|critical)\b", post() + pre())
    assert words
    assert all(word.islower() for word in words)


def test_only_the_highest_severity_is_told_where_the_project_wants_it_so() -> None:
    page = pre(project=aster(pre_announcement="highest"))
    assert "The highest severity among them is high." in page
    assert "- The 24.x release line of Aster is vulnerable to issues of high severity at most." in page
    assert "medium" not in page


def test_an_unrated_case_is_marked_not_called_none() -> None:
    cases = (a_case(1), a_case(2, severity=Severity(rating="none")))
    release = a_release(members=())
    for project in (aster(), aster(pre_announcement="highest")):
        page = pre(cases, release, project)
        assert "**MISSING: severity**" in page
        assert "none" not in page.lower()
    assert "(CVE-2099-10002) - (**MISSING: severity**)" in post(cases, release)


def test_impact_follows_the_facts_of_each_case() -> None:
    page = one(a_case(lines=affected("24.x", "22.x", platforms=("win32",))))
    assert "Impact:\n\n- This vulnerability affects all Windows users in active release lines: 24.x, 22.x\n" in page


def test_what_was_written_about_the_impact_is_a_list() -> None:
    written = Advisory(revision=1, body="It breaks.\n\n## Impact\n\nOnly servers.\n\nOnly 20.x.", at=RECEIVED)
    assert "Impact:\n\n- Only servers.\n- Only 20.x.\n" in one(a_case(advisory=written))
    listed = Advisory(revision=1, body="It breaks.\n\n## Impact\n\n* Only servers.\n* Only 20.x.", at=RECEIVED)
    assert "Impact:\n\n- Only servers.\n- Only 20.x.\n" in one(a_case(advisory=listed))


def test_a_release_of_dependencies_only_is_told_as_such() -> None:
    page = post((), a_release(members=()))
    assert "for the 24.x, 22.x, 20.x Aster release lines.\n" in page
    assert "in order to update dependencies with public vulnerabilities." in page


def test_dependencies_are_told_with_their_versions_and_lines() -> None:
    dependencies = (
        Dependency(name="quill", versions=("7.2.3", "6.21.1"), lines=("20.x", "24.x"), url="https://quill.example/"),
        Dependency(name="lumen", note="patched for CVE-2099-30001"),
    )
    page = post(release=a_release(dependencies=dependencies))
    assert "- [quill](https://quill.example/) (7.2.3, 6.21.1) on 24.x, 20.x\n" in page
    assert "- lumen on all release lines (patched for CVE-2099-30001)\n" in page


@pytest.mark.parametrize("text", HOSTILE)
def test_no_fact_breaks_out_of_its_place(text: str) -> None:
    case = a_case(
        title=f"T {text}",
        advisory=Advisory(revision=1, body=f"Body.\n\n{text}\n\n## Impact\n\n{text}", at=RECEIVED),
        credits=(Credit(name=text, consent="granted", link=text),),
        lines=(*affected("24.x"), AffectedLine(line="3.x", product=text, status="affected", platforms=(text,))),
    )
    release = a_release(
        members=(),
        dependencies=(Dependency(name=text, versions=(text,), lines=(text,), url=text, note=text),),
        postponements=(Postponement(at=NOW, old=NOW, new=NOW, reason=text, heading=text),),
        lines=(ReleaseLine(line="24.x", version="24.8.2"), ReleaseLine(line=text, version=text)),
    )
    page = one(case, **{name: getattr(release, name) for name in ("dependencies", "postponements", "lines")})
    plain = {line for line in headings(post((a_case(),), a_release(members=()))) if line.startswith("# ")}
    assert {line for line in headings(page) if line.startswith("# ")} == plain
    assert list(front_matter(page)) == ["date", "category", "title", "slug", "layout", "author"]
    assert page.count("\n---\n") == 1
    assert "\u202e" not in page
    assert "\r" not in page
    assert not re.search(r"(?<!\\)(?:<(?:script|!)|\]\(javascript)|^import ", page, re.MULTILINE)
    assert "{process" not in page.replace("\\{", "")


@pytest.mark.parametrize("text", [*HOSTILE, "true", "12", "'", "x: y", "@a", "!tag", "&a", "- x", "no"])
def test_the_front_matter_holds_whatever_the_project_is_called(text: str) -> None:
    page = pre(project=aster(author=text, category=text, layout=text, name=text))
    fields = front_matter(page)
    assert list(fields) == ["date", "category", "title", "slug", "layout", "author"]
    assert all(
        re.fullmatch(r"'(?:[^']|'')*'|[A-Za-z0-9][\w ,.()/-]*", fields[k]) for k in ("author", "category", "layout")
    )
    assert fields["author"].lower() not in ("true", "no", "12")


@given(st.text(max_size=80), st.text(max_size=200))
def test_any_title_and_any_body_leave_the_frame_whole(title: str, body: str) -> None:
    page = one(a_case(title=title, advisory=Advisory(revision=1, body=body, at=RECEIVED)))
    found = headings(page)
    assert found[0] == "## Security releases available"
    assert found[-4:] == ["# Summary", "## Impact", "## Release timing", "## Contact and future updates"]
    assert "## Downloads and release details" in found
    assert page.endswith("\n")
    assert not page.endswith("\n\n")


CANARIES = (
    "canary-title", "canary-body", "canary-credit", "canary-note", "canary-reporter", "canary-product", "canary-fix",
    "CVE-2099-66666", "CANARY/AV:N", "canary-working-title", "H-2099-001",
)  # fmt: skip


def test_the_notice_says_nothing_of_the_cases_but_lines_and_severities() -> None:
    case = a_case(
        title="canary-title",
        advisory=Advisory(revision=1, body="canary-body", at=RECEIVED),
        credits=(Credit(name="canary-credit"),),
        lines=(
            AffectedLine(line="24.x", status="affected", fixed="24.6.6", note="canary-note", platforms=("canary-fix",)),
            AffectedLine(line="3.x", status="affected", product="canary-product"),
        ),
        severity=Severity(rating="high", vector="CANARY/AV:N", reason="canary-note"),
    )
    page = pre((case,), a_release(members=(), title="canary-working-title"))
    assert not [word for word in (*CANARIES, "24.6.6", "3.x", case.cves[0].id) if word in page]
    assert "24.x" in page
    assert "1 high severity issue" in page
