"""Large private files, piece by piece: exclusive creation, the disk asked before anybody is told, no link followed."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import sys
from pathlib import Path
from typing import Final

from typing_extensions import override

from app.desk.ports.streams import InStream, OutStream, Streams
from app.domain.errors import Environment
from app.domain.untrusted import safe_line
from app.machine.files import told

_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
# A pipe must not make the program wait.
_READ: Final = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
_NO_LINKS: Final = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})
_MEMORY_SHARE: Final = 4
"""A scratch copy may take one part in four of what the folder in memory has free."""


class DiskInStream(InStream):
    """A file that is read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._descriptor = os.open(path, _READ)
        except OSError as fault:
            raise told(fault, path) from fault
        found = os.fstat(self._descriptor)
        if not stat.S_ISREG(found.st_mode):
            os.close(self._descriptor)
            raise Environment("file.not-regular", file=safe_line(path.name, 120))
        self._size = found.st_size

    @property
    @override
    def size(self) -> int:
        return self._size

    @override
    def read(self, size: int) -> bytes:
        parts: list[bytes] = []
        left = size
        try:
            while left and (part := os.read(self._descriptor, left)):
                parts.append(part)
                left -= len(part)
        except OSError as fault:
            raise told(fault, self._path) from fault
        return parts[0] if len(parts) == 1 else b"".join(parts)

    @override
    def close(self) -> None:
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


class DiskOutStream(OutStream):
    """A file that is written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._descriptor = os.open(path, _NEW, 0o600)
        except OSError as fault:
            raise told(fault, path) from fault

    @override
    def write(self, data: bytes) -> None:
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError as fault:
            if fault.errno == errno.EFBIG:
                raise Environment("disk.file-limit", file=safe_line(self._path.name, 120)) from fault
            raise told(fault, self._path) from fault

    @override
    def seal(self) -> None:
        try:
            os.fsync(self._descriptor)
            if sys.platform == "linux":
                # What is read back shall come from the disk, not from what the system still remembers of it.
                os.posix_fadvise(self._descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        except OSError as fault:
            raise told(fault, self._path) from fault

    @override
    def close(self) -> None:
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            # What counts was sealed before; an error that only closing tells concerns a file that is given up.
            with contextlib.suppress(OSError):
                os.close(descriptor)


class DiskStreams(Streams):
    """Large files on this machine's disk; `memory` is a private folder that lies in memory, or None."""

    def __init__(self, memory: Path | None = None) -> None:
        self._memory = memory

    @override
    def open(self, path: Path) -> InStream:
        return DiskInStream(path)

    @override
    def create(self, path: Path) -> OutStream:
        return DiskOutStream(path)

    @override
    def publish(self, partial: Path, target: Path) -> None:
        try:
            try:
                # link(2) fails where the name is taken, at any moment; rename(2) would replace what is there.
                os.link(partial, target, follow_symlinks=False)
                partial.unlink()
            except OSError as fault:
                if fault.errno not in _NO_LINKS:
                    raise
                if os.path.lexists(target):
                    raise FileExistsError(errno.EEXIST, "exists") from fault
                partial.rename(target)
            _sync(target.parent)
        except OSError as fault:
            raise told(fault, target) from fault

    @override
    def sync_folder(self, path: Path) -> None:
        try:
            for entry in sorted(path.iterdir()):
                if entry.is_file() and not entry.is_symlink():
                    _sync(entry)
            _sync(path)
        except OSError as fault:
            raise told(fault, path) from fault

    @override
    def listing(self, folder: Path) -> tuple[Path, ...]:
        try:
            return tuple(sorted(entry for entry in folder.iterdir() if not entry.is_symlink()))
        except OSError as fault:
            raise told(fault, folder) from fault

    @override
    def remove(self, path: Path) -> None:
        try:
            path.unlink(missing_ok=True)
            _sync(path.parent)
        except OSError as fault:
            raise told(fault, path) from fault

    @override
    def room(self, size: int, *places: Path) -> Path:
        memory = self._memory
        if memory is not None and _free(memory) >= size * _MEMORY_SHARE:
            return memory
        for place in places:
            if _free(place) >= size and os.access(place, os.W_OK):
                return place
        raise Environment("disk.full", size=size)


def _free(folder: Path) -> int:
    """Bytes that may still be written there; -1 where nobody knows."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return -1


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def memory_folder() -> Path | None:
    """The folder of this person's session that lies in memory and is private, or None (XDG Base Directory)."""
    named = os.environ.get("XDG_RUNTIME_DIR", "")
    if not named:
        return None
    folder = Path(named)
    try:
        found = folder.stat()
    except OSError:
        return None
    private = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077
    return folder if private and folder.is_absolute() else None
