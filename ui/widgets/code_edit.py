"""A line for a recovery code: large mono letters, readable, and never on any clipboard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from ui.widgets.field import LineEdit

_LONGEST = 200


class CodeEdit(LineEdit):
    """Takes what is typed, scanned or pasted; copies, cuts, drags and remembers nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(mono=True, parent=parent)
        self.setMaxLength(_LONGEST)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setDragEnabled(False)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhUppercaseOnly
        )

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy) or event.matches(QKeySequence.StandardKey.Cut):
            event.accept()
            return
        super().keyPressEvent(event)
