"""A drill: the backup restored to a scratch place, opened with a secret a person gave, verified whole, removed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from app.desk.ports.backups import DrillReport
from app.desk.ports.keys import Secret
from app.desk.ports.vault import Cancelled, Finding, Progress, VerifyReport
from app.domain.errors import AppError, Environment, Rejected
from app.domain.untrusted import safe_line
from app.store.container import Taken
from app.store.extract import Extracted, Shelf, extracted
from app.store.folder import open_unlocked
from app.store.keys import StoreKeys
from app.store.proof import demand_pages
from app.store.restore import Restored, unlocked
from app.store.stages import Stages

_OF_THE_BACKUP = ("backup.", "store.", "blob.")
"""What begins a code that speaks of the backup; the disk and the keychain are the machine's affair."""
_OF_THE_MACHINE = frozenset({"store.busy", "store.held", "store.interrupted", "store.no-locks", "store.unsafe"})


def drill(
    path: Path,
    secret: Secret,
    now: datetime,
    shelf: Shelf,
    *,
    store_id: str = "",
    places: tuple[Path, ...] = (),
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> DrillReport:
    """Tries a restore and leaves nothing of it; `store_id` is the store the backup must be of, if that matters.

    The scratch place is in memory, in one of `places`, or beside the backup.

    What is wrong with the backup is in the report. Raises Rejected: backup.cancelled, store.wrong-passphrase and its
    like; Environment for what is wrong with the machine.
    """
    stages = Stages(progress, (25, 10, 65))
    try:
        with extracted(path, now, shelf, places=places, progress=stages.next(), cancelled=cancelled) as opened:
            taken = opened.taken
            stages.next()
            try:
                restored = unlocked(opened, secret, shelf)
                _demand_store(restored.keys, store_id)
                demand_pages(opened.database, restored.keys)
                found = _verified(opened, restored, shelf, stages.next(), cancelled)
            except AppError as fault:
                return _failed(path, now, _of_the_backup(fault), taken)
    except Environment as fault:
        return _failed(path, now, _of_the_backup(fault))
    stages.end()
    return _report(path, now, taken, found)


def _verified(
    opened: Extracted, restored: Restored, shelf: Shelf, progress: Progress | None, cancelled: Cancelled | None
) -> VerifyReport:
    """Opens the scratch store to look at it, in the format that it has, and checks all of it."""
    # What this machine saw of the store before is no measure of a copy that is older by right.
    apart = msgspec.structs.replace(shelf.place, seen=None)
    vault = open_unlocked(opened.scratch.path, restored.by, apart, None, inspect=True)
    try:
        report = vault.verify(progress, cancelled)
    finally:
        vault.close()
    if report.cancelled:
        raise Rejected("backup.cancelled")
    return report


def _demand_store(keys: StoreKeys, store_id: str) -> None:
    if store_id and keys.store_id != store_id:
        raise Environment("backup.other-store")


def _of_the_backup(fault: AppError) -> AppError:
    """The fault, where it speaks of the backup; raises it where it does not."""
    if isinstance(fault, Rejected) or fault.code in _OF_THE_MACHINE or not fault.code.startswith(_OF_THE_BACKUP):
        raise fault
    return fault


def _failed(path: Path, now: datetime, fault: AppError, taken: Taken | None = None) -> DrillReport:
    finding = str(fault.facts.get("finding", ""))
    seq = fault.facts.get("seq", 0)
    found = (Finding(code=finding, seq=seq if isinstance(seq, int) else 0),) if finding else ()
    return DrillReport(
        name=safe_line(path.name, 120),
        sha256=taken.sha256 if taken else "",
        events=taken.front.manifest.events if taken else 0,
        head=taken.front.manifest.head if taken else "",
        at=now,
        problem=fault.code,
        findings=found,
    )


def _report(path: Path, now: datetime, taken: Taken, verified: VerifyReport) -> DrillReport:
    manifest = taken.front.manifest
    same = (verified.events, verified.head) == (manifest.events, manifest.head)
    found = verified.findings if same else (*verified.findings, Finding(code="log.other", seq=verified.events))
    return DrillReport(
        name=safe_line(path.name, 120),
        sha256=taken.sha256,
        events=manifest.events,
        head=manifest.head,
        at=now,
        problem="backup.not-whole" if found else "",
        findings=found,
    )
