"""T14: a disk that is full, read-only or taken away: nothing acknowledged is lost, and the store goes on with room."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from app.desk.ports.exchange import Rendered
from app.domain.errors import AppError, Environment
from app.domain.events.case_events import NoteAdded
from app.machine.files import write_private
from app.machine.out_folder import write_export
from app.machine.settings_file import DiskSettings
from app.presenters.words import error_words
from app.store.folder import change_passphrase, open_store
from app.store.place import DATABASE, SLOTS, SLOTS_COPY
from app.store.vault import SqlVault
from tests.app.store.building import ADA, CHEAP, PASSPHRASE, START, happen, new_store, place, reopen
from tests.faults import stores
from tests.faults.figures import count, tell

PAGE = 4096
OF_A_FULL_DISK = {"disk.full", "disk.io"}
WORDS = {"disk.full": "full", "disk.io": "disk", "disk.readonly": "can't be written"}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes of its own; only an administrator can make one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m,mode=0700", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("no file system can be mounted here; the limit of file sizes stands in for it")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


@contextmanager
def at_most(size: int) -> Iterator[None]:
    """No file of this process may grow beyond so many bytes, as on a full disk; less what the test itself writes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def fill(disk: Path, leave: int) -> Path:
    """Leaves so many bytes free, less what does not fill a page."""
    ballast = disk / "ballast"
    free = os.statvfs(disk).f_bavail * PAGE
    with ballast.open("wb") as file:
        file.write(bytes(max(0, free - leave)))
    return ballast


def notes(vault: SqlVault) -> list[str]:
    """The notes of the first case."""
    case = vault.queries.case("H-2026-001")
    assert case is not None
    return [note.text for note in case.notes]


def write_until_refused(vault: SqlVault, known: list[str]) -> AppError | None:
    """Adds notes until the disk refuses or a dozen are in; `known` grows with each that was acknowledged."""
    for _ in range(12):
        text = f"note {len(known)} " + "x" * 3000
        try:
            happen(vault, 1, NoteAdded(text=text))
        except AppError as fault:
            return fault
        known.append(text)
    return None


def goes_on(vault: SqlVault, known: list[str]) -> bool:
    """Whether the store, with room again, holds what was acknowledged, and takes more."""
    happen(vault, 1, NoteAdded(text="room again"))
    known.append("room again")
    return notes(vault) == known and vault.verify().ok


def test_a_full_disk_loses_nothing_whichever_write_it_refuses(told: Path, small_disk: Path) -> None:
    outcomes: Counter[str] = Counter()
    trials = 0
    steps = range(0, 40 * PAGE, PAGE) if count(0, 1) else range(0, 40 * PAGE, 5 * PAGE)
    for leave in steps:
        folder = Path(shutil.copytree(told, small_disk / "team.holdfast"))
        vault = reopen(folder)
        with vault.transaction(ADA, START) as tx:
            tx.keep_draft("case:C000001", "note", "half a sentence")
        known = notes(vault)
        ballast = fill(small_disk, leave)
        fault = write_until_refused(vault, known)
        # What is there can be read while the disk is full, the draft too.
        outcomes["read while full"] += notes(vault) == known
        outcomes["draft kept"] += vault.queries.draft("case:C000001", "note") == "half a sentence"
        outcomes[fault.code if fault is not None else "not full"] += 1
        ballast.unlink()
        outcomes["went on"] += goes_on(vault, known)
        vault.close()
        again = reopen(folder)
        outcomes["nothing lost"] += notes(again) == known and again.verify().ok
        again.close()
        shutil.rmtree(folder)
        trials += 1
    assert {outcomes[name] for name in ("read while full", "draft kept", "went on", "nothing lost")} == {trials}
    assert outcomes["disk.full"] > 0
    assert outcomes["disk.full"] + outcomes["not full"] == trials
    tell("T14", "a full disk at every page", trials=trials, **outcomes)


