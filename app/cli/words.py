"""What stands behind a verb of the desk: positional words, `--field VALUE` pairs, a file of JSON, the passphrase."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Any, Final

import msgspec

from app.domain.errors import Environment, Rejected
from app.domain.json_limits import MAX_BYTES, load_json
from app.domain.untrusted import safe_line

_REFERENCE: Final = re.compile(r"[hr]-[0-9]{4}-[0-9]{3,6}", re.IGNORECASE)


class Words(msgspec.Struct, kw_only=True):
    """The words behind a verb, told apart."""

    plain: list[str] = []
    pairs: list[tuple[str, str]] = []
    whole: dict[str, Any] = {}
    passphrase_file: str | None = None
    passphrase_fd: int | None = None
    recovery_code_file: str | None = None
    keychain: bool = False
    openpgp: bool = False
    wants_json: bool = False
    wants_help: bool = False


def split_words(words: Sequence[str]) -> Words:
    """Tells the words apart; raises Rejected("usage.no-value") for an option without a value.

    The value of an option is the next word, whatever it looks like. `--json` is a flag only where no value follows.
    """
    said = Words()
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word in ("-h", "--help"):
            said.wants_help = True
        elif not word.startswith("--"):
            said.plain.append(word)
        elif word == "--json" and not rest:
            said.wants_json = True
        elif word == "--keychain":
            said.keychain = True
        elif word == "--openpgp":
            said.openpgp = True
        else:
            _option(said, *_with_value(word, rest))
    return said


def _with_value(word: str, rest: list[str]) -> tuple[str, str]:
    name, sign, value = word[2:].partition("=")
    if sign:
        return name, value
    if not rest:
        raise Rejected("usage.no-value", field=safe_line(name, 60), needs=name[:60])
    return name, rest.pop(0)


def _option(said: Words, name: str, value: str) -> None:
    if name == "json":
        said.whole = _object(value)
    elif name == "passphrase-file":
        said.passphrase_file = value
    elif name == "recovery-code-file":
        said.recovery_code_file = value
    elif name == "passphrase-fd":
        if not (value.isascii() and value.isdecimal() and len(value) < 6):
            raise Rejected("usage.number", field="--passphrase-fd", value=safe_line(value, 40), needs="passphrase")
        said.passphrase_fd = int(value)
    else:
        said.pairs.append((name.replace("-", "_"), value))


def reference(text: str) -> str:
    """A reference as it is kept: `h-2026-001` is H-2026-001; anything else stays as it is."""
    written = text.strip()
    return written.upper() if _REFERENCE.fullmatch(written) else written


def _object(name: str) -> dict[str, Any]:
    loaded = load_json(read_bytes(name, MAX_BYTES), shown(name))
    if not isinstance(loaded, dict):
        raise Rejected("usage.not-object", file=shown(name), needs="json")
    return loaded


def read_text(name: str) -> str:
    """The UTF-8 text of a file, `-` for standard input; raises Rejected or Environment naming the file."""
    try:
        return read_bytes(name, MAX_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise Rejected("file.not-utf8", file=shown(name)) from problem


def read_bytes(name: str, limit: int) -> bytes:
    """The bytes of a file, `-` for standard input; raises Rejected("file.too-large") or Environment."""
    try:
        if name == "-":
            data = sys.stdin.buffer.read(limit + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(limit + 1)
    except FileNotFoundError as problem:
        raise Environment("file.missing", file=shown(name)) from problem
    except (OSError, ValueError) as problem:
        raise Environment("file.unreadable", file=shown(name)) from problem
    if len(data) > limit:
        raise Rejected("file.too-large", file=shown(name), limit=limit)
    return data


def shown(name: str) -> str:
    """The name of a file as a message names it."""
    return "standard input" if name == "-" else safe_line(PurePath(name).name or name, 120)
