"""The Markdown editor of the advisory: line numbers, the line in hand, and marks for headings, facts and code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, final

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextOption,
)
from PySide6.QtWidgets import QTextEdit, QWidget
from typing_extensions import override

from app.domain.advisory import PLACES, AdvisoryFinding
from ui.kit.theme import hub, theme
from ui.kit.tokens import Role
from ui.widgets.private_text import PrivateText

_HEADING: Final = re.compile(r" {0,3}#{1,6}[ \t].*")
_FACT: Final = re.compile(r"\{([a-z][a-z-]{0,30})\}")
_CODE: Final = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)")
_STRONG: Final = re.compile(r"\*\*(?=\S).+?(?<=\S)\*\*")
_FENCE: Final = re.compile(r" {0,3}(```|~~~)")
_IN_FENCE: Final = 1
_MARKS: Final = {Qt.Key.Key_B: "bold", Qt.Key.Key_I: "italic"}


@final
class AdvisoryHighlighter(QSyntaxHighlighter):
    """Colours what has a meaning; knows one thing across lines, the code fence."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._formats: dict[str, QTextCharFormat] = {}
        self.dress()

    def dress(self) -> None:
        """Take the colours of the theme in force."""
        look = theme()

        def made(role: Role, *, ground: Role | None = None, heavy: bool = False) -> QTextCharFormat:
            format_ = QTextCharFormat()
            format_.setForeground(look.colour(role))
            if ground is not None:
                format_.setBackground(look.colour(ground))
            if heavy:
                format_.setFontWeight(QFont.Weight.DemiBold)
            return format_

        self._formats = {
            "heading": made("accent", heavy=True),
            "fact": made("soon", ground="soon-soft"),
            "unknown": made("overdue", ground="overdue-soft"),
            "code": made("high"),
            "strong": made("text", heavy=True),
        }
        self.rehighlight()

    @override
    def highlightBlock(self, text: str) -> None:
        in_fence = self.previousBlockState() == _IN_FENCE
        fence = _FENCE.match(text) is not None
        self.setCurrentBlockState(_IN_FENCE if in_fence != fence else 0)
        if in_fence or fence:
            self.setFormat(0, len(text), self._formats["code"])
            return
        if _HEADING.fullmatch(text):
            self.setFormat(0, len(text), self._formats["heading"])
        for match in _STRONG.finditer(text):
            self.setFormat(match.start(), len(match.group()), self._formats["strong"])
        for match in _FACT.finditer(text):
            known = match[1] in PLACES
            self.setFormat(match.start(), len(match.group()), self._formats["fact" if known else "unknown"])
        for match in _CODE.finditer(text):
            self.setFormat(match.start(), len(match.group()), self._formats["code"])


@final
class _Numbers(QWidget):
    """The line numbers at the left of the editor."""

    def __init__(self, editor: AdvisoryEditor) -> None:
        super().__init__(editor)
        self._editor = editor

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._editor.number_width(), 0)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self._editor.paint_numbers(QPainter(self), event.rect())


