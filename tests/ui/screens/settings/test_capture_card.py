"""The card about screenshots: a choice where the system has one, a sentence where it has none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.presenters.settings import HIDE_FROM_CAPTURE, MachineSettings, MemorySettings
from ui.kit.capture import CaptureGuard
from ui.screens.settings.capture_card import capture_card
from ui.widgets.paragraph import Paragraph


@pytest.fixture
def guarded(qapp: QApplication) -> Iterator[list[bool]]:
    """A system that can hide windows; what it was asked."""
    asked: list[bool] = []

    def hide(_handle: int, hidden: bool) -> bool:
        asked.append(hidden)
        return True

    guard = CaptureGuard(qapp, hide, hidden=True)
    yield asked
    qapp.removeEventFilter(guard)
    guard.setObjectName("gone")
    guard.deleteLater()


def ignore(_problem: Exception) -> None:
    """No failure is expected."""


def said(card: QWidget) -> str:
    return " ".join(part.accessibleName() for part in card.findChildren(Paragraph))


def test_where_windows_can_not_be_hidden_there_is_a_sentence_and_no_dead_control(qtbot: QtBot) -> None:
    card = capture_card(MachineSettings(MemorySettings()), ignore)
    qtbot.addWidget(card)
    assert card.findChildren(QAbstractButton) == []
    assert "no program" in said(card)


def test_where_they_can_the_choice_is_on_and_is_kept_on_this_machine(qtbot: QtBot, guarded: list[bool]) -> None:
    settings = MachineSettings(MemorySettings())
    card = capture_card(settings, ignore)
    qtbot.addWidget(card)
    card.show()
    (box,) = card.findChildren(QAbstractButton)
    assert box.isChecked()
    box.click()
    assert settings.get(HIDE_FROM_CAPTURE) == "no"
    assert guarded[-1] is False
    box.click()
    assert settings.get(HIDE_FROM_CAPTURE) == "yes"
    assert guarded[-1] is True
