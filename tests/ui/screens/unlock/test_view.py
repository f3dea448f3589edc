"""The unlock page: opening, a new store, made-up cases, and every failure in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.domain.errors import Environment
from app.presenters.settings import LAST_STORE, REMEMBER_STORE
from tests.window_world import FOLDER, PASSPHRASE, WindowWorld
from ui.kit.theme import apply_theme
from ui.widgets.plain_label import PlainLabel

# A menu that opens where there is no window manager says so.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def world(qtbot: QtBot) -> WindowWorld:
    return WindowWorld(qtbot)


def says(world: WindowWorld, name: str) -> str:
    return world.find(PlainLabel, name).text()


def test_it_names_the_store_by_its_folder_and_waits_in_the_passphrase(world: WindowWorld) -> None:
    assert says(world, "unlock.store") == "aster"
    assert says(world, "unlock.folder") == FOLDER
    assert QApplication.focusWidget() is world.find(QLineEdit, "unlock.passphrase")
    assert not world.sees("unlock.firstNew")


def test_enter_opens_the_store(world: WindowWorld) -> None:
    world.type("unlock.passphrase", PASSPHRASE)
    world.press("Return")
    assert world.window.workspace is not None


def test_the_passphrase_is_hidden_until_asked(world: WindowWorld) -> None:
    field = world.find(QLineEdit, "unlock.passphrase")
    assert field.echoMode() == QLineEdit.EchoMode.Password
    world.click("unlock.passphrase.reveal")
    assert field.echoMode() == QLineEdit.EchoMode.Normal


def test_without_a_passphrase_it_asks_for_one(world: WindowWorld) -> None:
    world.click("unlock.unlock")
    assert "No passphrase yet" in world.find(QWidget, "unlock.problem").accessibleName()


def test_a_damaged_store_is_another_message_than_a_wrong_passphrase(world: WindowWorld) -> None:
    world.type("unlock.passphrase", "wrong")
    world.press("Return")
    wrong = world.find(QWidget, "unlock.problem").accessibleName()
    world.doors.problem = Environment("store.slots-damaged")
    world.type("unlock.passphrase", PASSPHRASE)
    world.press("Return")
    damaged = world.find(QWidget, "unlock.problem").accessibleName()
    assert "not its passphrase" in wrong
    assert damaged != wrong
    assert world.find(QLineEdit, "unlock.passphrase").text() == PASSPHRASE


def test_typing_again_takes_the_message_away(world: WindowWorld) -> None:
    world.type("unlock.passphrase", "wrong")
    world.press("Return")
    world.type("unlock.passphrase", "k")
    assert not world.sees("unlock.problem")


def test_while_the_store_opens_nothing_can_be_pressed(world: WindowWorld) -> None:
    world.runner.held = True
    world.type("unlock.passphrase", PASSPHRASE)
    world.press("Return")
    button = world.find(QAbstractButton, "unlock.unlock")
    assert (button.text(), button.isEnabled()) == ("Opening", False)
    world.runner.release()
    assert world.window.workspace is not None


def test_the_store_is_remembered_only_if_ticked(world: WindowWorld) -> None:
    world.unlocked()
    assert world.file.values == {}
    world.window.lock()
    world.click("unlock.remember")
    world.unlocked()
    assert world.file.values == {REMEMBER_STORE.key: "yes", LAST_STORE.key: FOLDER}


def test_another_store_can_be_chosen_from_the_menu(world: WindowWorld) -> None:
    world.interaction.paths = [Path("/home/ada/other.holdfast")]
    world.click("unlock.changeStore")
    menu = world.window.findChild(QMenu, "unlock.storeMenu")
    assert menu is not None
    menu.actions()[0].trigger()
    menu.close()
    assert says(world, "unlock.store") == "other"


def test_without_a_store_it_offers_to_make_or_open_one(qtbot: QtBot) -> None:
    world = WindowWorld(qtbot, folder="")
    assert world.sees("unlock.firstNew")
    assert not world.sees("unlock.passphrase")
    assert QApplication.focusWidget() is world.find(QAbstractButton, "unlock.firstNew")
    world.interaction.paths = [Path(FOLDER)]
    world.click("unlock.firstOpen")
    assert says(world, "unlock.store") == "aster"


def test_made_up_cases_can_be_tried(world: WindowWorld) -> None:
    world.click("unlock.demo")
    assert world.window.workspace is not None


def test_making_the_demo_can_be_cancelled(world: WindowWorld) -> None:
    world.runner.held = True
    world.click("unlock.demo")
    world.click("unlock.progress.cancel")
    world.runner.release()
    assert world.window.workspace is None
    assert not world.sees("unlock.progress")


def fill(world: WindowWorld, **fields: str) -> None:
    for name, text in fields.items():
        field = world.find(QLineEdit, f"newStore.{name}")
        field.clear()
        QTest.keyClicks(field, text)


def test_a_new_store_is_made_from_the_form(world: WindowWorld) -> None:
    world.click("unlock.new")
    fill(world, name="Aster security", person="Ada Example", email="ada@example.org")
    assert world.find(QLineEdit, "newStore.folder").text().endswith("/aster-security.holdfast")
    fill(world, passphrase=PASSPHRASE, again=PASSPHRASE)
    world.click("newStore.create")
    (wanted,) = world.doors.created
    assert (wanted.name, wanted.person, wanted.policy, wanted.project) == (
        "Aster security",
        "Ada Example",
        "node-core",
        "aster",
    )
    assert world.window.workspace is not None


def test_what_is_wrong_with_a_new_store_stands_beside_the_field_that_gets_the_focus(world: WindowWorld) -> None:
    world.click("unlock.new")
    fill(world, name="Aster", passphrase=PASSPHRASE, again="something else")
    world.click("newStore.create")
    assert QApplication.focusWidget() is world.find(QLineEdit, "newStore.person")
    assert says(world, "newStore.person.note") != ""
    assert world.find(QLineEdit, "newStore.again").property("problem")
    assert world.doors.created == []
    fill(world, person="Ada", again=PASSPHRASE)
    world.click("newStore.create")
    assert len(world.doors.created) == 1


def test_the_strength_of_a_passphrase_is_said_in_words(world: WindowWorld) -> None:
    world.click("unlock.new")
    fill(world, passphrase="abc")
    assert "Too short" in says(world, "newStore.strength")
    fill(world, passphrase="kelp lantern orbit velvet marble cedar falcon")
    assert "Strong" in says(world, "newStore.strength")


def test_a_folder_that_was_typed_is_not_replaced_by_the_name(world: WindowWorld) -> None:
    world.click("unlock.new")
    fill(world, folder="/srv/mine.holdfast", name="Something else")
    assert world.find(QLineEdit, "newStore.folder").text() == "/srv/mine.holdfast"
    world.interaction.paths = [Path("/srv/desk")]
    world.click("newStore.chooseFolder")
    assert world.find(QLineEdit, "newStore.folder").text() == "/srv/desk/something-else.holdfast"


def test_leaving_the_form_empties_its_secrets(world: WindowWorld) -> None:
    world.click("unlock.new")
    fill(world, passphrase=PASSPHRASE, again=PASSPHRASE)
    world.click("newStore.back")
    world.click("unlock.new")
    assert world.find(QLineEdit, "newStore.passphrase").text() == ""


@pytest.mark.parametrize(("mode", "size", "scale"), [("dark", (1024, 680), 1.0), ("light", (1440, 900), 1.5)])
def test_it_paints_in_every_look_and_size(world: WindowWorld, mode: str, size: tuple[int, int], scale: float) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_theme(app, mode, scale)  # type: ignore[arg-type]
    world.window.resize(*size)
    world.click("unlock.new")
    picture = world.window.grab().toImage()
    assert picture.pixelColor(20, 600) != picture.pixelColor(picture.width() - 20, 600)
    apply_theme(app, "light", 1.0)


def test_tab_walks_through_the_form_from_the_passphrase_on(world: WindowWorld) -> None:
    walked = []
    for _ in range(5):
        focus = QApplication.focusWidget()
        assert focus is not None
        walked.append(focus.objectName())
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    assert walked == [
        "unlock.passphrase",
        "unlock.passphrase.reveal",
        "unlock.unlock",
        "unlock.remember",
        "unlock.new",
    ]
