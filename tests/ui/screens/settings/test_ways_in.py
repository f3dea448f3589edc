"""Settings, ways in: nothing changes without a secret, a code is typed back, and no dialog keeps what was in it."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from app.desk.ports.keys import PgpKey
from app.domain.errors import Environment
from app.machine.files import DiskFiles
from app.presenters.target import Target
from tests.fakes_ways import FINGERPRINT, PROOF, FakeKeys
from tests.window_world import WindowWorld
from ui.screens.settings.act_dialog import ActDialog
from ui.screens.settings.recovery_dialog import RecoveryDialog
from ui.screens.settings.ways_in import WaysInSettings
from ui.widgets.plain_label import PlainLabel

# A menu that opens where there is no window manager says so.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
NEW = "velvet marble cedar falcon"


class Scene(WindowWorld):
    """The settings with the ways in in front."""

    def __init__(self, qtbot: QtBot) -> None:
        super().__init__(qtbot)
        self.unlocked()
        self.workspace.navigate(Target(page="settings", tab="ways-in"))
        QApplication.processEvents()

    @override
    def click(self, name: str) -> None:
        super().click(name)
        # What was put on the page just now is shown with the next events.
        QApplication.processEvents()

    def anew(self) -> None:
        """Read the ways again."""
        self.part.start()
        QApplication.processEvents()

    @property
    def keys(self) -> FakeKeys:
        return self.session.fake_keys

    @property
    def part(self) -> WaysInSettings:
        return self.find(WaysInSettings, "settings.ways-in")

    def menu(self, opener: str, entry: str) -> None:
        """Choose an entry of a menu."""
        self.click(opener)
        menus = [m for m in self.window.findChildren(QMenu) if m.isVisible()]
        action = next(a for a in menus[-1].actions() if a.objectName() == entry)
        menus[-1].close()
        action.trigger()
        QApplication.processEvents()

    def fill(self, name: str, text: str) -> None:
        field = self.find(QLineEdit, name)
        field.clear()
        QTest.keyClicks(field, text)

    def labels(self) -> list[str]:
        return [row.label for row in self.keys.rows]

    def says(self, name: str) -> str:
        return self.find(PlainLabel, name).text()


@pytest.fixture
def scene(qtbot: QtBot) -> Scene:
    return Scene(qtbot)


def test_a_store_without_a_recovery_code_says_so_with_the_act_that_mends_it(scene: Scene) -> None:
    assert "no recovery code" in scene.find(QWidget, "ways.advice").accessibleName()
    primaries = [b for b in scene.part.findChildren(QAbstractButton) if b.property("kind") == "primary"]
    assert [b.objectName() for b in primaries if b.isVisible()] == ["ways.makeRecovery"]


def test_a_passphrase_is_added_with_a_secret_and_typed_twice(scene: Scene) -> None:
    scene.menu("ways.add", "ways.add.passphrase")
    act = scene.find(QAbstractButton, "ways.addPassphrase.act")
    scene.fill("ways.addPassphrase.label", "Noor")
    scene.fill("ways.addPassphrase.passphrase", NEW)
    scene.fill("ways.addPassphrase.again", NEW)
    assert not act.isEnabled()
    scene.fill("ways.addPassphrase.proof.passphrase", PROOF)
    scene.click("ways.addPassphrase.act")
    assert scene.labels() == ["Passphrase", "Noor"]
    assert scene.keys.secrets["2"] == NEW
    assert scene.sees("ways.row.2")


def test_a_wrong_secret_is_told_beside_its_field_and_changes_nothing(scene: Scene) -> None:
    scene.click("ways.makeRecovery")
    scene.fill("ways.addRecovery.proof.passphrase", "wrong")
    scene.click("ways.addRecovery.act")
    assert "does not open this store" in scene.says("ways.addRecovery.proof.note")
    assert scene.keys.shown == ""


def make_code(scene: Scene) -> RecoveryDialog:
    scene.click("ways.makeRecovery")
    scene.fill("ways.addRecovery.proof.passphrase", PROOF)
    scene.click("ways.addRecovery.act")
    return scene.find(RecoveryDialog, "recovery")


def test_a_code_is_shown_once_typed_back_and_then_opens_the_store(scene: Scene) -> None:
    make_code(scene)
    code = scene.keys.shown
    assert [scene.says(f"recovery.group.{n}") for n in range(1, 9)] == code.split("-")
    scene.click("recovery.act")
    assert not scene.sees("recovery.group.1")
    scene.fill("recovery.code", code.casefold().replace("-", " "))
    scene.click("recovery.act")
    assert [row.kind for row in scene.keys.rows] == ["passphrase", "recovery"]
    assert not scene.sees("ways.advice")


def test_a_group_that_was_typed_wrong_is_named_and_the_code_opens_nothing(scene: Scene) -> None:
    make_code(scene)
    scene.click("recovery.act")
    groups = scene.keys.shown.split("-")
    groups[2] = groups[3]
    scene.fill("recovery.code", "-".join(groups))
    scene.click("recovery.act")
    assert "Group 3" in scene.says("recovery.code.note")
    assert len(scene.keys.rows) == 1
    scene.click("recovery.back")
    assert scene.sees("recovery.group.1")
    scene.click("recovery.safe")
    assert scene.keys.shown == ""


def test_closing_the_sheet_leaves_the_code_in_no_widget_and_on_no_clipboard(scene: Scene) -> None:
    dialog = make_code(scene)
    code, group = scene.keys.shown, scene.keys.shown.split("-")[1]
    QTest.keySequence(dialog, "Ctrl+C")
    scene.click("recovery.act")
    scene.fill("recovery.code", code)
    field = scene.find(QLineEdit, "recovery.code")
    field.selectAll()
    QTest.keySequence(field, "Ctrl+C")
    QTest.keySequence(field, "Ctrl+X")
    assert field.text() == code
    assert group not in QGuiApplication.clipboard().text()
    dialog.reject()
    texts = [str(w.property("text") or "") + w.accessibleName() for w in scene.window.findChildren(QWidget)]
    assert not any(group in text for text in texts)


def test_the_sheet_is_saved_only_after_a_warning_and_for_its_owner_alone(scene: Scene, tmp_path: Path) -> None:
    scene.session.files = DiskFiles()
    scene.interaction.paths = [tmp_path / "sheet"]
    scene.interaction.agrees = False
    make_code(scene)
    scene.click("recovery.save")
    assert list(tmp_path.iterdir()) == []
    scene.interaction.agrees = True
    scene.click("recovery.save")
    (file,) = tmp_path.iterdir()
    assert file.name == "sheet.pdf"
    assert file.read_bytes().startswith(b"%PDF-")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "opens the store" in scene.interaction.asked[-1].title


def test_printing_paints_the_sheet_on_the_printer_that_was_chosen(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from PySide6.QtPrintSupport import QPrinter

    printed: list[bool] = []

    def choose(_parent: QWidget, paint: Any, _failed: Any) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(tmp_path / "printed.pdf"))
        printed.append(paint(printer))

    monkeypatch.setattr("ui.kit.printing.open_print_dialog", choose)
    make_code(scene)
    scene.click("recovery.print")
    assert printed == [True]
    assert (tmp_path / "printed.pdf").read_bytes().startswith(b"%PDF-")


def test_a_way_is_tested_and_says_when(scene: Scene) -> None:
    scene.click("ways.test.1")
    scene.fill("ways.test.proof.passphrase", "wrong")
    scene.click("ways.test.act")
    assert scene.says("ways.test.proof.note") != ""
    scene.fill("ways.test.proof.passphrase", PROOF)
    scene.click("ways.test.act")
    assert "tested" in scene.find(QWidget, "ways.row.1").accessibleName()


def test_a_way_is_renamed_changed_and_revoked(scene: Scene) -> None:
    scene.keys.add_passphrase(PROOF, NEW, "Noor")
    scene.anew()
    scene.menu("ways.more.2", "ways.menu.rename")
    scene.fill("ways.rename.label", "Noor N.")
    scene.click("ways.rename.act")
    assert scene.labels() == ["Passphrase", "Noor N."]
    scene.menu("ways.more.2", "ways.menu.change")
    scene.fill("ways.change.proof.passphrase", NEW)
    scene.fill("ways.change.passphrase", "cedar falcon orbit kelp")
    scene.fill("ways.change.again", "cedar falcon orbit kelp")
    scene.click("ways.change.act")
    assert scene.keys.secrets["2"] == "cedar falcon orbit kelp"
    scene.menu("ways.more.2", "ways.menu.revoke")
    scene.fill("ways.revoke.proof.passphrase", PROOF)
    scene.click("ways.revoke.act")
    assert scene.labels() == ["Passphrase"]


def test_the_last_way_in_can_not_be_revoked_and_the_words_say_why(scene: Scene) -> None:
    scene.menu("ways.more.1", "ways.menu.revoke")
    scene.fill("ways.revoke.proof.passphrase", PROOF)
    scene.click("ways.revoke.act")
    assert "last way" in scene.find(QWidget, "ways.revoke.problem").accessibleName()
    assert scene.labels() == ["Passphrase"]


def test_an_openpgp_key_is_chosen_from_those_of_the_person(scene: Scene) -> None:
    scene.keys.pgp = (
        PgpKey(fingerprint=FINGERPRINT, name="Ada <b>Example</b>", is_card=True),
        PgpKey(fingerprint="B" * 40, name="signs only", can_encrypt=False),
    )
    scene.menu("ways.add", "ways.add.openpgp")
    keys = scene.find(QComboBox, "ways.addOpenPgp.key")
    assert [keys.itemData(i) for i in range(keys.count())] == [FINGERPRINT]
    assert "on a card" in keys.itemText(0)
    scene.fill("ways.addOpenPgp.proof.passphrase", PROOF)
    scene.click("ways.addOpenPgp.act")
    assert scene.keys.rows[-1].fingerprint == FINGERPRINT


def test_without_an_openpgp_key_it_says_so_and_adds_nothing(scene: Scene) -> None:
    scene.menu("ways.add", "ways.add.openpgp")
    scene.fill("ways.addOpenPgp.proof.passphrase", PROOF)
    assert not scene.find(QAbstractButton, "ways.addOpenPgp.act").isEnabled()
    scene.press("Escape")
    scene.keys.problem = Environment("openpgp.missing")
    scene.menu("ways.add", "ways.add.openpgp")
    assert scene.find(QWidget, "ways.addOpenPgp.problem").accessibleName() != ""


def test_a_machine_without_a_keychain_says_so_in_the_menu(scene: Scene) -> None:
    scene.click("ways.add")
    menu = scene.find(QMenu, "ways.addMenu")
    entry = next(a for a in menu.actions() if a.objectName() == "ways.add.keychain")
    assert not entry.isEnabled()
    assert "none" in entry.text()
    menu.close()


def test_the_keychain_is_added_after_its_risk_was_read(scene: Scene) -> None:
    scene.keys.keychain = "Secret Service"
    scene.anew()
    scene.menu("ways.add", "ways.add.keychain")
    assert "without a passphrase" in scene.find(ActDialog, "ways.addKeychain").accessibleDescription()
    scene.fill("ways.addKeychain.proof.passphrase", PROOF)
    scene.click("ways.addKeychain.act")
    assert [row.kind for row in scene.keys.rows] == ["passphrase", "keychain"]


def test_the_store_key_is_replaced_with_a_backup_first(scene: Scene, tmp_path: Path) -> None:
    scene.click("ways.rekey.open")
    scene.fill("ways.rekey.folder", "relative")
    scene.fill("ways.rekey.proof.passphrase", PROOF)
    assert not scene.find(QAbstractButton, "ways.rekey.act").isEnabled()
    scene.fill("ways.rekey.folder", str(tmp_path))
    scene.click("ways.rekey.act")
    assert scene.keys.rekeyed == [tmp_path]
    assert not scene.sees("ways.rekey")


def test_replacing_the_key_can_be_stopped_while_it_waits(scene: Scene, tmp_path: Path) -> None:
    scene.click("ways.rekey.open")
    scene.fill("ways.rekey.folder", str(tmp_path))
    scene.fill("ways.rekey.proof.passphrase", PROOF)
    scene.runner.held = True
    scene.click("ways.rekey.act")
    assert scene.sees("ways.rekey.progress")
    scene.click("ways.rekey.progress.cancel")
    scene.runner.held = False
    scene.runner.release()
    assert scene.keys.rekeyed == []
    assert "Stopped" in scene.find(QWidget, "ways.rekey.problem").accessibleName()


def test_what_goes_wrong_with_the_new_key_is_told_in_the_dialog(scene: Scene, tmp_path: Path) -> None:
    scene.keys.problem = Environment("disk.full")
    scene.click("ways.rekey.open")
    scene.fill("ways.rekey.folder", str(tmp_path))
    scene.fill("ways.rekey.proof.passphrase", PROOF)
    scene.click("ways.rekey.act")
    assert "full" in scene.find(QWidget, "ways.rekey.problem").accessibleName()


def test_escape_closes_a_dialog_and_empties_its_secrets(scene: Scene) -> None:
    scene.click("ways.makeRecovery")
    field = scene.find(QLineEdit, "ways.addRecovery.proof.passphrase")
    QTest.keyClicks(field, PROOF)
    dialog = scene.find(ActDialog, "ways.addRecovery")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert field.text() == ""
    assert not scene.sees("ways.addRecovery")


def test_a_label_from_outside_is_plain_text_and_bounded(scene: Scene) -> None:
    scene.keys.add_passphrase(PROOF, NEW, "<img src=file:///etc/passwd>\u202e" + "W" * 200)
    scene.anew()
    shown = scene.find(QWidget, "ways.row.2").accessibleName()
    assert "\u202e" not in shown
    assert len(shown) < 200


def test_the_page_is_worked_by_keyboard_and_named_for_readers(scene: Scene) -> None:
    scene.focus("ways.add")
    for button in scene.part.findChildren(QAbstractButton):
        if button.isVisible():
            assert button.accessibleName(), button.objectName()
            assert button.focusPolicy() & Qt.FocusPolicy.TabFocus, button.objectName()


def test_the_sheet_holds_a_code_that_a_scanner_reads_as_shown(scene: Scene) -> None:
    from app.presenters.qr import matrix
    from ui.kit.recovery_sheet import HEIGHT, WIDTH, RecoverySheet, SheetFacts

    rows = matrix("000GC-40R4Y")
    assert len({len(row) for row in rows}) == 1
    sheet = RecoverySheet(SheetFacts("Aster\u202e<b>", "Sheet", "today", ("000GC", "40R4Y")))
    image = QImage(WIDTH // 4, HEIGHT // 4, QImage.Format.Format_RGB32)
    from PySide6.QtGui import QPainter

    painter = QPainter(image)
    painter.scale(0.25, 0.25)
    sheet.paint(painter)
    painter.end()
    dark = sum(image.pixelColor(x, 232).lightness() < 80 for x in range(image.width()))
    assert dark > 0
    assert QByteArray(sheet.pdf()).startsWith(b"%PDF-")
