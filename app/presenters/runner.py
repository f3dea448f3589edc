"""Running slow work elsewhere and hearing back here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

_T = TypeVar("_T")

Report = Callable[[int, int], None]
"""Says how far a long work is: done so many, of so many (0 when nobody knows)."""

Cancelled = Callable[[], bool]
"""Asks whether the person has asked to stop; a long work looks now and then and returns early."""


class Runner(Protocol):
    """Runs work off the UI thread, in the order asked; calls one of `done` and `failed` back on it."""

    def run(
        self,
        work: Callable[[], _T],
        done: Callable[[_T], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Run a short work: a query, a command."""
        ...

    def run_long(
        self,
        work: Callable[[Report, Cancelled], _T],
        done: Callable[[_T], None],
        failed: Callable[[Exception], None],
        progress: Report,
    ) -> Callable[[], None]:
        """Run a long work that reports and can be cancelled; gives back the act that asks it to stop.

        A cancelled work still answers through `done`, with what it had done by then.
        """
        ...
