"""The table that a person reads, and the JSON that is kept beside earlier ones."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

import msgspec

from tests.bench.frame import Budget, Result, Spread

_HEADS = ("what", "ours", "against", "ratio", "budget", "verdict")
_WIDEST = 62


def table(results: Sequence[Result]) -> str:
    """Every result as a line under its row, with why something is missing."""
    lines = [_HEADS, *(_cells(result) for result in results)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(_HEADS))]
    shown = [_line(_HEADS, widths), "  ".join("-" * width for width in widths)]
    row = yardstick = ""
    for result, cells in zip(results, lines[1:], strict=True):
        if result.row != row:
            row, yardstick = result.row, ""
            shown.append(f"[{row}]")
        if result.yardstick not in ("", yardstick):
            yardstick = result.yardstick
            shown += [f"  against {line}" for line in textwrap.wrap(yardstick, 110)]
        shown.append(_line(cells, widths))
        shown += [f"    {line}" for line in textwrap.wrap(result.why, 110)]
    return "\n".join(shown)


def as_json(results: Iterable[Result], facts: dict[str, str]) -> bytes:
    """The results with what is known of the machine and the run, for a file."""
    return msgspec.json.format(msgspec.json.encode({"about": facts, "results": list(results)}), indent=2) + b"\n"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _cells(result: Result) -> tuple[str, ...]:
    return (
        textwrap.shorten(result.what, _WIDEST, placeholder=" …"),
        _spread(result.ours, result.unit),
        _spread(result.against, result.unit),
        _times(result.ratio),
        _budget(result.budget, result.unit),
        result.verdict,
    )


def _spread(spread: Spread | None, unit: str) -> str:
    if spread is None:
        return "–"
    middle = f"{_number(spread.median)} {unit}"
    return middle if spread.rounds == 1 else f"{middle} ({_number(spread.low)}–{_number(spread.high)})"


def _times(ratio: Spread | None) -> str:
    if ratio is None:
        return "–"
    return f"{_number(ratio.median)} × ({_number(ratio.low)}–{_number(ratio.high)})"


def _budget(budget: Budget, unit: str) -> str:
    if budget.times is not None:
        return f"{budget.times:g} ×"
    return "–" if budget.most is None else f"{budget.most:g} {unit}"


def _number(value: float) -> str:
    """Three figures, for people."""
    if abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
