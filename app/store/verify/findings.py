"""What a verification finds wrong, collected with a limit and with its progress."""

from __future__ import annotations

from typing import Final

from app.desk.ports.vault import Cancelled, Finding, Progress

_MOST: Final = 500
STEP: Final = 500
"""Events between two words of progress."""


class Stopped(Exception):
    """The verification was cancelled."""


class Findings:
    """Collects what is wrong; after 500 findings only their number matters."""

    def __init__(self) -> None:
        self.found: list[Finding] = []
        self._more = 0

    def add(self, code: str, seq: int = 0, where: str = "", detail: str = "") -> None:
        """Notes one thing that is wrong."""
        if len(self.found) < _MOST:
            self.found.append(Finding(code=code, where=where, detail=detail, seq=seq))
        else:
            self._more += 1

    def all(self) -> tuple[Finding, ...]:
        """Everything found, and how much more there was."""
        if self._more:
            return (*self.found, Finding(code="verify.more", detail=str(self._more)))
        return tuple(self.found)


class Watch:
    """Tells how far the work is, and asks whether to go on."""

    def __init__(self, of: int, progress: Progress | None, cancelled: Cancelled | None) -> None:
        self._of = of
        self._progress = progress
        self._cancelled = cancelled
        self._done = 0

    def step(self, amount: int = STEP) -> None:
        """Another `amount` is done; raises Stopped where nobody wants to know any more."""
        self._done += amount
        if self._cancelled is not None and self._cancelled():
            raise Stopped
        if self._progress is not None:
            self._progress(min(self._done, self._of), self._of)
