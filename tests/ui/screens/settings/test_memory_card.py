"""The choice to let this machine remember stores."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from app.domain.errors import Environment
from app.presenters.settings import SEEN_STORES, MachineSettings, MemorySettings
from ui.screens.settings.memory_card import memory_card


def box_of(card: QWidget) -> QAbstractButton:
    found = card.findChild(QAbstractButton, "settings.seenStores")
    assert isinstance(found, QAbstractButton)
    return found


def test_a_machine_remembers_stores_until_somebody_says_no(qtbot: QtBot) -> None:
    settings = MachineSettings(MemorySettings())
    card = memory_card(settings, lambda _problem: None)
    qtbot.addWidget(card)
    box = box_of(card)
    assert box.isChecked()
    box.click()
    assert settings.get(SEEN_STORES) == "no"
    box.click()
    assert settings.get(SEEN_STORES) == "yes"


def test_a_choice_that_can_not_be_kept_is_told(qtbot: QtBot) -> None:
    class Full(MemorySettings):
        @override
        def write(self, values: object) -> None:
            raise Environment("disk.full")

    failed: list[Exception] = []
    card = memory_card(MachineSettings(Full()), failed.append)
    qtbot.addWidget(card)
    box_of(card).click()
    assert isinstance(failed[0], Environment)
