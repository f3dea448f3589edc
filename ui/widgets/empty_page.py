"""What an empty page says: an icon, a few words, and the one thing to do first."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.kit.theme import theme
from ui.widgets.button import Button
from ui.widgets.icon_label import IconLabel
from ui.widgets.paragraph import Paragraph
from ui.widgets.plain_label import PlainLabel


class EmptyPage(QWidget):
    """Centred, at most 436 wide; `action` is the one primary button and may be left out."""

    def __init__(
        self,
        icon: str,
        title: str,
        sentence: str,
        action: Button | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        centre = Qt.AlignmentFlag.AlignHCenter
        self.title = PlainLabel(title, "h2")
        self.sentence = Paragraph(sentence, "small", "text-2", centred=True)
        self.sentence.setMaximumWidth(theme().px(436))
        self.sentence.setMinimumWidth(min(theme().px(380), theme().px(436)))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        column.addStretch(1)
        column.addWidget(IconLabel(icon, "muted", 32), 0, centre)
        column.addSpacing(4)
        column.addWidget(self.title, 0, centre)
        # Not by alignment: that would reckon the height of the sentence for the width of the whole page.
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self.sentence, 100)
        middle.addStretch(1)
        column.addLayout(middle)
        if action is not None:
            column.addSpacing(8)
            column.addWidget(action, 0, centre)
        column.addStretch(1)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)

    def say(self, title: str, sentence: str) -> None:
        self.title.setText(title)
        self.sentence.set_text(sentence)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
