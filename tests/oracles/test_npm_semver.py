"""Ranges are judged beside npm semver itself: over the dataset, and over texts made to be awkward."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.domain.errors import Rejected
from app.domain.npm_ranges import first_common, parse_range
from app.domain.versions import parse_version

JUDGE = """
import { readFileSync } from 'node:fs'
import semver from 'semver'
const { ranges, versions } = JSON.parse(readFileSync(0))
const known = versions.map((text) => semver.parse(text))
const answers = ranges.map((text) => {
  let range
  try { range = new semver.Range(text) } catch { return null }
  return [range.range || '*', known.map((version) => (range.test(version) ? '1' : '0')).join('')]
})
process.stdout.write(JSON.stringify(answers))
"""

COMPARE = """
import { readFileSync } from 'node:fs'
import semver from 'semver'
const versions = JSON.parse(readFileSync(0))
process.stdout.write(JSON.stringify(versions.sort(semver.compare)))
"""

VERSIONS = [
    f"{major}.{minor}.{patch}{rest}"
    for major in (0, 1, 2, 3)
    for minor in (0, 1, 2)
    for patch in (0, 1, 2, 3)
    for rest in ("", "-0", "-alpha", "-rc.1", "-rc.1.0")
]
RunNode = Callable[..., str]
Answer = list[str] | None


def judged(run_node: RunNode, ranges: list[str], versions: list[str]) -> list[Answer]:
    """The normal form and a row of cells for each range, or None where npm refuses it."""
    given = json.dumps({"ranges": ranges, "versions": versions})
    answers: list[Answer] = json.loads(run_node(JUDGE, stdin=given))
    return answers


def own(text: str, versions: list[str]) -> Answer:
    """The same from our own module."""
    try:
        found = parse_range(text)
    except Rejected:
        return None
    return [str(found), "".join("01"[found.contains(parse_version(version))] for version in versions)]


def ranges_of_the_dataset(shared_data: Path) -> Iterator[str]:
    """Every range that an entry of the dataset holds."""
    for path in sorted((shared_data / "security-wg" / "vuln").glob("*/*.json")):
        entry = json.loads(path.read_bytes())
        if isinstance(entry, dict):
            fields = ("vulnerable", "patched", "vulnerable_versions", "patched_versions")
            yield from (entry[field] for field in fields if isinstance(entry.get(field), str))


def awkward_ranges(seed: int, count: int) -> list[str]:
    """Ranges put together from pieces that are seldom seen together, and some plain rubbish."""
    chance = random.Random(seed)
    numbers = ["0", "1", "2", "3", "0", "1", "x", "X", "*", "01", "10", "9007199254740991", "9007199254740992"]
    rests = ["", "", "", "", "-0", "-alpha", "-rc.1", "-rc.01", "+b.1", "-a+b", "-", "+", "-1.*", ".4"]
    operators = ["", "", "^", "~", "~>", ">", "<", ">=", "<=", "=", "==", "v", "=v", "> ", "< ", ">= ", "<= "]
    operators += ["~ ", "^ ", "~> ", "= ", "v ", "> =", "= =", "v= ", "=>", "~ >", "^ =", "^~"]

    def version() -> str:
        parts = chance.choices(numbers, k=chance.choice([1, 2, 3, 3, 3]))
        return ".".join(parts) + (chance.choice(rests) if chance.random() < 0.4 else "")

    def alternative() -> str:
        if chance.random() < 0.15:
            return version() + chance.choice([" - ", " - ", "  -  ", " -", "- ", " - v"]) + version()
        words = [chance.choice(operators) + version() for _ in range(chance.choice([0, 1, 1, 2, 3]))]
        return chance.choice([" ", "  ", "\t", " \u00a0", ", "]).join(words)

    def text() -> str:
        if chance.random() < 0.1:
            return "".join(chance.choices("<>=~^*xv -+.|0123", k=chance.randrange(12)))
        return chance.choice([" || ", "||", " | | "]).join(alternative() for _ in range(chance.choice([1, 1, 2, 3])))

    return [text() for _ in range(count)]


def test_every_cell_of_the_dataset_is_that_of_npm(run_node: RunNode, shared_data: Path) -> None:
    ranges = sorted(set(ranges_of_the_dataset(shared_data)))
    released = json.loads((shared_data / "semver" / "node-versions.json").read_bytes())[::2]
    versions = [*released, *VERSIONS]
    answers = judged(run_node, ranges, versions)
    assert len(ranges) > 400
    assert [text for text, answer in zip(ranges, answers, strict=True) if own(text, versions) != answer] == []


@pytest.mark.parametrize("seed", range(3))
def test_awkward_ranges_are_taken_refused_and_matched_as_npm_does(run_node: RunNode, seed: int) -> None:
    ranges = awkward_ranges(seed, 5_000)
    answers = judged(run_node, ranges, VERSIONS)
    assert sum(answer is not None for answer in answers) > 500
    assert [text for text, answer in zip(ranges, answers, strict=True) if own(text, VERSIONS) != answer] == []


def test_an_example_of_an_overlap_is_in_both_ranges_for_npm_too(run_node: RunNode, shared_data: Path) -> None:
    ranges = sorted(set(ranges_of_the_dataset(shared_data)))[::6]
    pairs = [(one, other) for one in ranges for other in ranges]
    common = [first_common(parse_range(one), parse_range(other)) for one, other in pairs]
    examples = sorted({str(version) for version in common if version is not None})
    cells = {
        text: dict(zip(examples, answer[1], strict=True))
        for text, answer in zip(ranges, judged(run_node, ranges, examples), strict=True)
        if answer is not None
    }
    for (one, other), version in zip(pairs, common, strict=True):
        if version is None:
            assert not any(cells[one][text] == cells[other][text] == "1" for text in examples)
        else:
            assert (one, other, cells[one][str(version)], cells[other][str(version)]) == (one, other, "1", "1")


def test_versions_are_ordered_as_npm_orders_them(run_node: RunNode) -> None:
    shuffled = [*VERSIONS, "1.0.0-1", "1.0.0-10", "1.0.0-9", "1.0.0-a-b", "1.0.0-A", "10.0.0", "1.0.0-alpha.beta"]
    random.Random(7).shuffle(shuffled)
    expected = json.loads(run_node(COMPARE, stdin=json.dumps(shuffled)))
    assert sorted(shuffled, key=lambda text: parse_version(text).key) == expected
