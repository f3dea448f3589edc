"""Markdown as plain text for mail: wrapped lines, indented code, addresses written out."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from app.domain.markdown import parse

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

WIDTH: Final = 72
"""Columns of a line of mail: 78 is the most that RFC 5322 2.1.1 asks for, and quoting needs room."""


def plain_text(text: str, width: int = WIDTH) -> str:
    """The Markdown text as wrapped plain text without a final newline; addresses and code are never broken."""
    return _blocks(parse(text).children, width)


def plain_line(text: str) -> str:
    """The Markdown text on one line, without marks."""
    return re.sub(r"\s+", " ", " ".join(_inline(node) for node in _leaves(parse(text)))).strip()


def wrapped(text: str, width: int = WIDTH, first: str = "", rest: str = "") -> str:
    """One paragraph filled to `width` columns; a word that is longer stands alone on its line."""
    return textwrap.fill(
        re.sub(r"\s+", " ", text).strip(),
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _leaves(tree: SyntaxTreeNode) -> list[SyntaxTreeNode]:
    return [node for node in tree.walk() if node.type == "inline"]


def _blocks(nodes: Sequence[SyntaxTreeNode], width: int) -> str:
    return "\n\n".join(block for node in nodes if (block := _block(node, width)))


def _block(node: SyntaxTreeNode, width: int) -> str:
    match node.type:
        case "paragraph" | "heading":
            return "\n".join(wrapped(line, width) for line in _text(node).split("\n") if line.strip())
        case "fence" | "code_block":
            return textwrap.indent(node.content.rstrip("\n"), "    ")
        case "bullet_list" | "ordered_list":
            return _list(node, width)
        case "blockquote":
            quoted = _blocks(node.children, width - 2)
            return "\n".join(f"> {line}".rstrip() for line in quoted.split("\n")) if quoted else ""
        case "table":
            rows = (row for part in node.children for row in part.children)
            return "\n".join(" | ".join(_text(cell).replace("\n", " ") for cell in row.children) for row in rows)
        case _:
            return ""


def _list(node: SyntaxTreeNode, width: int) -> str:
    start = int(node.attrs.get("start", 1))
    loose = any(child.type == "paragraph" and not child.hidden for item in node.children for child in item.children)
    items = []
    for index, item in enumerate(node.children):
        marker = "- " if node.type == "bullet_list" else f"{start + index}. "
        body = ("\n\n" if loose else "\n").join(
            block for child in item.children if (block := _block(child, width - len(marker)))
        )
        if body:
            items.append(marker + textwrap.indent(body, " " * len(marker)).removeprefix(" " * len(marker)))
    return ("\n\n" if loose else "\n").join(items)


def _text(node: SyntaxTreeNode) -> str:
    """The text of a paragraph; only a hard break ends a line."""
    return "".join(_inline(child) for child in node.children)


def _inline(node: SyntaxTreeNode) -> str:
    match node.type:
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "code_inline":
            return f"`{node.content}`" if "`" not in node.content else f"``{node.content}``"
        case "strong":
            return f"*{''.join(_inline(child) for child in node.children)}*"
        case "link":
            return _link("".join(_inline(child) for child in node.children), str(node.attrs.get("href", "")))
        case "image":
            return _link(node.content, str(node.attrs.get("src", "")))
        case _ if node.children:
            return "".join(_inline(child) for child in node.children)
        case _:
            return node.content


def _link(label: str, target: str) -> str:
    visible = label.strip()
    if not target.lower().startswith(("http://", "https://", "mailto:")) or target.removeprefix("mailto:") == visible:
        return visible
    return f"{visible} <{target}>" if visible else f"<{target}>"
