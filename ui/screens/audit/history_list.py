"""The history: days as heads, events below them, newest first, older ones fetched as somebody scrolls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Final, final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)
from typing_extensions import override

from app.desk.ports.vault import HistoryRow
from app.domain.team import TEAM_STREAM, Team
from app.domain.untrusted import safe_line
from app.presenters.audit import day_of, device_label
from ui.kit.dates import Dates
from ui.kit.numbers import thousands
from ui.kit.paint import RIGHT, Paint
from ui.kit.table import DISPLAY, SPOKEN, TOOL_TIP
from ui.kit.theme import hub, theme
from ui.screens.audit import words
from ui.widgets.tip import plain_tip

HEAD_HEIGHT: Final = 29
ROW_HEIGHT: Final = 56
_ROOT: Final = QModelIndex()
Index = QModelIndex | QPersistentModelIndex
Item = HistoryRow | date


@final
class HistoryModel(QAbstractListModel):
    """Events with a day before the first of each. Knows how to ask for more; knows no service."""

    def __init__(
        self, want_more: Callable[[], None], dates: Dates, now: Callable[[], datetime], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._want_more = want_more
        self.dates = dates
        self.now = now
        self.team: Team | None = None
        self.items: list[Item] = []
        self._more = False

    def set_rows(self, rows: Sequence[HistoryRow], *, more: bool) -> None:
        """A new answer: forget the old rows."""
        self.beginResetModel()
        self.items = self._with_days(rows, None)
        self._more = more
        self.endResetModel()

    def append_rows(self, rows: Sequence[HistoryRow], *, more: bool) -> None:
        """The next, older page."""
        self._more = more
        last = next((item for item in reversed(self.items) if isinstance(item, HistoryRow)), None)
        new = self._with_days(rows, day_of(last, self.dates.zone) if last else None)
        if not new:
            return
        first = len(self.items)
        self.beginInsertRows(_ROOT, first, first + len(new) - 1)
        self.items += new
        self.endInsertRows()

    def _with_days(self, rows: Sequence[HistoryRow], day: date | None) -> list[Item]:
        items: list[Item] = []
        for row in rows:
            of_row = day_of(row, self.dates.zone)
            if of_row != day:
                items.append(of_row)
                day = of_row
            items.append(row)
        return items

    def row_at(self, at: int) -> HistoryRow | None:
        """The event at this place, or None for a day."""
        item = self.items[at] if 0 <= at < len(self.items) else None
        return item if isinstance(item, HistoryRow) else None

    def place_of(self, seq: int) -> int:
        """Where the event of this number stands, or of the newest one that is shown."""
        found = (i for i, item in enumerate(self.items) if isinstance(item, HistoryRow) and item.seq == seq)
        return next(found, 1 if self.items else -1)

    def day_words(self, day: date) -> str:
        """`Today, Tue 24 Nov 2026`."""
        now = self.now()
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=self.dates.zone)
        said = self.dates.day(noon, now, year=True)
        gone = (now.astimezone(self.dates.zone).date() - day).days
        if gone == 0:
            return self.tr("Today, {day}").format(day=said)
        return self.tr("Yesterday, {day}").format(day=said) if gone == 1 else said

    def sentence(self, row: HistoryRow) -> str:
        """The event in words, its instants in this zone."""
        return words.sentence_of(row.event, lambda when: self.dates.moment(when, self.now()))

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.items)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and isinstance(self.items[index.row()], HistoryRow):
            return super().flags(index)
        return Qt.ItemFlag.NoItemFlags

    @override
    def data(self, index: Index, role: int = DISPLAY) -> object:
        if not index.isValid() or role not in {DISPLAY, SPOKEN, TOOL_TIP}:
            return None
        item = self.items[index.row()]
        if not isinstance(item, HistoryRow):
            return None if role == TOOL_TIP else self.day_words(item)
        if role == TOOL_TIP:
            return plain_tip(f"{words.sentence_of(item.event)}\n{self.dates.utc(item.at)}")
        who = safe_line(item.actor.name, 60)
        return f"{self.dates.clock(item.at)} {who}: {self.sentence(item)}, {item.ref}"

    @override
    def canFetchMore(self, parent: Index) -> bool:
        return self._more and not parent.isValid()

    @override
    def fetchMore(self, parent: Index) -> None:
        self._more = False  # until the answer says otherwise: never ask twice
        self._want_more()


@final
class _HistoryDelegate(QStyledItemDelegate):
    """A day on a sunken ground; an event as time, icon, sentence over person and reference, device over number."""

    def __init__(self, model: HistoryModel, view: QListView) -> None:
        super().__init__(view)
        self._model = model
        self._view = view

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        event = isinstance(self._model.items[index.row()], HistoryRow)
        return QSize(0, theme().px(ROW_HEIGHT if event else HEAD_HEIGHT))

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        paint = Paint(painter, theme())
        item = self._model.items[index.row()]
        rect = QRectF(option.rect)
        if isinstance(item, HistoryRow):
            self._paint_event(paint, rect, item, option)
        else:
            paint.fill(rect, "sunken")
            area = rect.adjusted(paint.look.px(16), 0, -paint.look.px(16), 0)
            paint.words(area, self._model.day_words(item), "small-medium", paint.look.colour("text-2"))

    def _paint_event(self, paint: Paint, rect: QRectF, row: HistoryRow, option: QStyleOptionViewItem) -> None:
        look, px = paint.look, paint.look.px
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            paint.fill(rect, "selected")
            if self._view.hasFocus():
                paint.fill(QRectF(rect.x(), rect.y(), 3, rect.height()), "accent")
        elif option.state & QStyle.StateFlag.State_MouseOver:
            paint.fill(rect, "hover")
        upper = rect.y() + px(9)
        time = QRectF(rect.x() + px(16), upper, px(44), px(20))
        paint.words(time, self._model.dates.clock(row.at, show_zone=False), "body-medium", look.colour("text"))
        self._paint_icon(paint, rect, row, chosen=chosen)
        left, right = rect.x() + px(108), rect.right() - px(16)
        device = device_label(self._model.team, row.device)
        width = max(paint.width(device, "small"), paint.width(thousands(row.seq), "mono-small")) + 2
        side = QRectF(right - width, upper, width, px(20))
        paint.words(side, device, "small", look.colour("text-2"), align=RIGHT)
        paint.words(side.translated(0, px(19)), thousands(row.seq), "mono-small", look.colour("muted"), align=RIGHT)
        room = QRectF(left, upper, side.x() - px(12) - left, px(20))
        paint.words(room, self._model.sentence(row), "strong" if chosen else "body-medium", look.colour("text"))
        self._paint_second(paint, room.translated(0, px(19)), row)
        paint.hairline(left, rect.right() + 1, rect.bottom())

    def _paint_icon(self, paint: Paint, rect: QRectF, row: HistoryRow, *, chosen: bool) -> None:
        look, px = paint.look, paint.look.px
        plate = QRectF(rect.x() + px(66), rect.center().y() - px(14), px(28), px(28))
        if words.is_override(row.event):
            pair = look.tone("today")
            paint.plate(plate, 6, pair.soft)
            paint.icon(plate.adjusted(px(6), px(6), -px(6), -px(6)), "triangle-alert", pair.ink)
            return
        paint.plate(plate, 6, look.colour("surface" if chosen else "sunken"))
        paint.icon(plate.adjusted(px(6), px(6), -px(6), -px(6)), words.icon_of(row.event), look.colour("text-2"))

    def _paint_second(self, paint: Paint, room: QRectF, row: HistoryRow) -> None:
        look = paint.look
        who = safe_line(row.actor.name, 60)
        width = min(paint.width(who, "small") + 1, room.width())
        paint.words(QRectF(room.x(), room.y(), width, room.height()), who, "small", look.colour("text-2"))
        if row.ref and row.ref != TEAM_STREAM:
            place = room.adjusted(width + look.px(10), 0, 0, 0)
            paint.words(place, row.ref, "mono-small", look.colour("accent"))


@final
class HistoryList(QListView):
    """Arrow keys choose an event; Enter opens the case or release that it belongs to."""

    opened = Signal(QModelIndex)

    def __init__(self, model: HistoryModel) -> None:
        super().__init__()
        self.setItemDelegate(_HistoryDelegate(model, self))
        self.setModel(model)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.setProperty("kind", "bare")
        self.viewport().setAutoFillBackground(False)
        self.verticalScrollBar().setSingleStep(theme().px(ROW_HEIGHT))
        self.doubleClicked.connect(self.opened)
        hub().changed.connect(self.doItemsLayout)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()
