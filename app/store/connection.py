"""The door to the database: the only module that holds the driver; opens safely or not at all, names what fails."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import sqlcipher3

from app.domain.errors import AppError, Defect, Environment
from app.store.authorizer import Authorizer

PAGE: Final = 4096
"""Bytes of a database page."""
APPLICATION_ID: Final = 0x48464431
"""Says "HFD1" in the database header, to whoever has the key."""

_KEY: Final = re.compile(r"x'[0-9a-f]{64}'")
# What our own triggers say; any other text of the driver may hold words of a case.
_REFUSAL: Final = re.compile(r"(?:log|body|signature|stream|actor|device|blob)\.[a-z-]{1,30}")
_PLAIN_HEADER: Final = b"SQLite format 3\0"
_STATEMENTS: Final = 256

# Asked for, and read back: the program does not run on a database that answers otherwise.
_SETTINGS: Final[tuple[tuple[str, str, str], ...]] = (
    ("cipher_log_level", "NONE", "NONE"),
    ("journal_mode", "TRUNCATE", "truncate"),
    ("synchronous", "EXTRA", "3"),
    ("locking_mode", "EXCLUSIVE", "exclusive"),
    ("temp_store", "MEMORY", "2"),
    ("foreign_keys", "ON", "1"),
    ("trusted_schema", "OFF", "0"),
    ("cell_size_check", "ON", "1"),
    ("recursive_triggers", "ON", "1"),
    ("secure_delete", "ON", "1"),
    ("mmap_size", "0", "0"),
    ("fullfsync", "ON", "1"),
    ("cache_size", "-16000", "-16000"),
)
_FACTS: Final[tuple[tuple[str, str], ...]] = (
    ("cipher_status", "1"),
    ("cipher_memory_security", "0"),
    ("cipher_use_hmac", "1"),
    ("cipher_hmac_algorithm", "HMAC_SHA512"),
    ("cipher_page_size", str(PAGE)),
    ("cipher_plaintext_header_size", "0"),
    ("page_size", str(PAGE)),
    ("writable_schema", "0"),
)

_SET: Final = tuple(f"PRAGMA {name} = {value}" for name, value, _ in _SETTINGS)
_ASKED: Final = tuple(
    (name, f"PRAGMA {name}", answer) for name, answer in (*((n, a) for n, _, a in _SETTINGS), *_FACTS)
)

# Primary result codes (sqlite.org/rescode.html).
_FAULTS: Final[dict[int, str]] = {
    5: "store.busy",
    6: "store.busy",
    7: "memory.full",
    8: "disk.readonly",
    9: "store.interrupted",
    10: "disk.io",
    11: "store.damaged",
    13: "disk.full",
    14: "disk.io",
    26: "store.damaged",
}


class Connection:
    """One connection, used from the thread that opened it."""

    def __init__(self, path: Path, key: bytes, *, fresh: bool = False) -> None:
        """Opens an existing file; `fresh` allows an empty one that is about to get its schema.

        Raises Environment: store.database-missing, -empty, -truncated, store.not-encrypted, store.damaged, store.busy,
        store.unsafe (a setting that does not hold), disk.readonly, disk.io.
        """
        if not fresh:
            _demand_database(path)
        self._authorizer = Authorizer()
        with _told():
            self._db = sqlcipher3.connect(
                path.absolute().as_uri() + "?mode=rw",
                uri=True,
                isolation_level=None,
                timeout=0.2,
                cached_statements=_STATEMENTS,
            )
        try:
            with _told():
                self._unlock(key)
                self._settle()
                self._db.set_authorizer(self._authorizer)
        except BaseException:
            self._db.close()
            raise
        if not fresh and path.stat().st_size % PAGE:
            self._db.close()
            raise Environment("store.database-truncated")

    def _unlock(self, key: bytes) -> None:
        self._db.enable_load_extension(False)
        spelt = f"x'{key.hex()}'"
        # Anything else would be taken for a passphrase, without a word.
        if not _KEY.fullmatch(spelt):
            raise Defect("store.bad-key")
        self._db.set_key(spelt)

    def _settle(self) -> None:
        if not self._db.execute("PRAGMA cipher_version").fetchall():
            raise Environment("store.unsafe", setting="cipher_version")
        for setting in _SET:
            self._db.execute(setting).fetchall()
        # The first look at the file; from here on it is ours alone.
        self._db.execute("BEGIN EXCLUSIVE")
        self._db.execute("COMMIT")
        for name, question, answer in _ASKED:
            row = self._db.execute(question).fetchone()
            if row is None or str(row[0]) != answer:
                raise Environment("store.unsafe", setting=name)

    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Carries out one statement; gives the row id of the last insert."""
        try:
            row: int = self._db.execute(sql, values).lastrowid or 0
        except sqlcipher3.Error as fault:
            raise told(fault) from None
        return row

    def run_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Carries out one statement for each row."""
        try:
            self._db.executemany(sql, rows)
        except sqlcipher3.Error as fault:
            raise told(fault) from None

    def one(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """The first row as a tuple, or None."""
        try:
            return self._db.execute(sql, values).fetchone()
        except sqlcipher3.Error as fault:
            raise told(fault) from None

    def all(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """Every row."""
        try:
            rows: list[Any] = self._db.execute(sql, values).fetchall()
        except sqlcipher3.Error as fault:
            raise told(fault) from None
        return rows

    def each(self, sql: str, values: Sequence[Any] = ()) -> Iterator[Any]:
        """The rows one after the other; for reading only, nothing may be written meanwhile."""
        with _told():
            cursor = self._db.cursor()
            cursor.arraysize = 256
            cursor.execute(sql, values)
            while rows := cursor.fetchmany():
                yield from rows

    def begin(self) -> None:
        """Opens a transaction that may write."""
        self.run("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Makes the transaction last; when it returns, the bytes are on the disk."""
        self.run("COMMIT")

    def rollback(self) -> None:
        """Takes everything back; no harm where a full disk already made SQLite do so."""
        if self._db.in_transaction:
            self.run("ROLLBACK")

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part that can fail on its own."""
        self.run("SAVEPOINT part")
        try:
            yield
        except BaseException:
            if self._db.in_transaction:
                self.run("ROLLBACK TO part")
                self.run("RELEASE part")
            raise
        self.run("RELEASE part")

    @contextmanager
    def changing_schema(self) -> Iterator[None]:
        """Lets a migration create and drop; closed again afterwards."""
        self._authorizer.schema_may_change = True
        try:
            yield
        finally:
            self._authorizer.schema_may_change = False

    def script(self, sql: str) -> None:
        """Carries out several statements; must hold its own BEGIN and COMMIT."""
        try:
            self._db.executescript(sql)
        except sqlcipher3.Error as fault:
            self.rollback()
            raise told(fault) from None

    def number(self, pragma: str) -> int:
        """What `user_version` or `application_id` says."""
        return int(self.one(f"PRAGMA {pragma}")[0])

    def close(self) -> None:
        """Closes the connection; nothing may be asked of it afterwards."""
        self._db.close()


def told(fault: Exception) -> AppError:
    """A fault of the driver by its code; its text is left behind, since it may hold words of a case."""
    code = getattr(fault, "sqlite_errorcode", None)
    primary = code & 0xFF if isinstance(code, int) else 0
    if primary in _FAULTS:
        return Environment(_FAULTS[primary], error=primary)
    refused = _REFUSAL.fullmatch(str(fault))
    return Defect("store.sql", error=primary, kind=type(fault).__name__, reason=refused.group() if refused else "")


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except sqlcipher3.Error as fault:
        raise told(fault) from None


def bindable(text: str) -> str:
    """The text with every lone surrogate as a question mark: it is no text, and SQLite takes none."""
    return text.encode("utf-8", "replace").decode()


def _demand_database(path: Path) -> None:
    try:
        with path.open("rb") as file:
            head = file.read(len(_PLAIN_HEADER))
            size = file.seek(0, 2)
        journal = path.with_name(path.name + "-journal")
        unfinished = journal.exists() and journal.stat().st_size > 0
    except FileNotFoundError:
        raise Environment("store.database-missing") from None
    except OSError as fault:
        raise Environment("disk.io", file=path.name) from fault
    if size == 0:
        raise Environment("store.database-empty")
    if head == _PLAIN_HEADER:
        raise Environment("store.not-encrypted")
    # A journal that a crash left behind may put back what is missing; it is asked again afterwards.
    if not unfinished and (size < PAGE or size % PAGE):
        raise Environment("store.database-truncated")
