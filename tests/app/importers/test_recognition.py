"""Formats are told apart by content: never do two importers want the same file."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.importers import discover
from tests.app.importers.samples import FIXTURES, file, source

IMPORTERS = discover()
OWN = sorted(path for path in FIXTURES.rglob("*") if path.is_file())


def wanted_by(path: Path) -> list[str]:
    given = file(path)
    return [importer.format for importer in IMPORTERS if importer.recognises(given)]


def test_every_format_is_found_by_looking_into_the_folder() -> None:
    assert [importer.format for importer in IMPORTERS] == [
        *("eml", "nswg", "release-index", "release-schedule"),
        "vulnerabilities",
    ]
    assert all(importer.title and importer.suffixes for importer in IMPORTERS)


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_every_fixture_is_wanted_by_the_one_it_was_made_for(path: Path) -> None:
    formats = {"handover": "vulnerabilities", "dataset": "nswg", "mail": "eml"}
    folder = path.relative_to(FIXTURES).parts[0]
    assert wanted_by(path) == [formats.get(folder) or f"release-{path.stem}"]


def test_no_real_file_is_wanted_by_two(shared_data: Path) -> None:
    contested = {}
    for path in sorted(shared_data.rglob("*")):
        if path.is_file() and len(wanted_by(path)) > 1:
            contested[path.name] = wanted_by(path)
    assert contested == {}


@pytest.mark.parametrize("folder", ["cve", "osv", "csaf", "openvex", "github", "hackerone"])
def test_records_of_other_formats_are_wanted_by_nobody(shared_data: Path, folder: str) -> None:
    paths = [path for path in (shared_data / folder).rglob("*.json") if path.is_file()]
    assert paths
    assert {path.name: wanted_by(path) for path in paths if wanted_by(path)} == {}


@pytest.mark.parametrize(
    "data", [b"", b"\0" * 100, b"{", b"[" * 100_000, b'{"a' * 50_000, b'"' * 100_000, b"\xff\xfe{"]
)
def test_looking_at_a_file_never_fails(data: bytes) -> None:
    assert [i.format for i in IMPORTERS if i.recognises(source(data, "index.json"))] == []
