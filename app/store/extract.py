"""Taking a backup apart into a scratch folder, where it can be opened; what a crash leaves there is swept later."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import msgspec

from app.desk.ports.streams import Streams
from app.desk.ports.vault import Cancelled, Progress
from app.store.container import Taken, take
from app.store.place import DATABASE, Place
from app.store.scratch import Scratch, make_scratch

_STEM: Final = "holdfast-proof"


class Shelf(msgspec.Struct, frozen=True, kw_only=True):
    """What backups need from outside: what a store needs, large files, and the version of the program."""

    place: Place
    streams: Streams
    program: str


class Extracted:
    """A container whose digest held, its database in a scratch folder; leaving its `with` removes that."""

    def __init__(self, scratch: Scratch, taken: Taken) -> None:
        self.scratch = scratch
        self.taken = taken

    @property
    def database(self) -> Path:
        """The database that came out of it."""
        return self.scratch.path / DATABASE

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.scratch.remove()


def extracted(
    path: Path,
    now: datetime,
    shelf: Shelf,
    *,
    into: Scratch | None = None,
    places: tuple[Path, ...] = (),
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Extracted:
    """Takes a container apart into a scratch folder: `into`, or a new one in memory, in `places`, or beside it.

    Raises Environment: backup.*, disk.full before anything is written where there is no room; Rejected
    ("backup.cancelled").
    """
    stream = shelf.streams.open(path)
    try:
        scratch = into or _scratch(stream.size, now, shelf, (*places, path.parent))
        try:
            out = shelf.streams.create(scratch.path / DATABASE)
            try:
                taken = take(stream, out, progress=progress, cancelled=cancelled)
                out.seal()
            finally:
                out.close()
        except BaseException:
            scratch.remove()
            raise
    finally:
        stream.close()
    return Extracted(scratch, taken)


def _scratch(size: int, now: datetime, shelf: Shelf, places: tuple[Path, ...]) -> Scratch:
    place = shelf.place
    room = shelf.streams.room(size, *places)
    return make_scratch(room, _STEM, now, files=place.files, locks=place.locks, ids=place.ids)
