"""The socket of this machine's memory of stores: how far each went when it was last seen here."""

from __future__ import annotations

from typing import Protocol

import msgspec


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """How far a log went: how many events, and the hash of the last of them in hexadecimal.

    `slots` is the revision of its slot file: an older one brings back secrets that were revoked.
    """

    count: int
    head: str
    slots: int = 0


class SeenStores(Protocol):
    """What this machine remembers outside the stores, so that an older copy put in a store's place shows.

    A store is known by itself and the device that writes to it: a restored backup goes on as a device of its own.
    """

    def last(self, store_id: str, device: str) -> Seen | None:
        """How far the store went when it was last seen; None where nothing is known. Never raises."""
        ...

    def remember(self, store_id: str, device: str, seen: Seen) -> None:
        """Keeps it in place of what was known; a disk that refuses is no reason to fail. Never raises."""
        ...
