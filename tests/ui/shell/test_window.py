"""The window from the locked page through work and back: what is shown, kept and forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QTableView, QWidget
from pytestqt.qtbot import QtBot

from app.domain.changes import Changes
from app.domain.errors import Environment
from app.presenters.target import Target
from tests.scenes import busy_store
from tests.window_world import PASSPHRASE, WindowWorld
from ui.kit.clipboard import clipboard
from ui.screens.cases.new_case import NewCaseDialog
from ui.widgets.plain_label import PlainLabel


@pytest.fixture
def world(qtbot: QtBot) -> WindowWorld:
    return WindowWorld(qtbot, busy_store)


def texts(widget: QWidget) -> str:
    """Every word that stands in the visible labels and fields of a widget."""
    labels = [w.text() for w in widget.findChildren(PlainLabel) if w.isVisible()]
    fields = [w.text() for w in widget.findChildren(QLineEdit) if w.isVisible()]
    return "\n".join((*labels, *fields, widget.windowTitle()))


def test_it_begins_locked_and_the_passphrase_leads_to_the_desk(world: WindowWorld) -> None:
    assert world.window.windowTitle() == "Holdfast, locked"
    world.unlocked()
    assert world.sees("desk.due")
    assert world.window.windowTitle() == "Desk, Holdfast"


def test_after_a_lock_nothing_of_the_store_is_left_to_see(world: WindowWorld) -> None:
    world.unlocked()
    world.workspace.go("cases")
    clipboard().copy("H-2026-003")
    world.press("Ctrl+L")
    shown = texts(world.window)
    assert world.window.workspace is None
    assert world.session.store.closed
    assert world.window.windowTitle() == "Holdfast, locked"
    assert "H-2026" not in shown
    assert "Aster security" not in shown
    assert QGuiApplication.clipboard().text() == ""
    assert world.find(QLineEdit, "unlock.passphrase").text() == ""


def test_unlocking_leads_back_to_the_same_place(world: WindowWorld) -> None:
    world.unlocked()
    world.workspace.navigate(Target(page="cases", tab="mine"))
    world.window.lock()
    world.unlocked()
    assert world.workspace.place == Target(page="cases", tab="mine")


def test_what_was_to_be_done_at_a_place_is_not_done_again_after_the_lock(world: WindowWorld) -> None:
    world.unlocked()
    world.workspace.navigate(Target(page="help", tab="security", act="anything"))
    world.window.lock()
    world.unlocked()
    assert world.workspace.place == Target(page="help", tab="security")


def test_it_locks_by_itself_after_the_idle_time(world: WindowWorld) -> None:
    world.unlocked()
    world.session.clock.pass_by(minutes=9, seconds=50)
    world.workspace.idle.look()
    assert world.window.workspace is not None
    world.session.clock.pass_by(seconds=11)
    world.workspace.idle.look()
    assert world.window.workspace is None


def test_a_key_puts_the_lock_off(world: WindowWorld) -> None:
    world.unlocked()
    world.session.clock.pass_by(minutes=9)
    world.press("F6")
    assert world.workspace.idle.left() == timedelta(minutes=10)


def test_a_form_that_is_open_at_the_lock_comes_back_with_what_was_typed(world: WindowWorld) -> None:
    world.unlocked()
    world.press("Ctrl+N")
    world.type("newCase.title", "Half typed")
    world.window.lock()
    assert not [d for d in world.window.findChildren(NewCaseDialog) if d.isVisible()]
    world.unlocked()
    world.press("Ctrl+N")
    assert world.find(QLineEdit, "newCase.title").text() == "Half typed"


def test_closing_the_window_keeps_what_was_typed_and_closes_the_store(world: WindowWorld) -> None:
    world.unlocked()
    world.press("Ctrl+N")
    world.type("newCase.title", "Half typed")
    world.window.close()
    assert world.session.store.closed
    assert "Half typed" in (world.session.store.draft("team", "new-case") or "")


def test_an_answer_that_comes_after_the_lock_is_told_to_nobody(world: WindowWorld) -> None:
    world.unlocked()
    world.workspace.go("cases")
    world.runner.held = True
    hub = world.workspace.hub
    hub.publish(Changes(topics=frozenset({"cases"})))
    world.window.lock()
    world.runner.release()
    assert world.session.store.closed
    assert world.window.windowTitle() == "Holdfast, locked"


def test_a_store_that_can_not_be_closed_properly_is_told_on_the_unlock_page(world: WindowWorld) -> None:
    world.unlocked()

    def refuse() -> None:
        raise Environment("disk.full")

    world.session.store.close = refuse  # type: ignore[method-assign]
    world.window.lock()
    assert world.sees("unlock.problem")


def test_a_wrong_passphrase_leaves_the_field_empty_and_ready(world: WindowWorld) -> None:
    world.type("unlock.passphrase", PASSPHRASE.upper())
    world.press("Return")
    assert world.window.workspace is None
    assert world.find(QLineEdit, "unlock.passphrase").text() == ""
    assert "not its passphrase" in texts(world.window)


def test_the_table_forgets_its_rows_at_the_lock(world: WindowWorld) -> None:
    world.unlocked()
    world.workspace.go("cases")
    model = world.find(QTableView, "cases.table").model()
    assert model.rowCount() == 15
    world.window.lock()
    assert model.rowCount() == 0


@pytest.mark.parametrize("late", [False, True])
def test_a_draft_that_can_not_be_saved_at_the_lock_is_told_on_the_unlock_page(world: WindowWorld, late: bool) -> None:
    world.unlocked()
    world.press("Ctrl+N")
    world.type("newCase.title", "Half typed")

    def refuse(ref: str, field: str, text: str | None) -> None:
        raise Environment("disk.full")

    world.session.desk.save_draft = refuse  # type: ignore[method-assign]
    world.runner.held = late
    world.window.lock()
    if late:
        world.runner.release()
    assert world.session.store.closed
    said = " ".join(label.text() for label in world.find(QWidget, "unlock.problem").findChildren(PlainLabel))
    assert "Not everything was saved" in said
    assert "Half typed" not in said
