"""Taking in on a real store: what came in verifies, comes in once, and what was refused left no trace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.desk.desk import Desk
from app.desk.intake import Intake
from app.desk.ports.vault import CaseQuery
from app.importers import discover
from app.machine.read_files import DiskReader
from app.store.vault import SqlVault
from tests.app.store.building import ADA, SeededIds, ShippedPolicies, new_store
from tests.fakes_vault import StandingClock

FIXTURES = Path(__file__).resolve().parents[2] / "data" / "imports"


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[SqlVault]:
    made = new_store(tmp_path / "team.holdfast")
    yield made
    made.close()


def counter(vault: SqlVault) -> Intake:
    desk = Desk(vault, StandingClock(), SeededIds(3), ShippedPolicies(), ADA)
    return Intake(vault, desk, discover(), StandingClock(), ADA)


def test_everything_of_our_own_comes_in_once_and_verifies(vault: SqlVault) -> None:
    intake = counter(vault)
    first = intake.run(DiskReader().sources([str(FIXTURES)]))
    assert vault.verify().ok
    events = vault.queries.history_count()
    again = intake.run(DiskReader().sources([str(FIXTURES)]))
    assert (again.cases, again.releases) == ((), ())
    assert set(again.known) == {*first.cases, *first.releases}
    assert vault.queries.history_count() == events
    assert [(one.file, one.field, one.code) for one in again.refused] == [
        (one.file, one.field, one.code) for one in first.refused
    ]


def test_attachments_can_be_read_back(vault: SqlVault) -> None:
    report = counter(vault).run(DiskReader().sources([str(FIXTURES / "mail" / "attachments.eml")]))
    case = vault.queries.case(report.cases[0])
    assert case is not None
    kept = [b"".join(vault.queries.blob(blob.sha256)) for blob in case.report.attachments]
    assert kept[0] == (FIXTURES / "mail" / "attachments.eml").read_bytes()
    assert kept[1] == b"echo made up"


def test_a_refused_record_leaves_no_reference_behind(vault: SqlVault) -> None:
    intake = counter(vault)
    intake.run(DiskReader().sources([str(FIXTURES / "dataset" / "core" / "1.json")]))
    report = intake.run(DiskReader().sources([str(FIXTURES / "handover" / "march.json")]))
    assert [one.code for one in report.refused] == ["cve.taken"]
    assert report.cases == ("H-2026-002", "H-2026-003")
    assert vault.verify().ok


def test_what_was_imported_is_found_by_its_words(vault: SqlVault) -> None:
    intake = counter(vault)
    (ref,) = intake.run(DiskReader().sources([str(FIXTURES / "mail" / "plain.eml")])).cases
    page = vault.queries.cases(CaseQuery(text="folded hidd"))
    assert [row.ref for row in page.rows] == [ref]
