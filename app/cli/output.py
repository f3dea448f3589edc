"""How the command line speaks: JSON to stdout, words to stderr, a table where a person reads."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from app.domain.errors import AppError
from app.domain.untrusted import safe_line
from app.presenters.words import error_words


def say(text: str) -> None:
    """One line to the person."""
    sys.stderr.write(safe_line(text, 2000) + "\n")


def say_error(error: AppError, where: str = "") -> None:
    """A refusal in words; `where` names the file or field."""
    say(f"{where}: {error_words(error)}" if where else error_words(error))


def answer(value: Any) -> None:
    """JSON on stdout, with sorted nothing: the order of the facts is the order of the program."""
    plain = msgspec.to_builtins(value, enc_hook=str)
    sys.stdout.write(json.dumps(plain, ensure_ascii=False, indent=2) + "\n")


def table(rows: Iterable[Sequence[str]]) -> None:
    """Lines on stdout with columns as wide as they need to be."""
    shown = [[safe_line(cell, 80) for cell in row] for row in rows]
    if not shown:
        return
    widths = [max(len(row[i]) for row in shown) for i in range(len(shown[0]))]
    for row in shown:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        sys.stdout.write(line.rstrip() + "\n")


def instant(moment: datetime | None) -> str:
    """An instant in UTC for a person, or a dash."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if moment else "-"
