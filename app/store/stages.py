"""Progress of a work in several stages, told as one."""

from __future__ import annotations

from collections.abc import Sequence

from app.desk.ports.vault import Progress


class Stages:
    """Shares one line of progress among stages by their weight; a stage that says nothing is skipped over."""

    def __init__(self, progress: Progress | None, weights: Sequence[int]) -> None:
        self._progress = progress
        self._weights = list(weights)
        self._whole = sum(weights)
        self._done = 0

    def next(self) -> Progress | None:
        """Begins the next stage; gives whom it tells its own progress."""
        if self._progress is None:
            return None
        before, weight = self._done, self._weights.pop(0)
        self._done += weight
        progress, whole = self._progress, self._whole
        progress(before, whole)

        def told(done: int, of: int) -> None:
            if of:
                progress(before + weight * min(done, of) // of, whole)

        return told

    def end(self) -> None:
        """Everything is done."""
        if self._progress is not None:
            self._progress(self._whole, self._whole)
