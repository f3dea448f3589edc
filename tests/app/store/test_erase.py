"""Erasing a case: its words and files go, its links stay, and whatever nobody said may go is noticed."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.desk.ports.vault import CaseQuery
from app.domain.case.erasure import remains_of
from app.domain.errors import Defect, Environment
from app.domain.events import case_events as e
from app.domain.events.erased import EventErased
from app.domain.events.erasure_events import CaseErased
from app.domain.events.release_events import CaseBundled, ReleaseExported
from app.domain.events.team_events import DatasetExported
from app.domain.team import TEAM_STREAM
from app.domain.values import Blob, OutFile
from app.store.compaction import compact, is_due, note_erasure
from app.store.connection import Connection
from app.store.folder import open_store
from app.store.keys import FLOOR
from app.store.vault import SqlVault
from tests.app.store.building import (
    ADA,
    START,
    add_case,
    add_release,
    codes,
    found,
    happen,
    insider,
    keys_of,
    place,
    reopen,
    tampering,
    tell_a_story,
)
from tests.app.store.erasing import TEXT, TITLE, WORDS, erase, tell_secrets
from tests.app.store.fixture_store import FORMAT_1, PASSPHRASE


def stored(vault: SqlVault, blob: Blob) -> bool:
    try:
        return b"".join(vault.queries.blob(blob.sha256)) != b""
    except Environment as fault:
        if fault.code != "blob.missing":
            raise
        return False


@pytest.fixture
def erased(vault: SqlVault, folder: Path) -> Path:
    """A closed store of two cases, the first of them erased."""
    tell_secrets(vault)
    add_case(vault, 2, title="Another one")
    with vault.transaction(ADA, START) as tx:
        tx.keep_draft(TEAM_STREAM, "cases-search", TITLE)
    erase(vault)
    vault.close()
    return folder


def test_a_store_verifies_after_erasing_and_tells_how_many_bodies_are_gone(vault: SqlVault) -> None:
    tell_a_story(vault)
    tell_secrets(vault, 7)
    before = vault.queries.history_count("H-2026-007")
    erase(vault, 7)
    report = vault.verify()
    assert report.findings == ()
    # Everything before the event that erased, the proposal among it.
    assert (report.ok, report.erased) == (True, before + 1)
    assert vault.queries.history_count("H-2026-007") == before + 2


def test_it_verifies_after_opening_again_rebuilding_and_compacting(erased: Path) -> None:
    vault = reopen(erased)
    assert vault.compact()
    assert vault.verify().ok
    vault.rebuild()
    assert vault.verify().ok
    assert [row.ref for row in vault.queries.cases(CaseQuery(sort="ref")).rows] == ["H-2026-001", "H-2026-002"]
    vault.close()


def test_an_earlier_checkpoint_still_fits(vault: SqlVault) -> None:
    tell_secrets(vault)
    note = vault.checkpoint(ADA, START, "day")
    erase(vault)
    assert vault.check_against(note.text) == ()


def test_what_remains_is_shown_and_found_and_nothing_else(vault: SqlVault) -> None:
    tell_secrets(vault)
    assert vault.queries.count(CaseQuery(text=TEXT[:9])) == 1
    case = erase(vault)
    assert vault.queries.case("H-2026-001") == case
    assert (case.title, case.is_erased) == ("H-2026-001", True)
    for word in WORDS:
        assert vault.queries.count(CaseQuery(text=word)) == 0
    assert vault.queries.count(CaseQuery(text="H-2026-001")) == 1
    assert vault.queries.cve_owner("CVE-2099-00042") == "H-2026-001"
    assert vault.queries.draft("H-2026-001", "advisory") is None
    assert vault.queries.draft(TEAM_STREAM, "cases-search") is None


def test_the_history_tells_who_did_what_when_but_not_what_was_said(vault: SqlVault) -> None:
    tell_secrets(vault)
    erase(vault)
    rows = vault.queries.history("H-2026-001")
    by = rows[-1].seq
    assert rows[0].event == EventErased(kind="ReportReceived", by=by)
    assert all(isinstance(row.event, EventErased) for row in rows[:-1])
    assert rows[0].actor == ADA
    assert rows[0].at == START


def test_the_files_of_the_case_go(vault: SqlVault) -> None:
    files = tell_secrets(vault)
    assert all(stored(vault, blob) for blob in files)
    erase(vault)
    assert not any(stored(vault, blob) for blob in files)
    assert vault.verify().blobs == 0


def test_a_file_that_another_case_speaks_of_stays(vault: SqlVault) -> None:
    proof, patch, letter, _ = tell_secrets(vault)
    add_case(vault, 2, e.AttachmentAdded(blob=proof))
    erase(vault)
    assert [stored(vault, blob) for blob in (proof, patch, letter)] == [True, False, False]
    assert vault.verify().ok


def exported(vault: SqlVault, text: bytes) -> tuple[Blob, OutFile]:
    with vault.transaction(ADA, START) as tx:
        blob = tx.put_blob(text, "text.md")
    return blob, OutFile(name="text.md", sha256=blob.sha256, size=blob.size)


@pytest.mark.parametrize(
    ("audience", "stays"), [("public", True), ("notice", True), ("party", False), ("internal", False)]
)
def test_of_what_its_release_sent_only_the_public_texts_stay(vault: SqlVault, audience: Any, stays: bool) -> None:
    tell_secrets(vault)
    blob, file = exported(vault, b"the texts of the release")
    other, other_file = exported(vault, b"the texts of another release")
    happen(vault, 1, e.BundledInRelease(release="R-2026-001", target=START))
    add_release(vault, 1, [CaseBundled(case="C000001", ref="H-2026-001")])
    with vault.transaction(ADA, START) as tx:
        tx.append("release:R000001", [ReleaseExported(format="mail", audience=audience, files=(file,))])
    add_release(vault, 2, [ReleaseExported(format="mail", audience=audience, files=(other_file,))])
    erase(vault)
    assert (stored(vault, blob), stored(vault, other)) == (stays, True)
    assert vault.verify().ok


def test_an_evidence_file_of_the_whole_store_goes_and_the_public_record_stays(vault: SqlVault) -> None:
    tell_secrets(vault)
    inside, inside_file = exported(vault, b"all that is known")
    public, public_file = exported(vault, b"all that is public")
    with vault.transaction(ADA, START) as tx:
        tx.append(TEAM_STREAM, [DatasetExported(format="evidence", audience="internal", files=(inside_file,))])
        tx.append(TEAM_STREAM, [DatasetExported(format="nswg", audience="public", files=(public_file,))])
    erase(vault)
    assert (stored(vault, inside), stored(vault, public)) == (False, True)


def erase_and_fail(vault: SqlVault) -> None:
    case = vault.queries.case("H-2026-001")
    assert case is not None
    with vault.transaction(ADA, START) as tx:
        tx.append("case:C000001", [CaseErased(reason="over", remains=remains_of(case))])
        raise ZeroDivisionError


def test_erasing_that_fails_on_the_way_leaves_everything(vault: SqlVault) -> None:
    proof, *_ = tell_secrets(vault)
    with pytest.raises(ZeroDivisionError):
        erase_and_fail(vault)
    assert stored(vault, proof)
    assert vault.queries.count(CaseQuery(text=TITLE)) == 1
    assert vault.queries.draft("H-2026-001", "advisory")
    report = vault.verify()
    assert (report.ok, report.erased) == (True, 0)


def test_a_case_can_be_erased_in_a_store_of_format_1_that_was_brought_up_to_date(tmp_path: Path) -> None:
    old = Path(shutil.copytree(FORMAT_1, tmp_path / "old.holdfast"))
    vault = open_store(old, PASSPHRASE, START + timedelta(days=400), place(3, floor=FLOOR))
    happen(vault, 1, e.CaseClosed(at=START))
    erase(vault)
    assert vault.compact()
    report = vault.verify()
    assert (report.ok, report.blobs) == (True, 0)
    vault.close()


# ------------------------------------------------------------------------------------------ guards
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE body SET content = NULL, salt = NULL, erased_by = (SELECT max(seq) FROM log) WHERE seq = 3",
        "UPDATE body SET content = NULL, salt = NULL, erased_by = 3 WHERE seq = 1",
        "UPDATE body SET content = x'7b7d' WHERE seq = 3",
        "UPDATE body SET salt = x'00' WHERE seq = 3",
        "UPDATE body SET erased_by = (SELECT max(seq) FROM log) WHERE seq = 3",
        "UPDATE body SET seq = 99 WHERE seq = 3",
        "DELETE FROM body WHERE seq = 3",
    ],
)
def test_the_database_refuses_every_other_change_of_a_body(closed: Path, sql: str) -> None:
    db = insider(closed)
    with pytest.raises(Defect) as caught:
        db.run(sql)
    assert caught.value.facts["reason"] == "body.append-only"
    db.close()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE body SET content = x'7b7d', salt = x'00', erased_by = NULL WHERE seq = {erased}",
        "UPDATE body SET erased_by = {other} WHERE seq = {erased}",
        "UPDATE body SET content = NULL, salt = NULL, erased_by = {by} WHERE seq = {other}",
        "UPDATE body SET content = NULL, salt = NULL, erased_by = {by} WHERE seq = {by}",
    ],
)
def test_the_database_refuses_to_bring_a_body_back_or_to_erase_that_of_another_case(erased: Path, sql: str) -> None:
    db = insider(erased)
    with pytest.raises(Defect) as caught:
        db.run(sql.format(**places(db)))
    assert caught.value.facts["reason"] == "body.append-only"
    db.close()


def places(db: Any) -> dict[str, int]:
    """The numbers of an erased event, of the event that erased it, and of one of another case."""
    erased, by = db.one("SELECT min(seq), max(erased_by) FROM body WHERE erased_by IS NOT NULL")
    other = db.one("SELECT max(l.seq) FROM log l JOIN stream s ON s.no = l.stream WHERE s.name = 'case:C000002'")[0]
    return {"erased": erased, "by": by, "other": other}


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("UPDATE body SET content = NULL, salt = NULL, erased_by = {by} WHERE seq = {other}", "body.erased"),
        ("UPDATE body SET content = NULL, salt = NULL, erased_by = 999 WHERE seq = {other}", "body.erased"),
        ("UPDATE body SET content = NULL, salt = NULL, erased_by = {by} WHERE seq = {by}", "body.erased"),
        ("UPDATE body SET erased_by = {other} WHERE seq = {erased}", "body.erased"),
        (
            "UPDATE body SET content = x'7b7d', salt = x'00', erased_by = NULL WHERE seq = {erased}",
            "erasure.incomplete",
        ),
    ],
)
def test_a_body_that_went_without_its_event_is_a_finding(erased: Path, sql: str, code: str) -> None:
    with tampering(erased) as db:
        db.run(sql.format(**places(db)))
    assert code in found(erased)


def test_an_erased_body_that_an_old_page_brought_back_is_a_finding(vault: SqlVault, folder: Path) -> None:
    tell_secrets(vault)
    vault.close()
    before = insider(folder)
    old = before.one("SELECT seq, salt, content FROM body ORDER BY seq DESC LIMIT 1")
    before.close()
    vault = reopen(folder)
    erase(vault)
    vault.close()
    with tampering(folder) as db:
        db.run("UPDATE body SET salt = ?, content = ?, erased_by = NULL WHERE seq = ?", (old[1], old[2], old[0]))
    assert found(folder) == {"erasure.incomplete"}


# -------------------------------------------------------------------------------------- compaction
def test_compacting_waits_until_something_was_erased_and_is_made_up_for_when_it_failed(
    vault: SqlVault, folder: Path
) -> None:
    tell_secrets(vault)
    assert vault.compact()
    size = (folder / "cases.db").stat().st_size
    erase(vault)
    vault.close()
    assert (folder / "cases.db").stat().st_size >= size
    again = reopen(folder)
    assert (folder / "cases.db").stat().st_size < size / 4
    assert codes(again) == set()
    again.close()


def test_a_store_too_large_for_memory_is_left_as_it_is_and_says_so(erased: Path) -> None:
    db = insider(erased)
    assert is_due(db)
    assert not compact(db, limit=4096)
    assert is_due(db)
    assert compact(db)
    assert not is_due(db)
    db.close()


class Crash(BaseException):
    """The process ends here."""


def test_what_ended_the_program_twice_is_not_tried_at_each_start(erased: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(_: Connection) -> None:
        raise Crash

    db = insider(erased)
    with monkeypatch.context() as patch:
        patch.setattr(Connection, "compact", crash)
        for _ in range(2):
            with pytest.raises(Crash):
                compact(db)
    assert (compact(db), is_due(db)) == (False, True)
    # The next erasure is a new beginning.
    note_erasure(db)
    assert (compact(db), is_due(db)) == (True, False)
    db.close()


def test_a_disk_that_is_full_leaves_it_due(erased: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Connection) -> None:
        raise Environment("disk.full")

    db = insider(erased)
    for _ in range(4):
        with monkeypatch.context() as patch:
            patch.setattr(Connection, "compact", refuse)
            with pytest.raises(Environment):
                compact(db)
    assert compact(db)
    db.close()


def test_nothing_but_compacting_may_attach_a_database(erased: Path) -> None:
    db = insider(erased)
    db.compact()
    for sql in ("VACUUM", "VACUUM INTO 'x.db'", "ATTACH '' AS aside", "ATTACH ? AS aside"):
        with pytest.raises(Defect):
            db.run(sql, ("",) if "?" in sql else ())
    assert db.one("SELECT count(*) FROM log")[0] > 0
    db.close()
    assert keys_of(erased).store_id
