"""The door to the database: what it demands, what it denies, how it names a fault."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
import sqlcipher3

from app.domain.errors import AppError, Defect, Environment
from app.store.connection import Connection, told
from app.store.folder import DATABASE
from app.store.pages import PAGE
from app.store.vault import SqlVault
from tests.app.store.building import insider, keys_of

KEY = bytes(range(32))
OUT_OF_ORDER = (
    "INSERT INTO log SELECT seq + 5, event_id, stream, stream_prev, kind, at, actor, device, device_seq, prev, seal,"
    " commitment, state_digest, state_version, hash FROM log WHERE seq = 1"
)


def code_of(path: Path, key: bytes = KEY) -> str:
    with pytest.raises(AppError) as caught:
        Connection(path, key)
    return caught.value.code


def test_a_missing_file_is_not_created(tmp_path: Path) -> None:
    assert code_of(tmp_path / "cases.db") == "store.database-missing"
    assert not (tmp_path / "cases.db").exists()


def test_an_empty_file_is_no_empty_store(tmp_path: Path) -> None:
    (tmp_path / "cases.db").touch()
    assert code_of(tmp_path / "cases.db") == "store.database-empty"


def test_a_database_without_encryption_is_refused(tmp_path: Path) -> None:
    plain = sqlite3.connect(tmp_path / "cases.db")
    plain.execute("CREATE TABLE t (x)")
    plain.commit()
    plain.close()
    assert code_of(tmp_path / "cases.db") == "store.not-encrypted"


@pytest.mark.parametrize("size", [1, 100, PAGE - 1, PAGE + 1])
def test_a_file_that_does_not_end_with_a_page_is_truncated(closed: Path, size: int) -> None:
    path = closed / DATABASE
    path.write_bytes(path.read_bytes()[:size])
    assert code_of(path, keys_of(closed).database()) == "store.database-truncated"


@pytest.mark.parametrize("pages", [1, 2, 10])
def test_a_file_cut_at_a_page_is_truncated_too(closed: Path, pages: int) -> None:
    path = closed / DATABASE
    path.write_bytes(path.read_bytes()[: -PAGE * pages])
    assert code_of(path, keys_of(closed).database()) == "store.database-truncated"


@pytest.mark.parametrize("place", [0, 16, 100, 2000])
def test_a_damaged_first_page_is_not_called_a_wrong_passphrase(closed: Path, place: int) -> None:
    path = closed / DATABASE
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    assert code_of(path, keys_of(closed).database()) == "store.damaged"


@pytest.mark.parametrize(
    ("pragma", "answer"),
    [
        ("journal_mode", "truncate"),
        ("synchronous", 3),
        ("locking_mode", "exclusive"),
        ("temp_store", 2),
        ("foreign_keys", 1),
        ("trusted_schema", 0),
        ("cell_size_check", 1),
        ("recursive_triggers", 1),
        ("secure_delete", 1),
        ("cipher_memory_security", "0"),
        ("cipher_status", "1"),
        ("cipher_log_level", "NONE"),
        ("fullfsync", 1),
    ],
)
def test_the_settings_hold(db: Connection, pragma: str, answer: object) -> None:
    db._db.set_authorizer(None)
    assert db._db.execute(f"PRAGMA {pragma}").fetchone()[0] == answer


def test_the_full_text_index_forgets_what_is_deleted(db: Connection) -> None:
    assert db.one("SELECT v FROM case_search_config WHERE k = 'secure-delete'") == (1,)


def test_a_setting_that_does_not_hold_stops_everything(tmp_path: Path) -> None:
    (tmp_path / "cases.db").touch()
    # What somebody sets as a default in this process would hold for every database of it.
    other = sqlcipher3.connect(":memory:")
    other.execute("PRAGMA cipher_default_use_hmac = OFF").fetchall()
    try:
        with pytest.raises(Environment) as caught:
            Connection(tmp_path / "cases.db", KEY, fresh=True)
    finally:
        other.execute("PRAGMA cipher_default_use_hmac = ON").fetchall()
        other.close()
    assert (caught.value.code, caught.value.facts["setting"]) == ("store.unsafe", "cipher_use_hmac")


@pytest.mark.parametrize(
    "sql",
    [
        "ATTACH DATABASE ':memory:' AS other",
        "ATTACH DATABASE 'plain.db' AS plain KEY ''",
        "DETACH DATABASE main",
        "VACUUM INTO 'copy.db'",
        "SELECT sqlcipher_export('plain')",
        "SELECT load_extension('x')",
        "SELECT fts3_tokenizer('x')",
        "PRAGMA key = 'x'",
        "PRAGMA rekey = 'x'",
        "PRAGMA cipher_hmac_pgno = be",
        "PRAGMA cipher_plaintext_header_size = 16",
        "PRAGMA cipher_default_kdf_iter = 1",
        "PRAGMA cipher_memory_security = ON",
        "PRAGMA temp_store = FILE",
        "PRAGMA temp_store",
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = OFF",
        "PRAGMA trusted_schema = ON",
        "PRAGMA writable_schema = ON",
        "PRAGMA recursive_triggers = OFF",
        "PRAGMA user_version = 9",
        "PRAGMA application_id = 9",
        "CREATE TABLE mine (x)",
        "CREATE TEMP TABLE mine (x)",
        "CREATE TRIGGER t AFTER INSERT ON log BEGIN SELECT 1; END",
        "CREATE VIEW v AS SELECT 1",
        "DROP TABLE log",
        "DROP TRIGGER log_kept",
        "ALTER TABLE log RENAME TO gone",
        "ALTER TABLE log ADD COLUMN x",
        "CREATE VIRTUAL TABLE f USING fts5(x)",
        "DELETE FROM sqlite_schema",
        "UPDATE sqlite_schema SET sql = ''",
        "REINDEX",
        "ANALYZE",
    ],
)
def test_sql_may_not(db: Connection, sql: str) -> None:
    with pytest.raises(AppError):
        db.run(sql)
    assert db.one("SELECT count(*) FROM log")[0] > 0


def test_the_driver_can_not_load_extensions(db: Connection) -> None:
    with pytest.raises(sqlcipher3.Error):
        db._db.load_extension("anything")


def test_a_migration_may_change_the_schema_and_afterwards_nobody_may(db: Connection) -> None:
    with db.changing_schema():
        db.run("CREATE TABLE mine (x)")
    with pytest.raises(AppError):
        db.run("DROP TABLE mine")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE log SET kind = 'x'",
        "DELETE FROM log",
        "INSERT OR REPLACE INTO log SELECT * FROM log WHERE seq = 1",
        "UPDATE body SET content = x'00'",
        "DELETE FROM body",
        "INSERT OR REPLACE INTO body (seq, salt, content) VALUES (1, x'00', x'00')",
        "DELETE FROM signature",
        "UPDATE signature SET sig = x'00'",
        "UPDATE stream SET name = 'team'",
        "DELETE FROM actor",
        "UPDATE device SET id = 'x'",
        OUT_OF_ORDER,
    ],
)
def test_the_log_is_append_only(db: Connection, sql: str) -> None:
    before = db.all("SELECT * FROM log ORDER BY seq"), db.all("SELECT * FROM body ORDER BY seq")
    with pytest.raises(Defect) as caught:
        db.run(sql)
    assert str(caught.value.facts["reason"]).split(".")[1] in ("append-only", "out-of-order")
    assert (db.all("SELECT * FROM log ORDER BY seq"), db.all("SELECT * FROM body ORDER BY seq")) == before


def test_a_second_connection_is_refused_by_the_database_too(vault: SqlVault, folder: Path) -> None:
    with pytest.raises(Environment) as caught:
        insider(folder)
    assert caught.value.code == "store.busy"
    assert vault.queries.team().name == "Aster security team"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (5, "store.busy"),
        (8, "disk.readonly"),
        (8 | 1 << 8, "disk.readonly"),
        (10 | 2 << 8, "disk.io"),
        (11, "store.damaged"),
        (11 | 1 << 8, "store.damaged"),
        (13, "disk.full"),
        (14, "disk.io"),
        (26, "store.damaged"),
    ],
)
def test_a_fault_of_the_driver_has_a_name(number: int, code: str) -> None:
    fault = sqlcipher3.DatabaseError("the text of a case")
    fault.sqlite_errorcode = number
    assert told(fault).code == code
    assert "text of a case" not in repr(told(fault)) + str(told(fault).facts)


def test_a_wrong_statement_is_our_fault_and_keeps_its_text_to_itself(db: Connection) -> None:
    with pytest.raises(Defect) as caught:
        db.run("SELECT secretword FROM log")
    assert "secretword" not in str(caught.value) + str(caught.value.facts)
    assert caught.value.__cause__ is None


def test_another_thread_may_not_use_the_connection(db: Connection) -> None:
    caught: list[BaseException] = []

    def use() -> None:
        try:
            db.one("SELECT 1")
        except AppError as fault:
            caught.append(fault)

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert [type(fault) for fault in caught] == [Defect]
