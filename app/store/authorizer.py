"""What SQL may do on an open store: a list of what is allowed, everything else is denied.

The numbers are SQLite's own action codes (sqlite.org/c3ref/c_alter_table.html).
"""

from __future__ import annotations

from typing import Final

_OK: Final = 0
_DENY: Final = 1

_DELETE: Final = 9
_INSERT: Final = 18
_PRAGMA: Final = 19
_READ: Final = 20
_SELECT: Final = 21
_TRANSACTION: Final = 22
_UPDATE: Final = 23
_ATTACH: Final = 24
_DETACH: Final = 25
_FUNCTION: Final = 31
_SAVEPOINT: Final = 32
_RECURSIVE: Final = 33

_PLAIN: Final = frozenset({_READ, _SELECT, _TRANSACTION, _SAVEPOINT, _RECURSIVE})
_WRITES: Final = frozenset({_INSERT, _UPDATE, _DELETE})
_NEVER: Final = frozenset({_ATTACH, _DETACH})
# Beside what a migration does: what VACUUM asks of itself.
_OF_VACUUM: Final = frozenset({"quote"})
# Creating, altering and dropping, virtual tables too; only while a migration runs.
_SCHEMA: Final = frozenset({*range(1, 9), *range(10, 18), 26, 27, 28, 29, 30})

_PRAGMAS: Final = frozenset(
    {
        "application_id",
        "cipher_integrity_check",
        "cipher_salt",
        "data_version",
        "freelist_count",
        "integrity_check",
        "page_count",
        "quick_check",
        "user_version",
    }
)
"""Pragmas that may be asked, never set; integrity_check takes the name of a table, quick_check how much to tell."""

_STAMPS: Final = frozenset({"application_id", "user_version"})
"""What a migration writes into the header."""

_FUNCTIONS: Final = frozenset({"coalesce", "count", "group_concat", "length", "match", "max", "min", "sum", "zeroblob"})


class Authorizer:
    """Asked by SQLite about every act of a statement when it is prepared."""

    def __init__(self) -> None:
        self.schema_may_change = False
        self.is_compacting = False
        """Set for the length of one VACUUM, which attaches a database without a name: one in memory."""

    def __call__(
        self, action: int, first: str | None, second: str | None, _database: str | None, _trigger: str | None
    ) -> int:
        if self.is_compacting and action == _ATTACH and first == "":
            return _OK
        return _OK if self._allows(action, first or "", second) else _DENY

    def _allows(self, action: int, first: str, second: str | None) -> bool:
        if action in _NEVER:
            return False
        if action in _PLAIN:
            return True
        if action in _WRITES:
            return self.schema_may_change or self.is_compacting or not first.startswith("sqlite_")
        if action == _FUNCTION:
            function = (second or "").lower()
            return function in _FUNCTIONS or (self.is_compacting and function in _OF_VACUUM)
        if action == _PRAGMA:
            if second is not None:
                return first in ("integrity_check", "quick_check") or (self.schema_may_change and first in _STAMPS)
            return first in _PRAGMAS
        return (self.schema_may_change or self.is_compacting) and action in _SCHEMA
