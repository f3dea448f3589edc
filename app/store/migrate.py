"""Brings a store to the newest schema: numbered SQL files, each in one transaction, never edited once released."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Final, Protocol

import msgspec

from app.domain.errors import Environment
from app.store.connection import APPLICATION_ID, Connection
from app.store.keys import StoreKeys

_FILE: Final = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")


class Keeper(Protocol):
    """Keeps a store as it is before it is changed for good."""

    def keep(self, db: Connection, folder: Path, keys: StoreKeys) -> str:
        """Makes a backup, proves it, and gives its file name; raises Environment, and then nothing is changed."""
        ...


class Upgraded(msgspec.Struct, frozen=True, kw_only=True):
    """A store was brought from one format to another; `kept` is the name of the backup that was made before, or ""."""

    old: int
    new: int
    kept: str = ""


def steps() -> tuple[tuple[int, str], ...]:
    """The migrations in order: number and SQL; numbered without a gap from 1."""
    folder = files("app.store").joinpath("migrations")
    found = sorted((entry.name, entry) for entry in folder.iterdir() if _FILE.fullmatch(entry.name))
    return tuple((int(name[:4]), entry.read_text("utf-8")) for name, entry in found)


def newest_format() -> int:
    """The format that this version writes."""
    return steps()[-1][0]


def demand_known(db: Connection) -> int:
    """The format of a database, 0 for an empty one; raises Environment("store.newer") for one of a later version."""
    version, newest = db.number("user_version"), newest_format()
    if version > newest:
        raise Environment("store.newer", version=version, known=newest)
    if version and db.number("application_id") != APPLICATION_ID:
        raise Environment("store.damaged", part="application-id")
    return version


def upgrade(db: Connection, folder: Path, keys: StoreKeys, keeper: Keeper | None) -> Upgraded | None:
    """Brings the database of a store up to date, after a backup of it as it is; None where it is up to date.

    A crash on the way leaves the format before or the one after, never one between. Raises what `migrate` and `keep`
    raise.
    """
    old = demand_known(db)
    if old == newest_format():
        return None
    kept = keeper.keep(db, folder, keys) if keeper is not None else ""
    migrate(db)
    return Upgraded(old=old, new=newest_format(), kept=kept)


def migrate(db: Connection) -> None:
    """Applies what is missing; raises Environment("store.newer") for a store that a later version made."""
    version = demand_known(db)
    for number, sql in steps():
        if number > version:
            with db.changing_schema():
                # The BEGIN lies inside: executescript commits whatever was open before it starts.
                db.script(f"BEGIN IMMEDIATE;\n{sql}\nPRAGMA user_version = {number};\nCOMMIT;")


def schema(db: Connection) -> str:
    """Every object of the database as SQL, in order of its name; what SQLite makes by itself is left out."""
    rows = db.all("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name")
    return "\n\n".join(f"{sql};" for name, sql in rows if not name.startswith("sqlite_")) + "\n"
