"""Replacing the store key: every way in goes on, the old key opens nothing, and a crash anywhere is gone on from."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typing_extensions import override

from app.domain.errors import AppError, Environment, Rejected
from app.domain.events.team_events import StoreRekeyed
from app.machine.files import DiskFiles
from app.store.connection import Connection
from app.store.folder import open_store
from app.store.keys import StoreKeys
from app.store.place import DATABASE, SLOTS, SLOTS_COPY, Place
from app.store.rekey import rekey
from app.store.slots import read_slot_file
from app.store.vault import SqlVault
from tests.app.store.building import (
    ADA,
    CHEAP,
    NOOR,
    PASSPHRASE,
    START,
    SeededIds,
    add_case,
    keys_of,
    place,
    reopen,
)
from tests.app.store.test_ways_in import DyingFiles, Killed, World

CANARY = "canary-of-the-rekeyed-store"


def opens_with(folder: Path, key: bytes) -> bool:
    """Whether this raw key opens the database of a closed store."""
    try:
        Connection(folder / DATABASE, key).close()
    except Environment:
        return False
    return True


def events(vault: SqlVault) -> list[StoreRekeyed]:
    return [row.event for row in vault.queries.history("team") if isinstance(row.event, StoreRekeyed)]


def test_every_way_goes_on_and_the_old_key_opens_nothing(vault: SqlVault, folder: Path) -> None:
    add_case(vault, text=CANARY)
    world = World(vault)
    _, code = world.add_recovery()
    old, before = vault.keys, (folder / SLOTS).read_bytes()
    rekey(vault, world.place, NOOR, START)
    assert vault.verify().ok
    assert (events(vault), vault.queries.team().epoch) == ([StoreRekeyed(epoch=2)], 2)
    assert vault.queries.history("team", newest_first=True, limit=1)[0].actor == NOOR
    add_case(vault, 2, text="work goes on")
    vault.close()
    assert not opens_with(folder, old.database())
    assert opens_with(folder, keys_of(folder).database())
    assert (folder / SLOTS).read_bytes() == (folder / SLOTS_COPY).read_bytes()
    slots = read_slot_file((folder / SLOTS).read_bytes(), CHEAP)
    assert (slots.epoch, slots.content.get("pending")) == (2, None)
    assert slots.revision > read_slot_file(before, CHEAP).revision
    assert world.opens(PASSPHRASE)
    assert world.opens(code)


def test_it_can_be_done_again_and_again(vault: SqlVault) -> None:
    for epoch in (2, 3, 4):
        rekey(vault, place(40 + epoch), ADA, START)
        assert vault.queries.team().epoch == epoch
        add_case(vault, epoch)
    vault.close()
    again = reopen(vault.folder)
    assert len(events(again)) == 3
    assert again.verify().ok
    again.close()


def test_what_waits_for_the_index_of_words_is_still_found(vault: SqlVault) -> None:
    from app.desk.ports.vault import CaseQuery

    add_case(vault, title="Borealis before")
    rekey(vault, place(9), ADA, START)
    add_case(vault, 2, title="Borealis after")
    found = vault.queries.cases(CaseQuery(text="borealis", sort="ref")).rows
    assert [row.ref for row in found] == ["H-2026-001", "H-2026-002"]


def test_the_key_is_in_no_statement_and_in_no_file(vault: SqlVault, folder: Path) -> None:
    said: list[str] = []
    vault.db._db.set_trace_callback(said.append)
    rekey(vault, place(9), ADA, START)
    keys = vault.keys
    vault.close()
    for secret in (keys.store_key(), keys.database()):
        assert not any(secret.hex() in statement.lower() for statement in said)
        for path in folder.iterdir():
            assert secret not in path.read_bytes()


def test_a_revoked_secret_with_an_old_slot_file_gets_the_old_key_and_no_further(vault: SqlVault, folder: Path) -> None:
    world = World(vault)
    way = world.add("borealis")
    stolen = (folder / SLOTS).read_bytes()
    world.ways.revoke(way, ADA, START)
    rekey(vault, world.place, ADA, START)
    vault.close()
    taken = read_slot_file(stolen, CHEAP).unlock("borealis")
    assert taken is not None
    assert not opens_with(folder, taken.database())
    today = read_slot_file((folder / SLOTS).read_bytes(), CHEAP)
    assert not today.is_of(taken)
    assert today.unlock("borealis") is None


def test_an_old_slot_file_put_back_is_never_opened(vault: SqlVault, folder: Path) -> None:
    before = (folder / SLOTS).read_bytes()
    rekey(vault, place(9), ADA, START)
    vault.close()
    after = (folder / SLOTS).read_bytes()
    (folder / SLOTS).write_bytes(before)
    reopen(folder).close()
    assert (folder / SLOTS).read_bytes() == after
    for name in (SLOTS, SLOTS_COPY):
        (folder / name).write_bytes(before)
    with pytest.raises(Environment) as caught:
        reopen(folder)
    assert caught.value.code == "store.slots-earlier"
    assert (folder / SLOTS).read_bytes() == before
    data = bytearray((folder / DATABASE).read_bytes())
    data[3] ^= 1
    (folder / DATABASE).write_bytes(data)
    with pytest.raises(Environment) as caught:
        reopen(folder)
    assert caught.value.code == "store.damaged"


class DyingIds(SeededIds):
    """Dies when a secret is asked for so many times."""

    def __init__(self, left: int) -> None:
        super().__init__(12)
        self._left = left

    @override
    def secret(self, size: int) -> bytes:
        self._left -= 1
        if self._left == 0:
            raise Killed
        return super().secret(size)


# With one slot: the new key and four secrets for the slot file, then one for each device.
@pytest.mark.parametrize("changes", [
    pytest.param({"files": DyingFiles(1, after=False)}, id="before anything"),
    pytest.param({"files": DyingFiles(1, after=True)}, id="after the slot file"),
    pytest.param({"files": DyingFiles(2, after=False)}, id="before the copy"),
    pytest.param({"files": DyingFiles(2, after=True)}, id="after the copy, before the database"),
    pytest.param({"ids": DyingIds(6)}, id="after the database, before the devices"),
    pytest.param({"files": DyingFiles(3, after=False)}, id="before the old key is forgotten"),
    pytest.param({"files": DyingFiles(3, after=True)}, id="after the old key is forgotten"),
    pytest.param({"files": DyingFiles(4, after=False)}, id="before the copy forgets it"),
])  # fmt: skip
def test_a_crash_anywhere_is_gone_on_from(
    vault: SqlVault, folder: Path, tmp_path: Path, changes: dict[str, object]
) -> None:
    add_case(vault, text=CANARY)
    old = vault.keys
    with pytest.raises(Killed):
        rekey(vault, place(9, **changes), ADA, START)
    left = Path(shutil.copytree(folder, tmp_path / "left"))
    vault.close()
    looked_at = reopen(left, inspect=True)
    assert looked_at.verify().ok
    looked_at.close()
    again = reopen(left)
    is_new = again.queries.team().epoch == 2
    assert len(events(again)) == int(is_new)
    case = again.queries.case("H-2026-001")
    assert case is not None
    assert case.report.text == CANARY
    assert again.verify().ok
    add_case(again, 2)
    again.close()
    assert opens_with(left, old.database()) is not is_new
    assert opens_with(left, keys_of(left).database())
    slots = read_slot_file((left / SLOTS).read_bytes(), CHEAP)
    assert "pending" not in slots.content
    assert (left / SLOTS).read_bytes() == (left / SLOTS_COPY).read_bytes()
    last = reopen(left)
    assert last.verify().ok
    last.close()


def test_a_wrong_passphrase_is_wrong_after_a_crash_too(vault: SqlVault, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(Killed):
        rekey(vault, place(9, files=DyingFiles(2, after=False)), ADA, START)
    left = Path(shutil.copytree(folder, tmp_path / "left"))
    with pytest.raises(Rejected) as caught:
        reopen(left, passphrase="wrong")
    assert caught.value.code == "store.wrong-passphrase"


@pytest.fixture
def stubborn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that says yes and encrypts nothing, as it does on a full disk."""

    def refuse(self: Connection, old: bytes, new: bytes) -> None:
        self.close()
        self._connected(old)
        raise Environment("store.not-rekeyed")

    monkeypatch.setattr(Connection, "rekey", refuse)


