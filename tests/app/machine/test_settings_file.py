"""The settings file: private, replaced whole, and never a reason not to start."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from app.domain.errors import Environment
from app.machine.settings_file import DiskSettings, settings_path


def test_what_is_written_is_read_again_and_belongs_to_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "config" / "holdfast" / "settings.json"
    DiskSettings(path).write({"ui.theme": "dark", "store.last": "/home/ä/x.holdfast"})
    assert DiskSettings(path).read() == {"ui.theme": "dark", "store.last": "/home/ä/x.holdfast"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[1, 2]", b'{"a": 1, "b": null}', b"\xff\xfe", b"[" * 50_000, b'{"a": "' + b"x" * 70_000 + b'"}'],
)
def test_a_file_that_makes_no_sense_counts_as_none(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(data)
    assert DiskSettings(path).read() == {}


def test_no_file_is_no_settings(tmp_path: Path) -> None:
    assert DiskSettings(tmp_path / "nowhere" / "settings.json").read() == {}


def test_a_folder_in_the_way_is_told_as_a_matter_of_the_machine(tmp_path: Path) -> None:
    (tmp_path / "holdfast").write_text("a file where a folder should be")
    with pytest.raises(Environment):
        DiskSettings(tmp_path / "holdfast" / "settings.json").write({"ui.theme": "dark"})


def test_it_lies_where_the_desktop_keeps_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert settings_path() == tmp_path / "holdfast" / "settings.json"
    monkeypatch.setenv("XDG_CONFIG_HOME", "not/absolute")
    assert settings_path() == Path.home() / ".config" / "holdfast" / "settings.json"
