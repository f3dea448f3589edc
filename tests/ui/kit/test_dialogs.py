"""Dialogs: answerable without a loop, safe by default, plain in what they show, leaving no trace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,  # noqa: TID251 - the chooser under test
    QPlainTextEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from tests.fakes_interaction import FakeInteraction
from ui.kit.dialogs import Dialog, Dialogs, FileChoice, Interaction, Notice, Question, Reason
from ui.kit.theme import apply_theme

HOSTILE = '<img src="file:///etc/hostname"><b>bold</b>'

ERASE = Question(
    name="case.erase",
    title="Erase the report of H-2099-001?",
    body="The text goes, the history stays.",
    act="Erase…",
    keep="Keep it here",
)
WHY = Reason(label="Reason", helper="Seen by every auditor.")


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot) -> QWidget:
    apply_theme(qapp, "light")
    made = QWidget()
    made.resize(800, 600)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def dialogs(window: QWidget) -> Iterator[Dialogs]:
    made = Dialogs(window)
    yield made
    made.close_all()


def button(window: QWidget, name: str) -> QPushButton:
    found = window.findChild(QPushButton, name)
    assert found is not None
    return found


def test_the_real_and_the_fake_satisfy_the_same_protocol(dialogs: Dialogs) -> None:
    both: list[Interaction] = [dialogs, FakeInteraction()]
    assert len(both) == 2


def test_acting_calls_back_once(dialogs: Dialogs, window: QWidget, qtbot: QtBot) -> None:
    acted: list[str] = []
    dialogs.ask(ERASE, lambda: acted.append("erased"))
    qtbot.mouseClick(button(window, "case.erase.act"), Qt.MouseButton.LeftButton)
    assert acted == ["erased"]


def test_the_safe_answer_is_the_default_and_changes_nothing(dialogs: Dialogs, window: QWidget, qtbot: QtBot) -> None:
    acted: list[str] = []
    dialogs.ask(ERASE, lambda: acted.append("erased"))
    assert button(window, "case.erase.safe").isDefault()
    assert button(window, "case.erase.act").property("kind") == "danger"
    dialog = window.findChild(Dialog)
    assert dialog is not None
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert acted == []
    assert not dialog.isVisible()


def test_escape_is_the_safe_answer(dialogs: Dialogs, window: QWidget, qtbot: QtBot) -> None:
    acted: list[str] = []
    dialogs.ask(ERASE, lambda: acted.append("erased"))
    dialog = window.findChild(Dialog)
    assert dialog is not None
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert acted == []


def test_an_act_that_is_not_risky_is_the_primary_one(dialogs: Dialogs, window: QWidget) -> None:
    plan = Question(name="plan", title="Plan?", body="A plan.", act="Plan it", keep="Not now", risky=False)
    dialogs.ask(plan, lambda: None)
    assert button(window, "plan.act").isDefault()
    assert button(window, "plan.safe").property("kind") == "secondary"


def test_a_reason_is_required_before_the_risky_button_enables(dialogs: Dialogs, window: QWidget, qtbot: QtBot) -> None:
    reasons: list[str] = []
    dialogs.ask_reason(ERASE, WHY, reasons.append)
    act = button(window, "case.erase.act")
    area = window.findChild(QPlainTextEdit, "case.erase.reason")
    assert area is not None
    assert not act.isEnabled()
    area.setPlainText("  \n  ")
    assert not act.isEnabled()
    area.setPlainText("  The vendor asked.  ")
    assert act.isEnabled()
    qtbot.mouseClick(act, Qt.MouseButton.LeftButton)
    assert reasons == ["The vendor asked."]


def test_what_a_dialog_says_is_never_read_as_html(dialogs: Dialogs, window: QWidget) -> None:
    dialogs.tell(Notice(name="n", title=HOSTILE, body=HOSTILE, close="Go on", wrong=True))
    dialog = window.findChild(Dialog)
    assert dialog is not None
    plain_height = dialog.height()
    dialogs.close_all()
    dialogs.tell(Notice(name="m", title="x" * len(HOSTILE), body="y" * len(HOSTILE), close="Go on"))
    other = window.findChild(Dialog, "m")
    assert other is not None
    assert abs(plain_height - other.height()) < 60
    assert dialog.windowTitle() == HOSTILE


def test_a_notice_calls_back_when_it_is_closed(dialogs: Dialogs, window: QWidget, qtbot: QtBot) -> None:
    closed: list[str] = []
    dialogs.tell(Notice(name="n", title="Saved", body="All of it.", close="Go on"), lambda: closed.append("x"))
    qtbot.mouseClick(button(window, "n.safe"), Qt.MouseButton.LeftButton)
    assert closed == ["x"]


def test_the_window_behind_is_dimmed_and_lit_again(dialogs: Dialogs, window: QWidget) -> None:
    before = window.grab().toImage().pixelColor(5, 5)
    dialogs.ask(ERASE, lambda: None)
    QApplication.processEvents()
    during = window.grab().toImage().pixelColor(5, 5)
    dialogs.close_all()
    QApplication.processEvents()
    after = window.grab().toImage().pixelColor(5, 5)
    assert during.lightness() < before.lightness()
    assert after == before


def test_a_dialog_is_as_wide_as_the_look_says_and_stands_in_the_middle(dialogs: Dialogs, window: QWidget) -> None:
    dialogs.ask(ERASE, lambda: None)
    dialog = window.findChild(Dialog)
    assert dialog is not None
    assert dialog.width() == 436
    middle = window.mapToGlobal(window.rect().center())
    assert (dialog.geometry().center() - middle - QPoint(0, 0)).manhattanLength() < 4


def test_locking_puts_questions_away_unanswered(dialogs: Dialogs, window: QWidget) -> None:
    acted: list[str] = []
    dialogs.ask(ERASE, lambda: acted.append("erased"))
    dialogs.ask_reason(ERASE, WHY, acted.append)
    dialogs.close_all()
    assert acted == []
    assert not any(dialog.isVisible() for dialog in window.findChildren(Dialog))


def test_files_are_chosen_without_the_systems_own_lists(
    dialogs: Dialogs, window: QWidget, tmp_path: Path, qtbot: QtBot
) -> None:
    report = tmp_path / "report.eml"
    report.write_text("Subject: made up\n\nwords", encoding="utf-8")
    chosen: list[Path] = []
    choice = FileChoice(name="import.files", title="Import", start=tmp_path, filters=("Mail (*.eml)",))
    dialogs.open_files(choice, chosen.extend)
    chooser = window.findChild(QFileDialog, "import.files")
    assert chooser is not None
    assert chooser.testOption(QFileDialog.Option.DontUseNativeDialog)
    chooser.selectFile(str(report))
    qtbot.waitUntil(lambda: bool(chooser.selectedFiles()))
    chooser.accepted.emit()
    assert chosen == [report]


def test_no_list_of_folders_is_written_to_the_home(dialogs: Dialogs, window: QWidget, tmp_path: Path) -> None:
    dialogs.open_folder(FileChoice(name="f", title="Folder", start=tmp_path), lambda _: None)
    chooser = window.findChild(QFileDialog, "f")
    assert chooser is not None
    chooser.reject()
    chooser.deleteLater()
    # The list is written when the chooser is destroyed, so that must have happened.
    QCoreApplication.sendPostedEvents(chooser, QEvent.Type.DeferredDelete.value)
    assert not isValid(chooser)
    assert list(Path.home().rglob("QtProject.conf")) == []
