"""The real clock and the real source of chance."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime

from typing_extensions import override

from app.desk.ports.clock import Clock, Ids

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 26


class SystemClock(Clock):
    """The hour of this machine."""

    @override
    def now(self) -> datetime:
        return datetime.now(UTC)


class SystemIds(Ids):
    """Names and secrets from the system's secure random source."""

    @override
    def new_id(self) -> str:
        # 130 random bits: five for each of the 26 characters.
        number = int.from_bytes(os.urandom(17))
        return "".join(_ALPHABET[number >> 5 * place & 31] for place in range(_LENGTH))

    @override
    def secret(self, size: int) -> bytes:
        return os.urandom(size)


def seconds_of(work: Callable[[], object]) -> float:
    """How many seconds a work took, on a clock that never goes back."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
