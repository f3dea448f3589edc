"""Stores that earlier versions wrote open for ever, and say the same as on the day they were made."""

from __future__ import annotations

import shutil
import unicodedata
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec import UNSET

from app.desk.ports.vault import CaseQuery
from app.domain.errors import Environment, Rejected
from app.domain.events import case_events as e
from app.store.folder import open_store
from app.store.keys import FLOOR
from app.store.slots import FORMAT, read_slot_file
from app.store.vault import SqlVault
from tests.app.store.building import START, happen, place
from tests.app.store.fixture_store import FORMAT_1, NOTE, PASSPHRASE, make

LATER = START + timedelta(days=400)


def opened(folder: Path, passphrase: str = PASSPHRASE) -> SqlVault:
    return open_store(folder, passphrase, LATER, place(3, floor=FLOOR))


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A copy of the store of format 1."""
    return Path(shutil.copytree(FORMAT_1, tmp_path / "old.holdfast"))


def test_a_store_of_format_1_opens_and_verifies(old: Path) -> None:
    vault = opened(old)
    report = vault.verify()
    assert report.findings == ()
    assert report.ok
    assert (report.events, report.blobs) == (18, 1)
    vault.close()


def test_its_passphrase_opens_it_however_it_is_typed(old: Path) -> None:
    opened(old, unicodedata.normalize("NFC", PASSPHRASE)).close()
    with pytest.raises(Rejected):
        opened(old, PASSPHRASE.lower())


def test_it_says_what_it_said(old: Path) -> None:
    vault = opened(old)
    case = vault.queries.case("H-2026-001")
    assert case is not None
    assert case.title == "Parser reads far past the end"
    assert [cve.id for cve in case.cves] == ["CVE-2099-00001"]
    assert case.embargo.until == START + timedelta(days=9)
    assert [note.text for note in case.notes] == ["one", "two", "three"]
    assert b"".join(vault.queries.blob(case.report.attachments[0].sha256)) == b"proof of concept " * 1000
    assert [row.ref for row in vault.queries.cases(CaseQuery(text="far past", sort="ref")).rows] == ["H-2026-001"]
    assert vault.queries.known("nswg:core:1") == ("H-2026-001", "ab" * 32)
    assert [row.actor.name for row in vault.queries.history("H-2026-002")] == [
        "Ada Example",
        "Noor Sample",
        "Ada Example",
    ]
    assert vault.queries.team().name == "Aster security team"
    vault.close()


def test_the_note_that_was_witnessed_then_still_fits(old: Path) -> None:
    vault = opened(old)
    assert vault.check_against((FORMAT_1 / NOTE).read_text("utf-8")) == ()
    vault.close()


def test_work_goes_on_in_it(old: Path) -> None:
    vault = opened(old)
    happen(vault, 1, e.NoteAdded(text="years later"), now=LATER)
    vault.rebuild()
    assert vault.verify().ok
    vault.close()


def test_the_same_story_told_today_gives_the_same_log(tmp_path: Path, old: Path) -> None:
    """Every link, digest and signature: nothing of the format has moved."""
    make(tmp_path / "new.holdfast")
    assert (tmp_path / "new.holdfast" / NOTE).read_bytes() == (FORMAT_1 / NOTE).read_bytes()


def test_its_slot_file_becomes_one_of_today_when_it_is_opened(old: Path) -> None:
    before = (old / "keyslots.json").read_bytes()
    opened(old).close()
    slots = read_slot_file((old / "keyslots.json").read_bytes())
    assert (slots.content["format"], slots.revision, slots.epoch) == (FORMAT, 3, 1)
    assert (old / "keyslots.json").read_bytes() == (old / "keyslots.json.bak").read_bytes()
    opened(old).close()
    (old / "keyslots.json").write_bytes(before)
    (old / "keyslots.json.bak").unlink()
    with pytest.raises(Environment) as caught:
        opened(old)
    assert caught.value.code == "store.slots-old"


def test_becoming_one_of_today_is_no_event(old: Path) -> None:
    vault = opened(old)
    assert vault.verify().events == 18
    assert vault.queries.team().ways_in is UNSET
    vault.close()
