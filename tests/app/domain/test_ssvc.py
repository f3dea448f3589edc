"""SSVC decides what its published tables say, never more urgent answers less urgently."""

from __future__ import annotations

from functools import cache
from itertools import product

import pytest

from app.domain.errors import Defect, Rejected
from app.domain.ssvc import Tree, load_tree
from app.machine.resources import packaged_trees


@cache
def trees() -> dict[str, Tree]:
    return packaged_trees()


@pytest.mark.parametrize(
    ("tree", "answers", "outcome"),
    [
        ("supplier", ("none", "laborious", "partial", "minimal"), "defer"),
        ("supplier", ("none", "super effective", "total", "minimal"), "out-of-cycle"),
        ("supplier", ("public poc", "laborious", "total", "significant"), "immediate"),
        ("supplier", ("public poc", "efficient", "total", "minimal"), "out-of-cycle"),
        ("supplier", ("active", "laborious", "partial", "minimal"), "out-of-cycle"),
        ("supplier", ("active", "super effective", "partial", "minimal"), "immediate"),
        ("cisa", ("none", "no", "partial", "high"), "track"),
        ("cisa", ("none", "no", "total", "high"), "track*"),
        ("cisa", ("public poc", "yes", "total", "medium"), "track*"),
        ("cisa", ("active", "no", "total", "medium"), "attend"),
        ("cisa", ("active", "yes", "total", "medium"), "act"),
    ],
)
def test_the_outcome_is_that_of_the_published_table(tree: str, answers: tuple[str, ...], outcome: str) -> None:
    known = trees()[tree]
    keys = [point.key for point in known.points]
    found = known.decide(dict(zip(keys, answers, strict=True)))
    assert found is not None
    assert found.key == outcome


@pytest.mark.parametrize("tree", ["supplier", "cisa"])
def test_a_more_urgent_answer_never_makes_the_outcome_less_urgent(tree: str) -> None:
    known = trees()[tree]
    order = [result.key for result in known.results]
    for answers in product(*(range(len(point.options)) for point in known.points)):
        for place, point in enumerate(known.points):
            if answers[place] + 1 < len(point.options):
                higher = (*answers[:place], answers[place] + 1, *answers[place + 1 :])
                assert order.index(outcome(known, answers)) <= order.index(outcome(known, higher))


def outcome(tree: Tree, answers: tuple[int, ...]) -> str:
    said = {point.key: point.options[number].key for point, number in zip(tree.points, answers, strict=True)}
    found = tree.decide(said)
    assert found is not None
    return found.key


def test_nothing_is_decided_while_a_question_is_open() -> None:
    assert trees()["cisa"].decide({"exploitation": "none"}) is None


def test_an_answer_or_a_question_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Rejected, match=r"ssvc\.answer"):
        trees()["cisa"].decide({"exploitation": "perhaps"})
    with pytest.raises(Rejected, match=r"ssvc\.question"):
        trees()["cisa"].decide({"weather": "fair"})


@pytest.mark.parametrize("data", [b"\xff", b"key = 1", b'key = "a"'])
def test_a_broken_tree_is_a_defect_by_name(data: bytes) -> None:
    with pytest.raises(Defect, match=r"ssvc\.malformed"):
        load_tree(data)
