"""Short stories through the window: nothing typed is lost, nothing shows when locked, hostile text stays text."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPlainTextEdit  # noqa: TID251 - looks for labels that guess at HTML

from app.presenters.target import case_target
from tests.flows import journey as j
from tests.flows.conftest import Shows
from tests.flows.real_window import RealWindow
from tests.flows.window_steps import WindowSteps

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

HALF = "## Summary\n\nA request whose header value is folded over two lines is read"
HOSTILE = "<img src=x><b>bold</b> \u202eevil"
BODY = "<script>alert(1)</script> <a href='file:///etc/passwd'>here</a>\n\u202ereversed\x07 " + "W" * 3000


@pytest.fixture
def steps(shows: Shows) -> WindowSteps:
    """A new store with one case, whose page is in front."""
    made = WindowSteps(shows())
    made.create_store()
    made.receive()
    return made


def half_write(steps: WindowSteps) -> None:
    """Begin an advisory and stop in the middle of a sentence."""
    steps.driver.tab("case.tabs", "Advisory")
    steps.driver.fill("case.advisory.editor", HALF)


def editor_text(shown: RealWindow) -> str:
    """What stands in the editor of the advisory."""
    editor = shown.driver.find_as(QPlainTextEdit, "case.advisory.editor")
    shown.driver.until(lambda: bool(editor.toPlainText()), "the advisory to be in the editor")
    return editor.toPlainText()


def test_closing_the_window_keeps_an_unsaved_advisory(steps: WindowSteps, shows: Shows) -> None:
    half_write(steps)
    steps.shown.close()

    again = shows(store=str(steps.shown.folder / "team.holdfast"))
    WindowSteps(again).unlock()
    again.driver.page(2)
    again.driver.open_row("cases.table", steps.ref)
    again.driver.tab("case.tabs", "Advisory")
    assert editor_text(again) == HALF


def test_locking_and_unlocking_returns_to_the_half_written_advisory(steps: WindowSteps) -> None:
    half_write(steps)
    steps.driver.press("Ctrl+L")
    steps.driver.find("unlock.passphrase")
    assert steps.driver.visible("case.advisory.editor") is None

    steps.unlock()
    steps.driver.find("case.advisory.editor")
    assert editor_text(steps.shown) == HALF


def test_nothing_of_a_case_can_be_found_in_a_locked_window(steps: WindowSteps) -> None:
    half_write(steps)
    telling = (steps.ref, "smuggling", "Réporter", "reporter.example", "Ada Example", "folded")
    assert "smuggling" not in steps.shown.window.windowTitle()
    assert [word for word in telling if word in steps.shown.texts()]

    steps.driver.press("Ctrl+L")
    steps.driver.find("unlock.passphrase")
    assert steps.shown.window.windowTitle() == "Holdfast, locked"
    assert [word for word in telling if word in steps.shown.texts()] == []


def test_the_form_of_a_step_is_closed_by_the_lock_and_keeps_what_was_typed(steps: WindowSteps) -> None:
    steps.next_step()
    steps.next_step()
    steps.driver.fill("form.acknowledge.text", "Half an acknowledgement")
    steps.shown.set_clock(j.RELEASE_DAY)
    assert steps.driver.visible("form.acknowledge") is None

    steps.unlock()
    steps.next_step()
    text = steps.driver.find_as(QPlainTextEdit, "form.acknowledge.text").toPlainText()
    assert text == "Half an acknowledgement"


def test_a_wrong_passphrase_is_told_and_the_right_one_still_opens(steps: WindowSteps, shows: Shows) -> None:
    steps.shown.close()
    again = shows(store=str(steps.shown.folder / "team.holdfast"))
    tries = WindowSteps(again)
    tries.unlock("not the passphrase")
    again.driver.find("unlock.problem")
    assert "not its passphrase" in again.texts()
    assert again.driver.visible("rail.pages") is None

    tries.unlock()
    again.driver.find("rail.pages")
    assert again.driver.visible("unlock.problem") is None


def test_a_folder_that_is_no_store_is_told_from_a_wrong_passphrase(shows: Shows, tmp_path: Path) -> None:
    (tmp_path / "empty.holdfast").mkdir()
    shown = shows(store=str(tmp_path / "empty.holdfast"))
    WindowSteps(shown).unlock()
    shown.driver.find("unlock.problem")
    assert "not its passphrase" not in shown.texts()
    assert list((tmp_path / "empty.holdfast").iterdir()) == []


def test_hostile_words_of_a_report_are_shown_as_text(shows: Shows, tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["From"] = '"<i>Robin</i> \u202eReporter" <robin@reporter.example>'
    mail["To"] = "security@aster.example"
    mail["Subject"] = HOSTILE
    mail["Message-ID"] = "<hostile-1@reporter.example>"
    mail.set_content(BODY)
    report = tmp_path / "hostile.eml"
    report.write_bytes(mail.as_bytes())
    steps = WindowSteps(shows())
    steps.create_store()
    steps.receive(report)

    for tab in ("Report", "Correspondence", "History", "Overview"):
        steps.driver.tab("case.tabs", tab)
        words = steps.shown.texts()
        assert "\u202e" not in words
        assert "\x07" not in words
        assert [label.text() for label in tagged(steps.shown) if label.textFormat() != Qt.TextFormat.PlainText] == []
    assert "<img src=x>" in steps.driver.find("case.title").property("text")
    steps.driver.tab("case.tabs", "Report")
    assert "<script>" in steps.shown.texts()
    assert steps.shown.window.minimumSizeHint().width() <= 1440


def tagged(shown: RealWindow) -> list[QLabel]:
    """Every label whose text would be something else if anybody took it for HTML."""
    return [label for label in shown.window.findChildren(QLabel) if "<" in label.text()]


def test_a_place_that_is_no_more_is_told_and_the_window_lives_on(steps: WindowSteps) -> None:
    workspace = steps.shown.window.workspace
    assert workspace is not None
    workspace.navigate(case_target("H-1999-001"))
    steps.driver.find("case.missing")
    steps.driver.page(2)
    steps.driver.open_row("cases.table", steps.ref)
    assert steps.driver.find("case.ref").property("text") == steps.ref
