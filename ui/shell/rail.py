"""The rail at the left: the store, the pages with their counts, and the lock. It folds to icons in a narrow window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QListView,
    QMenu,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.presenters.target import PageName
from ui.kit.names import named
from ui.kit.paint import CENTRE, RIGHT, Paint
from ui.kit.theme import Theme, hub, theme
from ui.kit.tokens import Role
from ui.shell.window_actions import owner_of
from ui.widgets.focus_ring import outline_focus
from ui.widgets.lines import HLine
from ui.widgets.tip import plain_tip, set_tip

WIDE: Final = 216
FOLDED: Final = 56
_ROW: Final = 34
_BY_MOUSE: Final = (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.PopupFocusReason)
_Index = QModelIndex | QPersistentModelIndex
_DISPLAY: Final = Qt.ItemDataRole.DisplayRole
_TIP: Final = Qt.ItemDataRole.ToolTipRole
_SPOKEN: Final = Qt.ItemDataRole.AccessibleTextRole


@dataclass(slots=True)
class NavItem:
    """A page of the rail; `count` stands at its right, in red when `urgent`. `key` is its shortcut's cap."""

    page: PageName
    text: str
    icon: str
    count: str = ""
    urgent: bool = False
    key: str = ""

    @property
    def spoken(self) -> str:
        return f"{self.text}, {self.count}" if self.count else self.text


@final
class NavModel(QAbstractListModel):
    """The pages of one list of the rail."""

    def __init__(self, items: list[NavItem], parent: QWidget) -> None:
        super().__init__(parent)
        self.items = items

    @override
    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.items)

    @override
    def data(self, index: _Index, role: int = _DISPLAY) -> object:
        item = self.items[index.row()]
        if role == _DISPLAY:
            return item.text
        if role == _SPOKEN:
            return item.spoken
        if role == _TIP:
            return plain_tip(item.spoken)
        return None

    def set_count(self, page: PageName, count: str, *, urgent: bool = False) -> None:
        for row, item in enumerate(self.items):
            if item.page == page and (item.count, item.urgent) != (count, urgent):
                item.count, item.urgent = count, urgent
                self.dataChanged.emit(self.index(row), self.index(row))


@final
class _NavDelegate(QStyledItemDelegate):
    """Paints a page's row: icon, word, count."""

    def __init__(self, view: NavList) -> None:
        super().__init__(view)
        self._view = view

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(40, theme().px(_ROW))

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        state, rect = option.state, option.rect
        look = theme()
        paint = Paint(painter, look)
        item = self._view.nav.items[index.row()]
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        area = QRectF(rect).adjusted(look.px(8), 0, -look.px(8), -2)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            paint.plate(area, 6, look.colour("selected" if chosen else "hover"))
        if chosen:
            bar = QRectF(area.x(), area.center().y() - look.px(8), 3, look.px(16))
            paint.plate(bar, 1.5, look.colour("accent"))
        self._paint_item(paint, area, item, chosen=chosen)
        if state & QStyle.StateFlag.State_HasFocus and self._view.by_key:
            paint.ring(area, 6)

    def _paint_item(self, paint: Paint, area: QRectF, item: NavItem, *, chosen: bool) -> None:
        look = paint.look
        px = look.px
        side = px(18)
        folded = self._view.folded
        left = area.center().x() - side / 2 if folded else area.x() + px(12)
        ink = look.colour("accent" if chosen else "text-2")
        paint.icon(QRectF(left, area.y(), side, area.height()), item.icon, ink)
        if folded:
            if item.urgent:
                paint.plate(QRectF(left + side - 3, area.y() + px(6), px(7), px(7)), px(4), look.colour("overdue"))
            return
        right = area.right() - px(12)
        if item.count:
            right = self._paint_count(paint, area, item, right)
        elif item.key:
            right = paint_cap(paint, area.adjusted(0, 0, -px(4), 0), item.key)
        word = QRectF(area.x() + px(40), area.y(), right - area.x() - px(44), area.height())
        style_ink = look.colour("text" if chosen else "text-2")
        paint.words(word, item.text, "strong" if chosen else "body-medium", style_ink)

    @staticmethod
    def _paint_count(paint: Paint, area: QRectF, item: NavItem, right: float) -> float:
        look = paint.look
        if not item.urgent:
            room = QRectF(area.x(), area.y(), right - area.x(), area.height())
            paint.words(room, item.count, "caption", look.colour("text-2"), align=RIGHT)
            return right - paint.width(item.count, "caption")
        width = max(look.px(24), paint.width(item.count, "caption-strong") + look.px(14))
        plate = QRectF(right - width + look.px(4), area.center().y() - look.px(8), width, look.px(17))
        pair = look.tone("overdue")
        paint.plate(plate, plate.height() / 2, pair.soft)
        paint.words(plate, item.count, "caption-strong", pair.ink, align=CENTRE)
        return plate.left()


