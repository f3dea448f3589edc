"""What a store needs from outside, and how the files of its folder are called."""

from __future__ import annotations

from typing import Final

import msgspec

from app.desk.ports.clock import Ids
from app.desk.ports.files import Locks, PrivateFiles
from app.desk.ports.keys import Keychain, OpenPgp
from app.desk.ports.resources import Policies
from app.desk.ports.seen import SeenStores
from app.store.blobs import LIMIT
from app.store.keys import FLOOR, KdfCost
from app.store.migrate import Keeper
from app.store.slot_kinds import Doors

DATABASE: Final = "cases.db"
SLOTS: Final = "keyslots.json"
SLOTS_COPY: Final = "keyslots.json.bak"
LOCK: Final = "lock"


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """What a store needs from outside: files, locks, chance, policies, and what may open it beside a passphrase."""

    files: PrivateFiles
    locks: Locks
    ids: Ids
    policies: Policies
    floor: KdfCost = FLOOR
    """Cheaper derivations in a slot file are never computed; lowered by tests alone."""
    least: KdfCost | None = None
    """What a new derivation costs at least, and what a cheaper slot is brought up to when it opens; None: the floor."""
    blob_limit: int = LIMIT
    seen: SeenStores | None = None
    """What this machine remembers of stores; None for a copy that is only looked at, as in a drill."""
    accept_older: bool = False
    """Whether a person said that a store may be older than what this machine remembers; it is put on record."""
    keychain: Keychain | None = None
    openpgp: OpenPgp | None = None
    keeper: Keeper | None = None
    """Makes a backup before a store is brought to a newer format; None for a copy that is a backup itself."""

    def doors(self) -> Doors:
        """What turns secrets into keys, for one opening."""
        return Doors(self.keychain, self.openpgp)

    def least_cost(self) -> KdfCost:
        """What a new derivation costs at least."""
        return self.least or self.floor
