"""What every growing list needs: a model that asks for more, and a delegate that paints whole cells fast."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from ui.kit.fonts import Style
from ui.kit.paint import LEFT, Paint
from ui.kit.theme import Theme, hub, theme
from ui.kit.tokens import Severity, Tone

_R = TypeVar("_R")
Index = QModelIndex | QPersistentModelIndex

# Comparing plain integers is several times faster than comparing Qt's enums, and data() is asked often.
DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
TOOL_TIP: Final = int(Qt.ItemDataRole.ToolTipRole)
SPOKEN: Final = int(Qt.ItemDataRole.AccessibleTextRole)
ALIGNMENT: Final = int(Qt.ItemDataRole.TextAlignmentRole)
ROW: Final = int(Qt.ItemDataRole.UserRole) + 1
"""Gives the whole row object, for delegates and for views that open a row."""

ROW_HEIGHTS: Final[dict[str, int]] = {"compact": 28, "normal": 34, "comfortable": 40}
_ROOT: Final = QModelIndex()


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its key, its translated title, its width in logical pixels; `sort` when it can be sorted by."""

    key: str
    title: str
    width: int
    sort: bool = False
    right: bool = False
    stretch: bool = False


class PagedTableModel(QAbstractTableModel, Generic[_R]):
    """Rows that arrive page by page. Knows columns and how to ask for more; knows no service.

    Subclasses give `text` (what a cell says, also to a screen reader) and may give `tip`. `want_more` is
    called at most once until `append_rows` or `set_rows` answered.
    """

    def __init__(self, columns: Sequence[Column], want_more: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._want_more = want_more
        self._rows: list[_R] = []
        self._more = False

    def text(self, row: _R, key: str) -> str:
        """What the cell says; the default asks the row for an attribute of the column's key."""
        return str(getattr(row, key, ""))

    def tip(self, row: _R, key: str) -> str:
        """The cell's tool tip, already made plain; none by default."""
        del row, key
        return ""

    def row(self, at: int) -> _R:
        return self._rows[at]

    @property
    def rows(self) -> Sequence[_R]:
        return self._rows

    @property
    def complete(self) -> bool:
        """Whether every row that there is has arrived."""
        return not self._more

    def set_rows(self, rows: Sequence[_R], *, more: bool) -> None:
        """A new answer: forget the old rows."""
        self.beginResetModel()
        self._rows = list(rows)
        self._more = more
        self.endResetModel()

    def append_rows(self, rows: Sequence[_R], *, more: bool) -> None:
        """The next page."""
        self._more = more
        if not rows:
            return
        first = len(self._rows)
        self.beginInsertRows(_ROOT, first, first + len(rows) - 1)
        self._rows.extend(rows)
        self.endInsertRows()

    def refresh_rows(self) -> None:
        """Say that every shown word may have changed, as when the minute turns."""
        if self._rows:
            last = self.index(len(self._rows) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    @override
    def data(self, index: Index, role: int = DISPLAY) -> object:
        if role not in {DISPLAY, SPOKEN, ROW, TOOL_TIP, ALIGNMENT} or not index.isValid():
            return None
        row = self._rows[index.row()]
        column = self.columns[index.column()]
        if role == ROW:
            return row
        if role == TOOL_TIP:
            return self.tip(row, column.key) or None
        if role == ALIGNMENT:
            right = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return int(right | Qt.AlignmentFlag.AlignVCenter)
        words = self.text(row, column.key)
        return f"{column.title} {words}" if role == SPOKEN else words

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY) -> object:
        if orientation != Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section]
        if role == ALIGNMENT and column.right:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return column.title if role == DISPLAY else None

    @override
    def canFetchMore(self, parent: Index) -> bool:
        return self._more and not parent.isValid()

    @override
    def fetchMore(self, parent: Index) -> None:
        self._more = False  # until the answer says otherwise: never ask twice
        self._want_more()


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell while it is painted."""

    rect: QRectF
    selected: bool
    hovered: bool


class RowDelegate(QStyledItemDelegate):
    """Paints ground, selection bar, hover, hairline and focus of a row; subclasses paint what a cell says.

    `paint_cell` gets the brush, the cell, the row object and the column's key. The view tells
    the hovered row through `hovered` and whether it has the keyboard focus through `focused`.
    """

    edge = 8

    def __init__(self, parent: QObject | None = None, *, density: str = "normal") -> None:
        super().__init__(parent)
        self.hovered = -1
        self.focused = False
        self._density = density
        self._look: Theme = theme()
        hub().changed.connect(self._refetch)

    def _refetch(self) -> None:
        self._look = theme()

    @property
    def row_height(self) -> int:
        """Constant for all rows, from the density and the text size, never from a text."""
        # Asked by the view while the theme changes, perhaps before this delegate has heard of it.
        return theme().px(ROW_HEIGHTS[self._density])

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self.row_height)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = self._look
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        row = index.row()
        hovered = row == self.hovered
        column = index.column()
        if selected:
            painter.fillRect(rect, look.colour("selected"))
        elif hovered:
            painter.fillRect(rect, look.colour("hover"))
        self._frame(painter, rect, index, barred=selected and self.focused)
        model = index.model()
        if isinstance(model, PagedTableModel):
            edge = look.px(16) if column == 0 else self.edge
            area = QRectF(rect).adjusted(edge, 0, -self.edge, -1)
            brush = Paint(painter, look)
            self.paint_cell(brush, Cell(area, selected, hovered), model.row(row), model.columns[column].key)

    def _frame(self, painter: QPainter, rect: QRect, index: Index, *, barred: bool) -> None:
        """The bar at the left of a selected row in a view with the focus; the hairline below each but the last."""
        look = self._look
        first = index.column() == 0
        if barred and first:
            painter.fillRect(rect.x(), rect.y(), 3, rect.height(), look.colour("accent"))
        model: QAbstractItemModel = index.model()
        if index.row() < model.rowCount() - 1 or model.canFetchMore(_ROOT):
            left = rect.x() + (look.px(16) if first else 0)
            painter.fillRect(left, rect.bottom(), rect.right() - left + 1, 1, look.colour("border"))

    def paint_cell(self, brush: Paint, cell: Cell, row: object, key: str) -> None:
        """What one cell shows. The default paints the text of the column."""
        brush.words(cell.rect, str(getattr(row, key, "")), "body", self._look.colour("text"))

    # --------------------------------------------------------------------------------- pieces for paint_cell

    def say(self, brush: Paint, rect: QRectF, words: str, style: Style, ink: QColor) -> None:
        brush.words(rect, words, style, ink, align=LEFT)

    def severity(self, brush: Paint, rect: QRectF, severity: Severity, words: str) -> None:
        """Bars and the word, without a ground; `Not rated` has no bars in a table."""
        ink = self._look.tone(severity).ink
        if severity == "unrated":
            brush.words(rect, words, "small", ink)
            return
        brush.severity_bars(rect.x(), rect.center().y(), severity)
        brush.words(rect.adjusted(self._look.px(22), 0, 0, 0), words, "small-medium", ink)

    def stage(self, brush: Paint, rect: QRectF, filled: int, words: str) -> None:
        """Nine ticks and the word."""
        brush.stage_ticks(rect.x(), rect.center().y(), filled)
        # The longest stage may use the cell's padding, so that the column stays as narrow as LOOK has it.
        area = rect.adjusted(self._look.px(43), 0, self.edge - 2, 0)
        brush.words(area, words, "small", self._look.colour("text-2"))

    def person(self, brush: Paint, rect: QRectF, person: str, initials: str, name: str) -> None:
        """A small avatar and the name."""
        side = self._look.px(20)
        brush.avatar(QRectF(rect.x(), rect.center().y() - side / 2, side, side), person, initials)
        area = rect.adjusted(side + self._look.px(6), 0, 0, 0)
        brush.words(area, name, "small", self._look.colour("text-2"))

    def lead(self, brush: Paint, rect: QRectF, icon: str, words: str, tone: Tone, *, strong: bool = True) -> None:
        """An icon and words in the colour of a state, such as a due time."""
        ink = self._look.tone(tone).ink
        side = self._look.px(16)
        brush.icon(QRectF(rect.x(), rect.y(), side, rect.height()), icon, ink)
        style: Style = "small-medium" if strong else "small"
        brush.words(rect.adjusted(side + self._look.px(4), 0, 0, 0), words, style, ink)
