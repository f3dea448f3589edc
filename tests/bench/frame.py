"""Two things measured side by side in interleaved rounds: medians with their range, and a verdict against a budget."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Final, Literal

import msgspec

Sample = Callable[[], float]
"""Does the work once and gives what it measured, in the unit of its row."""

CPU: Final = "ms of CPU"
"""The unit of samples that `worked` gives."""

Verdict = Literal["ok", "over", "for the record", "not measured", "failed"]


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """The median of some rounds, with the lowest and the highest of them."""

    median: float
    low: float
    high: float
    rounds: int


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """At most so many times the yardstick, or at most so many of the unit."""

    times: float | None = None
    most: float | None = None


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the report; `ratio` is ours to the yardstick's, with the range over the rounds."""

    row: str
    what: str
    verdict: Verdict
    unit: str = "ms"
    ours: Spread | None = None
    yardstick: str = ""
    against: Spread | None = None
    ratio: Spread | None = None
    budget: Budget = Budget()
    why: str = ""


def spread_of(values: Sequence[float]) -> Spread:
    """Median and range of what some rounds measured."""
    return Spread(median=statistics.median(values), low=min(values), high=max(values), rounds=len(values))


def timed(work: Callable[[], object]) -> Sample:
    """A sample that gives the milliseconds of one run of `work`."""

    def sample() -> float:
        gc.collect()  # or one round pays for what the round before left
        begun = time.perf_counter()
        work()
        return (time.perf_counter() - begun) * 1000

    return sample


def worked(work: Callable[[], object]) -> Sample:
    """A sample that gives the milliseconds of processor time of one run of `work`: for what waits for nothing.

    On a machine that does nothing else this is the time that passes; on a busy one it does not pay for the others.
    """

    def sample() -> float:
        gc.collect()
        begun = time.process_time()
        work()
        return (time.process_time() - begun) * 1000

    return sample


def interleaved(samples: Sequence[Sample], rounds: int, *, warm: int = 1) -> list[list[float]]:
    """What each sample measured: all of them in every round, every other round the other way round."""
    found: list[list[float]] = [[] for _ in samples]
    for number in range(-warm, rounds):
        order = range(len(samples)) if number % 2 == 0 else reversed(range(len(samples)))
        for place in order:
            value = samples[place]()
            if number >= 0:
                found[place].append(value)
    return found


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What is measured: the row it belongs to, in words, its yardstick in words, its budget and unit."""

    row: str
    what: str
    yardstick: str = ""
    budget: Budget = Budget()
    unit: str = "ms"

    def judged(self, ours: Sequence[float], against: Sequence[float] | None = None, why: str = "") -> Result:
        """The result of some rounds; ratios are those of the same round, the median ratio is that of the medians."""
        own = spread_of(ours)
        other = None if against is None else spread_of(against)
        ratio = None
        if other is not None and against is not None:
            pairs = [a / b for a, b in zip(ours, against, strict=True) if b > 0]
            middle = own.median / other.median
            ratio = Spread(median=middle, low=min(*pairs, middle), high=max(*pairs, middle), rounds=len(pairs))
        return Result(
            row=self.row,
            what=self.what,
            verdict=_verdict(self.budget, own, ratio),
            unit=self.unit,
            ours=own,
            yardstick=self.yardstick,
            against=other,
            ratio=ratio,
            budget=self.budget,
            why=why,
        )

    def measured(self, ours: Sample, against: Sample | None = None, *, rounds: int, warm: int = 1) -> Result:
        """Measures ours, and the yardstick beside it if there is one."""
        found = interleaved([ours] if against is None else [ours, against], rounds, warm=warm)
        return self.judged(found[0], found[1] if len(found) > 1 else None)

    def left_out(self, why: str) -> Result:
        """The line without a measurement, and why."""
        return Result(
            row=self.row,
            what=self.what,
            verdict="not measured",
            unit=self.unit,
            yardstick=self.yardstick,
            budget=self.budget,
            why=why,
        )


def _verdict(budget: Budget, ours: Spread, ratio: Spread | None) -> Verdict:
    if budget.times is not None and ratio is not None:
        return "ok" if ratio.median <= budget.times else "over"
    if budget.most is not None:
        return "ok" if ours.median <= budget.most else "over"
    return "for the record"
