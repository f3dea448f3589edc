"""Forms and files on the case page: judged while typed, never lost, carried out once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain.commands import case_commands as c
from app.presenters.target import Target
from tests.case_hands import choose, form, press, write
from tests.case_world import HOSTILE, NOW, CaseWorld
from ui.kit.theme import hub, theme
from ui.screens.case.view import CaseScreen

Show = Callable[[CaseWorld], CaseScreen]


@pytest.fixture
def show(qtbot: QtBot, qapp: QApplication) -> Iterator[Show]:
    """Opens the page of a world's case in a window of its own."""
    made: list[CaseScreen] = []

    def opened(world: CaseWorld) -> CaseScreen:
        page = CaseScreen(world.context(hub()), world.ref)
        qtbot.addWidget(page)
        page.resize(1400, 850)
        page.show()
        page.open(Target(page="case", ref=world.ref))
        made.append(page)
        return page

    yield opened
    for page in made:
        page.close()


def test_a_form_says_what_is_wrong_while_somebody_types(show: Show) -> None:
    world = CaseWorld().receive().triage().do(c.RequestCve())
    page = show(world)
    page.act("assign-cve")
    act = form(page).findChild(QAbstractButton, "form.assign-cve.act")
    assert act is not None
    assert not act.isEnabled()
    write(page, "form.assign-cve.id", "CVE-99-1")
    note = form(page).findChild(QWidget, "form.assign-cve.id.note")
    assert note is not None
    assert "CVE" in note.text()  # type: ignore[attr-defined]
    write(page, "form.assign-cve.id", "cve-2099-10041")
    assert act.isEnabled()


def test_a_refusal_of_the_store_keeps_the_form_and_its_text(show: Show) -> None:
    world = CaseWorld().receive().triage()
    other = world.session.do(None, c.Receive(title="Another report"))
    world.session.do(other, c.Confirm())
    world.session.do(other, c.AssignCve(id="CVE-2099-10041"))
    page = show(world)
    page.act("assign-cve")
    write(page, "form.assign-cve.id", "CVE-2099-10041")
    press(page, "form.assign-cve.act")
    field = form(page).findChild(QLineEdit, "form.assign-cve.id")
    assert field is not None
    assert field.text() == "CVE-2099-10041"
    note = form(page).findChild(QWidget, "form.assign-cve.id.note")
    assert other in note.text()  # type: ignore[union-attr]


def test_escape_closes_a_form_and_what_was_typed_is_there_again(show: Show, qtbot: QtBot) -> None:
    world = CaseWorld().receive()
    page = show(world)
    press(page, "case.addNote")
    write(page, "form.add-note.text", "A thought that is not finished")
    qtbot.keyClick(form(page), Qt.Key.Key_Escape)
    assert world.case.notes == ()
    press(page, "case.addNote")
    field = form(page).findChild(QPlainTextEdit, "form.add-note.text")
    assert field is not None
    assert field.toPlainText() == "A thought that is not finished"
    press(page, "form.add-note.act")
    press(page, "case.addNote")
    again = form(page).findChild(QPlainTextEdit, "form.add-note.text")
    assert again is not None
    assert again.toPlainText() == ""


def test_an_open_form_is_kept_when_the_store_locks(show: Show) -> None:
    world = CaseWorld().receive()
    page = show(world)
    page.act("add-note")
    write(page, "form.add-note.text", "half a thought")
    page.save_unsaved()
    assert "half a thought" in (world.session.store.draft(world.ref, "form.add-note") or "")


def test_control_enter_sends_a_form_from_its_text(show: Show, qtbot: QtBot) -> None:
    world = CaseWorld().receive()
    page = show(world)
    page.act("add-note")
    write(page, "form.add-note.text", "Looks real.")
    field = form(page).findChild(QPlainTextEdit, "form.add-note.text")
    assert field is not None
    qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(world.case.notes) == 1)


