"""The table of a growing list: rows chosen whole, a painted head, hover and keyboard focus by row."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget
from typing_extensions import override

from ui.kit.paint import LEFT, RIGHT, Paint
from ui.kit.theme import hub, theme


@runtime_checkable
class TracksHover(Protocol):
    """A delegate that paints the row under the mouse."""

    hovered: int
    focused: bool

    @property
    def row_height(self) -> int: ...


class TableHead(QHeaderView):
    """Column heads on a sunken ground; an arrow only on the sorted column, which is darker."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._sortable: frozenset[int] = frozenset()
        self.setHighlightSections(False)
        self.setSectionsClickable(True)
        self.setStretchLastSection(True)
        self.setMinimumSectionSize(theme().px(40))
        hub().changed.connect(self._dress)

    def set_sortable(self, sections: frozenset[int]) -> None:
        self._sortable = sections

    def _dress(self) -> None:
        self.updateGeometry()
        self.viewport().update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), theme().px(32))

    @override
    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        look = theme()
        painter.save()
        paint = Paint(painter, look)
        paint.fill(rect, "sunken")
        sorted_by = self.isSortIndicatorShown() and self.sortIndicatorSection() == logicalIndex
        model = self.model()
        words = str(model.headerData(logicalIndex, Qt.Orientation.Horizontal) or "")
        align = model.headerData(logicalIndex, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        first = self.visualIndex(logicalIndex) == 0
        area = QRectF(rect).adjusted(look.px(16) if first else 8, 0, -8, -1)
        ink = look.colour("text" if sorted_by else "muted")
        paint.words(area, words, "small-medium", ink, align=RIGHT if align else LEFT)
        if sorted_by:
            side = look.px(12)
            up = self.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
            left = min(area.x() + paint.width(words, "small-medium") + look.px(4), area.right() - side)
            place = QRectF(left, area.y(), side, area.height())
            paint.icon(place, "chevron-up" if up else "chevron-down", ink)
        paint.hairline(rect.x(), rect.right() + 1, rect.bottom())
        painter.restore()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        Paint.on(self.viewport()).fill(event.rect(), "sunken")
        super().paintEvent(event)

    @override
    def mousePressEvent(self, e: QMouseEvent) -> None:
        at = self.logicalIndexAt(e.position().toPoint())
        resizing = self.cursor().shape() == Qt.CursorShape.SplitHCursor
        if at in self._sortable or resizing:
            super().mousePressEvent(e)


class TableView(QTableView):
    """Enter, a double click or `activated` opens a row; Space asks for a preview with `previewed`."""

    opened = Signal(QModelIndex)
    previewed = Signal(QModelIndex)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hovered = -1
        self.setHorizontalHeader(TableHead(self))
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setMouseTracking(True)
        self.doubleClicked.connect(self.opened)
        hub().changed.connect(self._dress)

    @property
    def head(self) -> TableHead:
        head = self.horizontalHeader()
        if not isinstance(head, TableHead):
            raise TypeError("the head was replaced")
        return head

    def set_widths(self, widths: list[int], stretched: int = -1) -> None:
        """Column widths in logical pixels at 100 %; one column may take the room that is left."""
        px = theme().px
        for at, width in enumerate(widths):
            self.setColumnWidth(at, px(width))
        if stretched >= 0:
            self.head.setStretchLastSection(False)
            self.head.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)

    @override
    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        self._dress()

    def _dress(self) -> None:
        delegate = self.itemDelegate()
        height = delegate.row_height if isinstance(delegate, TracksHover) else theme().px(34)
        rows = self.verticalHeader()
        rows.setMinimumSectionSize(height)
        rows.setDefaultSectionSize(height)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalScrollBar().setSingleStep(height)
        self.viewport().update()

    def _hover(self, row: int) -> None:
        if row == self._hovered:
            return
        before, self._hovered = self._hovered, row
        delegate = self.itemDelegate()
        if isinstance(delegate, TracksHover):
            delegate.hovered = row
        for changed in (before, row):
            if changed >= 0:
                top = self.rowViewportPosition(changed)
                self.viewport().update(0, top, self.viewport().width(), self.rowHeight(changed))

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(round(event.position().y())))

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._focus(on=True)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._focus(on=False)

    def _focus(self, *, on: bool) -> None:
        delegate = self.itemDelegate()
        if isinstance(delegate, TracksHover):
            delegate.focused = on
        self.viewport().update()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        current = self.currentIndex()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and current.isValid():
            self.opened.emit(current)
        elif event.key() == Qt.Key.Key_Space and not event.modifiers() and current.isValid():
            self.previewed.emit(current)
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        current = self.currentIndex()
        if not self.hasFocus() or not current.isValid():
            return
        top = self.rowViewportPosition(current.row())
        area = QRect(0, top, self.viewport().width(), self.rowHeight(current.row()) - 1)
        Paint.on(self.viewport()).ring(area, 5)
