"""What the command line says about the place of a store: nothing on a disk, a warning where promises are weaker."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.machine.file_system import Ground
from tests.app.cli.door import Door


def test_no_store_is_made_on_a_network(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    door = Door(tmp_path, capsys)
    door.parts.ground = lambda _folder: Ground(kind="network", system="nfs4")
    answer = door.run("init", "--name", "Ada Example", code=1)
    assert "lies on a network (nfs4)" in answer.err
    assert not door.store.exists()


@pytest.mark.parametrize(
    ("ground", "word"),
    [
        (Ground(kind="network", system="cifs"), "lies on a network (cifs)"),
        (Ground(kind="removable", system="exfat"), "can be pulled out"),
        (Ground(kind="memory", system="tmpfs"), "in memory only"),
        (Ground(synced="Nextcloud"), "Nextcloud copies this folder"),
    ],
)
def test_a_store_in_a_doubtful_place_is_opened_with_a_warning_beside_the_answer(
    door: Door, ground: Ground, word: str
) -> None:
    door.parts.ground = lambda _folder: ground
    answer = door.run("cases", "--json")
    assert answer.json == []
    assert word in answer.sentence


def test_a_store_on_a_disk_is_opened_without_a_word(door: Door) -> None:
    assert door.run("cases", "--json").err == ""


def test_every_place_that_is_doubtful_is_told(door: Door) -> None:
    door.parts.ground = lambda _folder: Ground(kind="removable", synced="Syncthing")
    assert len(door.run("cases", "--json").err.splitlines()) == 2
