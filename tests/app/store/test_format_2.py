"""The store of format 2 opens for ever by every way in, with its erased case, and so does the backup of it."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from app.desk.ports.keys import Secret
from app.desk.ports.vault import CaseQuery
from app.domain.events import case_events as e
from app.domain.events.erased import EventErased
from app.domain.values import AffectedLine
from app.store.folder import open_store
from app.store.keys import FLOOR
from app.store.restore import restore
from app.store.vault import SqlVault
from tests.app.store.backing import shelf
from tests.app.store.building import START, happen, place
from tests.app.store.erasing import WORDS
from tests.app.store.fixture_store import NOTE, PASSPHRASE
from tests.app.store.fixture_store_2 import BACKUP, FORMAT_2, recovery_code
from tests.faults.pages import traces

LATER = START + timedelta(days=400)
ERASED = "H-2026-007"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A copy of the store of format 2."""
    return Path(shutil.copytree(FORMAT_2 / "store", tmp_path / "old.holdfast"))


def opened(folder: Path, secret: Secret = PASSPHRASE) -> SqlVault:
    return open_store(folder, secret, LATER, place(3, floor=FLOOR))


def test_it_opens_and_verifies(old: Path) -> None:
    vault = opened(old)
    report = vault.verify()
    assert report.findings == ()
    assert (report.ok, report.events, report.erased) == (True, 44, 20)
    vault.close()


def test_its_recovery_code_opens_it_too(old: Path) -> None:
    vault = opened(old, recovery_code())
    assert vault.queries.team().name == "Aster security team"
    vault.close()


def test_what_was_erased_is_gone_and_what_remained_is_there(old: Path) -> None:
    vault = opened(old)
    case = vault.queries.case(ERASED)
    assert case is not None
    assert (case.is_erased, case.title) == (True, ERASED)
    assert [cve.id for cve in case.cves] == ["CVE-2099-00042"]
    assert case.lines == (AffectedLine(line="22.x", status="affected"),)
    assert isinstance(vault.queries.history(ERASED)[0].event, EventErased)
    assert vault.queries.count(CaseQuery(text="ombrequartzwalrus")) == 0
    key = vault.keys.database()
    vault.close()
    assert traces(old / "cases.db", key, WORDS) == []


def test_the_other_cases_say_what_they_said(old: Path) -> None:
    vault = opened(old)
    case = vault.queries.case("H-2026-001")
    assert case is not None
    assert [note.text for note in case.notes] == ["one", "two", "three"]
    assert b"".join(vault.queries.blob(case.report.attachments[0].sha256)) == b"proof of concept " * 1000
    team = vault.queries.team()
    assert [way.label for way in team.ways_in or ()] == ["Sheet in the safe"]
    vault.close()


def test_the_note_that_was_witnessed_then_still_fits(old: Path) -> None:
    vault = opened(old)
    assert vault.check_against((FORMAT_2 / NOTE).read_text("utf-8")) == ()
    vault.close()


def test_its_backup_becomes_a_store_again(tmp_path: Path) -> None:
    there = shelf(9, floor=FLOOR)
    vault = restore(FORMAT_2 / BACKUP, tmp_path / "again.holdfast", recovery_code(), LATER, there, device_label="new")
    assert vault.verify().ok
    assert vault.queries.case(ERASED) is not None
    vault.close()


def test_work_goes_on_in_it(old: Path) -> None:
    vault = opened(old)
    happen(vault, 1, e.NoteAdded(text="years later"), now=LATER)
    vault.rebuild()
    assert vault.verify().ok
    vault.close()
