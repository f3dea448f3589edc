"""Private folders for work in progress: gone when the work is over, and swept where a crash left one."""

from __future__ import annotations

import os
import re
import stat
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from typing_extensions import override

from app.desk.ports.clock import Ids
from app.desk.ports.files import Held, Locks, PrivateFiles
from app.domain.errors import AppError, Environment

LOCK: Final = "lock"
_ENDING: Final = ".partial"
_STEM: Final = 60
_NAME: Final = re.compile(r"\.[0-9A-Z]{26}\.partial\Z")


class Scratch:
    """A folder of mode 0700 that its maker holds a lock on; leaving its `with` removes it, unless it was moved."""

    def __init__(self, path: Path, lock: Held, files: PrivateFiles) -> None:
        self.path = path
        self.lock = lock
        self._files = files
        self._is_here = True

    def move_to(self, folder: Path) -> None:
        """Puts it in place for good; `folder` may only be missing or empty, and the lock is still held there."""
        self._files.move_folder(self.path, folder)
        self._is_here = False

    def remove(self) -> None:
        """Removes it with all that is in it; twice is no harm."""
        if self._is_here:
            self._is_here = False
            self._files.remove_folder(self.path)
            self.lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.remove()


class _NoLock(Held):
    """In place of a lock, on a disk that has none."""

    @override
    def release(self) -> None:
        """Nothing was held."""


def make_scratch(
    room: Path, stem: str, now: datetime, *, files: PrivateFiles, locks: Locks, ids: Ids, is_lock_needed: bool = False
) -> Scratch:
    """A new scratch folder in `room`; those of the same stem that nobody holds any more are swept first.

    A disk without locks, as some in a network, will do unless one is needed: what a crash leaves there stays.
    """
    sweep(room, stem, now, files=files, locks=locks)
    path = room / f"{_beginning(stem)}{ids.new_id()}{_ENDING}"
    files.folder(path)
    try:
        lock = locks.hold(path / LOCK, now)
    except Environment as fault:
        if not path.exists():
            # Swept by somebody who saw it before it had its lock.
            return make_scratch(room, stem, now, files=files, locks=locks, ids=ids, is_lock_needed=is_lock_needed)
        if is_lock_needed or fault.code != "store.no-locks":
            files.remove_folder(path)
            raise
        lock = _NoLock()
    return Scratch(path, lock, files)


def sweep(room: Path, stem: str, now: datetime, *, files: PrivateFiles, locks: Locks) -> None:
    """Removes what a crash left there; a folder whose lock somebody holds is still being worked in."""
    for left in sorted(room.glob(f"{_beginning(stem)}*{_ENDING}")):
        if not _NAME.search(left.name) or not _is_our_own(left):
            continue
        # A crash between the folder and its lock leaves it empty.
        with suppress(OSError):
            left.rmdir()
        if not left.exists():
            continue
        lock: Held = _NoLock()
        # Without a lock, yet with something in it: a crash stopped its removal.
        if (left / LOCK).exists():
            try:
                lock = locks.hold(left / LOCK, now)
            except AppError:
                continue
        files.remove_folder(left)
        lock.release()


def _is_our_own(left: Path) -> bool:
    """Whether this is a folder that this person made: in a shared folder others could plant one."""
    try:
        found = left.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()


def _beginning(stem: str) -> str:
    # A bracket, a star or a question mark would be a pattern, and a name has at most 255 bytes.
    return "." + "".join(c if c.isascii() and (c.isalnum() or c in "-_ ") else "-" for c in stem[:_STEM]) + "."
