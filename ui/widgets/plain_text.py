"""A read-only view of text from outside: plain, selectable, scrolled, never HTML."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QWidget

from ui.kit.fonts import Style
from ui.kit.theme import hub, theme
from ui.widgets.private_text import PrivateText


class PlainTextView(PrivateText):
    """Shows what was received as it is. A plain text box knows no HTML and loads nothing."""

    def __init__(self, text: str = "", *, mono: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style_name: Style = "mono" if mono else "body"
        self.setProperty("kind", "plain")
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setPlainText(text)
        hub().changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        self.setFont(theme().font(self._style_name))
