"""Markdown as a document, token by token: no HTML is ever parsed, nothing is ever loaded."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final
from urllib.parse import urlsplit

from PySide6.QtGui import (
    QBrush,
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextList,
    QTextListFormat,
    QTextTable,
    QTextTableFormat,
)

from ui.kit.fonts import Style
from ui.kit.theme import Theme
from ui.widgets.tip import plain_tip

if TYPE_CHECKING:
    from markdown_it.token import Token

_HEADS: Final[dict[str, tuple[Style, int]]] = {"h1": ("title", 8), "h2": ("h2", 14)}
_SCHEMES: Final = frozenset({"http", "https", "mailto"})
# What can begin anything but text in the inline grammar; most lines hold none and need no parser.
_SPECIAL: Final = re.compile(r"[\\\n`*_~\[\]!<>&{}$%@^:#=+\"'()|-]")
_LINE_HEIGHT: Final = QTextBlockFormat.LineHeightTypes.ProportionalHeight.value


def write_markdown(document: QTextDocument, text: str, look: Theme) -> None:
    """Replace what `document` holds with `text` read as CommonMark with tables and strike-through.

    Raw HTML stays text. An image becomes its alternative text. A link keeps its address only when that is an
    absolute http, https or mailto address.
    """
    # Imported here: the parser costs the start of the program more than its first paint may take.
    from markdown_it import MarkdownIt

    parser = MarkdownIt("js-default", {"html": False, "linkify": False}).disable("inline")
    env: dict[str, object] = {}
    tokens = parser.parse(text, env)

    def runs(content: str) -> list[Token]:
        """The runs of one paragraph, parsed when it is written; references are in `env` by then."""
        found: list[Token] = []
        parser.inline.parse(content, parser, env, found)
        return found

    document.setUndoRedoEnabled(False)
    document.clear()
    document.setDefaultFont(look.font("body"))
    document.setDocumentMargin(0)
    document.setIndentWidth(look.px(22))
    _Writer(document, look, runs).write(tokens)
    if document.isEmpty() and text.strip():
        # The parser drops what is nested beyond its limit; the reader must not take that for an empty text.
        document.setPlainText(text)


def safe_address(address: str) -> str:
    """The address when a person may be shown it as a link, else an empty text."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme.lower() not in _SCHEMES or (parts.scheme.lower() != "mailto" and not parts.netloc):
        return ""
    return address


@dataclass(slots=True)
class _List:
    """One open list: its format, and the list itself once its first item is written."""

    shape: QTextListFormat
    made: QTextList | None = None
    item_is_new: bool = True


