"""The registry: an action once, the page's keys before the window's."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.screens.page import Action
from ui.shell.actions import ActionRegistry, key_words, run_action
from ui.shell.palette import matching


@pytest.fixture
def home(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def test_a_name_is_taken_once(home: QWidget) -> None:
    registry = ActionRegistry(home)
    registry.add(Action("a.b", "Do it", lambda: None))
    with pytest.raises(ValueError, match=r"a\.b"):
        registry.add(Action("a.b", "Do it again", lambda: None))


def test_the_page_gets_the_key_that_both_want_and_gives_it_back(home: QWidget) -> None:
    done: list[str] = []
    registry = ActionRegistry(home)
    registry.add(Action("window.save", "Save all", lambda: done.append("window"), "Ctrl+S"))
    registry.set_page((Action("page.save", "Save", lambda: done.append("page"), "Ctrl+S"),))
    QTest.keySequence(home, "Ctrl+S")
    registry.set_page(())
    QTest.keySequence(home, "Ctrl+S")
    assert done == ["page", "window"]


def test_what_can_not_be_done_now_is_not_offered_and_not_done(home: QWidget) -> None:
    done: list[str] = []
    action = Action("a.b", "Do it", lambda: done.append("x"), "Ctrl+D", enabled=lambda: False)
    registry = ActionRegistry(home)
    registry.add(action)
    QTest.keySequence(home, "Ctrl+D")
    run_action(action)
    assert done == []
    assert registry.usable() == ()
    assert registry.all() == (action,)


def test_words_of_an_action_are_found_by_their_beginnings() -> None:
    acts = (Action("a", "Go to the cases", print), Action("b", "New case", print), Action("c", "Lock now", print))
    assert [a.name for a in matching(acts, "cas")] == ["a", "b"]
    assert [a.name for a in matching(acts, "n")] == ["b", "c"]
    assert [a.name for a in matching(acts, "case new")] == ["b"]
    assert matching(acts, "  ") == acts
    assert matching(acts, "zebra") == ()


def test_a_key_cap_is_spelt_with_spaces() -> None:
    assert key_words("Ctrl+Shift+Tab") == "Ctrl Shift Tab"
