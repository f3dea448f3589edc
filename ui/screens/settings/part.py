"""One part of the settings: a column of cards that scrolls, with a banner above for what went wrong."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui.kit.error_text import error_text
from ui.kit.names import named
from ui.widgets.banner import Banner, BannerKind
from ui.widgets.button import icon_button
from ui.widgets.plain_label import PlainLabel

MARGIN: Final = 24
WIDEST: Final = 760


class Part(QWidget):
    """Fill `column`. `start` reads, `begin` takes the keyboard, `end` is called once and drops everything."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key
        self.setObjectName(f"settings.{key}")
        inner = QWidget()
        inner.setProperty("kind", "clear")
        inner.setMaximumWidth(WIDEST + 2 * MARGIN)
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(MARGIN, 16, MARGIN, 24)
        self.column.setSpacing(16)
        name = "settings" if key == "general" else f"settings.{key}"
        self.banner = named(Banner("blocker", "", "", tall=True), f"{name}.problem", "")
        dismiss = QCoreApplication.translate("settings", "Dismiss")
        self.banner.add_action(icon_button("close", f"{name}.dismiss", dismiss, self.banner.hide))
        self.banner.hide()
        self.column.addWidget(self.banner)
        area = self.area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.viewport().setProperty("kind", "clear")
        area.setWidget(inner)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def start(self) -> None:
        """Read what is shown anew."""

    def begin(self) -> None:
        """Give the keyboard to where work begins."""

    def minute(self) -> None:
        """The minute has turned."""

    def end(self) -> None:
        """Stop listening and drop what is shown."""

    def show_problem(self, problem: Exception) -> None:
        """Say what failed above the cards."""
        text = error_text(problem)
        self.say("blocker", text.headline, text.whole)

    def say(self, kind: BannerKind, word: str, sentence: str) -> None:
        self.banner.say(kind, word, sentence)
        self.banner.show()


def labelled(words: str, control: QWidget) -> QHBoxLayout:
    """Words at the left, their control at the right."""
    row = QHBoxLayout()
    row.setSpacing(16)
    row.addWidget(PlainLabel(words, "body"), 1)
    row.addWidget(control)
    return row
