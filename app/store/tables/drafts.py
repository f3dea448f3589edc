"""Unsaved text of editors: kept in the store, no part of the record."""

from __future__ import annotations

from app.domain.errors import Rejected
from app.domain.untrusted import TEXT_LIMIT
from app.store.connection import Connection, bindable


def write_draft(db: Connection, stream: str, field: str, text: str | None) -> None:
    """Keeps the text, or forgets it with None; raises Rejected("text.too-long") above the limit of a text field."""
    if text is None:
        db.run("DELETE FROM draft WHERE stream = ? AND field = ?", (bindable(stream), bindable(field)))
        return
    if len(text) > TEXT_LIMIT:
        raise Rejected("text.too-long", field=field[:60], limit=TEXT_LIMIT, length=len(text), needs=field[:60])
    db.run(
        "INSERT INTO draft (stream, field, content) VALUES (?, ?, ?)"
        " ON CONFLICT (stream, field) DO UPDATE SET content = excluded.content",
        (bindable(stream), bindable(field), bindable(text)),
    )


def read_draft(db: Connection, stream: str, field: str) -> str | None:
    """The text that was kept, or None."""
    key = (bindable(stream), bindable(field))
    row = db.one("SELECT content FROM draft WHERE stream = ? AND field = ?", key)
    return None if row is None else str(row[0])
