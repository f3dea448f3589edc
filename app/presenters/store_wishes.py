"""What somebody wishes on the unlock page, a new store or one that comes again, and what is wrong with the wish.

Imports nothing of the domain, since the first page waits for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Final, Literal

SUFFIX: Final = ".holdfast"
NewField = Literal["folder", "name", "person", "email", "passphrase", "again"]
AgainField = Literal["file", "folder", "secret", "passphrase"]
Again = Literal["restore", "rescue"]
"""A store that comes again: out of a backup, or out of what a damaged one still tells."""


@dataclass(frozen=True, slots=True)
class NewStore:
    """What a new store is made from; `folder` is the store's own folder, `policy` and `project` are keys."""

    folder: str
    name: str
    person: str
    email: str
    policy: str
    project: str
    passphrase: str


@dataclass(frozen=True, slots=True)
class StoreAgain:
    """A wish to have a store again: from a backup `file`, or from the damaged store in `file`, in a new `folder`."""

    how: Again
    file: str
    folder: str
    passphrase: str = ""
    """For the new store, where a damaged one is not opened by a passphrase of its own."""


def store_name(folder: str) -> str:
    """What a store is called before it is open: its folder's name without the ending."""
    name = PurePath(folder).name
    return name.removesuffix(SUFFIX) or name


def store_folder(parent: str, name: str) -> str:
    """The folder of a new store of this name: plain letters and digits, so that every system can hold it."""
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in name.casefold())
    short = "-".join(part for part in plain.split("-") if part)[:40] or "store"
    return str(PurePath(parent) / f"{short}{SUFFIX}")


def check_new(wanted: NewStore, again: str) -> list[tuple[NewField, str]]:
    """What is wrong with a wish for a new store: fields with codes, in the order of the form."""
    from app.presenters.passphrase import SHORTEST

    problems: list[tuple[NewField, str]] = []
    if not wanted.name.strip():
        problems.append(("name", "new.name"))
    if not PurePath(wanted.folder).is_absolute() or not wanted.folder.endswith(SUFFIX):
        problems.append(("folder", "new.folder"))
    if not wanted.person.strip():
        problems.append(("person", "new.person"))
    if wanted.email and not _is_address(wanted.email):
        problems.append(("email", "new.email"))
    if len(wanted.passphrase) < SHORTEST:
        problems.append(("passphrase", "new.passphrase-short"))
    elif wanted.passphrase != again:
        problems.append(("again", "new.passphrase-differs"))
    return problems


def check_again(wanted: StoreAgain, *, given: bool) -> list[tuple[AgainField, str]]:
    """What is wrong with a wish for a store that comes again: fields with codes, in the order of the form."""
    from app.presenters.passphrase import SHORTEST

    problems: list[tuple[AgainField, str]] = []
    if not PurePath(wanted.file).is_absolute():
        problems.append(("file", f"again.{wanted.how}-file"))
    folder = PurePath(wanted.folder)
    if not folder.is_absolute() or not wanted.folder.endswith(SUFFIX):
        problems.append(("folder", "new.folder"))
    elif folder == PurePath(wanted.file):
        problems.append(("folder", "again.same-folder"))
    if not given:
        problems.append(("secret", "again.secret"))
    if wanted.how == "rescue" and len(wanted.passphrase) < SHORTEST:
        problems.append(("passphrase", "new.passphrase-short"))
    return problems


def _is_address(text: str) -> bool:
    local, at, domain = text.strip().rpartition("@")
    return bool(at and local and "." in domain and not any(c.isspace() for c in text.strip()))
