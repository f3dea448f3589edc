"""A tab whose cards stand in one scrolled column, not wider than text is good to read."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui.kit.theme import theme
from ui.screens.case.facts import clear_widget

WIDEST: Final = 1480


class ScrollTab(QScrollArea):
    """Fill `column`; it keeps 24 px at the sides and stays left where the window is very wide."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = clear_widget()
        self.viewport().setProperty("kind", "clear")
        outer = QHBoxLayout(inner)
        outer.setContentsMargins(24, 16, 24, 16)
        holder = clear_widget()
        holder.setMaximumWidth(theme().px(WIDEST))
        self.column = QVBoxLayout(holder)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)
        outer.addWidget(holder, 1)
        outer.addStretch(0)
        self.setWidget(inner)

    @property
    def page(self) -> QWidget:
        return self

    def minute(self) -> None:
        """Say times anew; most tabs show none that are relative."""

    def save_unsaved(self) -> None:
        """Queue saving of unsaved texts; most tabs have none of their own."""

    def close_tab(self) -> None:
        """Drop what is held; widgets go with the page."""
