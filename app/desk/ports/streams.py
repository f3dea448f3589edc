"""The socket of large private files: read and written piece by piece, put in place whole, never over another."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class InStream(Protocol):
    """A regular file that is read from its beginning; everything raises Environment as `Streams.open` does."""

    @property
    def size(self) -> int:
        """Bytes of the file when it was opened."""
        ...

    def read(self, size: int) -> bytes:
        """Exactly `size` bytes, or fewer at the end of the file."""
        ...

    def close(self) -> None: ...


class OutStream(Protocol):
    """A new private file that is being written; everything raises Environment as `Streams.create` does."""

    def write(self, data: bytes) -> None:
        """Appends all of `data`; Environment("disk.file-limit") where the file system takes no file that large."""
        ...

    def seal(self) -> None:
        """Has everything on the disk before it returns."""
        ...

    def close(self) -> None: ...


class Streams(Protocol):
    """Large files of this machine, for their owner alone."""

    def open(self, path: Path) -> InStream:
        """A regular file to read, no symbolic link followed.

        Raises Environment: file.missing, file.denied, file.not-regular, disk.io.
        """
        ...

    def create(self, path: Path) -> OutStream:
        """A file of mode 0600 that must not exist yet.

        Raises Environment: file.exists, file.missing (no such folder), file.denied, disk.full, disk.readonly, disk.io.
        """
        ...

    def publish(self, partial: Path, target: Path) -> None:
        """Gives a finished file its name for good, on the same file system; never over another.

        Raises Environment like `create`.
        """
        ...

    def sync_folder(self, path: Path) -> None:
        """Has the files in a folder and their names on the disk; raises Environment like `create`."""
        ...

    def listing(self, folder: Path) -> tuple[Path, ...]:
        """What lies in a folder, by name, links left out; raises Environment like `open`."""
        ...

    def remove(self, path: Path) -> None:
        """Removes a file for good; says nothing if it is not there. Raises Environment like `create`."""
        ...

    def room(self, size: int, *places: Path) -> Path:
        """A folder in which a scratch folder of `size` bytes can be made: in memory, or the first place that has room.

        Raises Environment("disk.full") where none has.
        """
        ...
