"""A clock for rows that need the hour but not the hour of the day."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import override

from app.desk.ports.clock import Clock


class StandingClock(Clock):
    """Shows one instant (UTC) for ever."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    @override
    def now(self) -> datetime:
        return self._now
