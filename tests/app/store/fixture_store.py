"""Makes the store of format 1 that must open for ever; run once, before format 1 was released, and never again:
`python -m tests.app.store.fixture_store`. A later format gets a store of its own beside it.
"""

from __future__ import annotations

import shutil
import sys
from datetime import timedelta
from pathlib import Path

from typing_extensions import override

from app.store.folder import LOCK, Founding, create
from app.store.keys import FLOOR
from tests.app.store.building import ADA, START, SeededIds, place, tell_a_story

STORES = Path(__file__).resolve().parents[2] / "data" / "stores"
FORMAT_1 = STORES / "format-1"
PASSPHRASE = "Zu\u0308rich bore\u0301alis 1"
"""Written with combining accents; typed on another keyboard it may come composed."""
NOTE = "checkpoint.txt"


class FirstIds(SeededIds):
    """Chance as the program of format 1 drew it: its slot file asked five times less: no key pairs, no bonds."""

    _SINCE = (3, 4, 6, 7, 8)

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._drawn = 0
        self._beside = SeededIds(seed + 1)

    @override
    def secret(self, size: int) -> bytes:
        self._drawn += 1
        return (self._beside.secret if self._drawn in self._SINCE else super().secret)(size)


def make(folder: Path) -> None:
    """Tells the story of `building` in a new store, with the real floor of the key derivation."""
    founding = Founding(name="Aster security team", owner=ADA, policy="node-core", device_label="desk")
    vault = create(folder, PASSPHRASE, founding, START, cost=FLOOR, place=place(floor=FLOOR, ids=FirstIds(42)))
    tell_a_story(vault)
    note = vault.checkpoint(ADA, START + timedelta(days=2), "export")
    vault.close()
    (folder / NOTE).write_text(note.text, "utf-8")
    for name in (LOCK, "cases.db-journal"):
        (folder / name).unlink(missing_ok=True)


if __name__ == "__main__":
    if FORMAT_1.exists() and "--again" not in sys.argv:
        raise SystemExit("it is there already; --again replaces it, as long as nobody has a store of this format")
    shutil.rmtree(FORMAT_1, ignore_errors=True)
    STORES.mkdir(parents=True, exist_ok=True)
    make(FORMAT_1)
