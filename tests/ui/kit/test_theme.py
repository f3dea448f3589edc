"""The look in force: light, dark and system, text size, and everything following at once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontInfo, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from ui.kit.fonts import FACES, make_fonts
from ui.kit.style_sheet import style_sheet
from ui.kit.theme import ThemeHub, apply_theme, hub, theme
from ui.kit.tokens import make_tokens


@pytest.fixture
def looks(qapp: QApplication) -> ThemeHub:
    return apply_theme(qapp, "light", 1.0)


def test_there_is_one_hub_per_application(qapp: QApplication, looks: ThemeHub) -> None:
    assert apply_theme(qapp, "light") is looks
    assert hub() is looks
    assert len(qapp.findChildren(ThemeHub)) == 1


def test_a_change_is_announced_after_the_palette_has_changed(qapp: QApplication, looks: ThemeHub, qtbot: QtBot) -> None:
    with qtbot.waitSignal(looks.changed):
        looks.set_look("dark", 1.0)
    assert theme().dark
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == "#14171b"
    assert qapp.palette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text).name() == "#97a2ae"
    looks.set_look("light", 1.0)
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == "#f5f6f8"


def test_text_size_scales_fonts_and_measures_and_is_held_within_bounds(looks: ThemeHub) -> None:
    looks.set_look("light", 1.5)
    assert theme().font("body").pixelSize() == 20
    assert theme().px(34) == 51
    looks.set_look("light", 9.0)
    assert theme().scale == 1.5
    looks.set_look("light", 0.1)
    assert theme().scale == 0.9
    looks.set_look("light", 1.0)


def test_nothing_is_set_smaller_than_eleven_pixels() -> None:
    assert min(font.pixelSize() for font in make_fonts(0.9).fonts.values()) == 11


def test_the_bundled_faces_are_the_ones_in_use(looks: ThemeHub) -> None:
    assert QFontInfo(theme().font("body")).family() == "Inter"
    assert QFontInfo(theme().font("strong")).weight() == 600
    assert QFontInfo(theme().font("body-medium")).weight() == 500
    assert QFontInfo(theme().font("mono")).family() == "JetBrains Mono"
    assert len(FACES) == 4


def test_digits_have_one_width(looks: ThemeHub) -> None:
    metrics = theme().metric("body")
    assert metrics.horizontalAdvance("1111") == pytest.approx(metrics.horizontalAdvance("8888"))


def test_the_light_look_stays_when_the_system_turns_dark_unless_it_is_followed(looks: ThemeHub) -> None:
    QGuiApplication.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert not theme().dark


def test_the_sheet_is_short_and_both_looks_fill_it_completely() -> None:
    for dark in (False, True):
        sheet = style_sheet(make_tokens(dark=dark), round)
        assert sheet.count("\n") < 150
        assert "$" not in sheet
        assert "url(" not in sheet


def test_a_field_does_not_jump_when_it_gets_the_focus(looks: ThemeHub, qtbot: QtBot) -> None:
    edit = QLineEdit()
    qtbot.addWidget(edit)
    edit.show()
    before = edit.sizeHint()
    edit.setFocus()
    qtbot.waitUntil(edit.hasFocus)
    assert edit.sizeHint() == before
    assert before.height() == 32
