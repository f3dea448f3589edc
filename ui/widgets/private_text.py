"""A plain text box that never fills the X11 selection, and copies through the clipboard's one door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPlainTextEdit, QWidget
from typing_extensions import override

if TYPE_CHECKING:
    from ui.widgets.text_menu import TextMenu


class PrivateText(QPlainTextEdit):
    """Marking text with the mouse copies nothing; Copy and Cut do, for 30 seconds. Paste takes text only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(False)

    @override
    def createMimeDataFromSelection(self) -> QMimeData:
        # Qt asks here for the X11 selection and for drags as well; those get nothing.
        return QMimeData()

    @override
    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText()

    @override
    def insertFromMimeData(self, source: QMimeData) -> None:
        if source.hasText():
            self.insertPlainText(source.text())

    def copy_marked(self) -> None:
        from ui.kit.clipboard import clipboard

        marked = self.textCursor().selection().toPlainText()
        if marked:
            clipboard().copy(marked)

    def cut_marked(self) -> None:
        self.copy_marked()
        if not self.isReadOnly():
            self.textCursor().removeSelectedText()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_marked()
        elif event.matches(QKeySequence.StandardKey.Cut):
            self.cut_marked()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.make_menu()
        menu.exec(event.globalPos())
        menu.deleteLater()

    def make_menu(self) -> TextMenu:
        """The menu of this moment; a box that is only read offers no change."""
        # Imported here, as the clipboard above: the first paint of the window needs no menu.
        from ui.widgets.text_menu import TextActs, TextMenu

        writable = not self.isReadOnly()
        document = self.document()
        return TextMenu(
            self,
            TextActs(
                copy=self.copy_marked,
                select_all=self.selectAll,
                marked=self.textCursor().hasSelection(),
                empty=document.isEmpty(),
                undo=self.undo if writable else None,
                redo=self.redo if writable else None,
                cut=self.cut_marked if writable else None,
                paste=self.paste if writable else None,
                undoable=document.isUndoAvailable(),
                redoable=document.isRedoAvailable(),
                pasteable=self.canPaste(),
            ),
        )
