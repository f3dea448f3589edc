"""The table of cases through the hands of a person: search, filters, order, columns, rows, emptiness."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.domain.commands import case_commands as c
from app.domain.errors import Environment
from app.presenters.settings import CASE_COLUMNS
from app.presenters.target import Target, case_target
from tests.scenes import busy_store, new_report
from tests.window_world import WindowWorld
from ui.screens.cases.filters import FilterChip
from ui.screens.cases.table_model import CasesModel
from ui.screens.cases.view import CasesScreen
from ui.widgets.plain_label import PlainLabel
from ui.widgets.table_view import TableView

HOSTILE = "<img src=file:///etc/passwd>\u202e<b>x</b> " + "W" * 200

# A menu that opens where there is no window manager says so.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


class Scene(WindowWorld):
    """A window with the table in front."""

    def __init__(self, qtbot: QtBot, *, empty: bool = False) -> None:
        super().__init__(qtbot, None if empty else busy_store)
        self.unlocked()
        self.workspace.go("cases")

    @property
    def page(self) -> CasesScreen:
        return self.find(CasesScreen, "cases")

    @property
    def table(self) -> TableView:
        return self.page.table

    @property
    def model(self) -> CasesModel:
        return self.page.model

    def titles(self) -> list[str]:
        return [row.title for row in self.model.rows]

    def search(self, text: str) -> None:
        field = self.find(QLineEdit, "cases.search")
        field.clear()
        QTest.keyClicks(field, text)
        self.qtbot.waitUntil(lambda: self.page.presenter.query.text == text)

    def menu_act(self, menu: str, act: str) -> None:
        found = self.window.findChildren(QMenu, menu)[-1]
        next(a for a in found.actions() if a.objectName() == act).trigger()
        found.hide()

    def count(self) -> str:
        return self.find(PlainLabel, "cases.count").text()


@pytest.fixture
def scene(qtbot: QtBot) -> Scene:
    return Scene(qtbot)


def test_typing_narrows_the_table_after_a_short_pause(scene: Scene) -> None:
    scene.search("quadratic")
    assert scene.titles() == ["Quadratic time in the multipart parser"]
    assert scene.count() == "1 of 15"
    assert scene.model.pattern is not None
    scene.search("")
    assert scene.count() == "15"


def test_keys_lead_from_the_search_into_the_table_and_into_a_case(scene: Scene) -> None:
    scene.press("Ctrl+F")
    field = scene.find(QLineEdit, "cases.search")
    assert QApplication.focusWidget() is field
    scene.search("parser")
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert QApplication.focusWidget() is scene.table
    QTest.keyClick(scene.table, Qt.Key.Key_Down)
    ref = scene.model.row(1).ref
    QTest.keyClick(scene.table, Qt.Key.Key_Return)
    assert scene.workspace.place == case_target(ref, tab="overview")


def test_enter_right_after_typing_waits_for_the_answer(scene: Scene) -> None:
    field = scene.find(QLineEdit, "cases.search")
    QTest.keyClicks(field, "quadratic")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert scene.titles() == ["Quadratic time in the multipart parser"]
    assert scene.workspace.place == Target(page="cases", tab="open")
    QTest.keyClick(scene.table, Qt.Key.Key_Return)
    assert scene.workspace.place == case_target("H-2026-007", tab="overview")


def test_escape_and_the_cross_empty_the_search(scene: Scene) -> None:
    scene.search("quadratic")
    field = scene.find(QLineEdit, "cases.search")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    scene.search("quadratic")
    QTest.mouseClick(field, Qt.MouseButton.LeftButton, pos=QPoint(field.width() - 18, field.height() // 2))
    assert field.text() == ""


def test_a_view_is_chosen_by_mouse_and_by_arrows(scene: Scene) -> None:
    scene.click("cases.views.waiting")
    assert len(scene.titles()) == 3
    QTest.keyClick(scene.find(QWidget, "cases.views.waiting"), Qt.Key.Key_Right)
    assert scene.page.presenter.query.view == "no-cve"
    assert scene.find(QWidget, "cases.views.no-cve").accessibleName() == "No CVE yet, 6"


def test_filters_are_added_changed_and_taken_away(scene: Scene) -> None:
    scene.menu_act("cases.severityMenu", "cases.severity.high")
    scene.menu_act("cases.severityMenu", "cases.severity.low")
    chip = scene.find(FilterChip, "cases.severityFilter")
    assert chip.accessibleName() == "Severity High, Low"
    assert {row.rating for row in scene.model.rows} == {"high", "low"}
    scene.menu_act("cases.severityMenu", "cases.severity.low")
    assert {row.rating for row in scene.model.rows} == {"high"}
    scene.menu_act("cases.stageMenu", "cases.stage.fixing")
    assert not scene.sees("cases.addFilter")
    QTest.keyClick(chip, Qt.Key.Key_Delete)
    assert not scene.sees("cases.severityFilter")
    stage = scene.find(FilterChip, "cases.stageFilter")
    QTest.mouseClick(stage, Qt.MouseButton.LeftButton, pos=QPoint(stage.width() - 14, stage.height() // 2))
    assert len(scene.titles()) == 15


def test_a_click_on_a_head_orders_and_again_turns_round(scene: Scene) -> None:
    head = scene.table.head
    place = QPoint(head.sectionViewportPosition(1) + 20, head.height() // 2)
    QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert scene.titles() == sorted(scene.titles(), key=str.casefold)
    QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert scene.titles() == sorted(scene.titles(), key=str.casefold, reverse=True)
    assert head.sortIndicatorSection() == 1
    assert head.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder


def test_a_column_that_the_store_can_not_order_by_does_nothing(scene: Scene) -> None:
    head = scene.table.head
    lines = [x.key for x in scene.model.columns].index("lines")
    place = QPoint(head.sectionViewportPosition(lines) + 20, head.height() // 2)
    QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert scene.page.presenter.query.sort == "next-due"


def test_columns_are_chosen_and_kept(scene: Scene) -> None:
    scene.click("cases.columns")
    scene.menu_act("cases.columnsMenu", "cases.column.lines")
    assert "lines" not in [x.key for x in scene.model.columns]
    assert "lines" not in scene.file.values[CASE_COLUMNS.key].split(",")


def test_a_narrow_window_drops_columns_and_never_scrolls_sideways(scene: Scene) -> None:
    scene.window.resize(1024, 680)
    kept = ["ref", "title", "stage", "severity", "handler", "embargo", "next-due"]
    scene.qtbot.waitUntil(lambda: [x.key for x in scene.model.columns] == kept)
    assert scene.table.head.length() <= scene.table.viewport().width()


def test_the_row_menu_copies_the_reference_and_takes_the_case(scene: Scene) -> None:
    scene.search("malformed")
    scene.table.setFocus()
    scene.table.selectRow(0)
    scene.table.customContextMenuRequested.emit(QPoint(20, 10))
    scene.menu_act("cases.rowMenu", "menu.cases.copyRef")
    assert QGuiApplication.clipboard().text() == "H-2026-001"
    scene.press("Ctrl+Shift+A")
    assert scene.model.row(0).handler == "Ada Example"


def test_a_click_on_take_it_takes_the_case_and_one_elsewhere_does_not(scene: Scene) -> None:
    row = scene.model.place_of("H-2026-001")
    keys = [x.key for x in scene.model.columns]
    title = scene.table.visualRect(scene.model.index(row, keys.index("title"))).center()
    QTest.mouseClick(scene.table.viewport(), Qt.MouseButton.LeftButton, pos=title)
    assert scene.model.row(scene.model.place_of("H-2026-001")).handler == ""
    offer = scene.table.visualRect(scene.model.index(row, keys.index("handler"))).center()
    QTest.mouseClick(scene.table.viewport(), Qt.MouseButton.LeftButton, pos=offer)
    assert scene.model.row(scene.model.place_of("H-2026-001")).handler == "Ada Example"


def test_the_selection_stays_when_something_changes_elsewhere(scene: Scene) -> None:
    scene.table.selectRow(4)
    ref = scene.model.row(4).ref
    done = scene.session.desk.perform(None, c.Receive(title="One more"))
    scene.workspace.hub.publish(done.changes)
    assert scene.model.rowCount() == 16
    current = scene.table.currentIndex()
    assert scene.model.row(current.row()).ref == ref


def test_times_go_on_with_the_minute(scene: Scene) -> None:
    row = scene.model.row(scene.model.place_of("H-2026-006"))
    assert scene.model.text(row, "next-due") == "in 5 h"
    scene.session.clock.pass_by(hours=6)
    scene.page.minute()
    assert scene.model.text(row, "next-due") == "1 h late"


def test_a_hostile_title_is_painted_as_text_and_its_tip_is_escaped(scene: Scene) -> None:
    new_report(scene.session, HOSTILE)
    scene.page.presenter.start()
    row = scene.model.row(scene.model.place_of("H-2026-016"))
    assert "\u202e" not in scene.model.text(row, "title")
    assert "&lt;img" in scene.model.tip(row, "title")
    assert not scene.page.grab().isNull()


def test_an_empty_store_offers_the_two_ways_to_begin(qtbot: QtBot) -> None:
    scene = Scene(qtbot, empty=True)
    assert scene.sees("cases.importFirst")
    scene.click("cases.newFirst")
    assert scene.sees("newCase.title")
    assert scene.workspace.place == Target(page="cases", tab="open")


def test_nothing_found_offers_to_clear_everything(scene: Scene) -> None:
    scene.search("zebra")
    scene.menu_act("cases.severityMenu", "cases.severity.high")
    scene.click("cases.clearAll")
    assert scene.find(QLineEdit, "cases.search").text() == ""
    assert len(scene.titles()) == 15


def test_a_view_with_nothing_in_it_says_so(scene: Scene) -> None:
    scene.click("cases.views.closed")
    assert scene.page.empty.currentWidget() is not scene.table
    scene.click("cases.views.open")
    assert scene.page.empty.currentWidget() is scene.table


def test_a_failure_is_told_above_the_table_which_keeps_its_rows(scene: Scene) -> None:
    scene.session.store.fails = Environment("disk.io")
    scene.search("heap")
    assert scene.sees("cases.problem")
    assert len(scene.titles()) == 15


def test_the_table_asks_for_more_only_when_it_is_scrolled(qtbot: QtBot) -> None:
    scene = Scene(qtbot, empty=True)
    for number in range(450):
        new_report(scene.session, f"Report {number:03d}")
    scene.page.presenter.start()
    assert scene.model.rowCount() == 200
    scene.table.scrollToBottom()
    scene.qtbot.waitUntil(lambda: scene.model.rowCount() == 400)
    scene.table.scrollToBottom()
    scene.qtbot.waitUntil(lambda: scene.model.rowCount() == 450)
    assert scene.model.complete
