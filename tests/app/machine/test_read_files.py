"""Files come in as regular files up to a limit, folders always in the same order."""

from __future__ import annotations

import hashlib
import io
import os
import socket
from pathlib import Path

import pytest

from app.desk.ports.exchange import Refusal, SourceFile
from app.machine.read_files import DEPTH_LIMIT, DiskReader


def names(paths: list[Path], reader: DiskReader | None = None) -> list[tuple[str, str]]:
    """Each file's shown name, with the code of its refusal if it was refused."""
    found = (reader or DiskReader()).sources([str(path) for path in paths])
    got = [(one.file, one.code) if isinstance(one, Refusal) else (one.name, "") for one in found]
    assert len(found) == len(got)
    return got


def test_a_file_is_read_whole_with_its_digest(tmp_path: Path) -> None:
    path = tmp_path / "report.eml"
    path.write_bytes(b"made up")
    (got,) = DiskReader().sources([str(path)])
    assert got == SourceFile(name="report.eml", data=b"made up", sha256=hashlib.sha256(b"made up").hexdigest())


def test_a_folder_is_walked_in_the_order_of_its_numbers(tmp_path: Path) -> None:
    for name in ("core/10.json", "core/9.json", "core/index.json", "npm/1.json", ".git/config", "core/.hidden"):
        path = tmp_path / "vuln" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    expected = ["vuln/core/9.json", "vuln/core/10.json", "vuln/core/index.json", "vuln/npm/1.json"]
    assert names([tmp_path / "vuln"]) == [(name, "") for name in expected]
    assert names([tmp_path / "vuln" / "core" / ".." / "npm"]) == [("npm/1.json", "")]


def test_a_name_with_hidden_characters_is_shown_spelt_out(tmp_path: Path) -> None:
    (tmp_path / "a\u202eb.json").write_text("x")
    (tmp_path / "c\nd.json").write_text("x")
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.json"))).write_text("x")
    assert sorted(name for name, _ in names([tmp_path])) == sorted(
        f"{tmp_path.name}/{name}" for name in ("a<U+202E>b.json", "c<U+000A>d.json", "\ufffd.json")
    )


def test_what_is_no_regular_file_is_refused_without_waiting(tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    os.mkfifo(folder / "pipe")
    (folder / "link").symlink_to(tmp_path)
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "empty").touch()
    (folder / "fine").write_text("x")
    with socket.socket(socket.AF_UNIX) as plug:
        plug.bind(os.path.relpath(folder / "socket"))
        assert names([folder]) == [
            ("odd/empty", "file.empty"),
            ("odd/fine", ""),
            ("odd/link", "file.link"),
            ("odd/loop", "file.link"),
            ("odd/pipe", "file.not-regular"),
            ("odd/socket", "file.not-regular"),
        ]
    assert names([folder / "loop"]) == [("loop", "file.link")]
    assert names([Path("/dev/null")]) == [("null", "file.not-regular")]


def test_a_named_link_to_a_file_is_followed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    assert names([tmp_path / "link"]) == [("link", "")]


def test_what_is_not_there_is_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "fine").write_text("x")
    paths = [tmp_path / "gone", tmp_path / "fine" / "below", Path("a\0b"), tmp_path / "fine"]
    assert [code for _, code in names(paths)] == ["file.missing"] * 3 + [""]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is denied to the administrator")
def test_what_may_not_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").touch(mode=0)
    assert names([tmp_path / "secret"]) == [("secret", "file.denied")]


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    (got,) = DiskReader().sources([str(path)])
    assert isinstance(got, Refusal)
    assert (got.code, got.facts["limit"]) == ("file.too-large", 50 * 1024 * 1024)


def test_standard_input_is_read_up_to_the_limit() -> None:
    (got,) = DiskReader(io.BytesIO(b"made up")).sources(["-"])
    assert isinstance(got, SourceFile)
    assert (got.name, got.data) == ("stdin", b"made up")
    assert names([Path("-")], DiskReader(io.BytesIO(b"x" * 11), limit=10)) == [("stdin", "file.too-large")]
    assert names([Path("-")]) == [("stdin", "file.missing")]


def test_folders_without_end_are_left_at_some_depth(tmp_path: Path) -> None:
    deep = tmp_path / "d"
    deep.mkdir()
    inner = deep
    for _ in range(DEPTH_LIMIT + 3):
        inner = inner / "d"
        inner.mkdir()
    (inner / "file").write_text("x")
    ((_, code),) = names([deep])
    assert code == "file.too-deep"
