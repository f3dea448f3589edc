"""How the command line speaks: JSON to stdout, words to stderr, a table where a person reads."""

from __future__ import annotations

import contextlib
import io
import json
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final

import msgspec

from app.domain.errors import AppError
from app.domain.untrusted import safe_line
from app.presenters.words import error_words

# What a terminal obeys, what turns a line around, what nobody sees, and what has no UTF-8: JSON can say it in ASCII.
_UNSHOWN: Final = re.compile(
    "[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff0-\uffff\U000e0000-\U000e0fff]"
)


_ROWS_AT_ONCE: Final = 1000


def speak_utf8() -> None:
    """Both streams in UTF-8 whatever the locale; what can't be written is spelt out rather than failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            with contextlib.suppress(ValueError, OSError):
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def say(text: str) -> None:
    """One line to the person."""
    sys.stderr.write(safe_line(text, 2000) + "\n")


def counted(number: int, thing: str) -> str:
    """So many of something: `1 event`, `1,200 events`."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def say_error(error: AppError) -> None:
    """A refusal in words."""
    say(error_words(error))


def tell(text: str) -> None:
    """One line to stdout, for whoever reads words there."""
    sys.stdout.write(safe_line(text, 2000) + "\n")


def answer(value: Any) -> None:
    """JSON on stdout, the facts in the order of the program; a terminal shows it and obeys nothing in it."""
    sys.stdout.write(_json(value) + "\n")


def answer_list(values: Iterable[Any]) -> None:
    """The same for a list, entry by entry: a long history is never whole in memory."""
    mark = "["
    for value in values:
        sys.stdout.write(f"{mark}\n" + "\n".join(f"  {line}" for line in _json(value).split("\n")))
        mark = ","
    sys.stdout.write("[]\n" if mark == "[" else "\n]\n")


def _json(value: Any) -> str:
    plain = msgspec.to_builtins(value, enc_hook=str)
    return _UNSHOWN.sub(_escaped, json.dumps(plain, ensure_ascii=False, indent=2))


def _escaped(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1]


def table(rows: Iterable[Sequence[str]]) -> None:
    """Lines on stdout with columns as wide as they need to be so far; the last one may be long."""
    left = iter(rows)
    widths: list[int] = []
    while part := list(islice(left, _ROWS_AT_ONCE)):
        shown = [[*(safe_line(cell, 80) for cell in row[:-1]), safe_line(row[-1], 400)] for row in part]
        widths = [max(w, *(len(row[i]) for row in shown)) for i, w in enumerate(widths or [0] * len(shown[0]))]
        for row in shown:
            line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            sys.stdout.write(line.rstrip() + "\n")


def instant(moment: datetime | None) -> str:
    """An instant in UTC for a person, or a dash."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if moment else "-"
