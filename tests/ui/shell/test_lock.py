"""The lock: what brings it about, what is saved and told before it, and the way back to the same place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QScrollArea, QTableView, QWidget
from pytestqt.qtbot import QtBot

from app.domain.errors import Environment, Rejected
from app.presenters.runner import Cancelled, Report
from app.presenters.target import Target, case_target
from tests.scenes import busy_store, new_report
from tests.window_world import WindowWorld
from ui.kit.jobs import QtRunner
from ui.screens.cases.view import CasesScreen
from ui.shell.disk_watch import DiskWatch, identity
from ui.shell.session_runner import SessionRunner
from ui.shell.whereabouts import Whereabouts
from ui.widgets.plain_label import PlainLabel

SEARCH = "Zq7vKxCanaryWp3"


@pytest.fixture
def world(qtbot: QtBot) -> WindowWorld:
    return WindowWorld(qtbot, busy_store).unlocked()


def words_of(world: WindowWorld, name: str) -> str:
    return " ".join(label.text() for label in world.find(QWidget, name).findChildren(PlainLabel))


def refuse(*_what: object) -> None:
    raise Environment("disk.full")


# -------------------------------------------------------------------------------------------- the disk goes
def test_a_folder_that_goes_away_is_noticed_once(qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "team.holdfast"
    folder.mkdir()
    watch = DiskWatch(str(folder), every=0.01)
    told: list[str] = []
    watch.gone.connect(lambda: told.append("gone"))
    watch.start()
    with qtbot.waitSignal(watch.gone, timeout=10_000):
        folder.rmdir()
    watch.look()
    watch.stop()
    assert told == ["gone"]


def test_another_folder_in_its_place_is_not_it(qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "team.holdfast"
    folder.mkdir()
    before = identity(str(folder))
    watch = DiskWatch(str(folder), every=600)
    watch.start()
    with qtbot.waitSignal(watch.gone, timeout=10_000):
        folder.rename(tmp_path / "elsewhere")
        folder.mkdir()
        watch.look()
    assert identity(str(folder)) != before
    watch.stop()


def test_a_folder_that_never_was_there_and_one_that_stays_tell_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    told: list[str] = []
    for folder in (tmp_path, tmp_path / "none"):
        watch = DiskWatch(str(folder), every=0.001)
        watch.gone.connect(lambda: told.append("gone"))
        watch.start()
        watch.look()
        watch.stop()
        assert watch._thread is not None
        watch._thread.join(10)
    assert told == []


def test_the_store_is_locked_when_its_disk_goes_and_the_unlock_page_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "team.holdfast"
    folder.mkdir()
    world = WindowWorld(qtbot, busy_store, folder=str(folder)).unlocked()
    folder.rmdir()
    # What fails because of it is not waited for: it makes the watch look at once.
    world.workspace.machineFailed.emit()
    qtbot.waitUntil(lambda: world.window.workspace is None, timeout=10_000)
    assert world.session.store.closed
    assert "no longer there" in words_of(world, "unlock.problem")


def test_only_what_the_machine_refused_makes_it_look_at_the_disk(world: WindowWorld) -> None:
    looked: list[str] = []
    world.workspace.machineFailed.connect(lambda: looked.append("look"))
    for problem in (Rejected("text.empty"), Environment("disk.io")):
        world.session.store.fails = problem
        world.workspace.presenter.start()
    assert looked == ["look"]


# ----------------------------------------------------------------------------------------- what is lost, told
def test_a_draft_that_was_asked_for_before_the_lock_and_fails_after_it_is_told_there_and_after_unlocking(
    world: WindowWorld,
) -> None:
    world.runner.held = True
    world.workspace.ctx.runner.run(refuse, lambda _none: None, lambda _problem: None)
    world.window.lock()
    world.runner.held = False
    world.runner.release()
    assert "Not everything was saved" in words_of(world, "unlock.problem")
    world.unlocked()
    assert "Check what you typed last" in words_of(world, "shell.problem")
    world.window.lock()
    world.unlocked()
    assert not world.sees("shell.problem")


def test_a_window_whose_texts_can_not_be_saved_asks_before_it_closes(world: WindowWorld) -> None:
    world.interaction.agrees = False
    world.press("Ctrl+N")
    world.type("newCase.title", "Half typed")
    world.session.desk.save_draft = refuse  # type: ignore[assignment]
    world.window.close()
    assert world.interaction.asked[-1].name == "window.unsaved"
    assert world.window.isVisible()
    assert not world.session.store.closed
    world.interaction.agrees = True
    world.window.close()
    assert not world.window.isVisible()
    assert world.session.store.closed


def test_a_window_that_stays_open_after_all_tells_its_failures_in_the_window_again(world: WindowWorld) -> None:
    world.interaction.agrees = False
    world.runner.held = True
    world.workspace.ctx.runner.run(refuse, lambda _none: None, lambda _problem: None)
    world.window.close()
    world.runner.held = False
    assert world.window.isVisible()
    heard: list[Exception] = []
    world.workspace.ctx.runner.run(refuse, lambda _none: None, heard.append)
    assert [type(problem) for problem in heard] == [Environment]


def test_what_takes_long_is_asked_to_stop_so_that_the_saving_does_not_wait_for_it(world: WindowWorld) -> None:
    def work(_report: Report, cancelled: Cancelled) -> None:
        assert cancelled() == world.runner.stopped

    world.runner.held = True
    world.workspace.ctx.runner.run_long(work, lambda _none: None, lambda _problem: None, lambda _done, _of: None)
    world.window.lock()
    assert world.runner.stopped
    world.runner.release()
    assert world.session.store.closed


def test_answers_are_dropped_after_the_lock_and_failures_are_not(qtbot: QtBot) -> None:
    runner = QtRunner()
    session = SessionRunner(runner)
    told: list[object] = []
    session.run(lambda: "done", told.append, told.append)
    session.run(refuse, told.append, told.append)
    session.begin_last(lambda problem: told.append(f"lost {type(problem).__name__}"))
    session.end()
    assert runner.drain(20)
    assert told == ["lost Environment"]
    runner.finish(lambda: None)


def test_draining_waits_for_what_was_asked_for_and_gives_up_in_time(qtbot: QtBot) -> None:
    from threading import Event

    runner = QtRunner()
    told: list[int] = []
    for number in range(20):
        runner.run(lambda n=number: n, told.append, lambda _problem: None)  # type: ignore[misc]
    assert runner.drain(20)
    assert told == list(range(20))
    gate = Event()
    runner.run(gate.wait, lambda _none: None, lambda _problem: None)
    assert not runner.drain(0.01)
    gate.set()
    runner.finish(lambda: None)
    assert runner.drain(0.01)


# ------------------------------------------------------------------------------------------------- the way back
def kept(world: WindowWorld) -> Whereabouts:
    found = world.window._place
    assert found is not None
    return found


def test_the_table_comes_back_with_its_filter_its_order_its_row_and_its_place(qtbot: QtBot) -> None:
    def many(session: Any) -> None:
        busy_store(session)
        for number in range(60):
            new_report(session, f"Report {number}")

    world = WindowWorld(qtbot, many).unlocked()
    world.workspace.navigate(Target(page="cases", tab="all"))
    page = world.find(CasesScreen, "cases")
    page.presenter.filter_stages(("received", "triaged"))
    page.presenter.sort_by("title")
    table = world.find(QTableView, "cases.table")
    table.setCurrentIndex(table.model().index(40, 0))
    table.verticalScrollBar().setValue(30)
    query, ref, scrolled = page.presenter.query, page.model.row(40).ref, table.verticalScrollBar().value()
    assert scrolled > 0
    world.window.lock()
    world.unlocked()
    again = world.find(CasesScreen, "cases")
    assert again.presenter.query == query
    table = world.find(QTableView, "cases.table")
    qtbot.waitUntil(lambda: table.verticalScrollBar().value() == scrolled)
    assert again.model.row(table.currentIndex().row()).ref == ref


def test_the_words_of_a_search_wait_in_the_store_and_not_in_the_locked_window(world: WindowWorld) -> None:
    new_report(world.session, f"{SEARCH} reads past the end")
    world.workspace.navigate(Target(page="cases", tab="all"))
    page = world.find(CasesScreen, "cases")
    page.search.setText(SEARCH)
    page.presenter.search(SEARCH)
    world.window.lock()
    where = kept(world)
    assert where.searched
    assert SEARCH not in repr(where)
    assert world.session.store.draft("team", "cases-search") == SEARCH
    world.unlocked()
    assert world.find(QLineEdit, "cases.search").text() == SEARCH
    again = world.find(CasesScreen, "cases")
    assert again.presenter.query.text == SEARCH
    assert again.model.rowCount() == 1
    assert world.session.store.draft("team", "cases-search") is None


def scrollable(world: WindowWorld) -> list[QScrollArea]:
    areas = world.window.findChildren(QScrollArea)
    return [a for a in areas if a.isVisible() and a.objectName() and a.verticalScrollBar().maximum()]


def test_a_case_comes_back_with_its_tab_and_as_far_down_as_it_was(world: WindowWorld, qtbot: QtBot) -> None:
    world.window.resize(1024, 680)
    world.workspace.navigate(case_target("H-2026-003", tab="overview"))
    qtbot.waitUntil(lambda: bool(scrollable(world)))
    area = scrollable(world)[0]
    name, bar = area.objectName(), area.verticalScrollBar()
    bar.setValue(bar.maximum())
    wanted = bar.value()
    world.window.lock()
    assert kept(world).target == case_target("H-2026-003", tab="overview")
    world.unlocked()

    def back() -> bool:
        found = [a for a in world.window.findChildren(QScrollArea, name) if a.isVisible()]
        return bool(found) and found[-1].verticalScrollBar().value() == wanted

    qtbot.waitUntil(back)
    assert world.workspace.place == case_target("H-2026-003", tab="overview")


def test_another_store_begins_at_its_desk(qtbot: QtBot, world: WindowWorld) -> None:
    world.workspace.navigate(Target(page="cases", tab="mine"))
    world.window.lock()
    world.window.unlock.presenter.choose("/home/ada/Private/borealis.holdfast")
    world.unlocked()
    assert world.workspace.place == Target(page="desk")


def test_what_the_window_keeps_over_a_lock_are_places_and_references(world: WindowWorld) -> None:
    world.workspace.navigate(Target(page="cases", tab="all"))
    table = world.find(QTableView, "cases.table")
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Down)
    world.window.lock()
    where = kept(world)
    assert [name for name, _ref in where.chosen] == ["cases.table"]
    assert where.query is not None
    titles = [row.title for row in world.session.store.cases(where.query, None, 200).rows]
    assert titles
    assert not [title for title in titles if title in repr(where)]


@pytest.mark.parametrize("how", ["lock", "close"])
def test_dialogs_go_with_the_lock(world: WindowWorld, how: str) -> None:
    world.press("Ctrl+N")
    act: dict[str, Callable[[], object]] = {"lock": world.window.lock, "close": world.window.close}
    act[how]()
    assert not [w for w in world.window.findChildren(QWidget, "newCase") if w.isVisible()]