@final
class AdvisoryEditor(PrivateText):
    """Tab types two blanks inside a list and leaves the editor elsewhere, so that no keyboard is caught in it."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "plain")
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setTabChangesFocus(True)
        self._numbers = _Numbers(self)
        self._findings: tuple[AdvisoryFinding, ...] = ()
        self._highlighter = AdvisoryHighlighter(self.document())
        self.blockCountChanged.connect(lambda _count: self._make_room())
        self.updateRequest.connect(self._scrolled)
        self.cursorPositionChanged.connect(self._mark)
        hub().changed.connect(self._dress)
        self._dress()

    # ----------------------------------------------------------------------------------------- acts
    def show_text(self, text: str) -> None:
        """Put another text here; the place of the reader stays."""
        place = self.verticalScrollBar().value()
        self.setPlainText(text)
        self.verticalScrollBar().setValue(place)

    def show_findings(self, findings: Sequence[AdvisoryFinding]) -> None:
        """Underline what the checks found."""
        self._findings = tuple(findings)
        self._mark()

    def wrap(self, before: str, after: str) -> None:
        """Put marks around what is marked, or around the place where the next word goes."""
        cursor = self.textCursor()
        marked = cursor.selection().toPlainText()
        cursor.insertText(f"{before}{marked}{after}")
        if not marked:
            cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.MoveAnchor, len(after))
        self.setTextCursor(cursor)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def begin_list(self) -> None:
        """Make a list of the marked lines."""
        cursor = self.textCursor()
        first, last = sorted((cursor.position(), cursor.anchor()))
        cursor.beginEditBlock()
        block = self.document().findBlock(first)
        end = self.document().findBlock(last).blockNumber()
        while block.isValid() and block.blockNumber() <= end:
            if not block.text().startswith("- "):
                QTextCursor(block).insertText("- ")
            block = block.next()
        cursor.endEditBlock()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def insert(self, text: str) -> None:
        """Type a text at the cursor."""
        self.textCursor().insertText(text)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_to_line(self, number: int) -> None:
        """Put the cursor on a line, counted from 1, and show it."""
        block = self.document().findBlockByNumber(max(0, number - 1))
        if block.isValid():
            self.setTextCursor(QTextCursor(block))
            self.centerCursor()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    # --------------------------------------------------------------------------------------- numbers
    def number_width(self) -> int:
        digits = max(2, len(str(max(1, self.blockCount()))))
        return round(theme().metric("mono-small").horizontalAdvance("9") * digits) + theme().px(22)

    def paint_numbers(self, painter: QPainter, area: QRect) -> None:
        look = theme()
        painter.fillRect(area, look.colour("sunken"))
        painter.setFont(look.font("mono-small"))
        current = self.textCursor().blockNumber()
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top() + look.px(8)
        width = self._numbers.width() - look.px(9)
        while block.isValid() and top <= area.bottom():
            height = self.blockBoundingRect(block).height()
            if block.isVisible() and top + height >= area.top():
                painter.setPen(look.colour("text" if block.blockNumber() == current else "muted"))
                line = QRect(0, round(top), width, self.fontMetrics().lineSpacing())
                flags = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                painter.drawText(line, flags, str(block.blockNumber() + 1))
            block = block.next()
            top += height

    def _make_room(self) -> None:
        self.setViewportMargins(self.number_width() + theme().px(8), theme().px(8), theme().px(8), 0)
        self._place_numbers()

    def _place_numbers(self) -> None:
        area = self.contentsRect()
        self._numbers.setGeometry(area.left(), area.top(), self.number_width(), area.height())

    def _scrolled(self, _rect: QRect, dy: int) -> None:
        if dy:
            self._numbers.scroll(0, dy)
        else:
            self._numbers.update()

    # ----------------------------------------------------------------------------------------- marks
    def _mark(self) -> None:
        marks = []
        if not self.isReadOnly():
            here = _selection(self.textCursor(), theme().colour("accent-soft"))
            here.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            here.cursor.clearSelection()
            marks.append(here)
        marks += [mark for finding in self._findings if (mark := self._underline(finding)) is not None]
        self.setExtraSelections(marks)
        self._numbers.update()

    def _underline(self, finding: AdvisoryFinding) -> QTextEdit.ExtraSelection | None:
        if not finding.line or not finding.what:
            return None
        block = self.document().findBlockByNumber(finding.line - 1)
        at = block.text().find(finding.what) if block.isValid() else -1
        if at < 0:
            return None
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + at)
        cursor.setPosition(block.position() + at + len(finding.what), QTextCursor.MoveMode.KeepAnchor)
        mark = _selection(cursor, None)
        mark.format.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        mark.format.setUnderlineColor(theme().colour("overdue" if finding.level == "blocks" else "today"))
        return mark

    def _dress(self) -> None:
        self.setFont(theme().font("mono"))
        self._highlighter.dress()
        self._make_room()
        self._mark()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_numbers()

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _mark_of(event):
            # While somebody writes, these keys mean bold and italic and not what they mean elsewhere.
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        mark = _mark_of(event)
        if mark and not self.isReadOnly():
            around = "**" if mark == "bold" else "_"
            self.wrap(around, around)
        else:
            super().keyPressEvent(event)


def _mark_of(event: QKeyEvent) -> str:
    if event.modifiers() != Qt.KeyboardModifier.ControlModifier:
        return ""
    return _MARKS.get(Qt.Key(event.key()), "")


def _selection(cursor: QTextCursor, ground: QColor | None) -> QTextEdit.ExtraSelection:
    made = QTextEdit.ExtraSelection()
    made.cursor = cursor
    made.format = QTextCharFormat()
    if ground is not None:
        made.format.setBackground(ground)
    return made