def test_where_the_database_can_not_be_written_anew_the_old_key_stays(
    vault: SqlVault, folder: Path, stubborn: None
) -> None:
    add_case(vault, text=CANARY)
    with pytest.raises(Environment) as caught:
        rekey(vault, place(9), ADA, START)
    assert caught.value.code == "store.not-rekeyed"
    add_case(vault, 2)
    assert vault.verify().ok
    vault.close()
    again = reopen(folder)
    assert again.queries.team().epoch != 2
    assert events(again) == []
    assert World(again).ways.rows()[0].label == "Passphrase"
    again.close()


def test_a_replacement_that_can_not_go_on_when_opened_is_taken_back(
    vault: SqlVault, folder: Path, tmp_path: Path, stubborn: None
) -> None:
    old = vault.keys
    with pytest.raises(Killed):
        rekey(vault, place(9, files=DyingFiles(2, after=True)), ADA, START)
    left = Path(shutil.copytree(folder, tmp_path / "left"))
    vault.close()
    again = reopen(left)
    assert again.keys.store_key() == old.store_key()
    World(again).add("borealis")
    assert again.verify().ok
    again.close()
    slots = read_slot_file((left / SLOTS).read_bytes(), CHEAP)
    assert (slots.epoch, "pending" in slots.content) == (1, False)
    reopen(left, passphrase="borealis").close()


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """A disk that fails at the very moment when the database is opened with one of these keys; empty: never."""
    connected: Callable[[Connection, bytes], object] = Connection._connected
    failing: list[bytes] = []

    def fail(self: Connection, key: bytes) -> object:
        if key in failing:
            raise Environment("disk.io")
        return connected(self, key)

    monkeypatch.setattr(Connection, "_connected", fail)
    return failing


