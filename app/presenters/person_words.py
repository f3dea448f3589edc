"""A person in little room: two initials, or the first name with an initial."""

from __future__ import annotations

from app.domain.untrusted import safe_line

_LONGEST = 80


def initials(name: str) -> str:
    """Two capital letters for an avatar; `?` where the name has none."""
    parts = _parts(name)
    if not parts:
        return "?"
    return (parts[0][0] + (parts[-1][0] if len(parts) > 1 else "")).upper()


def short_name(name: str) -> str:
    """`Ada E.` for Ada Example; a name of one word stays."""
    parts = _parts(name)
    if len(parts) < 2:
        return safe_line(name, _LONGEST)
    return f"{parts[0]} {parts[-1][0].upper()}."


def _parts(name: str) -> list[str]:
    return [part for part in safe_line(name, _LONGEST).split() if part[0].isalnum()]
