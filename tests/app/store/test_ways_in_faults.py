"""Ways into an open store while old files are put in its folder, or the disk does not say what became of a write."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.domain.errors import Environment
from app.store.folder import open_store
from app.store.place import SLOTS, SLOTS_COPY
from app.store.slots import read_slot_file
from app.store.vault import SqlVault
from tests.app.store.building import ADA, CHEAP, PASSPHRASE, START, place, reopen
from tests.app.store.test_ways_in import DEAR, World


@pytest.fixture
def world(vault: SqlVault) -> Iterator[World]:
    yield World(vault)
    vault.close()


def test_an_old_slot_file_put_back_while_the_store_is_open_lets_nobody_in_again(world: World) -> None:
    way = world.add("borealis")
    old = (world.folder / SLOTS).read_bytes()
    world.ways.revoke(way, ADA, START)
    today = (world.folder / SLOTS).read_bytes()
    for name in (SLOTS, SLOTS_COPY):
        (world.folder / name).write_bytes(old)
    assert world.refused(world.ways.add_passphrase, "third", "") == "store.slots-old"
    assert world.refused(world.ways.rekey) == "store.slots-old"
    with pytest.raises(Environment) as caught:
        world.ways.prove("borealis")
    assert caught.value.code == "store.slots-old"
    for name in (SLOTS, SLOTS_COPY):
        (world.folder / name).write_bytes(today)
    assert not world.opens("borealis")
    reopen(world.folder).close()


def test_a_change_that_the_log_took_although_the_disk_did_not_say_so_locks_nobody_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = SqlVault.record

    def unsure(vault: SqlVault, *given: Any) -> None:
        record(vault, *given)
        if given[2]:
            raise Environment("disk.unsure")

    monkeypatch.setattr(SqlVault, "record", unsure)
    with pytest.raises(Environment) as caught:
        world.add("borealis")
    assert caught.value.code == "disk.unsure"
    monkeypatch.undo()
    assert world.opens(PASSPHRASE)
    assert world.opens("borealis")


def test_a_slot_that_is_brought_up_to_date_while_the_disk_is_unsure_locks_nobody_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.vault.close()
    record = SqlVault.record

    def unsure(vault: SqlVault, *given: Any) -> None:
        record(vault, *given)
        raise Environment("disk.unsure")

    dear = place(8, least=DEAR)
    with monkeypatch.context() as patch:
        patch.setattr(SqlVault, "record", unsure)
        open_store(world.folder, PASSPHRASE, START, dear).close()
    reopen(world.folder).close()
    slots = read_slot_file((world.folder / SLOTS).read_bytes(), CHEAP)
    assert slots.cost_of(slots.slots[0]["id"]) == DEAR.raised_to(CHEAP)
