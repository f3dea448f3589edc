"""Restoring backups: whole or not at all, by the secrets of their day, going on as a device of their own."""

from __future__ import annotations

import hashlib
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.errors import AppError, Environment, Rejected
from app.domain.events.team_events import DeviceEnrolled, StoreRestored
from app.machine.seen_stores import DiskSeenStores
from app.store.backup import Source, back_up
from app.store.connection import Connection
from app.store.container import MAGIC, read_front, take
from app.store.drill import drill
from app.store.folder import change_passphrase, open_store
from app.store.migrate import newest_format
from app.store.place import DATABASE
from app.store.rekey import rekey
from app.store.restore import restore
from tests.app.store.backing import LATER, archive, left_over, make, restored, shelf
from tests.app.store.building import (
    ADA,
    CHEAP,
    PASSPHRASE,
    START,
    add_case,
    found,
    keys_of,
    place,
    reopen,
    tampering,
)
from tests.app.store.fixture_store import FORMAT_1
from tests.app.store.fixture_store import PASSPHRASE as FIRST

FAMILY = b"holdfast-backup-"
NEW = "another passphrase for the team"


@pytest.fixture
def backup(story: Path, tmp_path: Path) -> Path:
    """A backup of the store with the story in it; the store is closed."""
    vault = reopen(story)
    path = Path(make(vault, tmp_path / "team.holdfast-backup").path)
    vault.close()
    return path


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where a store is to come from a backup."""
    return tmp_path / "again.holdfast"


def opens(path: Path, folder: Path, secret: str = PASSPHRASE) -> bool:
    """Whether a backup can be restored with this secret."""
    try:
        restored(path, folder, secret).close()
    except Rejected:
        return False
    return True


def told(path: Path) -> str:
    """What is wrong with the bytes of a backup, as anybody can tell; "" where nothing is."""
    stream = shelf().streams.open(path)
    try:
        take(stream)
    except Environment as fault:
        return fault.code
    finally:
        stream.close()
    return ""


def refusal(path: Path, folder: Path) -> AppError:
    """Why a backup is not restored; nothing of it is left."""
    with pytest.raises(AppError) as refused:
        restored(path, folder)
    assert not folder.exists()
    assert not [name for name in left_over(folder.parent) if name.startswith(".")]
    return refused.value


def with_digest(data: bytes) -> bytes:
    """A container whose digest fits again, as somebody without the key would leave it."""
    return data[:-32] + hashlib.sha256(data[:-32]).digest()


def test_a_restored_store_tells_the_same_story(backup: Path, story: Path, target: Path) -> None:
    old, new = reopen(story), restored(backup, target)
    before = old.queries.history(limit=500)
    assert new.queries.history(limit=500)[: len(before)] == before
    assert new.queries.case("H-2026-001") == old.queries.case("H-2026-001")
    assert new.verify().ok
    old.close()
    new.close()


def test_a_restored_store_says_where_it_comes_from(backup: Path, target: Path) -> None:
    new = restored(backup, target)
    events = [row.event for row in new.queries.history("team", limit=500)]
    (told,) = (event for event in events if isinstance(event, StoreRestored))
    assert told.sha256 == hashlib.sha256(backup.read_bytes()).hexdigest()
    assert [e.label for e in events if isinstance(e, DeviceEnrolled)] == ["desk", "new desk"]
    new.close()


def test_two_stores_that_go_on_from_one_backup_sign_with_keys_of_their_own(
    backup: Path, story: Path, tmp_path: Path
) -> None:
    first, second = (
        restored(backup, tmp_path / "a.holdfast", seed=11),
        restored(backup, tmp_path / "b.holdfast", seed=12),
    )
    old = reopen(story)
    assert len({first.device, second.device, old.device}) == 3
    for vault in (first, second, old):
        add_case(vault, 9, now=LATER + timedelta(days=2))
        assert vault.verify().ok
    for vault in (first, second):
        kept = vault.db.all("SELECT d.id FROM device_key k JOIN device d ON d.no = k.device")
        assert kept == [(vault.device,)]
    for vault in (first, second, old):
        vault.close()


def test_a_restored_store_opens_again(backup: Path, target: Path) -> None:
    restored(backup, target).close()
    again = reopen(target)
    add_case(again, 9, now=LATER + timedelta(days=2))
    assert again.verify().ok
    again.close()
    assert sorted(p.name for p in target.iterdir() if not p.name.endswith("-journal")) == [
        "cases.db",
        "keyslots.json",
        "keyslots.json.bak",
        "lock",
    ]
    assert target.stat().st_mode & 0o777 == 0o700
    assert {p.stat().st_mode & 0o777 for p in target.iterdir()} == {0o600}


def test_a_restored_store_is_held_by_who_restored_it(backup: Path, target: Path) -> None:
    new = restored(backup, target)
    with pytest.raises(Environment, match=r"store\.held"):
        reopen(target)
    new.close()


def test_a_backup_opens_with_the_passphrase_of_its_day(backup: Path, story: Path, tmp_path: Path) -> None:
    change_passphrase(story, PASSPHRASE, NEW, START + timedelta(days=3), cost=CHEAP, place=place(5))
    assert opens(backup, tmp_path / "old.holdfast")
    assert not opens(backup, tmp_path / "new.holdfast", NEW)
    vault = reopen(story, passphrase=NEW)
    later = Path(make(vault, tmp_path / "later.holdfast-backup").path)
    vault.close()
    assert opens(later, tmp_path / "newer.holdfast", NEW)
    assert not opens(later, tmp_path / "older.holdfast")


def test_a_backup_under_a_store_key_that_was_replaced_is_told_apart_and_still_opens(
    story: Path, tmp_path: Path, target: Path
) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    vault = reopen(story)
    before = Path(make(vault, kept).path)
    rekey(vault, place(6), ADA, LATER)
    after = Path(make(vault, kept, LATER + timedelta(days=1)).path)
    assert [(row.name, row.problem) for row in archive(vault).listed(kept)] == [
        (after.name, ""),
        (before.name, "backup.other-key"),
    ]
    vault.close()
    assert opens(before, target)
    assert opens(after, tmp_path / "after.holdfast")
    assert found(target) == set()


def test_a_copy_is_proved_with_the_key_it_was_made_under(story: Path, tmp_path: Path, target: Path) -> None:
    vault = reopen(story)
    backups = archive(vault)
    copy = backups.copy(tmp_path / "team.holdfast-backup", LATER)
    rekey(vault, place(6), ADA, LATER)
    made = backups.prove(copy)
    vault.close()
    assert opens(Path(made.path), target)


def test_a_backup_of_an_older_format_comes_back_brought_up_to_date(tmp_path: Path, target: Path) -> None:
    old = Path(shutil.copytree(FORMAT_1, tmp_path / "old.holdfast"))
    keys = keys_of(old, FIRST)
    db = Connection(old / DATABASE, keys.database())
    source = Source(db=db, folder=old, keys=keys)
    path = Path(back_up(source, tmp_path / "one", LATER, shelf(), pages_only=True).path)
    db.close()
    assert drill(path, FIRST, LATER, shelf()).problem == ""
    again = restored(path, target, FIRST)
    assert again.verify().ok
    assert again.db.number("user_version") == newest_format()
    again.close()


def test_a_wrong_passphrase_leaves_nothing(backup: Path, target: Path) -> None:
    with pytest.raises(Rejected, match=r"store\.wrong-passphrase"):
        restored(backup, target, "something else")
    assert not target.exists()


def test_a_restore_never_goes_over_a_store(backup: Path, story: Path) -> None:
    before = {path.name: path.read_bytes() for path in story.iterdir()}
    with pytest.raises(Rejected, match=r"store\.exists"):
        restored(backup, story)
    assert {path.name: path.read_bytes() for path in story.iterdir()} == before


def test_a_restore_into_an_empty_folder_takes_its_place(backup: Path, target: Path) -> None:
    target.mkdir(mode=0o700)
    restored(backup, target).close()
    assert found(target) == set()


def test_stopping_a_restore_leaves_nothing(backup: Path, target: Path) -> None:
    asked = iter([False, False, True])
    with pytest.raises(Rejected, match=r"backup\.cancelled"):
        restore(backup, target, PASSPHRASE, LATER, shelf(), cancelled=lambda: next(asked, True))
    assert not target.exists()
    assert left_over(target.parent) == []


def test_a_machine_that_saw_more_of_the_store_takes_the_restored_one(
    backup: Path, story: Path, target: Path, tmp_path: Path
) -> None:
    seen = DiskSeenStores(tmp_path / "seen.json", lambda: True)
    vault = open_store(story, PASSPHRASE, LATER, place(3, seen=seen))
    add_case(vault, 9, now=LATER)
    vault.close()
    restore(backup, target, PASSPHRASE, LATER, shelf(seen=seen)).close()
    again = open_store(target, PASSPHRASE, LATER + timedelta(days=1), place(4, seen=seen))
    assert again.verify().ok
    again.close()


def test_rows_that_differ_are_made_again_from_the_log(story: Path, tmp_path: Path, target: Path) -> None:
    with tampering(story) as db:
        db.run("UPDATE case_row SET title = 'Nothing to see'")
    vault = reopen(story)
    path = Path(make(vault, tmp_path / "team.holdfast-backup").path)
    vault.close()
    restored(path, target).close()
    assert found(target) == set()


def test_a_flipped_bit_is_found_wherever_it_is(backup: Path, target: Path) -> None:
    data = backup.read_bytes()
    front = len(MAGIC) + 4
    places = [*range(front + 700), *range(front + 700, len(data) - 200, 9973), *range(len(data) - 200, len(data))]
    damaged, wrong = target.parent / "damaged.holdfast-backup", []
    for at in places:
        damaged.write_bytes(data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :])
        if told(damaged) != ("backup.damaged" if at >= len(FAMILY) else "backup.not-a-backup"):
            wrong.append(at)
    assert wrong == []


def test_a_damaged_backup_is_refused_and_leaves_nothing(backup: Path, target: Path) -> None:
    data = bytearray(backup.read_bytes())
    data[100_000] ^= 1
    backup.write_bytes(data)
    assert refusal(backup, target).code == "backup.damaged"


@pytest.mark.parametrize("length", [0, 1, 17, 18, 20, 22, 400, 900, 5_000, 100_000, -1, -32, -33, -64])
def test_a_backup_that_was_cut_is_refused(backup: Path, target: Path, length: int) -> None:
    backup.write_bytes(backup.read_bytes()[:length])
    assert refusal(backup, target).code in ("backup.damaged", "backup.not-a-backup")


def test_a_backup_with_something_behind_it_is_refused(backup: Path, target: Path) -> None:
    backup.write_bytes(backup.read_bytes() + b"\0")
    assert refusal(backup, target).code == "backup.damaged"


@pytest.mark.parametrize("at", [40, 300, 2_000, 100_000, -40])
def test_bytes_changed_by_somebody_without_the_key_are_refused(backup: Path, target: Path, at: int) -> None:
    data = bytearray(backup.read_bytes())
    data[at] ^= 1
    backup.write_bytes(with_digest(bytes(data)))
    assert refusal(backup, target).code in ("backup.forged", "backup.damaged", "store.slots-damaged")


def test_the_database_of_one_backup_does_not_pass_in_another(backup: Path, story: Path, target: Path) -> None:
    vault = reopen(story)
    vault.rebuild()
    later = Path(make(vault, target.parent / "later.holdfast-backup", LATER + timedelta(days=1)).path).read_bytes()
    vault.close()
    earlier = backup.read_bytes()
    assert len(later) == len(earlier)
    middle = len(earlier) // 2
    backup.write_bytes(with_digest(later[:middle] + earlier[middle:]))
    assert refusal(backup, target).code == "backup.forged"


def test_what_is_no_backup_is_named_so(target: Path, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a backup at all", encoding="utf-8")
    assert refusal(path, target).code == "backup.not-a-backup"


def test_a_backup_of_a_later_program_is_named_so(backup: Path, target: Path) -> None:
    later = backup.read_bytes().replace(b"holdfast-backup-1", b"holdfast-backup-2", 1)
    backup.write_bytes(with_digest(later))
    assert refusal(backup, target).code == "backup.newer"
    backup.write_bytes(later)
    assert refusal(backup, target).code == "backup.damaged"


def test_a_link_in_the_place_of_a_backup_is_not_followed(backup: Path, target: Path) -> None:
    link = backup.with_name("link.holdfast-backup")
    link.symlink_to(backup)
    assert refusal(link, target).code == "file.not-regular"


def test_a_manifest_that_promises_a_size_it_does_not_have_is_refused_before_anything_is_read(backup: Path) -> None:
    data = backup.read_bytes()
    stream = shelf().streams.open(backup)
    size = read_front(stream).manifest.database
    stream.close()
    backup.write_bytes(data.replace(str(size).encode(), str(size + 4096).encode(), 1))
    stream = shelf().streams.open(backup)
    with pytest.raises(Environment) as refused:
        read_front(stream)
    stream.close()
    assert refused.value.facts["reason"] == "size"
