"""The help: every topic is there, loads nothing, and the shortcuts are those of the window."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QListWidget, QTextBrowser
from pytestqt.qtbot import QtBot

from app.presenters.target import Target
from tests.window_world import WindowWorld
from ui.screens.help.view import TOPICS, help_text, shortcut_table


@pytest.fixture
def world(qtbot: QtBot) -> WindowWorld:
    return WindowWorld(qtbot).unlocked()


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_has_a_title_and_a_text_of_its_own(topic: str) -> None:
    text = help_text(topic)
    assert text.startswith("# ")
    assert len(text) > 300
    assert "http" not in text


def test_a_topic_is_shown_by_its_place(world: WindowWorld) -> None:
    world.workspace.navigate(Target(page="help", tab="security"))
    assert "What does not hold" in world.find(QTextBrowser, "help.page").toPlainText()
    world.find(QListWidget, "help.topics").setCurrentRow(0)
    assert "A first case" in world.find(QTextBrowser, "help.page").toPlainText()


def test_the_keyboard_page_lists_the_shortcuts_that_there_are(world: WindowWorld) -> None:
    world.workspace.go("cases")
    world.workspace.navigate(Target(page="help", tab="keyboard"))
    shown = world.find(QTextBrowser, "help.page").toPlainText()
    for text, _keys in world.workspace.registry.shortcuts():
        assert text in shown
    assert "Filter the cases" in shown


def test_a_shortcut_table_can_not_be_broken_by_words() -> None:
    table = shortcut_table((("One | two", "Ctrl+X"),), "Act", "Keys")
    assert table.splitlines()[2:] == ["| One  two | `Ctrl X` |"]
