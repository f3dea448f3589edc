"""Commands, erasing, backups, restoring, rekeying, checkpoints, rescue and reopening: in any order all verifies."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from app.store.rekey import rekey
from app.store.vault import SqlVault
from tests.app.store.backing import make, restored
from tests.app.store.building import ADA, START, codes, keys_of, new_store, place, reopen
from tests.app.store.test_erase_stories import Story
from tests.faults.pages import traces
from tests.faults.rescuing import rescued

ACTS = ("tell", "tell", "tell", "reopen", "rekey", "checkpoint", "backup", "restore", "rescue", "verify")


class Life:
    """A store, where it lies, and what it told the world of itself."""

    def __init__(self, room: Path, chance: Random) -> None:
        self.room = room
        self.chance = chance
        self.folder = room / "store-0.holdfast"
        self.story = Story(new_store(self.folder), chance)
        self.notes: list[str] = []
        self.step = 0

    @property
    def vault(self) -> SqlVault:
        return self.story.vault

    def go_on(self) -> None:
        self.step += 1
        getattr(self, f"_{self.chance.choice(ACTS)}")()
        for note in self.notes:
            assert self.vault.check_against(note) == ()

    def _tell(self) -> None:
        for _ in range(8):
            self.story.go_on()

    def _reopen(self) -> None:
        self.vault.close()
        self.story.vault = reopen(self.folder)

    def _rekey(self) -> None:
        rekey(self.vault, place(100 + self.step), ADA, START)

    def _checkpoint(self) -> None:
        made = self.vault.checkpoint(ADA, START, "day")
        self.notes.append(self.chance.choice((made.text, made.line)))

    def _backup(self) -> None:
        make(self.vault, self.room / f"{self.step}.holdfast-backup")

    def _restore(self) -> None:
        self._backup()
        self.vault.close()
        self.folder = self.room / f"store-{self.step}.holdfast"
        backup = self.room / f"{self.step}.holdfast-backup"
        self.story.vault = restored(backup, self.folder, seed=200 + self.step)

    def _rescue(self) -> None:
        self.vault.close()
        report, self.folder = rescued(self.folder, f"store-{self.step}.holdfast")
        assert (report.lost, report.lost_files, report.findings, report.unproven, report.guessed) == (0, (), 0, 0, 0)
        self.story.vault = reopen(self.folder)
        # It is another store, which no note of the old one speaks of.
        self.notes.clear()

    def _verify(self) -> None:
        assert codes(self.vault) == set()


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_to_a_store_it_verifies_and_keeps_and_forgets_what_it_should(
    tmp_path: Path, seed: int
) -> None:
    life = Life(tmp_path, Random(seed))
    for _ in range(18):
        life.go_on()
    assert codes(life.vault) == set()
    story = life.story
    life._reopen()
    assert life.vault.compact()
    report = life.vault.verify()
    stored = {sha256 for sha256, cases in story.files.items() if cases & set(story.alive)}
    assert (report.findings, report.blobs) == ((), len(stored))
    for number in story.alive:
        case = life.vault.queries.case(f"H-2026-{number:03d}")
        assert case is not None
        assert case.title == story.words[number][0]
    life.vault.close()
    erased = set(story.words) - set(story.alive)
    key = keys_of(life.folder).database()
    assert traces(life.folder / "cases.db", key, [w for number in erased for w in story.words[number]]) == []