def paint_cap(paint: Paint, area: QRectF, key: str) -> float:
    """A key cap at the right of an area; gives back its left edge."""
    look = paint.look
    width = paint.width(key, "caption") + 2 * look.px(5)
    cap = QRectF(area.right() - width, area.center().y() - look.px(9), width, look.px(18))
    paint.plate(cap, 4, look.colour("sunken"), look.colour("border"))
    paint.words(cap, key, "caption", look.colour("muted"), align=CENTRE)
    return cap.left()


@final
class NavList(QListView):
    """A list of pages; Enter, Space or a click goes there."""

    chosen = Signal(str)

    def __init__(self, items: list[NavItem], object_name: str, spoken: str) -> None:
        super().__init__()
        named(self, object_name, spoken)
        self.folded = False
        self.by_key = False
        self.nav = NavModel(items, self)
        self.setModel(self.nav)
        self.setItemDelegate(_NavDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.viewport().setAutoFillBackground(False)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.clicked.connect(self._go)
        self.activated.connect(self._go)

    def show_page(self, page: PageName | None) -> None:
        """Mark the page that is in front, or none of this list."""
        row = next((i for i, item in enumerate(self.nav.items) if item.page == page), -1)
        if row < 0:
            self.clearSelection()
        else:
            self.setCurrentIndex(self.nav.index(row))

    def _go(self, index: QModelIndex) -> None:
        self.chosen.emit(self.nav.items[index.row()].page)

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme().px(WIDE), theme().px(_ROW) * len(self.nav.items))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(FOLDED), self.sizeHint().height())

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress:
            self.by_key = True
        elif isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusIn:
            self.by_key = event.reason() not in _BY_MOUSE
        elif event.type() == QEvent.Type.MouseButtonPress:
            self.by_key = False
        return super().event(event)


class _Block(QAbstractButton):
    """A block of the rail that can be pressed: two lines, an icon, and what stands at the right."""

    def __init__(self, icon: str, height: int) -> None:
        super().__init__()
        self._icon = icon
        self._height = height
        self._second = ""
        self.folded = False
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        outline_focus(self, 8)

    def say(self, first: str, second: str) -> None:
        self.setText(first.replace("&", "&&"))
        self._second = second
        self.setAccessibleName(f"{first}. {second}" if second else first)
        set_tip(self, f"{first}\n{second}" if self.folded else "")
        self.update()

    @property
    def first(self) -> str:
        return self.text().replace("&&", "&")

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme().px(WIDE - 16), theme().px(self._height))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(40), theme().px(self._height))

    def _lines(self, paint: Paint, area: QRectF) -> None:
        look = paint.look
        high = look.px(19)
        top = area.center().y() - high + look.px(1)
        paint.words(QRectF(area.x(), top, area.width(), high), self.first, "strong", look.colour("text"))
        second = QRectF(area.x(), top + high - look.px(2), area.width(), high)
        paint.words(second, self._second, "caption", look.colour("text-2"))


