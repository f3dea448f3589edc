"""A short list of real rows inside a card, scrolled where the card is too low for them."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from ui.kit.theme import theme


class ListArea(QScrollArea):
    """Put rows into `column`; the page decides the height. A row that gets the keyboard is scrolled into sight."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget()
        inner.setProperty("kind", "clear")
        self.viewport().setProperty("kind", "clear")
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.setWidget(inner)

    def clear(self) -> None:
        """Take every row away."""
        while self.column.count():
            item = self.column.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                # Hidden first: a row that its layout is about to show would flash up as a window of its own.
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme().px(200), theme().px(60))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(120), theme().px(40))
