"""A person's two initials on a calm round ground."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ui.kit.paint import Paint
from ui.kit.theme import hub, theme
from ui.widgets.tip import set_tip


class Avatar(QWidget):
    """`person` is an id (it picks the colour); `name` is spoken and shown as the tool tip."""

    def __init__(self, person: str, initials: str, name: str, *, size: int = 24, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        hub().changed.connect(self.updateGeometry)
        self.set_person(person, initials, name)

    def set_person(self, person: str, initials: str, name: str) -> None:
        self._person, self._initials = person, initials
        self.setAccessibleName(name)
        set_tip(self, name)
        self.update()

    @override
    def sizeHint(self) -> QSize:
        side = theme().px(self._size)
        return QSize(side, side)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        Paint.on(self).avatar(self.rect(), self._person, self._initials)
