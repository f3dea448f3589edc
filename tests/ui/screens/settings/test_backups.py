"""Settings, backups: what is chosen holds at once, what is going on can be stopped, and every end is said in words."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from app.domain.commands.team_commands import ChangeSetting
from app.domain.errors import Environment
from app.presenters.target import Target
from tests.fakes_backups import FakeBackups, listed
from tests.fakes_session import NOON
from tests.fakes_ways import PROOF
from tests.window_world import WindowWorld
from ui.widgets.plain_label import PlainLabel

FOLDER = "/media/ada/backups"


class Scene(WindowWorld):
    """The settings with the backups in front."""

    def __init__(self, qtbot: QtBot, *, folder: str = FOLDER) -> None:
        super().__init__(qtbot)
        if folder:
            self.session.desk.perform(None, ChangeSetting(key="backup.folder", value=folder))
        self.unlocked()
        self.open()

    def open(self) -> None:
        self.workspace.navigate(Target(page="settings", tab="backups"))
        QApplication.processEvents()

    @property
    def backups(self) -> FakeBackups:
        return self.session.fake_backups

    @override
    def click(self, name: str) -> None:
        super().click(name)
        QApplication.processEvents()

    def banner(self, name: str) -> str:
        return self.find(QWidget, name).accessibleName()

    def setting(self, key: str) -> str:
        return self.session.store.team().setting(key)


@pytest.fixture
def scene(qtbot: QtBot) -> Scene:
    return Scene(qtbot)


def test_a_store_without_a_backup_says_what_that_means(scene: Scene) -> None:
    assert "No backup yet" in scene.banner("backups.last")
    assert "broken disk" in scene.banner("backups.last")


def test_a_backup_is_made_and_the_end_is_said_in_words(scene: Scene) -> None:
    scene.click("backups.now")
    assert "1,234 events" in scene.banner("backups.result")
    assert "Last good backup" in scene.banner("backups.last")
    assert scene.sees("backups.row.aster-20261124T133200Z.holdfast-backup")


def test_while_it_works_it_says_what_it_does_and_can_be_stopped(scene: Scene) -> None:
    scene.runner.held = True
    scene.click("backups.now")
    assert not scene.find(QAbstractButton, "backups.now").isEnabled()
    assert "Copying" in scene.find(QWidget, "backups.progress").accessibleName()
    assert QApplication.focusWidget() is scene.find(QWidget, "backups.progress.cancel")
    scene.click("backups.progress.cancel")
    scene.runner.held = False
    scene.runner.release()
    assert not scene.sees("backups.progress")
    assert scene.backups.copies == []


def test_what_goes_wrong_is_told_in_the_words_of_its_error(scene: Scene) -> None:
    scene.backups.problem = Environment("disk.full")
    scene.click("backups.now")
    assert "No good backup came of it" in scene.banner("backups.result")
    assert "full" in scene.banner("backups.result")


def test_without_a_folder_it_asks_for_one(qtbot: QtBot) -> None:
    scene = Scene(qtbot, folder="")
    scene.click("backups.now")
    assert scene.find(PlainLabel, "backups.folder.note").text() != ""
    scene.interaction.paths = [Path("/media/ada/other")]
    scene.click("backups.folder.choose")
    assert scene.setting("backup.folder") == "/media/ada/other"


def test_a_folder_is_typed_and_taken_on_with_its_button(scene: Scene) -> None:
    field = scene.find(QLineEdit, "backups.folder")
    field.clear()
    QTest.keyClicks(field, "relative")
    scene.click("backups.useFolder")
    assert scene.setting("backup.folder") == FOLDER
    assert scene.find(PlainLabel, "backups.folder.note").text() != ""
    field.clear()
    QTest.keyClicks(field, "/srv/safe")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert scene.setting("backup.folder") == "/srv/safe"


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("backups.every-hours", "backup.every-hours", 0),
        ("backups.keep-daily", "backup.keep-daily", 14),
        ("backups.keep-weekly", "backup.keep-weekly", 8),
        ("backups.keep-monthly", "backup.keep-monthly", 24),
        ("backups.warn-days", "backup.warn-days", 2),
    ],
)
def test_every_choice_is_kept_in_the_store_on_record(scene: Scene, name: str, key: str, value: int) -> None:
    combo = scene.find(QComboBox, name)
    combo.setCurrentIndex(combo.findData(value))
    assert scene.setting(key) == str(value)


def test_a_value_that_is_not_on_the_list_is_shown_all_the_same(scene: Scene) -> None:
    scene.session.desk.perform(None, ChangeSetting(key="backup.keep-daily", value="5"))
    scene.open()
    assert scene.find(QComboBox, "backups.keep-daily").currentText() == "5 days"


def test_a_restore_is_tried_with_a_secret_and_the_result_is_said(scene: Scene) -> None:
    scene.backups.rows = [listed("aster.holdfast-backup", NOON - timedelta(days=1), folder=FOLDER)]
    scene.open()
    scene.click("backups.try.aster.holdfast-backup")
    QTest.keyClicks(scene.find(QLineEdit, "backups.drill.proof.passphrase"), PROOF)
    scene.click("backups.drill.act")
    assert scene.backups.drilled == [(Path(FOLDER) / "aster.holdfast-backup", PROOF)]
    assert "all 1,234 events are there" in scene.banner("backups.result")
    scene.backups.drill_problem = "backup.damaged"
    scene.click("backups.try.aster.holdfast-backup")
    QTest.keyClicks(scene.find(QLineEdit, "backups.drill.proof.passphrase"), PROOF)
    scene.click("backups.drill.act")
    assert "does not hold" in scene.banner("backups.result")


def test_a_file_that_is_no_backup_of_this_store_says_so_and_can_not_be_tried(scene: Scene) -> None:
    scene.backups.rows = [listed("<b>other\u202e</b>", NOON, problem="backup.other-store")]
    scene.open()
    row = next(w for w in scene.window.findChildren(QWidget) if w.objectName().startswith("backups.row."))
    assert "\u202e" not in row.accessibleName()
    assert not any(b.objectName().startswith("backups.try") for b in row.findChildren(QAbstractButton))


def test_a_folder_that_is_gone_is_told_where_its_files_would_stand(scene: Scene) -> None:
    scene.backups.list_problem = Environment("file.missing", file="backups")
    scene.open()
    words = [str(w.accessibleName()) for w in scene.window.findChildren(QWidget) if w.isVisible()]
    assert any("backups" in text and "not" in text for text in words)


def test_a_backup_goes_on_when_another_page_is_looked_at(scene: Scene) -> None:
    scene.runner.held = True
    scene.click("backups.now")
    scene.workspace.navigate(Target(page="audit"))
    scene.runner.held = False
    scene.runner.release()
    assert len(scene.backups.rows) == 1


def test_the_desk_warns_with_the_one_act_that_mends_it(qtbot: QtBot) -> None:
    scene = Scene(qtbot, folder="")
    scene.workspace.navigate(Target(page="cases"))
    scene.workspace.navigate(Target(page="desk"))
    page = scene.window.findChild(QWidget, "desk")
    assert page is not None
    banner = page.findChild(QWidget, "desk.backup")
    assert banner is not None
    assert "no folder" in banner.accessibleName()
