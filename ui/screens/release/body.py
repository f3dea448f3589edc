"""The part of the release page below its head: two rows of two cards that stand on each other where it is narrow."""

from __future__ import annotations

from typing import Final, final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from ui.kit.theme import theme

_UPPER: Final = 190
_EDITED: Final = 270
_LOWER: Final = 420
_ACROSS: Final = QBoxLayout.Direction.LeftToRight
_DOWN: Final = QBoxLayout.Direction.TopToBottom

Pair = tuple[QWidget, QWidget]


@final
class ReleaseBody(QScrollArea):
    """`above` are banners; `upper` has a fixed height, `lower` takes the rest. It scrolls up and down only."""

    def __init__(self, above: tuple[QWidget, ...], upper: Pair, lower: Pair) -> None:
        super().__init__()
        self._upper, self._lower = upper, lower
        self._edited = False
        self._rows = (QBoxLayout(_ACROSS), QBoxLayout(_ACROSS))
        inner = QWidget()
        inner.setProperty("kind", "clear")
        column = QVBoxLayout(inner)
        column.setContentsMargins(24, 12, 24, 16)
        column.setSpacing(12)
        for part in above:
            column.addWidget(part)
        for row, pair, shares in zip(self._rows, (upper, lower), ((700, 460), (400, 760)), strict=True):
            row.setSpacing(16)
            for card, share in zip(pair, shares, strict=True):
                row.addWidget(card, share)
        column.addLayout(self._rows[0])
        column.addLayout(self._rows[1], 1)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setProperty("kind", "clear")
        self.setWidget(inner)
        self.measure(edited=False)

    def measure(self, *, edited: bool) -> None:
        """Give the cards their heights at the text size of now; the upper ones are higher while one is edited."""
        self._edited = edited
        px = theme().px
        for card in self._upper:
            card.setFixedHeight(px(_EDITED if edited else _UPPER))
        self._upper[1].setMinimumWidth(px(430))
        for card in self._lower:
            card.setMinimumHeight(px(_LOWER))
        self._lower[0].setMinimumWidth(px(300))
        self._arrange()

    def _arrange(self) -> None:
        room = self.viewport().width() - 48
        for row, pair in zip(self._rows, (self._upper, self._lower), strict=True):
            least = sum(max(card.minimumSizeHint().width(), card.minimumWidth()) for card in pair) + row.spacing()
            row.setDirection(_ACROSS if least <= room else _DOWN)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
