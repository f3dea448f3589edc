"""Times as the window shows them: in this computer's zone and this program's language."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from PySide6.QtCore import QCoreApplication, QTimeZone

from app.presenters import dates
from app.presenters.dates import DateWords, DueText


def local_zone() -> tzinfo:
    """The zone that this computer is set to; UTC when it names one that nobody knows."""
    name = bytes(QTimeZone.systemTimeZoneId().data()).decode("ascii", "replace")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def translated_words() -> DateWords:
    """The words of times, asked of the translation that is loaded now."""
    translate = QCoreApplication.translate
    return DateWords(
        weekdays=(
            translate("dates", "Mon"),
            translate("dates", "Tue"),
            translate("dates", "Wed"),
            translate("dates", "Thu"),
            translate("dates", "Fri"),
            translate("dates", "Sat"),
            translate("dates", "Sun"),
        ),
        months=(
            translate("dates", "Jan"),
            translate("dates", "Feb"),
            translate("dates", "Mar"),
            translate("dates", "Apr"),
            translate("dates", "May"),
            translate("dates", "Jun"),
            translate("dates", "Jul"),
            translate("dates", "Aug"),
            translate("dates", "Sep"),
            translate("dates", "Oct"),
            translate("dates", "Nov"),
            translate("dates", "Dec"),
        ),
        day=translate("dates", "{weekday} {day} {month}"),
        day_year=translate("dates", "{weekday} {day} {month} {year}"),
        moment=translate("dates", "{day}, {time}"),
        days=translate("dates", "{n} d"),
        hours=translate("dates", "{n} h"),
        minutes=translate("dates", "{n} m"),
        seconds=translate("dates", "{n} s"),
        within=translate("dates", "in {duration}"),
        late=translate("dates", "{duration} late"),
        ago=translate("dates", "{duration} ago"),
        now=translate("dates", "now"),
    )


class Dates:
    """The functions of `app.presenters.dates` with this window's zone and words; now stays an argument."""

    def __init__(self, zone: tzinfo | None = None, words: DateWords | None = None) -> None:
        self.zone = zone or local_zone()
        self.words = words or translated_words()

    def moment(self, when: datetime, now: datetime, *, year: bool = False, show_zone: bool = True) -> str:
        return dates.moment(when, self.zone, now, year=year, show_zone=show_zone, words=self.words)

    def day(self, when: datetime, now: datetime, *, year: bool = False) -> str:
        return dates.day(when, self.zone, now, year=year, words=self.words)

    def clock(self, when: datetime, *, seconds: bool = False, show_zone: bool = True) -> str:
        return dates.clock(when, self.zone, seconds=seconds, show_zone=show_zone)

    def utc(self, when: datetime) -> str:
        """For the tool tip of every local time."""
        return dates.utc_moment(when, words=self.words)

    def until(self, when: datetime, now: datetime, *, parts: int = 2) -> str:
        return dates.until(when, now, parts=parts, words=self.words)

    def since(self, when: datetime, now: datetime, *, parts: int = 2) -> str:
        return dates.since(when, now, parts=parts, words=self.words)

    def duration(self, span: timedelta, *, parts: int = 2, seconds: bool = False) -> str:
        return dates.duration(span, parts=parts, seconds=seconds, words=self.words)

    def due(self, when: datetime, now: datetime) -> DueText:
        return dates.due(when, self.zone, now, words=self.words)
