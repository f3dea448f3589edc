"""How a team keeps its store, through the window: a code on paper, a backup tried and restored, a case erased."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from pytestqt.qtbot import QtBot

from app.domain.commands import case_commands as c
from app.presenters.target import Target, case_target
from tests.flows import journey as j
from tests.flows.conftest import Shows
from tests.flows.real_window import RealWindow
from tests.flows.window import Driver, Keys
from tests.flows.window_steps import WindowSteps
from ui.widgets.plain_label import PlainLabel

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

CANARY: Final = "lobster-quadrille"


def go(shown: RealWindow, target: Target) -> None:
    """Bring a place to the front."""
    workspace = shown.window.workspace
    assert workspace is not None
    workspace.navigate(target)
    shown.driver.settle()


def make_code(shown: RealWindow) -> str:
    """Make a recovery code and type it back, as read from the sheet."""
    d = shown.driver
    go(shown, Target(page="settings", tab="ways-in"))
    d.click("ways.makeRecovery")
    d.fill("ways.addRecovery.proof.passphrase", j.PASSPHRASE)
    d.click("ways.addRecovery.act")
    groups = [d.find_as(PlainLabel, f"recovery.group.{number}").text() for number in range(1, 9)]
    d.click("recovery.act")
    d.fill("recovery.code", " ".join(groups).casefold())
    d.click("recovery.act")
    d.gone("recovery")
    return "-".join(groups)


def back_up(shown: RealWindow, folder: Path) -> Path:
    """Choose the folder and make a backup."""
    d = shown.driver
    folder.mkdir()
    go(shown, Target(page="settings", tab="backups"))
    d.fill("backups.folder", str(folder))
    d.press("Return")
    d.click("backups.now")
    d.find("backups.result")
    (made,) = folder.glob("*.holdfast-backup")
    return made


def close_case(shown: RealWindow, ref: str) -> None:
    """Take the case to its end as no vulnerability, with words of its own in every step."""
    workspace = shown.window.workspace
    assert workspace is not None
    desk = workspace.ctx.session.desk
    commands = (
        c.Acknowledge(text=f"{CANARY} arrived."),
        c.AddNote(text=f"A note about {CANARY}."),
        c.Reject(reason=f"{CANARY} is intended."),
        c.Close(resolution=f"{CANARY} stays as it is."),
    )
    for command in commands:
        workspace.ctx.runner.run(
            lambda command=command: desk.perform(ref, command),  # type: ignore[misc]
            lambda done: workspace.hub.publish(done.changes),
            shown.window.unlock.show_problem,
        )
        shown.driver.settle()


@pytest.mark.parametrize("driver", [Driver, Keys])
def test_a_code_on_paper_opens_the_store_when_the_passphrase_is_lost(
    qtbot: QtBot, shows: Shows, driver: type[Driver]
) -> None:
    shown = shows(driver=driver)
    WindowSteps(shown).create_store()
    code = make_code(shown)
    d = shown.driver
    d.press("Ctrl+L")
    d.click("unlock.way.recovery")
    d.fill("unlock.code", code)
    d.press("Return")
    d.find("rail.pages")
    go(shown, Target(page="settings", tab="ways-in"))
    assert "Recovery code" in shown.texts()
    assert shown.strays.found == []


def test_a_backup_is_made_tried_and_restored_beside_the_old_store(shows: Shows, tmp_path: Path) -> None:
    shown = shows()
    steps = WindowSteps(shown)
    steps.create_store()
    steps.receive()
    made = back_up(shown, tmp_path / "backups")
    d = shown.driver
    d.click(f"backups.try.{made.name}")
    d.fill("backups.drill.proof.passphrase", j.PASSPHRASE)
    d.click("backups.drill.act")
    d.until(lambda: "The restore worked" in shown.texts(), "the drill to end well")
    d.press("Ctrl+L")
    d.click("unlock.restore")
    d.fill("restore.file", str(made))
    d.fill("restore.folder", str(tmp_path / "again.holdfast"))
    d.fill("restore.secret.passphrase", j.PASSPHRASE)
    d.click("restore.act")
    d.find("rail.pages")
    d.page(2)
    d.open_row("cases.table", steps.ref)
    assert d.find("case.ref").property("text") == steps.ref
    assert (tmp_path / "team.holdfast").is_dir()
    assert shown.strays.found == []


def test_nothing_of_an_erased_case_can_be_found_in_the_window(shows: Shows, tmp_path: Path) -> None:
    shown = shows()
    steps = WindowSteps(shown)
    steps.create_store()
    report = tmp_path / "canary.eml"
    report.write_bytes(
        f"From: {CANARY} <robin@reporter.example>\r\nTo: security@aster.example\r\nSubject: {CANARY}\r\n"
        f"Message-ID: <c@reporter.example>\r\nDate: Mon, 02 Mar 2026 08:12:45 +0000\r\n\r\n{CANARY} text\r\n".encode()
    )
    steps.receive(report)
    d = shown.driver
    close_case(shown, steps.ref)
    d.menu("case.more", "case.menu.propose-erasure")
    d.fill("form.propose-erasure.reason", "Not ours to keep.")
    d.click("form.propose-erasure.act")
    d.click("case.erasure.erase")
    d.fill("form.erase.confirm", steps.ref)
    d.click("form.erase.act")
    d.gone("form.erase")
    for tab in ("Report", "Correspondence", "History", "Overview"):
        d.tab("case.tabs", tab)
        d.settle()
        assert CANARY not in shown.texts(), tab
    go(shown, Target(page="cases"))
    go(shown, Target(page="audit"))
    assert CANARY not in shown.texts()
    go(shown, case_target(steps.ref))
    assert "were erased" in shown.texts()
    assert shown.strays.found == []


def test_the_store_key_is_replaced_and_every_way_in_still_opens_it(shows: Shows, tmp_path: Path) -> None:
    shown = shows()
    WindowSteps(shown).create_store()
    code = make_code(shown)
    d = shown.driver
    (tmp_path / "backups").mkdir()
    d.click("ways.rekey.open")
    d.fill("ways.rekey.folder", str(tmp_path / "backups"))
    d.fill("ways.rekey.proof.passphrase", j.PASSPHRASE)
    d.click("ways.rekey.act")
    d.gone("ways.rekey")
    assert "key 2 of this store" in shown.texts()
    assert len(list((tmp_path / "backups").iterdir())) == 1
    d.press("Ctrl+L")
    d.click("unlock.way.recovery")
    d.fill("unlock.code", code)
    d.press("Return")
    d.find("rail.pages")
    d.press("Ctrl+L")
    WindowSteps(shown).unlock()
    d.find("rail.pages")


def test_a_store_whose_first_page_is_damaged_is_rescued_into_a_new_one(shows: Shows, tmp_path: Path) -> None:
    shown = shows()
    steps = WindowSteps(shown)
    steps.create_store()
    steps.receive()
    d = shown.driver
    d.press("Ctrl+L")
    d.find("unlock.passphrase")
    with (tmp_path / "team.holdfast" / "cases.db").open("r+b") as database:
        database.seek(200)
        database.write(bytes(2000))
    steps.unlock()
    d.click("unlock.damage.rescue")
    d.fill("rescue.secret.passphrase", j.PASSPHRASE)
    d.click("rescue.act")
    d.click("unlock.rescued.safe")
    d.page(2)
    d.open_row("cases.table", steps.ref)
    assert d.find("case.ref").property("text") == steps.ref
    assert (tmp_path / "team-rescued.holdfast").is_dir()
