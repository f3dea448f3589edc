"""The frame around the pages: rail, palette, shortcuts, drop, problems, narrow windows."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QTableView, QWidget
from pytestqt.qtbot import QtBot

from app.desk.ports.exchange import SourceFile
from app.domain.commands import case_commands as c
from app.domain.errors import Environment
from app.presenters.target import PageName, Target
from tests.scenes import busy_store, new_report
from tests.window_world import WindowWorld
from ui.kit.dates import Dates
from ui.screens.cases.import_report import ImportReportDialog
from ui.shell.rail import NavList
from ui.shell.top_bar import TopBar
from ui.shell.window_actions import NAV_PAGES

HOSTILE = "<img src=file:///etc/passwd>\u202e<b>x</b> " + "W" * 200


@pytest.fixture
def world(qtbot: QtBot) -> WindowWorld:
    return WindowWorld(qtbot, busy_store).unlocked()


def test_the_rail_shows_only_pages_that_exist_with_their_counts(world: WindowWorld) -> None:
    nav = world.find(NavList, "rail.pages").nav
    more = world.find(NavList, "rail.more").nav
    assert [item.page for item in (*nav.items, *more.items)] == list(NAV_PAGES)
    assert [item.count for item in nav.items] == ["5", "15", "", ""]
    assert nav.items[0].urgent
    assert nav.data(nav.index(0), Qt.ItemDataRole.AccessibleTextRole) == "Desk, 5"


@pytest.mark.parametrize(
    ("keys", "page"),
    [
        ("Alt+1", "desk"),
        ("Alt+2", "cases"),
        ("Alt+3", "releases"),
        ("Alt+4", "audit"),
        ("Ctrl+,", "settings"),
        ("F1", "help"),
    ],
)
def test_every_page_has_its_key(world: WindowWorld, keys: str, page: str) -> None:
    world.workspace.go("help" if page != "help" else "cases")
    world.press(keys)
    assert world.workspace.place is not None
    assert world.workspace.place.page == page


def test_pages_follow_each_other_and_going_back_works(world: WindowWorld) -> None:
    world.press("Ctrl+Tab")
    world.press("Ctrl+Tab")
    assert world.workspace.place == Target(page="releases")
    world.press("Ctrl+Shift+Tab")
    assert world.workspace.place == Target(page="cases", tab="open")
    world.press("Alt+Left")
    assert world.workspace.place == Target(page="releases")


def test_a_click_on_the_rail_goes_there(world: WindowWorld) -> None:
    nav = world.find(NavList, "rail.pages")
    place = nav.visualRect(nav.nav.index(1)).center()
    QTest.mouseClick(nav.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert world.workspace.place == Target(page="cases", tab="open")


def test_f6_moves_the_keyboard_from_part_to_part(world: WindowWorld) -> None:
    world.workspace.go("cases")
    parts = []
    for _ in range(3):
        world.press("F6")
        focus = world.window.focusWidget()
        parts.append(next(p.objectName() or "page" for p in _parts(world) if p.isAncestorOf(focus)))
    assert parts == ["rail", "topBar", "page"]


def _parts(world: WindowWorld) -> list[QWidget]:
    return [world.workspace.rail, world.workspace.top, world.workspace.stack]


def test_the_palette_finds_cases_and_acts_and_enter_goes_there(world: WindowWorld) -> None:
    world.press("Ctrl+K")
    field = world.find(QLineEdit, "palette.field")
    QTest.keyClicks(field, "go to the c")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert world.workspace.place == Target(page="cases", tab="open")
    assert not world.sees("palette.field")


def test_the_palette_opens_a_case_by_its_words(world: WindowWorld) -> None:
    world.press("Ctrl+K")
    field = world.find(QLineEdit, "palette.field")
    QTest.keyClicks(field, "quadratic")
    world.workspace.presenter.find("quadratic")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert world.workspace.place is not None
    assert (world.workspace.place.page, world.workspace.place.ref) == ("case", "H-2026-007")


def test_the_palette_lists_every_action_of_the_window_and_the_page(world: WindowWorld) -> None:
    world.workspace.go("cases")
    world.press("Ctrl+K")
    model = world.find(QListView, "palette.list").model()
    shown = [str(model.data(model.index(row, 0))) for row in range(model.rowCount())]
    for action in world.workspace.registry.usable():
        assert any(action.text in line for line in shown), action.text


def test_esc_closes_the_palette_and_gives_the_focus_back(world: WindowWorld) -> None:
    world.workspace.go("cases")
    table = world.find(QTableView, "cases.table")
    table.setFocus()
    world.press("Ctrl+K")
    QTest.keyClick(world.find(QLineEdit, "palette.field"), Qt.Key.Key_Escape)
    assert not world.sees("palette.field")
    assert world.window.focusWidget() is table


def test_every_action_has_a_name_and_a_shortcut_of_its_own(world: WindowWorld) -> None:
    for page in NAV_PAGES:
        world.workspace.go(page)
        actions = world.workspace.registry.all()
        keys = [a.shortcut for a in actions if a.shortcut]
        assert len({a.name for a in actions}) == len(actions)
        assert len(set(keys)) == len(keys), page
        assert all(a.text for a in actions)


def test_files_dropped_on_the_window_are_imported(world: WindowWorld, tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "one.eml")), QUrl("https://example.org/two.eml")])
    world.session.given = [SourceFile(name="one.eml", data=b"?", sha256="0" * 64)]
    drop = QDropEvent(
        QPointF(QPoint(50, 50)),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    world.workspace.dropEvent(drop)
    assert world.session.paths == [str(tmp_path / "one.eml")]
    report = world.window.findChild(ImportReportDialog)
    assert report is not None
    report.reject()


def test_the_import_action_asks_for_files(world: WindowWorld, tmp_path: Path) -> None:
    world.interaction.paths = [tmp_path / "one.eml"]
    world.press("Ctrl+I")
    assert world.interaction.chosen[-1].name == "import.chooser"
    assert world.session.paths == [str(tmp_path / "one.eml")]


def test_a_failure_of_the_frame_is_told_and_can_be_put_away(world: WindowWorld) -> None:
    world.session.store.fails = Environment("disk.io")
    world.workspace.presenter.start()
    assert world.sees("shell.problem")
    world.click("shell.dismiss")
    assert not world.sees("shell.problem")


def test_a_narrow_window_folds_the_rail_and_keeps_every_control_reachable(world: WindowWorld) -> None:
    world.window.resize(1024, 680)
    world.qtbot.waitUntil(lambda: world.workspace.rail.folded)
    assert world.workspace.rail.width() == 56
    assert world.find(QWidget, "topBar.newCase").accessibleName() == "New case"
    world.window.resize(1440, 900)
    world.qtbot.waitUntil(lambda: not world.workspace.rail.folded)
    assert world.workspace.rail.width() == 216


def test_the_top_bar_says_the_time_here_and_in_utc(world: WindowWorld) -> None:
    assert world.workspace.top.here.text() == "Tue 24 Nov 2026, 14:32 CET"
    assert world.workspace.top.utc.text() == "13:32 UTC"
    world.session.clock.pass_by(minutes=1)
    world.workspace.tick()
    assert world.workspace.top.utc.text() == "13:33 UTC"


def test_the_number_on_the_rail_follows_a_command_on_any_page(world: WindowWorld) -> None:
    done = world.session.desk.perform(None, c.Receive(title="One more"))
    world.workspace.hub.publish(done.changes)
    assert world.workspace.rail.pages.nav.items[1].count == "16"


def test_hostile_titles_stay_text_in_the_palette(world: WindowWorld) -> None:
    new_report(world.session, HOSTILE)
    world.press("Ctrl+K")
    QTest.keyClicks(world.find(QLineEdit, "palette.field"), "<img")
    world.workspace.presenter.find("<img")
    model = world.find(QListView, "palette.list").model()
    line = str(model.data(model.index(0, 0)))
    assert "<img src=file:///etc/passwd>" in line
    assert "\u202e" not in line


def test_every_control_that_takes_the_keyboard_has_a_name_for_the_ear(world: WindowWorld) -> None:
    for page in ("desk", "cases", "settings", "help"):
        world.workspace.go(page)
        for control in world.window.findChildren(QWidget):
            takes = control.focusPolicy() & Qt.FocusPolicy.TabFocus and control.isVisible()
            if takes and control.focusProxy() is None and control.objectName() != "qt_scrollarea_viewport":
                assert control.accessibleName(), f"{page}: {type(control).__name__} {control.objectName()!r}"


def test_a_window_in_utc_says_the_time_once(world: WindowWorld) -> None:
    top = TopBar(Dates(UTC), "Ctrl K", lambda: None, lambda: None, lambda _target: None)
    world.qtbot.addWidget(top)
    top.show_time(world.session.clock.now())
    assert top.here.text().endswith("13:32 UTC")
    assert top.utc.isHidden()
    assert not world.workspace.top.utc.isHidden()


@pytest.mark.parametrize("page", ["desk", "cases", "releases", "audit", "settings"])
def test_the_path_begins_where_the_page_begins(world: WindowWorld, page: PageName) -> None:
    world.workspace.go(page)
    QApplication.processEvents()
    first = next(part for part in world.workspace.top.crumbs.findChildren(QWidget) if part.isVisible())
    assert first.mapTo(world.workspace.top, QPoint(0, 0)).x() == 24
