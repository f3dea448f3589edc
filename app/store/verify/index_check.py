"""Looking whether the indexes hold what their tables hold."""

from __future__ import annotations

from typing import Final

from app.domain.errors import AppError
from app.store.connection import Connection
from app.store.verify.findings import Findings, Watch

_INDEXED: Final = ("stream", "actor", "device", "blob", "draft", "handler", "case_row", "export_row", "release_row")
_SEGMENT_SHIFT: Final = 37
_LEAVES: Final = 1 << 31


def check_indexes(db: Connection, findings: Findings, watch: Watch) -> None:
    """Every index against its table, the words too: an old page of an index put back hides rows that are there."""
    # A page list of an older copy would give pages that are in use to the next writer.
    (said, *_) = db.one("PRAGMA quick_check(1)")
    if said != "ok":
        findings.add("pages.disorder", detail=" ".join(str(said).split())[:100])
    for table in _INDEXED:
        watch.step(0)
        if db.one(f"PRAGMA integrity_check({table})") != ("ok",):
            findings.add("index.damaged", where=table)
    watch.step(0)
    if not _finds_its_pages(db):
        findings.add("projection.differs", where="case_search")
        return
    watch.step(0)
    try:
        # Reads every text again and compares it with what the index holds (sqlite.org/fts5.html, integrity-check).
        db.run("INSERT INTO case_search (case_search, rank) VALUES ('integrity-check', 1)")
    except AppError:
        findings.add("projection.differs", where="case_search")


def _finds_its_pages(db: Connection) -> bool:
    """Whether every page of the index of words on which a word begins has its entry in the table that leads there.

    FTS5 checks the entries that are there (sqlite.org/fts5.html, integrity-check), and misses those that are not: an
    old page of that table put back would hide words from search. A leaf's number is in the low bits of its id, that of
    its segment above bit 37; the two bytes at its place 2 tell where its words end and the list of them begins.
    """
    there = {(segment, page >> 1) for segment, page in db.each("SELECT segid, pgno FROM case_search_idx")}
    wanted = set()
    leaves = "SELECT id, block FROM case_search_data WHERE id >= ? ORDER BY id"
    for number, block in db.each(leaves, (1 << _SEGMENT_SHIFT,)):
        page = number & ((1 << _SEGMENT_SHIFT) - 1)
        if page < _LEAVES and (page == 1 or len(block) > int.from_bytes(block[2:4], "big")):
            wanted.add((number >> _SEGMENT_SHIFT, page))
    return there == wanted
