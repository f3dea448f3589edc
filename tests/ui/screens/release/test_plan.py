"""Cases, lines, updates and postponements of a release, changed on its page."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QListView, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain.values import Dependency
from app.presenters.target import Target
from tests.release_page import Show, form, kept, press, words, write
from tests.release_world import TARGET, World
from ui.screens.release.add_case import AddCaseDialog
from ui.widgets.plain_label import PlainLabel


def test_a_wrong_version_is_told_below_its_row_and_the_text_stays(show: Show) -> None:
    world = World()
    ref = world.release()
    page = show(world, ref)
    press(page, "release.side.act")
    editor = page.widget.findChild(QLineEdit, "release.lines.22.x.version")
    assert editor is not None
    editor.setText("24.0.1")
    editor.textEdited.emit("24.0.1")
    note = page.widget.findChild(PlainLabel, "release.lines.22.x.note")
    assert note is not None
    assert "24.0.1 is not a version of line 22.x." in note.text()
    editor.returnPressed.emit()
    press(page, "release.side.act")  # Done does not leave while something is wrong
    assert editor.text() == "24.0.1"
    assert kept(world, ref).lines[1].version == "22.19.1"


def test_a_line_is_added_and_taken_out_in_place(show: Show) -> None:
    world = World()
    ref = world.release()
    page = show(world, ref)
    press(page, "release.side.act")
    for field, text in (("line", "v20"), ("version", "20.19.6"), ("releaser", "Noor Sample")):
        editor = page.widget.findChild(QLineEdit, f"release.lines.new.{field}")
        assert editor is not None
        editor.setText(text)
    press(page, "release.lines.new.add")
    assert [(line.line, line.version) for line in kept(world, ref).lines][-1] == ("20.x", "20.19.6")
    press(page, "release.lines.22.x.drop")
    assert [line.line for line in kept(world, ref).lines] == ["24.x", "20.x"]


def test_what_is_typed_into_a_line_survives_leaving_the_page(show: Show) -> None:
    world = World()
    ref = world.release()
    page = show(world, ref)
    press(page, "release.side.act")
    editor = page.widget.findChild(QLineEdit, "release.lines.22.x.version")
    assert editor is not None
    editor.setText("22.19")
    page.save_unsaved()
    again = show(world, ref)
    found = again.widget.findChild(QLineEdit, "release.lines.22.x.version")
    assert found is not None
    assert found.text() == "22.19"


def test_a_case_is_found_by_its_words_and_joins_with_the_keyboard(show: Show, qtbot: QtBot) -> None:
    world = World()
    ref = world.planned()
    free = world.case("Worker inherits a closed descriptor")
    page = show(world, ref)
    press(page, "release.cases.add")
    dialog = page.widget.window().findChild(AddCaseDialog)
    assert isinstance(dialog, AddCaseDialog)
    search = dialog.findChild(QLineEdit, "release.addCase.search")
    assert search is not None
    search.setText("worker inh")
    found = dialog.findChild(QListView, "release.addCase.found")
    assert found is not None
    qtbot.waitUntil(lambda: found.model().rowCount() == 1)
    qtbot.keyClick(search, Qt.Key.Key_Return)
    assert [member.ref for member in kept(world, ref).members][-1] == free
    qtbot.waitUntil(lambda: found.model().rowCount() == 0)
    qtbot.keyClick(search, Qt.Key.Key_Escape)
    assert f"release.cases.{free}" in [w.objectName() for w in page.widget.findChildren(QWidget)]


def test_a_case_is_taken_out_with_a_reason(show: Show) -> None:
    world = World()
    ref = world.planned()
    page = show(world, ref)
    press(page, "release.cases.H-2026-001.takeOut")
    write(page, "form.unbundle-case.reason", "It needs more work.")
    press(page, "form.unbundle-case.act")
    assert [member.ref for member in kept(world, ref).members] == ["H-2026-002"]


def test_enter_on_a_case_opens_it(show: Show, qtbot: QtBot) -> None:
    world = World()
    page = show(world, world.planned())
    row = page.widget.findChild(QWidget, "release.cases.H-2026-002")
    assert row is not None
    qtbot.keyClick(row, Qt.Key.Key_Return)
    assert world.went == [Target(page="case", ref="H-2026-002")]


def test_a_postponement_shows_what_moves_and_then_moves_it(show: Show) -> None:
    world = World()
    ref = world.planned()
    page = show(world, ref)
    press(page, "release.postpone")
    write(page, "form.postpone.target", "2026-12-01 16:00")
    shown = "\n".join(label.text() for label in form(page).findChildren(PlainLabel))
    assert "2 embargoes move" in shown
    assert "Tue 24 Nov, 12:00 → Tue 1 Dec, 16:00 CET" in shown
    assert "title: Tuesday, December 1, 2026 Security Releases" in shown
    act = form(page).findChild(QAbstractButton, "form.postpone.act")
    assert act is not None
    assert not act.isEnabled()  # the reason is still missing
    write(page, "form.postpone.reason", "The builds of one platform are late.")
    press(page, "form.postpone.act")
    assert kept(world, ref).target == TARGET + timedelta(days=7, hours=4)
    page._side.choose("postponed")
    assert "The builds of one platform are late." in words(page)
    assert "Tue 24 Nov, 12:00 → Tue 1 Dec, 16:00 CET" in words(page)


def test_a_half_typed_postponement_is_kept_when_the_page_is_left(show: Show) -> None:
    world = World()
    page = show(world, world.planned())
    page.act("postpone")
    write(page, "form.postpone.reason", "Half a sen")
    page.save_unsaved()
    form(page).reject()
    page.act("postpone")
    field = form(page).findChild(QPlainTextEdit, "form.postpone.reason")
    assert field is not None
    assert field.toPlainText() == "Half a sen"


def test_escape_leaves_a_risky_form_without_doing_it(show: Show, qtbot: QtBot) -> None:
    world = World()
    ref = world.planned()
    page = show(world, ref)
    page.act("cancel-release")
    write(page, "form.cancel-release.reason", "Not needed.")
    qtbot.keyClick(form(page), Qt.Key.Key_Escape)
    assert kept(world, ref).cancelled is None


def test_a_dependency_is_changed_and_dropped(show: Show) -> None:
    world = World()
    ref = world.planned()
    page = show(world, ref)
    page._side.choose("dependencies")
    press(page, "release.dependencies.Borealis parser.edit")
    write(page, "form.set-dependency.versions", "3.4.4")
    write(page, "form.set-dependency.url", "https://borealis.example/advisory")
    press(page, "form.set-dependency.act")
    wanted = Dependency(
        name="Borealis parser", versions=("3.4.4",), lines=("24.x", "22.x"), url="https://borealis.example/advisory"
    )
    assert kept(world, ref).dependencies == (wanted,)
    press(page, "release.dependencies.Borealis parser.drop")
    assert kept(world, ref).dependencies == ()
