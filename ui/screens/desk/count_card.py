"""A card with one number of the desk; pressing it shows what it counts."""

from __future__ import annotations

from typing import Final, final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy
from typing_extensions import override

from ui.kit.paint import CENTRE, Paint
from ui.kit.theme import hub, theme
from ui.kit.tokens import Tone
from ui.widgets.focus_ring import outline_focus

_HEIGHT: Final = 64


@final
class CountCard(QAbstractButton):
    """Icon, number, what is counted, and one fact about it."""

    def __init__(self, icon: str, tone: Tone, words: str) -> None:
        super().__init__()
        self._icon = icon
        self._tone: Tone = tone
        self._words = words
        self.number = ""
        self.fact = ""
        self.setText(words)
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        outline_focus(self, 8)
        hub().changed.connect(self.updateGeometry)

    def say(self, number: str, fact: str) -> None:
        self.number, self.fact = number, fact
        self.setAccessibleName(f"{number} {self._words}. {fact}".strip())
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme().px(180), theme().px(_HEIGHT))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(120), theme().px(_HEIGHT))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        look = paint.look
        px = look.px
        area = QRectF(self.rect())
        ground = "selected" if self.isChecked() else "hover" if self.underMouse() else "surface"
        line = "accent" if self.isChecked() else "border"
        paint.plate(area, 8, look.tokens.colours[ground], look.tokens.colours[line])
        pair = look.tone(self._tone)
        side = px(36)
        left = float(px(12))
        if area.width() >= px(190):
            plate = QRectF(left, (area.height() - side) / 2, side, side)
            paint.plate(plate, 6, pair.soft)
            middle = px(18)
            edge = (side - middle) / 2
            paint.icon(plate.adjusted(edge, edge, -edge, -edge), self._icon, pair.ink)
            left = plate.right() + px(12)
        wide = max(px(14), paint.width(self.number, "display"))
        number = QRectF(left, 0, wide + 1, area.height())
        paint.words(number, self.number, "display", look.colour("text"), align=CENTRE)
        left = number.right() + px(11)
        room = area.width() - left - px(8)
        high = px(18)
        top = area.height() / 2 - high
        paint.words(QRectF(left, top, room, high), self._words, "body-medium", look.colour("text"))
        paint.words(QRectF(left, top + high, room, high), self.fact, "caption", look.colour("text-2"))
