"""The texts that search looks through, piece by piece, so that a new note leaves all other texts alone.

Changing the index of words is the dearest part of a command, so what a command adds to a case waits in a small table
(`fresh_text`, indexed in memory), and what no longer holds is only marked (`stale_text`) and found no more. Now and
then, and with every checkpoint, the waiting texts are moved into the index and the stale ones taken out for good.
"""

from __future__ import annotations

import re
from typing import Final

from app.domain.errors import Defect
from app.store.connection import Connection

PIECE_SHIFT: Final = 20
"""A piece's id is stream << 20 | place; what waits counts its places anew."""

_WHOLE: Final = 400
_MOST: Final = 256
_WAITING: Final = 256
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


def prepare_texts(db: Connection) -> None:
    """Makes the index in memory of the texts that wait; once for each connection."""
    with db.changing_schema():
        db.run(
            "CREATE VIRTUAL TABLE temp.fresh_search USING fts5"
            " (words, columnsize = 0, prefix = '2 3 4', tokenize = 'unicode61 remove_diacritics 2')"
        )
    db.run("INSERT INTO temp.fresh_search (rowid, words) SELECT id, words FROM fresh_text")


def write_texts(db: Connection, stream: int, old: tuple[str, ...] | None, new: tuple[str, ...]) -> None:
    """Brings the pieces of a case from those of `old` to those of `new`; None for a case that had no pieces yet."""
    if old is None:
        first = stream << PIECE_SHIFT
        rows = ((first + place, piece) for place, piece in enumerate(pieces(new)))
        db.run_many("INSERT INTO case_text (id, words) VALUES (?, ?)", rows)
    elif old != new:
        _change(db, _span(stream), set(pieces(old)), pieces(new))


def sweep_texts(db: Connection) -> None:
    """Moves what waits into the index, and takes stale pieces out of it: twenty, or a tenth if that is more."""
    _move(db)
    count = db.one("SELECT count(*) FROM stale_text")[0]
    for (piece_id,) in db.all("SELECT id FROM stale_text ORDER BY id LIMIT ?", (max(_SWEPT, count // 10),)):
        db.run("DELETE FROM case_text WHERE id = ?", (piece_id,))
        db.run("DELETE FROM stale_text WHERE id = ?", (piece_id,))


def sweep_stream(db: Connection, stream: int) -> None:
    """Takes every stale piece of a stream out of the index at once: what was erased must not wait to be swept."""
    for (piece_id,) in db.all("SELECT id FROM stale_text WHERE id BETWEEN ? AND ?", _span(stream)):
        db.run("DELETE FROM case_text WHERE id = ?", (piece_id,))
        db.run("DELETE FROM stale_text WHERE id = ?", (piece_id,))


def _change(db: Connection, span: tuple[int, int], before: set[str], after: tuple[str, ...]) -> None:
    removed = before.difference(after)
    if removed:
        _remove(db, span, removed)
    added = [piece for piece in after if piece not in before]
    if not added:
        return
    stale = "SELECT t.words, t.id FROM stale_text s JOIN case_text t ON t.id = s.id WHERE s.id BETWEEN ? AND ?"
    known = dict(db.all(stale, span))
    place = _next_place(db.one("SELECT max(id) FROM fresh_text WHERE id BETWEEN ? AND ?", span)[0], span)
    for piece in added:
        if piece in known:
            db.run("DELETE FROM stale_text WHERE id = ?", (known[piece],))
            continue
        db.run("INSERT INTO fresh_text (id, words) VALUES (?, ?)", (place, piece))
        db.run("INSERT INTO temp.fresh_search (rowid, words) VALUES (?, ?)", (place, piece))
        place += 1
    if db.one("SELECT count(*) FROM fresh_text")[0] > _WAITING:
        _move(db)


def _remove(db: Connection, span: tuple[int, int], removed: set[str]) -> None:
    for piece_id, piece in db.all("SELECT id, words FROM fresh_text WHERE id BETWEEN ? AND ?", span):
        if piece in removed:
            db.run("DELETE FROM fresh_text WHERE id = ?", (piece_id,))
            db.run("DELETE FROM temp.fresh_search WHERE rowid = ?", (piece_id,))
    for piece_id, piece in db.all("SELECT id, words FROM case_text WHERE id BETWEEN ? AND ?", span):
        if piece in removed:
            db.run("INSERT OR IGNORE INTO stale_text (id) VALUES (?)", (piece_id,))


def _span(stream: int) -> tuple[int, int]:
    return stream << PIECE_SHIFT, (stream + 1 << PIECE_SHIFT) - 1


def _next_place(last: int | None, span: tuple[int, int]) -> int:
    place = span[0] if last is None else last + 1
    # Room for all that may still wait: a million texts of one case.
    if place > span[1] - 2 * _WAITING:
        raise Defect("store.too-many-texts")
    return place


def _move(db: Connection) -> None:
    for piece_id, piece in db.all("SELECT id, words FROM fresh_text ORDER BY id"):
        span = _span(piece_id >> PIECE_SHIFT)
        place = _next_place(db.one("SELECT max(id) FROM case_text WHERE id BETWEEN ? AND ?", span)[0], span)
        db.run("INSERT INTO case_text (id, words) VALUES (?, ?)", (place, piece))
    db.run("DELETE FROM fresh_text")
    db.run("DELETE FROM temp.fresh_search")


def _paragraphs(text: str) -> list[str]:
    parts = _BLANK.split(text)
    if len(parts) <= _MOST:
        return parts
    # A text made of nothing but blank lines must not become a hundred thousand rows.
    step = -(-len(parts) // _MOST)
    return ["\n".join(parts[place : place + step]) for place in range(0, len(parts), step)]