@final
class StoreBlock(_Block):
    """The store and the person; opens the menu of the store."""

    def __init__(self) -> None:
        super().__init__("logo", 44)
        self.menu = QMenu(self)
        self.clicked.connect(lambda: self.menu.popup(self.mapToGlobal(self.rect().bottomLeft())))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        look = paint.look
        px = look.px
        area = QRectF(self.rect())
        if self.underMouse() or self.isDown():
            paint.plate(area, 8, look.colour("hover"))
        side = px(24)
        left = (area.width() - side) / 2 if self.folded else px(7)
        paint.icon(QRectF(left, 0, side, area.height()), self._icon, look.colour("accent"))
        if self.folded:
            return
        self._lines(paint, area.adjusted(px(40), 0, -px(28), 0))
        arrow = QRectF(area.right() - px(22), 0, px(16), area.height())
        paint.icon(arrow, "chevron-down", look.colour("text-2"))


@final
class LockBlock(_Block):
    """Locks now, and says when it would lock by itself."""

    def __init__(self, key: str) -> None:
        super().__init__("lock", 58)
        self._key = key

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        look = paint.look
        px = look.px
        area = QRectF(self.rect())
        ground: Role = "hover" if self.underMouse() or self.isDown() else "surface"
        paint.plate(area, 8, look.colour(ground), look.colour("border"))
        side = px(18)
        if self.folded:
            paint.icon(QRectF((area.width() - side) / 2, 0, side, area.height()), self._icon, look.colour("text-2"))
            return
        half = QRectF(0, px(9), area.width(), px(20))
        paint.icon(QRectF(px(12), half.y(), side, half.height()), self._icon, look.colour("text-2"))
        left = paint_cap(paint, half.adjusted(0, 0, -px(6), 0), self._key)
        paint.words(half.adjusted(px(40), 0, left - area.width() - 4, 0), self.first, "strong", look.colour("text"))
        low = QRectF(px(40), px(30), area.width() - px(46), px(18))
        paint.words(low, self._second, "caption", look.colour("text-2"))


@final
class Rail(QWidget):
    """The whole rail; `folded` shows icons only."""

    def __init__(self, pages: NavList, foot: NavList, lock_key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.pages = pages
        self.foot = foot
        self.store = named(StoreBlock(), "rail.store", "")
        self.lock = named(LockBlock(lock_key), "rail.lock", "")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 1, 14)
        column.setSpacing(0)
        column.addWidget(_inset(self.store, 8))
        column.addSpacing(16)
        column.addWidget(pages)
        column.addStretch(1)
        column.addWidget(foot)
        column.addSpacing(4)
        column.addWidget(_inset(HLine(), 16))
        column.addSpacing(10)
        column.addWidget(_inset(self.lock, 8))
        hub().changed.connect(self._dress)
        self.fold(folded=False)

    def fold(self, *, folded: bool) -> None:
        """Show words beside the icons, or icons alone."""
        self.folded = folded
        for part in (self.pages, self.foot, self.store, self.lock):
            part.folded = folded
            part.update()
        for block in (self.store, self.lock):
            set_tip(block, block.accessibleName() if folded else "")
        self._dress()

    def show_page(self, page: PageName) -> None:
        """Mark where the window is; a case belongs to the cases, a release to the releases."""
        owner = owner_of(page)
        self.pages.show_page(owner)
        self.foot.show_page(owner)

    def _dress(self) -> None:
        self.setFixedWidth(theme().px(FOLDED if self.folded else WIDE))
        self.pages.updateGeometry()
        self.foot.updateGeometry()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        look: Theme = paint.look
        paint.fill(self.rect(), "nav")
        paint.q.fillRect(QRectF(self.width() - 1, 0, 1, self.height()), look.colour("border"))


def _inset(widget: QWidget, edge: int) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(edge, 0, edge, 0)
    column.addWidget(widget)
    return holder
