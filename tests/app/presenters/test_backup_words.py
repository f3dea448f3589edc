"""What is said of backups: warnings, results, what is wrong with a file, sizes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.desk.ports.backups import BackupReport, DrillReport, ListedBackup
from app.desk.ports.vault import Finding
from app.domain.backups import BackupDue
from app.presenters.backup_words import (
    FINDINGS,
    drill_reason,
    drill_words,
    found_words,
    listed_words,
    made_words,
    size_words,
    worry_words,
)

AT = datetime(2026, 3, 2, tzinfo=UTC)


def drilled(problem: str = "", *findings: Finding) -> DrillReport:
    return DrillReport(name="a", sha256="", events=1200, head="", at=AT, problem=problem, findings=findings)


@pytest.mark.parametrize(
    ("due", "begins"),
    [
        (BackupDue(), ""),
        (BackupDue(warning="none", has_folder=True), "There is no backup of this store yet: "),
        (BackupDue(warning="none"), "There is no backup of this store yet, and no folder"),
        (BackupDue(warning="old", days=9, has_folder=True), "The last good backup is 9 days old: "),
        (BackupDue(warning="old", days=9), "The last good backup is 9 days old, and no folder"),
    ],
)
def test_a_worry_says_what_could_be_lost(due: BackupDue, begins: str) -> None:
    assert worry_words(due).startswith(begins)
    assert bool(worry_words(due)) == bool(begins)


def test_a_new_backup_is_told_with_its_events_and_size() -> None:
    report = BackupReport(path="/kept/a", name="a", sha256="", size=4_200_000, events=1200, head="", at=AT)
    assert made_words(report) == "a was written, read back and verified: 1,200 events, 4.2 MB."


def test_a_drill_that_held_says_how_much_came_back() -> None:
    assert drill_words(drilled()).endswith("all 1,200 events are there.")
    assert drill_reason(drilled()) == ""


def test_a_drill_that_failed_says_why() -> None:
    assert drill_words(drilled("backup.other-store")) == "a could not be restored. This backup is of another store."
    twice = drilled("backup.not-whole", Finding(code="log.other"), Finding(code="chain.hash"))
    assert drill_reason(twice) == f"{FINDINGS['log.other']} (1 more)"


@pytest.mark.parametrize("code", sorted(FINDINGS))
def test_every_finding_of_a_proof_has_words(code: str) -> None:
    assert found_words(Finding(code=code)).endswith(".")


def test_a_file_of_a_list_is_told_in_a_phrase() -> None:
    assert listed_words(ListedBackup(path="/a", name="a", size=1)) == "made and sealed by this store"
    apart = ListedBackup(path="/a", name="a", size=1, from_here=False)
    assert listed_words(apart).endswith("another copy of it")
    other = ListedBackup(path="/a", name="a", size=1, problem="backup.not-a-backup")
    assert listed_words(other) == "This file is not a backup of Holdfast."
    odd = ListedBackup(path="/a", name="a", size=1, problem="no.such-code")
    assert "no.such-code" in listed_words(odd)


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (4_250_000, "4.2 MB"), (7 * 10**9, "7.0 GB"), (10**13, "10.0 TB")],
)
def test_sizes_are_said_as_people_say_them(size: int, words: str) -> None:
    assert size_words(size) == words
