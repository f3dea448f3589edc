"""How the clock went along the log: steps back, long stretches without an event. The order is that of the numbers."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from app.store.verify.findings import Findings

_TOLERANCE: Final = timedelta(minutes=2) // timedelta(microseconds=1)
_STRETCH: Final = timedelta(days=90) // timedelta(microseconds=1)
_MOST: Final = 20


class TimeCheck:
    """Remarks on the instants of events, at most twenty of each kind; the rest is only counted."""

    def __init__(self) -> None:
        self.remarks = Findings()
        self._before = 0
        self._told: dict[str, int] = {}

    def event(self, seq: int, at: int) -> None:
        """The next event and its instant, in microseconds since 1970."""
        before, self._before = self._before, at
        if before and not -_TOLERANCE <= at - before <= _STRETCH:
            self._remark("time.back" if at < before else "time.stretch", seq, abs(at - before))

    def _remark(self, code: str, seq: int, microseconds: int) -> None:
        told = self._told[code] = self._told.get(code, 0) + 1
        if told <= _MOST:
            span = timedelta(microseconds=microseconds)
            hours, minutes = divmod(span.seconds // 60, 60)
            days = f"{span.days} d " if span.days else ""
            self.remarks.add(code, seq, detail=f"{days}{hours} h {minutes} min")
