"""What lies in a folder of backups, and trying one: whose it is, whether it is whole, whether the store comes back."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from typing_extensions import override

from app.desk.ports.streams import InStream
from app.domain.errors import Environment, Rejected
from app.store.container import MAGIC, read_front
from app.store.drill import drill
from app.store.vault import SqlVault
from tests.app.store.backing import LATER, archive, left_over, make, shelf
from tests.app.store.building import PASSPHRASE, new_store, reopen, tampering, tell_a_story


@pytest.fixture
def backup(story: Path, tmp_path: Path) -> Path:
    """A backup of the store with the story in it; the store is closed."""
    vault = reopen(story)
    path = Path(make(vault, tmp_path / "team.holdfast-backup").path)
    vault.close()
    return path


def test_a_list_tells_which_backups_are_our_own(vault: SqlVault, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    make(vault, kept, LATER)
    make(vault, kept, LATER + timedelta(days=1))
    other = new_store(tmp_path / "other.holdfast", seed=77)
    make(other, kept, LATER + timedelta(days=2))
    other.close()
    (kept / "notes.holdfast-backup").write_text("not one", encoding="utf-8")
    (kept / "link.holdfast-backup").symlink_to(kept / "notes.holdfast-backup")
    forged = bytearray((kept / "team-20260304T090000Z.holdfast-backup").read_bytes())
    (kept / "forged.holdfast-backup").write_bytes(bytes(forged).replace(b'"events":2', b'"events":9', 1))
    rows = archive(vault).listed(kept)
    assert [(row.name, row.problem) for row in rows] == [
        ("other-20260306T090000Z.holdfast-backup", "backup.other-store"),
        ("team-20260305T090000Z.holdfast-backup", ""),
        ("team-20260304T090000Z.holdfast-backup", ""),
        ("forged.holdfast-backup", "backup.other-key"),
        ("notes.holdfast-backup", "backup.not-a-backup"),
    ]


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_planted_file_from_an_instant_that_can_not_be_is_one_damaged_row(
    vault: SqlVault, tmp_path: Path, at: str
) -> None:
    """Nobody needs a key to put it there: it must not keep the others out of the list."""
    kept = tmp_path / "kept"
    kept.mkdir()
    make(vault, kept, LATER)
    data = (kept / "team-20260304T090000Z.holdfast-backup").read_bytes()
    (kept / "planted.holdfast-backup").write_bytes(data.replace(LATER.isoformat().encode(), at.encode(), 1))
    rows = archive(vault).listed(kept)
    assert [(row.name, row.problem) for row in rows] == [
        ("team-20260304T090000Z.holdfast-backup", ""),
        ("planted.holdfast-backup", "backup.damaged"),
    ]


class Endless(InStream):
    """A file of a later version that somebody made as large as they liked; counts what is read of it."""

    size = 2**50
    taken = 0

    @override
    def read(self, size: int) -> bytes:
        self.taken += size
        return MAGIC.replace(b"-1", b"-9")[:size] if self.taken == size else bytes(size)

    @override
    def close(self) -> None:
        """Nothing is held."""


def test_a_list_reads_no_more_of_a_planted_file_than_its_first_line() -> None:
    stream = Endless()
    with pytest.raises(Environment) as caught:
        read_front(stream)
    assert (caught.value.code, stream.taken) == ("backup.newer", len(MAGIC))


def test_a_whole_backup_is_told_from_one_that_is_not(vault: SqlVault, tmp_path: Path) -> None:
    tell_a_story(vault)
    path = Path(make(vault, tmp_path / "one").path)
    assert archive(vault).is_whole(path)
    data = bytearray(path.read_bytes())
    data[-1000] ^= 1
    path.write_bytes(data)
    assert not archive(vault).is_whole(path)
    assert not archive(vault).is_whole(tmp_path / "none")


def test_a_drill_finds_the_backup_whole_and_leaves_nothing(backup: Path, tmp_path: Path) -> None:
    before = sorted(path.name for path in tmp_path.iterdir())
    report = drill(backup, PASSPHRASE, LATER, shelf())
    assert (report.problem, report.findings) == ("", ())
    assert report.sha256 == hashlib.sha256(backup.read_bytes()).hexdigest()
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_drill_tells_what_is_wrong_with_the_backup(backup: Path, tmp_path: Path) -> None:
    assert drill(backup, PASSPHRASE, LATER, shelf(), store_id="another").problem == "backup.other-store"
    data = bytearray(backup.read_bytes())
    data[100_000] ^= 1
    backup.write_bytes(data)
    assert drill(backup, PASSPHRASE, LATER, shelf()).problem == "backup.damaged"
    assert left_over(tmp_path) == []


def test_a_drill_with_a_wrong_passphrase_says_nothing_of_the_backup(backup: Path) -> None:
    with pytest.raises(Rejected, match=r"store\.wrong-passphrase"):
        drill(backup, "something else", LATER, shelf())


def test_a_drill_finds_rows_that_differ(story: Path, tmp_path: Path) -> None:
    with tampering(story) as db:
        db.run("UPDATE case_row SET title = 'Nothing to see'")
    vault = reopen(story)
    path = Path(make(vault, tmp_path / "team.holdfast-backup").path)
    vault.close()
    report = drill(path, PASSPHRASE, LATER, shelf())
    assert report.problem == "backup.not-whole"
    assert {finding.code for finding in report.findings} == {"projection.differs"}
