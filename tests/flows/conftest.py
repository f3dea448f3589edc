"""What the stories through the window stand on: real windows that are closed when the story ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from pytestqt.qtbot import QtBot

from tests.flows import journey as j
from tests.flows.real_window import RealWindow
from tests.flows.window import Driver


class Shows(Protocol):
    """Opens the window on a folder of the test's own, with no store chosen or with one."""

    def __call__(self, driver: type[Driver] = Driver, store: str = "") -> RealWindow: ...


@pytest.fixture
def shows(qtbot: QtBot, tmp_path: Path) -> Iterator[Shows]:
    """Real windows; `qtbot` fails the test for every error that escapes into Qt."""
    clock = j.Hands()
    opened: list[RealWindow] = []

    def show(driver: type[Driver] = Driver, store: str = "") -> RealWindow:
        opened.append(RealWindow(clock, tmp_path, store=store, driver=driver))
        return opened[-1]

    yield show
    for shown in opened:
        shown.close()
    assert [stray for shown in opened for stray in shown.strays.found] == []
