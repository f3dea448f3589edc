"""The frame of the bench, on numbers that a person can check; nothing here asks how fast anything is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count

import pytest

from tests.bench.frame import Budget, Line, Result, Sample, interleaved, spread_of, timed
from tests.bench.report import as_json, table

LINE = Line(row="frame", what="one thing", yardstick="another thing", budget=Budget(times=2))


def of(*values: float) -> Sample:
    """A sample that gives these numbers one after the other."""
    left: Iterator[float] = iter(values)
    return lambda: next(left)


def test_medians_and_ranges_are_those_of_the_rounds_without_the_warm_one() -> None:
    result = LINE.measured(of(999, 3, 1, 2), of(999, 1, 2, 4), rounds=3)
    assert result.ours == spread_of([1, 2, 3])
    assert result.against is not None
    assert (result.against.median, result.against.low, result.against.high) == (2, 1, 4)
    assert result.ratio is not None
    assert (result.ratio.median, result.ratio.low, result.ratio.high) == (1, 0.5, 3)


@pytest.mark.parametrize(("ours", "verdict"), [(4.0, "ok"), (4.1, "over")])
def test_a_ratio_above_its_budget_is_over(ours: float, verdict: str) -> None:
    assert LINE.judged([ours], [2.0]).verdict == verdict


@pytest.mark.parametrize(("ours", "verdict"), [(16.0, "ok"), (17.0, "over")])
def test_a_limit_needs_no_yardstick(ours: float, verdict: str) -> None:
    assert Line(row="frame", what="a thing", budget=Budget(most=16)).judged([ours]).verdict == verdict


def test_what_has_no_budget_is_only_for_the_record() -> None:
    assert Line(row="frame", what="a thing").judged([1.0]).verdict == "for the record"


def test_every_round_measures_everything_and_the_order_turns_round() -> None:
    ticks = count()
    first, second = interleaved([lambda: float(next(ticks)), lambda: float(next(ticks))], 4, warm=0)
    assert (first, second) == ([0, 3, 4, 7], [1, 2, 5, 6])


def test_a_timed_sample_runs_its_work_once_for_each_asking() -> None:
    done: list[int] = []
    sample = timed(lambda: done.append(1))
    assert sample() >= 0
    assert done == [1]


def results() -> list[Result]:
    return [LINE.judged([10.0, 30.0], [10.0, 10.0]), LINE.left_out("no yardstick is on this machine")]


def test_the_table_says_what_was_not_measured_and_why() -> None:
    shown = table(results())
    assert "2.00 × (1.00–3.00)" in shown
    assert "not measured" in shown
    assert "no yardstick is on this machine" in shown


def test_the_json_holds_the_same_numbers() -> None:
    told = json.loads(as_json(results(), {"python": "3.11"}))
    assert told["about"] == {"python": "3.11"}
    assert [result["verdict"] for result in told["results"]] == ["ok", "not measured"]
    assert told["results"][0]["ratio"]["high"] == 3
