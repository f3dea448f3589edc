"""What was erased is nowhere in the file any more: every page decrypted, used or free, and every word looked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.store.vault import SqlVault
from tests.app.store.building import ADA, START, add_case, keys_of, new_store, reopen
from tests.app.store.erasing import FILLER, WORDS, erase, tell_secrets
from tests.faults.pages import traces


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A closed store of many cases; one of them, in the middle, has words that nobody else uses."""
    folder = tmp_path / "team.holdfast"
    vault = new_store(folder)
    for number in range(2, 40):
        add_case(vault, number, title=f"Another one, number {number}", text=FILLER * number)
    vault.checkpoint(ADA, START, "day")
    tell_secrets(vault)
    for number in range(40, 60):
        add_case(vault, number, title=f"Another one, number {number}", text=FILLER * number)
    vault.checkpoint(ADA, START, "day")
    vault.close()
    return folder


def left(folder: Path) -> list[str]:
    """Every trace of every word in the database, and in what its journal holds, which is nothing."""
    journal = folder / "cases.db-journal"
    assert not journal.exists() or journal.stat().st_size == 0
    return traces(folder / "cases.db", keys_of(folder).database(), WORDS)


def test_before_it_is_erased_every_word_is_found_in_the_pages(folder: Path) -> None:
    text = "\n".join(left(folder))
    # The search finds what is there: in bodies, rows, texts, drafts and files, and in the index of words.
    assert all(word[:12].encode().__repr__() in text for word in WORDS)


def test_after_erasing_and_compacting_no_trace_of_any_word_is_left(folder: Path) -> None:
    vault = reopen(folder)
    erase(vault)
    assert vault.compact()
    vault.close()
    assert left(folder) == []
    verifies(folder)


def test_it_goes_as_well_right_after_the_words_came_and_when_the_case_changed_again_and_again(tmp_path: Path) -> None:
    folder = tmp_path / "team.holdfast"
    vault = new_store(folder)
    tell_secrets(vault)
    erase(vault)
    assert vault.compact()
    vault.close()
    assert left(folder) == []
    verifies(folder)


def test_one_erased_case_leaves_the_words_of_another_alone(folder: Path) -> None:
    vault = reopen(folder)
    tell_secrets(vault, 70)
    erase(vault)
    assert vault.compact()
    vault.close()
    assert left(folder) != []
    vault = reopen(folder)
    erase(vault, 70)
    assert vault.compact()
    vault.close()
    assert left(folder) == []


def verifies(folder: Path) -> None:
    vault: SqlVault = reopen(folder)
    report = vault.verify()
    assert (report.ok, report.findings) == (True, ())
    vault.close()
