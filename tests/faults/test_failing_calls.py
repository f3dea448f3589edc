"""T14: any one call to the disk fails, by an error of the device or for want of room: nothing acknowledged is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from app.domain.errors import Environment
from app.domain.events.case_events import NoteAdded
from app.presenters.words import ERRORS
from tests.app.store.building import happen, reopen
from tests.faults.figures import count, tell
from tests.faults.writer import NOTES

ROOT = Path(__file__).resolve().parents[2]
CALLS = ("pwrite64", "fdatasync", "fsync", "ftruncate")
FAULTS = ("EIO", "ENOSPC")
AT_MOST = 120
TOLD = {"disk.io", "disk.full", "disk.unsure"}


@pytest.fixture(scope="module")
def _strace() -> None:
    """The calls are made to fail by strace."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not here")
    tried = subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True, check=False)
    if tried.returncode:
        pytest.skip("nothing may be traced here")


def written(folder: Path, call: str, fault: str, when: int) -> list[str]:
    """What the writer says while the `when`th call of this kind fails."""
    inject = f"inject={call}:error={fault}:when={when}"
    command = ["strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}", "-e", inject]
    writer = [sys.executable, "-m", "tests.faults.writer", str(folder)]
    done = subprocess.run([*command, *writer], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.stdout.splitlines()


def notes(folder: Path) -> list[str]:
    """The notes of the first case in the store, which must hold as a whole."""
    vault = reopen(folder)
    case = vault.queries.case("H-2026-001")
    report = vault.verify()
    vault.close()
    assert case is not None
    assert report.findings == ()
    return [note.text.partition(" x")[0] for note in case.notes]


@pytest.mark.usefixtures("_strace")
def test_whichever_call_fails_what_was_acknowledged_is_there_and_the_rest_is_told(told: Path, tmp_path: Path) -> None:
    outcomes: Counter[str] = Counter()
    chosen = [(call, fault, when) for call in CALLS for fault in FAULTS for when in range(1, AT_MOST)]
    if not count(0, 1):
        chosen = [("pwrite64", "EIO", 9), ("pwrite64", "ENOSPC", 14), ("fdatasync", "EIO", 3), ("ftruncate", "EIO", 2)]
    for call, fault, when in chosen:
        folder = Path(shutil.copytree(told, tmp_path / "team.holdfast"))
        before = notes(folder)
        lines = written(folder, call, fault, when)
        kept = [f"note {line.split()[1]}" for line in lines if line.startswith("kept")]
        unsure = [f"note {line.split()[2]}" for line in lines if line.startswith("refused disk.unsure")]
        refused = [line.split()[1] for line in lines if line.startswith("refused")]
        after = notes(folder)
        outcomes["lost"] += len(set(kept) - set(after))
        # What was refused is not there, but where it was said that it may be.
        assert [note for note in after if note not in unsure] == before + kept
        outcomes["told"] += bool(refused)
        outcomes["trials"] += 1
        outcomes["refused while opening"] += lines[:1] != ["open"]
        assert set(refused) <= TOLD
        assert all(ERRORS[code] for code in refused)
        if "open" in lines:
            # One call failed, and all after it went on: with the same store, still open.
            assert lines[-1] == "whole"
            assert len(kept) >= NOTES - 2
        shutil.rmtree(folder)
    assert outcomes["lost"] == 0
    tell("T14", "one failing call", **outcomes)


@pytest.mark.parametrize("sync_works", [True, False])
def test_a_commit_whose_last_sync_fails_is_kept_and_told_unless_it_can_be_made_up_for(
    story: Path, monkeypatch: pytest.MonkeyPatch, sync_works: bool
) -> None:
    """The journal is empty then, so nothing can be taken back; memory has to go with the file."""
    vault = reopen(story)
    commit = vault._db.commit

    def late() -> None:
        commit()
        raise Environment("disk.io")

    with monkeypatch.context() as patch:
        patch.setattr(vault._db, "commit", late)
        patch.setattr(vault._db, "syncs_journal", lambda: sync_works)
        said = ""
        try:
            happen(vault, 1, NoteAdded(text="late"))
        except Environment as fault:
            said = fault.code
    assert said == ("" if sync_works else "disk.unsure")
    happen(vault, 1, NoteAdded(text="next"))
    vault.close()
    assert notes(story)[-2:] == ["late", "next"]
