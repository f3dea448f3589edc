"""The runner of one open store: what was asked for is still done after the lock, and only its failures are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, final

from app.presenters.runner import Cancelled, Report, Runner

_T = TypeVar("_T")


@final
class SessionRunner:
    """Passes everything on; after `end` every answer is dropped, since the pages that asked are gone.

    A failure is never dropped: what was asked for before the lock may have been the saving of a text. `failed` hears of
    each one, whoever else does.
    """

    def __init__(self, runner: Runner, failed: Callable[[Exception], None] | None = None) -> None:
        self._runner = runner
        self._over = False
        self._noticed = failed
        self._lost: Callable[[Exception], None] | None = None
        self._stops: list[Callable[[], None]] = []

    def begin_last(self, lost: Callable[[Exception], None] | None) -> None:
        """The saving before a lock begins: `lost` hears of what fails from now on, also after `end`; None ends it."""
        self._lost = lost

    def stop_long_works(self) -> None:
        """Ask everything that takes long to stop, so that what comes after it does not wait."""
        for stop in self._stops:
            stop()

    def end(self) -> None:
        """Tell nobody anything from now on, but what failed."""
        self._over = True
        self.stop_long_works()
        self._stops.clear()

    def run(self, work: Callable[[], _T], done: Callable[[_T], None], failed: Callable[[Exception], None]) -> None:
        self._runner.run(work, self._while_open(done), self._heard(failed))

    def run_long(
        self,
        work: Callable[[Report, Cancelled], _T],
        done: Callable[[_T], None],
        failed: Callable[[Exception], None],
        progress: Report,
    ) -> Callable[[], None]:
        def report(finished: int, of: int) -> None:
            if not self._over:
                progress(finished, of)

        stop = self._runner.run_long(work, self._while_open(done), self._heard(failed), report)
        self._stops.append(stop)
        return stop

    def _while_open(self, answer: Callable[[_T], None]) -> Callable[[_T], None]:
        def tell(value: _T) -> None:
            if not self._over:
                answer(value)

        return tell

    def _heard(self, failed: Callable[[Exception], None]) -> Callable[[Exception], None]:
        def tell(problem: Exception) -> None:
            if self._noticed is not None:
                self._noticed(problem)
            if self._lost is not None:
                self._lost(problem)
            elif not self._over:
                failed(problem)

        return tell
