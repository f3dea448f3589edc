"""Tool tips that show text as it is: what looks like HTML stays text."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QWidget

_ONE_LINE: Final = 72


def plain_tip(text: str) -> str:
    """A tool tip's text: Qt guesses at HTML, so it gets HTML in which nothing of the text has a meaning."""
    if not text:
        return ""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # A short tip stays on one line; Qt would wrap it like running text.
    space = "pre" if len(text) <= _ONE_LINE else "pre-wrap"
    return f"<p style='white-space: {space}; margin: 0'>{plain}</p>"


def set_tip(widget: QWidget, text: str) -> None:
    """Give a widget a plain tool tip; an empty text takes it away."""
    tip = plain_tip(text)
    if widget.toolTip() != tip:
        widget.setToolTip(tip)
