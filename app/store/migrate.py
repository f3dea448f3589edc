"""Brings a store to the newest schema: numbered SQL files, each in one transaction, never edited once released."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Final

from app.domain.errors import Environment
from app.store.connection import APPLICATION_ID, Connection

_FILE: Final = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")


def steps() -> tuple[tuple[int, str], ...]:
    """The migrations in order: number and SQL; numbered without a gap from 1."""
    folder = files("app.store").joinpath("migrations")
    found = sorted((entry.name, entry) for entry in folder.iterdir() if _FILE.fullmatch(entry.name))
    return tuple((int(name[:4]), entry.read_text("utf-8")) for name, entry in found)


def migrate(db: Connection) -> None:
    """Applies what is missing; raises Environment("store.newer") for a store that a later version made."""
    known = steps()
    version = db.number("user_version")
    if version > known[-1][0]:
        raise Environment("store.newer", version=version, known=known[-1][0])
    if version and db.number("application_id") != APPLICATION_ID:
        raise Environment("store.damaged", part="application-id")
    for number, sql in known:
        if number > version:
            with db.changing_schema():
                # The BEGIN lies inside: executescript commits whatever was open before it starts.
                db.script(f"BEGIN IMMEDIATE;\n{sql}\nPRAGMA user_version = {number};\nCOMMIT;")


def schema(db: Connection) -> str:
    """Every object of the database as SQL, in order of its name; what SQLite makes by itself is left out."""
    rows = db.all("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name")
    return "\n\n".join(f"{sql};" for name, sql in rows if not name.startswith("sqlite_")) + "\n"
