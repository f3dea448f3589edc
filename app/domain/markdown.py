"""Markdown from outside, read and written again so that nothing in it can break the page around it.

The text is parsed (CommonMark with tables and strike-through, raw HTML off) and printed anew from what was
understood: links go only to http, https, mail and places of the same site; images become links; rules vanish;
headings sink below the page's own; `<`, `{` and `}` outside code are escaped, since MDX compiles them as code, and
so are words that MDX takes for statements. The result is in the form that prettier 3 leaves alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from app.domain.untrusted import safe_line, safe_text

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

BODY_LIMIT: Final = 200_000
"""Characters of one text that is formatted; a longer one is cut, visibly."""

_ALWAYS = re.compile(r"[`\[\]<{}~*]")
_ENTITY = re.compile(r"&(?=(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)")
_BACKSLASH = re.compile(r"\\(?=[!-/:-@\[-`{-~\n]|\Z)")
_URL = re.compile(r"https?://[A-Za-z0-9._:/?#@&+,;=%-]*[A-Za-z0-9/#=&-]", re.IGNORECASE)
_URL_ENDS = re.compile(r"[.,;:!?]?(?:\s|\Z)")
_BARE_HOST = re.compile(r"(?<![A-Za-z0-9])www\.(?=\S)", re.IGNORECASE)
_BARE_SCHEME = re.compile(r"(https?:)//", re.IGNORECASE)
_SAFE_TARGET = re.compile(r"(?:https?://|mailto:|/(?!/)|#)[!-~]+", re.IGNORECASE)
_TARGET_CODES = {c: f"%{ord(c):02X}" for c in "()<>[]{}\\\"'`|^* "}
_BLOCK_START = re.compile(r"(?:[-+](?=\s|\[|\Z)|---|[#>=]|[-|:][-|:\s]*\Z)")
_ORDERED_START = re.compile(r"([0-9]{1,9})([.)])(?=[\s\\]|\Z)")
_STATEMENT = re.compile(r"(?:import|export)\b")
_INFO = re.compile(r"[A-Za-z0-9_+#.-]{1,20}")
_FORMATTED_BY_PRETTIER: Final = re.compile(
    r"(?:[cm]?[jt]sx?|es6|(?:java|type)script(?:react)?|json[5cl]?|geojson|webmanifest|importmap|flow|(?:wx|le|s[ac]|post|p)?css"
    r"|graphqls?|gql|handlebars|hbs|glimmer|x?html?|vue|angular|mjml|md|markdown|mdx|pandoc|rmarkdown|ya?ml|toml)",
    re.IGNORECASE,
)
_MAX_NESTING: Final = 12
_ASCII_PUNCTUATION: Final = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


def parse(text: str) -> SyntaxTreeNode:
    """The tree of a Markdown text; hidden characters are spelt out first."""
    # Costs 30 ms, and most commands format nothing.
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

    reader = MarkdownIt("commonmark", {"html": False, "maxNesting": _MAX_NESTING})
    reader.enable(["table", "strikethrough"])
    return SyntaxTreeNode(reader.parse(safe_text(text, BODY_LIMIT)))


def safe_markdown(text: str, *, top: int = 3) -> str:
    """The text in canonical, harmless Markdown without a final newline; no heading is above level `top`."""
    written = _blocks(parse(text).children, top)
    for _again in range(4):
        # Neighbours can flow together when printed (two lists become one): print until nothing changes.
        read_again = _blocks(parse(written).children, top)
        if read_again == written:
            break
        written = read_again
    return written


def safe_inline(text: str) -> str:
    """One line of Markdown from a plain title: code spans stay, everything else is taken literally."""
    line = re.sub(r"\s+", " ", safe_line(text)).strip()
    parts = re.split(r"((?<!`)(`+)(?!`).+?(?<!`)\2(?!`))", line)
    written = ""
    # split gives: text, code, ticks, text, code, ticks, …
    for index in range(0, len(parts), 3):
        written += escape(parts[index], alone=index + 1 == len(parts))
        if index + 1 < len(parts):
            ticks = len(parts[index + 2])
            written += _code_span(parts[index + 1][ticks:-ticks])
    return _open_ended(re.sub(" {2,}", " ", written).strip())


def fact(text: str, limit: int = 120) -> str:
    """A fact within a sentence: one line with single blanks, at most `limit` characters, taken literally."""
    return escape(" ".join(safe_line(text, limit).split()), alone=False)


def escape(text: str, *, alone: bool = True) -> str:
    """Plain text as Markdown that shows exactly it, within a line; addresses of pages stay links.

    `alone` tells that nothing is written right behind it.
    """
    written, end = "", 0
    for found in _URL.finditer(text):
        before = text[found.start() - 1] if found.start() else " "
        if before.isascii() and before.isalpha():
            continue
        url = found.group()
        # An address swallows what follows it, the backslash of an escape too, unless it ends in sight.
        ends = _URL_ENDS.match(text, found.end()) and (alone or found.end() < len(text))
        shown = url if ends else f"[{_escaped(url)}]({_target(url)})"
        written += _unlinked(text[end : found.start()]) + shown
        end = found.end()
    return written + _unlinked(text[end:])


def code(text: str) -> str:
    """A code span of this text."""
    return _code_span(safe_line(text))


def link(label: str, url: str) -> str:
    """A link, or only its label where the address is not one that a public page should lead to."""
    target = _target(url)
    shown = " ".join(label.split())
    return f"[{_escaped(shown)}]({target})" if target else escape(shown, alone=False)


def _open_ended(title: str) -> str:
    """A title whose last `#` stays a part of it, instead of closing the heading."""
    return title[:-1] + "\\#" if title.endswith("#") and not title.endswith("\\#") else title


def _unlinked(text: str) -> str:
    """Escaped text in which nothing is taken for an address: that would swallow the escapes behind it."""
    return _BARE_HOST.sub(r"www\\.", _BARE_SCHEME.sub(r"\1\\//", _escaped(text)))


def _escaped(text: str) -> str:
    doubled = _BACKSLASH.sub(r"\\\\", text)
    marked = _ALWAYS.sub(lambda match: "\\" + match.group(), doubled)
    return _ENTITY.sub(r"\\&", _underscores(marked))


def _underscores(text: str) -> str:
    """Underscores within a word mean nothing in Markdown and stay; runs at an edge of a word are escaped."""

    def at_edge(match: re.Match[str]) -> str:
        before = text[match.start() - 1] if match.start() else " "
        after = text[match.end()] if match.end() < len(text) else " "
        return "\\_" * len(match.group()) if _is_edge(before) or _is_edge(after) else match.group()

    return re.sub("_+", at_edge, text)


def _is_edge(character: str) -> bool:
    if character in _ASCII_PUNCTUATION or character.isspace():
        return True
    return unicodedata.category(character).startswith("P")


def _code_span(text: str) -> str:
    body = re.sub(r"\s+", " ", text).strip()
    if not body:
        return ""
    runs = {len(run) for run in re.findall("`+", body)}
    ticks = "`" * next(count for count in range(1, len(runs) + 2) if count not in runs)
    gap = " " if body.startswith("`") or body.endswith("`") else ""
    return f"{ticks}{gap}{body}{gap}{ticks}"


def _target(url: str) -> str:
    """The address in a form that needs no brackets, or nothing where it leads elsewhere than a page or a mail."""
    quoted = "".join(_TARGET_CODES.get(c, c) for c in url.strip())
    return quoted if len(quoted) <= 2048 and _SAFE_TARGET.fullmatch(quoted) else ""


# ---------------------------------------------------------------------------------------------- blocks
def _blocks(nodes: Sequence[SyntaxTreeNode], top: int) -> str:
    written = [_block(node, top) for node in nodes]
    return "\n\n".join(block for block in written if block)


def _block(node: SyntaxTreeNode, top: int) -> str:
    match node.type:
        case "paragraph":
            return _paragraph(node)
        case "heading":
            level = max(top, min(6, int(node.tag[1])))
            title = _open_ended(_lines(node).replace("\n", " "))
            return f"{'#' * level} {title}" if title else ""
        case "fence" | "code_block":
            return _fence(node)
        case "bullet_list" | "ordered_list":
            return _list(node, top)
        case "blockquote":
            inner = _blocks(node.children, top)
            return "\n".join(f"> {line}".rstrip() for line in inner.split("\n")) if inner else ""
        case "table":
            return _table(node)
        case _:
            return ""


def _lines(node: SyntaxTreeNode) -> str:
    written = _inlines(node.children[0].children if node.children else [], ())
    spaced = re.sub(r"[ \t]+", " ", written)
    return "\n".join(line.strip() for line in spaced.split("\n") if line.strip())


def _paragraph(node: SyntaxTreeNode) -> str:
    lines = [_line_start(line) for line in _lines(node).split("\n")]
    if lines and _STATEMENT.match(lines[0]):
        lines[0] = f"&#{ord(lines[0][0])};" + lines[0][1:]
    if lines and lines[-1].endswith("\\") and not lines[-1].endswith("\\\\"):
        lines[-1] = lines[-1][:-1].rstrip()  # a break needs a line after it
    return "\n".join(lines)


def _line_start(line: str) -> str:
    if _BLOCK_START.match(line):
        return "\\" + line
    return _ORDERED_START.sub(r"\1\\\2", line, count=1) if _ORDERED_START.match(line) else line


def _fence(node: SyntaxTreeNode) -> str:
    content = "\n".join(line.rstrip() for line in node.content.split("\n")).strip("\n")
    longest = max((len(run) for run in re.findall("`{3,}", content)), default=2)
    fence = "`" * max(3, longest + 1)
    info = node.info.split(maxsplit=1)[0] if node.type == "fence" and node.info.split() else ""
    # prettier rewrites code of languages that it knows, and the code of an advisory is not ours to rewrite.
    keep = _INFO.fullmatch(info) and not _FORMATTED_BY_PRETTIER.fullmatch(info)
    return f"{fence}{info if keep else ''}\n{content}\n{fence}"


def _list(node: SyntaxTreeNode, top: int) -> str:
    loose = any(child.type == "paragraph" and not child.hidden for item in node.children for child in item.children)
    start = min(int(node.attrs.get("start", 1)), 999_000)
    items = []
    for index, item in enumerate(node.children):
        body = _item(item, top, loose=loose)
        if not body:
            continue
        marker = "- " if node.type == "bullet_list" else f"{start + index}. "
        first, *rest = body.split("\n")
        items.append("\n".join([marker + first, *(" " * len(marker) + line if line else "" for line in rest)]))
    return ("\n\n" if loose else "\n").join(items)


def _item(item: SyntaxTreeNode, top: int, *, loose: bool) -> str:
    written = [block for node in item.children if (block := _block(node, top))]
    return ("\n\n" if loose else "\n").join(written)


def _table(node: SyntaxTreeNode) -> str:
    rows = [
        [_lines(cell).replace("\n", " ").replace("|", "\\|") for cell in row.children]
        for part in node.children
        for row in part.children
    ]
    columns = len(rows[0])
    rows = [(row + [""] * columns)[:columns] for row in rows]
    widths = [max(3, *(_width(row[column]) for row in rows)) for column in range(columns)]
    head, *body = [_row(row, widths) for row in rows]
    return "\n".join([head, _row(["-" * width for width in widths], widths), *body])


def _row(cells: Iterable[str], widths: Iterable[int]) -> str:
    padded = (cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"


def _width(text: str) -> int:
    """Columns of a text in a fixed-width font; East Asian wide characters take two (UAX 11)."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text if not unicodedata.combining(c))


