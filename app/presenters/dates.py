"""Times in words: local with their zone, relative with their partner; now and zone are arguments.

Every time that comes in must be aware; every function raises ValueError for a naive one. Relative words are
cut, never rounded up, so that `in 1 h 28 m` never promises a minute that is not there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, Literal

DueState = Literal["overdue", "today", "soon"]

_DAY: Final = 86_400
_HOUR: Final = 3_600
_YEAR_DROPS_WITHIN: Final = 11  # months


@dataclass(frozen=True, slots=True, kw_only=True)
class DateWords:
    """The words of times in one language; the face gives translated ones, everything headless these."""

    weekdays: tuple[str, ...] = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    months: tuple[str, ...] = field(
        default=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    )
    day: str = "{weekday} {day} {month}"
    day_year: str = "{weekday} {day} {month} {year}"
    moment: str = "{day}, {time}"
    days: str = "{n} d"
    hours: str = "{n} h"
    minutes: str = "{n} m"
    seconds: str = "{n} s"
    within: str = "in {duration}"
    late: str = "{duration} late"
    ago: str = "{duration} ago"
    now: str = "now"


ENGLISH: Final = DateWords()


@dataclass(frozen=True, slots=True)
class DueText:
    """One due time in words: what to say big, its partner below, and UTC for the tool tip."""

    state: DueState
    relative: str
    absolute: str
    utc: str


def _aware(when: datetime) -> datetime:
    if when.tzinfo is None or when.utcoffset() is None:
        raise ValueError("a time without a zone")
    return when


def zone_name(when: datetime) -> str:
    """The zone's short name, such as CET; zones without one read UTC+05:45."""
    name = _aware(when).tzname() or ""
    if name and name[0] not in "+-" and not name.startswith("UTC"):
        return name
    offset = when.utcoffset() or timedelta()
    if not offset:
        return "UTC"
    minutes = round(offset.total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def year_drops(when: datetime, now: datetime) -> bool:
    """Whether the year can be left out: the two lie less than 11 months apart."""
    return abs((when.year - now.year) * 12 + when.month - now.month) < _YEAR_DROPS_WITHIN


def day(when: datetime, zone: tzinfo, now: datetime, *, year: bool = False, words: DateWords = ENGLISH) -> str:
    """`Thu 26 Nov`, with the year when that is not plain or when `year` asks for it."""
    local = _aware(when).astimezone(zone)
    short = not year and year_drops(local, _aware(now).astimezone(zone))
    return (words.day if short else words.day_year).format(
        weekday=words.weekdays[local.weekday()],
        day=local.day,
        month=words.months[local.month - 1],
        year=local.year,
    )


def clock(when: datetime, zone: tzinfo, *, seconds: bool = False, show_zone: bool = True) -> str:
    """`16:00 CET`, in 24 hours."""
    local = _aware(when).astimezone(zone)
    time = f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"
    return f"{time} {zone_name(local)}" if show_zone else time


def moment(
    when: datetime,
    zone: tzinfo,
    now: datetime,
    *,
    year: bool = False,
    show_zone: bool = True,
    words: DateWords = ENGLISH,
) -> str:
    """`Tue 24 Nov 2026, 14:32 CET`; the year drops within 11 months of now, the zone if its card has it."""
    return words.moment.format(
        day=day(when, zone, now, year=year, words=words), time=clock(when, zone, show_zone=show_zone)
    )


def utc_moment(when: datetime, *, words: DateWords = ENGLISH) -> str:
    """`Tue 24 Nov 2026, 13:32:07 UTC`, the whole truth for a tool tip."""
    stated = day(when, UTC, when, year=True, words=words)
    return words.moment.format(day=stated, time=clock(when, UTC, seconds=True))


def duration(span: timedelta, *, parts: int = 2, seconds: bool = False, words: DateWords = ENGLISH) -> str:
    """`6 d 1 h`, `3 h 12 m`, `7 h 05 m`, `12 m`: the `parts` largest units, cut. The sign is left out."""
    whole = abs(span) // timedelta(seconds=1)
    amounts = (whole // _DAY, whole % _DAY // _HOUR, whole % _HOUR // 60, whole % 60)
    names = (words.days, words.hours, words.minutes, words.seconds)
    last = 4 if seconds else 3
    first = next((at for at in range(last) if amounts[at]), last - 1)
    said = []
    for at in range(first, min(first + parts, last)):
        # A minute or a second behind a larger unit keeps two digits, so that columns do not dance.
        text = f"{amounts[at]:02}" if at >= 2 and at > first else str(amounts[at])
        said.append(names[at].format(n=text))
    while len(said) > 1 and amounts[first + len(said) - 1] == 0:
        said.pop()
    return " ".join(said)


def until(when: datetime, now: datetime, *, parts: int = 2, words: DateWords = ENGLISH) -> str:
    """`in 3 h 46 m` or `3 h 12 m late`; `now` within the minute."""
    span = _aware(when) - _aware(now)
    if abs(span) < timedelta(minutes=1):
        return words.now
    stated = duration(span, parts=parts, words=words)
    return (words.within if span > timedelta() else words.late).format(duration=stated)


def since(when: datetime, now: datetime, *, parts: int = 2, words: DateWords = ENGLISH) -> str:
    """`2 h 32 m ago`; `now` within the minute and for a time that is still to come."""
    span = _aware(now) - _aware(when)
    if span < timedelta(minutes=1):
        return words.now
    return words.ago.format(duration=duration(span, parts=parts, words=words))


def due_state(when: datetime, zone: tzinfo, now: datetime) -> DueState:
    """Overdue once the instant has passed; today up to local midnight; soon after that."""
    if _aware(when) <= _aware(now):
        return "overdue"
    same_day = when.astimezone(zone).date() == now.astimezone(zone).date()
    return "today" if same_day else "soon"


def due(when: datetime, zone: tzinfo, now: datetime, *, words: DateWords = ENGLISH) -> DueText:
    """A due time as the Desk says it: late and today count, later is a date with its time below."""
    state = due_state(when, zone, now)
    utc = utc_moment(when, words=words)
    if state == "soon":
        return DueText(state, day(when, zone, now, words=words), clock(when, zone), utc)
    same_day = when.astimezone(zone).date() == now.astimezone(zone).date()
    absolute = clock(when, zone) if same_day else moment(when, zone, now, words=words)
    return DueText(state, until(when, now, words=words), absolute, utc)
