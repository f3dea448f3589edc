"""Paints the rows of the table of releases."""

from __future__ import annotations

from typing import Final, final

from PySide6.QtCore import QObject, QRectF
from typing_extensions import override

from app.desk.ports.vault import ReleaseRow
from app.presenters.release_head import STATES
from ui.kit.paint import RIGHT, Paint
from ui.kit.table import Cell, RowDelegate
from ui.screens.releases.table_model import ReleaseTableModel

_HEIGHT: Final = 48


@final
class ReleaseDelegate(RowDelegate):
    """Two lines for the target: local time over UTC."""

    def __init__(self, model: ReleaseTableModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model

    @property
    @override
    def row_height(self) -> int:
        return self._look.px(_HEIGHT)

    @override
    def paint_cell(self, brush: Paint, cell: Cell, row: object, key: str) -> None:
        if not isinstance(row, ReleaseRow):
            return
        look, rect = self._look, cell.rect
        words = self._model.text(row, key)
        if key == "ref":
            self.say(brush, rect, words, "mono", look.colour("text-2"))
        elif key == "title":
            self.say(brush, rect, words, "body-medium", look.colour("text"))
        elif key == "state":
            self._state(brush, rect, row, words)
        elif key == "target":
            self._target(brush, rect, row)
        elif key == "cases":
            brush.words(rect, words, "body", look.colour("text-2"), align=RIGHT)
        else:
            quiet = not (row.lines if key == "lines" else row.postponed)
            self.say(brush, rect, words, "small", look.colour("muted" if quiet else "text-2"))

    def _state(self, brush: Paint, rect: QRectF, row: ReleaseRow, words: str) -> None:
        look = self._look
        left = 0
        if row.state in STATES:
            brush.stage_ticks(rect.x(), rect.center().y(), self._model.filled(row), len(STATES))
            left = look.px(32)
        brush.words(rect.adjusted(left, 0, 0, 0), words, "small", look.colour("text-2"))

    def _target(self, brush: Paint, rect: QRectF, row: ReleaseRow) -> None:
        look = self._look
        middle = rect.center().y()
        upper = QRectF(rect.x(), middle - look.px(18), rect.width(), look.px(18))
        lower = QRectF(rect.x(), middle, rect.width(), look.px(16))
        brush.words(upper, self._model.local(row), "small-medium", look.colour("text"))
        brush.words(lower, self._model.utc(row), "caption", look.colour("muted"))
