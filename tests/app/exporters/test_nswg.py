"""Files of the dataset: their names, numbers and bytes."""

from __future__ import annotations

import json

from msgspec.structs import replace

from app.desk.ports.exchange import Bundle
from app.domain.values import Announcement, CveId, ExternalId
from app.exporters.nswg import EXPORTER
from tests.app.exporters.bundles import NOW, RECEIVED, TARGET, a_bundle, a_case, a_record, alone


def all_of(*cases: object) -> Bundle:
    return replace(a_bundle(), cases=cases, release=None)


def names(bundle: Bundle) -> list[str]:
    return [file.name for file in EXPORTER.render(bundle)]


def test_an_imported_record_keeps_its_number_and_its_bytes() -> None:
    record = a_record(number=141)
    assert record.dataset is not None
    file = EXPORTER.render(alone(record))[0]
    assert file.name == "core/141.json"
    assert file.data == json.dumps(dict(record.dataset.fields), indent=2).encode() + b"\n"


def test_words_beyond_ascii_are_written_as_they_are() -> None:
    record = a_record("core", 7, cve=[], overview="Größe – “漢字”\u2028", severity="low")
    data = EXPORTER.render(alone(record))[0].data
    assert "Größe – “漢字”".encode() in data


def test_a_new_case_takes_the_next_free_number_where_the_dataset_is_at_hand() -> None:
    late = a_case(1, announcements=(Announcement(at=NOW, destination="list"),))
    early = a_case(2, announcements=(Announcement(at=TARGET, destination="list"),))
    bundle = all_of(late, early, a_record(number=157))
    assert names(bundle) == ["core/159.json", "core/158.json", "core/157.json"]
    assert EXPORTER.missing(bundle) == ()


def test_without_the_dataset_the_cve_id_names_the_file_and_the_number_is_missing() -> None:
    bundle = alone(a_case())
    assert names(bundle) == ["core/cve-2099-10001.json"]
    assert [(gap.code, gap.ref) for gap in EXPORTER.missing(bundle)] == [("nswg.number", "H-2099-001")]
    nameless = alone(a_case(cves=()))
    assert names(nameless) == ["core/unnumbered.json"]


def test_a_number_that_is_known_elsewhere_is_taken() -> None:
    case = a_case(external=(ExternalId(kind="nswg-core", value="160"),))
    assert names(alone(case)) == ["core/160.json"]
    wrong = a_case(external=(ExternalId(kind="nswg-core", value="../../x"),))
    assert names(alone(wrong)) == ["core/cve-2099-10001.json"]


def test_cases_with_the_same_first_cve_id_do_not_overwrite_each_other() -> None:
    same = (CveId(id="CVE-2099-10001", assigned_at=RECEIVED),)
    assert names(all_of(a_case(1, cves=same), a_case(2, cves=same))) == [
        "core/cve-2099-10001.json",
        "core/cve-2099-10001-2.json",
    ]


def test_packages_have_a_folder_and_numbers_of_their_own() -> None:
    package = a_case(
        3, track="ecosystem", product="pebble-glob", announcements=(Announcement(at=NOW, destination="x"),)
    )
    npm = a_record("npm", 12, id=12, title="Seven things go wrong", cves=["CVE-2099-20007"])
    bundle = all_of(a_record(number=157), npm, package)
    assert names(bundle) == ["core/157.json", "npm/12.json", "npm/13.json"]
    assert json.loads(EXPORTER.render(bundle)[2].data)["id"] == 13
