"""Taking in: each record whole or not at all, nothing twice, and every refusal by file and field."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.desk.desk import Desk
from app.desk.intake import RECORDS_AT_ONCE, ImportReport, Intake
from app.desk.ports.exchange import Refusal, SourceFile
from app.domain.case.stage import stage_of
from app.domain.case.state import Case
from app.domain.commands.team_commands import DescribeProject
from app.domain.errors import Environment, Rejected
from app.domain.events.team_events import ImportFinished
from app.importers import discover
from app.machine.read_files import DiskReader
from app.machine.resources import PackagedProjects
from app.presenters.words import ERRORS
from tests.builders import ADA, START
from tests.fakes_vault import CountingIds, MemoryVault, ShippedPolicies, StandingClock

FIXTURES = Path(__file__).resolve().parents[2] / "data" / "imports"


class Counter:
    """A desk that takes in, and what it has."""

    def __init__(self) -> None:
        self.vault = MemoryVault()
        vault, clock = self.vault.as_vault(), StandingClock()
        desk = Desk(vault, clock, CountingIds(), ShippedPolicies(), ADA)
        self.desk = desk
        self.intake = Intake(vault, desk, discover(), clock, ADA)

    def take(self, *names: str) -> ImportReport:
        """Imports fixtures of our own."""
        return self.intake.run(DiskReader().sources([str(FIXTURES / name) for name in names]))

    def case(self, ref: str) -> Case:
        found = self.vault.queries.case(ref)
        assert found is not None
        return found

    def entries(self, count: int) -> list[SourceFile]:
        """Made-up dataset entries with the numbers from 1 on."""
        return [file(entry(number), f"core/{number}.json") for number in range(1, count + 1)]


def entry(number: int, **changes: object) -> str:
    fields = {
        "cve": [f"CVE-2099-{10000 + number}"],
        "vulnerable": "22.x",
        "patched": "^22.9.1",
        "overview": "It happens.",
        "affectedEnvironments": ["all"],
        "severity": "low",
        **changes,
    }
    return json.dumps(fields)


def file(text: str | bytes, name: str) -> SourceFile:
    data = text.encode() if isinstance(text, str) else text
    return SourceFile(name=name, data=data, sha256=hashlib.sha256(data).hexdigest())


@pytest.fixture
def counter() -> Counter:
    return Counter()


def refused(report: ImportReport) -> list[tuple[str, str, str]]:
    return [(one.file, one.field, one.code) for one in report.refused]


def test_a_mail_becomes_a_case_with_its_parts_in_the_vault(counter: Counter) -> None:
    report = counter.take("mail/attachments.eml")
    case = counter.case(report.cases[0])
    assert [blob.name for blob in case.report.attachments] == [
        "attachments.eml",
        "repro.sh",
        "in<U+202E>voice<U+0000>gnp.exe",
        "part-4.eml",
    ]
    original = counter.vault.queries.blobs[case.report.attachments[0].sha256]
    assert original == (FIXTURES / "mail" / "attachments.eml").read_bytes()
    assert stage_of(case) == "received"


def test_a_date_that_is_still_to_come_starts_the_clock_with_the_import(counter: Counter) -> None:
    assert counter.case(counter.take("mail/plain.eml").cases[0]).report.received_at == START
    earlier = (FIXTURES / "mail" / "plain.eml").read_bytes().replace(b"2099", b"2026").replace(b"fold-1", b"fold-2")
    report = counter.intake.run([file(earlier, "earlier.eml")])
    assert counter.case(report.cases[0]).report.received_at == datetime(2026, 3, 2, 7, 12, 45, tzinfo=UTC)


def test_a_folder_of_the_dataset_becomes_published_and_closed_cases(counter: Counter) -> None:
    report = counter.take("dataset")
    assert [counter.case(ref).title for ref in report.cases] == [
        "Folded headers hide a second request",
        "timers: Clearing a timer twice crashes",
        "Template injection",
    ]
    assert {stage_of(counter.case(ref)) for ref in report.cases} == {"closed"}
    assert report.passed == ("dataset/core/index.json",)
    assert refused(report) == [("dataset/deps/1.json", "reason", "nswg.dependency-assessment")]


def test_a_hand_over_becomes_cases_and_the_release_that_bundles_them(counter: Counter) -> None:
    report = counter.take("handover/march.json")
    assert (len(report.cases), report.releases, report.refused) == (3, ("R-2026-001",), ())
    release = counter.vault.queries.release("R-2026-001")
    assert release is not None
    assert [member.ref for member in release.members] == list(report.cases)
    assert [line.line for line in release.lines] == ["24.x", "22.x", "20.x"]
    assert {one.name for one in release.dependencies} == {"borealis", "lumen", "quill"}
    first = counter.case(report.cases[0])
    assert [cve.id for cve in first.cves] == ["CVE-2099-10041"]
    assert {fix.state for fix in first.fixes} == {"in-review"}
    assert first.embargo.until == datetime(2099, 3, 17, 12, 0, tzinfo=UTC)


def test_the_same_content_twice_is_no_second_case(counter: Counter) -> None:
    first = counter.take("mail/plain.eml", "dataset/core/2.json", "handover/march.json")
    before = len(counter.vault.queries.log)
    again = counter.take("handover/march.json", "dataset/core/2.json", "mail/plain.eml")
    assert (again.cases, again.releases, again.refused) == ((), (), ())
    assert sorted(again.known) == sorted((*first.cases, *first.releases))
    assert len(counter.vault.queries.log) == before


def test_the_same_file_twice_in_one_import_is_one_case(counter: Counter) -> None:
    report = counter.take("mail/plain.eml", "mail/plain.eml")
    assert (len(report.cases), report.known) == (1, report.cases)


def test_other_content_under_a_known_key_is_refused_and_names_the_case(counter: Counter) -> None:
    (ref,) = counter.intake.run([file(entry(1), "core/1.json")]).cases
    report = counter.intake.run([file(entry(1, severity="high"), "core/1.json")])
    assert refused(report) == [("core/1.json", "", "import.differs")]
    assert report.refused[0].facts["ref"] == ref
    severity = counter.case(ref).severity
    assert severity is not None
    assert severity.rating == "low"


def test_a_rule_that_refuses_a_command_undoes_the_whole_record(counter: Counter) -> None:
    counter.take("dataset/core/1.json")
    report = counter.take("handover/march.json")
    assert refused(report) == [("march.json", "reports[0]", "cve.taken")]
    assert len(report.cases) == 2
    titles = [state.title for state in counter.vault.queries.states.values() if isinstance(state, Case)]
    assert titles.count("Folded headers hide a second request") == 1
    release = counter.vault.queries.release("R-2026-001")
    assert release is not None
    assert [member.ref for member in release.members] == list(report.cases)


def test_a_release_none_of_whose_cases_came_in_is_refused(counter: Counter) -> None:
    counter.take("dataset/core/1.json")
    report = {"id": "1", "title": "A", "cveIds": ["CVE-2099-10041"], "affectedVersions": ["22.x"]}
    handover = json.dumps({"releaseDate": "2099/03/17", "reports": [report]})
    got = counter.intake.run([file(handover, "one.json")])
    assert refused(got) == [("one.json", "reports[0]", "cve.taken"), ("one.json", "releaseDate", "import.no-members")]
    assert got.releases == ()


def test_bad_input_is_refused_by_file_and_field_changes_nothing_and_keeps_nothing_out(counter: Counter) -> None:
    bad = {
        "truncated.json": (b'{"cve": [], "vulnerable": "22.x", "severity": "lo', "json.malformed"),
        "latin.json": (entry(3, overview="x").encode().replace(b'"x"', b'"\xe9"'), "json.not-utf8"),
        "unknown-truncated.json": (b'{"name": "x', "json.malformed"),
        "deep.json": (b"[" * 5000, "json.too-deep"),
        "nobody.eml": ((FIXTURES / "mail/no-body.eml").read_bytes(), "mail.no-body"),
        "broken.eml": ((FIXTURES / "mail/no-boundary.eml").read_bytes(), "mail.no-boundary"),
        "core/4.json": (entry(4, vulnerable="^22.9.1", patched="<22.9.1").encode(), "range.swapped"),
        "core/5.json": (entry(5, vulnerable=">2.0.0 <1.0.0").encode(), "range.bounds-swapped"),
        "core/6.json": (entry(6, cve=["CVE-99-1"]).encode(), "identifier.cve"),
        "core/7.json": (entry(7, publish_date="2099-02-30").encode(), "import.date-unknown"),
        "picture.png": (b"\x89PNG\r\n\x1a\n", "import.unrecognised"),
    }
    sources = [file(data, name) for name, (data, _) in bad.items()]
    before = len(counter.vault.queries.log)
    alone = counter.intake.run(sources)
    assert {one.file: one.code for one in alone.refused} == {name: code for name, (_, code) in bad.items()}
    assert len(counter.vault.queries.log) == before
    huge = Refusal(file="huge.json", field="", code="file.too-large", facts={"file": "huge.json", "limit": 10})
    with_others = counter.intake.run([*sources, huge, file(entry(8), "core/8.json")])
    assert len(with_others.cases) == 1
    assert len(with_others.refused) == len(bad) + 1
    assert {one.code for one in with_others.refused} <= ERRORS.keys()


def test_a_format_can_be_named_and_must_exist(counter: Counter) -> None:
    given = [file("Subject: only this\n\nText.", "odd.txt")]
    assert refused(counter.intake.run(given)) == [("odd.txt", "", "import.unrecognised")]
    assert len(counter.intake.run(given, as_format="eml").cases) == 1
    with pytest.raises(Rejected, match="format-unknown") as caught:
        counter.intake.run(given, as_format="fax")
    every = ["eml", "nswg", "release-index", "release-schedule", "vulnerabilities"]
    assert caught.value.facts["formats"] == ", ".join(every)
    assert [one.format for one in counter.intake.formats()] == every


def test_newer_releases_are_learnt_once_and_known_from_then_on(counter: Counter) -> None:
    index = file('[{"version": "v6.2.1", "date": "2097-06-03"}]', "index.json")
    assert refused(counter.intake.run([index])) == [("index.json", "product", "catalogue.product")]
    counter.desk.perform(None, DescribeProject(project=PackagedProjects().get("aster")))
    preview = counter.intake.preview([index])
    assert [row.kind for row in preview.rows] == ["catalogue"]
    report = counter.intake.run([index])
    assert (report.learnt, report.cases, report.refused) == (("index.json",), (), ())
    known = counter.desk.team().product("aster")
    assert known is not None
    assert [one.version for one in known.releases] == ["6.2.1"]
    again = counter.intake.run([index])
    assert (again.learnt, again.passed) == ((), ("index.json",))


def test_progress_is_told_after_every_record(counter: Counter) -> None:
    seen: list[tuple[int, int]] = []
    counter.intake.run(counter.entries(3), progress=lambda done, of: seen.append((done, of)))
    assert seen == [(1, 3), (2, 3), (3, 3)]
    seen.clear()
    unsized = iter([file(entry(9), "core/9.json")])
    counter.intake.run(unsized, progress=lambda done, of: seen.append((done, of)))
    assert seen == [(1, 0)]


def test_many_records_go_into_one_transaction_and_one_event_tells_of_all(counter: Counter) -> None:
    count = 2 * RECORDS_AT_ONCE + 1
    report = counter.intake.run(counter.entries(count))
    assert len(report.cases) == count
    assert counter.vault.transactions == 4
    (finished,) = counter.vault.queries.events(ImportFinished)
    assert isinstance(finished, ImportFinished)
    assert finished.cases == count
    assert report.changes.refs == {*report.cases, "team"}


def test_what_was_taken_in_before_a_cancellation_stays_and_is_told(counter: Counter) -> None:
    asked = iter([False] * 60 + [True] * 10)
    report = counter.intake.run(counter.entries(80), cancelled=lambda: next(asked))
    assert report.cancelled
    assert len(report.cases) == 60
    assert counter.case(report.cases[-1]).cves[0].id == "CVE-2099-10060"
    assert counter.intake.run(counter.entries(80)).known == report.cases


def test_a_machine_in_the_way_keeps_what_was_committed_and_says_how_much(counter: Counter) -> None:
    counter.vault.fails_at = 1
    counter.vault.failure = Environment("disk.full")
    with pytest.raises(Environment) as caught:
        counter.intake.run(counter.entries(80))
    assert caught.value.facts["imported"] == RECORDS_AT_ONCE
    cases = [state for state in counter.vault.queries.states.values() if isinstance(state, Case)]
    assert len(cases) == RECORDS_AT_ONCE


def test_a_preview_tells_what_would_happen_and_changes_nothing(counter: Counter) -> None:
    counter.intake.run([file(entry(1), "core/1.json")])
    before = len(counter.vault.queries.log)
    changed = file(entry(1, severity="high"), "core/1.json")
    preview = counter.intake.preview(
        [
            changed,
            *counter.entries(2),
            file("{", "x.json"),
            *DiskReader().sources([str(FIXTURES / "handover/march.json")]),
        ]
    )
    assert [(row.kind, row.file, row.ref, row.same) for row in preview.rows[:3]] == [
        ("case", "core/1.json", "H-2026-001", False),
        ("case", "core/1.json", "H-2026-001", True),
        ("case", "core/2.json", "", False),
    ]
    assert preview.rows[-1].kind == "release"
    assert preview.rows[-1].title == "2099-03-17"
    assert [one.code for one in preview.refused] == ["json.malformed"]
    assert len(counter.vault.queries.log) == before
    assert counter.intake.preview(counter.entries(2), cancelled=lambda: True).cancelled


def test_one_cve_of_many_entries_and_identical_entries_are_all_taken_in(counter: Counter) -> None:
    same = [file(entry(1), f"core/{number}.json") for number in (141, 150)]
    report = counter.intake.run(same)
    assert (len(report.cases), report.refused) == (2, ())


def test_the_whole_real_dataset_comes_in_but_what_is_really_broken(counter: Counter, shared_data: Path) -> None:
    report = counter.intake.run(DiskReader().sources([str(shared_data / "security-wg" / "vuln")]))
    codes = {one.file: one.code for one in report.refused if "/deps/" not in one.file}
    assert codes == {"vuln/npm/12.json": "identifier.cve"}
    assert len(report.cases) > 400


def test_every_real_hand_over_file_comes_in_beside_the_others(counter: Counter, shared_data: Path) -> None:
    paths = sorted((shared_data / "node-core-utils").glob("*vulnerabilities*.json"))
    report = counter.intake.run(DiskReader().sources([str(path) for path in paths]))
    assert report.refused == ()
    assert len(report.releases) == len(paths)


def test_every_real_message_is_taken_in_or_refused_in_words(counter: Counter, shared_data: Path) -> None:
    report = counter.intake.run(DiskReader().sources([str(shared_data / "email")]))
    assert len(report.cases) > 120
    assert {one.code for one in report.refused} <= ERRORS.keys()
