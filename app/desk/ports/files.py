"""The sockets of what a store needs from the machine: private files, and a lock that dies with the process."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Protocol


class PrivateFiles(Protocol):
    """Files that only their owner can read, written whole or not at all."""

    def read(self, path: Path, limit: int) -> bytes:
        """The bytes of a regular file.

        Raises Environment: file.missing, file.denied, file.not-regular, file.too-large (above `limit` bytes), disk.io.
        """
        ...

    def write(self, path: Path, data: bytes) -> None:
        """Replaces or creates a file (mode 0600) so that after a crash either the old or the new bytes are there.

        Raises Environment: disk.full, disk.readonly, file.denied, disk.io.
        """
        ...

    def copy(self, old: Path, new: Path) -> None:
        """Copies a regular file of any size to `new` (mode 0600), which must not exist; raises like both above."""
        ...

    def folder(self, path: Path) -> None:
        """Creates a folder (mode 0700) that must not exist yet; raises Environment like `write`, or file.exists."""
        ...

    def move_folder(self, old: Path, new: Path) -> None:
        """Renames a folder for good; `new` may only be missing or empty. Raises Environment like `folder`."""
        ...

    def remove_folder(self, path: Path) -> None:
        """Removes a folder with all that is in it, links not followed; says nothing if it is not there."""
        ...


class Held(Protocol):
    """A lock that this process holds."""

    def release(self) -> None:
        """Gives it back; doing so twice is no harm."""
        ...


class Locks(Protocol):
    """Makes sure that one process at a time has a folder open."""

    def hold(self, path: Path, since: datetime) -> Held:
        """Takes the lock file `path` at once.

        Raises Environment("store.held") with pid, host and since of the holder, store.no-locks where the file system
        has none, disk.readonly, disk.io.
        """
        ...

    def hold_unwritten(self, path: Path) -> Held | None:
        """Takes the lock file without writing to it or making it, so that a folder can be read that must not change.

        None where there is no such file: nobody has the folder open then. Raises Environment like `hold`.
        """
        ...
