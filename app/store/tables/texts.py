"""The texts that search looks through, piece by piece: a new note adds a piece and leaves all others alone.

Taking a text out of the index for good (FTS5's secure-delete) costs ten times what adding one costs, so a piece that no
longer holds is only marked as stale, found no more, and swept out with the next checkpoint.
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
_SWEPT: Final = 20
_BLANK: Final = re.compile(r"\n[ \t]*\n+")


def pieces(words: tuple[str, ...]) -> tuple[str, ...]:
    """The pieces of some texts: short ones whole, long ones by paragraph, none twice, at most 256 of each text."""
    found: dict[str, None] = {}
    for text in words:
        for part in [text] if len(text) <= _WHOLE else _paragraphs(text):
            stripped = part.strip()
            if stripped:
                found[stripped] = None
    return tuple(found)


def write_texts(db: Connection, stream: int, old: tuple[str, ...], new: tuple[str, ...]) -> None:
    """Brings the pieces of a case from those of `old` to those of `new`."""
    if old == new:
        return
    before, after = pieces(old), pieces(new)
    held, wanted = set(before), set(after)
    span = (stream << PIECE_SHIFT, (stream + 1 << PIECE_SHIFT) - 1)
    if not held <= wanted:
        for piece_id, piece in db.all("SELECT id, words FROM case_text WHERE id BETWEEN ? AND ?", span):
            if piece in held and piece not in wanted:
                db.run("INSERT OR IGNORE INTO stale_text (id) VALUES (?)", (piece_id,))
    added = [piece for piece in after if piece not in held]
    if added:
        _add(db, span, added)


def sweep_texts(db: Connection) -> None:
    """Takes stale pieces out of the index, some at a time: twenty, or a tenth of them if that is more."""
    count = db.one("SELECT count(*) FROM stale_text")[0]
    for (piece_id,) in db.all("SELECT id FROM stale_text ORDER BY id LIMIT ?", (max(_SWEPT, count // 10),)):
        db.run("DELETE FROM case_text WHERE id = ?", (piece_id,))
        db.run("DELETE FROM stale_text WHERE id = ?", (piece_id,))


def _add(db: Connection, span: tuple[int, int], added: list[str]) -> None:
    stale = "SELECT t.words, t.id FROM stale_text s JOIN case_text t ON t.id = s.id WHERE s.id BETWEEN ? AND ?"
    known = dict(db.all(stale, span))
    last = db.one("SELECT max(id) FROM case_text WHERE id BETWEEN ? AND ?", span)[0]
    place = span[0] if last is None else last + 1
    for piece in added:
        if piece in known:
            db.run("DELETE FROM stale_text WHERE id = ?", (known[piece],))
            continue
        if place > span[1]:
            raise Defect("store.too-many-texts")
        db.run("INSERT INTO case_text (id, words) VALUES (?, ?)", (place, piece))
        place += 1


def _paragraphs(text: str) -> list[str]:
    parts = _BLANK.split(text)
    if len(parts) <= _MOST:
        return parts
    # A text made of nothing but blank lines must not become a hundred thousand rows.
    step = -(-len(parts) // _MOST)
    return ["\n".join(parts[place : place + step]) for place in range(0, len(parts), step)]
