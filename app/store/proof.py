"""Proving a copy of a database: every page, then the log; with its own connections, so that the store may go on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from app.desk.ports.resources import Policies
from app.desk.ports.vault import Cancelled, Finding, Progress
from app.domain.errors import AppError, Environment, Rejected
from app.store.blobs import Blobs
from app.store.connection import Connection
from app.store.container import Manifest
from app.store.device import own_device
from app.store.keys import StoreKeys
from app.store.verify.chain_check import ChainCheck
from app.store.verify.findings import Findings, Stopped, Watch
from app.store.verify.verification import Verification


class Proved(msgspec.Struct, frozen=True, kw_only=True):
    """How far the log of a copy goes, and what is wrong with it."""

    events: int
    head: str
    root: str
    findings: tuple[Finding, ...] = ()


def demand_pages(database: Path, keys: StoreKeys) -> None:
    """Each page is the one that was written, and all of them make a database.

    Raises Environment("backup.not-whole") with the finding `pages.damaged` or `database.inconsistent`, and what opening
    raises.
    """
    # A page that fails poisons later checks of the same connection: each has one of its own.
    _demand(database, keys, "pages.damaged", lambda db: not db.all("PRAGMA cipher_integrity_check"))
    _demand(database, keys, "database.inconsistent", lambda db: db.all("PRAGMA integrity_check") == [("ok",)])


def _demand(database: Path, keys: StoreKeys, finding: str, holds: Callable[[Connection], bool]) -> None:
    db = Connection(database, keys.database())
    try:
        is_sound = holds(db)
    except AppError:
        is_sound = False
    finally:
        db.close()
    if not is_sound:
        raise Environment("backup.not-whole", finding=finding, seq=0)


def prove_log(
    database: Path,
    keys: StoreKeys,
    policies: Policies,
    *,
    deep: bool,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Proved:
    """Hashes, order, commitments, signatures from the first event on; `deep` compares every state, row and file too.

    Raises Rejected("backup.cancelled"), and what opening raises.
    """
    db = Connection(database, keys.database())
    try:
        return _proved(db, keys, policies, deep=deep, progress=progress, cancelled=cancelled)
    except Stopped:
        raise Rejected("backup.cancelled") from None
    finally:
        db.close()


def _proved(
    db: Connection,
    keys: StoreKeys,
    policies: Policies,
    *,
    deep: bool,
    progress: Progress | None,
    cancelled: Cancelled | None,
) -> Proved:
    device = own_device(db, keys)
    if deep:
        report = Verification(db, keys.store_id, device, Blobs(db), policies).run(progress, cancelled)
        if report.cancelled:
            raise Stopped
        return Proved(events=report.events, head=report.head, root=report.root, findings=report.findings)
    findings = Findings()
    chain = ChainCheck(db, keys.store_id, findings)
    events = int(db.one("SELECT coalesce(max(seq), 0) FROM log")[0])
    chain.run(Watch(events, progress, cancelled))
    chain.leftovers()
    return Proved(
        events=chain.frontier.count,
        head=chain.head.hex(),
        root=chain.frontier.root().hex(),
        findings=findings.all(),
    )


def demand_same_log(proved: Proved, manifest: Manifest) -> None:
    """The log is sound and ends where the manifest says, else Environment("backup.not-whole") with finding and seq."""
    if proved.findings:
        first = proved.findings[0]
        raise Environment("backup.not-whole", finding=first.code, seq=first.seq)
    if (proved.events, proved.head) != (manifest.events, manifest.head):
        raise Environment("backup.not-whole", finding="log.other", seq=proved.events)
