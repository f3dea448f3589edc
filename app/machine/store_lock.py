"""The lock of a store: the system's own, which dies with the process; what the file says is for the message only."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import socket
from datetime import datetime
from pathlib import Path
from typing import Any

from typing_extensions import override

from app.desk.ports.files import Held, Locks
from app.domain.errors import Environment
from app.domain.untrusted import safe_line

_LIMIT = 512
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
_READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


class FileLock(Held):
    """A held lock file; released when closed or when the process ends, however it ends."""

    def __init__(self, descriptor: int, *, writes: bool = True) -> None:
        self._descriptor = descriptor
        self._writes = writes

    @override
    def release(self) -> None:
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            if self._writes:
                with contextlib.suppress(OSError):
                    os.ftruncate(descriptor, 0)
            os.close(descriptor)


class StoreLocks(Locks):
    """Locks on this machine."""

    @override
    def hold(self, path: Path, since: datetime) -> Held:
        try:
            descriptor = os.open(path, _FLAGS, 0o600)
        except OSError as fault:
            code = "disk.readonly" if fault.errno in _READ_ONLY else "disk.io"
            raise Environment(code, file=safe_line(path.name, 60)) from fault
        _take(descriptor)
        _say(descriptor, since)
        return FileLock(descriptor)

    @override
    def hold_unwritten(self, path: Path) -> Held | None:
        try:
            descriptor = os.open(path, _READ)
        except FileNotFoundError:
            return None
        except OSError as fault:
            raise Environment("disk.io", file=safe_line(path.name, 60)) from fault
        _take(descriptor)
        return FileLock(descriptor, writes=False)


def _take(descriptor: int) -> None:
    """Locks the file, or closes it and says who holds it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as fault:
        facts = _holder(descriptor)
        os.close(descriptor)
        if fault.errno not in (errno.EWOULDBLOCK, errno.EACCES):
            # A file system without locks can't promise that only one process writes.
            raise Environment("store.no-locks", error=errno.errorcode.get(fault.errno or 0, "")) from fault
        held = Environment("store.held")
        held.facts.update(facts)
        raise held from fault


def _say(descriptor: int, since: datetime) -> None:
    holder = {"pid": os.getpid(), "host": socket.gethostname()[:100], "since": since.isoformat()}
    # What it says is a courtesy: a full disk must not keep anybody from reading their cases.
    with contextlib.suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(holder).encode(), 0)


def _holder(descriptor: int) -> dict[str, Any]:
    try:
        said = json.loads(os.pread(descriptor, _LIMIT, 0))
        pid, host, since = said["pid"], said["host"], said["since"]
    except (OSError, ValueError, TypeError, KeyError):
        return {"pid": 0, "host": "", "since": ""}
    return {
        "pid": pid if isinstance(pid, int) else 0,
        "host": safe_line(str(host), 100),
        "since": safe_line(str(since), 40),
    }