class KnownIds(SeededIds):
    """Its first secret, the next store key, is known before."""

    @override
    def secret(self, size: int) -> bytes:
        made = super().secret(size)
        self.first = getattr(self, "first", made)
        return made


def test_a_database_that_was_replaced_and_could_not_be_opened_again_keeps_its_new_key(
    vault: SqlVault, folder: Path, blind: list[bytes]
) -> None:
    """The only copy of the new key stands in the slot file: it is taken back only where the old one fits."""
    add_case(vault, text=CANARY)
    blind.append(StoreKeys(KnownIds(9).secret(32), vault.store_id).database())
    with pytest.raises(Environment) as caught:
        rekey(vault, place(9, ids=KnownIds(9)), ADA, START)
    assert caught.value.code == "disk.io"
    vault.close()
    blind.clear()
    again = reopen(folder)
    assert again.queries.team().epoch == 2
    assert again.verify().ok
    again.close()


def test_a_replacement_that_goes_on_when_opened_and_meets_a_failing_disk_is_not_taken_back(
    vault: SqlVault, folder: Path, tmp_path: Path, blind: list[bytes]
) -> None:
    new = StoreKeys(KnownIds(9).secret(32), vault.store_id).database()
    with pytest.raises(Killed):
        rekey(vault, place(9, ids=KnownIds(9), files=DyingFiles(2, after=True)), ADA, START)
    left = Path(shutil.copytree(folder, tmp_path / "left"))
    vault.close()
    pending = (left / SLOTS).read_bytes()
    reset = Connection.rekey

    def reset_and_fail(self: Connection, old: bytes, key: bytes) -> None:
        blind.append(new)
        reset(self, old, key)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Connection, "rekey", reset_and_fail)
        with pytest.raises(Environment) as caught:
            reopen(left)
    assert caught.value.code == "disk.io"
    assert (left / SLOTS).read_bytes() == pending
    blind.clear()
    again = reopen(left)
    assert again.queries.team().epoch == 2
    again.close()


def test_a_slot_file_that_can_not_be_written_changes_no_key(vault: SqlVault, folder: Path) -> None:
    class Full(DiskFiles):
        """Room for one file and no more."""

        writes = 0

        @override
        def write(self, path: Path, data: bytes) -> None:
            self.writes += 1
            if self.writes == 2:
                raise Environment("disk.full", file=path.name)
            super().write(path, data)

    old = vault.keys
    with pytest.raises(Environment) as caught:
        rekey(vault, place(9, files=Full()), ADA, START)
    assert caught.value.code == "disk.full"
    vault.close()
    again = reopen(folder)
    assert again.keys.store_key() == old.store_key()
    assert again.verify().ok
    again.close()


def test_the_database_itself_tells_whether_it_was_encrypted_anew(closed: Path) -> None:
    keys = keys_of(closed)
    db = Connection(closed / DATABASE, keys.database())
    other = StoreKeys(b"o" * 32, keys.store_id)
    db.rekey(keys.database(), other.database())
    assert db.one("SELECT count(*) FROM log")[0] > 0
    assert db.all("PRAGMA cipher_integrity_check") == []
    db.close()
    assert opens_with(closed, other.database())
    assert not opens_with(closed, keys.database())
    with pytest.raises(AppError):
        open_store(closed, PASSPHRASE, START, _anywhere())


def _anywhere() -> Place:
    return place(3)
