"""What can be told of a database file before SQLite opens it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from app.domain.errors import Environment
from app.store.pages import PAGE, SALT, PageCipher, PageFile

_LOOKED_AT: Final = 16
_PLAIN_HEADER: Final = b"SQLite format 3\0"


def demand_database(path: Path) -> None:
    """Raises Environment: store.database-missing, -empty, -truncated (below a page), store.not-encrypted, disk.io."""
    # A pipe of this name would let everybody wait who opens it.
    if path.exists() and not path.is_file():
        raise Environment("store.database-missing")
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
    if not unfinished and size < PAGE:
        raise Environment("store.database-truncated")


def is_cut_off(database: Path) -> bool:
    """Whether a transaction was cut off, so that opening the database takes it back.

    A journal that a crash left before it was synced begins with zeros and is void (sqlite.org/fileformat2.html, section
    3).
    """
    journal = database.with_name(database.name + "-journal")
    try:
        with journal.open("rb") as file:
            return file.read(1) not in (b"", b"\0")
    except FileNotFoundError:
        return False


def read_salt(path: Path) -> bytes:
    """The salt of a database that nobody has open; raises Environment("disk.io")."""
    try:
        with path.open("rb") as file:
            return file.read(SALT)
    except OSError as fault:
        raise Environment("disk.io", file=path.name) from fault


def is_of_another_key(path: Path, key: bytes) -> bool:
    """Whether not one of the first pages was written under this key, as far as the salt can be relied on."""
    try:
        with path.open("rb") as file:
            pages = [page for _ in range(_LOOKED_AT) if len(page := file.read(PAGE)) == PAGE]
    except OSError as fault:
        raise Environment("disk.io", file=path.name) from fault
    if not pages:
        return False
    cipher = PageCipher(key, pages[0][:SALT])
    return not any(cipher.is_sound(number, page) for number, page in enumerate(pages, 1))


def is_short(path: Path, key: bytes) -> bool:
    """Whether the first page is sound and speaks of more pages than there are; SQLite calls that damage too."""
    pages = PageFile(path, key)
    try:
        return pages.stated() * PAGE > pages.size
    finally:
        pages.close()
