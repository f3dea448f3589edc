"""Rescue: what it refuses and why, what it can do without, and what hostile bytes can not do to it."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest

from app.desk.ports.keys import RecoveryCode
from app.domain.errors import AppError, Environment, Rejected
from app.store.keys import StoreKeys
from app.store.pages import PageFile
from app.store.place import DATABASE, SLOTS, SLOTS_COPY
from app.store.rescue.finds import Finds
from app.store.rescue.given_slots import given_slots
from app.store.rescue.story import gaps, ranges
from tests.app.store.building import (
    keys_of,
)
from tests.faults.figures import count, tell
from tests.faults.rescuing import (
    rescued,
)


def test_without_slots_nothing_can_be_read_and_those_of_a_backup_will_do(story: Path) -> None:
    slots = (story / SLOTS).read_bytes()
    for name in (SLOTS, SLOTS_COPY):
        (story / name).unlink()
    with pytest.raises(Environment) as caught:
        rescued(story)
    assert caught.value.code == "rescue.no-slots"
    assert [path.name for path in story.parent.iterdir()] == [story.name]
    report, _ = rescued(story, slots=slots)
    assert report.lost == 0


def test_the_slots_of_a_backup_are_taken_out_of_it(story: Path, tmp_path: Path) -> None:
    from app.machine.files import DiskFiles
    from app.machine.streams import DiskStreams
    from tests.faults.damage import Patient
    from tests.faults.test_flips import backup_of

    (tmp_path / "team.holdfast-backup").write_bytes(backup_of(Patient(story)))
    for path in (story / SLOTS, tmp_path / "team.holdfast-backup"):
        assert given_slots(path, DiskFiles(), DiskStreams()) == (story / SLOTS).read_bytes()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"secret": "wrong"}, "store.wrong-passphrase"),
        ({"secret": RecoveryCode("x")}, "recovery.length"),
        ({"passphrase": ""}, "passphrase.empty"),
        ({"slots": b"{}"}, "rescue.no-slots"),
    ],
)
def test_a_rescue_is_refused_without_leaving_anything(story: Path, change: dict[str, Any], code: str) -> None:
    with pytest.raises(AppError) as caught:
        rescued(story, **change)
    assert caught.value.code in (code, "keys.no-recovery")
    assert [path.name for path in story.parent.iterdir()] == [story.name]


def test_nothing_is_overwritten(story: Path) -> None:
    target = story.with_name("new.holdfast")
    target.mkdir()
    (target / "mine.txt").write_text("mine")
    with pytest.raises(Rejected) as caught:
        rescued(story)
    assert caught.value.code == "store.exists"
    assert (target / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "store.database-missing"),
        (b"", "store.database-empty"),
        (b"SQLite format 3\0" * 300, "store.not-encrypted"),
    ],
)
def test_what_can_not_be_rescued_says_why(story: Path, content: bytes | None, code: str) -> None:
    if content is None:
        (story / DATABASE).unlink()
    else:
        (story / DATABASE).write_bytes(content)
    with pytest.raises(Environment) as caught:
        rescued(story)
    assert caught.value.code == code


def test_hostile_bytes_under_the_right_key_end_no_rescue(story: Path) -> None:
    """Pages that somebody with the key could have made: every byte may lie about its length, its kind, its chain."""
    keys = keys_of(story)
    chance = Random(31)
    trials = count(150, 20_000)
    found = 0
    path = story / DATABASE
    whole = path.read_bytes()
    for _ in range(trials):
        found += len(hostile(path, whole, keys, chance).numbers("log"))
    path.write_bytes(whole)
    # Some links are still met, or the trials would only have shown that rubbish is passed over.
    assert found > 0
    tell("T5", "hostile pages read", trials=trials, crashes=0, links_met=found)


def hostile(path: Path, whole: bytes, keys: StoreKeys, chance: Random) -> Finds:
    """Reads a store whose content was changed here and there as if each page were sound."""
    path.write_bytes(whole)
    pages = PageFile(path, keys.database())
    finds = Finds(pages, keys.store_id)
    contents: dict[int, tuple[bytes, bool]] = {}
    for number in range(1, pages.count + 1):
        content = bytearray(pages.page(number)[0])
        for _ in range(chance.randrange(12)):
            content[chance.randrange(min(len(content), chance.choice((120, 4016))))] = chance.choice(
                (0, 1, 0x0D, 0x7F, 0x80, 0xFF, chance.randrange(256))
            )
        contents[number] = (bytes(content), True)
    pages.page = lambda number: contents.get(number, (b"", False))  # type: ignore[method-assign]
    finds.scan()
    for number in finds.numbers("log"):
        link = finds.link(number)
        finds.body(number, link)
    for table in ("blob_chunk", "draft", "anchor", "blob"):
        for number in finds.numbers(table):
            list(finds.rows(table, number))
    for number in finds.numbers("state"):
        finds.state(number)
    finds.said_to_be()
    pages.close()
    return finds


@pytest.mark.parametrize(
    ("numbers", "last", "said"),
    [
        ((), 0, ()),
        ((), 3, ("1-3",)),
        ((1, 2, 3), 3, ()),
        ((2, 5, 6), 7, ("1", "3-4", "7")),
        ((1,), 2**60, (f"2-{2**60}",)),
    ],
)
def test_what_is_missing_is_told_however_high_the_last_number_is(
    numbers: tuple[int, ...], last: int, said: tuple[str, ...]
) -> None:
    assert gaps(numbers, last) == said


@pytest.mark.parametrize(
    ("numbers", "said"),
    [((), ()), ((1,), ("1",)), ((1, 2, 3), ("1-3",)), ((1, 3, 4, 9), ("1", "3-4", "9"))],
)
def test_numbers_are_told_as_ranges(numbers: tuple[int, ...], said: tuple[str, ...]) -> None:
    assert ranges(numbers) == said
