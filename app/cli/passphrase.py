"""Where a passphrase comes from: a prompt, a file or a descriptor, never an argument."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from app.domain.errors import Environment, Rejected
from app.domain.untrusted import safe_line

LIMIT: Final = 4096
"""Bytes of the first line, which is the passphrase."""


def read_passphrase(arguments: argparse.Namespace, *, confirm: bool = False) -> str:
    """The passphrase without its line end, from the first line of what was named.

    Raises Rejected where none comes, and Environment where the file can't be read.
    """
    if arguments.passphrase_file:
        path = Path(arguments.passphrase_file)
        try:
            with path.open("rb") as file:
                return _first_line(file.read)
        except (OSError, ValueError) as problem:
            raise Environment("file.unreadable", file=safe_line(path.name, 120)) from problem
    if arguments.passphrase_fd is not None:
        descriptor: int = arguments.passphrase_fd
        try:
            return _first_line(lambda size: os.read(descriptor, size))
        except (OSError, OverflowError) as problem:
            raise Environment("file.unreadable", file=f"descriptor {descriptor}") from problem
    return _prompt(confirm=confirm)


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


def _prompt(*, confirm: bool) -> str:
    import getpass

    try:
        first = getpass.getpass("Passphrase: ")
        if first and confirm and getpass.getpass("Once more: ") != first:
            raise Rejected("passphrase.differs", needs="passphrase")
    except (EOFError, OSError) as problem:
        raise Rejected("passphrase.empty", needs="passphrase") from problem
    if not first:
        raise Rejected("passphrase.empty", needs="passphrase")
    return first
