"""The matrix of lines as a table model: heads of products between the lines, one column per fact."""

from __future__ import annotations

from typing import Final, Literal, final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from app.domain.untrusted import safe_line
from app.presenters.case_affected import EditField, Key, LineRow, Matrix
from ui.screens.case import words

Index = QModelIndex | QPersistentModelIndex
ColumnKey = Literal["line", "status", "introduced", "last_affected", "fixed", "fix", "note"]
COLUMNS: Final[tuple[ColumnKey, ...]] = (
    "line",
    "status",
    "introduced",
    "last_affected",
    "fixed",
    "fix",
    "note",
)
EDITED: Final[dict[int, EditField]] = {2: "introduced", 3: "last_affected", 4: "fixed"}
"""Columns that have a field in the current row."""

_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
_EDIT: Final = int(Qt.ItemDataRole.EditRole)
_SPOKEN: Final = int(Qt.ItemDataRole.AccessibleTextRole)
_ROOT: Final = QModelIndex()


@final
class MatrixModel(QAbstractTableModel):
    """Rows are either the name of a product (a text) or a line."""

    def __init__(self, product: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[str | LineRow] = []
        self.product = product
        self.editable = False

    def set_matrix(self, matrix: Matrix, product: str) -> bool:
        """Show this matrix; answers whether the rows are others than before, so that places are lost."""
        entries: list[str | LineRow] = []
        for name in matrix.products:
            shown = safe_line(name or product, 120)
            if shown:
                entries.append(shown)
            entries += [row for row in matrix.rows if row.line.product == name]
        same = [_identity(e) for e in entries] == [_identity(e) for e in self._entries]
        self.editable = matrix.editable
        if same:
            for number, entry in enumerate(entries):
                if entry != self._entries[number]:
                    self._entries[number] = entry
                    self._changed(number)
            return False
        self.beginResetModel()
        self._entries = entries
        self.endResetModel()
        return True

    def set_row(self, row: LineRow) -> None:
        """One line changed."""
        for number, entry in enumerate(self._entries):
            if isinstance(entry, LineRow) and entry.key == row.key:
                self._entries[number] = row
                self._changed(number)

    def entry(self, row: int) -> str | LineRow:
        return self._entries[row]

    def line(self, index: Index) -> LineRow | None:
        """The line at an index; None for the name of a product or no index."""
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        return entry if isinstance(entry, LineRow) else None

    def row_of(self, key: Key) -> int:
        """The row of a line, or -1."""
        found = (n for n, e in enumerate(self._entries) if isinstance(e, LineRow) and e.key == key)
        return next(found, -1)

    def first_line(self) -> int:
        """The first row that is a line, or -1."""
        return next((n for n, e in enumerate(self._entries) if isinstance(e, LineRow)), -1)

    def _changed(self, number: int) -> None:
        self.dataChanged.emit(self.index(number, 0), self.index(number, len(COLUMNS) - 1))

    @override
    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._entries)

    @override
    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.line(index) is None:
            return Qt.ItemFlag.NoItemFlags
        plain = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return plain | Qt.ItemFlag.ItemIsEditable if index.column() in EDITED and self.editable else plain

    @override
    def data(self, index: Index, role: int = _DISPLAY) -> object:
        if not index.isValid() or role not in {_DISPLAY, _EDIT, _SPOKEN}:
            return None
        entry = self._entries[index.row()]
        if isinstance(entry, str):
            return entry if index.column() == 0 else None
        text = self._text(entry, COLUMNS[index.column()])
        if role == _SPOKEN:
            title = self.headerData(index.column(), Qt.Orientation.Horizontal)
            return f"{safe_line(entry.line.line, 60)}, {title}: {text}"
        return text

    def _text(self, row: LineRow, key: ColumnKey) -> str:
        line = row.line
        if key == "status":
            return self.tr("Fix ready") if row.pill == "fix-ready" else words.line_status(line.status)
        if key == "fix":
            return self._fix(row)
        if key == "note":
            return safe_line(line.note or line.justification.replace("_", " "), 300)
        return safe_line(str(getattr(line, key)), 80)

    def _fix(self, row: LineRow) -> str:
        if row.line.status == "unsupported":
            return self.tr("No fix planned")
        if row.line.status == "not-affected":
            return self.tr("Not needed")
        return words.fix_state(row.fix) if row.fix else self.tr("Not started")

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> object:
        if role != _DISPLAY or orientation != Qt.Orientation.Horizontal:
            return None
        titles: dict[ColumnKey, str] = {
            "line": self.tr("Line"),
            "status": self.tr("Status"),
            "introduced": self.tr("Introduced"),
            "last_affected": self.tr("Last affected"),
            "fixed": self.tr("Fixed in"),
            "fix": self.tr("Patch"),
            "note": self.tr("Note"),
        }
        return titles[COLUMNS[section]]


def _identity(entry: str | LineRow) -> object:
    return entry if isinstance(entry, str) else entry.key
