"""The hand-over file of git node security becomes cases and their release."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.domain.commands import case_commands as c
from app.domain.commands.release_commands import PlanRelease, SetDependency
from app.domain.errors import Rejected
from app.domain.values import AffectedLine, Credit, ExternalId, Reporter
from app.importers.vulnerabilities import IMPORTER
from tests.app.importers.samples import (
    cases,
    command,
    file,
    fixture,
    read,
    refusals,
    releases,
    source,
)

LINK = "https://hackerone.com/reports/1"


def report(**facts: Any) -> Any:
    """The case that a hand-over of one report makes, or the one refusal."""
    handover = {"releaseDate": "TBD", "reports": [{"id": "1", "title": "A title", "link": LINK, **facts}]}
    return read(IMPORTER, source(json.dumps(handover)))[0]


def lines_of(draft: Any) -> list[tuple[str, str, str, str]]:
    return [(x.line, x.introduced, x.last_affected, x.fixed) for x in command(draft, c.SetAffected).lines]


def test_every_report_becomes_a_case_with_its_commands_in_the_order_of_the_process() -> None:
    first = cases(read(IMPORTER, fixture("handover/march.json")))[0]
    kinds = [type(one) for one in first.commands]
    fixes = [c.HoldFix] * 3
    assert kinds == [
        c.Receive,
        c.Confirm,
        c.RateSeverity,
        c.SetAffected,
        *fixes,
        c.AssignCve,
        c.DraftAdvisory,
        c.SetCredits,
    ]
    assert first.key == "vulnerabilities:https://hackerone.com/reports/901"
    assert first.where == "reports[0]"


def test_the_facts_of_a_report_land_where_they_belong() -> None:
    first = cases(read(IMPORTER, fixture("handover/march.json")))[0]
    received = command(first, c.Receive)
    assert (received.channel, received.title) == ("handover", "Folded headers hide a second request")
    assert received.reporters == (Reporter(name="robin_r", handle="robin_r"),)
    assert received.source is not None
    assert (received.source.format, received.source.sha256) == ("vulnerabilities", first.sha256)
    assert command(first, c.RateSeverity).rating == "high"
    assert command(first, c.AssignCve).id == "CVE-2099-10041"
    assert command(first, c.DraftAdvisory).body.startswith("## Summary\n\nA header folded")
    assert command(first, c.SetCredits).credits == (
        Credit(name="robin_r", role="reporter"),
        Credit(name="juno-kestrel", role="remediation developer"),
        Credit(name="pim", role="remediation developer"),
    )
    fixes = [one.fix for one in first.commands if isinstance(one, c.HoldFix)]
    assert [f.line for f in fixes] == ["24.x", "22.x", "20.x"]
    assert {(f.state, f.author) for f in fixes} == {("in-review", "juno-kestrel and pim")}
    assert {f.pull_request for f in fixes} == {"https://tracker.example.org/private/pull/31"}


def test_where_a_report_is_known_outside_is_kept() -> None:
    first = cases(read(IMPORTER, fixture("handover/march.json")))[0]
    kinds = [one.kind for one in command(first, c.Receive).external]
    assert kinds == [
        "hackerone",
        "url",
        "pull-request",
        "hackerone-weakness",
        "announcement",
        "build-issue",
        "docker-issue",
    ]
    assert ExternalId(kind="hackerone", value="901") in command(first, c.Receive).external


def test_the_report_itself_is_attached_and_no_other_one() -> None:
    first = cases(read(IMPORTER, fixture("handover/march.json")))[0]
    (own,) = first.attachments
    assert json.loads(own.data)["severity"]["weakness_id"] == "86"
    assert b"Borealis" not in own.data


def test_affected_versions_are_read_in_every_shape_in_use() -> None:
    plain = [("24.x", "", "", ""), ("22.x", "", "", "")]
    assert lines_of(report(affectedVersions=["22.x", "v24.x"])) == plain
    assert lines_of(report(affectedVersions="v24.x, 22.x.")) == plain
    assert lines_of(report(affectedVersions=[{"version": "22.9.0"}, "24"])) == plain
    told = {"24.x": {"affected": "<=24.3.1", "patched": "24.3.2"}, "22.x": {"patched": "^22.9.1"}}
    assert lines_of(report(affectedVersions=told)) == [("24.x", "", "24.3.1", "24.3.2"), ("22.x", "", "", "22.9.1")]


def test_a_range_that_says_more_is_kept_as_a_note() -> None:
    draft = report(affectedVersions={"24.x": {"affected": ">24.1.0 <24.3.0 || 24.9.1"}})
    (line,) = command(draft, c.SetAffected).lines
    assert line == AffectedLine(line="24.x", status="affected", note=">24.1.0 <24.3.0 || 24.9.1")


def test_patched_versions_of_the_report_belong_to_their_lines() -> None:
    draft = report(affectedVersions=["22.x", "24.x"], patchedVersions=["v22.9.1", ">=24.3.2"])
    assert lines_of(draft) == [("24.x", "", "", "24.3.2"), ("22.x", "", "", "22.9.1")]


def test_a_line_may_name_the_change_that_mends_it() -> None:
    draft = report(affectedVersions={"24.x": "https://tracker.example.org/pull/5", "22.x": None}, prURL=LINK)
    fixes = {one.fix.line: one.fix.pull_request for one in draft.commands if isinstance(one, c.HoldFix)}
    assert fixes == {"24.x": "https://tracker.example.org/pull/5", "22.x": LINK}


def test_what_is_missing_makes_no_command() -> None:
    draft = report()
    assert [type(one) for one in draft.commands] == [c.Receive, c.Confirm]


def test_words_of_severity_are_read_in_any_case() -> None:
    assert command(report(severity={"rating": "High"}), c.RateSeverity).rating == "high"
    assert not [x for x in report(severity={"rating": ""}).commands if isinstance(x, c.RateSeverity)]


def test_the_release_is_planned_for_noon_with_lines_newest_first_and_the_cases_in_it() -> None:
    drafts = read(IMPORTER, fixture("handover/march.json"))
    (release,) = releases(drafts)
    plan = release.commands[0]
    assert isinstance(plan, PlanRelease)
    assert plan.target == datetime(2099, 3, 17, 12, 0, tzinfo=UTC)
    assert [(x.line, x.version) for x in plan.lines] == [("24.x", "24.3.2"), ("22.x", "22.9.1"), ("20.x", "")]
    assert release.members == tuple(draft.key for draft in cases(drafts))
    assert plan.source is not None
    assert plan.source.key == release.key == "vulnerabilities:release:2099-03-17"


def test_dependencies_are_read_as_object_and_as_list() -> None:
    (release,) = releases(read(IMPORTER, fixture("handover/march.json")))
    updates = [one.dependency for one in release.commands if isinstance(one, SetDependency)]
    assert [u.name for u in updates] == ["borealis", "lumen", "quill"]
    borealis, lumen, quill = updates
    assert (borealis.versions, borealis.lines) == (("v7.2.3", "v6.21.1"), ("24.x", "22.x"))
    assert lumen.lines == ("24.x", "22.x")
    assert "22.x: https://tracker.example.org/pull/41" in lumen.note
    assert (quill.versions, quill.lines) == (("3.1.0", "3"), ("24.x", "22.x"))
    assert quill.url == "https://tracker.example.org/pull/43"
    as_list = {"releaseDate": "2099/03/17", "dependencies": [{"name": "lumen", "affectedVersions": ["24.x"]}]}
    (again,) = releases(read(IMPORTER, source(json.dumps(as_list))))
    assert isinstance(again.commands[1], SetDependency)


def test_a_release_without_a_day_is_refused_alone() -> None:
    drafts = read(IMPORTER, fixture("handover/undated.json"))
    assert len(cases(drafts)) == 1
    assert refusals(drafts) == {"releaseDate": "import.release-date-open"}


def test_what_is_wrong_is_refused_by_field_and_the_rest_comes_in() -> None:
    drafts = read(IMPORTER, fixture("handover/faulty.json"))
    assert [case.where for case in cases(drafts)] == ["reports[2]"]
    assert refusals(drafts) == {
        "reports[0].cveIds[0]": "identifier.cve",
        "reports[1].severity.rating": "import.severity",
        "reports[3].affectedVersions[0]": "import.line",
        "reports[4].title": "import.field-type",
        "reports[5].patchedVersions[0]": "import.line-not-listed",
        "reports[6].severity.cvss_vector_string": "severity.vector",
        "reports[7].link": "identifier.url",
        "reports[8].id": "import.field-missing",
        "reports[9]": "import.field-type",
        'reports[10].affectedVersions["24.x"]': "line.last-affected-not-before-fixed",
        "releaseDate": "import.date-unknown",
    }


def test_the_same_report_has_the_same_key_and_digest_whatever_stands_around_it() -> None:
    one = {"id": "1", "title": "A", "link": LINK, "cveIds": []}
    two = {"cveIds": [], "link": LINK, "title": "A", "id": "1"}
    first = json.dumps({"releaseDate": "2099/03/17", "reports": [one]})
    second = json.dumps({"reports": [{"id": "2", "title": "B"}, two], "releaseDate": "2099/04/01"}, indent=4)
    before = cases(read(IMPORTER, source(first)))[0]
    after = cases(read(IMPORTER, source(second)))[1]
    assert (before.key, before.sha256) == (after.key, after.sha256)


def test_reports_numbered_from_one_in_two_files_are_told_apart_by_the_day() -> None:
    keys = [
        cases(read(IMPORTER, source(json.dumps({"releaseDate": day, "reports": [{"id": "1", "title": "A"}]}))))[0].key
        for day in ("2099/03/17", "2099/04/01")
    ]
    assert keys == ["vulnerabilities:2099/03/17:1", "vulnerabilities:2099/04/01:1"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"releaseDate": "2099/03/17", "reports": [{"id"', "json.malformed"),
        (b'{"releaseDate": "2099/03/17", "reports": ["\xff"]}', "json.not-utf8"),
        ('{"releaseDate": "2099/03/17", "reports": []}'.encode("utf-16"), "json.not-utf8"),
        (b'{"releaseDate": "2099/03/17", "reports": ' + b"[" * 200 + b"]" * 200 + b"}", "json.too-deep"),
        (b'{"releaseDate": "2099/03/17", "reports": {}}', "import.field-type"),
        (b'{"releaseDate": 20990317, "reports": []}', "import.field-type"),
    ],
)
def test_a_file_that_is_wrong_as_a_whole_is_recognised_and_rejected(data: bytes, code: str) -> None:
    given = source(data)
    assert IMPORTER.recognises(given)
    with pytest.raises(Rejected) as caught:
        read(IMPORTER, given)
    assert caught.value.code == code


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"reports": 1}', "releaseDate: 1", '{"a": {"releaseDate": 1}}'])
def test_other_json_is_not_recognised(text: str) -> None:
    assert not IMPORTER.recognises(source(text))


def test_hidden_characters_of_a_title_are_made_visible() -> None:
    assert command(report(title="a\u202eb"), c.Receive).title == "a<U+202E>b"


def test_every_real_hand_over_file_comes_in_whole(shared_data: Path) -> None:
    paths = sorted((shared_data / "node-core-utils").glob("*vulnerabilities*.json"))
    assert paths
    for path in paths:
        drafts = read(IMPORTER, file(path))
        reports = json.loads(path.read_bytes())["reports"]
        assert len(cases(drafts)) == len(reports)
        assert len(releases(drafts)) == 1
        assert refusals(drafts) == {}


def test_a_file_without_a_day_is_recognised_by_its_reports_and_dependencies() -> None:
    given = source('{"reports": [], "dependencies": {}}')
    assert IMPORTER.recognises(given)
    assert refusals(read(IMPORTER, given)) == {"releaseDate": "import.release-date-open"}
