"""Making backups: what is copied, what is proved, what is left where it fails, and who may still open the store."""

from __future__ import annotations

import gc
import hashlib
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from typing_extensions import override

from app.desk.ports.files import Held
from app.domain.checkpoint_note import read_note
from app.domain.errors import Environment, Rejected
from app.machine.store_lock import StoreLocks
from app.store.backup import Source, back_up
from app.store.connection import Connection
from app.store.container import read_front
from app.store.folder import DATABASE
from app.store.restore import restore
from app.store.scratch import LOCK
from app.store.vault import SqlVault
from tests.app.store.backing import LATER, archive, left_over, make, shelf
from tests.app.store.building import PASSPHRASE, START, add_case, found, keys_of, reopen, tampering, tell_a_story

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A folder for backups."""
    folder = tmp_path / "kept"
    folder.mkdir(mode=0o700)
    return folder


def test_a_backup_carries_the_database_byte_for_byte(vault: SqlVault, folder: Path, kept: Path) -> None:
    tell_a_story(vault)
    made = make(vault, kept)
    data = Path(made.path).read_bytes()
    assert (folder / DATABASE).read_bytes() in data
    assert (folder / "keyslots.json").read_bytes() in data
    assert hashlib.sha256(data).hexdigest() == made.sha256
    assert made.size == len(data)


def test_the_name_of_a_backup_tells_the_store_and_the_second(vault: SqlVault, kept: Path) -> None:
    assert make(vault, kept).name == "team-20260304T090000Z.holdfast-backup"


def test_a_backup_is_for_its_owner_alone(vault: SqlVault, kept: Path) -> None:
    assert Path(make(vault, kept).path).stat().st_mode & 0o777 == 0o600


def test_a_backup_can_have_a_name_of_its_own(vault: SqlVault, kept: Path) -> None:
    assert make(vault, kept / "before the release").path == str(kept / "before the release")


def test_the_manifest_witnesses_the_log_with_a_signed_note(vault: SqlVault, kept: Path) -> None:
    tell_a_story(vault)
    made = make(vault, kept)
    stream = shelf().streams.open(Path(made.path))
    manifest = read_front(stream).manifest
    stream.close()
    assert read_note(manifest.note).count == made.events
    assert vault.check_against(manifest.note) == ()
    add_case(vault, 9)
    assert vault.check_against(manifest.note) == ()


def test_the_store_stays_locked_for_others_while_and_after_it_is_copied(
    vault: SqlVault, folder: Path, kept: Path
) -> None:
    make(vault, kept)
    script = (
        "import sys; from pathlib import Path; from app.store.connection import Connection\n"
        "try: Connection(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))\n"
        "except Exception as fault: print(fault.code)"
    )
    words = [sys.executable, "-c", script, str(folder / DATABASE), keys_of(folder).database().hex()]
    told = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.stdout == "store.busy\n"


def test_work_goes_on_between_copy_and_proof(vault: SqlVault, kept: Path) -> None:
    backups = archive(vault)
    copy = backups.copy(kept, LATER)
    before = vault.queries.history_count()
    add_case(vault, 9)
    assert backups.prove(copy).events == before
    assert vault.verify().ok


def test_nothing_looks_like_a_backup_before_it_is_proved(vault: SqlVault, kept: Path) -> None:
    copy = archive(vault).copy(kept, LATER)
    assert not list(kept.glob("*.holdfast-backup"))
    copy.discard()
    assert left_over(kept) == []


def test_a_copy_that_nobody_proves_does_not_stay(vault: SqlVault, kept: Path) -> None:
    copy = archive(vault).copy(kept, LATER)
    assert left_over(kept) != []
    del copy
    gc.collect()
    assert left_over(kept) == []


def test_a_copy_that_the_disk_changed_does_not_become_a_backup(vault: SqlVault, kept: Path) -> None:
    backups = archive(vault)
    copy = backups.copy(kept, LATER)
    data = bytearray(copy.file.read_bytes())
    data[100_000] ^= 4
    copy.file.write_bytes(data)
    with pytest.raises(Environment, match=r"backup\.damaged"):
        backups.prove(copy)
    assert list(kept.iterdir()) == []


def test_another_backup_put_in_the_place_of_the_copy_does_not_become_one(vault: SqlVault, kept: Path) -> None:
    backups = archive(vault)
    earlier = Path(make(vault, kept / "earlier").path).read_bytes()
    add_case(vault, 9)
    copy = backups.copy(kept, LATER)
    copy.file.write_bytes(earlier)
    with pytest.raises(Environment) as refused:
        backups.prove(copy)
    assert refused.value.facts["finding"] == "file.other"


def test_a_store_with_a_damaged_page_gives_no_backup(story: Path, kept: Path) -> None:
    database = story / DATABASE
    vault = reopen(story)
    data = bytearray(database.read_bytes())
    data[-3000] ^= 1
    # In place, by another hand: the store that is open has that page in memory still.
    with database.open("r+b", buffering=0) as file:
        file.write(data)
    with pytest.raises(Environment, match=r"backup\.not-whole"):
        make(vault, kept)
    vault.close()
    assert list(kept.iterdir()) == []


def test_a_store_whose_log_was_edited_gives_no_backup(story: Path, kept: Path) -> None:
    with tampering(story) as db:
        db.run("UPDATE body SET content = x'7b7d' WHERE seq = 3")
    keys = keys_of(story)
    db = Connection(story / DATABASE, keys.database())
    with pytest.raises(Environment) as refused:
        back_up(Source(db=db, folder=story, keys=keys), kept, LATER, shelf())
    db.close()
    assert refused.value.code == "backup.not-whole"
    assert refused.value.facts["seq"] == 3
    assert list(kept.iterdir()) == []


def test_only_a_deep_proof_looks_at_rows(story: Path, kept: Path) -> None:
    with tampering(story) as db:
        db.run("UPDATE case_row SET title = 'Nothing to see'")
    assert found(story) == {"projection.differs"}
    vault = reopen(story)
    assert not make(vault, kept / "shallow").deep
    with pytest.raises(Environment) as refused:
        make(vault, kept / "deep", deep=True)
    vault.close()
    assert refused.value.facts["finding"] == "projection.differs"


def test_a_backup_never_takes_the_name_of_another_file(vault: SqlVault, kept: Path) -> None:
    make(vault, kept)
    with pytest.raises(Rejected, match=r"file\.exists"):
        make(vault, kept)


def test_a_name_that_was_taken_meanwhile_is_left_alone(vault: SqlVault, kept: Path) -> None:
    backups = archive(vault)
    copy = backups.copy(kept, LATER)
    (kept / copy.target.name).write_text("somebody else's", encoding="utf-8")
    with pytest.raises(Environment, match=r"file\.exists"):
        backups.prove(copy)
    assert (kept / copy.target.name).read_text(encoding="utf-8") == "somebody else's"
    assert left_over(kept) == []


def test_a_backup_into_the_folder_of_the_store_is_refused(vault: SqlVault, folder: Path) -> None:
    with pytest.raises(Rejected, match=r"backup\.inside-store"):
        make(vault, folder)


def test_a_backup_into_a_folder_inside_the_store_is_refused(vault: SqlVault, folder: Path) -> None:
    inside = folder / "old" / "kept"
    inside.mkdir(parents=True)
    with pytest.raises(Rejected) as caught:
        make(vault, inside)
    assert caught.value.code == "backup.inside-store"
    assert list(inside.iterdir()) == []


def test_a_backup_into_no_folder_is_refused(vault: SqlVault, tmp_path: Path) -> None:
    with pytest.raises(Environment, match=r"file\.missing"):
        make(vault, tmp_path / "none" / "file")


def test_stopping_at_any_moment_leaves_nothing(vault: SqlVault, kept: Path) -> None:
    tell_a_story(vault)
    backups, refusals = archive(vault), list[str]()

    def stopped_after(looks: int) -> None:
        asked = iter(range(1000))
        copy = backups.copy(kept, LATER, None, lambda: next(asked) >= looks)
        backups.prove(copy, deep=True, cancelled=lambda: next(asked) >= looks)

    for looks in range(3):
        with pytest.raises(Rejected) as refused:
            stopped_after(looks)
        refusals.append(refused.value.code)
        assert list(kept.iterdir()) == []
    assert refusals == ["backup.cancelled"] * 3


def test_progress_only_grows_and_ends_whole(vault: SqlVault, kept: Path) -> None:
    tell_a_story(vault)
    backups, told = archive(vault), list[tuple[int, int]]()
    backups.prove(backups.copy(kept, LATER), deep=True, progress=lambda done, of: told.append((done, of)))
    assert told == sorted(told)
    assert told[-1] == (100, 100)


LEFT = f".team.{'A' * 26}.partial"


def test_what_a_crash_left_is_swept_with_the_next_backup(vault: SqlVault, kept: Path) -> None:
    left = kept / LEFT
    left.mkdir()
    (left / LOCK).touch()
    (left / "half").write_bytes(b"half a copy")
    make(vault, kept)
    assert left_over(kept) == []


def test_what_a_crash_left_without_its_lock_and_with_folders_in_it_is_swept_too(vault: SqlVault, kept: Path) -> None:
    (kept / LEFT / "within").mkdir(parents=True)
    (kept / LEFT / "within" / "half").write_bytes(b"half a copy")
    (kept / ".team.notes.partial").mkdir()
    make(vault, kept)
    assert left_over(kept) == [".team.notes.partial"]


def test_a_folder_that_a_crash_left_without_a_lock_is_swept_too(vault: SqlVault, kept: Path) -> None:
    (kept / LEFT).mkdir()
    make(vault, kept)
    assert left_over(kept) == []


def test_what_another_process_still_works_on_is_left_alone(vault: SqlVault, kept: Path) -> None:
    busy = kept / LEFT
    busy.mkdir()
    held = StoreLocks().hold(busy / LOCK, START)
    make(vault, kept)
    held.release()
    assert left_over(kept) == [busy.name]


def test_what_somebody_else_planted_is_left_alone(vault: SqlVault, kept: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / LOCK).touch()
    (kept / LEFT).symlink_to(mine)
    make(vault, kept)
    assert (mine / LOCK).exists()


def test_a_disk_without_locks_takes_a_backup_and_no_store(vault: SqlVault, kept: Path) -> None:
    class NoLocks(StoreLocks):
        @override
        def hold(self, path: Path, since: datetime) -> Held:
            raise Environment("store.no-locks", error="ENOTSUP")

    tools = shelf(locks=NoLocks())
    made = back_up(Source(db=vault.db, folder=vault.folder, keys=vault.keys), kept, LATER, tools)
    assert left_over(kept) == []
    with pytest.raises(Environment, match=r"store\.no-locks"):
        restore(Path(made.path), kept / "again.holdfast", PASSPHRASE, LATER, tools)
    assert left_over(kept) == []


def test_memory_takes_the_scratch_copy_where_it_fits(vault: SqlVault, kept: Path, tmp_path: Path) -> None:
    memory = tmp_path / "memory"
    memory.mkdir(mode=0o700)
    tools = shelf(memory=memory)
    source = Source(db=vault.db, folder=vault.folder, keys=vault.keys)
    assert back_up(source, kept, LATER, tools).events == vault.queries.history_count()
    assert list(memory.iterdir()) == []


def test_bytes_behind_the_database_are_left_behind(story: Path, kept: Path) -> None:
    behind = b"something else"
    vault = reopen(story)
    with (story / DATABASE).open("ab") as file:
        file.write(behind)
    backup = Path(make(vault, kept).path).read_bytes()
    vault.close()
    lies = (story / DATABASE).read_bytes()
    assert lies.endswith(behind)
    assert lies.removesuffix(behind) in backup
    assert behind not in backup
