"""The start of the program: words or window, and a clear sentence where there can be no window."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.presenters.settings import TEXT_SIZE, THEME, MachineSettings, MemorySettings
from ui import main as program
from ui.kit.theme import apply_theme


def test_words_go_to_the_command_line_without_qt(root: Path) -> None:
    code = (
        "import sys; from ui.main import main; r = main(['formats']); assert 'PySide6' not in sys.modules; sys.exit(r)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, check=False)
    assert done.returncode == 0
    assert done.stdout


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--store"], "--store needs a value"),
        (["--stor", "x"], "--stor is not an option"),
        (["--theme", "pink"], "--theme is one of"),
        (["--passphrase-fd", "x"], "--passphrase-fd needs the number"),
        (["--passphrase-fd", "3", "--passphrase-file", "f"], "exclude each other"),
    ],
)
def test_wrong_options_are_said_and_stop_the_start(
    words: list[str], problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert problem in program.parse(words, program.Options())
    assert program.main(words) == program.USAGE
    assert problem in capsys.readouterr().err


def test_options_are_taken_with_and_without_an_equals_sign() -> None:
    options = program.Options()
    assert program.parse(["--store=a.holdfast", "--theme", "dark", "--passphrase-fd=3"], options) == ""
    assert (options.store, options.theme, options.passphrase_fd) == ("a.holdfast", "dark", "3")


def test_without_a_screen_it_says_what_works_instead() -> None:
    assert "no screen" in program.obstacle({}, "linux")
    assert program.obstacle({"QT_QPA_PLATFORM": "offscreen"}, "linux") == ""
    assert program.obstacle({"WAYLAND_DISPLAY": "wayland-0"}, "linux") == ""
    assert program.obstacle({}, "darwin") == ""


def test_a_missing_library_is_named_with_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "_XCB", ("libxcb-surely-not-there.so.0",))
    words = program.obstacle({"DISPLAY": ":0"}, "linux")
    assert "libxcb-surely-not-there.so.0" in words
    assert "sudo apt install" in words
    assert "libxcb-cursor0" in words


@pytest.mark.parametrize(
    ("kept", "asked", "look"),
    [
        ({}, "", ("system", 1.0)),
        ({THEME.key: "dark", TEXT_SIZE.key: "125"}, "", ("dark", 1.25)),
        ({THEME.key: "dark"}, "light", ("light", 1.0)),
    ],
)
def test_the_command_line_wins_over_what_was_chosen(kept: dict[str, str], asked: str, look: tuple[str, float]) -> None:
    assert program.look(MachineSettings(MemorySettings(kept)), asked) == look


def test_a_new_store_is_made_opened_locked_and_opened_again(qtbot: QtBot, tmp_path: Path) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_theme(app, "light")
    window = program.make_window(MachineSettings(MemorySettings()), "")
    qtbot.addWidget(window)
    window.show()
    window.unlock.presenter.want_new()
    qtbot.waitUntil(lambda: window.unlock.forms.currentIndex() == 1, timeout=20_000)
    folder = tmp_path / "new.holdfast"
    for name, text in (
        ("newStore.name", "New"),
        ("newStore.person", "Ada Example"),
        ("newStore.passphrase", "kelp lantern orbit"),
        ("newStore.again", "kelp lantern orbit"),
    ):
        field = window.findChild(QLineEdit, name)
        assert field is not None
        QTest.keyClicks(field, text)
    place = window.findChild(QLineEdit, "newStore.folder")
    assert place is not None
    place.setText(str(folder))
    create = window.findChild(QAbstractButton, "newStore.create")
    assert create is not None
    create.click()
    qtbot.waitUntil(lambda: window.workspace is not None, timeout=60_000)
    window.lock()
    assert window.unlock.presenter.folder == str(folder)
    window.unlock.presenter.unlock("kelp lantern orbit")
    qtbot.waitUntil(lambda: window.workspace is not None, timeout=60_000)
    window.close()
    assert (folder / "keyslots.json").is_file()


def test_what_nobody_foresaw_is_written_without_its_words(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    window = program.make_window(MachineSettings(MemorySettings()), "")
    qtbot.addWidget(window)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    program.watch_defects(window)
    try:
        raise ValueError("the text of a case")
    except ValueError as problem:
        sys.excepthook(type(problem), problem, problem.__traceback__)
    written = capsys.readouterr().err
    assert "ValueError" in written
    assert "test_main.py" in written
    assert "the text of a case" not in written
    window.close()