def test_a_file_that_may_not_grow_loses_nothing_whichever_write_is_refused(story: Path) -> None:
    outcomes: Counter[str] = Counter()
    trials = 0
    vault = reopen(story)
    with vault.transaction(ADA, START) as tx:
        tx.keep_draft("case:C000001", "note", "half a sentence")
    known = notes(vault)
    for step in range(count(24, 400)):
        # The journal is hit first where the limit is small, the database where it lies about its size.
        size = (story / DATABASE).stat().st_size
        limit = (step * 700 if step % 2 else size + step * 512) + 1
        with at_most(limit):
            fault = write_until_refused(vault, known)
            outcomes["read meanwhile"] += notes(vault) == known
        outcomes["draft kept"] += vault.queries.draft("case:C000001", "note") == "half a sentence"
        outcomes[fault.code if fault is not None else "not refused"] += 1
        outcomes["went on"] += goes_on(vault, known)
        trials += 1
    vault.close()
    again = reopen(story)
    assert notes(again) == known
    assert again.verify().ok
    again.close()
    assert {outcomes[name] for name in ("read meanwhile", "draft kept", "went on")} == {trials}
    refused = trials - outcomes["not refused"]
    assert sum(outcomes[code] for code in OF_A_FULL_DISK) == refused > trials // 3
    tell("T14", "a file that may not grow", trials=trials, lost=0, **outcomes)


@pytest.mark.parametrize("limit", [0, 100, 1000, 1500])
def test_slots_and_private_files_are_old_or_new_when_there_is_no_room(story: Path, tmp_path: Path, limit: int) -> None:
    before = {name: (story / name).read_bytes() for name in (SLOTS, SLOTS_COPY)}
    settings, export = tmp_path / "settings.json", tmp_path / "post.md"
    DiskSettings(settings).write({"theme": "dark"})
    write_private(export, b"old")
    with at_most(limit):
        for act in (
            lambda: change_passphrase(story, PASSPHRASE, "another aster", START, cost=CHEAP, place=place(3)),
            lambda: write_private(export, b"new" * 1000),
            lambda: DiskSettings(settings).write({"theme": "light" * 500}),
        ):
            with pytest.raises(Environment) as caught:
                act()
            assert caught.value.code in OF_A_FULL_DISK
            assert WORDS[caught.value.code] in error_words(caught.value)
    assert {name: (story / name).read_bytes() for name in (SLOTS, SLOTS_COPY)} == before
    assert export.read_bytes() == b"old"
    assert DiskSettings(settings).read() == {"theme": "dark"}
    assert [path.name for path in (*story.iterdir(), *tmp_path.iterdir()) if "partial" in path.name] == []
    reopen(story).close()


def test_a_new_store_on_a_full_disk_is_made_whole_or_not_at_all(small_disk: Path) -> None:
    outcomes: Counter[str] = Counter()
    for leave in range(0, 80 * PAGE, 8 * PAGE):
        ballast = fill(small_disk, leave)
        fault = None
        try:
            new_store(small_disk / "team.holdfast").close()
        except Environment as refusal:
            fault = refusal
        outcomes["made" if fault is None else fault.code] += 1
        assert fault is None or [path.name for path in small_disk.iterdir()] == ["ballast"]
        ballast.unlink()
        if (small_disk / "team.holdfast").exists():
            vault = reopen(small_disk / "team.holdfast")
            assert vault.verify().ok
            vault.close()
            shutil.rmtree(small_disk / "team.holdfast")
    assert outcomes["made"] > 0
    assert set(outcomes) == {"made", "disk.full"}
    tell("T14", "a new store on a full disk", trials=outcomes.total(), **outcomes)


def test_a_backup_on_a_full_disk_is_whole_or_not_there(small_disk: Path) -> None:
    session = stores.new_store(small_disk, stores.parts(small_disk))
    kept = small_disk / "kept"
    kept.mkdir()
    outcomes: Counter[str] = Counter()
    for leave in range(0, 200 * PAGE, 20 * PAGE):
        ballast = fill(small_disk, leave)
        fault = None
        try:
            session.backups.make(kept)
        except Environment as refusal:
            fault = refusal
        outcomes["made" if fault is None else fault.code] += 1
        left = [path.name for path in kept.iterdir()]
        # The words on record may find no room behind a backup that is there and whole.
        assert left == [] or all(name.endswith(".holdfast-backup") for name in left)
        assert fault is not None or len(left) == 1
        ballast.unlink()
        for path in kept.iterdir():
            session.backups.drill(path, stores.PASSPHRASE)
            path.unlink()
    assert session.vault.verify().ok
    session.close()
    assert set(outcomes) == {"made", "disk.full"}
    tell("T14", "a backup on a full disk", trials=outcomes.total(), **outcomes)


