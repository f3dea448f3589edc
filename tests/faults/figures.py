"""The figures of a fault test: printed with it, and collected by `./dev faults` into its table.

A test says `tell("T4", "one bit of every byte of the store", trials=204_800, reported=204_800, crashed=0)` at its end.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

LONG = "HOLDFAST_FAULTS"
"""Set to "long" for the counts of a release; anything else means the short run."""
COLLECTED_IN = "HOLDFAST_FIGURES"
"""The file that `./dev faults` collects figures in."""


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What one test counted; `test` is its number in the plan, T1 to T22."""

    test: str
    what: str
    counts: dict[str, int | float | str]


def is_long() -> bool:
    """Whether the long run was asked for."""
    return os.environ.get(LONG) == "long"


def count(short: int, long: int) -> int:
    """How many trials: few for every change, many for a release."""
    return long if is_long() else short


def tell(test: str, what: str, **counts: float | str) -> Figures:
    """Prints the figures of a test and keeps them where they are collected."""
    figures = Figures(test=test, what=what, counts=counts)
    print(said(figures), flush=True)
    collected = os.environ.get(COLLECTED_IN)
    if collected:
        with Path(collected).open("ab") as file:
            file.write(msgspec.json.encode(figures) + b"\n")
    return figures


def said(figures: Figures) -> str:
    """The figures as a line of words."""
    counts = ", ".join(f"{name.replace('_', ' ')} {_shown(value)}" for name, value in figures.counts.items())
    return f"{figures.test}  {figures.what}: {counts}"


def collected(file: Path) -> list[Figures]:
    """What was told since the file was begun; nothing where no test told anything."""
    if not file.is_file():
        return []
    return [msgspec.json.decode(line, type=Figures) for line in file.read_bytes().splitlines()]


def _shown(value: float | str) -> str:
    if isinstance(value, str):
        return value
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"
