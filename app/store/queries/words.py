"""What a person typed into the search box, as terms of the full-text index; whatever they type, it is words."""

from __future__ import annotations

from typing import Final

from app.store.connection import bindable

_MOST: Final = 12
_LONGEST: Final = 80


def terms(text: str) -> tuple[str, ...]:
    """One quoted prefix for each word; words without a letter or digit ask for nothing and are left out."""
    found: dict[str, None] = {}
    for word in text[: _MOST * _LONGEST * 4].split():
        # A NUL would end the term.
        plain = bindable(word[:_LONGEST].replace("\0", " "))
        if any(character.isalnum() for character in plain):
            quoted = plain.replace('"', '""')
            found[f'"{quoted}"*'] = None
    return tuple(found)[:_MOST]
