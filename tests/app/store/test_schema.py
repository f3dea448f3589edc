"""The schema: what the migrations make is what the checked-in file says, and one transaction each."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.errors import AppError
from app.store.connection import APPLICATION_ID, Connection
from app.store.migrate import migrate, schema, steps
from tests.app.store.building import insider

SCHEMA = Path(__file__).resolve().parents[2] / "data" / "schema.sql"


@pytest.fixture
def empty(tmp_path: Path) -> Connection:
    (tmp_path / "cases.db").touch()
    return Connection(tmp_path / "cases.db", bytes(32), fresh=True)


def test_the_schema_is_what_the_checked_in_file_says(empty: Connection) -> None:
    migrate(empty)
    made = schema(empty)
    empty.close()
    assert made == SCHEMA.read_text("utf-8"), "look at the difference, then accept it into tests/data/schema.sql"


def test_the_steps_are_numbered_without_a_gap(empty: Connection) -> None:
    assert [number for number, _ in steps()] == list(range(1, len(steps()) + 1))
    migrate(empty)
    assert (empty.number("user_version"), empty.number("application_id")) == (len(steps()), APPLICATION_ID)
    migrate(empty)
    assert empty.number("user_version") == len(steps())
    empty.close()


def test_a_step_that_fails_leaves_nothing(empty: Connection) -> None:
    with empty.changing_schema(), pytest.raises(AppError):
        empty.script(
            "BEGIN IMMEDIATE;\nCREATE TABLE one (x);\nCREATE TABLE one (x);\nPRAGMA user_version = 7;\nCOMMIT;"
        )
    assert empty.number("user_version") == 0
    assert empty.all("SELECT name FROM sqlite_schema") == []
    empty.close()


def test_a_database_of_another_program_is_not_migrated(closed: Path) -> None:
    db = insider(closed)
    with db.changing_schema():
        db.run("PRAGMA application_id = 7")
    with pytest.raises(AppError) as caught:
        migrate(db)
    db.close()
    assert (caught.value.code, caught.value.facts["part"]) == ("store.damaged", "application-id")
