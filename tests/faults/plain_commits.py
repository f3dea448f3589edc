"""The control: commits to a plain SQLCipher file, with any settings, so that losses are seen where there are any."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from random import Random

import sqlcipher3
from typing_extensions import override

from tests.faults.scenario import Complaint, Said, Scenario, Tell

_KEY = f"x'{'cd' * 32}'"
_COMMITS = 30


class PlainCommits(Scenario):
    """A table that grows by a row of chance with each commit; the settings are those of SQLCipher unless given."""

    name = "plain-default"
    journal = "DELETE"
    synchronous = "FULL"

    @override
    def prepare(self, box: Path) -> None:
        self._open(box).close()

    @override
    def act(self, box: Path, tell: Tell, chance: Random) -> None:
        db = self._open(box)
        for number in range(1, _COMMITS + 1):
            content = chance.randbytes(chance.choice((50, 500, 5_000, 20_000)))
            tell.begin("commit")
            db.execute("BEGIN IMMEDIATE")
            db.execute("INSERT INTO row VALUES (?, ?, ?)", (number, content, hashlib.sha256(content).digest()))
            if number > 8 and chance.random() < 0.5:
                db.execute("DELETE FROM row WHERE no = ?", (number - 8,))
            db.execute("COMMIT")
            tell.done(number=number)
        db.close()

    @override
    def check(self, box: Path, said: Said) -> Iterable[Complaint]:
        try:
            db = self._open(box)
            ok = db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            rows = db.execute("SELECT no, content, sha256 FROM row ORDER BY no").fetchall()
            db.close()
        except sqlcipher3.Error as fault:
            yield Complaint(kind="unopenable", detail=str(fault))
            return
        if not ok or any(hashlib.sha256(content).digest() != digest for _, content, digest in rows):
            yield Complaint(kind="damaged", detail="the check of the file or of a row")
        acknowledged = max((step.done["number"] for step in said.done if step.done), default=0)
        if acknowledged > max((number for number, _, _ in rows), default=0):
            yield Complaint(kind="lost", detail=f"commit {acknowledged}")

    def _open(self, box: Path) -> sqlcipher3.Connection:
        db = sqlcipher3.connect(str(box / "plain.db"), isolation_level=None)
        db.set_key(_KEY)
        db.execute("PRAGMA cipher_log_level = NONE")
        db.execute(f"PRAGMA journal_mode = {self.journal}").fetchall()
        db.execute(f"PRAGMA synchronous = {self.synchronous}")
        db.execute("CREATE TABLE IF NOT EXISTS row (no INTEGER PRIMARY KEY, content BLOB, sha256 BLOB)")
        return db


class PlainCommitsSafely(PlainCommits):
    """The same with the settings of the store."""

    name = "plain-safe"
    journal = "TRUNCATE"
    synchronous = "EXTRA"
