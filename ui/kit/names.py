"""Names for tests and names for people, given together so that neither is forgotten."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QWidget

_W = TypeVar("_W", bound=QWidget)


def named(widget: _W, object_name: str, accessible_name: str) -> _W:
    """Give `widget` its `screen.control` name for tests and its spoken name for screen readers."""
    widget.setObjectName(object_name)
    widget.setAccessibleName(accessible_name)
    return widget
