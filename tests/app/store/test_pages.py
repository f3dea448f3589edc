"""Pages read without SQLite: the same bytes that SQLite sees, and every one of them vouched for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from app.domain.errors import Environment
from app.store.folder import DATABASE, LOCK
from app.store.pages import FILE_HEADER, PAGE, RESERVED, SALT, USABLE, PageFile
from app.store.rescue.records import cell_at, offsets, row_of, shape_of
from app.store.vault import SqlVault
from tests.app.store.building import insider, keys_of, reopen

ROOT = Path(__file__).resolve().parents[3]


def pages_of(folder: Path) -> PageFile:
    return PageFile(folder / DATABASE, keys_of(folder).database())


def test_every_page_of_a_whole_file_is_sound(story: Path) -> None:
    pages = pages_of(story)
    assert list(pages.bad()) == []
    assert pages.stated() == pages.count == (story / DATABASE).stat().st_size // PAGE
    pages.close()


def test_the_first_page_says_what_sqlite_says(story: Path) -> None:
    pages = pages_of(story)
    content, is_sound = pages.page(1)
    pages.close()
    db = insider(story)
    assert is_sound
    assert int.from_bytes(content[16:18], "big") == PAGE
    assert content[20] == RESERVED
    assert int.from_bytes(content[60:64], "big") == db.number("user_version")
    assert int.from_bytes(content[68:72], "big") == db.number("application_id")
    assert len(content) == USABLE
    db.close()


def test_rows_are_those_that_sqlite_reads(story: Path) -> None:
    pages = pages_of(story)
    found = {}
    for number in range(1, pages.count + 1):
        content, is_sound = pages.page(number)
        for offset in offsets(number, content, is_sound=is_sound):
            cell = cell_at(content, offset)
            assert cell is not None
            if shape_of(cell.serials) == "body":
                row = row_of(pages, content, cell)
                assert row is not None
                assert row[1]
                found[cell.number] = row[0][1:3]
    pages.close()
    db = insider(story)
    assert found == {seq: (salt, content) for seq, salt, content in db.all("SELECT seq, salt, content FROM body")}
    db.close()


@pytest.mark.parametrize("place", [0, SALT, FILE_HEADER, USABLE - 1, USABLE, PAGE - 1, PAGE, 5 * PAGE + 7])
def test_any_other_byte_makes_a_page_unsound(story: Path, place: int) -> None:
    path = story / DATABASE
    data = bytearray(path.read_bytes())
    data[place] ^= 0x10
    path.write_bytes(data)
    pages = pages_of(story)
    bad = list(pages.bad())
    # The salt is part of the key of every page.
    assert bad == (list(range(1, pages.count + 1)) if place < SALT else [place // PAGE + 1])
    pages.mend()
    # One bit of it can be guessed.
    assert pages.sound == (pages.count if place < SALT else pages.count - 1)
    pages.close()


def test_pages_that_changed_places_are_found_again(story: Path) -> None:
    path = story / DATABASE
    whole = pages_of(story)
    right = whole.page(8)
    whole.close()
    data = path.read_bytes()
    one, other = data[4 * PAGE : 5 * PAGE], data[7 * PAGE : 8 * PAGE]
    path.write_bytes(data[: 4 * PAGE] + other + data[5 * PAGE : 7 * PAGE] + one + data[8 * PAGE :])
    pages = pages_of(story)
    pages.mend()
    assert pages.page(8) == right
    pages.close()


def test_pages_that_are_not_there_hold_nothing(story: Path) -> None:
    pages = pages_of(story)
    assert [pages.page(number) for number in (-1, 0, pages.count + 1, 2**40)] == [(b"", False)] * 4
    pages.close()


def test_a_link_in_the_place_of_the_file_is_not_followed(story: Path, tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(story / DATABASE)
    with pytest.raises(Environment) as caught:
        PageFile(tmp_path / "link.db", bytes(32))
    assert caught.value.code == "disk.io"


def test_no_bytes_make_a_reader_fail(story: Path) -> None:
    chance = Random(1)
    pages = pages_of(story)
    rows = 0
    for _ in range(300):
        content = chance.randbytes(USABLE)
        # So that what is met is now and then something.
        content = b"\x0d" + content[1:3] + chance.randrange(400).to_bytes(2, "big") + content[5:]
        for is_sound in (True, False):
            for offset in offsets(2, content, is_sound=is_sound):
                cell = cell_at(content, offset)
                if cell is not None:
                    rows += row_of(pages, content, cell) is not None
    pages.close()
    assert rows >= 0


def test_the_open_store_looks_at_its_pages_without_losing_its_lock(vault: SqlVault, folder: Path) -> None:
    assert all(is_sound for _, is_sound in vault._db.pages())
    with pytest.raises(Environment) as caught:
        reopen(folder)
    assert caught.value.code == "store.held"
    # Without its file nothing but the lock of the database itself keeps another process out.
    (folder / LOCK).unlink()
    command = [sys.executable, "-m", "tests.faults.holder", str(folder)]
    other = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert other.stdout == "store.busy\n"


def test_what_is_found_is_what_the_cipher_finds_by_itself(story: Path) -> None:
    path, chance = story / DATABASE, Random(3)
    whole = path.read_bytes()
    key = keys_of(story).database()
    compared = 0
    for _ in range(20):
        data = bytearray(whole)
        for place in chance.sample(range(4 * PAGE, len(data)), 3):
            data[place] ^= 1 << chance.randrange(8)
        zeroed = chance.randrange(4, len(data) // PAGE)
        data[zeroed * PAGE : (zeroed + 1) * PAGE] = bytes(PAGE)
        path.write_bytes(data)
        pages = PageFile(path, key)
        found = [f"HMAC verification failed for page {number}" for number in pages.bad()]
        pages.close()
        # A fresh connection for each, since a bad page spoils it for what follows.
        try:
            db = insider(story)
        except Environment:
            # A page of the schema was hit: SQLite asks nothing more.
            continue
        compared += 1
        assert [said for (said,) in db.all("PRAGMA cipher_integrity_check")] == found
        db.close()
    assert compared > 3
