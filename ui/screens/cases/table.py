"""The view of the case table: draws rows whole, from what was written down when they were first shown."""

from __future__ import annotations

from typing import Final, final

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent
from typing_extensions import override

from ui.kit.paint import Paint
from ui.kit.table import RowDelegate
from ui.kit.theme import hub, theme
from ui.screens.cases.row_writer import FIRST_EDGE, Place, RowWriter, Written
from ui.screens.cases.table_model import CasesModel
from ui.widgets.table_view import TableView

_KEPT: Final = 1_000
"""Rows that are kept as written; a window shows some twenty."""


@final
class CasesTable(TableView):
    """Asking a delegate cell by cell costs several times as much; this one only gives the height of a row."""

    def __init__(self, model: CasesModel) -> None:
        super().__init__()
        self._cases = model
        self._rows = RowDelegate(self)
        self._writer: RowWriter | None = None
        self._written: dict[str, Written] = {}
        self._made_for: tuple[object, ...] = ()
        self.setItemDelegate(self._rows)
        self.setModel(model)
        model.dataChanged.connect(self._forget)
        model.modelReset.connect(self._forget)
        hub().changed.connect(self._forget)

    def _forget(self) -> None:
        """What was written no longer holds: another minute, other rows, columns, words or colours."""
        self._written.clear()
        self._made_for = ()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        viewport = self.viewport()
        painter = QPainter(viewport)
        brush = Paint(painter, theme())
        area = event.rect()
        brush.fill(area, "surface")
        count = self._cases.rowCount()
        if not count:
            return
        writer = self._prepared(viewport.devicePixelRatioF())
        last = self.rowAt(area.bottom())
        chosen = self.selectionModel()
        for row in range(max(0, self.rowAt(area.top())), (last if last >= 0 else count - 1) + 1):
            top = self.rowViewportPosition(row)
            self._paint_ground(brush, row, top, selected=chosen.isRowSelected(row))
            self._row(writer, row).draw(painter, top, brush.look.colour("today-soft"))
        current = self.currentIndex()
        if self.hasFocus() and current.isValid():
            top = self.rowViewportPosition(current.row())
            brush.ring(QRect(0, top, viewport.width(), self._rows.row_height - 1), 5)

    def _prepared(self, ratio: float) -> RowWriter:
        """The writer for the columns as they stand now."""
        head = self.head
        columns = tuple(
            Place(head.sectionViewportPosition(at), head.sectionSize(at), column.key)
            for at, column in enumerate(self._cases.columns)
        )
        wanted = (columns, ratio, self._cases.pattern)
        if self._writer is None or wanted != self._made_for:
            self._written.clear()
            self._writer = RowWriter(theme(), ratio, self._rows.row_height, columns)
            self._made_for = wanted
        return self._writer

    def _row(self, writer: RowWriter, at: int) -> Written:
        row = self._cases.row(at)
        found = self._written.get(row.id)
        if found is None or found.row is not row:
            if len(self._written) >= _KEPT:
                self._written.clear()
            found = self._written[row.id] = writer.write(row, self._cases.cell, self._cases.pattern)
        return found

    def _paint_ground(self, brush: Paint, row: int, top: int, *, selected: bool) -> None:
        high = self._rows.row_height
        width = self.viewport().width()
        if selected or row == self._rows.hovered:
            brush.fill(QRect(0, top, width, high), "selected" if selected else "hover")
        if selected and self._rows.focused:
            brush.fill(QRect(0, top, 3, high), "accent")
        if row < self._cases.rowCount() - 1 or not self._cases.complete:
            brush.hairline(brush.look.px(FIRST_EDGE), width, top + high - 1)
