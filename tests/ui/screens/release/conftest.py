"""What the tests of the release page share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.presenters.target import Target
from tests.release_page import Show
from tests.release_world import World
from ui.kit.theme import hub
from ui.screens.release.view import ReleaseScreen


@pytest.fixture
def show(qtbot: QtBot, qapp: QApplication) -> Iterator[Show]:
    """Opens the page of a release in a window of its own."""
    made: list[ReleaseScreen] = []

    def opened(world: World, ref: str) -> ReleaseScreen:
        page = ReleaseScreen(world.context(hub()), ref)
        qtbot.addWidget(page.widget)
        page.widget.resize(1230, 850)
        page.widget.show()
        page.open(Target(page="release", ref=ref))
        made.append(page)
        return page

    yield opened
    for page in made:
        page.close()
