"""Folders that the system does not let us look at: a code, never a fault of the program."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.errors import Environment
from app.store import rooms
from app.store.vault import SqlVault
from tests.app.store.backing import make, restored
from tests.app.store.building import reopen

IMPOSSIBLE = "a" * 300
"""A name longer than any file system takes."""


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(Environment) as caught:
        act()
    return caught.value.code


def test_a_name_that_can_not_be_is_not_there(vault: SqlVault, tmp_path: Path) -> None:
    assert code_of(lambda: make(vault, tmp_path / IMPOSSIBLE)) == "file.missing"
    assert code_of(lambda: reopen(tmp_path / IMPOSSIBLE)) == "file.missing"
    backup = Path(make(vault, tmp_path).path)
    vault.close()
    assert code_of(lambda: restored(backup, tmp_path / IMPOSSIBLE)) == "file.missing"
    assert code_of(lambda: restored(backup, tmp_path / IMPOSSIBLE / "store")) == "file.missing"


def test_a_folder_that_nobody_lets_us_look_at_is_denied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(_path: Path, **_how: object) -> object:
        raise PermissionError

    monkeypatch.setattr(Path, "stat", deny)
    for act in (rooms.is_folder, rooms.is_file, rooms.is_taken):
        assert code_of(lambda act=act: act(tmp_path / "closed")) == "file.denied"  # type: ignore[misc]
