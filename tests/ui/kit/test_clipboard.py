"""The clipboard: hints, the time after which it is cleared, and what it must not clear."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.kit.clipboard import KEPT_FOR, ClipboardKeeper, clipboard, private_mime


@pytest.fixture
def keeper(qapp: QApplication) -> ClipboardKeeper:
    return ClipboardKeeper(qapp, kept_for=20)


def shown() -> str:
    return QGuiApplication.clipboard().text(QClipboard.Mode.Clipboard)


def test_what_is_copied_leaves_again(keeper: ClipboardKeeper, qtbot: QtBot) -> None:
    keeper.copy("H-2099-001")
    assert shown() == "H-2099-001"
    qtbot.waitUntil(lambda: shown() == "")
    assert not keeper.waiting


def test_what_somebody_else_copied_since_stays(keeper: ClipboardKeeper) -> None:
    keeper.copy("H-2099-001")
    QGuiApplication.clipboard().setText("a shopping list")
    keeper.forget()
    assert shown() == "a shopping list"


def test_locking_clears_at_once(keeper: ClipboardKeeper) -> None:
    keeper.copy("H-2099-001")
    keeper.forget()
    assert shown() == ""


def test_managers_are_asked_not_to_remember(keeper: ClipboardKeeper) -> None:
    data = private_mime("secret words")
    assert bytes(data.data("x-kde-passwordManagerHint").data()) == b"secret"
    assert any("CanIncludeInClipboardHistory" in kind for kind in data.formats())
    assert data.hasFormat("application/x-nspasteboard-concealed-type")


def test_there_is_one_keeper_per_application_and_it_waits_half_a_minute(qapp: QApplication) -> None:
    assert clipboard() is clipboard()
    assert KEPT_FOR == 30_000
