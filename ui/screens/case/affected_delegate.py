"""Paints the matrix of lines, and makes the fields of the current row."""

from __future__ import annotations

from typing import Final, Literal, cast, final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from app.domain.untrusted import safe_line
from app.presenters.case_affected import LineRow
from ui.kit.fonts import Style
from ui.kit.names import named
from ui.kit.paint import Paint
from ui.kit.theme import hub, theme
from ui.kit.tokens import Role, Tone
from ui.screens.case.affected_model import COLUMNS, EDITED, ColumnKey, MatrixModel
from ui.widgets.chips import paint_pill, pill_width
from ui.widgets.field import LineEdit

Index = QModelIndex | QPersistentModelIndex
PRODUCT_ROW: Final = 30
LINE_ROW: Final = 44
Move = Literal["up", "down", "save", "leave"]

_FIXES: Final[dict[str, tuple[str, Tone]]] = {
    "needed": ("circle", "neutral"),
    "in-progress": ("edit", "soon"),
    "in-review": ("branch", "soon"),
    "ready": ("check-circle", "done"),
    "landed": ("check-circle", "done"),
    "released": ("check-circle", "done"),
}
_NO_FIX: Final[tuple[str, Tone]] = ("minus", "neutral")
_MOVES: Final[dict[int, Move]] = {
    int(Qt.Key.Key_Up): "up",
    int(Qt.Key.Key_Down): "down",
    int(Qt.Key.Key_Return): "save",
    int(Qt.Key.Key_Enter): "save",
    int(Qt.Key.Key_Escape): "leave",
}