# --------------------------------------------------------------------------------------------- inlines
def _inlines(nodes: Sequence[SyntaxTreeNode], inside: tuple[str, ...]) -> str:
    written = ""
    for index, node in enumerate(nodes):
        after = nodes[index + 1] if index + 1 < len(nodes) else None
        written += _inline(node, written, after, inside)
    return written


def _inline(node: SyntaxTreeNode, before: str, after: SyntaxTreeNode | None, inside: tuple[str, ...]) -> str:
    match node.type:
        case "text":
            return _plain(node.content, after, inside)
        case "softbreak" | "hardbreak":
            return "\n" if node.type == "softbreak" else "\\\n"
        case "code_inline":
            return _code_span(node.content)
        case "strong" | "em" | "s":
            return _marked(node, before, after, inside)
        case "link":
            return _link(node, after, inside)
        case "image":
            return link(node.content.replace("\n", " ") or "image", str(node.attrs.get("src", "")))
        case _:
            return escape(node.content)


def _plain(content: str, after: SyntaxTreeNode | None, inside: tuple[str, ...]) -> str:
    if "link" in inside:
        return _escaped(content)
    text = escape(content, alone=_ends(after, inside))
    leads_to_link = text.endswith("!") and after is not None and after.type in ("link", "image")
    return text[:-1] + "\\!" if leads_to_link else text


