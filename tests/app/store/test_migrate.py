"""A store of an older format is brought up to date when it opens, and lies beside itself as it was before."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from typing_extensions import override

from app.bootstrap import Parts, open_store
from app.domain.errors import Environment
from app.domain.events import case_events as e
from app.presenters.words import error_words
from app.store import restore as store_restore
from app.store.connection import Connection
from app.store.folder import DATABASE
from app.store.folder import open_store as open_folder
from app.store.keeper import BackupKeeper
from app.store.keys import FLOOR, StoreKeys
from app.store.migrate import newest_format
from app.store.place import Place
from app.store.unlocking import unlock
from tests.app.store.building import START, happen, place
from tests.app.store.fixture_store import FORMAT_1, PASSPHRASE
from tests.fakes_vault import StandingClock

LATER = START + timedelta(days=400)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A copy of the store of format 1, in a folder of its own."""
    folder = Path(shutil.copytree(FORMAT_1, tmp_path / "team.holdfast"))
    (folder / "checkpoint.txt").unlink()
    return folder


def parts() -> Parts:
    """The real adapters, less the memory of this machine: each test opens the same store for the first time."""
    made = Parts(StandingClock(LATER))
    made.place = msgspec.structs.replace(made.place, seen=None)
    return made


def format_of(folder: Path) -> int:
    keys = unlock(folder, PASSPHRASE, place(3, floor=FLOOR)).opened.keys
    db = Connection(folder / DATABASE, keys.database())
    try:
        return db.number("user_version")
    finally:
        db.close()


def beside(old: Path) -> list[str]:
    return sorted(path.name for path in old.parent.iterdir() if path != old)


def test_opening_an_old_store_keeps_it_beside_as_it_was_and_says_so(old: Path) -> None:
    session = open_store(old, PASSPHRASE, parts=parts())
    name = f"team-before-format-{newest_format()}-20270406T090000Z.holdfast-backup"
    assert beside(old) == [name]
    told = [warning for warning in session.warnings if warning.code == "store.upgraded"]
    assert [warning.facts["file"] for warning in told] == [name]
    assert name in error_words(told[0])
    assert session.vault.verify().ok
    session.close()
    assert format_of(old) == newest_format()


def test_the_second_time_there_is_nothing_to_say(old: Path) -> None:
    open_store(old, PASSPHRASE, parts=parts()).close()
    kept = beside(old)
    session = open_store(old, PASSPHRASE, parts=parts())
    assert [warning.code for warning in session.warnings if warning.code == "store.upgraded"] == []
    session.close()
    assert beside(old) == kept


def test_the_store_can_be_made_again_from_what_was_kept(old: Path, tmp_path: Path) -> None:
    open_store(old, PASSPHRASE, parts=parts()).close()
    (kept,) = beside(old)
    shutil.rmtree(old)
    again = tmp_path / "again.holdfast"
    vault = store_restore.restore(tmp_path / kept, again, PASSPHRASE, LATER, parts().shelf())
    case = vault.queries.case("H-2026-001")
    assert case is not None
    assert case.title == "Parser reads far past the end"
    assert vault.verify().ok
    vault.close()
    # What is a backup already needs none before it is brought up to date.
    assert beside(again) == [kept]


def test_what_can_not_be_kept_is_not_changed(old: Path) -> None:
    before = (old / DATABASE).read_bytes()

    class NoRoom(BackupKeeper):
        @override
        def keep(self, db: Connection, folder: Path, keys: StoreKeys) -> str:
            raise Environment("disk.full")

    with pytest.raises(Environment) as caught:
        open_folder(old, PASSPHRASE, LATER, keeping(NoRoom(parts().shelf(), StandingClock(LATER))))
    assert caught.value.code == "disk.full"
    assert (old / DATABASE).read_bytes() == before
    assert format_of(old) == 1


def keeping(keeper: BackupKeeper) -> Place:
    return place(3, floor=FLOOR, keeper=keeper)


def test_looking_at_a_damaged_store_changes_nothing_in_it(old: Path) -> None:
    before = (old / DATABASE).read_bytes()
    vault = open_folder(old, PASSPHRASE, LATER, place(3, floor=FLOOR), inspect=True)
    assert vault.verify().ok
    vault.close()
    assert (old / DATABASE).read_bytes() == before
    assert format_of(old) == 1


@pytest.mark.parametrize("inspect", [False, True])
def test_a_store_of_a_later_version_is_left_alone(old: Path, inspect: bool) -> None:
    open_folder(old, PASSPHRASE, LATER, place(3, floor=FLOOR)).close()
    keys = unlock(old, PASSPHRASE, place(3, floor=FLOOR)).opened.keys
    db = Connection(old / DATABASE, keys.database())
    with db.changing_schema():
        db.run(f"PRAGMA user_version = {newest_format() + 1}")
    db.close()
    before = (old / DATABASE).read_bytes()
    with pytest.raises(Environment) as caught:
        open_folder(old, PASSPHRASE, LATER, place(3, floor=FLOOR), inspect=inspect)
    assert (caught.value.code, caught.value.facts["version"]) == ("store.newer", newest_format() + 1)
    assert (old / DATABASE).read_bytes() == before


def test_work_goes_on_after_it(old: Path) -> None:
    vault = open_folder(old, PASSPHRASE, LATER, place(3, floor=FLOOR))
    happen(vault, 1, e.NoteAdded(text="years later"), now=LATER)
    vault.rebuild()
    assert vault.verify().ok
    vault.close()
