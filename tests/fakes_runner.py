"""A Runner that does the work at once, on the spot, for tests of presenters and screens."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from app.presenters.runner import Cancelled, Report

_T = TypeVar("_T")


class InlineRunner:
    """Answers before `run` returns; `held` keeps the works back until `release`, to test late answers."""

    def __init__(self, *, held: bool = False) -> None:
        self.held = held
        self.ran = 0
        self.stopped = False
        self._kept: list[Callable[[], None]] = []

    def run(self, work: Callable[[], _T], done: Callable[[_T], None], failed: Callable[[Exception], None]) -> None:
        def act() -> None:
            self.ran += 1
            try:
                result = work()
            except Exception as problem:  # noqa: BLE001 - as the real one: every failure is an answer
                failed(problem)
            else:
                done(result)

        if self.held:
            self._kept.append(act)
        else:
            act()

    def run_long(
        self,
        work: Callable[[Report, Cancelled], _T],
        done: Callable[[_T], None],
        failed: Callable[[Exception], None],
        progress: Report,
    ) -> Callable[[], None]:
        self.run(lambda: work(progress, lambda: self.stopped), done, failed)
        return self._stop

    def drain(self, seconds: float) -> bool:
        self.release()
        return True

    def finish(self, last: Callable[[], None]) -> None:
        self.release()
        last()

    def release(self) -> None:
        """Do what was held back, in the order it was asked for."""
        kept, self._kept = self._kept, []
        for act in kept:
            act()

    def _stop(self) -> None:
        self.stopped = True
