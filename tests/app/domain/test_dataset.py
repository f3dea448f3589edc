"""Entries of the dataset: new ones exact, imported ones as they were but for what changed."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from app.domain.case.state import Advisory, Case
from app.domain.dataset import core_fields, entry_gaps, npm_fields
from app.domain.values import AffectedLine, Announcement, Credit, CveId, Severity
from tests.app.exporters.bundles import RECEIVED, TARGET, a_case, a_record, affected, aster

PROJECT = aster()
URL = "https://aster.example/en/blog/vulnerability/july-2099-security-releases"
NPM: dict[str, Any] = {
    "id": 12,
    "created_at": "2098-10-17",
    "updated_at": "2099-04-28",
    "title": "Template injection",
    "author": {"name": "Robin Reporter", "website": None, "username": None},
    "module_name": "pebble-glob",
    "publish_date": "2099-01-02",
    "cves": ["CVE-2099-20007"],
    "vulnerable_versions": "<=1.5.1",
    "patched_versions": ">=1.5.2",
    "overview": "It expands too much.",
    "recommendation": "Update.",
    "references": [],
    "cvss_vector": "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:N",
    "cvss_score": 6.5,
    "coordinating_vendor": None,
}


def npm_record(**changes: Any) -> Case:
    case = a_record("npm", 12, **NPM)
    facts: dict[str, Any] = {
        "title": "Template injection",
        "product": "pebble-glob",
        "lines": (
            AffectedLine(line="*", product="pebble-glob", status="affected", last_affected="1.5.1", fixed="1.5.2"),
        ),
        "severity": Severity(rating="medium", score=6.5, vector=NPM["cvss_vector"]),
        "credits": (Credit(name="Robin Reporter", role="finder"),),
    }
    return replace(case, **(facts | changes))


def test_a_new_entry_says_exact_ranges_in_the_order_of_the_dataset() -> None:
    lines = (*affected("24.x", "20.x", platforms=("win32",)), AffectedLine(line="18.x", status="unsupported"))
    case = a_case(lines=lines, announcements=(Announcement(at=TARGET, destination="list"),))
    fields = core_fields(case, PROJECT, URL)
    assert list(fields) == [
        "cve",
        "vulnerable",
        "patched",
        "publish_date",
        "ref",
        "description",
        "overview",
        "affectedEnvironments",
        "severity",
    ]
    assert fields["vulnerable"] == "18.x || >=20.0.0 <20.19.6 || >=24.0.0 <24.8.2"
    assert fields["patched"] == "^20.19.6 || ^24.8.2"
    assert (fields["publish_date"], fields["ref"], fields["severity"]) == ("2099-07-16", URL, "high")
    assert fields["affectedEnvironments"] == ["all"]
    assert core_fields(a_case(lines=lines[:2]), PROJECT, URL)["affectedEnvironments"] == ["win32"]


def test_what_is_unknown_is_left_out_or_marked_and_told() -> None:
    case = a_case(lines=(), cves=(), severity=None, advisory=Advisory())
    fields = core_fields(case, PROJECT, "")
    assert fields["vulnerable"] == "MISSING: affected versions"
    assert fields["overview"] == "MISSING: summary"
    assert not {"patched", "ref", "publish_date"} & fields.keys()
    assert [gap.code for gap in entry_gaps(case, PROJECT)] == [
        "cve.none",
        "severity.unknown",
        "affected.none",
        "advisory.no-summary",
    ]


def test_a_new_entry_of_a_package_has_every_field_of_its_schema() -> None:
    lines = (AffectedLine(line="*", status="affected", introduced="1.0.0", fixed="1.2.3"),)
    case = a_case(track="ecosystem", product="pebble-glob", lines=lines)
    fields = npm_fields(case, PROJECT, 13, URL)
    assert list(fields) == list(NPM)
    assert (fields["id"], fields["module_name"], fields["publish_date"]) == (13, "pebble-glob", None)
    assert (fields["vulnerable_versions"], fields["patched_versions"]) == (">=1.0.0 <1.2.3", ">=1.2.3")
    assert fields["author"] == {"name": "Robin Reporter", "website": None, "username": None}
    bare = npm_fields(replace(case, lines=(), severity=None, credits=(), product=""), PROJECT, None, "")
    unknown = (
        "id",
        "module_name",
        "vulnerable_versions",
        "patched_versions",
        "cvss_vector",
        "cvss_score",
        "references",
    )
    assert [bare[key] for key in unknown] == [None] * len(unknown)


def test_who_wants_no_name_is_in_no_entry() -> None:
    for consent in ("declined", "anonymous"):
        case = a_case(track="ecosystem", credits=(Credit(name="Shy Person", role="finder", consent=consent),))
        assert "Shy Person" not in str(npm_fields(case, PROJECT, 1, URL))


def test_an_imported_entry_comes_back_as_it_was() -> None:
    record = a_record()
    assert record.dataset is not None
    assert list(core_fields(record, PROJECT, URL).items()) == list(record.dataset.fields)
    assert npm_fields(npm_record(), PROJECT, 12, URL) == NPM
    assert list(entry_gaps(record, PROJECT)) == []


@pytest.mark.parametrize(
    ("changes", "key", "value"),
    [
        ({"title": "Eight things go wrong"}, "description", "Eight things go wrong"),
        ({"cves": (CveId(id="CVE-2099-20008", assigned_at=RECEIVED),)}, "cve", ["CVE-2099-20008"]),
        ({"severity": Severity(rating="low")}, "severity", "low"),
        ({"advisory": Advisory(revision=1, body="It is worse.", at=RECEIVED)}, "overview", "It is worse."),
        ({"credits": (Credit(name="Robin", role="reporter"),)}, "author", "Robin"),
        (
            {"lines": (AffectedLine(line="20.x", status="affected", introduced="20.0.0", fixed="20.1.1"),)},
            "vulnerable",
            ">=20.0.0 <20.1.1",
        ),
    ],
)
def test_only_what_changed_since_the_import_changes(changes: dict[str, Any], key: str, value: object) -> None:
    record = a_record()
    assert record.dataset is not None
    before = dict(record.dataset.fields)
    after = core_fields(replace(record, **changes), PROJECT, URL)
    differing = {name for name in {**before, **after} if before.get(name) != after.get(name)}
    assert after[key] == value
    assert differing <= {key, "patched"}


def test_a_field_that_comes_in_stands_where_the_dataset_has_it() -> None:
    case = replace(a_record(), title="Eight things", credits=(Credit(name="Robin", role="reporter"),))
    assert list(core_fields(case, PROJECT, URL)) == [
        "cve",
        "vulnerable",
        "patched",
        "author",
        "ref",
        "description",
        "overview",
        "affectedEnvironments",
        "severity",
    ]


@pytest.mark.parametrize(
    ("changes", "keys"),
    [
        ({"title": "Template injection again"}, {"title"}),
        ({"severity": Severity(rating="high", score=9.0, vector="CVSS:3.0/x")}, {"cvss_vector", "cvss_score"}),
        ({"credits": (Credit(name="Wren", role="finder"),)}, {"author"}),
        ({"lines": ()}, {"vulnerable_versions", "patched_versions"}),
    ],
)
def test_an_entry_of_a_package_changes_only_where_its_facts_did(changes: dict[str, Any], keys: set[str]) -> None:
    after = npm_fields(npm_record(**changes), PROJECT, 12, URL)
    assert list(after) == list(NPM)
    assert {key for key in NPM if NPM[key] != after[key]} == keys
