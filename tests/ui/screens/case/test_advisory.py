"""The advisory under the hands of a writer: nothing typed is lost, the preview loads nothing, F8 walks findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QAbstractButton, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.domain.commands import case_commands as c
from app.presenters.case_advisory import DRAFT
from app.presenters.target import Target
from tests.case_world import HOSTILE, CaseWorld
from ui.kit.theme import hub
from ui.screens.case.advisory import AUTOSAVE, PAUSE, AdvisoryTab
from ui.screens.case.view import CaseScreen

Show = Callable[[CaseWorld], tuple[CaseScreen, AdvisoryTab]]


@pytest.fixture
def show(qtbot: QtBot) -> Iterator[Show]:
    """Opens the advisory tab of a world's case."""
    made: list[CaseScreen] = []

    def opened(world: CaseWorld) -> tuple[CaseScreen, AdvisoryTab]:
        page = CaseScreen(world.context(hub()), world.ref)
        qtbot.addWidget(page)
        page.resize(1400, 850)
        page.show()
        page.open(Target(page="case", ref=world.ref, tab="advisory"))
        made.append(page)
        tab = page.findChild(AdvisoryTab)
        assert tab is not None
        return page, tab

    yield opened
    for page in made:
        page.close()


def draft_of(world: CaseWorld) -> str:
    return world.session.store.draft(world.ref, DRAFT) or ""


def append(tab: AdvisoryTab, qtbot: QtBot, text: str) -> None:
    """Type at the end of the text."""
    tab.editor.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClicks(tab.editor, text)


def test_a_pause_in_typing_puts_the_text_into_the_store(show: Show, qtbot: QtBot) -> None:
    world = CaseWorld().work()
    _, tab = show(world)
    append(tab, qtbot, "More words")
    qtbot.waitUntil(lambda: "More words" in draft_of(world), timeout=AUTOSAVE * 5)
    assert "in the store only" in tab.toolbar.state.text()


def test_leaving_the_tab_does_so_at_once(show: Show, qtbot: QtBot) -> None:
    world = CaseWorld().work()
    page, tab = show(world)
    append(tab, qtbot, "Quick words")
    page.go("overview")
    assert "Quick words" in draft_of(world)


def test_locking_and_opening_again_brings_the_text_back(show: Show, qtbot: QtBot) -> None:
    world = CaseWorld().work()
    page, tab = show(world)
    append(tab, qtbot, "Words before the lock")
    page.save_unsaved()
    page.close()
    _, again = show(world)
    assert "Words before the lock" in again.editor.toPlainText()


def test_saving_makes_a_revision(show: Show, qtbot: QtBot) -> None:
    world = CaseWorld().work()
    page, tab = show(world)
    append(tab, qtbot, "Final words")
    save = next(action for action in page.page_actions() if action.shortcut == "Ctrl+S")
    assert save.enabled()
    save.run()
    assert world.case.advisory.revision == 2
    assert "Final words" in world.case.advisory.body
    assert tab.toolbar.revision.text() == "Revision 2"
    assert not tab.toolbar.save.isEnabled()


def test_a_faster_colleague_is_told_and_nothing_is_lost(show: Show, qtbot: QtBot) -> None:
    world = CaseWorld().work()
    page, tab = show(world)
    append(tab, qtbot, "Mine")
    world.session.desk.perform(world.ref, c.DraftAdvisory(body="## Summary\n\nTheirs.\n"))
    tab.save_revision()
    assert tab.conflict.isVisible()
    assert tab.editor.toPlainText().endswith("Mine")
    tab.compare()
    shown = page.window().findChild(QPlainTextEdit, "case.advisory.diff.text")
    assert shown is not None
    assert "-Theirs." in shown.toPlainText()
    over = page.findChild(QAbstractButton, "case.advisory.saveOver")
    assert over is not None
    over.click()
    assert world.case.advisory.revision == 3
    assert world.case.advisory.body.endswith("Mine")
    assert not tab.conflict.isVisible()


