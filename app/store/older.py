"""Whether a store is the one that this machine saw last, or an older or other copy in its place."""

from __future__ import annotations

from typing import Final

from app.desk.ports.seen import Seen, SeenStores
from app.domain.errors import Environment
from app.store.connection import Connection
from app.store.log import Head

EVERY: Final = 64
"""Transactions after which the machine is told again how far the store is: a write of its own costs as much as a
command. Sooner at every checkpoint and when the store is closed.
"""


class Memory:
    """What this machine is told of one store; nothing where it is not to remember any."""

    def __init__(self, seen: SeenStores | None, store_id: str, device: str) -> None:
        self._seen = seen
        self._store_id = store_id
        self._device = device
        self._since = 0
        self.slots = 0
        """The revision of the slot file that the store opens with."""

    def last(self) -> Seen | None:
        """How far the store went when this machine saw it last; None where it never did or may not remember."""
        return None if self._seen is None else self._seen.last(self._store_id, self._device)

    def committed(self, head: Head) -> None:
        """Another transaction is on the disk."""
        self._since += 1
        if self._since >= EVERY:
            self.tell(head)

    def of_device(self, device: str) -> Memory:
        """The same for the device that goes on."""
        memory = Memory(self._seen, self._store_id, device)
        memory.slots = self.slots
        return memory

    def tell(self, head: Head) -> None:
        """This is how far the store is: only what is on the disk is ever told, so a crash gives no false alarm."""
        self._since = 0
        if self._seen is not None:
            now = Seen(count=head.seq, head=head.hash.hex(), slots=self.slots)
            self._seen.remember(self._store_id, self._device, now)


def demand_slots(revision: int, seen: Seen | None) -> None:
    """Raises Environment("store.slots-old") where this machine saw a later slot file of the store."""
    if seen is not None and revision < seen.slots:
        raise Environment("store.slots-old", revision=revision, known=seen.slots)


def how_older(db: Connection, seen: Seen | None) -> Environment | None:
    """None where the log goes at least as far as it once did, along the same way.

    Else Environment: store.rolled-back (events, seen) for a log that is shorter, store.forked (events, seen) for one
    that is another from that event on.
    """
    if seen is None:
        return None
    events = int(db.one("SELECT coalesce(max(seq), 0) FROM log")[0])
    if events < seen.count:
        return Environment("store.rolled-back", events=events, seen=seen.count)
    row = db.one("SELECT hash FROM log WHERE seq = ?", (seen.count,))
    if row is None or row[0].hex() != seen.head:
        return Environment("store.forked", events=events, seen=seen.count)
    return None
