"""The table of the matrix: letters decide the line in hand, Enter goes into its fields."""

from __future__ import annotations

from typing import Protocol, final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from typing_extensions import override

from app.domain.values import LineStatus
from app.presenters.case_affected import STATUS_KEYS
from ui.widgets.table_view import TableView


class Hand(Protocol):
    """What the keys of the table do."""

    def decide(self, status: LineStatus) -> None: ...
    def edit(self, column: int) -> None: ...
    def ask_remove(self) -> None: ...


@final
class MatrixView(TableView):
    """The table; letters decide the current line, Enter goes into its fields."""

    def __init__(self, hand: Hand) -> None:
        super().__init__()
        self._hand = hand

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        status = STATUS_KEYS.get(event.text().lower()) if plain else None
        if status is not None:
            self._hand.decide(status)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self._hand.edit(0)
        elif event.key() == Qt.Key.Key_Delete:
            self._hand.ask_remove()
        else:
            super().keyPressEvent(event)
