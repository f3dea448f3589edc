"""Fields: label, helper, error in words and outline, locked facts, and secrets."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from ui.kit.theme import apply_theme
from ui.widgets.combo import Combo
from ui.widgets.field import Field, FieldSize, LineEdit, TextArea
from ui.widgets.secret_field import SecretField


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> None:
    apply_theme(qapp, "light")


def test_a_label_names_its_control_and_passes_on_the_focus(qtbot: QtBot) -> None:
    field = Field("Title", LineEdit(), helper="Short.", object_name="case.title")
    qtbot.addWidget(field)
    assert field.control.accessibleName() == "Title"
    assert field.control.accessibleDescription() == "Short."
    assert field.control.objectName() == "case.title"
    assert field.label.buddy() is field.control


def test_an_error_takes_the_helpers_place_and_gives_it_back(qtbot: QtBot) -> None:
    field = Field("CVE", LineEdit(mono=True), helper="As assigned.")
    qtbot.addWidget(field)
    field.show()
    field.set_error("Write it like CVE-2099-10041.")
    assert field.error == "Write it like CVE-2099-10041."
    assert field.control.accessibleDescription() == "Write it like CVE-2099-10041."
    red = field.control.grab().toImage().pixelColor(60, 0).name()
    field.set_error("")
    assert field.error == ""
    assert field.note.text() == "As assigned."
    assert red == "#b3161f"
    assert field.control.grab().toImage().pixelColor(60, 0).name() == "#76808d"


@pytest.mark.parametrize("control", [TextArea, Combo])
def test_every_kind_of_control_can_be_wrong(qtbot: QtBot, control: type[TextArea] | type[Combo]) -> None:
    field = Field("Reason", control())
    qtbot.addWidget(field)
    field.set_error("Say why.")
    assert field.control.property("problem") is True
    assert field.error == "Say why."


def test_the_three_sizes_have_the_heights_of_the_look(qtbot: QtBot) -> None:
    heights = {}
    sizes: tuple[FieldSize, ...] = ("row", "normal", "large")
    for size in sizes:
        edit = LineEdit(size=size)
        qtbot.addWidget(edit)
        edit.show()
        heights[size] = edit.sizeHint().height()
    assert heights == {"row": 28, "normal": 32, "large": 42}


def test_focus_and_error_do_not_move_anything(qtbot: QtBot) -> None:
    edit = LineEdit()
    qtbot.addWidget(edit)
    edit.setText("words")
    edit.show()
    before = (edit.sizeHint(), edit.cursorRect())
    edit.setFocus()
    qtbot.waitUntil(edit.hasFocus)
    assert edit.sizeHint() == before[0]
    edit.set_problem(wrong=True)
    assert edit.sizeHint() == before[0]


def test_a_locked_fact_can_be_read_and_not_changed(qtbot: QtBot) -> None:
    edit = LineEdit()
    qtbot.addWidget(edit)
    edit.setText("node-core, version 2")
    edit.set_locked(locked=True)
    qtbot.keyClicks(edit, "x")
    assert edit.text() == "node-core, version 2"


def test_tab_leaves_a_text_area(qtbot: QtBot) -> None:
    area = TextArea()
    qtbot.addWidget(area)
    assert area.tabChangesFocus()
    assert area.sizeHint().height() > 50


def test_a_secret_is_hidden_until_asked_for(qtbot: QtBot) -> None:
    secret = SecretField(hint="Opening takes a second.")
    qtbot.addWidget(secret)
    secret.show()
    secret.name("unlock.passphrase", "Passphrase")
    qtbot.keyClicks(secret.edit, "kelp")
    assert secret.edit.echoMode() == QLineEdit.EchoMode.Password
    qtbot.mouseClick(secret.reveal, Qt.MouseButton.LeftButton)
    assert secret.edit.echoMode() == QLineEdit.EchoMode.Normal
    assert secret.reveal.text() == "Hide"
    secret.clear()
    assert secret.text() == ""
    assert secret.edit.echoMode() == QLineEdit.EchoMode.Password
    assert secret.reveal.objectName() == "unlock.passphrase.reveal"


def test_caps_lock_is_told_from_the_letters_typed(qtbot: QtBot) -> None:
    secret = SecretField(hint="Opening takes a second.")
    qtbot.addWidget(secret)
    qtbot.keyClick(secret.edit, "A")
    assert secret.note.text() == "Caps Lock is on."
    qtbot.keyClick(secret.edit, "a")
    assert secret.note.text() == "Opening takes a second."
    qtbot.keyClick(secret.edit, "A", Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(secret.edit, "7")
    assert secret.note.text() == "Opening takes a second."


def test_return_in_a_secret_is_told(qtbot: QtBot) -> None:
    secret = SecretField()
    qtbot.addWidget(secret)
    with qtbot.waitSignal(secret.returnPressed):
        qtbot.keyClick(secret.edit, Qt.Key.Key_Return)
