"""The settings: each choice works at once and stays."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from app.presenters.settings import IDLE_MINUTES, TEXT_SIZE, THEME
from tests.window_world import FOLDER, WindowWorld
from ui.kit.theme import apply_theme, hub
from ui.widgets.plain_label import PlainLabel
from ui.widgets.segmented import SegmentedSwitch


@pytest.fixture
def world(qtbot: QtBot) -> WindowWorld:
    made = WindowWorld(qtbot).unlocked()
    made.workspace.go("settings")
    return made


def test_the_theme_changes_at_once_and_is_kept(world: WindowWorld) -> None:
    world.click("settings.theme.dark")
    assert hub().theme.dark
    assert world.file.values[THEME.key] == "dark"
    world.click("settings.theme.light")
    assert not hub().theme.dark


def test_a_theme_from_the_command_line_is_shown_and_not_undone_by_looking(world: WindowWorld) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_theme(app, "dark")
    world.workspace.go("desk")
    world.workspace.go("settings")
    assert hub().theme.dark
    assert world.find(SegmentedSwitch, "settings.theme").key == "dark"
    apply_theme(app, "light")


def test_the_text_size_scales_everything(world: WindowWorld) -> None:
    combo = world.find(QComboBox, "settings.textSize")
    combo.setCurrentIndex(combo.findData(125))
    assert hub().theme.scale == 1.25
    assert world.file.values[TEXT_SIZE.key] == "125"
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_theme(app, "light", 1.0)


def test_the_idle_time_is_kept_in_the_store_and_holds_at_once(world: WindowWorld) -> None:
    combo = world.find(QComboBox, "settings.idleMinutes")
    combo.setCurrentIndex(combo.findData(2))
    assert world.session.store.team().setting(IDLE_MINUTES.key) == "2"
    assert world.workspace.idle.limit().total_seconds() == 120
    assert world.workspace.rail.lock.accessibleName() == "Lock now. Locks after 2 min idle"


def test_a_name_is_saved_with_its_button(world: WindowWorld) -> None:
    save = world.find(QAbstractButton, "settings.savePerson")
    assert not save.isEnabled()
    field = world.find(QLineEdit, "settings.name")
    field.clear()
    world.type("settings.name", "Ada Byron")
    assert save.isEnabled()
    world.click("settings.savePerson")
    assert world.session.store.team().people[-1].name == "Ada Byron"
    assert not save.isEnabled()


def test_a_wrong_address_is_told_beside_it(world: WindowWorld) -> None:
    world.find(QLineEdit, "settings.email").clear()
    world.type("settings.email", "ada at home")
    world.click("settings.savePerson")
    assert "ada@example.org" in world.find(PlainLabel, "settings.email.note").text()


def test_the_store_tells_its_facts(world: WindowWorld) -> None:
    words = [label.text() for label in world.window.findChildren(PlainLabel) if label.isVisible()]
    assert FOLDER in words
    assert "node-core" in words
