"""The table draws from what it wrote down, and writes anew whenever that could differ."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.desk.ports.vault import CaseRow, NextStep
from app.presenters.dates import ENGLISH
from tests.fakes_session import NOON
from ui.kit.table import Column
from ui.kit.theme import apply_theme, theme
from ui.screens.cases.table import CasesTable
from ui.screens.cases.table_model import CasesModel

COLUMNS = [
    Column(key=key, title=key.title(), width=120)
    for key in ("ref", "title", "stage", "severity", "lines", "cve", "handler", "embargo", "next-due")
]
ROW = CaseRow(
    id="1",
    ref="H-2026-001",
    title="A title with a parser in it",
    stage="fixing",
    track="core",
    updated=NOON,
    rating="critical",
    score=9.1,
    handler="Ada Example",
    handler_id="ada",
    next=NextStep(what="reply", due=NOON + timedelta(minutes=30)),
)


class Scene:
    """A small table with one row."""

    def __init__(self, qtbot: QtBot) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.app = app
        apply_theme(app, "light")
        self.model = CasesModel(COLUMNS, lambda: None, ZoneInfo("UTC"), ENGLISH)
        self.table = CasesTable(self.model)
        self.model.setParent(self.table)
        qtbot.addWidget(self.table)
        self.model.set_now(NOON)
        self.model.set_rows((ROW,), more=False)
        self.table.resize(1120, 200)
        self.table.show()
        qtbot.waitUntil(self.table.isVisible)

    def picture(self) -> QImage:
        return self.table.viewport().grab().toImage()

    def has(self, colour: QColor) -> bool:
        image = self.picture()
        return any(
            image.pixelColor(x, y).rgb() == colour.rgb()
            for x in range(image.width())
            for y in range(min(34, image.height()))
        )


@pytest.fixture
def scene(qtbot: QtBot) -> Scene:
    return Scene(qtbot)


def test_what_was_written_is_drawn_the_same_again(scene: Scene) -> None:
    assert scene.picture() == scene.picture()


def test_the_minute_shows(scene: Scene) -> None:
    before = scene.picture()
    scene.model.set_now(NOON + timedelta(minutes=45))
    assert scene.picture() != before
    assert scene.has(theme().colour("overdue"))


def test_a_changed_row_shows_though_it_is_the_same_case(scene: Scene) -> None:
    before = scene.picture()
    scene.model.set_rows((replace(ROW, title="Another title"),), more=False)
    assert scene.picture() != before


def test_what_was_searched_for_is_marked(scene: Scene) -> None:
    assert not scene.has(theme().colour("today-soft"))
    scene.model.set_search("tit")
    assert scene.has(theme().colour("today-soft"))


def test_another_theme_and_text_size_show(scene: Scene) -> None:
    before = scene.picture()
    apply_theme(scene.app, "dark")
    dark = scene.picture()
    assert dark.pixelColor(600, 150) == theme().colour("surface")
    apply_theme(scene.app, "light", 1.25)
    assert scene.table.rowHeight(0) == 42
    apply_theme(scene.app, "light")
    assert scene.picture() == before


def test_another_width_elides_anew(scene: Scene) -> None:
    before = scene.picture()
    scene.table.setColumnWidth(1, 40)
    assert scene.picture() != before


def test_selection_is_a_ground_and_with_the_keyboard_a_bar(scene: Scene) -> None:
    scene.table.selectRow(0)
    scene.table.setFocus()
    scene.app.processEvents()
    assert scene.has(theme().colour("selected"))
    assert scene.picture().pixelColor(1, 17) == theme().colour("accent")


def test_an_empty_table_is_plain_surface(scene: Scene) -> None:
    scene.model.set_rows((), more=False)
    assert scene.picture().pixelColor(300, 17) == theme().colour("surface")
