"""The words of an HTML mail as plain text: tags are left out, nothing is followed, loaded or run."""

from __future__ import annotations

import html
import re
from typing import Final

HTML_LIMIT: Final = 1_000_000
"""Characters of HTML that are looked at."""

_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]{0,15})")
_SILENT = {
    name: re.compile(f"</{name}", re.IGNORECASE)
    for name in ("script", "style", "head", "title", "template", "noscript")
}
_BREAKS = frozenset({"address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "footer", "header"}) | {
    *("h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul")
}
_BLANKS = re.compile(r"[ \t\r\f\v\xa0]+")
_EMPTY_LINES = re.compile(r"\n\s*\n\s*")


def text_of(source: str) -> str:
    """One pass from left to right, so that no nesting and no unclosed tag can make it slow."""
    text = source[:HTML_LIMIT]
    pieces: list[str] = []
    position = 0
    while (start := text.find("<", position)) >= 0:
        pieces.append(_words(text[position:start]))
        position = _after(text, start, pieces)
    pieces.append(_words(text[position:]))
    lines = (line.strip() for line in "".join(pieces).split("\n"))
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()


def _words(text: str) -> str:
    return _BLANKS.sub(" ", html.unescape(text.replace("\n", " ")))


def _after(text: str, start: int, pieces: list[str]) -> int:
    """Where to go on after the `<` at `start`."""
    if text.startswith("<!--", start):
        return _end(text, "-->", start + 4)
    match = _TAG.match(text, start)
    if match is None and text[start + 1 : start + 2] not in ("!", "?"):
        pieces.append("<")
        return start + 1
    after = _end(text, ">", start)
    name = match[1].lower() if match else ""
    if name in _BREAKS:
        pieces.append("\n")
    if name in _SILENT and text[start + 1] != "/":
        closing = _SILENT[name].search(text, after)
        return _end(text, ">", closing.end()) if closing else len(text)
    return after


def _end(text: str, mark: str, start: int) -> int:
    found = text.find(mark, start)
    return len(text) if found < 0 else found + len(mark)