@final
class MatrixDelegate(QStyledItemDelegate):
    """`typed` says what was typed in a field; `moved` asks to go to another row or back to the table."""

    typed = Signal(int, str, str)
    moved = Signal(str, int)
    left = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.hovered = -1
        self.focused = False
        self.current = -1
        self.editing = False
        hub().changed.connect(self._dress)
        self._look = theme()

    def _dress(self) -> None:
        self._look = theme()

    @property
    def row_height(self) -> int:
        return self._look.px(LINE_ROW)

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self.row_height)

    # -------------------------------------------------------------------------------------- painting
    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = cast("MatrixModel", index.model())
        entry = model.entry(index.row())
        brush = Paint(painter, self._look)
        rect: QRect = option.rect
        if isinstance(entry, str):
            self._paint_product(brush, rect, entry, index)
            return
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            brush.fill(rect, "selected")
        elif index.row() == self.hovered:
            brush.fill(rect, "hover")
        first = index.column() == 0
        if selected and first:
            painter.fillRect(rect.x(), rect.y(), 3, rect.height(), self._look.colour("accent"))
        if index.row() < model.rowCount() - 1:
            start = rect.x() + (self._look.px(15) if first else 0)
            brush.hairline(start, rect.right() + 1, rect.bottom())
        area = QRectF(rect).adjusted(self._look.px(15) if first else 8, 0, -8, -1)
        self._paint_cell(brush, area, entry, COLUMNS[index.column()], str(model.data(index) or ""))

    def _paint_product(self, brush: Paint, rect: QRect, name: str, index: Index) -> None:
        if index.column() == 0:
            area = QRectF(rect).adjusted(self._look.px(15), 0, self._look.px(400), -1)
            brush.words(area, name, "small-medium", self._look.colour("text-2"))
        brush.hairline(rect.x(), rect.right() + 1, rect.bottom())

    def _paint_cell(self, brush: Paint, area: QRectF, row: LineRow, key: ColumnKey, text: str) -> None:
        look = self._look
        if key == "line":
            self._paint_line(brush, area, row)
        elif key == "status":
            width = min(area.width(), pill_width(look, text) + 1)
            height = look.px(22)
            pill = QRectF(area.x(), area.center().y() - height / 2, width, height)
            paint_pill(brush, pill, row.pill, text)
        elif key in ("introduced", "last_affected", "fixed"):
            self._paint_version(brush, area, row, key)
        elif key == "fix":
            self._paint_fix(brush, area, row, text)
        else:
            brush.words(area, text or "–", "small", look.colour("text-2" if text else "muted"))

    def _paint_line(self, brush: Paint, area: QRectF, row: LineRow) -> None:
        look = self._look
        about = safe_line(", ".join(row.line.platforms), 60)
        if row.unsaved:
            about = self.tr("not saved")
        upper = QRectF(area.x(), area.y() + look.px(5), area.width(), look.px(18)) if about else area
        brush.words(upper, safe_line(row.line.line, 60), "mono", look.colour("text"))
        if about:
            lower = QRectF(area.x(), area.y() + look.px(23), area.width(), look.px(15))
            brush.words(lower, about, "caption", look.colour("today" if row.unsaved else "muted"))

    def _paint_version(self, brush: Paint, area: QRectF, row: LineRow, key: ColumnKey) -> None:
        look = self._look
        text = safe_line(str(getattr(row.line, key)), 60)
        role: Role = "done" if key == "fixed" else "text"
        style: Style = "mono"
        if not text:
            text, role, style = self._no_version(row, key), "muted", "small"
        if row.finding(key) is not None:
            side = look.px(14)
            brush.icon(
                QRectF(area.right() - side, area.y(), side, area.height()), "octagon-alert", look.colour("overdue")
            )
            area = area.adjusted(0, 0, -side - 2, 0)
            role = "overdue"
        brush.words(area, text, style, look.colour(role))

    def _no_version(self, row: LineRow, key: ColumnKey) -> str:
        if row.line.status == "unsupported" and key == "fixed":
            return self.tr("no fix")
        return "–"

    def _paint_fix(self, brush: Paint, area: QRectF, row: LineRow, words: str) -> None:
        look = self._look
        icon, tone = _NO_FIX
        if row.line.status in ("affected", "investigating"):
            icon, tone = _FIXES[row.fix or "needed"]
        side = look.px(16)
        ink = look.tone(tone).ink if tone != "neutral" else look.colour("muted")
        brush.icon(QRectF(area.x(), area.y(), side, area.height()), icon, ink)
        room = area.adjusted(side + look.px(6), 0, 0, 0)
        brush.words(room, words, "small", look.colour("text" if tone != "neutral" else "text-2"))

    # --------------------------------------------------------------------------------------- editing
    @override
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        model = cast("MatrixModel", index.model())
        field = EDITED[index.column()]
        row = model.line(index)
        title = str(model.headerData(index.column(), Qt.Orientation.Horizontal))
        line = safe_line(row.line.line, 60) if row else ""
        editor = named(
            LineEdit(self.tr("version"), size="row", mono=True, parent=parent),
            f"case.affected.{field}",
            f"{line}: {title}",
        )
        number, column = index.row(), index.column()
        editor.textEdited.connect(lambda text: self.typed.emit(number, field, text))
        editor.setProperty("column", column)
        editor.installEventFilter(self)
        return editor

    @override
    def setEditorData(self, editor: QWidget, index: Index) -> None:
        model = cast("MatrixModel", index.model())
        row = model.line(index)
        if row is None or not isinstance(editor, LineEdit):
            return
        text = str(getattr(row.line, EDITED[index.column()]))
        # Typing comes back from the model without outer blanks; the field keeps what the hand wrote.
        if editor.text().strip() != text:
            editor.setText(text)
        editor.set_problem(wrong=row.finding(EDITED[index.column()]) is not None)

    @override
    def setModelData(self, editor: QWidget, model: object, index: Index) -> None:
        """Nothing: each keystroke went to the presenter already."""

    @override
    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect
        height = self._look.px(28)
        editor.setGeometry(rect.x() + 2, rect.y() + (rect.height() - height) // 2, rect.width() - 6, height)

    @override
    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            move = _MOVES.get(event.key())
            if move is not None:
                self.moved.emit(move, int(editor.property("column") or 0))
                return True
        if event.type() == QEvent.Type.FocusOut:
            self.left.emit()
        # Not Qt's own filter: it closes editors on Tab and Enter, and these stay while the row is current.
        return False
