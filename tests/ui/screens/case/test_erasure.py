"""Erasing a case from its page: two steps, the reference typed anew, and a plain notice of what remains."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.desk.retention import Going
from app.domain.commands import case_commands as c
from app.presenters.case_actions import GROUPS, may, offered
from app.presenters.target import Target
from tests.case_hands import form, press, write
from tests.case_world import REPORT, TITLE, CaseWorld
from tests.ui.screens.case.test_states import closed
from ui.kit.theme import hub
from ui.screens.case.erasure import going_words
from ui.screens.case.view import CaseScreen

REASON = "The time that we keep cases is over."


@pytest.fixture
def world() -> CaseWorld:
    return closed()


@pytest.fixture
def page(qtbot: QtBot, world: CaseWorld) -> Iterator[CaseScreen]:
    made = CaseScreen(world.context(hub()), world.ref)
    qtbot.addWidget(made)
    made.resize(1400, 850)
    made.show()
    made.open(Target(page="case", ref=world.ref))
    yield made
    made.close()


def notice(page: CaseScreen) -> str:
    banner = page.findChild(QWidget, "case.erasure")
    assert banner is not None
    return banner.accessibleName() if banner.isVisible() else ""


def test_only_a_closed_case_can_be_proposed_and_only_a_proposed_one_erased(world: CaseWorld) -> None:
    assert not may("propose-erasure", CaseWorld().receive().case)
    assert [verb for verb in GROUPS[6] if may(verb, world.case)] == ["propose-erasure"]
    world.do(c.ProposeErasure(reason=REASON))
    assert [verb for verb in GROUPS[6] if may(verb, world.case)] == ["cancel-erasure", "erase"]
    world.do(c.Erase(confirm=world.ref))
    assert offered(world.case) == ()


def test_a_proposal_stands_above_the_page_with_both_ways_on(page: CaseScreen, world: CaseWorld) -> None:
    assert notice(page) == ""
    page.act("propose-erasure")
    write(page, "form.propose-erasure.reason", REASON)
    press(page, "form.propose-erasure.act")
    assert "Nothing is gone yet" in notice(page)
    assert REASON in notice(page)
    press(page, "case.erasure.keep")
    write(page, "form.cancel-erasure.reason", "A question came up.")
    press(page, "form.cancel-erasure.act")
    assert notice(page) == ""
    assert world.case.erasure is msgspec.UNSET


def test_erasing_asks_for_the_reference_and_says_what_goes_and_what_stays(page: CaseScreen, world: CaseWorld) -> None:
    world.do(c.ProposeErasure(reason=REASON))
    page._presenter.refresh()
    press(page, "case.erasure.erase")
    shown = form(page).findChild(QPlainTextEdit, "form.erase.going")
    assert shown is not None
    assert "Goes:" in shown.toPlainText()
    assert "Stays:" in shown.toPlainText()
    act = form(page).findChild(QAbstractButton, "form.erase.act")
    assert act is not None
    write(page, "form.erase.confirm", world.ref[:-1])
    assert not act.isEnabled()
    write(page, "form.erase.confirm", world.ref)
    press(page, "form.erase.act")
    assert world.case.is_erased
    assert "were erased" in notice(page)
    offered_still = {"case.addNote", "case.handOver", "case.more", "case.overview.notes.open"}
    assert [
        b.objectName() for b in page.findChildren(QAbstractButton) if b.isVisible() and b.objectName() in offered_still
    ] == []


def test_an_erased_case_shows_nothing_of_what_is_gone(page: CaseScreen, world: CaseWorld) -> None:
    for tab in ("report", "overview"):
        page.go(tab)
    world.do(c.ProposeErasure(reason=REASON)).do(c.Erase(confirm=world.ref))
    page._presenter.refresh()
    texts = []
    for widget in page.findChildren(QWidget):
        texts.append(widget.accessibleName() + str(widget.property("text") or ""))
        if isinstance(widget, QPlainTextEdit):
            texts.append(widget.toPlainText())
    whole = "\n".join(texts)
    assert TITLE not in whole
    assert REPORT[:40] not in whole
    assert "Rae Finder" not in whole


def test_a_confirmation_is_never_kept_for_the_next_time(page: CaseScreen, world: CaseWorld) -> None:
    world.do(c.ProposeErasure(reason=REASON))
    page._presenter.refresh()
    press(page, "case.erasure.erase")
    write(page, "form.erase.confirm", world.ref)
    form(page).reject()
    press(page, "case.erasure.erase")
    field = form(page).findChild(QLineEdit, "form.erase.confirm")
    assert field is not None
    assert field.text() == ""


def test_the_backups_that_still_hold_the_case_are_named() -> None:
    names = tuple(f"aster-{n}.holdfast-backup" for n in range(10))
    told = going_words(Going(ref="H-2026-001", events=12, files=2, bytes=4_200_000, backups=names))
    assert "12 events" in told
    assert "2 files (4.2 MB)" in told
    assert names[0] in told
    assert "2 more" in told
    assert "No backup is known" in going_words(Going(ref="H-2026-001", events=1, files=0, bytes=0))
