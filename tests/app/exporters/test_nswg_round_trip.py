"""The whole public record in and out again: equal by content, or the difference has a name."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from app.desk.ports.exchange import Bundle, CaseDraft, SourceFile
from app.domain.case.context import Context
from app.domain.case.decide import decide
from app.domain.case.evolve import evolve
from app.domain.case.state import Case
from app.domain.errors import Rejected
from app.domain.events import decode, encode
from app.exporters.nswg import EXPORTER
from app.importers.nswg import IMPORTER
from app.machine.resources import PackagedProjects
from tests.builders import ADA, START, policy

REFUSED_BY_IMPORT = {"npm/12.json": "identifier.cve"}
"""Entries that are wrong in themselves: the CVE id of npm/12 ends in a letter."""

MENDED: dict[str, str] = {}
"""Entries that come back different on purpose, each with the fault that was mended; none so far."""


class RoundTrip:
    """Every entry as it was, the case that it became, and the files that were written from them."""

    def __init__(self, folder: Path) -> None:
        self.before: dict[str, bytes] = {}
        self.refused: dict[str, str] = {}
        cases: list[Case] = []
        for path in sorted((*folder.glob("core/*.json"), *folder.glob("npm/*.json"))):
            name = f"{path.parent.name}/{path.name}"
            try:
                cases.append(imported(name, path.read_bytes(), len(cases) + 1))
            except Rejected as fault:
                self.refused[name] = fault.code
            else:
                self.before[name] = path.read_bytes()
        self.cases = tuple(cases)

    def after(self, cases: tuple[Case, ...]) -> dict[str, bytes]:
        project = PackagedProjects().get("nodejs")
        bundle = Bundle(project=project, cases=cases, release=None, now=START)
        assert EXPORTER.missing(bundle) == ()
        return {file.name: file.data for file in EXPORTER.render(bundle)}

    def differences(self, cases: tuple[Case, ...]) -> list[str]:
        """One line for each member that differs, by file and key; order counts."""
        after = self.after(cases)
        found = [f"{name}: not there" for name in self.before.keys() - after.keys()]
        for name, data in after.items():
            old, new = (json.loads(x, object_pairs_hook=list) for x in (self.before[name], data))
            if old != new and name not in MENDED:
                found.append(f"{name}: {different(old, new)}")
        return sorted(found)


def different(old: list[tuple[str, Any]], new: list[tuple[str, Any]]) -> str:
    was, is_now = dict(old), dict(new)
    keys = [key for key in {**was, **is_now} if was.get(key) != is_now.get(key)]
    return "; ".join(f"{key} {was.get(key)!r} -> {is_now.get(key)!r}" for key in keys) or "order of keys"


def imported(name: str, data: bytes, number: int) -> Case:
    """The case that an entry becomes, its event written and read as the store does."""
    source = SourceFile(name=name, data=data, sha256=hashlib.sha256(data).hexdigest())
    (draft,) = IMPORTER.read(source)
    assert isinstance(draft, CaseDraft)
    context = Context(now=START, actor=ADA, policy=policy(), new_id=f"{number:026}", new_ref=f"H-2026-{number:03}")
    case: Case | None = None
    for command in draft.commands:
        for event in decide(case, command, context):
            kept: Any = decode(type(event).__name__, encode(event))
            case = evolve(case, kept, START, ADA)
    assert case is not None
    return case


@pytest.fixture(scope="module")
def trip(shared_data: Path) -> RoundTrip:
    folder = shared_data / "security-wg" / "vuln"
    if not folder.is_dir():
        pytest.skip("the dataset is not among the shared data")
    return RoundTrip(folder)


def test_only_entries_that_are_wrong_in_themselves_stay_out(trip: RoundTrip) -> None:
    assert trip.refused == REFUSED_BY_IMPORT
    assert len(trip.cases) > 400


def test_every_entry_comes_back_equal(trip: RoundTrip, tmp_path: Path) -> None:
    found = trip.differences(trip.cases)
    (tmp_path / "differences.txt").write_text("\n".join(found))
    assert found == []


def test_every_entry_comes_back_equal_however_much_happened_to_its_case(trip: RoundTrip) -> None:
    """What the exporter reads from an entry is what the importer read: else it would see changes where none are."""
    lived = tuple(replace(case, events=case.events + 9, closed=None, exports=()) for case in trip.cases)
    assert trip.differences(lived) == []


def test_most_files_come_back_byte_for_byte(trip: RoundTrip) -> None:
    after = trip.after(trip.cases)
    other = [name for name, data in trip.before.items() if after[name] != data]
    # Those are indented otherwise, have blanks at line ends, or escape what needs no escape.
    assert len(other) <= 10
