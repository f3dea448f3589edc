"""Banners: one state of the whole page, in its colour, with at most two buttons."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from ui.kit.paint import Paint
from ui.kit.theme import hub, theme
from ui.kit.tokens import Role, Tone
from ui.widgets.icon_label import IconLabel
from ui.widgets.plain_label import PlainLabel

BannerKind = Literal["blocker", "warning", "good", "note"]

_LOOKS: Final[dict[BannerKind, tuple[str, Tone, Role]]] = {
    "blocker": ("octagon-alert", "overdue", "overdue"),
    "warning": ("triangle-alert", "today", "today"),
    "good": ("audit", "done", "done"),
    "note": ("info", "soon", "soon"),
}


class Banner(QFrame):
    """A strong word and a sentence; `tall` puts the sentence below the word. At most two on a page."""

    def __init__(
        self,
        kind: BannerKind,
        word: str,
        sentence: str = "",
        *,
        tall: bool = False,
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._kind: BannerKind = kind
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(15, 8, 10, 8)
        self._row.setSpacing(12)
        shown, _tone, role = _LOOKS[kind]
        self._icon = IconLabel(icon or shown, role, 20 if tall else 18)
        self._word = PlainLabel(word, "h2" if tall else "strong", role)
        self._sentence = PlainLabel(sentence, "small" if tall else "body", wrap=True)
        self._row.addWidget(self._icon)
        if tall:
            column = QVBoxLayout()
            column.setSpacing(2)
            column.addWidget(self._word)
            column.addWidget(self._sentence)
            self._row.addLayout(column, 1)
        else:
            self._row.addWidget(self._word)
            self._row.addWidget(self._sentence, 1)
        self._tall = tall
        self.setAccessibleName(f"{word}. {sentence}".strip())
        hub().changed.connect(self._dress)
        self._dress()

    def say(self, kind: BannerKind, word: str, sentence: str, icon: str = "") -> None:
        """Change what the banner tells, and its colour with it."""
        self._kind = kind
        shown, _tone, role = _LOOKS[kind]
        self._icon.set_icon(icon or shown, role)
        self._word.setText(word)
        self._word.set_style("h2" if self._tall else "strong", role)
        self._sentence.setText(sentence)
        self.setAccessibleName(f"{word}. {sentence}".strip())
        self.update()

    def add_action(self, control: QWidget) -> None:
        self._row.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)

    def _dress(self) -> None:
        self.setMinimumHeight(theme().px(64 if self._tall else 42))
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        pair = paint.look.tone(_LOOKS[self._kind][1])
        paint.plate(self.rect(), 8, pair.soft, pair.ink)
