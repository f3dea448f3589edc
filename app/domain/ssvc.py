"""SSVC, Stakeholder-Specific Vulnerability Categorization (CERT/CC): a decision from a few answers, trees as data."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

import msgspec

from app.domain.errors import Defect, Rejected
from app.domain.untrusted import safe_line


class Option(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One answer, or one outcome, with what it means."""

    key: str
    name: str
    about: str


class Point(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question of a tree; its answers go from the least to the most urgent."""

    key: str
    name: str
    about: str
    options: tuple[Option, ...]


class Tree(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A decision table: one outcome for each combination of answers, the last question running fastest."""

    key: str
    name: str
    version: str
    about: str
    points: tuple[Point, ...]
    results: tuple[Option, ...]
    outcomes: str

    def decide(self, answers: Mapping[str, str]) -> Option | None:
        """The outcome, or None while a question has no answer.

        Raises Rejected("ssvc.answer") with `question`, `value` and `allowed` for an answer that a question does not
        have, and ("ssvc.question") with `value` for a question that the tree does not ask.
        """
        known = {point.key for point in self.points}
        for key in answers:
            if key not in known:
                raise Rejected("ssvc.question", value=safe_line(key, 40), tree=self.name, needs="answers")
        place = 0
        for point in self.points:
            if point.key not in answers:
                return None
            keys = [option.key for option in point.options]
            if answers[point.key] not in keys:
                value = safe_line(answers[point.key], 40)
                raise Rejected(
                    "ssvc.answer", question=point.name, value=value, allowed=", ".join(keys), needs="answers"
                )
            place = place * len(keys) + keys.index(answers[point.key])
        wanted = self.outcomes.split()[place]
        return next(result for result in self.results if result.key == wanted)


def load_tree(data: bytes) -> Tree:
    """A tree from `resources/ssvc/*.toml`; raises Defect("ssvc.malformed") where the table does not fit."""
    try:
        tree = msgspec.toml.decode(data, type=Tree)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise Defect("ssvc.malformed") from fault
    outcomes = tree.outcomes.split()
    if len(outcomes) != prod(len(point.options) for point in tree.points):
        raise Defect("ssvc.malformed")
    if set(outcomes) != {result.key for result in tree.results}:
        raise Defect("ssvc.malformed")
    return tree
