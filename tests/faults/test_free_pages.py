"""Unused pages that a power cut tore are written anew when the store is opened, so that nothing calls them damage."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from app.store.connection import Connection
from app.store.database_file import is_cut_off
from app.store.pages import PAGE, PageFile
from app.store.place import DATABASE
from tests.app.store.building import insider, keys_of, reopen

LEAVES = struct.Struct(">II")


def unused(database: Path, key: bytes) -> list[int]:
    """The leaves of the first page of the list of unused pages (sqlite.org/fileformat2.html, section 1.5)."""
    file = PageFile(database, key)
    try:
        first = int.from_bytes(file.page(1)[0][32:36], "big")
        content = file.page(first)[0]
        _, count = LEAVES.unpack(content[:8])
        return list(struct.unpack(f">{count}I", content[8 : 8 + 4 * count]))
    finally:
        file.close()


def torn(database: Path, page: int) -> None:
    """A page of which only the first sector was written anew."""
    with database.open("r+b") as file:
        file.seek((page - 1) * PAGE)
        file.write(bytes(range(256)) * 2)


def bad_pages(db: Connection) -> list[int]:
    return [number for number, is_sound in db.pages() if not is_sound]


@pytest.fixture
def store(story: Path) -> Path:
    """A store with unused pages, two of them torn."""
    db = insider(story)
    db.run("INSERT INTO blob_chunk (id, sha256, content) VALUES (-1, x'', zeroblob(40000))")
    db.run("DELETE FROM blob_chunk WHERE id = -1")
    db.close()
    for page in unused(story / DATABASE, keys_of(story).database())[2:4]:
        torn(story / DATABASE, page)
    return story


def test_every_unused_page_is_written_anew_and_nothing_else_changes(store: Path) -> None:
    db = insider(store)
    assert len(bad_pages(db)) == 2
    pages, rows = db.number("page_count"), db.all("SELECT id, sha256 FROM blob_chunk ORDER BY id")
    db.renew_free_pages()
    assert bad_pages(db) == []
    assert db.all("SELECT id, sha256 FROM blob_chunk ORDER BY id") == rows
    assert db.number("page_count") <= pages + 2
    assert db.one("PRAGMA integrity_check") == ("ok",)
    db.close()


def test_a_store_that_was_cut_off_is_found_whole_after_opening(store: Path) -> None:
    # A journal with a name of nothing in it: what a crash leaves once all it holds was played back.
    (store / f"{DATABASE}-journal").write_bytes(bytes.fromhex("d9d505f920a163d7") + bytes(504))
    assert is_cut_off(store / DATABASE)
    vault = reopen(store)
    assert vault.verify().findings == ()
    vault.close()
    assert not is_cut_off(store / DATABASE)


def test_damage_that_no_crash_explains_is_told(store: Path) -> None:
    vault = reopen(store)
    assert {finding.code for finding in vault.verify().findings} == {"page.damaged"}
    vault.close()


def test_a_journal_that_was_never_synced_is_void(store: Path) -> None:
    (store / f"{DATABASE}-journal").write_bytes(bytes(512))
    assert not is_cut_off(store / DATABASE)
    vault = reopen(store)
    assert {finding.code for finding in vault.verify().findings} == {"page.damaged"}
    vault.close()
