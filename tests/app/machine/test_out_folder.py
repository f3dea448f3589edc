"""What left the store, on the disk: private, in the chosen folder and nowhere else."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from app.desk.ports.exchange import Rendered
from app.domain.errors import Defect, Environment
from app.machine.out_folder import write_export


def file(name: str, data: bytes = b"text") -> Rendered:
    return Rendered(name=name, data=data, media_type="text/plain")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_files_and_folders_are_for_their_owner_alone(tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    paths = write_export(out, [file("core/1.json"), file("post.md", b"post")])
    assert paths == (out / "core" / "1.json", out / "post.md")
    assert [mode(path) for path in (*paths, out, out / "core")] == [0o600, 0o600, 0o700, 0o700]
    assert (out / "post.md").read_bytes() == b"post"


def test_a_second_export_replaces_the_first(tmp_path: Path) -> None:
    write_export(tmp_path, [file("post.md", b"old"), file("core/1.json")])
    write_export(tmp_path, [file("post.md", b"new"), file("core/1.json")])
    assert (tmp_path / "post.md").read_bytes() == b"new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["core", "post.md"]


@pytest.mark.parametrize("name", ["../x", "/x", "a/../x", "a\\x", "", "a//b", ".", "..", "CON", "a\x00b", ".hidden"])
def test_a_name_that_leads_elsewhere_is_our_fault_and_writes_nothing(tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    with pytest.raises(Defect) as fault:
        write_export(out, [file("good.md"), file(name)])
    assert fault.value.code == "export.name"
    assert not out.exists()


def test_a_link_below_the_folder_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    out = tmp_path / "out"
    out.mkdir()
    (out / "core").symlink_to(elsewhere, target_is_directory=True)
    with pytest.raises(Environment) as fault:
        write_export(out, [file("core/1.json")])
    assert fault.value.code == "file.not-regular"
    assert list(elsewhere.iterdir()) == []


def test_a_file_where_the_folder_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(Environment) as fault:
        write_export(tmp_path / "out", [file("post.md")])
    assert fault.value.code == "file.not-regular"
