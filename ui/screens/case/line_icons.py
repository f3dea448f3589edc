"""The icon and colour of what is known of a line, the same wherever a line is named."""

from __future__ import annotations

from typing import Final

from app.domain.values import LineStatus
from ui.kit.tokens import Role

_ICONS: Final[dict[LineStatus, tuple[str, Role]]] = {
    "affected": ("octagon-alert", "overdue"),
    "not-affected": ("ban", "muted"),
    "investigating": ("help", "today"),
    "unsupported": ("triangle-alert", "paused"),
}


def line_icon(status: LineStatus) -> tuple[str, Role]:
    """The icon and its colour."""
    return _ICONS[status]
