"""Whatever happens to many cases in whatever order: erased ones leave no word, the others lose none, all verifies."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from app.domain.events import case_events as e
from app.domain.values import Blob, Fix
from app.store.vault import SqlVault
from tests.app.store.building import ADA, START, add_case, codes, happen, keys_of, reopen
from tests.app.store.erasing import FILLER, erase
from tests.faults.pages import traces

ACTS = (
    "open",
    "note",
    "note",
    "message",
    "file",
    "shared",
    "patch",
    "draft",
    "advisory",
    "checkpoint",
    "erase",
    "again",
)


class Story:
    """A store and what should be in it."""

    def __init__(self, vault: SqlVault, chance: Random) -> None:
        self.vault = vault
        self.chance = chance
        self.count = 0
        self.alive: list[int] = []
        self.words: dict[int, list[str]] = {}
        self.files: dict[str, set[int]] = {}

    def go_on(self) -> None:
        act = self.chance.choice(ACTS) if self.alive else "open"
        if act == "open":
            self.count += 1
            self.alive.append(self.count)
            add_case(self.vault, self.count, title=self.word(self.count), text=f"{self.word(self.count)} {FILLER}" * 9)
            return
        number = self.chance.choice(self.alive)
        if act == "erase" and len(self.alive) > 1:
            happen(self.vault, number, e.CaseClosed(at=START))
            erase(self.vault, number)
            self.alive.remove(number)
            if self.chance.random() < 0.5:
                assert self.vault.compact()
        elif act == "checkpoint":
            self.vault.checkpoint(ADA, START, "day")
        elif act == "again":
            self.vault.rebuild()
        elif act == "draft":
            with self.vault.transaction(ADA, START) as tx:
                tx.keep_draft(f"H-2026-{number:03d}", "note", f"{self.word(number)} {FILLER}")
        else:
            happen(self.vault, number, self.event(act, number))

    def event(self, act: str, number: int) -> e.CaseEvent:
        if act in ("note", "erase"):
            return e.NoteAdded(text=f"{self.word(number)} {FILLER}")
        if act == "message":
            return e.MessageLogged(direction="in", purpose="other", at=START, text=self.word(number))
        if act == "advisory":
            return e.AdvisoryDrafted(revision=1, body=f"{self.word(number)}\n\n{FILLER * 20}")
        if act == "patch":
            return e.FixHeld(fix=Fix(line="22.x", patch=self.file(number, self.word(number).encode() * 99)))
        if act == "shared":
            return e.AttachmentAdded(blob=self.file(number, b"the same file in many cases"))
        return e.AttachmentAdded(blob=self.file(number, self.word(number).encode() * 9_000))

    def word(self, number: int) -> str:
        """A word that nobody else uses."""
        word = f"{self.chance.getrandbits(96):024x}"
        self.words.setdefault(number, []).append(word)
        return word

    def file(self, number: int, data: bytes) -> Blob:
        with self.vault.transaction(ADA, START) as tx:
            blob = tx.put_blob(data, "file.bin")
        self.files.setdefault(blob.sha256, set()).add(number)
        return blob


@pytest.mark.parametrize("seed", range(6))
def test_any_story_leaves_what_it_should_and_nothing_else(vault: SqlVault, folder: Path, seed: int) -> None:
    story = Story(vault, Random(seed))
    for _ in range(60):
        story.go_on()
    assert codes(vault) == set()
    erased = set(story.words) - set(story.alive)
    assert erased
    assert story.alive
    stored = {sha256 for sha256, cases in story.files.items() if cases & set(story.alive)}
    vault.close()
    again = reopen(folder)
    assert again.compact()
    report = again.verify()
    assert (report.findings, report.blobs) == ((), len(stored))
    for number in story.alive:
        case = again.queries.case(f"H-2026-{number:03d}")
        assert case is not None
        assert case.title == story.words[number][0]
    again.close()
    key = keys_of(folder).database()
    assert traces(folder / "cases.db", key, [w for number in erased for w in story.words[number]]) == []
