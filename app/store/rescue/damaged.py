"""The damaged database: which bytes to read, under which key, and the states that it kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.desk.ports.files import PrivateFiles
from app.domain.errors import AppError, Environment
from app.domain.team import TEAM_STREAM, Team
from app.store.connection import Connection
from app.store.keys import StoreKeys
from app.store.pages import PageFile
from app.store.rescue.finds import Finds
from app.store.rescue.retelling import Kept
from app.store.streams import read_state


def settled(database: Path, copy: Path, keys: Sequence[StoreKeys], files: PrivateFiles) -> Path:
    """The database to read; where a crash left a journal, a copy with the half transaction taken back."""
    journal = database.with_name(database.name + "-journal")
    if not database.is_file() or not journal.is_file() or journal.stat().st_size == 0:
        return database
    files.copy(database, copy)
    files.copy(journal, copy.with_name(copy.name + "-journal"))
    for candidate in keys:
        try:
            # SQLite rolls back whatever the first page says; that it then refuses to go on is no matter.
            Connection(copy, candidate.database()).close()
        except AppError:
            continue
        break
    return copy


def opened(database: Path, keys: Sequence[StoreKeys]) -> PageFile:
    """The pages under the key that most of them are sound under.

    Raises Environment: store.database-missing, store.database-empty, store.not-encrypted, disk.io.
    """
    best = _mended(database, keys[0])
    for candidate in keys[1:]:
        other = _mended(database, candidate)
        if other.sound > best.sound:
            best, other = other, best
        other.close()
    return best


def _mended(database: Path, keys: StoreKeys) -> PageFile:
    pages = PageFile(database, keys.database())
    pages.mend()
    return pages


def kept_states(finds: Finds) -> dict[str, Kept]:
    """The last kept state of every stream, by the name of the stream."""
    kept: dict[str, Kept] = {}
    for no in finds.numbers("state"):
        found = finds.state(no)
        if found is None:
            continue
        for kind in ("case", "release", TEAM_STREAM):
            try:
                state = read_state(kind, found.content)
            except Environment:
                continue
            name = TEAM_STREAM if isinstance(state, Team) else f"{kind}:{state.id}"
            kept[name] = Kept(state=state, version=found.version, last=found.last)
            break
    return kept
