"""Members of a JSON object from outside: of the type that is expected, or refused naming their path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Final, NoReturn

from app.domain.errors import FactValue, Rejected
from app.domain.json_limits import JsonValue
from app.domain.untrusted import TEXT_LIMIT, safe_line

LIST_LIMIT: Final = 10_000
"""Entries of one list in a record."""

INTEGER_LIMIT: Final = 2**63 - 1
"""What every reader of the stored record can hold."""

_SNIFFED: Final = 1 << 20
# Possessive and with an optional end: one pass whatever the text, also when it is cut inside a string.
_TOKENS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}:]', re.DOTALL)
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DECIMAL = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,9})?")
_DATE = re.compile(r"([0-9]{4})([-/])([0-9]{2})\2([0-9]{2})")


def top_level_keys(data: bytes) -> tuple[str, ...]:
    """The member names of a JSON object as far as its first MiB shows them; empty if it begins otherwise.

    Made for recognising a format: it also answers for a text that is cut short, too deep or not quite UTF-8,
    so that the importer of that format can say what is wrong with it. Never raises.
    """
    head = data[:_SNIFFED]
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    text = head.decode(encoding, "replace").lstrip(" \t\r\n")
    if not text.startswith("{"):
        return ()
    keys: list[str] = []
    depth, last = 0, ""
    for token in _TOKENS.finditer(text):
        mark = token.group()
        if mark[0] == '"':
            last = mark.strip('"')
        elif mark == ":":
            if depth == 1 and len(keys) < LIST_LIMIT:
                keys.append(last)
        else:
            depth += 1 if mark in "[{" else -1
    return tuple(keys)


def refused(code: str, field: str, **facts: FactValue) -> NoReturn:
    """Raises Rejected(code) naming the field by its path, such as `reports[2].severity.rating`."""
    fault = Rejected(code, field=field)
    fault.facts.update(facts)
    raise fault


def parse_date(text: str, field: str, separator: str = "-") -> datetime:
    """`2099-01-31` (or with `/` as separator) as 00:00 UTC of that day.

    Raises Rejected: import.date-form for another form, import.date-unknown for a day that is in no calendar.
    """
    match = _DATE.fullmatch(text.strip())
    if match is None or match[2] != separator:
        form = f"YYYY{separator}MM{separator}DD"
        refused("import.date-form", field, value=safe_line(text, 40), expected=form)
    try:
        day = date(int(match[1]), int(match[3]), int(match[4]))
    except ValueError:
        refused("import.date-unknown", field, value=safe_line(text, 40))
    return datetime.combine(day, time(), UTC)


class JsonObject:
    """A JSON object and the path where it lies; absent and null members read as empty.

    Every reader raises Rejected with the `field` that is wrong: import.field-missing, import.field-too-long,
    import.list-too-long, import.field-type (with what was `expected` and `found`).
    """

    def __init__(self, members: dict[str, JsonValue], path: str = "") -> None:
        self.members = members
        self.path = path

    def field(self, key: str) -> str:
        """The path of a member; a name that is no plain word is quoted and made safe."""
        shown = key if _PLAIN_KEY.fullmatch(key) else f'["{safe_line(key, 60)}"]'
        joint = "." if self.path and not shown.startswith("[") else ""
        return f"{self.path}{joint}{shown}"

    def has(self, key: str) -> bool:
        """Whether the member is there and not null."""
        return self.members.get(key) is not None

    def text(self, key: str, limit: int = TEXT_LIMIT) -> str:
        return as_text(self.members.get(key), self.field(key), limit)

    def required_text(self, key: str, limit: int = TEXT_LIMIT) -> str:
        """A text with something in it."""
        text = self.text(key, limit)
        if not text.strip():
            refused("import.field-missing", self.field(key))
        return text

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(as_text(value, field, TEXT_LIMIT) for value, field in self.entries(key))

    def entries(self, key: str) -> Iterator[tuple[JsonValue, str]]:
        """The entries of a list, each with its path."""
        value = self.members.get(key)
        if value is None:
            return
        if not isinstance(value, list):
            _wrong_type(value, self.field(key), "list")
        if len(value) > LIST_LIMIT:
            refused("import.list-too-long", self.field(key), limit=LIST_LIMIT)
        for position, entry in enumerate(value):
            yield entry, f"{self.field(key)}[{position}]"

    def object(self, key: str) -> JsonObject | None:
        value = self.members.get(key)
        return None if value is None else as_object(value, self.field(key))

    def number(self, key: str) -> float | None:
        """A number, or a text that is one (`"7.5"`)."""
        value = self.members.get(key)
        if value is None:
            return None
        if isinstance(value, str) and _DECIMAL.fullmatch(value):
            return float(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            _wrong_type(value, self.field(key), "number")
        return float(value)


def as_text(value: JsonValue, field: str, limit: int = TEXT_LIMIT) -> str:
    """The text of a value, "" for null."""
    if value is None:
        return ""
    if not isinstance(value, str):
        _wrong_type(value, field, "text")
    if len(value) > limit:
        refused("import.field-too-long", field, limit=limit)
    return value


def as_object(value: JsonValue, field: str) -> JsonObject:
    """The object of a value, at its path."""
    if not isinstance(value, dict):
        _wrong_type(value, field, "object")
    return JsonObject(value, field)


def refuse_large_numbers(value: JsonValue, field: str) -> None:
    """Raises Rejected("import.number-too-large") for an integer of more than 63 bits anywhere below.

    The depth is the one that `load_json` let pass.
    """
    if isinstance(value, int) and abs(value) > INTEGER_LIMIT:
        refused("import.number-too-large", field)
    if isinstance(value, dict):
        for key, member in value.items():
            refuse_large_numbers(member, JsonObject({}, field).field(key))
    if isinstance(value, list):
        for position, entry in enumerate(value):
            refuse_large_numbers(entry, f"{field}[{position}]")


_TYPE_NAMES: dict[type, str] = {
    bool: "true-or-false",
    dict: "object",
    float: "number",
    int: "number",
    list: "list",
    str: "text",
    type(None): "nothing",
}


def _wrong_type(value: JsonValue, field: str, expected: str) -> NoReturn:
    refused("import.field-type", field, expected=expected, found=_TYPE_NAMES[type(value)])
