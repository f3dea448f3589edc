"""The texts that search looks through, piece by piece: a new note adds a piece and leaves all others alone.

Taking a text out of the index (with FTS5's secure-delete) costs about twenty times what adding one costs, so nothing
is taken out that still holds.
"""

from __future__ import annotations

import re
from typing import Final

from app.domain.errors import Defect
from app.store.connection import Connection

PIECE_SHIFT: Final = 20
"""A piece's id is stream << 20 | place."""

_WHOLE: Final = 400
_MOST: Final = 256
_BLANK: Final = re.compile(r"\n[ \t]*\n+")


def pieces(words: tuple[str, ...]) -> tuple[str, ...]:
    """The pieces of some texts: short ones whole, long ones by paragraph, none twice, at most 256 of each text."""
    found: dict[str, None] = {}
    for text in words:
        parts = [text] if len(text) <= _WHOLE else _paragraphs(text)
        for part in parts:
            stripped = part.strip()
            if stripped:
                found[stripped] = None
    return tuple(found)


def write_texts(db: Connection, stream: int, old: tuple[str, ...], new: tuple[str, ...]) -> None:
    """Brings the pieces of a case from those of `old` to those of `new`."""
    if old == new:
        return
    before, after = pieces(old), pieces(new)
    kept = set(before)
    added = [piece for piece in after if piece not in kept]
    removed = kept.difference(after)
    first, last = stream << PIECE_SHIFT, (stream + 1 << PIECE_SHIFT) - 1
    if removed:
        rows = db.all("SELECT id, words FROM case_text WHERE id BETWEEN ? AND ?", (first, last))
        for piece_id, words in rows:
            if words in removed:
                db.run("DELETE FROM case_text WHERE id = ?", (piece_id,))
    if added:
        place = db.one("SELECT max(id) FROM case_text WHERE id BETWEEN ? AND ?", (first, last))[0]
        start = first if place is None else place + 1
        if start + len(added) > last:
            raise Defect("store.too-many-texts")
        for offset, piece in enumerate(added):
            db.run("INSERT INTO case_text (id, words) VALUES (?, ?)", (start + offset, piece))


def _paragraphs(text: str) -> list[str]:
    parts = _BLANK.split(text)
    if len(parts) <= _MOST:
        return parts
    # A text made of nothing but blank lines must not become a hundred thousand rows.
    step = -(-len(parts) // _MOST)
    return ["\n".join(parts[place : place + step]) for place in range(0, len(parts), step)]
