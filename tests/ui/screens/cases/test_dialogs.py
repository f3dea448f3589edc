"""The form of a new case and the report of an import, as a person meets them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.desk.intake import ImportReport
from app.desk.ports.exchange import Refusal
from app.presenters.target import case_target
from tests.scenes import new_report
from tests.window_world import WindowWorld
from ui.screens.cases.import_report import ImportReportDialog, refusal_words
from ui.widgets.plain_label import PlainLabel

HOSTILE = "<b>\u202eevil</b>.eml"


@pytest.fixture
def world(qtbot: QtBot) -> WindowWorld:
    return WindowWorld(qtbot).unlocked()


def test_a_case_is_opened_from_the_form_by_keyboard_alone(world: WindowWorld) -> None:
    world.press("Ctrl+N")
    QTest.keyClicks(world.focus("newCase.title"), "Crash on a call")
    world.type("newCase.reporter", "Rae Finder")
    QTest.keyClicks(world.find(QPlainTextEdit, "newCase.text"), "It crashed.")
    world.click("newCase.act")
    assert world.workspace.place == case_target("H-2026-001", tab="overview")
    case = world.session.store.case("H-2026-001")
    assert case is not None
    assert (case.title, case.report.text) == ("Crash on a call", "It crashed.")


def test_what_is_missing_is_said_beside_the_first_field_which_gets_the_focus(world: WindowWorld) -> None:
    world.press("Ctrl+N")
    world.type("newCase.received", "soon")
    world.click("newCase.act")
    world.focus("newCase.title")
    assert world.find(PlainLabel, "newCase.title.note").text() == "Give the case a title."
    assert world.find(PlainLabel, "newCase.reporter.note").text() != ""
    assert world.session.store.case("H-2026-001") is None


def test_escape_keeps_what_was_typed_and_start_over_throws_it_away(world: WindowWorld) -> None:
    world.press("Ctrl+N")
    world.type("newCase.title", "Half typed")
    QTest.keyClick(world.focus("newCase.title"), Qt.Key.Key_Escape)
    assert not world.sees("newCase.title")
    world.press("Ctrl+N")
    assert world.find(QLineEdit, "newCase.title").text() == "Half typed"
    world.click("newCase.startOver")
    assert world.find(QLineEdit, "newCase.title").text() == ""
    world.click("newCase.safe")
    assert world.session.store.draft("team", "new-case") is None


def test_the_draft_is_kept_while_somebody_types(world: WindowWorld) -> None:
    world.press("Ctrl+N")
    world.type("newCase.title", "Half typed")
    world.qtbot.waitUntil(lambda: "Half typed" in (world.session.store.draft("team", "new-case") or ""))
    world.click("newCase.safe")


def report(world: WindowWorld, **parts: tuple[object, ...]) -> ImportReportDialog:
    world.workspace.importing.show_report(ImportReport(**parts))  # type: ignore[arg-type]
    dialog = world.window.findChild(ImportReportDialog)
    assert dialog is not None
    return dialog


def test_the_report_of_one_case_opens_it(world: WindowWorld) -> None:
    ref = new_report(world.session, "A report")
    dialog = report(world, cases=(ref,))
    assert dialog.windowTitle() == "One case came in"
    world.click("importReport.act")
    assert world.workspace.place == case_target(ref, tab="overview")


def test_the_report_of_many_links_each_and_says_what_was_known(world: WindowWorld) -> None:
    refs = tuple(new_report(world.session, f"Report {n}") for n in range(40))
    dialog = report(world, cases=refs, known=refs[:1])
    assert dialog.windowTitle() == "40 cases came in"
    assert world.sees("importReport.newAll")
    world.click("importReport.known0")
    assert world.workspace.place == case_target(refs[0], tab="overview")


def test_a_refusal_names_file_field_and_reason_as_plain_text(world: WindowWorld) -> None:
    refusal = Refusal(file=HOSTILE, field="reports[2].cveIds[0]", code="text.empty", facts={"field": "title"})
    dialog = report(world, refused=(refusal,))
    row = world.find(QWidget, "importReport.refused0")
    assert dialog.windowTitle() == "Nothing came in"
    assert "<b>" in row.accessibleName()
    assert "\u202e" not in row.accessibleName()
    assert "reports[2].cveIds[0]" in row.accessibleName()
    assert refusal_words(refusal) in row.accessibleName()
    dialog.reject()


def test_everything_known_is_no_failure(world: WindowWorld) -> None:
    ref = new_report(world.session, "A report")
    dialog = report(world, known=(ref,))
    assert dialog.windowTitle() == "Everything was here already"
    dialog.reject()
