"""What long work shows: a 2 px line, words, and a way to stop it."""

from __future__ import annotations

from collections.abc import Callable
from typing import final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from ui.kit.names import named
from ui.kit.paint import Paint
from ui.widgets.button import Button
from ui.widgets.plain_label import PlainLabel


@final
class ProgressLine(QWidget):
    """A line of 2 px, filled up to `share` (0 to 1); a negative share shows a third of it, unmoving."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_share(self, share: float) -> None:
        self._share = min(1.0, share)
        self.update()

    @property
    def share(self) -> float:
        return self._share

    @override
    def sizeHint(self) -> QSize:
        return QSize(64, 2)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        paint.fill(self.rect(), "border")
        share = self._share if self._share >= 0 else 1 / 3
        paint.fill(QRectF(0, 0, self.width() * share, self.height()), "accent")


@final
class ProgressRow(QWidget):
    """Line, words and Cancel. `object_name` names the button `object_name.cancel`."""

    def __init__(self, object_name: str, cancel: str, stop: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName(object_name)
        self.line = ProgressLine()
        self.words = PlainLabel("", "small", "text-2", elide=Qt.TextElideMode.ElideRight)
        self.cancel = named(Button(cancel, "ghost", size="row"), f"{object_name}.cancel", cancel)
        self.cancel.clicked.connect(stop)
        row = QHBoxLayout()
        row.setContentsMargins(16, 4, 8, 4)
        row.addWidget(self.words, 1)
        row.addWidget(self.cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.line)
        column.addLayout(row)

    def tell(self, words: str, done: int, total: int) -> None:
        """Say how far the work is; `total` is 0 when nobody knows."""
        self.words.setText(words)
        self.setAccessibleName(words)
        self.line.set_share(done / total if total > 0 else -1.0)
