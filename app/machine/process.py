"""What the process does to itself at start so that its memory and files stay its own."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import sys

_PR_GET_DUMPABLE = 3
_PR_SET_DUMPABLE = 4


def harden() -> tuple[str, ...]:
    """Files for the owner only (umask 077), no core dumps, no reading of this process by others of the same user.

    Gives the names of the measures that this system did not take: `core`, `dumpable`. prctl(2), getrlimit(2).
    """
    os.umask(0o077)
    refused: list[str] = []
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if resource.getrlimit(resource.RLIMIT_CORE)[0] != 0:
        refused.append("core")
    if not _not_dumpable():
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
