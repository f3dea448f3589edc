"""The table kit: pages that arrive, rows that are asked for once, cells that are painted by the theme."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot
from typing_extensions import override

from ui.kit.paint import Paint
from ui.kit.table import ROW, SPOKEN, TOOL_TIP, Cell, Column, PagedTableModel, RowDelegate
from ui.kit.theme import apply_theme
from ui.widgets.table_view import TableView


@dataclass(frozen=True)
class Thing:
    ref: str
    title: str


COLUMNS = (
    Column(key="ref", title="Reference", width=90),
    Column(key="title", title="Title", width=300, sort=True, stretch=True),
)


class Delegate(RowDelegate):
    def __init__(self, view: TableView) -> None:
        super().__init__(view)
        self.painted: list[tuple[str, str]] = []

    @override
    def paint_cell(self, brush: Paint, cell: Cell, row: object, key: str) -> None:
        self.painted.append((key, str(getattr(row, key))))
        super().paint_cell(brush, cell, row, key)


def things(first: int, count: int) -> list[Thing]:
    return [Thing(f"H-2099-{n:03}", f"Title {n}") for n in range(first, first + count)]


class Asked:
    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def model(qapp: QApplication, asked: Asked) -> PagedTableModel[Thing]:
    return PagedTableModel(COLUMNS, asked)


@pytest.fixture
def view(qapp: QApplication, qtbot: QtBot, model: PagedTableModel[Thing]) -> TableView:
    apply_theme(qapp, "light")
    made = TableView()
    made.setItemDelegate(Delegate(made))
    made.setModel(model)
    made.set_widths([column.width for column in COLUMNS], stretched=1)
    made.resize(500, 340)
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_model_keeps_the_rules_of_models(model: PagedTableModel[Thing], qtmodeltester: ModelTester) -> None:
    model.set_rows(things(0, 5), more=True)
    qtmodeltester.check(model)
    model.append_rows(things(5, 5), more=False)
    qtmodeltester.check(model)
    assert model.rowCount() == 10


def test_more_is_asked_for_once_until_it_came(model: PagedTableModel[Thing], asked: Asked) -> None:
    root = QModelIndex()
    model.set_rows(things(0, 5), more=True)
    assert model.canFetchMore(root)
    model.fetchMore(root)
    assert not model.canFetchMore(root)
    assert asked.times == 1
    model.append_rows(things(5, 5), more=True)
    assert model.canFetchMore(root)
    model.append_rows([], more=False)
    assert model.complete


def test_a_new_answer_replaces_the_old_rows(model: PagedTableModel[Thing]) -> None:
    model.set_rows(things(0, 5), more=True)
    model.set_rows(things(40, 2), more=False)
    assert [row.ref for row in model.rows] == ["H-2099-040", "H-2099-041"]


def test_a_cell_gives_words_its_row_and_something_to_say(model: PagedTableModel[Thing]) -> None:
    model.set_rows(things(0, 1), more=False)
    index = model.index(0, 1)
    assert model.data(index) == "Title 0"
    assert model.data(index, ROW) == Thing("H-2099-000", "Title 0")
    assert model.data(index, SPOKEN) == "Title Title 0"
    assert model.data(index, TOOL_TIP) is None
    assert model.headerData(0, Qt.Orientation.Horizontal) == "Reference"


def test_only_the_rows_that_show_are_painted(model: PagedTableModel[Thing], view: TableView) -> None:
    model.set_rows(things(0, 500), more=False)
    delegate = view.itemDelegate()
    assert isinstance(delegate, Delegate)
    delegate.painted.clear()
    view.viewport().grab()
    assert 10 <= len({words for key, words in delegate.painted if key == "ref"}) <= 12


def test_rows_have_one_height_whatever_they_hold(model: PagedTableModel[Thing], view: TableView) -> None:
    model.set_rows([Thing("a", "x\n" * 20), Thing("b", "y")], more=False)
    assert [view.rowHeight(0), view.rowHeight(1)] == [34, 34]


def test_a_selected_row_has_its_ground_and_loses_its_bar_with_the_focus(
    model: PagedTableModel[Thing], view: TableView, qtbot: QtBot
) -> None:
    model.set_rows(things(0, 3), more=False)
    view.selectRow(1)
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)

    def pixel(x: int) -> QColor:
        return view.viewport().grab().toImage().pixelColor(x, 34 + 17)

    assert pixel(300).name() == "#dcebf1"
    assert pixel(1).name() == "#0a6783"
    view.clearFocus()
    assert pixel(300).name() == "#dcebf1"
    assert pixel(1).name() == "#dcebf1"


def test_the_row_under_the_mouse_lights_up(model: PagedTableModel[Thing], view: TableView, qtbot: QtBot) -> None:
    model.set_rows(things(0, 3), more=False)
    qtbot.mouseMove(view.viewport(), QPoint(200, 34 * 2 + 10))
    QApplication.processEvents()
    delegate = view.itemDelegate()
    assert isinstance(delegate, Delegate)
    assert delegate.hovered == 2
    assert view.viewport().grab().toImage().pixelColor(400, 34 * 2 + 4).name() == "#edf0f4"


def test_enter_opens_and_space_previews_the_current_row(
    model: PagedTableModel[Thing], view: TableView, qtbot: QtBot
) -> None:
    model.set_rows(things(0, 3), more=False)
    opened: list[int] = []
    previewed: list[int] = []
    view.opened.connect(lambda index: opened.append(index.row()))
    view.previewed.connect(lambda index: previewed.append(index.row()))
    view.selectRow(1)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert opened == [1]
    assert previewed == [2]


def test_scrolling_to_the_end_asks_for_the_next_page(
    model: PagedTableModel[Thing], view: TableView, asked: Asked
) -> None:
    model.set_rows(things(0, 60), more=True)
    view.scrollToBottom()
    QApplication.processEvents()
    assert asked.times == 1


def test_hostile_words_in_a_cell_stay_words(model: PagedTableModel[Thing], view: TableView) -> None:
    model.set_rows([Thing("<img src=file:///etc/hostname>", "<b>x</b>")], more=False)
    assert model.data(model.index(0, 0)) == "<img src=file:///etc/hostname>"
    assert not view.viewport().grab().isNull()


def test_the_table_follows_theme_and_text_size(
    qapp: QApplication, model: PagedTableModel[Thing], view: TableView
) -> None:
    model.set_rows(things(0, 3), more=False)
    hub = apply_theme(qapp, "dark", 1.5)
    assert view.rowHeight(0) == 51
    assert view.viewport().grab().toImage().pixelColor(450, 20).name() in {"#1b1f24", "#14171b"}
    hub.set_look("light", 1.0)
    assert view.rowHeight(0) == 34
