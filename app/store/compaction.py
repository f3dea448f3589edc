"""Writing the database anew after something was erased, so that no page, no index and no slack holds a rest of it.

Deleting alone overwrites with zeros what it takes away (secure-delete, for tables and for the index of words alike);
what moving rows about may leave behind in a page goes only when every page is written anew. That needs the size of the
database in memory, since nothing of it may touch a disk unencrypted. Above 2 GiB it is left out, and said.
"""

from __future__ import annotations

from typing import Final

from app.domain.errors import AppError
from app.store.connection import Connection
from app.store.pages import PAGE

LIMIT: Final = 2 * 1024 * 1024 * 1024
"""Bytes of the largest database that is written anew in memory."""
_NAME: Final = "compaction"
_DUE: Final = "due"
_TRIES: Final = ("due", "tried once", "tried twice")
"""What the store remembers, in this order: a machine that runs out of memory each time must not do so at each start."""


def note_erasure(db: Connection) -> None:
    """Remembers, in the transaction that erases, that the database is to be written anew, however this ends."""
    _remember(db, _DUE)


def is_due(db: Connection) -> bool:
    """Whether something was erased since the database was last written anew."""
    return bool(_state(db))


def compact(db: Connection, limit: int = LIMIT) -> bool:
    """Writes the database anew if that is due; False where it was left as it is.

    That is so above `limit` bytes, and where the program ended in the middle of it twice. Raises Environment
    ("disk.full") and the like, and is still due then.
    """
    state = _state(db)
    if not state:
        return True
    if state not in _TRIES[:-1] or int(db.one("PRAGMA page_count")[0]) * PAGE > limit:
        return False
    _remember(db, _TRIES[_TRIES.index(state) + 1])
    try:
        # Words may still mark where the pages of the index of words begin; merged into one, it forgets them.
        db.run("INSERT INTO case_search (case_search) VALUES ('optimize')")
        db.compact()
    except AppError:
        _remember(db, _DUE)
        raise
    db.run("DELETE FROM store WHERE name = ?", (_NAME,))
    return True


def _state(db: Connection) -> str:
    row = db.one("SELECT value FROM store WHERE name = ?", (_NAME,))
    return "" if row is None else str(row[0])


def _remember(db: Connection, state: str) -> None:
    db.run("INSERT OR REPLACE INTO store (name, value) VALUES (?, ?)", (_NAME, state))
