"""Moves the keyboard from one part of the window to the next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def focus_next_part(parts: Sequence[QWidget], focus: QWidget | None, step: int) -> None:
    """Give the keyboard to the first control of the next part that has one; `step` is 1, or -1 to go back."""
    at = next((i for i, part in enumerate(parts) if part.isAncestorOf(focus)), 0) if focus is not None else 0
    for offset in range(1, len(parts) + 1):
        first = first_focus(parts[(at + step * offset) % len(parts)])
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)
            return


def first_focus(part: QWidget) -> QWidget | None:
    """The first control of a part, in the order of Tab, that can take the keyboard."""
    walker = part.nextInFocusChain()
    while walker is not None and walker is not part:
        can = walker.focusPolicy() & Qt.FocusPolicy.TabFocus
        if can and part.isAncestorOf(walker) and walker.isVisible() and walker.isEnabled():
            return walker
        walker = walker.nextInFocusChain()
    return None
