"""The case page through the hands of a person: tabs, checklist, forms, menu, drawer, keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QPalette
from PySide6.QtWidgets import QAbstractButton, QApplication, QPlainTextEdit, QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from app.domain.commands import case_commands as c
from app.presenters.target import Target
from tests.case_hands import choose, do_step, form, press, write
from tests.case_world import HOSTILE, NOW, TITLE, CaseWorld
from ui.kit.theme import hub, theme
from ui.kit.tokens import Role
from ui.screens.case.process_panel import ProcessPanel
from ui.screens.case.view import CaseScreen
from ui.widgets.checklist import NextStepCard
from ui.widgets.empty_page import EmptyPage
from ui.widgets.plain_label import PlainLabel

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


def test_the_whole_way_from_report_to_closed_case_by_its_buttons(show: Show) -> None:
    world = CaseWorld().receive(days_ago=0.1)
    page = show(world)
    press(page, "case.next.act")  # assign to me
    press(page, "case.next.act")
    press(page, "form.acknowledge.act")
    press(page, "case.next.act")
    write(page, "form.reply.text", "Next we look at every line.")
    press(page, "form.reply.act")
    press(page, "case.next.act")
    write(page, "form.confirm.note", "Reproduced.")
    press(page, "form.confirm.act")
    press(page, "case.next.act")  # no line yet: the form that adds lines
    write(page, "form.add-lines.lines", "24.x 22.x")
    choose(page, "form.add-lines.status", "affected")
    press(page, "form.add-lines.act")
    do_step(page, "audited")
    write(page, "form.audit-similar-code.pattern", "folded values")
    press(page, "form.audit-similar-code.act")
    for _line in range(2):
        press(page, "case.next.act")
        choose(page, "form.hold-fix.state", "ready")
        press(page, "form.hold-fix.act")
    do_step(page, "cve")
    press(page, "form.request-cve.act")
    do_step(page, "cve")
    write(page, "form.assign-cve.id", "CVE-2099-10041")
    press(page, "form.assign-cve.act")
    do_step(page, "embargo")
    press(page, "form.agree-embargo.act")
    go_public(page, world)
    assert world.case.closed is not None
    assert page.findChild(QAbstractButton, "case.next.act") is None


def go_public(page: CaseScreen, world: CaseWorld) -> None:
    """From the advisory to the closed case."""
    do_step(page, "advisory")
    editor = page.findChild(QPlainTextEdit, "case.advisory.editor")
    assert editor is not None
    editor.setPlainText("## Summary\n\nA folded header hides a request.\n")
    press(page, "case.advisory.save")
    page.go("overview")
    do_step(page, "pre-announced")
    press(page, "form.record-pre-announcement.act")
    assert world.case.embargo.until is not None
    world.session.clock.at = world.case.embargo.until + timedelta(minutes=1)
    page.minute()
    do_step(page, "released")
    write(page, "form.record-release.versions", "24.8.2 22.19.1")
    press(page, "form.record-release.act")
    do_step(page, "announced")
    write(page, "form.record-announcement.message_id", "<1@aster.example>")
    press(page, "form.record-announcement.act")
    do_step(page, "posted")
    write(page, "form.record-post.url", "https://aster.example/blog/november-2026")
    press(page, "form.record-post.act")
    do_step(page, "records")
    press(page, "form.record-publication.act")
    do_step(page, "closed")
    press(page, "form.close.act")


def test_the_head_says_what_is_true(show: Show) -> None:
    page = show(CaseWorld().work())
    assert page.findChild(QWidget, "case.title").text() == TITLE  # type: ignore[union-attr]
    assert page.findChild(QWidget, "case.stage").accessibleName() == "Fixing"  # type: ignore[union-attr]


def test_a_case_that_is_not_there_is_an_empty_page_with_words(show: Show) -> None:
    world = CaseWorld()
    world.ref = "H-2026-404"
    assert show(world).findChild(EmptyPage, "case.missing") is not None


def test_hostile_text_is_shown_as_text_everywhere(show: Show, qtbot: QtBot) -> None:
    world = CaseWorld().receive(title=HOSTILE[:280], text=HOSTILE, subject=HOSTILE).do(c.AddNote(text=HOSTILE))
    page = show(world)
    for tab in ("overview", "report", "affected", "fixes", "advisory", "embargo", "correspondence", "history"):
        page.go(tab)
        qtbot.wait(1)
        assert page.width() == 1400
    text = page.findChild(QPlainTextEdit, "case.report.text")
    assert text is not None
    assert "<img src=file:///etc/passwd>" in text.toPlainText()
    assert "\u202e" not in text.toPlainText()
    assert "<U+202E>" in text.toPlainText()


def test_the_panel_is_a_drawer_where_the_window_is_narrow(show: Show, qtbot: QtBot) -> None:
    page = show(CaseWorld().work())
    panel = page.findChild(QWidget, "case.process")
    assert panel is not None
    assert panel.isVisible()
    page.resize(1000, 680)
    assert not panel.isVisible()
    press(page, "case.checklist")
    assert panel.isVisible()
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert not panel.isVisible()


def test_the_advisory_has_the_page_for_itself(show: Show) -> None:
    page = show(CaseWorld().work())
    page.go("advisory")
    panel = page.findChild(QWidget, "case.process")
    assert panel is not None
    assert not panel.isVisible()
    page.toggle_panel()
    assert panel.isVisible()
    page.go("affected")
    assert panel.isVisible()


def test_every_control_that_can_be_reached_has_a_name(show: Show) -> None:
    page = show(CaseWorld().work())
    for tab in ("overview", "report", "affected", "fixes", "advisory", "embargo", "correspondence", "history"):
        page.go(tab)
        for widget in page.findChildren(QWidget):
            if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                spoken = QAccessible.queryAccessibleInterface(widget)
                assert spoken.text(QAccessible.Text.Name), (tab, widget, widget.objectName())


def test_there_is_one_primary_button_at_most(show: Show) -> None:
    page = show(CaseWorld().work())
    for tab in ("overview", "report", "affected", "fixes", "embargo", "correspondence", "history"):
        page.go(tab)
        primary = [b for b in page.findChildren(QAbstractButton) if b.property("kind") == "primary"]
        assert len([b for b in primary if b.isVisible()]) == 1


def test_the_menu_does_what_the_palette_does(show: Show) -> None:
    world = CaseWorld().work()
    page = show(world)
    names = {action.name for action in page.page_actions() if action.enabled()}
    assert {"case.add-note", "case.move-embargo", "case.doNext", "case.tab.history"} <= names
    assert "case.reopen" not in names
    menu = page.findChild(QWidget, "case.more").parentWidget().parentWidget().make_menu()  # type: ignore[union-attr]
    assert {f"case.{a.objectName().rsplit('.', 1)[1]}" for a in menu.actions() if a.objectName()} <= names


def test_a_target_opens_the_tab_or_the_form_that_it_names(show: Show) -> None:
    world = CaseWorld().work()
    page = show(world)
    page.open(Target(page="case", ref=world.ref, tab="embargo"))
    assert page.current == "embargo"
    page.open(Target(page="case", ref=world.ref, act="audited"))
    assert form(page).objectName() == "form.audit-similar-code"


def test_minutes_pass_and_the_words_with_them(show: Show) -> None:
    world = CaseWorld().receive(days_ago=0.5).do(c.Assign())
    page = show(world)
    card = page.findChild(QWidget, "case.next.card")
    assert card is not None
    assert "in 12 h" in card.accessibleName().replace("\xa0", " ")
    world.session.clock.at = NOW + timedelta(hours=13)
    page.minute()
    later = page.findChild(QWidget, "case.next.card")
    assert later is not None
    assert "late" in later.accessibleName()


def test_the_keyboard_walks_from_tabs_to_work_to_checklist(show: Show) -> None:
    page = show(CaseWorld().work())
    page.go("affected")
    page.next_part()
    page.next_part()
    page.next_part()
    focus = QApplication.focusWidget()
    assert focus is None or focus.objectName() in ("case.tabs", "case.affected.table", "case.next.act")


def test_closing_drops_the_texts(show: Show) -> None:
    page = show(CaseWorld().work())
    page.go("report")
    text = page.findChild(QPlainTextEdit, "case.report.text")
    assert text is not None
    page.close()
    assert text.toPlainText() == ""


def test_steps_keep_their_room_when_the_checklist_scrolls(show: Show) -> None:
    page = show(CaseWorld().receive().triage())
    QApplication.processEvents()
    step = page.findChild(QAbstractButton, "case.step.assigned")
    assert step is not None
    before = step.width()
    page.resize(1400, 480)
    QApplication.processEvents()
    panel = page.findChild(ProcessPanel)
    assert panel is not None
    assert [bar for bar in panel.findChildren(QScrollBar) if bar.isVisible()]
    assert step.width() == before


@pytest.mark.parametrize(("hours_ago", "role"), [(20, "today"), (30, "overdue")])
def test_the_due_line_of_the_next_step_has_the_colour_of_its_urgency(show: Show, hours_ago: int, role: Role) -> None:
    page = show(CaseWorld().receive(days_ago=hours_ago / 24).do(c.Assign(), days_ago=hours_ago / 24))
    card = page.findChild(NextStepCard, "case.next.card")
    assert card is not None
    due = next(label for label in card.findChildren(PlainLabel) if label.text().startswith("Due "))
    assert due.palette().color(QPalette.ColorRole.WindowText) == theme().colour(role)
