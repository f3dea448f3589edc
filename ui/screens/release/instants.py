"""What a typed instant means, said below its field while somebody types."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from app.domain.errors import Rejected
from app.presenters.case_moments import parse_moment
from ui.kit.dates import Dates

translate = QCoreApplication.translate


def instant_helper(text: str, dates: Dates, now: datetime, *, empty: str = "") -> str:
    """The instant in local time, in UTC and from now; how to write it where it is not clear yet."""
    if not text.strip():
        return empty
    try:
        moment = parse_moment(text, dates.zone, now)
    except Rejected:
        return translate("release", "Write it like 2026-11-30 16:00, in your local time, or like +7d.")
    relative = dates.until(moment, now) if moment > now else dates.since(moment, now)
    return f"{dates.moment(moment, now)} · {dates.utc(moment)} · {relative}"
