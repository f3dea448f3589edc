"""Where time and identity come from."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The only place that knows the hour."""

    def now(self) -> datetime:
        """This instant, timezone-aware, in UTC."""
        ...


class Ids(Protocol):
    """The only place that makes random names and secrets."""

    def new_id(self) -> str:
        """A fresh identifier: 26 characters of Crockford base 32, unguessable."""
        ...

    def secret(self, size: int) -> bytes:
        """`size` bytes from the system's secure random source."""
        ...
