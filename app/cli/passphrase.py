"""Where a passphrase comes from: a prompt, a file or a descriptor, never an argument."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from app.domain.errors import Environment, Rejected

_LIMIT = 4096


def read_passphrase(arguments: argparse.Namespace, *, confirm: bool = False) -> str:
    """The passphrase without its line end; raises Rejected where none comes, Environment where the file can't be
    read.
    """
    if arguments.passphrase_file:
        try:
            with Path(arguments.passphrase_file).open("rb") as file:
                return _first_line(file.read(_LIMIT))
        except OSError as problem:
            raise Environment("file.unreadable", file=Path(arguments.passphrase_file).name) from problem
    if arguments.passphrase_fd is not None:
        try:
            return _first_line(os.read(arguments.passphrase_fd, _LIMIT))
        except OSError as problem:
            raise Environment("file.unreadable", file=f"descriptor {arguments.passphrase_fd}") from problem
    return _prompt(confirm=confirm)


def _first_line(data: bytes) -> str:
    try:
        text = data.decode("utf-8").split("\n", 1)[0].rstrip("\r")
    except UnicodeDecodeError as problem:
        raise Rejected("passphrase.not-text", needs="passphrase") from problem
    if not text:
        raise Rejected("passphrase.empty", needs="passphrase")
    return text


def _prompt(*, confirm: bool) -> str:
    import getpass

    try:
        first = getpass.getpass("Passphrase: ")
        if confirm and getpass.getpass("Once more: ") != first:
            raise Rejected("passphrase.differs", needs="passphrase")
    except (EOFError, OSError) as problem:
        raise Rejected("passphrase.empty", needs="passphrase") from problem
    if not first:
        raise Rejected("passphrase.empty", needs="passphrase")
    return first
