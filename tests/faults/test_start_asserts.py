"""T22: a program that can't keep its promises on this machine does not run on it: each setting, the codec, its age."""

from __future__ import annotations

import sqlite3
import types
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3
from typing_extensions import override

from app.domain.errors import AppError, Defect, Environment
from app.presenters.words import error_words
from app.store import connection
from app.store.connection import Connection
from app.store.place import DATABASE
from tests.app.store.building import keys_of, new_store
from tests.faults.figures import tell

WRONG = {
    "cipher_log_level": "ERROR",
    "journal_mode": "WAL",
    "synchronous": "NORMAL",
    "locking_mode": "NORMAL",
    "temp_store": "FILE",
    "foreign_keys": "OFF",
    "trusted_schema": "ON",
    "cell_size_check": "OFF",
    "recursive_triggers": "OFF",
    "secure_delete": "OFF",
    "mmap_size": "1048576",
    "fullfsync": "OFF",
    "cache_size": "-2000",
}
OTHERWISE = {"journal_mode": ("DELETE", "MEMORY", "PERSIST", "OFF"), "synchronous": ("OFF", "FULL")}


def setting_of(folder: Path) -> str:
    """The setting for which the store is not opened."""
    with pytest.raises(Environment) as caught:
        Connection(folder / DATABASE, keys_of(folder).database())
    assert caught.value.code == "store.unsafe"
    assert str(caught.value.facts["setting"]) in error_words(caught.value)
    return str(caught.value.facts["setting"])


def test_every_setting_that_does_not_hold_stops_the_program(story: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {name for name, _, _ in connection._SETTINGS}
    assert set(WRONG) == asked
    tried = 0
    for name, value in WRONG.items():
        for wrong in (value, *OTHERWISE.get(name, ())):
            changed = tuple(
                f"PRAGMA {name} = {wrong}" if statement.startswith(f"PRAGMA {name} ") else statement
                for statement in connection._SET
            )
            with monkeypatch.context() as patch:
                patch.setattr(connection, "_SET", changed)
                assert setting_of(story) == name
            tried += 1
    Connection(story / DATABASE, keys_of(story).database()).close()
    tell("T22", "settings that do not hold", trials=tried, refused=tried)


def test_a_setting_that_is_misspelt_stops_the_program(story: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    misspelt = tuple(s.replace("synchronous", "synchronos") for s in connection._SET)
    monkeypatch.setattr(connection, "_SET", misspelt)
    assert setting_of(story) == "synchronous"


def test_a_database_in_the_open_is_refused(tmp_path: Path) -> None:
    path = tmp_path / DATABASE
    plain = sqlite3.connect(path)
    plain.execute("CREATE TABLE t (x)")
    plain.commit()
    plain.close()
    with pytest.raises(Environment) as caught:
        Connection(path, bytes(32))
    assert caught.value.code == "store.not-encrypted"


class Without(sqlcipher3.Connection):  # type: ignore[misc]
    """A driver whose way of taking a key does nothing, as a misspelt pragma does."""

    def set_key(self, _key: str) -> None:
        """Says nothing."""


def test_a_key_that_never_arrives_makes_no_store_in_the_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = sqlcipher3.connect

    def connect(*arguments: Any, **named: Any) -> Any:
        return real(*arguments, factory=Without, **named)

    monkeypatch.setattr(connection, "sqlcipher3", stand_in(connect))
    with pytest.raises(Environment) as caught:
        new_store(tmp_path / "team.holdfast")
    assert (caught.value.code, caught.value.facts["setting"]) == ("store.unsafe", "cipher_status")
    assert not (tmp_path / "team.holdfast").exists()


@pytest.mark.parametrize("spelt", ["x'00'", "x'" + "0" * 63 + "g'", "", "a passphrase"])
def test_a_key_that_the_library_would_take_for_a_passphrase_is_never_handed_to_it(
    story: Path, monkeypatch: pytest.MonkeyPatch, spelt: str
) -> None:
    class Odd(bytes):
        @override
        def hex(self, *_given: Any) -> str:
            return spelt[2:-1]

    with pytest.raises(Defect) as caught:
        Connection(story / DATABASE, Odd(32))
    assert caught.value.code == "store.bad-key"


def stand_in(connect: Any) -> types.SimpleNamespace:
    """A module in the place of the driver."""
    return types.SimpleNamespace(connect=connect, Error=sqlcipher3.Error)


def test_a_library_without_a_codec_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = types.SimpleNamespace(connect=sqlite3.connect, Error=sqlite3.Error)
    monkeypatch.setattr(connection, "sqlcipher3", without)
    with pytest.raises(AppError) as caught:
        new_store(tmp_path / "team.holdfast")
    assert (caught.value.code, caught.value.facts["setting"]) == ("store.unsafe", "cipher_version")
    assert list(tmp_path.iterdir()) == []


class Answering(sqlcipher3.Connection):  # type: ignore[misc]
    """A driver that says it is of another version."""

    version = ""

    @override
    def execute(self, sql: str, *values: Any) -> Any:
        if sql == "PRAGMA cipher_version":
            return types.SimpleNamespace(fetchone=lambda: (self.version,))
        return super().execute(sql, *values)


@pytest.mark.parametrize(
    "version", ["3.4.2", "4.0.0 community", "4.5.6 community", "4.18.9 community", "", "community", "4", "x4.20.0"]
)
def test_an_old_or_unknown_cipher_is_refused(story: Path, monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    with_version = type("Old", (Answering,), {"version": version})
    real = sqlcipher3.connect
    monkeypatch.setattr(
        connection, "sqlcipher3", stand_in(lambda *given, **named: real(*given, factory=with_version, **named))
    )
    assert setting_of(story) == "cipher_version"


@pytest.mark.parametrize("version", ["4.19.0 community", "4.20.1 community", "5.0.0", "10.1 commercial"])
def test_this_cipher_and_later_ones_are_taken(story: Path, monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    with_version = type("New", (Answering,), {"version": version})
    real = sqlcipher3.connect
    monkeypatch.setattr(
        connection, "sqlcipher3", stand_in(lambda *given, **named: real(*given, factory=with_version, **named))
    )
    db = Connection(story / DATABASE, keys_of(story).database())
    assert db.number("page_count") > 0
    db.close()
