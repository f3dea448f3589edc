"""Memory that is freed while the store is being closed is overwritten, as far as the system's library can do it."""

from __future__ import annotations

import ctypes
import sys
from typing import Final, final

_M_PERTURB: Final = -6  # mallopt(3)
_PATTERN: Final = 0x5A


@final
class Wiping:
    """While it is on, every block that C code and Qt free is filled; `end` hands what is free back to the system.

    Python keeps texts up to 512 bytes in memory of its own, which neither reaches: what was shown can stay until the
    process ends (measured in tests/leaks). Off Linux nothing happens.
    """

    def __init__(self) -> None:
        self._library: ctypes.CDLL | None = None

    def begin(self) -> None:
        """Fill what is freed from now on."""
        self._set(_PATTERN)

    def end(self) -> None:
        """Fill no more, which would slow everything down, and keep no free pages."""
        self._set(0)
        if self._library is not None:
            self._library.malloc_trim(0)

    def _set(self, pattern: int) -> None:
        if not sys.platform.startswith("linux"):
            return
        try:
            self._library = self._library or ctypes.CDLL("libc.so.6")
            self._library.mallopt(_M_PERTURB, pattern)
        except (OSError, AttributeError):
            self._library = None
