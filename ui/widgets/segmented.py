"""A switch of a few choices on a sunken track with a raised thumb."""

from __future__ import annotations

from typing import Final, final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget
from typing_extensions import override

from ui.kit.names import named
from ui.kit.paint import CENTRE, Paint
from ui.kit.theme import hub, theme
from ui.widgets.focus_ring import outline_focus

_STEPS: Final = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


@final
class _Segment(QAbstractButton):
    """One choice; the thumb lies under the chosen one."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.setText(words)
        self.setAccessibleName(words)
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        outline_focus(self, 5)

    @override
    def sizeHint(self) -> QSize:
        look = theme()
        words = look.metric("small-medium").horizontalAdvance(self.text())
        return QSize(round(words) + 2 * look.px(11), look.px(24))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        look = paint.look
        if self.isChecked():
            paint.plate(self.rect(), 5, look.colour("raised"), look.colour("border"))
        ink = look.colour("muted" if not self.isEnabled() else "text" if self.isChecked() else "text-2")
        if self.underMouse() and self.isEnabled():
            ink = look.colour("text")
        paint.words(self.rect(), self.text(), "small-medium", ink, align=CENTRE)


@final
class SegmentedSwitch(QWidget):
    """Exactly one of the keyed choices is chosen; Tab reaches the switch, arrows move the choice."""

    changed = Signal(str)

    def __init__(self, choices: list[tuple[str, str]], object_name: str, spoken: str) -> None:
        super().__init__()
        named(self, object_name, spoken)
        self._group = QButtonGroup(self)
        self._keys = [key for key, _words in choices]
        row = QHBoxLayout(self)
        row.setContentsMargins(3, 3, 3, 3)
        row.setSpacing(2)
        for index, (key, words) in enumerate(choices):
            segment = named(_Segment(words), f"{object_name}.{key}", words)
            segment.installEventFilter(self)
            self._group.addButton(segment, index)
            row.addWidget(segment)
        self._group.button(0).setChecked(True)
        self._group.idToggled.connect(self._toggled)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        hub().changed.connect(self._dress)
        self._reach()

    @property
    def key(self) -> str:
        return self._keys[self._group.checkedId()]

    def choose(self, key: str) -> None:
        self._group.button(self._keys.index(key)).setChecked(True)

    def _toggled(self, index: int, on: bool) -> None:
        if on:
            self._reach()
            self.changed.emit(self._keys[index])

    def _reach(self) -> None:
        """Only the chosen segment takes part in the Tab order, as in a group of radio buttons."""
        for segment in self._group.buttons():
            policy = Qt.FocusPolicy.StrongFocus if segment.isChecked() else Qt.FocusPolicy.ClickFocus
            segment.setFocusPolicy(policy)
        self.setFocusProxy(self._group.button(self._group.checkedId()))

    def _dress(self) -> None:
        for segment in self._group.buttons():
            segment.updateGeometry()
        self.update()

    @override
    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = _STEPS.get(Qt.Key(event.key()))
            if step is not None:
                index = (self._group.checkedId() + step) % len(self._keys)
                self._group.button(index).setChecked(True)
                self._group.button(index).setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return False

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        look = paint.look
        paint.plate(QRectF(self.rect()), 6, look.colour("sunken"), look.colour("border"))
