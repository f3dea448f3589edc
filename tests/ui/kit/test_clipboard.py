"""The clipboard: hints, the time after which it is cleared, and what it must not clear."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

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


def on_a_real_screen(*words: str) -> list[str]:
    if not shutil.which("xvfb-run") or not shutil.which("Xvfb"):
        pytest.skip("xvfb-run (Debian: xvfb) is not here")
    done = subprocess.run(
        ["xvfb-run", "-a", sys.executable, "-m", "tests.ui.kit.selection_script", *words],
        cwd=Path(__file__).resolve().parents[3],
        env={**os.environ, "QT_QPA_PLATFORM": "xcb"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout.splitlines()


def test_without_the_keeper_marking_fills_the_selection_and_copying_tells_every_history() -> None:
    said = on_a_real_screen("plain")
    assert said[0] == "QLineEdit marked 'words of a case' copied 'words of a case' hint ''"


def test_with_the_keeper_marking_copies_nothing_and_what_a_field_copies_by_itself_leaves_again() -> None:
    said = on_a_real_screen("guarded")
    copied = "marked '' copied 'words of a case' hint 'secret'"
    assert said == [f"QLineEdit {copied}", f"QPlainTextEdit {copied}", "later ''"]
