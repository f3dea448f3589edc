"""Entries of the Node.js dataset become published cases that keep every field."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.domain.commands.case_commands import ImportRecord
from app.domain.errors import Rejected
from app.domain.values import AffectedLine, Credit, ExternalId, Reporter
from app.importers.nswg import IMPORTER
from tests.app.importers.samples import command, file, fixture, read, source, the_case

CORE: dict[str, Any] = {
    "cve": ["CVE-2099-10041"],
    "vulnerable": "22.x",
    "patched": "^22.9.1",
    "overview": "Something happens. More.",
    "affectedEnvironments": ["all"],
    "severity": "high",
}
NPM: dict[str, Any] = {
    "id": 5,
    "created_at": "2098-10-17",
    "updated_at": "2099-01-25",
    "title": "A title",
    "module_name": "aster-templates",
    "publish_date": "2098-12-08",
    "cves": [],
    "vulnerable_versions": "<=2.1.1",
    "patched_versions": ">=2.1.2",
    "overview": "It happens.",
    "recommendation": None,
    "references": None,
    "cvss_vector": None,
    "cvss_score": None,
    "coordinating_vendor": None,
}


def entry(base: dict[str, Any], name: str = "5.json", **changes: Any) -> ImportRecord:
    """The record that an entry with these changes makes."""
    fields = {key: value for key, value in {**base, **changes}.items() if value is not ...}
    found: ImportRecord = command(the_case(IMPORTER, source(json.dumps(fields), name)), ImportRecord)
    return found


def test_a_core_entry_becomes_one_published_case() -> None:
    draft = the_case(IMPORTER, fixture("dataset/core/1.json"))
    record = command(draft, ImportRecord)
    assert (draft.key, record.number, record.track) == ("nswg:core:1", 1, "core")
    assert record.title == "Folded headers hide a second request"
    assert record.cves == ("CVE-2099-10041",)
    assert [(x.line, x.fixed) for x in record.lines] == [("20.x", ""), ("22.x", "22.9.1"), ("24.x", "24.3.2")]
    assert record.external == (ExternalId(kind="nswg-core", value="1"),)
    assert record.source.sha256 == draft.sha256
    assert record.published_at is None
    assert record.findings == ("range.patched-vulnerable",)


def test_every_field_of_a_core_entry_has_its_place() -> None:
    record = command(the_case(IMPORTER, fixture("dataset/core/2.json")), ImportRecord)
    assert record.title == "timers: Clearing a timer twice crashes"
    assert record.severity is not None
    assert (record.severity.rating, record.severity.score, record.severity.cwe) == ("medium", 4.8, "CWE-400")
    assert record.severity.vector == "CVSS:3.0/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:L/A:N"
    assert record.published_at == datetime(2099, 1, 31, tzinfo=UTC)
    assert record.reporters == (Reporter(name="Robin Réporter"),)
    assert [c.role for c in record.credits] == ["reporter", "remediation developer"]
    assert record.lines[0] == AffectedLine(
        line="6.x", status="affected", introduced="6.0.0", fixed="6.2.0", platforms=("win32", "aix")
    )


def test_an_npm_entry_belongs_to_the_ecosystem_and_its_package() -> None:
    draft = the_case(IMPORTER, fixture("dataset/npm/12.json"))
    record = command(draft, ImportRecord)
    assert (draft.key, record.track, record.product) == ("nswg:npm:12", "ecosystem", "aster-templates")
    assert record.severity is not None
    assert (record.severity.rating, record.severity.score) == ("critical", 9.0)
    assert record.findings == ("severity.score-differs", "reference.malformed")
    assert record.lines == (
        AffectedLine(line="*", product="aster-templates", status="affected", last_affected="2.1.1", fixed="2.1.2"),
    )
    assert record.credits == (Credit(name="Sol Sample", role="finder", link="https://sol.example.org/"),)
    assert record.reporters == (Reporter(name="Sol Sample", handle="sol", website="https://sol.example.org/"),)


@pytest.mark.parametrize("name", ["dataset/core/1.json", "dataset/core/2.json", "dataset/npm/12.json"])
def test_fields_are_kept_as_they_were_in_their_order(name: str) -> None:
    given = fixture(name)
    record = command(the_case(IMPORTER, given), ImportRecord)
    assert list(record.fields) == list(json.loads(given.data).items())


def test_the_number_is_the_name_of_the_file_whatever_folder_it_lies_in() -> None:
    assert entry(CORE, "vuln/core/141.json").number == 141
    assert entry(NPM, "stdin").number == 5


def test_the_index_of_a_folder_says_nothing_of_its_own() -> None:
    index = fixture("dataset/core/index.json")
    assert IMPORTER.recognises(index)
    assert read(IMPORTER, index) == []
    assert not IMPORTER.recognises(source(index.data, "other.json"))
    assert not IMPORTER.recognises(source('{"name": 1}', "index.json"))


def refusal_of(base: dict[str, Any], name: str = "5.json", **changes: Any) -> tuple[str, str]:
    with pytest.raises(Rejected) as caught:
        entry(base, name, **changes)
    return str(caught.value.facts["field"]), caught.value.code


@pytest.mark.parametrize(
    ("field", "value", "where", "code"),
    [
        ("cve", ["CVE-2099-10041", "MOCK-1-1"], "cve[1]", "identifier.cve"),
        ("cve", "CVE-2099-10041", "cve", "import.field-type"),
        ("cve", [7], "cve[0]", "import.field-type"),
        ("severity", "terrible", "severity", "import.severity"),
        ("severity", ..., "severity", "import.field-missing"),
        ("affectedEnvironments", [], "affectedEnvironments", "import.field-missing"),
        ("publish_date", "2099-02-30", "publish_date", "import.date-unknown"),
        ("publish_date", "30.1.2099", "publish_date", "import.date-form"),
        ("vulnerable", "", "vulnerable", "import.field-missing"),
        ("vulnerable", ">=24.0.0 <22.0.0", "vulnerable", "range.bounds-swapped"),
        ("vulnerable", ">24.0.0 <24.0.0", "vulnerable", "range.bounds-swapped"),
        ("patched", "", "patched", "range.empty"),
        ("vulnerable", "<0.0.0-0", "vulnerable", "range.empty"),
        ("overview", ["x"], "overview", "import.field-type"),
        ("cvss_score", "high", "cvss_score", "import.field-type"),
        ("ref", 5, "ref", "import.field-type"),
        ("other", 2**63, "other", "import.number-too-large"),
    ],
)
def test_a_core_entry_that_is_wrong_is_refused_by_field(field: str, value: Any, where: str, code: str) -> None:
    assert refusal_of(CORE, **{field: value}) == (where, code)


def test_ranges_that_took_each_others_place_are_refused() -> None:
    assert refusal_of(CORE, vulnerable="^22.9.1", patched="<22.9.1") == ("vulnerable", "range.swapped")


@pytest.mark.parametrize(
    ("field", "value", "where", "code"),
    [
        ("id", 6, "id", "nswg.numbers-differ"),
        ("id", "5", "id", "import.field-type"),
        ("cves", ["CVE-2099-4671A"], "cves[0]", "identifier.cve"),
        ("created_at", "2099-13-01", "created_at", "import.date-unknown"),
        ("module_name", "", "module_name", "import.field-missing"),
        ("author", "Sol Sample", "author", "import.field-type"),
        ("author", {"name": 5}, "author.name", "import.field-type"),
        ("references", "https://a.example.org", "references", "import.field-type"),
        ("vulnerable_versions", ">=3 <2", "vulnerable_versions", "range.bounds-swapped"),
        ("vulnerable_versions", " ", "vulnerable_versions", "range.empty"),
    ],
)
def test_an_npm_entry_that_is_wrong_is_refused_by_field(field: str, value: Any, where: str, code: str) -> None:
    assert refusal_of(NPM, **{field: value}) == (where, code)


def test_a_core_entry_without_a_number_is_refused_by_its_name() -> None:
    assert refusal_of(CORE, "valid-vuln.json") == ("file name", "nswg.number")


def test_what_is_merely_odd_comes_in_with_a_finding() -> None:
    assert entry(CORE, vulnerable="latest").findings == ("range.malformed",)
    assert entry(CORE, vulnerable="latest").lines == ()
    assert "severity.spelling" in entry(CORE, severity="High").findings
    assert "record.unknown-field" in entry(CORE, colour="red").findings
    assert "severity.score-range" in entry(NPM, cvss_score=-1).findings
    assert entry(NPM, cvss_vector="CVSS:9/A").findings == ("severity.vector",)


def test_an_assessment_of_a_dependency_is_no_vulnerability() -> None:
    given = fixture("dataset/deps/1.json")
    assert IMPORTER.recognises(given)
    with pytest.raises(Rejected) as caught:
        read(IMPORTER, given)
    assert caught.value.code == "nswg.dependency-assessment"


@pytest.mark.parametrize(
    "data",
    [b'{"cve": [], "severity": "low", "overview": "cut', b'{"cve": [], "cve": [], "patched": "", "severity": ""}'],
)
def test_broken_json_is_recognised_and_rejected(data: bytes) -> None:
    assert IMPORTER.recognises(source(data, "1.json"))
    with pytest.raises(Rejected, match="json"):
        read(IMPORTER, source(data, "1.json"))


def test_every_real_entry_comes_in_with_all_its_fields_but_what_is_really_broken(shared_data: Path) -> None:
    refused: dict[str, str] = {}
    count = 0
    for path in sorted((shared_data / "security-wg" / "vuln").rglob("*.json")):
        given = file(path)
        assert IMPORTER.recognises(given), path.name
        try:
            drafts = read(IMPORTER, given)
        except Rejected as fault:
            refused[f"{path.parent.name}/{path.name}"] = fault.code
            continue
        for draft in drafts:
            count += 1
            assert list(command(draft, ImportRecord).fields) == list(json.loads(given.data).items())  # type: ignore[arg-type]
    assessments = {name: code for name, code in refused.items() if name.startswith("deps/")}
    assert set(assessments.values()) == {"nswg.dependency-assessment"}
    # CVE-2014-4671A is no CVE id.
    assert refused == {**assessments, "npm/12.json": "identifier.cve"}
    assert count > 400
