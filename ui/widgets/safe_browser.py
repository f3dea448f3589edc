"""A view for rendered text that loads nothing, follows nothing and marks nothing into the X11 selection."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QMimeData, QUrl, Signal
from PySide6.QtGui import QContextMenuEvent, QImage, QKeyEvent, QKeySequence, QTextDocument
from PySide6.QtWidgets import QTextBrowser, QWidget
from typing_extensions import override

from ui.kit.clipboard import clipboard
from ui.widgets.text_menu import TextActs, TextMenu

_UNKNOWN: Final = QTextDocument.ResourceType.UnknownResource


class SafeBrowser(QTextBrowser):
    """Links are shown, `linkChosen` says which one was clicked; opening it is somebody else's decision."""

    linkChosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Empty bytes would make Qt look for the file itself; an image of one clear pixel does not.
        self._nothing = QImage(1, 1, QImage.Format.Format_ARGB32)
        self._nothing.fill(0)
        self.setProperty("kind", "plain")
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setSearchPaths([])
        self.setUndoRedoEnabled(False)
        self.setAcceptDrops(False)
        self.anchorClicked.connect(self._clicked)

    def _clicked(self, url: QUrl) -> None:
        self.linkChosen.emit(url.toString())

    @override
    def loadResource(self, type: int, name: QUrl | str) -> object:
        return self._nothing

    @override
    def doSetSource(self, name: QUrl | str, type: QTextDocument.ResourceType = _UNKNOWN) -> None:
        """Nothing has an address here, so that there is nothing to go to."""

    @override
    def createMimeDataFromSelection(self) -> QMimeData:
        return QMimeData()

    def copy_marked(self) -> None:
        marked = self.textCursor().selection().toPlainText()
        if marked:
            clipboard().copy(marked)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_marked()
            event.accept()
        else:
            super().keyPressEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        acts = TextActs(
            copy=self.copy_marked,
            select_all=self.selectAll,
            marked=self.textCursor().hasSelection(),
            empty=self.document().isEmpty(),
        )
        menu = TextMenu(self, acts)
        menu.exec(event.globalPos())
        menu.deleteLater()
