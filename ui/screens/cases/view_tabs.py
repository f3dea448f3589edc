"""The views above the case table: pills with counts, of which exactly one is chosen."""

from __future__ import annotations

from typing import Final, final

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget
from typing_extensions import override

from ui.kit.fonts import Style
from ui.kit.names import named
from ui.kit.paint import Paint
from ui.kit.theme import hub, theme
from ui.widgets.focus_ring import outline_focus

_STEPS: Final = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


@final
class _Pill(QAbstractButton):
    """A view: its name and how many cases it holds."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words
        self.count = ""
        self.setText(words)
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        outline_focus(self, 6)
        hub().changed.connect(self.updateGeometry)

    def show_count(self, count: str) -> None:
        self.count = count
        self.setAccessibleName(f"{self._words}, {count}" if count else self._words)
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        look = theme()
        width = look.metric("strong").horizontalAdvance(self._words) + 2 * look.px(11)
        if self.count:
            width += look.px(8) + look.metric("caption").horizontalAdvance(self.count)
        return QSize(round(width + 0.5), look.px(28))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        look = paint.look
        chosen = self.isChecked()
        if chosen or self.underMouse():
            paint.plate(self.rect(), 6, look.colour("selected" if chosen else "hover"))
        area = QRectF(self.rect()).adjusted(look.px(11), 0, 0, 0)
        style: Style = "strong" if chosen else "body-medium"
        paint.words(area, self._words, style, look.colour("text" if chosen else "text-2"))
        left = paint.width(self._words, style) + look.px(8)
        ink = look.colour("accent" if chosen else "muted")
        paint.words(area.adjusted(left, 0, 0, 0), self.count, "caption", ink)


@final
class ViewTabs(QWidget):
    """Tab reaches the chosen view, arrows choose another."""

    chosen = Signal(str)

    def __init__(self, views: list[tuple[str, str]], object_name: str, spoken: str) -> None:
        super().__init__()
        named(self, object_name, spoken)
        self._keys = [key for key, _words in views]
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for index, (key, words) in enumerate(views):
            pill = named(_Pill(words), f"{object_name}.{key}", words)
            pill.installEventFilter(self)
            self._group.addButton(pill, index)
            row.addWidget(pill)
        row.addStretch(1)
        self._group.button(0).setChecked(True)
        self._reach()
        self._group.idClicked.connect(self._clicked)

    @property
    def key(self) -> str:
        return self._keys[self._group.checkedId()]

    def choose(self, key: str) -> None:
        """Mark a view as the chosen one, without saying so."""
        if key in self._keys:
            self._group.button(self._keys.index(key)).setChecked(True)
            self._reach()

    def show_counts(self, counts: dict[str, str]) -> None:
        for index, key in enumerate(self._keys):
            pill = self._group.button(index)
            if isinstance(pill, _Pill) and key in counts:
                pill.show_count(counts[key])

    def _clicked(self, index: int) -> None:
        self._reach()
        self.chosen.emit(self._keys[index])

    def _reach(self) -> None:
        for pill in self._group.buttons():
            on = pill.isChecked()
            pill.setFocusPolicy(Qt.FocusPolicy.StrongFocus if on else Qt.FocusPolicy.ClickFocus)
            if on:
                self.setFocusProxy(pill)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = _STEPS.get(Qt.Key(event.key()))
            if step is not None:
                index = (self._group.checkedId() + step) % len(self._keys)
                self._group.button(index).setChecked(True)
                self._clicked(index)
                self._group.button(index).setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return False
