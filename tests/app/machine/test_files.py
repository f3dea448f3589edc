"""Private files: owner only, whole or not at all."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app.domain.errors import Environment
from app.machine.files import DiskFiles, private_folder, read_private, write_private

ROOT = Path(__file__).resolve().parents[3]


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def code_of(fault: pytest.ExceptionInfo[Environment]) -> str:
    return fault.value.code


def test_a_file_is_written_for_its_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_private(tmp_path / "a", b"one")
        private_folder(tmp_path / "folder")
    finally:
        os.umask(before)
    assert (mode_of(tmp_path / "a"), mode_of(tmp_path / "folder")) == (0o600, 0o700)


def test_a_file_is_replaced_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(0o644)
    write_private(path, b"new" * 100_000)
    assert path.read_bytes() == b"new" * 100_000
    assert mode_of(path) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["a"]


def test_a_link_is_replaced_and_never_followed(tmp_path: Path) -> None:
    (tmp_path / "victim").write_bytes(b"mine")
    (tmp_path / "link").symlink_to(tmp_path / "victim")
    write_private(tmp_path / "link", b"new")
    assert (tmp_path / "victim").read_bytes() == b"mine"
    assert not (tmp_path / "link").is_symlink()
    (tmp_path / "again").symlink_to(tmp_path / "victim")
    with pytest.raises(Environment) as caught:
        read_private(tmp_path / "again", 100)
    assert code_of(caught) == "file.not-regular"


def test_a_place_that_does_not_exist_is_called_missing(tmp_path: Path) -> None:
    for act in (
        lambda: write_private(tmp_path / "no" / "a", b""),
        lambda: read_private(tmp_path / "no", 10),
        lambda: private_folder(tmp_path / "no" / "folder"),
    ):
        with pytest.raises(Environment) as caught:
            act()
        assert code_of(caught) == "file.missing"


def test_a_folder_in_the_place_of_a_file_stays(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(Environment) as caught:
        write_private(tmp_path / "a", b"x")
    assert code_of(caught) == "file.not-regular"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a"]
    with pytest.raises(Environment):
        private_folder(tmp_path / "a")


def test_what_is_too_large_or_no_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert read_private(tmp_path / "a", 5) == b"12345"
    with pytest.raises(Environment) as caught:
        read_private(tmp_path / "a", 4)
    assert code_of(caught) == "file.too-large"
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "."):
        with pytest.raises(Environment) as caught:
            read_private(tmp_path / name, 10)
        assert code_of(caught) == "file.not-regular"


def test_a_full_disk_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    """A child that may write only 20,000 bytes to a file (RLIMIT_FSIZE) stands for a disk that fills up."""
    write_private(tmp_path / "a", b"old")
    script = (
        "import resource, signal, sys\nfrom pathlib import Path\nfrom app.machine.files import write_private\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "try: write_private(Path(sys.argv[1]), b'x' * 1_000_000)\n"
        "except Exception as fault: print(type(fault).__name__, fault)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "a")]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said.split() == ["Environment", "disk.io"]
    assert (tmp_path / "a").read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a"]


def test_a_folder_is_moved_only_to_where_nothing_is(tmp_path: Path) -> None:
    files = DiskFiles()
    for name in ("one", "two", "empty"):
        files.folder(tmp_path / name)
    files.write(tmp_path / "one" / "a", b"1")
    files.write(tmp_path / "two" / "a", b"2")
    with pytest.raises(Environment) as caught:
        files.move_folder(tmp_path / "one", tmp_path / "two")
    assert code_of(caught) == "file.exists"
    files.move_folder(tmp_path / "one", tmp_path / "empty")
    assert files.read(tmp_path / "empty" / "a", 10) == b"1"
    assert files.read(tmp_path / "two" / "a", 10) == b"2"


def test_removing_a_folder_that_is_not_there_is_no_fault(tmp_path: Path) -> None:
    files = DiskFiles()
    files.folder(tmp_path / "one")
    files.write(tmp_path / "one" / "a", b"1")
    files.remove_folder(tmp_path / "one")
    files.remove_folder(tmp_path / "one")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_goes_with_the_folders_in_it_but_not_with_what_links_lead_to(tmp_path: Path) -> None:
    files = DiskFiles()
    files.folder(tmp_path / "kept")
    files.write(tmp_path / "kept" / "a", b"1")
    files.folder(tmp_path / "one")
    files.folder(tmp_path / "one" / "within")
    files.write(tmp_path / "one" / "within" / "a", b"1")
    (tmp_path / "one" / "link").symlink_to(tmp_path / "kept")
    files.remove_folder(tmp_path / "one")
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert files.read(tmp_path / "kept" / "a", 10) == b"1"
