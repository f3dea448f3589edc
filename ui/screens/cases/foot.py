"""The line below the case table: how many rows are chosen, what Enter does, and the order."""

from __future__ import annotations

from typing import final

from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.kit.numbers import thousands
from ui.widgets.plain_label import PlainLabel


@final
class TableFoot(QWidget):
    """Only says what works."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection = PlainLabel("", "small")
        self._hint = PlainLabel(self.tr("Enter opens the case"), "small", "text-2")
        self._order = PlainLabel("", "small", "text-2")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 16, 10)
        row.setSpacing(20)
        row.addWidget(self._selection)
        row.addWidget(self._hint)
        row.addStretch(1)
        row.addWidget(self._order)

    def show_selected(self, number: int) -> None:
        self._selection.setText(self.tr("{number} selected").format(number=thousands(number)))
        self._selection.setVisible(number > 0)

    def show_hint(self, *, shown: bool) -> None:
        self._hint.setVisible(shown)

    def show_order(self, column: str, *, falling: bool) -> None:
        words = self.tr("Sorted by {column}, falling") if falling else self.tr("Sorted by {column}")
        self._order.setText(words.format(column=column.lower()))
