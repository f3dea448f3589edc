"""Making a backup: the database copied as it lies, read back, opened, proved, and only then given its name.

A copy lies in a scratch folder until it is proved, so that nothing that looks like a backup is ever less than one.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
from typing_extensions import override

from app.desk.ports import backups as port
from app.desk.ports.backups import BackupReport
from app.desk.ports.vault import Cancelled, Progress
from app.domain.errors import Environment, Rejected
from app.domain.untrusted import safe_line
from app.store.connection import Connection
from app.store.container import Manifest, Sealed, write_container
from app.store.extract import Shelf, extracted
from app.store.keys import StoreKeys
from app.store.pages import PAGE
from app.store.proof import demand_pages, demand_same_log, prove_log
from app.store.rooms import is_folder
from app.store.scratch import Scratch, make_scratch
from app.store.slots import SlotFile
from app.store.stages import Stages
from app.store.unlocking import current_slots, demand_newest

SUFFIX: Final = ".holdfast-backup"
_STEM: Final = 60


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """An open store to copy: its connection between transactions, its folder, its keys, a checkpoint note or ""."""

    db: Connection
    folder: Path
    keys: StoreKeys
    note: str = ""


class Copy(port.Copy):
    """A copy that is not proved yet."""

    def __init__(self, scratch: Scratch, manifest: Manifest, sealed: Sealed, target: Path, source: Source) -> None:
        self.scratch = scratch
        self.store = source.folder
        self.keys = source.keys
        """The keys of the store when it was copied; it may have others by the time the copy is proved."""
        self.manifest = manifest
        self.sealed = sealed
        self.target = target
        # A copy that nobody came to prove, as when the store was locked meanwhile, does not stay behind.
        weakref.finalize(self, scratch.remove)

    @property
    def file(self) -> Path:
        """Where it lies until it is proved."""
        return self.scratch.path / self.target.name

    @override
    def discard(self) -> None:
        self.scratch.remove()


def target_of(target: Path, store: Path, now: datetime) -> Path:
    """The file of a backup: `target` itself, or where that is a folder NAME-YYYYMMDDTHHMMSSZ.holdfast-backup in it.

    Raises Rejected: backup.inside-store, file.exists; Environment: file.missing (there is no such folder), -denied.
    """
    is_room = is_folder(target)
    folder = target if is_room else target.parent
    if not is_room and not is_folder(folder):
        raise Environment("file.missing", file=safe_line(folder.name, 120))
    inside = folder.resolve()
    if store.resolve() in (inside, *inside.parents):
        raise Rejected("backup.inside-store", needs="folder")
    if is_room:
        stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        target = target / f"{plain_name(store)}-{stamp}{SUFFIX}"
    if target.exists() or target.is_symlink():
        raise Rejected("file.exists", file=safe_line(target.name, 120), needs="out")
    return target


def plain_name(store: Path) -> str:
    """The name of a store as the beginning of a file name."""
    name = store.name.removesuffix(".holdfast")
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in name.encode("ascii", "replace").decode())[:_STEM]


def copy_store(
    source: Source,
    target: Path,
    now: datetime,
    shelf: Shelf,
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Copy:
    """Copies an open store; on the thread of its connection, nothing may be written meanwhile. `now` is UTC.

    Raises what `target_of` raises, Rejected("backup.cancelled"), Environment: store.slots-damaged, -old, disk.*.
    """
    target = target_of(target, source.folder, now)
    place = shelf.place
    slots = current_slots(source.folder, source.keys, place)
    known = source.db.one("SELECT value FROM store WHERE name = 'slots'")
    demand_newest(slots, None if known is None else known[0])
    data = slots.to_bytes()
    manifest = _manifest(source, slots, len(data), now, shelf.program)
    scratch = make_scratch(
        target.parent, plain_name(source.folder), now, files=place.files, locks=place.locks, ids=place.ids
    )
    try:
        out = shelf.streams.create(scratch.path / target.name)
        try:
            sealed = write_container(
                out,
                manifest,
                data,
                _pages(source.db.raw(), manifest.database),
                source.keys,
                progress=progress,
                cancelled=cancelled,
            )
            out.seal()
        finally:
            out.close()
    except BaseException:
        scratch.remove()
        raise
    return Copy(scratch, manifest, sealed, target, source)


def _pages(raw: Iterator[bytes], size: int) -> Iterator[bytes]:
    """As much of the file as the database says is its own; what somebody appended behind it is left behind."""
    for piece in raw:
        yield piece[:size]
        size -= min(len(piece), size)


def _manifest(source: Source, slots: SlotFile, size: int, now: datetime, program: str) -> Manifest:
    seq, head = source.db.one("SELECT seq, hash FROM log ORDER BY seq DESC LIMIT 1") or (0, b"")
    return Manifest(
        store_id=source.keys.store_id,
        created=now.astimezone(UTC).isoformat(),
        program=program,
        schema=source.db.number("user_version"),
        epoch=slots.epoch,
        events=seq,
        head=head.hex(),
        note=source.note,
        slots=size,
        database=source.db.number("page_count") * PAGE,
    )


def prove(
    copy: Copy,
    shelf: Shelf,
    *,
    deep: bool = False,
    pages_only: bool = False,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> BackupReport:
    """Reads a copy back, opens what came back and proves it; then gives the file its name. On any thread.

    `pages_only` is for a database whose format is older than the checks of the log. Raises as `Archive.prove` does.
    """
    now, keys = copy.manifest.at(), copy.keys
    stages = Stages(progress, (30, 20, 50))
    with copy.scratch:
        places = (copy.target.parent, copy.store.parent)
        with extracted(copy.file, now, shelf, places=places, progress=stages.next(), cancelled=cancelled) as taken:
            if taken.taken.sha256 != copy.sealed.sha256 or not taken.taken.is_sealed_by(keys):
                raise Environment("backup.not-whole", finding="file.other", seq=0)
            stages.next()
            demand_pages(taken.database, keys)
            if not pages_only:
                proved = prove_log(
                    taken.database,
                    keys,
                    shelf.place.policies,
                    deep=deep,
                    progress=stages.next(),
                    cancelled=cancelled,
                )
                demand_same_log(proved, copy.manifest)
        shelf.streams.publish(copy.file, copy.target)
    stages.end()
    return BackupReport(
        path=str(copy.target),
        name=copy.target.name,
        sha256=copy.sealed.sha256,
        size=copy.sealed.size,
        events=copy.manifest.events,
        head=copy.manifest.head,
        at=now,
        deep=deep,
    )


def back_up(
    source: Source,
    target: Path,
    now: datetime,
    shelf: Shelf,
    *,
    pages_only: bool = False,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> BackupReport:
    """Copies and proves in one go; raises what both raise."""
    copy = copy_store(source, target, now, shelf, cancelled=cancelled)
    return prove(copy, shelf, pages_only=pages_only, progress=progress, cancelled=cancelled)
