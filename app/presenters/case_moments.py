"""Instants as people type them: local time in, UTC out."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from app.domain.errors import Rejected
from app.domain.untrusted import safe_line

_LOCAL: Final = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_AHEAD: Final = re.compile(r"([+-])\s*(\d{1,4})\s*([mhd])", re.IGNORECASE)
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}


def parse_moment(text: str, tz: tzinfo, now: datetime) -> datetime:
    """The UTC instant of `2026-11-30 16:00` in the zone `tz`, or with `Z` or `+01:00`; of `now`; of `+72h`.

    Raises Rejected("date.unclear") for anything else and Rejected("date.skipped") for a local time that the
    clocks leave out when they go forward.
    """
    written = text.strip()
    if written.casefold() == "now":
        return now.replace(second=0, microsecond=0)
    ahead = _AHEAD.fullmatch(written)
    if ahead:
        span = timedelta(**{_UNITS[ahead[3].lower()]: int(ahead[2])})
        return (now + span if ahead[1] == "+" else now - span).replace(second=0, microsecond=0)
    match = _LOCAL.fullmatch(written)
    if match is None:
        raise _unclear(text)
    try:
        parts = [int(match[i] or 0) for i in range(1, 7)]
        naive = datetime(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5])  # noqa: DTZ001
        return _with_zone(naive, match[7] or "", tz)
    except (ValueError, OverflowError):
        raise _unclear(text) from None


def _with_zone(naive: datetime, zone: str, tz: tzinfo) -> datetime:
    if zone.upper() in ("Z", "UTC"):
        return naive.replace(tzinfo=UTC)
    if zone:
        return datetime.fromisoformat(f"{naive.isoformat()}{zone[:3]}:{zone[-2:]}").astimezone(UTC)
    instant = naive.replace(tzinfo=tz).astimezone(UTC)
    if instant.astimezone(tz).replace(tzinfo=None) != naive:
        raise Rejected("date.skipped", value=naive.isoformat(" ", "minutes"))
    return instant


def _unclear(text: str) -> Rejected:
    return Rejected("date.unclear", value=safe_line(text, 40))


def typed_moment(moment: datetime, tz: tzinfo) -> str:
    """An instant the way a person would type it in the zone `tz`."""
    return moment.astimezone(tz).strftime("%Y-%m-%d %H:%M")
