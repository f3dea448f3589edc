"""What the process does to itself at start so that its memory and files stay its own."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import sys
from collections.abc import Mapping

_PR_GET_DUMPABLE = 3
_PR_SET_DUMPABLE = 4
_CORE_FILTER = "/proc/self/coredump_filter"


def harden(environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Files for the owner only (umask 077), no core dumps, no reading of this process by others of the same user.

    Threads and what is started from here on inherit the mask and the limit. Gives the names of the measures that were
    not taken: `core`, `dumpable`; in a Snap the process stays dumpable, since its portals could not see who asks
    otherwise, and a core that were still written would hold no memory. prctl(2), getrlimit(2), core(5).
    """
    os.umask(0o077)
    refused: list[str] = []
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if resource.getrlimit(resource.RLIMIT_CORE) != (0, 0):
        refused.append("core")
    # A program that takes cores through a pipe is not bound by the limit: leave it no memory to take. Written first,
    # since the file is root's once the process is not dumpable.
    with contextlib.suppress(OSError), open(_CORE_FILTER, "wb") as core_filter:  # noqa: PTH123
        core_filter.write(b"0x0")
    if "SNAP" in (os.environ if environment is None else environment) or not _not_dumpable():
        refused.append("dumpable")
    return tuple(refused)


def _not_dumpable() -> bool:
    if sys.platform != "linux":
        return False
    try:
        library = ctypes.CDLL(None, use_errno=True)
        library.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        dumpable: int = library.prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0)
    except (OSError, AttributeError):
        return False
    return dumpable == 0
