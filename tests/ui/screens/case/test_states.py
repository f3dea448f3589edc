"""The case page in every state a case can be in, in both looks, and when it is left while something is under way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from app.domain.commands import case_commands as c
from app.domain.values import AffectedLine, Severity, Source
from app.presenters.case_page import TABS
from app.presenters.target import Target
from tests.case_hands import form, press, write
from tests.case_world import NOW, CaseWorld
from ui.kit.theme import apply_theme, hub
from ui.screens.case.view import CaseScreen

Show = Callable[[CaseWorld], CaseScreen]


@pytest.fixture
def show(qtbot: QtBot) -> Iterator[Show]:
    """Opens the page of a world's case."""
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


def imported() -> CaseWorld:
    """A public record that came in whole."""
    world = CaseWorld()
    source = Source(format="nswg", file="1.json", sha256="0" * 64, key="core:1")
    record = c.ImportRecord(
        title="Old problem",
        source=source,
        number=1,
        fields=(("cve", ["CVE-2099-0001"]),),
        cves=("CVE-2099-0001",),
        severity=Severity(rating="low"),
        lines=(AffectedLine(line="4.x", status="affected", fixed="4.1.0"),),
        published_at=NOW - timedelta(days=900),
    )
    world.ref = world.session.do(None, record)
    return world


def closed() -> CaseWorld:
    """A case that went all the way."""
    world = CaseWorld().work()
    world.do(c.SetAffected(lines=(AffectedLine(line="20.x", status="not-affected"),)))
    world.session.clock.at = NOW + timedelta(days=7)
    world.do(c.RecordRelease(versions=("24.8.2",))).do(c.RecordAnnouncement(destination="a@lists.example.org"))
    world.do(c.RecordPost(url="https://aster.example/blog/x")).do(c.RecordPublication(kinds=("cve",)))
    return world.do(c.Close())


WORLDS: dict[str, Callable[[], CaseWorld]] = {
    "received": lambda: CaseWorld().receive(),
    "waiting": lambda: CaseWorld().receive().triage().do(c.WaitForReporter(question="Which version?")),
    "rejected": lambda: CaseWorld().receive().do(c.Reject(reason="Works as described.")),
    "fixing": lambda: CaseWorld().work(),
    "closed": closed,
    "imported": imported,
}


@pytest.mark.parametrize("state", WORLDS)
def test_every_tab_shows_every_state(show: Show, state: str) -> None:
    page = show(WORLDS[state]())
    for tab in TABS:
        page.go(tab)
        page.minute()
        assert page.current == tab
        assert page.width() == 1400


@pytest.mark.parametrize("mode", ["dark", "light"])
def test_the_page_takes_on_another_look_while_it_is_shown(show: Show, qapp: QApplication, mode: str) -> None:
    page = show(CaseWorld().work())
    for tab in TABS:
        page.go(tab)
    apply_theme(qapp, mode)  # type: ignore[arg-type]
    assert hub().theme.dark is (mode == "dark")
    assert page.grab().toImage().pixelColor(3, 3) == hub().theme.colour("surface")


def test_a_closed_case_can_be_reopened_and_nothing_else_is_asked(show: Show) -> None:
    world = closed()
    page = show(world)
    page.act("reopen")
    write(page, "form.reopen.reason", "The fix was not whole.")
    press(page, "form.reopen.act")
    assert world.case.is_open


def test_leaving_while_a_command_is_under_way_leaves_no_form_behind(show: Show) -> None:
    world = CaseWorld().receive()
    page = show(world)
    page.act("add-note")
    write(page, "form.add-note.text", "Looks real.")
    world.runner.held = True
    press(page, "form.add-note.act")
    assert form(page).isVisible()
    page.save_unsaved()
    page.close()
    assert [d for d in page.window().findChildren(QDialog) if d.isVisible()] == []
    world.runner.release()
    assert [n.text for n in world.case.notes] == ["Looks real."]


def test_a_second_press_while_a_command_is_under_way_does_nothing(show: Show) -> None:
    world = CaseWorld().receive()
    page = show(world)
    page.act("add-note")
    write(page, "form.add-note.text", "Once.")
    world.runner.held = True
    form(page).accept()
    form(page).accept()
    world.runner.release()
    world.runner.release()
    assert len(world.case.notes) == 1


def test_facts_that_arrive_after_the_page_was_left_change_nothing(show: Show) -> None:
    world = CaseWorld().receive()
    page = show(world)
    world.runner.held = True
    world.hub.publish(world.session.desk.perform(world.ref, c.Retitle(title="Another title")).changes)
    page.close()
    world.runner.release()
    assert page.facts is None
