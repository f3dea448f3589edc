"""CVSS: every metric explains itself, vectors come apart and together again, and every official score is equal."""

from __future__ import annotations

import ast
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cvss_metrics import MetricSet, load_metrics, missing, read_vector, write_vector
from app.domain.errors import Defect, Rejected
from app.domain.severity import score_vector, scores_of
from app.machine.resources import packaged_metrics

WORST = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"
WORST_4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H"


@cache
def sets() -> dict[str, MetricSet]:
    return packaged_metrics()


@pytest.mark.parametrize(("version", "metrics", "required"), [("3.1", 22, 8), ("4.0", 32, 11)])
def test_every_metric_and_every_value_explains_itself(version: str, metrics: int, required: int) -> None:
    known = sets()[version]
    every = list(known.metrics())
    assert (len(every), len(known.required())) == (metrics, required)
    assert len({metric.key for metric in every}) == metrics
    for metric in every:
        assert metric.name
        assert metric.about
        assert len({value.key for value in metric.values}) == len(metric.values) > 1
        assert all(value.name and value.about for value in metric.values)


@st.composite
def answers(draw: st.DrawFn) -> tuple[MetricSet, dict[str, str]]:
    known = sets()[draw(st.sampled_from(("3.1", "4.0")))]
    values = {}
    required = {metric.key for metric in known.required()}
    for metric in known.metrics():
        if metric.key in required or draw(st.booleans()):
            values[metric.key] = draw(st.sampled_from([value.key for value in metric.values]))
    return known, values


@given(answers())
def test_a_vector_says_what_was_answered_and_scores(made: tuple[MetricSet, dict[str, str]]) -> None:
    known, values = made
    vector = write_vector(values, known)
    read = read_vector(vector, sets())
    assert read.version == known.version
    assert read.values == {key: value for key, value in values.items() if value != "X"}
    assert write_vector(read.values, known) == vector
    scores = scores_of(vector)
    assert 0.0 <= scores.base <= 10.0
    assert 0.0 <= scores.overall <= 10.0


def test_a_vector_without_all_required_answers_is_none_and_says_what_is_missing() -> None:
    known = sets()["3.1"]
    assert write_vector({"AV": "N"}, known) == ""
    assert [metric.key for metric in missing({"AV": "N"}, known)] == ["AC", "PR", "UI", "S", "C", "I", "A"]


@pytest.mark.parametrize(
    ("vector", "code"),
    [
        ("", "cvss.version"),
        ("CVSS:5.0/AV:N", "cvss.version"),
        ("AV:N/AC:L/Au:N/C:P/I:P/A:P", "cvss.version"),
        ("cvss:3.1/AV:N", "cvss.version"),
        (WORST + "/" + "E:X/" * 200, "cvss.version"),
        (WORST + "/ZZ:N", "cvss.metric"),
        (WORST + "/", "cvss.metric"),
        (WORST + "/AV", "cvss.metric"),
        (WORST + "/AV:N", "cvss.twice"),
        (WORST.replace("AV:N", "AV:Q"), "cvss.value"),
        (WORST.replace("/A:H", ""), "cvss.missing"),
    ],
)
def test_a_wrong_vector_is_refused_by_what_is_wrong_with_it(vector: str, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        read_vector(vector, sets())
    assert refused.value.code == code


def test_base_and_overall_score_are_told_apart() -> None:
    assert scores_of(WORST).base == scores_of(WORST).overall == 10.0
    later = scores_of(WORST + "/E:U")
    assert later.base == 10.0
    assert later.overall < 10.0
    later = scores_of(WORST_4 + "/E:U")
    assert later.base == 10.0
    assert later.overall < 10.0
    assert scores_of("AV:N/AC:L/Au:N/C:P/I:P/A:P").version == "2.0"
    assert scores_of(WORST.replace("3.1", "3.0")).version == "3.0"


@given(st.text(max_size=400))
def test_no_text_breaks_the_reading(text: str) -> None:
    code = "cvss.read"
    try:
        read_vector(text, sets())
    except Rejected as refused:
        code = refused.code
    assert code.startswith("cvss.")


def test_broken_metrics_are_a_defect_by_name() -> None:
    with pytest.raises(Defect, match=r"cvss\.malformed"):
        load_metrics(b"version = 1")


def official(folder: Path) -> list[tuple[str, tuple[float | None, ...]]]:
    """Every line of the official files: a vector and its scores."""
    found = []
    for file in sorted(folder.glob("vectors_*.txt")):
        for line in file.read_text("utf-8").splitlines():
            vector, there, scores = line.partition(" - ")
            if there:
                value = ast.literal_eval(scores)
                found.append((vector, value if isinstance(value, tuple) else (value,)))
    return found


def test_every_official_vector_scores_what_it_should(shared_data: Path) -> None:
    lines = official(shared_data / "cvss")
    wrong = [
        (vector, scores, scores_of(vector))
        for vector, scores in lines
        if score_vector(vector) != scores[0]
        or scores_of(vector).overall != next(s for s in reversed(scores) if s is not None)
    ]
    assert len(lines) > 5000
    assert wrong == []


@pytest.mark.parametrize("version", ["v31", "v40"])
def test_random_vectors_of_another_calculator_score_the_same(shared_data: Path, version: str) -> None:
    file = shared_data / "cvss" / f"oracle_cvss_{version}_random.json"
    samples: list[dict[str, Any]] = json.loads(file.read_text("utf-8"))
    assert len(samples) > 700
    differing = [one["vector"] for one in samples if abs(score_of(one) - expected(one)) > 1e-9]
    assert len(differing) == 0


def score_of(sample: dict[str, Any]) -> float:
    return scores_of(sample["vector"]).overall


def expected(sample: dict[str, Any]) -> float:
    return float(sample["score"] if "score" in sample else sample["environmental"])
