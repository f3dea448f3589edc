"""Windows that are left out of screenshots: what is asked of each system, and of which windows."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from app.presenters.settings import HIDE_FROM_CAPTURE, MachineSettings, MemorySettings
from ui import main as program
from ui.kit.capture import CaptureGuard, capture_guard, hide_on_mac, hide_on_windows, hider


class Asked:
    """Writes down which window was hidden or shown."""

    def __init__(self) -> None:
        self.calls: list[tuple[int, bool]] = []

    def __call__(self, handle: int, hidden: bool) -> bool:
        self.calls.append((handle, hidden))
        return True


@pytest.fixture
def asked(qapp: QApplication) -> Iterator[Asked]:
    told = Asked()
    yield told
    guard = capture_guard()
    if guard is not None:
        qapp.removeEventFilter(guard)
        guard.setObjectName("gone")
        guard.deleteLater()


def test_every_window_and_dialog_is_hidden_as_it_appears(qtbot: QtBot, qapp: QApplication, asked: Asked) -> None:
    guard = CaptureGuard(qapp, asked, hidden=True)
    window, dialog, part = QWidget(), QDialog(), QWidget()
    part.setParent(window)
    for widget in (window, dialog):
        qtbot.addWidget(widget)
        widget.show()
    assert asked.calls == [(int(window.winId()), True), (int(dialog.winId()), True)]
    assert capture_guard() is guard


def test_what_was_hidden_is_shown_again_when_the_person_says_so(qtbot: QtBot, qapp: QApplication, asked: Asked) -> None:
    guard = CaptureGuard(qapp, asked, hidden=True)
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    guard.set_hidden(hidden=False)
    assert asked.calls[-1] == (int(window.winId()), False)
    before = len(asked.calls)
    late = QWidget()
    qtbot.addWidget(late)
    late.show()
    assert len(asked.calls) == before


@pytest.mark.parametrize(("new", "expected"), [(True, [(7, 0x11)]), (False, [(7, 0x11), (7, 0x01)])])
def test_windows_is_asked_to_leave_the_window_out_and_an_older_one_to_show_it_black(
    new: bool, expected: list[tuple[int, int]]
) -> None:
    calls: list[tuple[int, int]] = []

    def affinity(handle: int, how: int) -> int:
        calls.append((handle, how))
        return int(new or how != 0x11)

    user32: Any = SimpleNamespace(SetWindowDisplayAffinity=affinity)
    assert hide_on_windows(user32, 7, hidden=True)
    assert calls == expected
    assert hide_on_windows(user32, 7, hidden=False)
    assert calls[-1] == (7, 0x00)


class Messages:
    """objc_msgSend: every view has the window 99."""

    def __init__(self) -> None:
        self.sent: list[tuple[Any, ...]] = []

    def __call__(self, *words: Any) -> int:
        self.sent.append(words)
        return 99 if words[1] == b"window" and words[0] else 0


def test_the_mac_is_asked_to_share_the_window_of_the_view_with_nobody() -> None:
    send = Messages()

    def register(name: bytes) -> bytes:
        return name

    objc: Any = SimpleNamespace(sel_registerName=register, objc_msgSend=send)
    assert hide_on_mac(objc, 5, hidden=True)
    assert hide_on_mac(objc, 5, hidden=False)
    assert send.sent == [(5, b"window"), (99, b"setSharingType:", 0), (5, b"window"), (99, b"setSharingType:", 1)]
    assert not hide_on_mac(objc, 0, hidden=True)


def test_on_linux_there_is_no_way_and_so_no_guard(qapp: QApplication) -> None:
    assert hider("linux") is None
    program.guard_capture(qapp, MachineSettings(MemorySettings()), "linux")
    assert capture_guard() is None


def test_it_is_on_until_somebody_turns_it_off(qapp: QApplication, asked: Asked) -> None:
    assert HIDE_FROM_CAPTURE.default == "yes"
    if sys.platform.startswith("linux"):
        program.guard_capture(qapp, MachineSettings(MemorySettings()), "darwin")
        guard = capture_guard()
        assert guard is not None
        assert guard._hidden
