"""Verification beside what nobody can leave out: hashing the same bytes once, decoding every body once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

from app.domain.events import decode
from app.store.connection import Connection
from app.store.vault import SqlVault
from app.store.verify.blob_check import check_blobs
from app.store.verify.chain_check import ChainCheck
from app.store.verify.findings import Findings, Watch
from app.store.verify.verification import Verification
from tests.bench.frame import Budget, Line, Result, worked
from tests.bench.large_store import opened, store_of
from tests.bench.setting import Setting

CHAIN: Final = Line(
    row="verify",
    what="chain, signatures and files",
    yardstick="SHA-256 of every value of the log, bodies, signatures and files, read from the same database",
    budget=Budget(times=3),
)
REPLAY: Final = Line(
    row="verify",
    what="replay: states and rows made again and compared",
    yardstick="reading and decoding every body once, in the order of the log",
    budget=Budget(times=4),
)


def measure(setting: Setting) -> Iterator[Result]:
    """Both halves of `verify`, on the large store as it was closed; processor time, since nothing is waited for."""
    vault = opened(store_of(setting.cases))
    rounds = max(3, setting.rounds // 2)
    try:
        db = vault._db
        yield CHAIN.measured(worked(lambda: _chain(vault)), worked(lambda: _hashed(db)), rounds=rounds)
        yield REPLAY.measured(worked(lambda: _replay(vault)), worked(lambda: _decoded(db)), rounds=rounds)
    finally:
        vault.close()


def _chain(vault: SqlVault) -> None:
    findings, watch = Findings(), Watch(vault.queries.history_count(), None, None)
    check = ChainCheck(vault._db, vault.store_id, findings)
    check.run(watch)
    check.leftovers()
    check_blobs(vault._blobs, (), findings, watch)
    _demand_clean(findings)


def _replay(vault: SqlVault) -> None:
    checked = Verification(vault._db, vault.store_id, vault._device, vault._blobs, vault._policies)
    checked.check_states(Watch(vault.queries.history_count(), None, None))
    _demand_clean(checked._findings)


def _demand_clean(findings: Findings) -> None:
    if findings.found:
        raise AssertionError(findings.found[:3])


def _hashed(db: Connection) -> str:
    """Table by table in the order in which they lie in the file: the cheapest way to see every byte once."""
    digest = hashlib.sha256()
    for table in ("log", "body", "signature", "blob_chunk"):
        for row in db.each(f"SELECT * FROM {table}"):  # noqa: S608 - names of our own tables
            for value in row:
                digest.update(value if isinstance(value, bytes) else str(value).encode())
    return digest.hexdigest()


def _decoded(db: Connection) -> int:
    statement = "SELECT l.kind, b.content FROM log l CROSS JOIN body b ON b.seq = l.seq ORDER BY l.seq"
    return sum(decode(kind, content) is not None for kind, content in db.each(statement))
