"""Large private files: exclusive, private, whole, no link followed, and a folder in memory only where it is private."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from app.domain.errors import Environment
from app.machine.streams import DiskStreams, memory_folder


def written(path: Path, *pieces: bytes) -> Path:
    out = DiskStreams().create(path)
    for piece in pieces:
        out.write(piece)
    out.seal()
    out.close()
    return path


def test_what_is_written_in_pieces_is_read_in_others(tmp_path: Path) -> None:
    stream = DiskStreams().open(written(tmp_path / "file", b"ab", b"cdefg"))
    assert stream.size == 7
    assert [stream.read(3), stream.read(0), stream.read(10), stream.read(1)] == [b"abc", b"", b"defg", b""]
    stream.close()


def test_a_new_file_is_for_its_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        assert written(tmp_path / "file", b"x").stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(before)


def test_an_existing_file_is_never_written_to(tmp_path: Path) -> None:
    path = written(tmp_path / "file", b"mine")
    with pytest.raises(Environment, match=r"file\.exists"):
        DiskStreams().create(path)
    assert path.read_bytes() == b"mine"


def test_no_link_is_followed(tmp_path: Path) -> None:
    written(tmp_path / "file", b"mine")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    (tmp_path / "away").symlink_to(tmp_path / "new")
    with pytest.raises(Environment, match=r"file\.not-regular"):
        DiskStreams().open(tmp_path / "link")
    with pytest.raises(Environment, match=r"file\.exists"):
        DiskStreams().create(tmp_path / "away")
    assert not (tmp_path / "new").exists()


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Environment, match=r"file\.not-regular"):
        DiskStreams().open(tmp_path / "pipe")


def test_a_finished_file_gets_its_name_and_leaves_the_old_one(tmp_path: Path) -> None:
    DiskStreams().publish(written(tmp_path / "partial", b"whole"), tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"whole"
    assert not (tmp_path / "partial").exists()


def test_a_finished_file_never_takes_the_name_of_another(tmp_path: Path) -> None:
    written(tmp_path / "file", b"mine")
    with pytest.raises(Environment, match=r"file\.exists"):
        DiskStreams().publish(written(tmp_path / "partial", b"whole"), tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"mine"


def test_a_disk_without_hard_links_gets_the_name_too_and_not_over_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    DiskStreams().publish(written(tmp_path / "partial", b"whole"), tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"whole"
    with pytest.raises(Environment, match=r"file\.exists"):
        DiskStreams().publish(written(tmp_path / "partial", b"other"), tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"whole"


def test_a_file_larger_than_the_disk_takes_is_named_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = DiskStreams().create(tmp_path / "file")

    def refuse(*_: object) -> int:
        raise OSError(errno.EFBIG, "file too large")

    monkeypatch.setattr(os, "write", refuse)
    with pytest.raises(Environment, match=r"disk\.file-limit"):
        out.write(b"x")
    out.close()


def test_a_listing_leaves_links_out(tmp_path: Path) -> None:
    written(tmp_path / "b", b"x")
    written(tmp_path / "a", b"x")
    (tmp_path / "c").symlink_to(tmp_path / "a")
    assert [path.name for path in DiskStreams().listing(tmp_path)] == ["a", "b"]
    with pytest.raises(Environment, match=r"file\.missing"):
        DiskStreams().listing(tmp_path / "none")


def test_room_in_memory_is_taken_where_there_is_enough(tmp_path: Path) -> None:
    memory = tmp_path / "memory"
    memory.mkdir()
    assert DiskStreams(memory).room(1000, tmp_path) == memory
    assert DiskStreams(memory / "gone").room(1000, tmp_path) == tmp_path
    assert DiskStreams().room(1000, tmp_path / "gone", tmp_path) == tmp_path


def test_room_that_nobody_has_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(Environment, match=r"disk\.full"):
        DiskStreams().room(2**62, tmp_path)


def test_only_a_private_folder_of_our_own_is_taken_for_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private, shared = tmp_path / "private", tmp_path / "shared"
    private.mkdir(mode=0o700)
    shared.mkdir()
    shared.chmod(0o755)
    found: list[Path | None] = []
    for folder in (private, shared, tmp_path / "none", ""):
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
        found.append(memory_folder())
    assert found == [private, None, None, None]
