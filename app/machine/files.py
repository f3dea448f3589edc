"""Private files: owner only, whole or not at all, on the disk before anybody is told so."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path
from typing import Final

from typing_extensions import override

from app.desk.ports.files import PrivateFiles
from app.domain.errors import Environment
from app.domain.untrusted import safe_line

_CODES: Final = {
    errno.ENOENT: "file.missing",
    errno.ENOTDIR: "file.missing",
    errno.EACCES: "file.denied",
    errno.EPERM: "file.denied",
    errno.EEXIST: "file.exists",
    errno.ENOTEMPTY: "file.exists",
    errno.ELOOP: "file.not-regular",
    errno.EISDIR: "file.not-regular",
    errno.ENOSPC: "disk.full",
    errno.EDQUOT: "disk.full",
    errno.EROFS: "disk.readonly",
}
_PIECE: Final = 1024 * 1024
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
# A pipe must not make the program wait.
_READ: Final = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


def write_private(path: Path, data: bytes) -> None:
    """Replaces or creates `path` with mode 0600; after a crash either the old or the new bytes are there.

    A symbolic link at `path` is replaced, never followed. Raises Environment: disk.full, disk.readonly, file.denied,
    file.missing (no such folder), disk.io.
    """
    partial = path.with_name(f".{path.name[:80]}.{os.urandom(6).hex()}.partial")
    try:
        descriptor = os.open(partial, _NEW, 0o600)
        try:
            _write_all(descriptor, data)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(partial, path)  # noqa: PTH105 - the one place that replaces files
        _sync_folder(path.parent)
    except OSError as fault:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise told(fault, path) from fault


def private_folder(path: Path) -> None:
    """Creates the folder `path` with mode 0700; it must not exist, its parent must.

    Raises Environment like `write_private`, and file.exists.
    """
    try:
        path.mkdir(mode=0o700)
        _sync_folder(path.parent)
    except OSError as fault:
        raise told(fault, path) from fault


def read_private(path: Path, limit: int) -> bytes:
    """The bytes of a regular file of at most `limit` bytes; raises Environment, see `PrivateFiles.read`."""
    try:
        descriptor = os.open(path, _READ)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise Environment("file.not-regular", file=safe_line(path.name, 120))
            with os.fdopen(os.dup(descriptor), "rb") as file:
                data = file.read(limit + 1)
        finally:
            os.close(descriptor)
    except OSError as fault:
        raise told(fault, path) from fault
    if len(data) > limit:
        raise Environment("file.too-large", file=safe_line(path.name, 120), limit=limit)
    return data


def copy_private(old: Path, new: Path) -> None:
    """Copies a regular file to a new one of mode 0600; raises Environment, see `PrivateFiles.copy`."""
    try:
        source = os.open(old, _READ)
        try:
            if not stat.S_ISREG(os.fstat(source).st_mode):
                raise Environment("file.not-regular", file=safe_line(old.name, 120))
            target = os.open(new, _NEW, 0o600)
            try:
                while piece := os.read(source, _PIECE):
                    _write_all(target, piece)
                os.fsync(target)
            finally:
                os.close(target)
        finally:
            os.close(source)
    except OSError as fault:
        raise told(fault, new) from fault


class DiskFiles(PrivateFiles):
    """Private files on this machine's disk."""

    @override
    def read(self, path: Path, limit: int) -> bytes:
        return read_private(path, limit)

    @override
    def write(self, path: Path, data: bytes) -> None:
        write_private(path, data)

    @override
    def copy(self, old: Path, new: Path) -> None:
        copy_private(old, new)

    @override
    def folder(self, path: Path) -> None:
        private_folder(path)

    @override
    def move_folder(self, old: Path, new: Path) -> None:
        try:
            # rename(2) takes the place of an empty folder and of nothing else.
            old.rename(new)
            _sync_folder(new.parent)
        except OSError as fault:
            raise told(fault, new) from fault

    @override
    def remove_folder(self, path: Path) -> None:
        try:
            _remove_folder(path)
        except OSError as fault:
            raise told(fault, path) from fault


def _remove_folder(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        for entry in list(path.iterdir()):
            if entry.is_dir() and not entry.is_symlink():
                _remove_folder(entry)
            else:
                entry.unlink(missing_ok=True)
        path.rmdir()


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def told(fault: OSError, path: Path) -> Environment:
    """An error of the system by its code, with the name of the file."""
    number = fault.errno or 0
    code = _CODES.get(number, "disk.io")
    return Environment(code, file=safe_line(path.name, 120), error=errno.errorcode.get(number, str(number)))