def test_the_vector_gives_its_score_while_it_is_typed(show: Show) -> None:
    page = show(CaseWorld().receive().triage())
    page.act("rate-severity")
    write(page, "form.rate-severity.vector", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N")
    note = form(page).findChild(QWidget, "form.rate-severity.vector.note")
    assert "7.5" in note.text()  # type: ignore[union-attr]


def test_an_instant_is_shown_here_and_in_utc_while_it_is_typed(show: Show) -> None:
    page = show(CaseWorld().receive().triage())
    page.act("propose-embargo")
    write(page, "form.propose-embargo.until", "2026-12-01 16:00")
    note = form(page).findChild(QWidget, "form.propose-embargo.until.note")
    assert "CET" in note.text()  # type: ignore[union-attr]
    assert "15:00:00 UTC" in note.text()  # type: ignore[union-attr]


def test_skipping_a_step_needs_a_reason(show: Show) -> None:
    world = CaseWorld().receive().triage().list_lines()
    for line in ("20.x",):
        world.do(c.RemoveLine(line=line))
    page = show(world.do(c.UpdateReporter()))
    press(page, "case.next.skip")
    act = form(page).findChild(QAbstractButton, "form.skip-step.act")
    assert act is not None
    assert not act.isEnabled()
    write(page, "form.skip-step.reason", "One line of a test.")
    press(page, "form.skip-step.act")
    assert world.case.skips("audited") is not None


def test_a_patch_is_chosen_and_kept_with_its_fix(show: Show) -> None:
    world = CaseWorld().receive().triage().list_lines()
    path = Path("/home/ada/fix.patch")
    world.files.there[path] = b"--- a\n+++ b\n"
    world.interaction.paths = [path]
    page = show(world)
    page.go("fixes")
    press(page, "case.fixes.0.hold")
    choose(page, "form.hold-fix.state", "ready")
    press(page, "form.hold-fix.patch")
    press(page, "form.hold-fix.act")
    fix = world.case.fixes[0]
    assert fix.patch is not None
    assert (fix.line, fix.patch.name, fix.state) == ("main", "fix.patch", "ready")


def test_every_verb_of_the_menu_opens_its_form(show: Show) -> None:
    world = CaseWorld().work()
    page = show(world)
    for verb in ("add-note", "log-message", "add-attachment", "retitle", "set-tlp", "move-embargo", "withdraw-cve"):
        page.act(verb)
        assert form(page).objectName() == f"form.{verb}"
        form(page).reject()


def test_a_failed_command_is_said_above_the_page(show: Show) -> None:
    world = CaseWorld().receive().do(c.Assign())
    page = show(world)
    world.session.desk.perform(world.ref, c.Acknowledge())
    page.act("acknowledge")
    act = form(page).findChild(QAbstractButton, "form.acknowledge.act")
    assert act is not None
    act.click()
    banner = form(page).findChild(QWidget, "form.acknowledge.problem")
    assert "acknowledged already" in banner.text  # type: ignore[union-attr]


def test_a_saved_copy_is_asked_about_and_noted(show: Show) -> None:
    world = CaseWorld().receive()
    with world.session.store.transaction(world.session.me, NOW) as tx:
        blob = tx.put_blob(b"GET /", "../repro\u202e.sh")
    world.do(c.AddAttachment(blob=blob))
    target = Path("/home/ada/copy")
    world.interaction.paths = [target]
    page = show(world)
    page.go("report")
    press(page, "case.report.file.0.save")
    question = world.interaction.asked[0]
    assert "\u202e" not in question.body
    assert world.files.written == {target: b"GET /"}
    assert "copy" in world.case.notes[0].text


def test_looking_inside_a_file_runs_nothing(show: Show) -> None:
    world = CaseWorld().receive()
    with world.session.store.transaction(world.session.me, NOW) as tx:
        blob = tx.put_blob(HOSTILE.encode(), "page.html")
    world.do(c.AddAttachment(blob=blob))
    page = show(world)
    page.go("report")
    press(page, "case.report.file.0.look")
    text = page.window().findChild(QPlainTextEdit, "file.preview.text")
    assert text is not None
    assert "<img src=file:///etc/passwd> <U+202E>evil" in text.toPlainText()


def test_the_name_of_a_person_has_room_in_the_form_of_credits(show: Show) -> None:
    page = show(CaseWorld().receive().triage())
    page.act("set-credits")
    open_form = form(page)
    QApplication.processEvents()
    name = open_form.findChild(QLineEdit, "form.set-credits.credits.0.name")
    assert name is not None
    assert name.width() >= theme().px(190)
    assert open_form.width() == theme().px(720)
