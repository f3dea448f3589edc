"""The door to the database: the only module that holds the driver; opens safely or not at all, names what fails."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, Final

import sqlcipher3

from app.domain.errors import AppError, Defect, Environment
from app.store.authorizer import Authorizer
from app.store.database_file import demand_database, is_cut_off, is_short
from app.store.pages import PAGE, SALT, USABLE, PageCipher

APPLICATION_ID: Final = 0x48464431
"""Says "HFD1" in the database header, to whoever has the key."""

_KEY: Final = re.compile(r"x'[0-9a-f]{64}'")
# What our own triggers say; any other text of the driver may hold words of a case.
_REFUSAL: Final = re.compile(r"(?:log|body|signature|stream|actor|device|blob)\.[a-z-]{1,30}")
_STATEMENTS: Final = 256
_PIECE: Final = 1024 * 1024
_AT_ONCE: Final = 16 * 1024
"""Pages of one row while unused pages are written anew: 64 MiB."""
_OLDEST_CIPHER: Final = (4, 19)
"""What every promise was measured with; an older SQLCipher has faults that are mended there."""
_VERSION: Final = re.compile(r"(\d{1,4})\.(\d{1,4})\b.*", re.DOTALL)

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
            demand_database(path)
        # SQLite would open it all the same, and refuse the first command only.
        if not os.access(path, os.W_OK):
            raise Environment("disk.readonly", file=path.name)
        self._path = path
        self._file: BinaryIO | None = None
        self._authorizer = Authorizer()
        self._db = self._opened(key)
        if not fresh and self.size() < self.number("page_count") * PAGE:
            self._db.close()
            raise Environment("store.database-truncated")

    def _opened(self, key: bytes) -> Any:
        try:
            return self._connected(key)
        except Environment as fault:
            if fault.code == "store.damaged" and is_short(self._path, key):
                raise Environment("store.database-truncated") from None
            raise

    def _connected(self, key: bytes) -> Any:
        with _told():
            self._db = sqlcipher3.connect(
                self._path.absolute().as_uri() + "?mode=rw",
                uri=True,
                isolation_level=None,
                timeout=0.2,
                cached_statements=_STATEMENTS,
            )
        try:
            with _told():
                self._demand_codec()
                self._unlock(key)
                self._key = key
                self._settle()
                self._db.set_authorizer(self._authorizer)
        except BaseException:
            self._db.close()
            raise
        return self._db

    def _demand_codec(self) -> None:
        """Without one, or with a name misspelt, SQLite takes every key in silence and writes in the open."""
        row = self._db.execute("PRAGMA cipher_version").fetchone()
        version = None if row is None else _VERSION.fullmatch(str(row[0]))
        if version is None or (int(version[1]), int(version[2])) < _OLDEST_CIPHER:
            raise Environment("store.unsafe", setting="cipher_version")

    def _unlock(self, key: bytes) -> None:
        self._db.enable_load_extension(False)
        self._db.set_key(_spelt(key))

    def _settle(self) -> None:
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
            refused = told(fault)
            # Without the right to make a file in the folder there is no journal, and SQLite does not say why.
            if refused.code == "disk.io" and not os.access(self._path.parent, os.W_OK):
                raise Environment("disk.readonly", file=self._path.name) from None
            raise refused from None
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

    @property
    def in_transaction(self) -> bool:
        """Whether something is open that could be taken back."""
        return bool(self._db.in_transaction)

    def syncs_journal(self) -> bool:
        """Has it on the disk that the journal is empty; False where the disk refuses."""
        try:
            descriptor = os.open(self._path.with_name(self._path.name + "-journal"), os.O_RDWR | os.O_CLOEXEC)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError:
            return False
        return True

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

    def compact(self) -> None:
        """Writes the whole database anew, so that no page holds a rest of what was deleted; needs its size in memory.

        All or nothing, like a transaction: a crash leaves the database as it was (sqlite.org/lang_vacuum.html).
        """
        self._authorizer.is_compacting = True
        try:
            self.run("VACUUM")
        finally:
            self._authorizer.is_compacting = False

    def renew_free_pages(self) -> None:
        """Writes every unused page anew; to be done where a transaction was cut off.

        SQLite journals no content that nobody needs (sqlite.org/fileformat2.html, section 1.5: freelist leaf pages), so
        power that fails while such a page is taken into use may leave it torn: nothing is lost, but every check of the
        file would call it damaged.
        """
        # An overflow page spends 4 bytes on the number of the next; a row more than fits takes the last of them.
        count, room = self.number("freelist_count"), USABLE - 4
        pieces = [_AT_ONCE] * (count // _AT_ONCE) + [count % _AT_ONCE]
        if not count:
            return
        self.begin()
        try:
            self.run_many(
                "INSERT INTO blob_chunk (id, sha256, content) VALUES (?, x'', zeroblob(?))",
                ((-number, (pages + 1) * room) for number, pages in enumerate(pieces, 1)),
            )
            self.run("DELETE FROM blob_chunk WHERE id < 0")
            self.commit()
        except BaseException:
            self.rollback()
            raise

    def rekey(self, old: bytes, new: bytes) -> None:
        """Encrypts every page with the key `new`, in one transaction of SQLite: a crash leaves all of it under one key.

        Through the driver, since a PRAGMA would spell the key in SQL. The library does not tell whether it succeeded:
        the database is opened again and tells by itself. Raises Environment("store.not-rekeyed"), open with the key
        `old` then; anything else, such as disk.io, leaves it closed, and under which key it is nobody knows.
        """
        spelt = _spelt(new)
        with suppress(sqlcipher3.Error):
            self._db.reset_key(spelt)
        self._db.close()
        try:
            self._connected(new)
        except Environment as with_new:
            try:
                self._connected(old)
            except Environment as with_old:
                # A key that does not fit is called damage as well; what else went wrong is the reason.
                raise (with_new if with_old.code == "store.damaged" else with_old) from None
            raise Environment("store.not-rekeyed") from None

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

    def salt(self) -> bytes:
        """The first 16 bytes of the file, which lie in the open and stay when the key is replaced."""
        return bytes.fromhex(self.one("PRAGMA cipher_salt")[0])

    def size(self) -> int:
        """Bytes of the file as it lies."""
        try:
            return self._path.stat().st_size
        except OSError as fault:
            raise Environment("disk.io", file=self._path.name) from fault

    def raw(self) -> Iterator[bytes]:
        """The file as it lies, encrypted, in pieces of 1 MiB; nothing may be written until the last one was taken.

        A copy of these bytes is the database (sqlite.org/howtocorrupt.html, section 1.2: backups while a transaction
        is active): no transaction is open, no journal counts, and the exclusive lock keeps everybody else from
        beginning one. Raises Defect inside a transaction, Environment("disk.io").
        """
        if self._db.in_transaction or is_cut_off(self._path):
            raise Defect("store.transaction-open")
        try:
            if self._file is None:
                # Closing any descriptor of a file drops every lock that this process has on it (fcntl(2)), SQLite's
                # too: this one is closed after SQLite has closed its own.
                self._file = self._path.open("rb", buffering=0)
            self._file.seek(0)
            while piece := self._file.read(_PIECE):
                yield piece
        except OSError as fault:
            raise Environment("disk.io", file=self._path.name) from fault

    def pages(self) -> Iterator[tuple[int, bool]]:
        """The number of every page in the file, and whether it is as it was written; like `raw`."""
        cipher: PageCipher | None = None
        number, rest = 0, b""
        for piece in self.raw():
            data = rest + piece
            cipher = cipher or PageCipher(self._key, data[:SALT])
            whole = len(data) - len(data) % PAGE
            for start in range(0, whole, PAGE):
                number += 1
                yield number, cipher.is_sound(number, data[start : start + PAGE])
            rest = data[whole:]
        if rest:
            yield number + 1, False

    def close(self) -> None:
        """Closes the connection; nothing may be asked of it afterwards."""
        self._db.close()
        self._key = b""
        if self._file is not None:
            self._file.close()
            self._file = None


def told(fault: Exception) -> AppError:
    """A fault of the driver by its code; its text is left behind, since it may hold words of a case."""
    code = getattr(fault, "sqlite_errorcode", None)
    primary = code & 0xFF if isinstance(code, int) else 0
    if primary in _FAULTS:
        return Environment(_FAULTS[primary], error=primary)
    refused = _REFUSAL.fullmatch(str(fault))
    return Defect("store.sql", error=primary, kind=type(fault).__name__, reason=refused.group() if refused else "")


def _spelt(key: bytes) -> str:
    """A raw key as the driver takes it; anything else would be taken for a passphrase, without a word."""
    spelt = f"x'{key.hex()}'"
    if not _KEY.fullmatch(spelt):
        raise Defect("store.bad-key")
    return spelt


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except sqlcipher3.Error as fault:
        raise told(fault) from None


def bindable(text: str) -> str:
    """The text with every lone surrogate as a question mark: it is no text, and SQLite takes none."""
    return text.encode("utf-8", "replace").decode()
