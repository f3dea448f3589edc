"""Painted parts: state in words and shape, sizes of the look, recoloured with the theme."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.kit.paint import avatar_tone
from ui.kit.theme import apply_theme
from ui.kit.tokens import Severity
from ui.widgets.avatar import Avatar
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.chips import Chip, CountBadge, SeverityBars, SeverityChip, StageChip, StatusPill, TlpChip
from ui.widgets.due_row import DueGroup, DueRow, DueWords
from ui.widgets.empty_page import EmptyPage
from ui.widgets.key_cap import KeyCap
from ui.widgets.lines import HLine, VLine
from ui.widgets.progress_row import ProgressRow

SEVERITIES: tuple[Severity, ...] = ("unrated", "low", "medium", "high", "critical")


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> None:
    apply_theme(qapp, "light")


def painted(widget: QWidget, qtbot: QtBot) -> QImage:
    qtbot.addWidget(widget)
    widget.resize(widget.sizeHint())
    return widget.grab().toImage()


def count(image: QImage, name: str) -> int:
    colour = QColor(name).name()
    return sum(image.pixelColor(x, y).name() == colour for x in range(image.width()) for y in range(image.height()))


def test_severity_reads_without_colour_by_the_number_of_bars(qtbot: QtBot) -> None:
    inks = ["#596571", "#3f5b7a", "#745600", "#ac3f08", "#a3114f"]
    filled = [
        count(painted(SeverityBars(severity, severity), qtbot), ink)
        for severity, ink in zip(SEVERITIES, inks, strict=True)
    ]
    assert filled[0] == 0
    assert filled == sorted(set(filled))


def test_chips_have_the_heights_of_the_look(qtbot: QtBot) -> None:
    heights = {
        "chip": Chip("done", "done", icon="check-circle").sizeHint().height(),
        "severity": SeverityChip("high", "High").sizeHint().height(),
        "stage": StageChip("Fixing", 4).sizeHint().height(),
        "pill": StatusPill("affected", "Affected").sizeHint().height(),
        "tlp": TlpChip("RED").sizeHint().height(),
        "key": KeyCap("Ctrl K").sizeHint().height(),
    }
    assert heights == {"chip": 20, "severity": 20, "stage": 24, "pill": 22, "tlp": 20, "key": 18}


def test_what_is_painted_is_also_said(qtbot: QtBot) -> None:
    stage = StageChip("Fixing", 4)
    stage.set_stage("Ready", 5)
    tlp = TlpChip("RED")
    tlp.set_level("AMBER+STRICT")
    badge = CountBadge("5", "overdue", spoken="5 overdue")
    assert stage.accessibleName() == "Ready"
    assert tlp.accessibleName() == "TLP:AMBER+STRICT"
    assert badge.accessibleName() == "5 overdue"
    chip = Chip("late", "overdue")
    chip.set_state("done", "done", "check-circle")
    assert chip.words == "done"


def test_a_longer_word_makes_a_wider_chip_and_nothing_is_cut(qtbot: QtBot) -> None:
    assert Chip("Erledigt und geprüft", "done").sizeHint().width() > Chip("done", "done").sizeHint().width() + 50


def test_parts_recolour_with_the_theme(qapp: QApplication, qtbot: QtBot) -> None:
    chip = Chip("late", "overdue")
    light = painted(chip, qtbot)
    hub = apply_theme(qapp, "dark")
    dark = chip.grab().toImage()
    hub.set_look("light", 1.0)
    assert light.pixelColor(4, 4).name() == "#fce6e6"
    assert dark.pixelColor(4, 4).name() == "#3c1b1e"


def test_investigating_has_a_dashed_outline_on_the_surface(qtbot: QtBot) -> None:
    image = painted(StatusPill("investigating", "Investigating"), qtbot)
    row = [image.pixelColor(x, 0).name() for x in range(8, image.width() - 8)]
    assert "#8a4b00" in row
    assert len(set(row)) > 1
    assert image.pixelColor(6, 6).name() == "#ffffff"


def test_a_person_has_the_same_tone_everywhere(qtbot: QtBot) -> None:
    assert avatar_tone("ada") == avatar_tone("ada")
    assert len({avatar_tone(f"person {n}") for n in range(50)}) == 4
    face = Avatar("ada", "AE", "Ada Example")
    assert face.accessibleName() == "Ada Example"
    assert painted(face, qtbot).size() == QSize(24, 24)


def test_a_card_has_a_hairline_a_head_and_takes_actions(qtbot: QtBot) -> None:
    card = Card("In words", "Used by every export")
    action = Button("Add")
    card.add_action(action)
    qtbot.addWidget(card)
    card.resize(300, 160)
    card.show()
    image = card.grab().toImage()
    assert image.pixelColor(150, 0).name() == "#dde2e7"
    assert image.pixelColor(150, 100).name() == "#ffffff"
    assert card.head is not None
    assert action.isVisible()
    card.set_note("6 of 7")
    assert card.note_label is not None
    assert card.note_label.text() == "6 of 7"


def test_a_banner_says_its_state_in_words_and_can_change_it(qtbot: QtBot) -> None:
    banner = Banner("blocker", "1 blocker", "Line 20.x is not decided.")
    qtbot.addWidget(banner)
    assert banner.accessibleName() == "1 blocker. Line 20.x is not decided."
    assert banner.minimumHeight() == 42
    banner.say("good", "Nothing blocks", "Export when you like.")
    banner.resize(400, 42)
    assert banner.grab().toImage().pixelColor(200, 0).name() == "#1c683a"
    assert Banner("note", "a", "b", tall=True).minimumHeight() == 64


def test_an_empty_page_says_what_to_do_first(qtbot: QtBot) -> None:
    page = EmptyPage("release", "No release is planned", "Cases go out together.", Button("Plan a release", "primary"))
    qtbot.addWidget(page)
    page.resize(600, 400)
    page.show()
    assert page.accessibleName() == "No release is planned"
    page.say("Nothing here", "Come back later.")
    assert page.sentence.text == "Come back later."


def test_a_due_row_says_everything_and_ticks(qtbot: QtBot) -> None:
    words = DueWords(
        action="Write the reply",
        ref="H-2099-001",
        title="<b>not bold</b>",
        rule="Within 48 h",
        relative="in 1 h 28 m",
        absolute="16:00 CET",
        state="today",
    )
    row = DueRow(words, SeverityChip("high", "High"), Button("Write reply", size="row"))
    qtbot.addWidget(row)
    row.resize(1100, 42)
    row.show()
    assert "Write the reply, in 1 h 28 m" in row.accessibleName()
    row.set_time("1 m late", "16:00 CET", "overdue")
    assert row.relative.text() == "1 m late"
    assert row.minimumHeight() == 42
    assert not row.grab().isNull()
    assert DueGroup("overdue", "Overdue", "2").accessibleName() == "Overdue, 2"


def test_progress_says_how_far_it_is_and_can_be_stopped(qtbot: QtBot) -> None:
    stopped: list[int] = []
    row = ProgressRow("import.progress", "Cancel", lambda: stopped.append(1))
    qtbot.addWidget(row)
    row.tell("212 of 640", 212, 640)
    assert row.line.share == pytest.approx(212 / 640)
    row.tell("Reading", 0, 0)
    assert row.line.share < 0
    row.resize(400, 60)
    assert not row.grab().isNull()
    row.cancel.click()
    assert stopped == [1]


def test_lines_are_one_pixel(qtbot: QtBot) -> None:
    assert HLine().sizeHint().height() == 1
    assert VLine().sizeHint().width() == 1
    line = HLine()
    line.resize(20, 1)
    qtbot.addWidget(line)
    assert line.grab().toImage().pixelColor(10, 0).name() == "#dde2e7"


def test_widgets_that_are_gone_do_not_hear_of_a_new_theme(qapp: QApplication) -> None:
    hub = apply_theme(qapp, "light")
    for _ in range(20):
        for gone in (
            Chip("done", "done"),
            Banner("note", "a", "b"),
            Card("x"),
            Button("y"),
            EmptyPage("bug", "a", "b"),
        ):
            gone.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    hub.set_look("dark", 1.2)
    hub.set_look("light", 1.0)
    assert hub.theme.scale == 1.0
