"""Chips, pills and badges: small painted words for state, never by colour alone."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ui.kit.fonts import Style
from ui.kit.paint import CENTRE, Paint, bars_width, chip_width
from ui.kit.theme import Theme, hub, theme
from ui.kit.tokens import TLP_GROUND, TLP_TEXT, Severity, Tone

PillState = Literal["affected", "fix-ready", "not-affected", "investigating", "no-fix"]

_PILLS: Final[dict[PillState, tuple[str, Tone]]] = {
    "affected": ("octagon-alert", "overdue"),
    "fix-ready": ("check-circle", "done"),
    "not-affected": ("ban", "neutral"),
    "investigating": ("help", "today"),
    "no-fix": ("triangle-alert", "paused"),
}


class PaintedWord(QWidget):
    """The base of the small painted words: one text, as wide as the text needs, no focus."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self.setAccessibleName(words)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        hub().changed.connect(self._dress)

    @property
    def words(self) -> str:
        return self._words

    def set_words(self, words: str) -> None:
        self._words = words
        self.setAccessibleName(words)
        self._dress()

    def _dress(self) -> None:
        self.updateGeometry()
        self.update()

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class Chip(PaintedWord):
    """A soft chip, 20 high, with an optional icon."""

    def __init__(
        self,
        words: str,
        tone: Tone = "neutral",
        *,
        icon: str = "",
        line: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(words, parent)
        self._tone: Tone = tone
        self._icon = icon
        self._line = line

    def set_state(self, words: str, tone: Tone, icon: str = "") -> None:
        self._tone, self._icon = tone, icon
        self.set_words(words)

    @override
    def sizeHint(self) -> QSize:
        look = theme()
        return QSize(round(chip_width(look, self._words, icon=bool(self._icon)) + 0.5), look.px(20))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        Paint.on(self).chip(self.rect(), self._words, self._tone, icon=self._icon, line=self._line)


class SeverityBars(QWidget):
    """Four bars, filled by severity; the word stands beside it or in its name."""

    def __init__(self, severity: Severity, spoken: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._severity: Severity = severity
        self.setAccessibleName(spoken)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        hub().changed.connect(self.updateGeometry)

    @override
    def sizeHint(self) -> QSize:
        return QSize(bars_width(theme()), theme().px(12))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        Paint.on(self).severity_bars(0, self.height() / 2, self._severity)


class SeverityChip(PaintedWord):
    """Bars and the word, on the severity's soft ground; `plain` leaves the ground away, as tables do."""

    def __init__(self, severity: Severity, words: str, *, plain: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self._severity: Severity = severity
        self._plain = plain

    def set_severity(self, severity: Severity, words: str) -> None:
        self._severity = severity
        self.set_words(words)

    def _style(self) -> Style:
        return "small-medium" if self._plain else "caption"

    @override
    def sizeHint(self) -> QSize:
        look = theme()
        edge = 0 if self._plain else look.px(7)
        width = look.metric(self._style()).horizontalAdvance(self._words)
        return QSize(round(width + bars_width(look) + look.px(6) + 2 * edge + 0.5), look.px(20))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        look = paint.look
        pair = look.tone(self._severity)
        edge = 0 if self._plain else look.px(7)
        if not self._plain:
            paint.plate(self.rect(), 4, pair.soft)
        paint.severity_bars(edge, self.height() / 2, self._severity)
        area = QRectF(self.rect()).adjusted(edge + bars_width(look) + look.px(6), 0, 0, 0)
        paint.words(area, self._words, self._style(), pair.ink)


class StageChip(PaintedWord):
    """The stage's word and nine squares, filled up to the stage; 24 high."""

    def __init__(self, words: str, filled: int, total: int = 9, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self._filled = filled
        self._total = total

    def set_stage(self, words: str, filled: int, total: int = 9) -> None:
        self._filled, self._total = filled, total
        self.set_words(words)

    @override
    def sizeHint(self) -> QSize:
        look = theme()
        words = look.metric("small-medium").horizontalAdvance(self._words)
        squares = (self._total * 8 - 2) * look.scale
        return QSize(round(words + squares + look.px(10) + 2 * look.px(9) + 0.5), look.px(24))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        look = paint.look
        pair = look.tone("accent")
        paint.plate(self.rect(), 5, pair.soft)
        edge = look.px(9)
        words = paint.width(self._words, "small-medium")
        paint.words(QRectF(edge, 0, words + 1, self.height()), self._words, "small-medium", pair.ink)
        left = edge + words + look.px(10)
        paint.stage_squares(left, self.height() / 2, self._filled, self._total)


class TlpChip(PaintedWord):
    """A Traffic Light Protocol label in FIRST's colours: RED, AMBER, AMBER+STRICT, GREEN or CLEAR."""

    def __init__(self, level: str, parent: QWidget | None = None) -> None:
        super().__init__(f"TLP:{level}", parent)
        self._level = level

    def set_level(self, level: str) -> None:
        self._level = level
        self.set_words(f"TLP:{level}")

    @override
    def sizeHint(self) -> QSize:
        look = theme()
        return QSize(round(chip_width(look, self._words, style="caption-strong") + 0.5), look.px(20))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        look = paint.look
        paint.plate(self.rect(), 4, TLP_GROUND, look.colour("border") if look.dark else None)
        ink = TLP_TEXT.get(self._level, TLP_TEXT["CLEAR"])
        paint.words(self.rect(), self._words, "caption-strong", ink, align=CENTRE)


def pill_width(look: Theme, words: str) -> float:
    return look.metric("small-medium").horizontalAdvance(words) + look.px(13) + look.px(5) + 2 * look.px(7)


def paint_pill(paint: Paint, rect: QRectF, state: PillState, words: str) -> None:
    """A status pill, 22 high; delegates of the matrix draw theirs with it too."""
    icon, tone = _PILLS[state]
    pair = paint.look.tone(tone)
    if state == "investigating":
        paint.dashed_plate(rect, 5, paint.look.colour("surface"), pair.ink)
    else:
        line = paint.look.colour("border") if state == "not-affected" else None
        paint.plate(rect, 5, pair.soft, line)
    edge = paint.look.px(7)
    paint.lead(rect.adjusted(edge, 0, -edge, 0), icon, words, "small-medium", pair.ink)


class StatusPill(PaintedWord):
    """What is known of one line: affected, fix ready, not affected, investigating, or never fixed."""

    def __init__(self, state: PillState, words: str, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self._state: PillState = state

    def set_state(self, state: PillState, words: str) -> None:
        self._state = state
        self.set_words(words)

    @override
    def sizeHint(self) -> QSize:
        look = theme()
        return QSize(round(pill_width(look, self._words) + 0.5), look.px(22))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint_pill(Paint.on(self), QRectF(self.rect()), self._state, self._words)


class CountBadge(PaintedWord):
    """A small round count; red only for what is overdue or due today."""

    def __init__(self, words: str, tone: Tone = "neutral", *, spoken: str = "", parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self._tone: Tone = tone
        if spoken:
            self.setAccessibleName(spoken)

    def set_count(self, words: str, tone: Tone, spoken: str) -> None:
        self._tone = tone
        self.set_words(words)
        self.setAccessibleName(spoken)

    @override
    def sizeHint(self) -> QSize:
        look = theme()
        height = look.px(17)
        words = look.metric("caption").horizontalAdvance(self._words)
        return QSize(max(height, round(words + 2 * look.px(5) + 0.5)), height)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        look = paint.look
        pair = look.tone(self._tone)
        paint.plate(self.rect(), self.height() / 2, pair.soft)
        none = Qt.TextElideMode.ElideNone
        paint.words(self.rect(), self._words, "caption", pair.ink, align=CENTRE, elide=none)
