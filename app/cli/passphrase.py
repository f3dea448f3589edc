"""Where a secret comes from: a prompt, a file, a descriptor, the keychain or OpenPGP, never an argument."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from app.desk.ports.keys import FromKeychain, FromOpenPgp, RecoveryCode, Secret
from app.domain.errors import Environment, Rejected
from app.domain.untrusted import safe_line

LIMIT: Final = 4096
"""Bytes of the first line, which is the passphrase."""


def read_secret(arguments: argparse.Namespace) -> Secret:
    """What opens the store: a passphrase unless a recovery code, the keychain or OpenPGP was named.

    Raises as `read_passphrase`.
    """
    if arguments.recovery_code_file:
        return RecoveryCode(read_line(Path(arguments.recovery_code_file)))
    if arguments.keychain:
        return FromKeychain()
    if arguments.openpgp:
        return FromOpenPgp()
    return read_passphrase(arguments)


def read_passphrase(arguments: argparse.Namespace, *, confirm: bool = False) -> str:
    """The passphrase without its line end, from the first line of what was named.

    Raises Rejected where none comes, and Environment where the file can't be read.
    """
    return _from(arguments.passphrase_file, arguments.passphrase_fd, "Passphrase: ", confirm=confirm)


def read_new_passphrase(arguments: argparse.Namespace) -> str:
    """A passphrase that is about to be set; raises as `read_passphrase`."""
    return _from(arguments.new_passphrase_file, arguments.new_passphrase_fd, "New passphrase: ", confirm=True)


def read_line(path: Path) -> str:
    """The first line of a file; raises as `read_passphrase`."""
    try:
        with path.open("rb") as file:
            return _first_line(file.read)
    except (OSError, ValueError) as problem:
        raise Environment("file.unreadable", file=safe_line(path.name, 120)) from problem


def _from(file: str | None, descriptor: int | None, words: str, *, confirm: bool) -> str:
    if file:
        return read_line(Path(file))
    if descriptor is not None:
        try:
            return _first_line(lambda size: os.read(descriptor, size))
        except (OSError, OverflowError) as problem:
            raise Environment("file.unreadable", file=f"descriptor {descriptor}") from problem
    return read_prompt(words, confirm=confirm)


def _first_line(read: Callable[[int], bytes]) -> str:
    """A pipe gives what was written so far: the line is read to its end."""
    data = b""
    while b"\n" not in data and len(data) <= LIMIT:
        more = read(LIMIT + 1 - len(data))
        if not more:
            break
        data += more
    line = data.split(b"\n", 1)[0].rstrip(b"\r")
    if len(line) > LIMIT:
        raise Rejected("passphrase.too-long", limit=LIMIT, needs="passphrase")
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise Rejected("passphrase.not-text", needs="passphrase") from problem
    if not text:
        raise Rejected("passphrase.empty", needs="passphrase")
    return text


def read_prompt(words: str, *, confirm: bool = False) -> str:
    """What a person types, unseen; asked for twice to `confirm`. Raises Rejected: passphrase.empty, -differs."""
    import getpass
    import warnings

    try:
        with warnings.catch_warnings():
            # Without a terminal it says by itself that the words may be seen; the warning adds lines of source.
            warnings.simplefilter("ignore", getpass.GetPassWarning)
            first = getpass.getpass(words)
            if first and confirm and getpass.getpass("Once more: ") != first:
                raise Rejected("passphrase.differs", needs="passphrase")
    except (EOFError, OSError) as problem:
        raise Rejected("passphrase.empty", needs="passphrase") from problem
    if not first:
        raise Rejected("passphrase.empty", needs="passphrase")
    return first
