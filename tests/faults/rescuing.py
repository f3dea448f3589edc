"""Rescues for tests: what is asked, what is compared, and damage to single rows."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from app.desk.ports.rescue import RescueReport
from app.presenters.rescue_words import note_words
from app.store.folder import open_store
from app.store.pages import PAGE, PageFile
from app.store.place import DATABASE
from app.store.rescue.finds import Finds
from app.store.rescue.rescue import Wanted, rescue
from app.store.vault import SqlVault
from tests.app.store.building import (
    CHEAP,
    PASSPHRASE,
    START,
    keys_of,
    place,
)
from tests.faults.damage import Damage

LATER = START + timedelta(days=40)
OF_THE_OLD_STORE = {"StoreCreated", "CheckpointMade"}
OF_THE_RESCUE = {"StoreRescued", "CaseSalvaged", "ReleaseSalvaged"}


def wanted(**changes: Any) -> Wanted:
    """What a person asks of a rescue."""
    usual = Wanted(secret=PASSPHRASE, passphrase=PASSPHRASE, cost=CHEAP, words=note_words)
    return msgspec.structs.replace(usual, **changes)


def rescued(folder: Path, name: str = "new.holdfast", **changes: Any) -> tuple[RescueReport, Path]:
    """A rescue, and where the new store is."""
    target = folder.with_name(name)
    return rescue(folder, target, wanted(**changes), LATER, place=place(9)), target


def opened(folder: Path) -> SqlVault:
    """The new store, by a later run of the program."""
    return open_store(folder, PASSPHRASE, LATER + timedelta(days=1), place(2))


def told_by(vault: SqlVault) -> list[tuple[Any, ...]]:
    """The events that are not about a store itself: of what, when, by whom, which."""
    rows = vault.queries.history(limit=100_000)
    return [
        (row.stream, row.at, row.actor, row.event)
        for row in rows
        if type(row.event).__name__ not in OF_THE_OLD_STORE | OF_THE_RESCUE
    ]


def damaged(folder: Path, damage: Damage) -> None:
    """Damages the database for good."""
    data = bytearray((folder / DATABASE).read_bytes())
    damage(data)
    (folder / DATABASE).write_bytes(data)


def without_new_device(events: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The events but for the enrolment of the device that the new store came with."""
    return [events[0], *events[1:]] if not events else events[1:]


def numbered(vault: SqlVault) -> list[tuple[int, tuple[Any, ...]]]:
    """Every event that can come back, by its number."""
    rows = vault.queries.history(limit=100_000)
    return [
        (row.seq, (row.stream, row.at, row.actor, row.event))
        for row in rows
        if type(row.event).__name__ not in OF_THE_OLD_STORE | OF_THE_RESCUE
    ]


def lost_numbers(report: RescueReport) -> set[int]:
    """The numbers that the report names."""
    numbers: set[int] = set()
    for part in report.missing:
        first, _, last = part.partition("-")
        numbers.update(range(int(first), int(last or first) + 1))
    return numbers


def spoil(folder: Path, where: dict[str, set[int]]) -> None:
    """Turns a bit in each of these rows, by table and number; their neighbours in the page come to no harm."""
    keys = keys_of(folder)
    pages = PageFile(folder / DATABASE, keys.database())
    finds = Finds(pages, keys.store_id)
    finds.scan()
    hit = [finds._places[table][number] for table, numbers in where.items() for number in numbers]
    pages.close()

    def damage(data: bytearray) -> None:
        for place_ in hit:
            assert isinstance(place_, int)
            data[((place_ >> 12) - 1) * PAGE + (place_ & 0xFFF) + 60] ^= 1

    damaged(folder, damage)
