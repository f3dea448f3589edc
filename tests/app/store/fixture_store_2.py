"""Makes the store of format 2 that must open for ever; run once, before format 2 was released, and never again:
`python -m tests.app.store.fixture_store_2`. It has an erased case, two ways in, and a backup of itself beside it.
"""

from __future__ import annotations

import shutil
import sys
from datetime import timedelta
from pathlib import Path

from app.desk.ports.keys import RecoveryCode
from app.domain.events.erasure_events import ErasureCancelled, ErasureProposed
from app.domain.events.team_events import BackupDrilled, BackupMade
from app.domain.team import TEAM_STREAM
from app.store.archive import StoreArchive
from app.store.folder import LOCK, Founding, create
from app.store.keys import FLOOR
from app.store.ways_in import WaysIn
from tests.app.store.backing import shelf
from tests.app.store.building import ADA, NOOR, START, happen, place, tell_a_story
from tests.app.store.erasing import erase, tell_secrets
from tests.app.store.fixture_store import NOTE, PASSPHRASE, STORES

FORMAT_2 = STORES / "format-2"
CODE = "recovery-code.txt"
BACKUP = "aster.holdfast-backup"
ERASED = 7
LATER = START + timedelta(days=2)


def make(folder: Path) -> None:
    """Tells two stories in a new store, erases one of them, and adds what a store of format 2 can have."""
    founding = Founding(name="Aster security team", owner=ADA, policy="node-core", device_label="desk")
    store = folder / "store"
    there = place(43, floor=FLOOR)
    vault = create(store, PASSPHRASE, founding, START, cost=FLOOR, place=there)
    tell_a_story(vault)
    tell_secrets(vault, ERASED)
    happen(vault, 2, ErasureProposed(reason="by mistake"), ErasureCancelled(reason="it was"))
    erase(vault, ERASED)
    if not vault.compact():
        raise SystemExit("the store could not be compacted")
    ways = WaysIn(vault, there, lambda: FLOOR)
    code = ways.new_recovery_code()
    ways.add_recovery(code, "Sheet in the safe", ADA, LATER)
    archive = StoreArchive(vault, shelf(44, floor=FLOOR))
    report = archive.prove(archive.copy(folder / BACKUP, LATER), deep=True)
    made = BackupMade(
        name=report.name, sha256=report.sha256, size=report.size, events=report.events, head=report.head, at=LATER
    )
    tried = BackupDrilled(name=report.name, sha256=report.sha256, events=report.events, at=LATER)
    with vault.transaction(NOOR, LATER) as tx:
        tx.append(TEAM_STREAM, [made, tried])
    note = vault.checkpoint(ADA, LATER, "export")
    vault.close()
    (folder / NOTE).write_text(note.text, "utf-8")
    (folder / CODE).write_text(code + "\n", "utf-8")
    for name in (LOCK, "cases.db-journal"):
        (store / name).unlink(missing_ok=True)


def recovery_code() -> RecoveryCode:
    """What the sheet says."""
    return RecoveryCode((FORMAT_2 / CODE).read_text("utf-8").strip())


if __name__ == "__main__":
    if FORMAT_2.exists() and "--again" not in sys.argv:
        raise SystemExit("it is there already; --again replaces it, as long as nobody has a store of this format")
    shutil.rmtree(FORMAT_2, ignore_errors=True)
    FORMAT_2.mkdir(parents=True)
    make(FORMAT_2)