@final
class _Writer:
    """Walks the parser's tokens once and writes blocks and runs with their formats."""

    def __init__(self, document: QTextDocument, look: Theme, runs: Callable[[str], Sequence[Token]]) -> None:
        self._cursor = QTextCursor(document)
        self._runs = runs
        self._look = look
        self._body = self._run("body")
        self._base = self._body
        self._marks: list[str] = []
        self._address = ""
        self._lists: list[_List] = []
        self._quotes = 0
        # The first block, and the one that Qt puts behind a table, are there already.
        self._reuse = True
        self._first = True
        self._table: QTextTable | None = None
        self._row = self._column = -1

    def write(self, tokens: Sequence[Token]) -> None:
        self._cursor.beginEditBlock()
        for at, token in enumerate(tokens):
            if token.type == "table_open":
                self._open_table(tokens[at:])
            elif (act := _ACTS.get(token.type)) is not None:
                act(self, token)
        self._cursor.endEditBlock()

    def _run(self, style: Style) -> QTextCharFormat:
        run = QTextCharFormat()
        run.setFont(self._look.font(style))
        run.setForeground(QBrush(self._look.colour("text")))
        return run

    def _block(self, top: int = 0, bottom: int = 8) -> QTextBlockFormat:
        """Begin a block in the place that the open lists and quotes give it."""
        layout = QTextBlockFormat()
        layout.setLineHeight(145, _LINE_HEIGHT)
        layout.setTopMargin(0 if self._first else self._look.px(top))
        layout.setBottomMargin(self._look.px(2 if self._lists else bottom))
        layout.setLeftMargin(self._look.px(16 * self._quotes))
        opened = self._lists[-1] if self._lists else None
        if opened is not None and not opened.item_is_new:
            layout.setIndent(len(self._lists))
        if self._reuse:
            self._cursor.setBlockFormat(layout)
            self._cursor.setBlockCharFormat(self._body)
        else:
            self._cursor.insertBlock(layout, self._body)
        self._reuse = self._first = False
        if opened is not None and opened.item_is_new:
            opened.item_is_new = False
            if opened.made is None:
                opened.made = self._cursor.createList(opened.shape)
            else:
                opened.made.add(self._cursor.block())
        return layout

    def paragraph(self, _token: Token) -> None:
        if self._table is None:
            self._base = self._body
            self._block()

    def heading(self, token: Token) -> None:
        style, top = _HEADS.get(token.tag, ("strong", 10))
        self._base = self._run(style)
        layout = self._block(top=top, bottom=6)
        layout.setHeadingLevel(int(token.tag[1:]))
        self._cursor.setBlockFormat(layout)

    def inline(self, token: Token) -> None:
        if not _SPECIAL.search(token.content):
            self._cursor.insertText(token.content, self._base)
            return
        for child in self._runs(token.content):
            if child.type.endswith("_open"):
                self._marks.append(child.type)
                self._address = safe_address(str(child.attrGet("href") or "")) or self._address
            elif child.type.endswith("_close"):
                if self._marks and self._marks.pop() == "link_open":
                    self._address = ""
            else:
                self._say(child)

    def _say(self, child: Token) -> None:
        if child.type == "softbreak":
            self._cursor.insertText(" ", self._marked())
        elif child.type == "hardbreak":
            self._cursor.insertText("\u2028", self._marked())
        elif child.type == "code_inline":
            self._cursor.insertText(child.content, self._marked(mono=True))
        else:
            # Text, an image's alternative text, and whatever a newer parser may bring: all as words.
            self._cursor.insertText(child.content, self._marked())

    def _marked(self, *, mono: bool = False) -> QTextCharFormat:
        if not self._marks and not mono:
            return self._base
        run = QTextCharFormat(self._base)
        if mono:
            run.setFont(self._look.font("mono"))
            run.setBackground(QBrush(self._look.colour("sunken")))
        if "strong_open" in self._marks:
            run.setFontWeight(QFont.Weight.DemiBold)
        if "em_open" in self._marks:
            run.setFontItalic(True)
        if "s_open" in self._marks:
            run.setFontStrikeOut(True)
        if self._address:
            run.setAnchor(True)
            run.setAnchorHref(self._address)
            run.setToolTip(plain_tip(self._address))
            run.setForeground(QBrush(self._look.colour("accent")))
        return run

    def code(self, token: Token) -> None:
        frame = QTextFrameFormat()
        frame.setBackground(QBrush(self._look.colour("sunken")))
        frame.setPadding(self._look.px(8))
        frame.setTopMargin(self._look.px(4))
        frame.setBottomMargin(self._look.px(10))
        frame.setLeftMargin(self._look.px(16 * self._quotes + 22 * len(self._lists)))
        run = QTextCharFormat(self._body)
        run.setFont(self._look.font("mono"))
        made = self._cursor.insertFrame(frame)
        self._cursor.insertText(token.content.rstrip("\n").replace("\n", "\u2028"), run)
        self._cursor.setPosition(made.lastPosition() + 1)
        self._reuse = True

    def rule(self, _token: Token) -> None:
        layout = self._block(bottom=8)
        length = QTextLength(QTextLength.Type.PercentageLength, 100)
        layout.setProperty(QTextFormat.Property.BlockTrailingHorizontalRulerWidth, length)
        layout.setBackground(QBrush(self._look.colour("border")))
        self._cursor.setBlockFormat(layout)

    def quote(self, token: Token) -> None:
        self._quotes += token.nesting

    def bullets(self, _token: Token) -> None:
        self._open_list(QTextListFormat.Style.ListDisc)

    def numbers(self, token: Token) -> None:
        self._open_list(QTextListFormat.Style.ListDecimal, int(token.attrGet("start") or 1))

    def _open_list(self, style: QTextListFormat.Style, start: int = 1) -> None:
        shape = QTextListFormat()
        shape.setStyle(style)
        shape.setIndent(len(self._lists) + 1)
        shape.setStart(start)
        self._lists.append(_List(shape))

    def item(self, _token: Token) -> None:
        self._lists[-1].item_is_new = True

    def close_list(self, _token: Token) -> None:
        self._lists.pop()

    def _open_table(self, tokens: Sequence[Token]) -> None:
        end = next((at for at, token in enumerate(tokens) if token.type == "table_close"), len(tokens))
        rows = sum(token.type == "tr_open" for token in tokens[:end])
        cells = sum(token.type in {"th_open", "td_open"} for token in tokens[:end])
        shape = QTextTableFormat()
        shape.setCellPadding(self._look.px(4))
        shape.setCellSpacing(0)
        shape.setBorder(1)
        shape.setBorderCollapse(True)
        shape.setBorderBrush(QBrush(self._look.colour("border")))
        shape.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        shape.setBottomMargin(self._look.px(10))
        self._table = self._cursor.insertTable(max(1, rows), max(1, cells // max(1, rows)), shape)
        self._row = -1

    def table_row(self, _token: Token) -> None:
        self._row += 1
        self._column = -1

    def table_cell(self, token: Token) -> None:
        self._column += 1
        if self._table is None:
            return
        cell = self._table.cellAt(self._row, self._column)
        if cell.isValid():
            self._cursor = cell.firstCursorPosition()
        self._base = self._run("strong" if token.type == "th_open" else "body")

    def close_table(self, _token: Token) -> None:
        self._table = None
        self._cursor.movePosition(QTextCursor.MoveOperation.End)
        self._reuse = True


_ACTS: Final[dict[str, Callable[[_Writer, Token], None]]] = {
    "paragraph_open": _Writer.paragraph,
    "heading_open": _Writer.heading,
    "inline": _Writer.inline,
    "fence": _Writer.code,
    "code_block": _Writer.code,
    "html_block": _Writer.code,
    "hr": _Writer.rule,
    "blockquote_open": _Writer.quote,
    "blockquote_close": _Writer.quote,
    "bullet_list_open": _Writer.bullets,
    "ordered_list_open": _Writer.numbers,
    "list_item_open": _Writer.item,
    "bullet_list_close": _Writer.close_list,
    "ordered_list_close": _Writer.close_list,
    "tr_open": _Writer.table_row,
    "th_open": _Writer.table_cell,
    "td_open": _Writer.table_cell,
    "table_close": _Writer.close_table,
}
