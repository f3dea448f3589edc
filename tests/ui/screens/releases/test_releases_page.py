"""The page of the releases: an empty one says what to do first, a full one is read and opened by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.domain.commands import release_commands as r
from app.domain.values import ReleaseLine
from app.presenters.target import Target, release_target
from tests.release_world import NOW, TARGET, World
from ui.kit.table import DISPLAY, TOOL_TIP
from ui.kit.theme import hub
from ui.screens.case.form_dialog import FormDialog
from ui.screens.releases.view import ReleasesScreen
from ui.widgets.table_view import TableView

Show = Callable[[World], ReleasesScreen]
HOSTILE = "<img src=file:///etc/passwd> \u202eevil <b>bold</b>"


@pytest.fixture
def show(qtbot: QtBot, qapp: QApplication) -> Iterator[Show]:
    """Opens the page in a window of its own."""
    made: list[ReleasesScreen] = []

    def opened(world: World) -> ReleasesScreen:
        page = ReleasesScreen(world.context(hub()))
        qtbot.addWidget(page.widget)
        page.widget.resize(1230, 800)
        page.widget.show()
        page.open(Target(page="releases"))
        made.append(page)
        return page

    yield opened
    for page in made:
        page.close()


def table(page: ReleasesScreen) -> TableView:
    found = page.widget.findChild(TableView, "releases.table")
    assert isinstance(found, TableView)
    return found


def row(page: ReleasesScreen, at: int = 0) -> list[str]:
    model = table(page).model()
    return [str(model.index(at, column).data(DISPLAY)) for column in range(model.columnCount())]


def press(page: ReleasesScreen, name: str) -> None:
    found = [b for b in page.widget.window().findChildren(QAbstractButton, name) if b.isVisible()]
    assert len(found) == 1, name
    found[0].click()


def test_an_empty_page_offers_the_plan_and_has_the_keyboard_there(show: Show) -> None:
    page = show(World())
    empty = page.widget.findChild(QWidget, "releases.empty")
    assert empty is not None
    assert empty.isVisible()
    press(page, "releases.planFirst")
    assert page.widget.window().findChild(FormDialog) is not None


def test_a_release_is_planned_and_its_page_is_opened(show: Show) -> None:
    world = World()
    page = show(world)
    press(page, "releases.planFirst")
    dialog = page.widget.window().findChild(FormDialog)
    assert isinstance(dialog, FormDialog)
    for name, text in (
        ("form.plan-release.target", "2026-11-24 12:00"),
        ("form.plan-release.title", "November security release"),
        ("form.plan-release.lines.0.line", "24.x"),
        ("form.plan-release.lines.0.version", "24.8.2"),
    ):
        field = dialog.findChild(QLineEdit, name)
        assert field is not None, name
        field.setText(text)
    dialog.accept()
    assert world.went == [release_target("R-2026-001")]
    planned = world.session.queries.release("R-2026-001")
    assert (planned.target, planned.lines) == (TARGET, (ReleaseLine(line="24.x", version="24.8.2"),))


def test_a_plan_says_the_instant_in_local_time_and_utc_while_it_is_typed(show: Show) -> None:
    page = show(World())
    page.plan()
    dialog = page.widget.window().findChild(FormDialog)
    assert dialog is not None
    field = dialog.findChild(QLineEdit, "form.plan-release.target")
    assert field is not None
    field.setText("2026-11-24 12:00")
    assert field.accessibleDescription() == "Tue 24 Nov, 12:00 CET · Tue 24 Nov 2026, 11:00:00 UTC · in 6 d 21 h"


def test_a_plan_left_half_typed_comes_back(show: Show) -> None:
    page = show(World())
    page.plan()
    dialog = page.widget.window().findChild(FormDialog)
    assert isinstance(dialog, FormDialog)
    title = dialog.findChild(QLineEdit, "form.plan-release.title")
    assert title is not None
    title.setText("Half typed")
    page.save_unsaved()
    dialog.reject()
    QApplication.processEvents()
    page.plan()
    again = [d for d in page.widget.window().findChildren(FormDialog) if d.isVisible()]
    found = again[0].findChild(QLineEdit, "form.plan-release.title")
    assert found is not None
    assert found.text() == "Half typed"


def test_each_row_says_all_of_its_release(show: Show) -> None:
    world = World()
    world.planned()
    page = show(world)
    assert row(page) == [
        "R-2026-001",
        "November security release",
        "Planned",
        "Tue 24 Nov, 12:00 CET, Tue 24 Nov, 11:00 UTC",
        "24.x, 22.x",
        "2",
        "Never",
    ]
    tip = str(table(page).model().index(0, 3).data(TOOL_TIP))
    assert "Tue 24 Nov 2026, 11:00:00 UTC" in tip


def test_enter_opens_a_release(show: Show, qtbot: QtBot) -> None:
    world = World()
    world.planned()
    page = show(world)
    qtbot.keyClick(table(page), Qt.Key.Key_Return)
    assert world.went == [release_target("R-2026-001")]


def test_a_change_keeps_the_chosen_row(show: Show) -> None:
    world = World()
    first = world.release(title="One")
    world.release(title="Two")
    page = show(world)
    table(page).setCurrentIndex(table(page).model().index(1, 0))
    world.hub.publish(world.session.desk.perform(first, r.RetitleRelease(title="First")).changes)
    assert table(page).currentIndex().row() == 1


def test_states_are_words_and_postponements_are_counted(show: Show) -> None:
    world = World()
    ref = world.release()
    do = world.session.desk.perform
    do(ref, r.Postpone(target=TARGET + timedelta(days=2), reason="late"))
    do(ref, r.Postpone(target=TARGET + timedelta(days=4), reason="late"))
    do(ref, r.CancelRelease(reason="Nothing is left in it."))
    page = show(world)
    assert (row(page)[2], row(page)[6]) == ("Cancelled", "Twice")


def test_hostile_titles_stay_text(show: Show) -> None:
    world = World()
    world.release(title=HOSTILE)
    page = show(world)
    assert row(page)[1] == "<img src=file:///etc/passwd> <U+202E>evil <b>bold</b>"
    assert "<img" not in str(table(page).model().index(0, 1).data(TOOL_TIP))


def test_the_model_keeps_the_rules_of_models(show: Show, qtmodeltester: ModelTester) -> None:
    world = World()
    world.planned()
    page = show(world)
    qtmodeltester.check(page._model)


def test_a_narrow_table_leaves_columns_away_and_never_scrolls_sideways(show: Show) -> None:
    world = World()
    world.planned()
    page = show(world)
    page.widget.resize(760, 600)
    QApplication.processEvents()
    view = table(page)
    assert [view.isColumnHidden(at) for at in range(7)] == [False, False, False, False, True, False, True]
    assert view.horizontalScrollBar().maximum() == 0


def test_the_minute_says_times_anew_without_asking_the_store(show: Show) -> None:
    world = World()
    world.planned()
    page = show(world)
    ran = world.runner.ran
    world.at(NOW + timedelta(days=400))
    page.minute()
    assert world.runner.ran == ran
    assert "2026" in row(page)[3]


def test_a_closed_page_keeps_no_rows(show: Show) -> None:
    world = World()
    world.planned()
    page = show(world)
    page.close()
    assert table(page).model().rowCount() == 0