def test_the_preview_follows_the_typing(show: Show, qtbot: QtBot) -> None:
    _, tab = show(CaseWorld().work())
    append(tab, qtbot, "Thanks to Everybody.")
    qtbot.waitUntil(lambda: "Thanks to Everybody." in tab.preview.toPlainText(), timeout=PAUSE * 20)
    assert "24.x from 24.0.0, before 24.8.2" in tab.preview.toPlainText()


def test_hostile_text_in_the_preview_stays_text(show: Show, qtbot: QtBot) -> None:
    world = CaseWorld().receive(title=HOSTILE[:200]).do(c.DraftAdvisory(body=f"## Summary\n\n{HOSTILE}\n"))
    _, tab = show(world)
    text = tab.preview.toPlainText()
    assert "<img src=file:///etc/passwd>" in text
    assert "\u202e" not in text


def test_the_mail_and_the_plain_text_are_shown_as_text(show: Show) -> None:
    _, tab = show(CaseWorld().work())
    tab.modes.choose("plain")
    assert "REQUEST" in tab.plain.toPlainText().upper()
    assert "**" not in tab.plain.toPlainText()
    tab.modes.choose("mail")
    assert "Subject:" in tab.plain.toPlainText()
    tab.modes.choose("advisory")
    assert tab.preview.isVisible()


def test_the_next_finding_is_one_key_away(show: Show) -> None:
    page, tab = show(CaseWorld().work())
    following = next(action for action in page.page_actions() if action.shortcut == "F8")
    following.run()
    following.run()
    block = tab.editor.textCursor().block()
    assert "22.4.0" in block.text()


def test_a_finding_offers_its_remedy(show: Show) -> None:
    page, tab = show(CaseWorld().work())
    remedy = tab.checks.findChild(QAbstractButton, "case.advisory.finding.0.act")
    assert remedy is not None
    assert remedy.text() == "Decide 20.x"
    remedy.click()
    assert page.current == "affected"


def test_marks_go_around_what_is_marked(show: Show, qtbot: QtBot) -> None:
    _, tab = show(CaseWorld().receive())
    tab.editor.setPlainText("word")
    tab.editor.selectAll()
    qtbot.keyClick(tab.editor, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert tab.editor.toPlainText() == "**word**"
    tab.editor.setPlainText("one\ntwo")
    tab.editor.selectAll()
    tab.toolbar.list.click()
    assert tab.editor.toPlainText() == "- one\n- two"


def test_a_fact_is_inserted_by_its_place(show: Show) -> None:
    _, tab = show(CaseWorld().receive())
    tab.editor.setPlainText("")
    menu = tab.make_fact_menu()
    next(a for a in menu.actions() if a.objectName() == "case.advisory.fact.affected").trigger()
    assert tab.editor.toPlainText() == "{affected}"


def test_throwing_away_is_asked_about(show: Show, qtbot: QtBot) -> None:
    world = CaseWorld().work()
    page, tab = show(world)
    append(tab, qtbot, "Nonsense")
    tab.save_unsaved()
    assert tab.toolbar.discard.isVisible()
    world.interaction.agrees = False
    tab.toolbar.discard.click()
    assert tab.editor.toPlainText().endswith("Nonsense")
    world.interaction.agrees = True
    tab.toolbar.discard.click()
    assert tab.editor.toPlainText() == world.case.advisory.body
    assert page.findChild(QAbstractButton, "case.advisory.save").isEnabled() is False  # type: ignore[union-attr]


def test_a_rejected_report_cannot_be_written_about(show: Show) -> None:
    world = CaseWorld().receive().do(c.Reject(reason="Works as described."))
    _, tab = show(world)
    assert tab.editor.isReadOnly()
    assert not tab.toolbar.bold.isEnabled()


def test_the_tab_key_leaves_the_editor(show: Show) -> None:
    _, tab = show(CaseWorld().receive())
    assert tab.editor.tabChangesFocus()


def test_closing_forgets_the_text(show: Show) -> None:
    world = CaseWorld().work()
    page, tab = show(world)
    page.save_unsaved()
    page.close()
    assert tab.editor.toPlainText() == ""
    assert world.case.advisory.revision == 1
    assert draft_of(world) == ""
