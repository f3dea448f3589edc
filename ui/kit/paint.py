"""The brush that widgets and row delegates share: plates, words, bars, ticks, chips and avatars."""

from __future__ import annotations

from typing import Final
from zlib import crc32

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from ui.kit.fonts import Style
from ui.kit.icons import draw_icon
from ui.kit.theme import Theme, theme
from ui.kit.tokens import SEVERITY_BARS, Role, Severity, Tone

Rect = QRect | QRectF

LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE: Final = Qt.AlignmentFlag.AlignCenter
STAGES: Final = 9

_ELIDE: Final = Qt.TextElideMode.ElideRight
_WHOLE: Final = Qt.TextElideMode.ElideNone
_ONE_LINE: Final = Qt.TextFlag.TextSingleLine
_AVATAR_TONES: Final[tuple[Tone, ...]] = ("soon", "paused", "done", "low")
_FAINT: Final = 0.22


def faded(colour: QColor, share: float = _FAINT) -> QColor:
    """The colour at `share` (0 to 1) of its strength."""
    copy = QColor(colour)
    copy.setAlphaF(share)
    return copy


def avatar_tone(person: str) -> Tone:
    """The same calm tone for the same person id on every machine."""
    return _AVATAR_TONES[crc32(person.encode("utf-8", "replace")) % 4]


