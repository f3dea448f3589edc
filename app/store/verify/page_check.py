"""Looking at every page of the file as it lies: what SQLite never asks for is checked too, and no page of zeros passes.

The same as SQLCipher's own cipher_integrity_check, but a bad page does not spoil the connection for what follows.
"""

from __future__ import annotations

from app.domain.errors import AppError
from app.store.connection import Connection
from app.store.pages import PAGE
from app.store.verify.findings import Findings, Watch


def check_pages(db: Connection, findings: Findings, watch: Watch) -> None:
    """Names each page that is not as it was written, and a file that is longer than its database."""
    try:
        bad = []
        for number, is_sound in db.pages():
            if not is_sound:
                bad.append(number)
            if number % 256 == 0:
                watch.step(0)
        size, stated = db.size(), int(db.one("PRAGMA page_count")[0]) * PAGE
    except AppError as fault:
        findings.add("store.unreadable", detail=fault.code)
        return
    for number in bad:
        if number <= stated // PAGE:
            findings.add("page.damaged", where=str(number))
    if size > stated:
        findings.add("file.longer", detail=str(size - stated))
