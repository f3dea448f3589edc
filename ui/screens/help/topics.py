"""The list of help topics, in the manner of the rail."""

from __future__ import annotations

from typing import Final, final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListWidget, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from ui.kit.paint import Paint
from ui.kit.theme import hub, theme

_ROW: Final = 34
_Index = QModelIndex | QPersistentModelIndex


@final
class _TopicDelegate(QStyledItemDelegate):
    """Paints a topic: its title, on a plate when it is the chosen one."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(40, theme().px(_ROW))

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        look = theme()
        px = look.px
        paint = Paint(painter, look)
        area = QRectF(option.rect).adjusted(0, 0, 0, -2)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            paint.plate(area, 6, look.colour("selected" if chosen else "hover"))
        if chosen:
            bar = QRectF(area.x(), area.center().y() - px(8), 3, px(16))
            paint.plate(bar, 1.5, look.colour("accent"))
        words = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        room = area.adjusted(px(14), 0, -px(6), 0)
        ink = look.colour("text" if chosen else "text-2")
        paint.words(room, words, "strong" if chosen else "body-medium", ink)
        if option.state & QStyle.StateFlag.State_HasFocus:
            paint.ring(area, 6)


@final
class TopicList(QListWidget):
    """Titles only; the current one is shown beside it."""

    def __init__(self, titles: list[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.addItems(titles)
        self.setItemDelegate(_TopicDelegate(self))
        self.setMouseTracking(True)
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        hub().changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        self.setFixedWidth(theme().px(232))
        self.scheduleDelayedItemsLayout()
