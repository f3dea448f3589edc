"""Check boxes and radio buttons of our own, so that they scale, theme and outline like everything else."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QRadioButton, QWidget
from typing_extensions import override

from ui.kit.paint import Paint
from ui.kit.theme import hub, theme
from ui.widgets.focus_ring import outline_focus


def _hint(control: QAbstractButton) -> QSize:
    look = theme()
    words = look.metric("body").horizontalAdvance(control.text().replace("&", ""))
    return QSize(round(words) + look.px(16 + 8 + 4), look.px(24))


def _paint(control: QAbstractButton, *, round_box: bool) -> None:
    paint = Paint.on(control)
    look = paint.look
    side = look.px(16)
    box = QRectF(0.5, (control.height() - side) / 2, side, side)
    usable, on = control.isEnabled(), control.isChecked()
    line = look.colour("border-2" if usable else "border")
    ground = look.colour("accent" if on and usable else "surface" if usable else "sunken")
    paint.plate(box, side / 2 if round_box else 4, ground, None if on and usable else line)
    if on:
        ink = look.colour("on-accent" if usable else "muted")
        if round_box:
            rim = side * 5 / 16
            paint.plate(box.adjusted(rim, rim, -rim, -rim), side, ink)
        else:
            paint.icon(box.adjusted(1, 1, -1, -1), "check", ink)
    words = QRectF(side + look.px(8), 0, control.width() - side - look.px(8), control.height())
    paint.words(words, control.text().replace("&", ""), "body", look.colour("text" if usable else "muted"))


class CheckBox(QCheckBox):
    """A yes or no with its words; `named` it as any control."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self.setAccessibleName(words)
        outline_focus(self, 4)
        hub().changed.connect(self.updateGeometry)

    @override
    def sizeHint(self) -> QSize:
        return _hint(self)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(24), theme().px(24))

    @override
    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        _paint(self, round_box=False)


class RadioButton(QRadioButton):
    """One of several; siblings in one parent exclude each other."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self.setAccessibleName(words)
        outline_focus(self, 4)
        hub().changed.connect(self.updateGeometry)

    @override
    def sizeHint(self) -> QSize:
        return _hint(self)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(24), theme().px(24))

    @override
    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        _paint(self, round_box=True)
