"""Whether the tables, indexes and rules of the database are those of its format: a rule put in or taken out may wait.

A trigger that somebody with the key put in changes what is written later; one taken out no longer keeps the log.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from app.store.connection import Connection
from app.store.migrate import schema
from app.store.verify.findings import Findings

SCHEMAS: Final[dict[int, str]] = {
    1: "44f7e12a62c75cc8e0759570dea5734e20949a44605a86fd8292b0e3f3fb01d2",
    2: "0079351c4fdf6257a9f47f428ae1b16d4306e48cd716225100bd1ae2f009d721",
}
"""SHA-256 of the schema of every format; a format's never changes once it is released."""


def check_schema(db: Connection, findings: Findings) -> None:
    """Finds a schema that no migration made."""
    wanted = SCHEMAS.get(db.number("user_version"), "")
    if not hmac.compare_digest(hashlib.sha256(schema(db).encode()).hexdigest(), wanted):
        findings.add("schema.differs")
