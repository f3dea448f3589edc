"""Stored files and drafts out of a damaged store: a file is taken over whole, or named as lost."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Final

from app.domain.errors import Rejected
from app.domain.values import Person
from app.store.rescue.finds import Finds
from app.store.vault import SqlVault

_SHIFT: Final = 20


class _Lost(Exception):
    """A chunk of the file is not there, or the whole is not what it was."""


def save_files(vault: SqlVault, finds: Finds, named: set[str], owner: Person, now: datetime) -> set[str]:
    """Takes over every file that is whole; gives the SHA-256 of those. `named` are the files that events speak of.

    A file whose own row is lost is put together from its chunks, and kept if an event speaks of it.
    """
    places: dict[int, list[int]] = defaultdict(list)
    for number in finds.numbers("blob_chunk"):
        places[number >> _SHIFT].append(number)
    rows = {no: row for no in finds.numbers("blob") for row, _ in finds.rows("blob", no)}
    saved: set[str] = set()
    for no in sorted({*places, *rows}):
        row = rows.get(no)
        digest = row[1].hex() if row is not None and isinstance(row[1], bytes) else None
        count = int(row[3]) if row is not None and isinstance(row[3], int) else len(places[no])
        if digest in saved or (digest is None and not places[no]):
            continue
        wanted = {digest} if digest is not None else named
        try:
            with vault.transaction(owner, now) as tx:
                stored = tx.put_blob(_whole(finds, no, count, wanted))
        except (_Lost, Rejected):
            continue
        saved.add(stored.sha256)
    return saved


def save_drafts(vault: SqlVault, finds: Finds, owner: Person, now: datetime) -> None:
    """Takes over unsaved texts of editors."""
    with vault.transaction(owner, now) as tx:
        for no in finds.numbers("draft"):
            for row, is_sound in finds.rows("draft", no):
                stream, field, content = row[1:4]
                if is_sound and isinstance(stream, str) and isinstance(field, str) and isinstance(content, str):
                    with suppress(Rejected), tx.savepoint():
                        tx.keep_draft(stream, field, content)
                    break


def _whole(finds: Finds, no: int, count: int, wanted: set[str]) -> Iterator[bytes]:
    """The chunks in order; raises _Lost before the end where they do not make one of the files that are wanted."""
    whole = hashlib.sha256()
    for place in range(count):
        chunk = _chunk(finds, no << _SHIFT | place)
        if chunk is None:
            raise _Lost
        whole.update(chunk)
        yield chunk
    if whole.hexdigest() not in wanted:
        raise _Lost


def _chunk(finds: Finds, number: int) -> bytes | None:
    for row, _ in finds.rows("blob_chunk", number):
        digest, content = row[1:3]
        if isinstance(content, bytes) and hashlib.sha256(content).digest() == digest:
            return content
    return None
