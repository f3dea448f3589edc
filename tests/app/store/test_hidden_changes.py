"""Changes with the key that leave every event and every row as it was, and yet change what is seen or written later."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from app.store.connection import Connection
from app.store.migrate import migrate, newest_format, schema
from app.store.vault import SqlVault
from app.store.verify import verification
from app.store.verify.findings import Findings, Watch
from app.store.verify.index_check import check_indexes
from app.store.verify.schema_check import SCHEMAS
from tests.app.store.building import ADA, START, add_case, found, insider, reopen, tampering


@pytest.fixture
def settled(closed: Path) -> Path:
    """A store of two cases whose texts all lie in the index."""
    vault = reopen(closed)
    add_case(vault, 2, title="Second case")
    vault.checkpoint(ADA, START, "day")
    vault.close()
    return closed


@pytest.mark.parametrize(
    "put_in",
    [
        "INSERT INTO fresh_text (id, words) SELECT min(id) + 100, 'never said' FROM case_text",
        "INSERT INTO fresh_text (id, words) VALUES (1 << 30, 'of no case at all')",
        "INSERT INTO stale_text (id) SELECT max(id) FROM case_text",
    ],
)
def test_a_text_hidden_from_search_is_found_whatever_stands_in_for_it(settled: Path, put_in: str) -> None:
    with tampering(settled) as db:
        db.run("INSERT INTO stale_text (id) SELECT min(id) FROM case_text")
        db.run(put_in)
    assert found(settled) == {"projection.differs"}


def test_a_mark_for_a_text_that_is_not_there_makes_up_for_no_text(settled: Path) -> None:
    with tampering(settled) as db:
        db.run("INSERT INTO stale_text (id) VALUES (1 << 30)")
        db.run("INSERT INTO fresh_text (id, words) VALUES ((1 << 30) + 1, 'of no case at all')")
    assert found(settled) == {"projection.differs"}


def test_a_mark_left_over_for_a_text_that_went_is_found(settled: Path) -> None:
    with tampering(settled) as db:
        db.run("INSERT INTO stale_text (id) VALUES (1 << 30)")
    assert found(settled) == {"projection.differs"}


def test_texts_that_wait_or_no_longer_hold_are_no_finding(settled: Path) -> None:
    vault = reopen(settled)
    add_case(vault, 3, title="Third case")
    assert vault.verify().ok
    vault.close()


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TRIGGER later AFTER INSERT ON log BEGIN DELETE FROM draft; END",
        "CREATE TABLE beside (words TEXT) STRICT",
        "DROP TRIGGER log_kept",
        "DROP TRIGGER body_kept_whole",
        "DROP INDEX case_by_due",
    ],
)
def test_a_rule_put_in_or_taken_out_is_found(closed: Path, sql: str) -> None:
    db = insider(closed)
    with db.changing_schema():
        db.run(sql)
    db.close()
    assert found(closed) == {"schema.differs"}


def test_the_schema_of_the_newest_format_is_known(tmp_path: Path) -> None:
    (tmp_path / "cases.db").touch()
    db = Connection(tmp_path / "cases.db", bytes(32), fresh=True)
    migrate(db)
    assert SCHEMAS[newest_format()] == hashlib.sha256(schema(db).encode()).hexdigest()
    db.close()


def test_the_look_at_the_indexes_can_be_stopped(vault: SqlVault, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []

    def noted(db: Connection, findings: Findings, watch: Watch) -> None:
        begun.append("indexes")
        check_indexes(db, findings, watch)

    monkeypatch.setattr(verification, "check_indexes", noted)
    report = vault.verify(cancelled=lambda: bool(begun))
    assert (report.ok, report.cancelled, report.findings) == (False, True, ())
