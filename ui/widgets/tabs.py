"""Tabs with counts and an underline exactly as wide as the label; arrow keys move between them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QTabBar, QWidget
from typing_extensions import override

from ui.kit.fonts import Style
from ui.kit.paint import CENTRE, Paint
from ui.kit.theme import hub, theme

_GAP: Final = 26
_BADGE_LEAD: Final = 8


class Tabs(QTabBar):
    """A bar of keyed tabs, 44 high (36 when `small`); `current_key` says which one is shown."""

    def __init__(self, *, small: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._small = small
        self._keys: list[str] = []
        self._counts: list[str] = []
        self._over = -1
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        hub().changed.connect(self._dress)
        self._dress()

    def add(self, key: str, words: str, count: str = "") -> None:
        """Append a tab; `count` is shown in a badge, as in `3/5`, and left out when empty."""
        self._keys.append(key)
        self._counts.append(count)
        self.addTab(words.replace("&", "&&"))
        self._speak(len(self._keys) - 1)

    def set_count(self, key: str, count: str) -> None:
        index = self._keys.index(key)
        if self._counts[index] != count:
            self._counts[index] = count
            self._speak(index)
            self._dress()

    @property
    def current_key(self) -> str:
        return self._keys[self.currentIndex()] if self._keys else ""

    def choose(self, key: str) -> None:
        self.setCurrentIndex(self._keys.index(key))

    def _speak(self, index: int) -> None:
        words = self._words(index)
        count = self._counts[index]
        self.setAccessibleTabName(index, f"{words}, {count}" if count else words)

    def _words(self, index: int) -> str:
        return self.tabText(index).replace("&&", "&")

    def _dress(self) -> None:
        # A changed font makes QTabBar lay its tabs out again; nothing else in its public door does.
        self.setFont(theme().font("body-medium"))
        self.setIconSize(QSize(theme().px(16), theme().px(16) + self.iconSize().height() % 2))
        self.updateGeometry()
        self.update()

    def _badge_width(self, count: str) -> float:
        look = theme()
        return max(look.px(17), look.metric("caption").horizontalAdvance(count) + 2 * look.px(5))

    def _label_width(self, index: int) -> float:
        look = theme()
        width = look.metric("body-medium").horizontalAdvance(self._words(index))
        if self._counts[index]:
            width += look.px(_BADGE_LEAD) + self._badge_width(self._counts[index])
        return width

    @override
    def tabSizeHint(self, index: int) -> QSize:
        look = theme()
        if index >= len(self._counts):
            return QSize(0, look.px(44))
        return QSize(round(self._label_width(index)) + look.px(_GAP), look.px(36 if self._small else 44))

    @override
    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.tabAt(event.position().toPoint()))

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._hover(self.tabAt(event.position().toPoint()))

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, index: int) -> None:
        if index != self._over:
            self._over = index
            self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        for index in range(self.count()):
            self._paint_tab(paint, index)

    def _paint_tab(self, paint: Paint, index: int) -> None:
        look = paint.look
        current = index == self.currentIndex()
        place = QRectF(self.tabRect(index))
        area = QRectF(place.x(), place.y(), self._label_width(index), place.height())
        ink = look.colour("text" if current or index == self._over else "text-2")
        words = self._words(index)
        width = paint.width(words, "body-medium")
        # The current tab is set in semi-bold; its room was measured for it, so nothing moves.
        style: Style = "strong" if current else "body-medium"
        room = QRectF(area.x(), area.y(), width + 8, area.height())
        paint.words(room, words, style, ink, elide=Qt.TextElideMode.ElideNone)
        if self._counts[index]:
            badge = self._badge_width(self._counts[index])
            height = look.px(17)
            plate = QRectF(area.right() - badge, area.center().y() - height / 2, badge, height)
            pair = look.tone("accent" if current else "neutral")
            paint.plate(plate, height / 2, pair.soft)
            paint.words(plate, self._counts[index], "caption", pair.ink, align=CENTRE)
        if current:
            paint.q.fillRect(QRectF(area.x(), place.bottom() - 1, area.width(), 2), look.colour("accent"))
            if self.hasFocus():
                paint.ring(area.adjusted(-6, 7, 6, -6), 6)
