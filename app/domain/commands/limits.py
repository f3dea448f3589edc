"""What every field of every command may hold: how long a text, how many entries, which instants, nothing that hides.

One walk over the whole command, nested values included, so that no field can be forgotten. A text that is too long is
refused, never cut. Fields of one line become one visible line; longer texts stay as they were typed, since a report
may be about the very characters in it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import msgspec

from app.domain.errors import Rejected
from app.domain.untrusted import TEXT_LIMIT, safe_line

REASON_LIMIT: Final = 4_000
"""Characters of a reason, a note or a question."""

ADVISORY_LIMIT: Final = 400_000
"""Characters of an advisory."""

TITLE_LIMIT: Final = 300
"""Characters of a title."""

ENTRY_LIMIT: Final = 1_000
"""Entries of one list."""

EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
"""Between these lie all instants; whatever is outside is a slip of the hand, and breaks the clocks of some zones."""

_LINE: Final = 500
_LINES: Final = {
    "clause": 1_000,
    "email": 254,
    "message_id": 1_000,
    "name": 200,
    "references": 2_048,
    "subject": 1_000,
    "title": TITLE_LIMIT,
    "url": 2_048,
    "value": 2_048,
    "website": 2_048,
}
"""Fields of one line that are not bounded by the usual limit."""

_TEXTS: Final = {
    "body": ADVISORY_LIMIT,
    "conclusion": REASON_LIMIT,
    "justification": REASON_LIMIT,
    "note": REASON_LIMIT,
    "override": REASON_LIMIT,
    "pattern": REASON_LIMIT,
    "question": REASON_LIMIT,
    "reason": REASON_LIMIT,
    "resolution": REASON_LIMIT,
    "tests": REASON_LIMIT,
    "text": TEXT_LIMIT,
}
"""Fields that may have many lines."""

_AS_READ: Final = frozenset({"fields"})
"""Members of an imported record are kept exactly; its importer has bounded them."""

_UNWRITABLE: Final = re.compile("[\x00\ud800-\udfff]")
_C = TypeVar("_C", bound=msgspec.Struct)


def cleaned(command: _C, path: str = "") -> _C:
    """The command with every one-line field made visible and every instant in UTC; itself where nothing changes.

    Raises Rejected naming the field by its path, such as `lines[2].note`: text.too-long (`limit`, `length`),
    list.too-long, date.no-zone, date.out-of-range.
    """
    changes: dict[str, Any] = {}
    for name in command.__struct_fields__:
        old = getattr(command, name)
        if not old or name in _AS_READ:
            continue
        new = _value(old, name, f"{path}{name}")
        if new is not old:
            changes[name] = new
    return msgspec.structs.replace(command, **changes) if changes else command


def _value(value: Any, name: str, path: str) -> Any:
    if isinstance(value, str):
        return _text(value, name, path)
    if isinstance(value, datetime):
        return instant(value, path)
    if isinstance(value, tuple):
        return _entries(value, name, path)
    return cleaned(value, f"{path}.") if isinstance(value, msgspec.Struct) else value


def _entries(values: tuple[Any, ...], name: str, path: str) -> tuple[Any, ...]:
    if len(values) > ENTRY_LIMIT:
        raise Rejected("list.too-long", needs=path, field=path, limit=ENTRY_LIMIT, length=len(values))
    new = tuple(_value(value, name, f"{path}[{place}]") for place, value in enumerate(values))
    return values if all(a is b for a, b in zip(new, values, strict=True)) else new


def _text(text: str, name: str, path: str) -> str:
    limit = _TEXTS.get(name)
    if limit is not None:
        _demand_length(text, path, limit)
        if text.isascii() and "\x00" not in text:
            return text
        return _UNWRITABLE.sub("\ufffd", text) if _UNWRITABLE.search(text) else text
    limit = _LINES.get(name, _LINE)
    line = text.strip()
    _demand_length(line, path, limit)
    if line.isascii() and line.isprintable():
        return text if line == text else line
    # Spelt out, a hidden character takes eight or ten.
    shown = safe_line(line, limit * 10)
    _demand_length(shown, path, limit)
    return text if shown == text else shown


def _demand_length(text: str, path: str, limit: int) -> None:
    if len(text) > limit:
        raise Rejected("text.too-long", needs=path, field=path, limit=limit, length=len(text))


def instant(moment: datetime, field: str) -> datetime:
    """The moment in UTC; raises Rejected("date.no-zone") or ("date.out-of-range")."""
    if moment.tzinfo is UTC and EARLIEST <= moment <= LATEST:
        return moment
    if moment.utcoffset() is None:
        raise Rejected("date.no-zone", needs=field, field=field, value=moment.isoformat())
    if not EARLIEST <= moment <= LATEST:
        raise Rejected(
            "date.out-of-range",
            needs=field,
            field=field,
            value=moment.isoformat(),
            earliest=EARLIEST.year,
            latest=LATEST.year,
        )
    return moment.astimezone(UTC)
