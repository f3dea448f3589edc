"""Doors to a store that was just made, and to a place where none is yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.cli.door import Door


@pytest.fixture
def outside(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Door:
    """A door where no store is yet."""
    return Door(tmp_path, capsys)


@pytest.fixture
def door(outside: Door) -> Door:
    """A door to a store that was just made."""
    return outside.init()
