"""The live preview of a Markdown text: safe, in the theme's styles, keeping the place of the reader."""

from __future__ import annotations

from typing import Final, final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QWidget

from app.domain.untrusted import safe_text
from ui.kit.markdown import write_markdown
from ui.kit.theme import hub, theme
from ui.widgets.safe_browser import SafeBrowser

_PAUSE: Final = 130  # milliseconds without a keystroke before the preview follows
_LONGEST: Final = 400_000  # characters; a longer text is cut for the preview only


@final
class MarkdownPreview(SafeBrowser):
    """`show_markdown` at once, `follow` while somebody types. Hidden characters are made visible."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._shown: QTextDocument | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._render)
        hub().changed.connect(self._render)

    def show_markdown(self, text: str) -> None:
        self._text = text
        self._render()

    def follow(self, text: str) -> None:
        """Render `text` once the typing pauses."""
        self._text = text
        self._timer.start()

    def _render(self) -> None:
        self._timer.stop()
        place = self.verticalScrollBar().value()
        # Written while nobody looks at it, a document is laid out once and not after every block.
        document = QTextDocument(self)
        write_markdown(document, safe_text(self._text, _LONGEST), theme())
        self.setDocument(document)
        if self._shown is not None:
            self._shown.deleteLater()
        self._shown = document
        self.verticalScrollBar().setValue(place)
