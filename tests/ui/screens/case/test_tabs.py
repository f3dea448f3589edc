"""Embargo, correspondence, history, fixes and exports on the page of a case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain.commands import case_commands as c
from app.domain.values import Fix
from app.presenters.case_page import Tab
from app.presenters.target import Target
from tests.case_world import HOSTILE, NOW, CaseWorld
from ui.kit.theme import hub
from ui.screens.case.advisory import AdvisoryTab
from ui.screens.case.correspondence import CorrespondenceTab
from ui.screens.case.embargo import EmbargoTab
from ui.screens.case.history import HistoryTab
from ui.screens.case.overview import OverviewTab
from ui.screens.case.view import CaseScreen

Show = Callable[[CaseWorld, Tab], CaseScreen]


@pytest.fixture
def show(qtbot: QtBot) -> Iterator[Show]:
    """Opens a tab of a world's case."""
    made: list[CaseScreen] = []

    def opened(world: CaseWorld, tab: Tab) -> CaseScreen:
        page = CaseScreen(world.context(hub()), world.ref)
        qtbot.addWidget(page)
        page.resize(1400, 850)
        page.show()
        page.open(Target(page="case", ref=world.ref, tab=tab))
        made.append(page)
        return page

    yield opened
    for page in made:
        page.close()


def embargo(page: CaseScreen) -> EmbargoTab:
    found = page.findChild(EmbargoTab)
    assert found is not None
    return found


def offered(page: CaseScreen) -> set[str]:
    return {verb for verb, made in embargo(page).buttons.items() if made.isVisible()}


def test_without_a_date_the_policy_suggests_one(show: Show) -> None:
    page = show(CaseWorld().receive().triage(), "embargo")
    assert embargo(page).instant.text() == "Not agreed"
    assert "Fri 27 Nov 2026, 15:00 CET" in embargo(page).utc.text()
    assert offered(page) == {"agree-embargo", "propose-embargo"}


def test_a_proposed_date_can_be_agreed_or_declined(show: Show) -> None:
    world = CaseWorld().receive().triage().do(c.ProposeEmbargo(until=NOW + timedelta(days=3), party="Rae"))
    page = show(world, "embargo")
    assert embargo(page).state.text() == "Proposed, not agreed"
    assert offered(page) == {"agree-embargo", "propose-embargo", "decline-embargo"}


def test_the_instant_is_shown_here_and_in_utc(show: Show) -> None:
    page = show(CaseWorld().work(), "embargo")
    assert embargo(page).instant.text() == "Mon 30 Nov 2026, 16:00 CET"
    assert "15:00:00 UTC" in embargo(page).utc.text()
    assert offered(page) == {"propose-embargo", "move-embargo", "end-embargo"}


def test_a_date_that_has_passed_is_said_when_the_minute_turns(show: Show) -> None:
    world = CaseWorld().work()
    page = show(world, "embargo")
    world.session.clock.at = NOW + timedelta(days=7)
    page.minute()
    assert embargo(page).state.text() == "Its date has passed"


def test_an_ended_embargo_offers_nothing_more(show: Show) -> None:
    world = CaseWorld().work().do(c.EndEmbargo(reason="Somebody published it."))
    page = show(world, "embargo")
    assert embargo(page).state.text() == "Ended"
    assert offered(page) == set()


def letters(page: CaseScreen) -> CorrespondenceTab:
    found = page.findChild(CorrespondenceTab)
    assert found is not None
    return found


def test_the_report_and_every_letter_are_listed_newest_first(show: Show) -> None:
    tab = letters(show(CaseWorld().work(), "correspondence"))
    spoken = [str(tab.list.model().index(n, 0).data()) for n in range(tab.list.model().rowCount())]
    assert [words.split(",")[0] for words in spoken] == [
        "Progress update",
        "Detailed reply",
        "Acknowledgement",
        "Report",
    ]


def test_the_text_of_the_letter_in_hand_is_plain(show: Show) -> None:
    message = c.LogMessage(direction="in", subject=HOSTILE, text=HOSTILE, counterpart=HOSTILE)
    tab = letters(show(CaseWorld().receive().do(message), "correspondence"))
    text = tab.text.toPlainText()
    assert "<img src=file:///etc/passwd> <U+202E>evil" in text


def test_waiting_offers_to_record_the_answer(show: Show) -> None:
    world = CaseWorld().receive()
    page = show(world, "correspondence")
    ask = page.findChild(QAbstractButton, "case.correspondence.ask")
    answer = page.findChild(QAbstractButton, "case.correspondence.answer")
    assert ask is not None
    assert answer is not None
    assert (ask.isVisible(), answer.isVisible()) == (True, False)
    world.hub.publish(world.session.desk.perform(world.ref, c.WaitForReporter(question="Which?")).changes)
    assert (ask.isVisible(), answer.isVisible()) == (False, True)


def test_the_history_says_who_did_what_when_and_where(show: Show) -> None:
    page = show(CaseWorld().work(), "history")
    tab = page.findChild(HistoryTab)
    assert tab is not None
    words = str(tab.list.model().index(0, 0).data())
    assert "Told the reporter of progress" in words
    assert "Ada Example" in words
    assert "test dev" in words
    assert "CET" in words


def test_the_history_grows_while_it_is_shown(show: Show) -> None:
    world = CaseWorld().receive()
    page = show(world, "history")
    tab = page.findChild(HistoryTab)
    assert tab is not None
    world.hub.publish(world.session.desk.perform(world.ref, c.AddNote(text="x")).changes)
    assert tab.list.model().rowCount() == 2


def test_a_changed_behaviour_is_marked_beside_its_fix(show: Show) -> None:
    world = CaseWorld().receive().triage().list_lines()
    fix = Fix(line="24.x", state="ready", behaviour_change=True, revert_option="--security-revert")
    page = show(world.do(c.HoldFix(fix=fix)), "fixes")
    names = {w.accessibleName() for w in page.findChildren(QWidget)}
    assert {"Update… line 24.x", "Changes behaviour"} <= names


def test_the_overview_says_what_is_known_and_what_is_not(show: Show) -> None:
    page = show(CaseWorld().work().audit(), "overview")
    tab = page.findChild(OverviewTab)
    assert tab is not None
    said = "\n".join(w.accessibleName() for w in tab.findChildren(QWidget))
    assert "Rating: High 8.1" in said
    assert "CVE-2099-10041: assigned Sat 21 Nov, 14:32 CET" in said
    assert "24.x: 24.0.0 up to 24.8.1. Fixed in 24.8.2." in said
    assert "Looked for: Folded values" in said


def test_a_text_of_the_case_is_exported_after_the_guard_had_its_say(show: Show) -> None:
    world = CaseWorld().work()
    world.interaction.paths = [Path("/home/ada/out")]
    page = show(world, "advisory")
    tab = page.findChild(AdvisoryTab)
    assert tab is not None
    menu = tab.exports.make_menu(world.session.exchange.formats())
    entry = next(a for a in menu.actions() if a.objectName() == "case.export.mail")
    entry.trigger()
    assert world.interaction.asked[0].name == "export.guard"
    assert world.case.exports[0].override == world.interaction.reason
    assert world.toasts[-1].startswith("Exported")


def test_the_plain_preview_is_read_only(show: Show) -> None:
    page = show(CaseWorld().work(), "advisory")
    plain = page.findChild(QPlainTextEdit, "case.advisory.plain")
    assert plain is not None
    assert plain.isReadOnly()
