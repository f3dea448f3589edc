"""The other doors of the unlock page: a code, a key, a keychain, an older copy, a backup, a damaged store."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.desk.ports.keys import FromKeychain, FromOpenPgp, RecoveryCode
from app.domain.errors import Environment, Rejected
from app.presenters.unlock import OutsideWay
from tests.window_world import FOLDER, PASSPHRASE, WindowWorld
from ui.screens.unlock.other_ways import OtherWays
from ui.widgets.plain_label import PlainLabel

WAYS = (
    OutsideWay("passphrase", "Passphrase"),
    OutsideWay("recovery", "Sheet\u202e<b>"),
    OutsideWay("openpgp", "Card", "0" * 32 + "89AB9F41"),
    OutsideWay("keychain", "Keyring"),
)


@pytest.fixture
def world(qtbot: QtBot) -> WindowWorld:
    made = WindowWorld(qtbot)
    made.doors.outside = WAYS
    made.window.unlock.presenter.look()
    return made


def fill(world: WindowWorld, name: str, text: str) -> None:
    field = world.find(QLineEdit, name)
    field.clear()
    QTest.keyClicks(field, text)


def test_a_store_with_one_way_in_shows_no_other(qtbot: QtBot) -> None:
    world = WindowWorld(qtbot)
    assert not world.window.findChildren(OtherWays)


def test_the_ways_are_named_without_anything_of_a_case(world: WindowWorld) -> None:
    assert world.find(QWidget, "unlock.way.openpgp").accessibleDescription() == "Card, key …89AB 9F41"
    assert "\u202e" not in world.find(QWidget, "unlock.way.recovery").accessibleDescription()


@pytest.mark.parametrize(("kind", "secret"), [("openpgp", FromOpenPgp()), ("keychain", FromKeychain())])
def test_a_key_and_a_keychain_open_the_store_with_one_press(world: WindowWorld, kind: str, secret: object) -> None:
    world.click(f"unlock.way.{kind}")
    assert world.doors.secrets == [secret]
    assert world.window.workspace is not None


def test_a_recovery_code_is_asked_for_in_the_place_of_the_passphrase(world: WindowWorld) -> None:
    world.click("unlock.way.recovery")
    assert not world.sees("unlock.passphrase")
    fill(world, "unlock.code", "000GC 40R4Y")
    world.press("Return")
    assert world.doors.secrets == [RecoveryCode("000GC 40R4Y")]


def test_a_code_that_can_not_be_right_is_told_with_its_group_and_the_passphrase_is_one_press_away(
    world: WindowWorld,
) -> None:
    world.doors.problem = Rejected("recovery.group", group=3)
    world.click("unlock.way.recovery")
    fill(world, "unlock.code", "000GC")
    world.click("unlock.unlock")
    assert "Group 3" in world.find(QWidget, "unlock.problem").accessibleName()
    world.click("unlock.noCode")
    assert world.sees("unlock.passphrase")
    assert not world.sees("unlock.problem")


def test_after_the_lock_no_code_is_left_and_the_passphrase_is_asked_for(world: WindowWorld) -> None:
    world.click("unlock.way.recovery")
    fill(world, "unlock.code", "000GC")
    world.click("unlock.unlock")
    world.window.lock()
    assert world.sees("unlock.passphrase")
    assert "000GC" not in "".join(edit.text() for edit in world.window.findChildren(QLineEdit))


def test_an_older_copy_is_opened_only_after_the_person_was_told(world: WindowWorld) -> None:
    world.doors.problem = Environment("store.rolled-back", events=1203, seen=1240)
    world.interaction.agrees = False
    world.type("unlock.passphrase", PASSPHRASE)
    world.press("Return")
    asked = world.interaction.asked[-1]
    assert (asked.risky, "1,203" in asked.body, "1,240" in asked.body) == (True, True, True)
    assert world.window.workspace is None
    world.interaction.agrees = True
    world.press("Return")
    assert world.window.workspace is not None


def test_a_damaged_store_offers_a_backup_and_a_rescue(world: WindowWorld) -> None:
    world.doors.problem = Environment("store.damaged")
    world.type("unlock.passphrase", PASSPHRASE)
    world.press("Return")
    assert "can't be opened" in world.find(QWidget, "unlock.problem").accessibleName()
    world.click("unlock.damage.rescue")
    assert world.find(QLineEdit, "rescue.file").text() == FOLDER
    assert world.find(QLineEdit, "rescue.folder").text() == "/home/ada/Private/aster-rescued.holdfast"


def test_a_backup_is_chosen_and_restored_into_a_new_folder(world: WindowWorld) -> None:
    world.click("unlock.restore")
    world.interaction.paths = [Path("/media/ada/aster-20261124T133200Z.holdfast-backup")]
    world.click("restore.file.choose")
    world.interaction.paths = [Path("/home/ada/Private")]
    world.click("restore.folder.choose")
    assert world.find(QLineEdit, "restore.folder").text() == "/home/ada/Private/aster-restored.holdfast"
    fill(world, "restore.secret.passphrase", "wrong")
    world.click("restore.act")
    assert world.find(PlainLabel, "restore.secret.note").text() != ""
    fill(world, "restore.secret.passphrase", PASSPHRASE)
    world.click("restore.act")
    (wanted,) = world.doors.asked_again
    assert (wanted.how, wanted.folder) == ("restore", "/home/ada/Private/aster-restored.holdfast")
    assert world.window.workspace is not None


def test_a_restore_says_how_far_it_is_and_can_be_cancelled(world: WindowWorld) -> None:
    world.click("unlock.restore")
    fill(world, "restore.file", "/media/ada/aster.holdfast-backup")
    fill(world, "restore.secret.passphrase", PASSPHRASE)
    world.runner.held = True
    world.click("restore.act")
    assert world.sees("restore.progress")
    world.click("restore.progress.cancel")
    world.runner.release()
    assert world.window.workspace is None
    assert not world.sees("restore.progress")


def test_what_stands_in_the_way_of_a_restore_is_told_on_its_form(world: WindowWorld) -> None:
    world.doors.problem = Environment("disk.full")
    world.click("unlock.restore")
    fill(world, "restore.file", "/media/ada/aster.holdfast-backup")
    fill(world, "restore.secret.passphrase", PASSPHRASE)
    world.click("restore.act")
    assert "full" in world.find(QWidget, "restore.problem").accessibleName()
    world.click("restore.back")
    assert world.find(QLineEdit, "unlock.passphrase").text() == ""


def test_a_rescue_without_a_passphrase_asks_for_one_of_the_new_store(world: WindowWorld) -> None:
    world.doors.problem = Environment("store.damaged")
    world.type("unlock.passphrase", PASSPHRASE)
    world.press("Return")
    world.doors.problem = None
    world.click("unlock.damage.rescue")
    assert not world.sees("rescue.new.passphrase")
    kind = world.find(QComboBox, "rescue.secret.kind")
    kind.setCurrentIndex(kind.findData("recovery"))
    fill(world, "rescue.secret.code", "000GC")
    world.click("rescue.act")
    assert world.find(PlainLabel, "rescue.new.strength").text() != ""
    kind.setCurrentIndex(kind.findData("passphrase"))
    fill(world, "rescue.secret.passphrase", PASSPHRASE)
    world.click("rescue.act")
    (wanted,) = world.doors.asked_again
    assert (wanted.how, wanted.passphrase) == ("rescue", PASSPHRASE)