class Paint:
    """A QPainter and the theme it paints with. Rectangles and sizes are in logical pixels."""

    __slots__ = ("look", "q")

    def __init__(self, q: QPainter, look: Theme) -> None:
        self.q = q
        self.look = look
        q.setRenderHint(QPainter.RenderHint.Antialiasing)

    @classmethod
    def on(cls, widget: QWidget) -> Paint:
        """A brush on `widget`, for the length of one paintEvent."""
        return cls(QPainter(widget), theme())

    def fill(self, rect: Rect, role: Role) -> None:
        self.q.fillRect(rect, self.look.colour(role))

    def plate(self, rect: Rect, radius: float, ground: QColor | None, line: QColor | None = None) -> None:
        """A rounded plate; its 1 px line lies on half pixels, inside the rectangle."""
        area = QRectF(rect)
        if line is None:
            self.q.setPen(Qt.PenStyle.NoPen)
        else:
            self.q.setPen(QPen(line, 1.0))
            area = area.adjusted(0.5, 0.5, -0.5, -0.5)
            radius -= 0.5
        self.q.setBrush(ground if ground is not None else Qt.BrushStyle.NoBrush)
        self.q.drawRoundedRect(area, radius, radius)

    def dashed_plate(self, rect: Rect, radius: float, ground: QColor, line: QColor) -> None:
        """The plate of what is not settled yet."""
        pen = QPen(line, 1.0)
        pen.setDashPattern([3.0, 2.5])
        self.q.setPen(pen)
        self.q.setBrush(ground)
        self.q.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), radius - 0.5, radius - 0.5)

    def ring(self, rect: Rect, radius: float) -> None:
        """The 2 px focus outline, inside the rectangle."""
        self.q.setPen(QPen(self.look.colour("accent"), 2.0))
        self.q.setBrush(Qt.BrushStyle.NoBrush)
        self.q.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), radius - 1, radius - 1)

    def hairline(self, left: float, right: float, y: float) -> None:
        """A horizontal line of one pixel, the top of which is at `y`."""
        self.q.fillRect(QRectF(left, y, right - left, 1), self.look.colour("border"))

    def icon(self, rect: Rect, name: str, ink: QColor) -> None:
        draw_icon(self.q, rect, name, ink)

    def words(
        self,
        rect: Rect,
        text: str,
        style: Style,
        ink: QColor,
        *,
        align: Qt.AlignmentFlag = LEFT,
        elide: Qt.TextElideMode = _ELIDE,
    ) -> None:
        """One line of plain text, elided with the cached metrics when it does not fit."""
        area = QRectF(rect)
        room = area.width()
        metrics = self.look.fonts.metrics[style]
        # No letter of ASCII is wider than the line is high, so that a short word need not be measured.
        surely_fits = len(text) * metrics.height() < room and text.isascii()
        if not surely_fits and elide != _WHOLE and metrics.horizontalAdvance(text) > room + 0.5:
            text = metrics.elidedText(text, elide, room)
        self.q.setFont(self.look.fonts.fonts[style])
        self.q.setPen(ink)
        self.q.drawText(area, int(align) | int(_ONE_LINE), text)

    def width(self, text: str, style: Style) -> float:
        return self.look.fonts.metrics[style].horizontalAdvance(text)

    def severity_bars(self, left: float, middle: float, severity: Severity) -> None:
        """Four rising bars, as many filled as the severity is high, centred on the line `middle`."""
        unit = self.look.scale
        ink = self.look.tone(severity).ink
        empty = faded(self.look.colour("text"))
        filled = SEVERITY_BARS[severity]
        bottom = middle + 6 * unit
        self.q.setPen(Qt.PenStyle.NoPen)
        for index in range(4):
            height = (4 + index * 8 / 3) * unit
            self.q.setBrush(ink if index < filled else empty)
            self.q.drawRoundedRect(QRectF(left + index * 4 * unit, bottom - height, 3 * unit, height), 0.8, 0.8)

    def stage_ticks(self, left: float, middle: float, filled: int, total: int = STAGES) -> None:
        """The narrow ticks of a stage in a table row, 3 x 8 each."""
        self._ticks(
            QRectF(left, middle - 4 * self.look.scale, 3 * self.look.scale, 8 * self.look.scale),
            filled,
            total,
        )

    def stage_squares(self, left: float, middle: float, filled: int, total: int = STAGES) -> None:
        """The small squares of a stage chip, 6 px each."""
        side = 6 * self.look.scale
        self._ticks(QRectF(left, middle - side / 2, side, side), filled, total)

    def _ticks(self, first: QRectF, filled: int, total: int) -> None:
        ink = self.look.colour("accent")
        rest = faded(ink)
        gap = (1 if first.width() < first.height() else 2) * self.look.scale
        self.q.setPen(Qt.PenStyle.NoPen)
        for index in range(total):
            self.q.setBrush(ink if index < filled else rest)
            self.q.drawRoundedRect(first.translated(index * (first.width() + gap), 0), 1, 1)

    def chip(self, rect: Rect, text: str, tone: Tone, *, icon: str = "", line: bool = False) -> None:
        """A soft chip with coloured words and an optional icon."""
        pair = self.look.tone(tone)
        self.plate(rect, 4, pair.soft, self.look.colour("border") if line else None)
        self.lead(QRectF(rect).adjusted(self.look.px(7), 0, -self.look.px(7), 0), icon, text, "caption", pair.ink)

    def lead(self, rect: QRectF, icon: str, text: str, style: Style, ink: QColor) -> None:
        """A 13 px icon, when there is one, and the words behind it."""
        if icon:
            side = self.look.px(13)
            draw_icon(self.q, QRectF(rect.x(), rect.y(), side, rect.height()), icon, ink)
            rect = rect.adjusted(side + self.look.px(5), 0, 0, 0)
        self.words(rect, text, style, ink)

    def avatar(self, rect: Rect, person: str, initials: str) -> None:
        """A round ground with two initials; `person` is the id that picks the tone."""
        pair = self.look.tone(avatar_tone(person))
        self.q.setPen(Qt.PenStyle.NoPen)
        self.q.setBrush(pair.soft)
        self.q.drawEllipse(QRectF(rect))
        self.words(rect, initials[:2], "caption-strong", pair.ink, align=CENTRE, elide=_WHOLE)

    def pie(self, rect: QRectF, ink: QColor, share: float) -> None:
        """A circle filled clockwise up to `share` (0 to 1): a step that is part done."""
        self.q.setPen(QPen(ink, 1.4))
        self.q.setBrush(Qt.BrushStyle.NoBrush)
        self.q.drawEllipse(rect.adjusted(1.7, 1.7, -1.7, -1.7))
        wedge = QPainterPath(rect.center())
        wedge.arcTo(rect.adjusted(3.6, 3.6, -3.6, -3.6), 90, -360 * max(0.0, min(1.0, share)))
        wedge.closeSubpath()
        self.q.fillPath(wedge, ink)

    def target(self, rect: QRectF, ink: QColor) -> None:
        """A ring around a dot: the step that is to be done now."""
        self.q.setPen(QPen(ink, 1.6))
        self.q.setBrush(Qt.BrushStyle.NoBrush)
        self.q.drawEllipse(rect.adjusted(1.8, 1.8, -1.8, -1.8))
        self.q.setPen(Qt.PenStyle.NoPen)
        self.q.setBrush(ink)
        self.q.drawEllipse(rect.center(), rect.width() * 0.19, rect.height() * 0.19)


def chip_width(look: Theme, text: str, *, icon: bool = False, style: Style = "caption") -> float:
    """The outer width of a chip: 7 px padding and an optional 13 px icon."""
    lead = look.px(13) + look.px(5) if icon else 0
    return look.metric(style).horizontalAdvance(text) + 2 * look.px(7) + lead


def bars_width(look: Theme) -> int:
    return look.px(15)
