"""A schedule of lines and an index of releases extend the catalogue; what is wrong is refused by its place."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from app.desk.ports.exchange import Draft, Importer, Refusal, SourceFile, TeamDraft
from app.domain.commands.team_commands import ExtendCatalogue
from app.importers import discover
from app.importers.release_index import ReleaseIndexImporter
from app.importers.release_schedule import ReleaseScheduleImporter
from tests.app.importers.samples import FIXTURES, file

SCHEDULE, INDEX = ReleaseScheduleImporter(), ReleaseIndexImporter()


def read(importer: Importer, value: Any) -> list[Draft]:
    data = json.dumps(value).encode()
    return list(importer.read(SourceFile(name="file.json", data=data, sha256="0" * 64)))


def command(drafts: list[Draft]) -> ExtendCatalogue:
    (draft,) = (one for one in drafts if isinstance(one, TeamDraft))
    (found,) = draft.commands
    assert isinstance(found, ExtendCatalogue)
    return found


def test_a_schedule_becomes_lines_with_the_days_of_their_lives() -> None:
    found = command(list(SCHEDULE.read(file(FIXTURES / "catalogue" / "schedule.json"))))
    assert [one.line for one in found.lines] == ["5.x", "6.x", "0.9.x"]
    assert (found.lines[1].lts, found.lines[1].codename) == (date(2097, 10, 20), "Meadow")


def test_an_index_becomes_releases_with_the_days_they_came_out() -> None:
    found = command(list(INDEX.read(file(FIXTURES / "catalogue" / "index.json"))))
    assert [(one.version, one.security) for one in found.releases] == [
        ("6.2.1", True),
        ("6.2.0", False),
        ("5.9.9", False),
    ]


def test_what_is_wrong_is_refused_by_its_place_and_the_rest_comes_in() -> None:
    drafts = read(INDEX, [{"version": "v1.0.0", "date": "2099-02-30"}, {"version": "v1.0.1", "date": "2099-02-03"}, 7])
    assert [(one.field, one.code) for one in drafts if isinstance(one, Refusal)] == [
        ("[0]", "catalogue.day"),
        ("[2]", "import.field-type"),
    ]
    assert len(command(drafts).releases) == 1
    drafts = read(SCHEDULE, {"v5": {"start": "2099-02-03", "end": "2098-02-03"}, "v6": {"start": "2099-02-03"}})
    assert [one.code for one in drafts if isinstance(one, Refusal)] == ["catalogue.order"]
    assert [one.line for one in command(drafts).lines] == ["6.x"]


def test_a_long_index_is_told_in_parts_that_a_command_can_hold() -> None:
    entries = [{"version": f"{major}.{minor}.0", "date": "2099-02-03"} for major in range(12) for minor in range(100)]
    (draft,) = read(INDEX, entries)
    assert isinstance(draft, TeamDraft)
    assert [len(one.releases) for one in draft.commands if isinstance(one, ExtendCatalogue)] == [500, 500, 200]


def test_each_format_is_known_by_its_content() -> None:
    for name, wanted in (("schedule.json", "release-schedule"), ("index.json", "release-index")):
        given = file(FIXTURES / "catalogue" / name)
        assert [one.format for one in discover() if one.recognises(given)] == [wanted]


def test_the_real_schedule_and_index_come_in_whole(shared_data: Path) -> None:
    folder = shared_data / "node-releases"
    schedule = list(SCHEDULE.read(file(folder / "schedule.json")))
    assert len(command(schedule).lines) > 20
    assert all(isinstance(one, TeamDraft) for one in schedule)
    (index,) = list(INDEX.read(file(folder / "dist-index-2025-10-28.json")))
    assert isinstance(index, TeamDraft)
    assert sum(len(one.releases) for one in index.commands if isinstance(one, ExtendCatalogue)) > 800
