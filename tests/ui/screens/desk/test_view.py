"""The desk as a person meets it: one act for each promise, numbers that filter, embargoes ahead."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.commands import case_commands as c
from app.domain.commands.team_commands import ChangeSetting
from app.domain.errors import Environment
from app.presenters.target import Target, case_target
from tests.scenes import busy_store, new_report
from tests.window_world import WindowWorld
from ui.kit.dates import Dates
from ui.screens.desk.count_card import CountCard
from ui.screens.desk.timeline import span_of
from ui.screens.desk.view import DeskScreen
from ui.widgets.button import Button
from ui.widgets.due_row import DueRow

HOSTILE = "<img src=file:///etc/passwd>\u202e<b>x</b> " + "W" * 200


class Scene(WindowWorld):
    """A window with the desk in front."""

    def __init__(self, qtbot: QtBot, *, empty: bool = False) -> None:
        super().__init__(qtbot, None if empty else busy_store)
        self.unlocked()

    @property
    def page(self) -> DeskScreen:
        return self.find(DeskScreen, "desk")

    def rows(self) -> list[DueRow]:
        return [row for row in self.page.due.findChildren(DueRow) if not row.isHidden()]

    def primaries(self) -> list[Button]:
        return [b for b in self.page.findChildren(Button) if b.kind == "primary" and b.isVisible()]


@pytest.fixture
def scene(qtbot: QtBot) -> Scene:
    return Scene(qtbot)


def test_the_most_urgent_row_stands_first_with_the_only_primary_button(scene: Scene) -> None:
    first = scene.rows()[0]
    assert first.accessibleName().startswith("Update the reporter, H-2026-015")
    assert scene.primaries() == [first.button]
    assert QApplication.focusWidget() is first.button


def test_the_primary_button_follows_the_keyboard(scene: Scene) -> None:
    second = scene.rows()[1].button
    second.setFocus(Qt.FocusReason.TabFocusReason)
    assert scene.primaries() == [second]


def test_the_button_of_a_row_opens_the_case_where_the_work_is(scene: Scene) -> None:
    asked: list[tuple[str, str]] = []
    scene.page.due.actWanted.connect(lambda ref, verb: asked.append((ref, verb)))
    scene.click("desk.act.H-2026-002.reply")
    assert asked == [("H-2026-002", "reply")]
    assert scene.workspace.place is not None
    assert (scene.workspace.place.page, scene.workspace.place.ref) == ("case", "H-2026-002")


def test_the_numbers_filter_the_list(scene: Scene) -> None:
    everything = len(scene.rows())
    scene.click("desk.overdue")
    assert len(scene.rows()) == 4
    assert scene.find(CountCard, "desk.overdue").isChecked()
    scene.click("desk.overdue")
    assert len(scene.rows()) == everything


def test_waiting_and_everyone_are_a_switch_away(scene: Scene) -> None:
    scene.press("Ctrl+3")
    assert all("paused" in row.relative.text() for row in scene.rows())
    scene.click("desk.whose.everyone")
    assert len(scene.rows()) > 10
    scene.click("desk.waiting")
    assert scene.page.whose.key == "waiting"


def test_the_number_of_embargoes_leads_to_their_view(scene: Scene) -> None:
    scene.click("desk.embargo")
    assert scene.workspace.place == Target(page="cases", tab="embargo")


def test_times_go_on_without_making_the_rows_anew(scene: Scene) -> None:
    row = scene.rows()[0]
    before = row.relative.text()
    scene.session.clock.pass_by(hours=1)
    scene.workspace.tick()
    assert scene.rows()[0] is row
    assert row.relative.text() != before


def test_a_double_click_on_a_row_opens_its_case(scene: Scene) -> None:
    row = scene.rows()[0]
    QTest.mouseDClick(row, Qt.MouseButton.LeftButton, pos=row.rect().center())
    assert scene.workspace.place == case_target("H-2026-015", tab="overview")


def test_an_embargo_is_a_button_that_says_its_end(scene: Scene) -> None:
    bar = scene.find(QAbstractButton, "desk.embargo.H-2026-003")
    assert bar.accessibleName() == ("H-2026-003, Prototype chain escape in the module loader, Tue 1 Dec, 16:32")
    scene.click("desk.embargo.H-2026-003")
    assert scene.workspace.place == case_target("H-2026-003", tab="embargo")


def test_the_timeline_begins_on_the_monday_of_this_week(scene: Scene) -> None:
    span = span_of(scene.session.clock.now(), Dates(scene.workspace.ctx.tz))
    assert span.start.strftime("%a %d %H:%M") == "Mon 23 00:00"
    assert 0 < span.share(span.now) < 2 / 35
    assert span.share(span.start + timedelta(weeks=5)) == 1.0


def test_an_empty_store_says_how_to_begin(qtbot: QtBot) -> None:
    scene = Scene(qtbot, empty=True)
    assert scene.sees("cases.importFirst")
    scene.click("cases.newFirst")
    assert scene.sees("newCase.title")


def test_when_every_promise_is_kept_the_desk_says_so(qtbot: QtBot) -> None:
    scene = Scene(qtbot, empty=True)
    ref = new_report(scene.session, "Not a problem")
    for command in (c.Assign(), c.Acknowledge(), c.Reply(text="No."), c.Reject(reason="not a problem"), c.Close()):
        scene.session.do(ref, command)
    scene.page.presenter.start()
    assert scene.page.body.currentWidget() is scene.page.nothing
    assert scene.rows() == []


def test_a_failure_is_told_with_a_way_to_try_again(scene: Scene) -> None:
    scene.session.store.fails = Environment("disk.io")
    scene.press("F5")
    assert scene.sees("desk.problem")
    scene.click("desk.retry")
    assert not scene.sees("desk.problem")


def test_hostile_titles_stay_text(scene: Scene) -> None:
    ref = new_report(scene.session, HOSTILE)
    scene.session.do(ref, c.Assign())
    scene.page.presenter.start()
    row = scene.find(QWidget, f"desk.row.{ref}.acknowledge")
    assert "<img src=file:///etc/passwd>" in row.accessibleName()
    assert "\u202e" not in row.accessibleName()


@pytest.mark.parametrize("height", [680, 760, 830, 900])
def test_the_list_ends_on_a_whole_row_and_never_on_the_head_of_a_group(scene: Scene, height: int) -> None:
    scene.window.resize(1440, height)
    QApplication.processEvents()
    end = scene.page.due.viewport().height()
    holder = scene.page.due.widget()
    assert holder is not None
    parts = holder.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    last = [part for part in parts if part.geometry().bottom() < end][-1]
    assert last.geometry().bottom() + 1 == end
    assert isinstance(last, DueRow)


def test_a_low_window_shows_fewer_embargoes_and_the_way_to_all(scene: Scene) -> None:
    scene.window.resize(1440, 900)
    QApplication.processEvents()
    assert scene.page.timeline.shown == 5
    scene.window.resize(1024, 680)
    QApplication.processEvents()
    assert scene.page.timeline.shown == 2
    assert scene.page.all_embargoes.isVisible()


def test_without_a_good_backup_the_desk_warns_with_one_act(scene: Scene) -> None:
    banner = scene.find(QWidget, "desk.backup")
    assert "no folder" in banner.accessibleName()
    scene.click("desk.backup.act")
    assert scene.workspace.place == Target(page="settings", tab="backups")


def test_with_a_folder_the_act_makes_the_backup_and_the_warning_goes(scene: Scene) -> None:
    scene.session.desk.perform(None, ChangeSetting(key="backup.folder", value="/backups"))
    scene.press("F5")
    scene.click("desk.backup.act")
    assert len(scene.session.fake_backups.rows) == 1
    assert not scene.sees("desk.backup")
    scene.session.clock.pass_by(days=8)
    scene.workspace.tick()
    assert "8 days old" in scene.find(QWidget, "desk.backup").accessibleName()


def test_where_the_store_lies_is_warned_of_once(qtbot: QtBot) -> None:
    world = WindowWorld(qtbot, busy_store)
    world.session.warnings = (Environment("place.synced", service="Nextcloud"),)
    world.unlocked()
    assert "Nextcloud" in world.find(QWidget, "desk.place").accessibleName()
    world.click("desk.place.dismiss")
    assert not world.sees("desk.place")


def test_a_backup_that_failed_while_nobody_watched_is_told_until_the_next_good_one(scene: Scene) -> None:
    scene.session.desk.perform(None, ChangeSetting(key="backup.folder", value="/backups"))
    scene.session.fake_backups.problem = Environment("disk.full")
    scene.workspace.ctx.backups.tick()
    assert "failed" in scene.find(QWidget, "desk.backup").accessibleName()
    assert "full" in scene.find(QWidget, "desk.backup").accessibleName()
    scene.session.fake_backups.problem = None
    scene.workspace.ctx.backups.make()
    assert not scene.sees("desk.backup")
