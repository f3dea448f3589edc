"""The focus outline two pixels outside a control, painted over the page so that no parent clips it."""

from __future__ import annotations

from typing import Final, final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QFocusEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget
from shiboken6 import isValid
from typing_extensions import override

from ui.kit.paint import Paint

_ROOM: Final = 4
_BY_MOUSE: Final = frozenset({Qt.FocusReason.MouseFocusReason, Qt.FocusReason.PopupFocusReason})
_MOVES: Final = frozenset(
    {QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.ParentChange}
)


@final
class _Ring(QWidget):
    """The outline itself; ignores the mouse and takes no focus."""

    def __init__(self, stage: QWidget, radius: float) -> None:
        super().__init__(stage)
        self._radius = radius
        self.setObjectName("focusRing")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        Paint.on(self).ring(self.rect(), self._radius + _ROOM)


@final
class _Follower(QObject):
    """Watches one control; while that has the focus by keyboard, keeps the outline around it."""

    def __init__(self, control: QWidget, radius: float) -> None:
        super().__init__(control)
        self._control = control
        self._radius = radius
        self._ring: _Ring | None = None
        self._before = True
        self._chain: list[QWidget] = []
        control.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if watched is self._control and kind == QEvent.Type.FocusIn:
            if self._wanted(event):
                self._begin()
        elif watched is self._control and kind == QEvent.Type.FocusOut:
            self._before = self._ring is not None
            self._end()
        elif self._ring is not None and kind in _MOVES:
            self._place()
        return False

    def _wanted(self, event: QEvent) -> bool:
        """A click needs no outline; focus that came by key or by program does, and so does coming back to it."""
        if not isinstance(event, QFocusEvent):
            return True
        if event.reason() == Qt.FocusReason.ActiveWindowFocusReason:
            return self._before
        return event.reason() not in _BY_MOUSE

    def _begin(self) -> None:
        self._end()
        stage = _stage(self._control)
        self._ring = _Ring(stage, self._radius)
        walker = self._control.parentWidget()
        while walker is not None and walker is not stage:
            walker.installEventFilter(self)
            self._chain.append(walker)
            walker = walker.parentWidget()
        self._place()

    def _end(self) -> None:
        for widget in self._chain:
            if isValid(widget):
                widget.removeEventFilter(self)
        self._chain = []
        if self._ring is not None and isValid(self._ring):
            self._ring.hide()
            self._ring.deleteLater()
        self._ring = None

    def _place(self) -> None:
        if self._ring is None or not isValid(self._ring):
            return
        stage = self._ring.parentWidget()
        if stage is None or not self._control.isVisibleTo(stage):
            self._ring.hide()
            return
        area = QRect(self._control.mapTo(stage, QPoint(0, 0)), self._control.size())
        self._ring.setGeometry(area.adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM))
        self._ring.raise_()
        self._ring.show()


def outline_focus(control: QWidget, radius: float) -> None:
    """Give `control` the outside focus outline; `radius` is the control's own corner radius."""
    _Follower(control, radius)


def _stage(control: QWidget) -> QWidget:
    """The nearest ancestor that may be painted over: the viewport of a scroll area, or the window."""
    walker = control
    while (parent := walker.parentWidget()) is not None and not walker.isWindow():
        if isinstance(parent, QAbstractScrollArea) and parent.viewport() is walker:
            break
        walker = parent
    return walker
