"""The runner of one open store: what was asked for is still done after the lock, but nobody is told any more."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, final

from app.presenters.runner import Cancelled, Report, Runner

_T = TypeVar("_T")


@final
class SessionRunner:
    """Passes everything on; after `end` every answer is dropped, since the pages that asked are gone."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._over = False
        self._lost: Callable[[Exception], None] | None = None

    def begin_last(self, lost: Callable[[Exception], None]) -> None:
        """What is asked for from now on is the saving before a lock: `lost` hears of what failed, also after `end`."""
        self._lost = lost

    def end(self) -> None:
        """Tell nobody anything from now on."""
        self._over = True

    def run(self, work: Callable[[], _T], done: Callable[[_T], None], failed: Callable[[Exception], None]) -> None:
        self._runner.run(work, self._while_open(done), self._lost or self._while_open(failed))

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

        return self._runner.run_long(work, self._while_open(done), self._while_open(failed), report)

    def _while_open(self, answer: Callable[[_T], None]) -> Callable[[_T], None]:
        def tell(value: _T) -> None:
            if not self._over:
                answer(value)

        return tell
