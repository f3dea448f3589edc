"""Stores to be damaged: one small one with a story in it, made once and copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import pytest

from app.domain.events.case_events import AttachmentAdded, NoteAdded
from tests.app.store.building import ADA, NOOR, START, add_case, happen, new_store, reopen, tell_a_story


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store with the story of two cases in it."""
    folder = tmp_path_factory.mktemp("told") / "team.holdfast"
    vault = new_store(folder)
    tell_a_story(vault)
    vault.close()
    return folder


@pytest.fixture
def story(told: Path, tmp_path: Path) -> Path:
    """A copy of it for this test."""
    return Path(shutil.copytree(told, tmp_path / "team.holdfast"))


@pytest.fixture
def rich(told: Path, tmp_path: Path) -> Path:
    """The story, and more: enough cases, texts and files to fill inner pages and overflow chains."""
    folder = Path(shutil.copytree(told, tmp_path / "team.holdfast"))
    chance = Random(11)
    vault = reopen(folder)
    for number in range(3, 15):
        with vault.transaction(ADA, START) as tx:
            blob = tx.put_blob(chance.randbytes(chance.randrange(1, 9000)), f"file-{number}.bin")
        text = "".join(chance.choices("abcdefgh \n", k=chance.randrange(10, 7000)))
        add_case(vault, number, AttachmentAdded(blob=blob), title=f"Case {number}", text=text)
        happen(vault, number, NoteAdded(text=text[:500]), actor=NOOR if number % 3 else ADA)
    with vault.transaction(ADA, START) as tx:
        tx.keep_draft("case:C000003", "note", "half a sentence")
    vault.close()
    return folder
