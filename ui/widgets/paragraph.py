"""Running text: plain, wrapped, with the line height of 1.45 that labels do not know."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QPaintEvent,
    QPalette,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ui.kit.fonts import Style
from ui.kit.paint import Paint
from ui.kit.theme import hub, theme
from ui.kit.tokens import Role


class Paragraph(QWidget):
    """Sentences in one style; the passages named in `strong` stand out. The text is never read as HTML."""

    def __init__(
        self,
        text: str,
        style: Style = "body",
        role: Role = "text",
        *,
        strong: Sequence[str] = (),
        centred: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._style: Style = style
        self._role: Role = role
        self._strong = tuple(strong)
        self._document = QTextDocument(self)
        self._document.setDocumentMargin(0)
        self._document.setUndoRedoEnabled(False)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        if centred:
            option.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._document.setDefaultTextOption(option)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        hub().changed.connect(self._dress)
        self.set_text(text, strong=strong)

    @property
    def text(self) -> str:
        return self._document.toPlainText()

    def set_text(self, text: str, *, strong: Sequence[str] = ()) -> None:
        self._strong = tuple(strong)
        self._document.setPlainText(text)
        self.setAccessibleName(text)
        self._dress()

    def _dress(self) -> None:
        self._document.setDefaultFont(theme().font(self._style))
        cursor = QTextCursor(self._document)
        cursor.select(QTextCursor.SelectionType.Document)
        block = QTextBlockFormat()
        block.setLineHeight(145, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        cursor.mergeBlockFormat(block)
        heavy = QTextCharFormat()
        heavy.setFont(theme().font("strong"))
        for passage in self._strong:
            found = self._document.find(passage, 0, QTextDocument.FindFlag.FindCaseSensitively)
            if passage and not found.isNull():
                found.mergeCharFormat(heavy)
        self.updateGeometry()
        self.update()

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        self._document.setTextWidth(width)
        return round(self._document.size().height() + 0.5)

    @override
    def sizeHint(self) -> QSize:
        width = min(round(self._document.idealWidth()) + 1, theme().px(480))
        return QSize(width, self.heightForWidth(self.width() or width))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(80), theme().px(18))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint = Paint.on(self)
        self._document.setTextWidth(self.width())
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette.setColor(QPalette.ColorRole.Text, paint.look.colour(self._role))
        self._document.documentLayout().draw(paint.q, context)