def _ends(after: SyntaxTreeNode | None, inside: tuple[str, ...]) -> bool:
    """Whether nothing stands right behind a node on its line."""
    if after is not None:
        return after.type == "softbreak" or (after.type == "text" and after.content[:1].isspace())
    return not inside


def _marked(node: SyntaxTreeNode, before: str, after: SyntaxTreeNode | None, inside: tuple[str, ...]) -> str:
    inner = _inlines(node.children, (*inside, node.type)).strip()
    if not inner:
        return ""
    if node.type != "em":
        marks = "**" if node.type == "strong" else "~~"
        return f"{marks}{inner}{marks}"
    within_word = bool(before) and not _is_edge(before[-1])
    if after is not None and after.type == "text" and after.content:
        within_word = within_word or not _is_edge(after.content[0])
    marks = "*" if within_word or "em" in inside else "_"
    return f"{marks}{inner}{marks}"


def _link(node: SyntaxTreeNode, after: SyntaxTreeNode | None, inside: tuple[str, ...]) -> str:
    target = _target(str(node.attrs.get("href", "")))
    label = _inlines(node.children, (*inside, "link")).replace("\n", " ").strip()
    if not target or not label:
        return label
    plain = "".join(child.content for child in node.children)
    if plain == target and _URL.fullmatch(target) and _ends(after, inside):
        return target
    return f"[{label}]({target})"
