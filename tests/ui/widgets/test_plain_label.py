"""Labels, tips, paragraphs and text boxes: what looks like HTML stays text and nothing is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QClipboard, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.kit.theme import apply_theme
from ui.widgets.field import TextArea
from ui.widgets.paragraph import Paragraph
from ui.widgets.plain_label import PlainLabel
from ui.widgets.plain_text import PlainTextView
from ui.widgets.private_text import PrivateText
from ui.widgets.safe_browser import SafeBrowser
from ui.widgets.tip import plain_tip, set_tip


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> None:
    apply_theme(qapp, "light")


@pytest.fixture
def hostile(tmp_path: Path) -> str:
    """HTML that would show a large picture if anybody believed it."""
    from PySide6.QtGui import QImage

    picture = tmp_path / "large.png"
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    assert image.save(str(picture))
    return f'<img src="file://{picture}">'


def reds(widget: QWidget) -> int:
    image = widget.grab().toImage()
    return sum(image.pixelColor(x, y).name() == "#ff0000" for x in range(image.width()) for y in range(image.height()))


def test_a_label_shows_html_as_text(qtbot: QtBot, hostile: str) -> None:
    label = PlainLabel(hostile)
    qtbot.addWidget(label)
    assert label.sizeHint().height() < 40
    assert label.text() == hostile
    assert reds(label) == 0


def test_a_paragraph_and_a_text_view_show_html_as_text(qtbot: QtBot, hostile: str) -> None:
    for widget in (Paragraph(hostile), PlainTextView(hostile)):
        qtbot.addWidget(widget)
        widget.resize(500, 200)
        assert reds(widget) == 0
    assert Paragraph(hostile).text == hostile


def test_a_safe_browser_given_html_by_mistake_still_loads_nothing(qtbot: QtBot, hostile: str) -> None:
    view = SafeBrowser()
    qtbot.addWidget(view)
    view.resize(600, 400)
    view.setHtml(hostile)
    assert reds(view) == 0


def test_a_tool_tip_escapes_what_it_shows(qtbot: QtBot, hostile: str) -> None:
    label = PlainLabel("x")
    qtbot.addWidget(label)
    set_tip(label, hostile)
    assert "<img" not in label.toolTip()
    assert "&lt;img" in label.toolTip()
    assert plain_tip("") == ""


def test_a_label_that_is_cut_says_itself_whole_in_its_tip(qtbot: QtBot) -> None:
    label = PlainLabel("a very long title that does not fit", elide=Qt.TextElideMode.ElideMiddle)
    qtbot.addWidget(label)
    label.resize(80, 20)
    label.grab()
    assert "a very long title" in label.toolTip()
    label.resize(800, 20)
    label.grab()
    assert label.toolTip() == ""


def test_a_label_that_elides_may_be_narrow(qtbot: QtBot) -> None:
    whole = PlainLabel("x" * 80)
    cut = PlainLabel("x" * 80, elide=Qt.TextElideMode.ElideRight)
    assert cut.minimumSizeHint().width() < 60 < whole.minimumSizeHint().width()


def test_a_label_takes_the_colour_of_the_theme(qapp: QApplication, qtbot: QtBot) -> None:
    label = PlainLabel("late", "small", "overdue")
    qtbot.addWidget(label)
    hub = apply_theme(qapp, "dark")
    dark = label.palette().color(QPalette.ColorRole.WindowText).name()
    hub.set_look("light", 1.0)
    assert (dark, label.palette().color(QPalette.ColorRole.WindowText).name()) == ("#ff8a8a", "#b3161f")


def test_a_paragraph_grows_with_its_text_and_shrinks_with_its_width(qtbot: QtBot) -> None:
    text = Paragraph("word " * 60, strong=("word",))
    qtbot.addWidget(text)
    assert text.heightForWidth(200) > text.heightForWidth(600) > 0


def test_marking_with_the_mouse_fills_no_selection_clipboard(qtbot: QtBot) -> None:
    for box in (PlainTextView("embargoed words"), TextArea()):
        qtbot.addWidget(box)
        box.setPlainText("embargoed words")
        box.selectAll()
        data = box.createMimeDataFromSelection()
        assert isinstance(data, QMimeData)
        assert not data.hasText()


def test_copying_goes_through_the_keeper(qtbot: QtBot) -> None:
    box = PlainTextView("embargoed words")
    qtbot.addWidget(box)
    box.show()
    box.selectAll()
    qtbot.keyClick(box, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    clipboard = QGuiApplication.clipboard()
    assert clipboard.text() == "embargoed words"
    assert clipboard.mimeData().hasFormat("x-kde-passwordManagerHint")
    assert clipboard.text(QClipboard.Mode.Selection) == "" or not clipboard.supportsSelection()


def test_cutting_takes_the_text_out_and_reading_boxes_keep_it(qtbot: QtBot) -> None:
    writing, reading = TextArea(), PlainTextView("words")
    for box in (writing, reading):
        qtbot.addWidget(box)
        box.setPlainText("words")
        box.selectAll()
        qtbot.keyClick(box, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)
    assert writing.toPlainText() == ""
    assert reading.toPlainText() == "words"


def test_pasting_takes_the_text_and_leaves_the_html(qtbot: QtBot) -> None:
    data = QMimeData()
    data.setHtml("<b>rich</b>")
    data.setText("plain")
    box = PrivateText()
    qtbot.addWidget(box)
    box.insertFromMimeData(data)
    assert box.toPlainText() == "plain"


def test_the_menu_offers_what_makes_sense(qtbot: QtBot) -> None:
    box = PlainTextView("words")
    qtbot.addWidget(box)
    names = [act.text() for act in box.make_menu().actions()]
    assert names == ["Copy", "Select all"]
    writing = TextArea()
    qtbot.addWidget(writing)
    assert "Paste" in [act.text() for act in writing.make_menu().actions()]
    assert box.mapToGlobal(QPoint(0, 0)) is not None