def test_an_export_on_a_full_disk_leaves_no_half_file(small_disk: Path) -> None:
    out = small_disk / "out"
    fill(small_disk, 8 * PAGE)
    files = [Rendered(name=f"{number}.md", data=bytes(5 * PAGE), media_type="text/markdown") for number in range(3)]
    with pytest.raises(Environment) as caught:
        write_export(out, files)
    assert caught.value.code == "disk.full"
    assert {path.stat().st_size for path in out.rglob("*") if path.is_file()} <= {5 * PAGE}


AS_ANYBODY = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search")
"""Before a command of the administrator: the permissions of files hold for it as for anybody."""
SCRIPT = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from tests.faults.test_disk import as_anybody
as_anybody(Path(sys.argv[2]), sys.argv[3])
"""


def as_anybody(folder: Path, part: str) -> None:
    """What a process without privileges does and says; called in a process of its own."""
    acts: dict[str, Callable[[Path], None]] = {
        "read-only": _read_only,
        "before": _lost_before_writing,
        "while": _lost_while_writing,
    }
    try:
        acts[part](folder)
    except AppError as fault:
        print(fault.code, error_words(fault), sep="\n")


def _read_only(folder: Path) -> None:
    reopen(folder).close()


def _lost_before_writing(folder: Path) -> None:
    _permission_lost(folder, reopen(folder))


def _lost_while_writing(folder: Path) -> None:
    vault = reopen(folder)
    happen(vault, 1, NoteAdded(text="before"))
    _permission_lost(folder, vault)


def _permission_lost(folder: Path, vault: SqlVault) -> None:
    """What is open stays open, what needs a new file is refused; what was acknowledged is there either way."""
    known = notes(vault)
    folder.chmod(0o500)
    for path in folder.iterdir():
        path.chmod(0o400)
    try:
        happen(vault, 1, NoteAdded(text="after"))
        known.append("after")
    except Environment as fault:
        print(fault.code, error_words(fault), sep="\n")
    print(len(known), notes(vault) == known, sep="\n")
    vault.close()
    open_store(folder, PASSPHRASE, START + timedelta(days=1), place(5))


def said_without_privileges(folder: Path, part: str) -> list[str]:
    """Runs a part in a process that the permissions of files hold for."""
    before: tuple[str, ...] = ()
    if os.getuid() == 0:
        if shutil.which(AS_ANYBODY[0]) is None:
            pytest.skip("nothing is denied to the administrator, and setpriv is not here")
        before = AS_ANYBODY
    root = str(Path(__file__).resolve().parents[2])
    command = [*before, sys.executable, "-c", SCRIPT, root, str(folder), part]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.parametrize("mode", ["folder", "database"])
def test_a_folder_that_can_not_be_written_to_is_told(story: Path, mode: str) -> None:
    if mode == "folder":
        story.chmod(0o500)
        (story / "lock").unlink(missing_ok=True)
    else:
        (story / DATABASE).chmod(0o400)
    before = {path.name: path.read_bytes() for path in story.iterdir() if path.name != "lock"}
    code, words = said_without_privileges(story, "read-only")
    assert code == "disk.readonly"
    assert WORDS[code] in words
    assert {path.name: path.read_bytes() for path in story.iterdir() if path.name != "lock"} == before


@pytest.mark.parametrize("when", ["before", "while"])
def test_a_permission_that_is_lost_meanwhile_loses_nothing(story: Path, when: str) -> None:
    *refused, kept, same, code, words = said_without_privileges(story, when)
    # A store that had its journal open goes on; one that has to make it first is told why it can't.
    assert refused[:1] in ([], ["disk.readonly"])
    assert same == "True"
    assert code == "disk.readonly"
    assert WORDS[code] in words
    story.chmod(0o700)
    for path in story.iterdir():
        path.chmod(0o600)
    vault = reopen(story)
    assert len(notes(vault)) == int(kept)
    assert goes_on(vault, notes(vault))
    vault.close()
