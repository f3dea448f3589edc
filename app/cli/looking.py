"""Verbs that look something up without a store: weaknesses, CVSS vectors, SSVC decisions, ranges."""

from __future__ import annotations

import argparse
from typing import Any

from app.cli import DONE, REFUSED
from app.cli.output import answer, say, table
from app.domain.cvss_metrics import read_vector
from app.domain.errors import Rejected
from app.domain.npm_ranges import parse_range
from app.domain.range_lint import lint_ranges
from app.domain.severity import rating_of, scores_of
from app.domain.untrusted import safe_line
from app.domain.weaknesses import Weakness
from app.machine.resources import packaged_catalogues, packaged_metrics, packaged_trees, packaged_weaknesses
from app.presenters.words_ranges import lint_words, range_meaning

_VECTORS = ("3.1", "4.0")


def cwe(arguments: argparse.Namespace) -> int:
    """`holdfast look cwe`: entries by id or words, what may be named first; 1 where there is none."""
    catalogue = packaged_weaknesses()
    found = catalogue.search(" ".join(arguments.words), arguments.limit or 20)
    if arguments.json:
        answer([_weakness(entry, [other.cwe for other in catalogue.instead_of(entry)]) for entry in found])
    else:
        table((entry.cwe, entry.usage, entry.name) for entry in found)
        for entry in found[:1]:
            if not entry.is_fit:
                say(f"A CVE record should not name {entry.cwe} ({entry.usage}).")
                table((other.cwe, "rather", other.name) for other in catalogue.instead_of(entry))
    return DONE if found else REFUSED


def _weakness(entry: Weakness, instead: list[str]) -> dict[str, Any]:
    return {
        "cwe": entry.cwe,
        "name": entry.name,
        "kind": entry.kind,
        "usage": entry.usage,
        "about": entry.about,
        "instead": [] if entry.is_fit else instead,
    }


def cvss(arguments: argparse.Namespace) -> int:
    """`holdfast look cvss VECTOR`: both scores, and each metric explained."""
    vector = arguments.words[0]
    sets = packaged_metrics()
    known = sets.get(vector.removeprefix("CVSS:")[:3]) if vector.startswith("CVSS:") else None
    values = read_vector(vector, sets).values if known is not None else {}
    scores = scores_of(vector)
    metrics = [metric for metric in known.metrics() if metric.key in values] if known is not None else []
    rows = [(metric, metric.value(values[metric.key])) for metric in metrics]
    if arguments.json:
        answer(
            {
                "version": scores.version,
                "base": scores.base,
                "overall": scores.overall,
                "rating": rating_of(scores.overall),
                "metrics": {metric.key: value.key for metric, value in rows if value is not None},
            }
        )
        return DONE
    table((metric.name, value.name, value.about) for metric, value in rows if value is not None)
    overall = "" if scores.overall == scores.base else f", {scores.overall} with everything that is said"
    say(f"CVSS {scores.version}: {scores.base}{overall} ({rating_of(scores.overall)}).")
    return DONE


def ssvc(arguments: argparse.Namespace) -> int:
    """`holdfast look ssvc TREE QUESTION=ANSWER...`: the outcome, or what is still to be answered."""
    trees = packaged_trees()
    tree = trees.get(arguments.words[0])
    if tree is None:
        known = ", ".join(sorted(trees))
        raise Rejected("ssvc.tree", value=safe_line(arguments.words[0], 40), known=known, needs="words")
    given = (word.partition("=") for word in arguments.words[1:])
    answers = {key: value.replace("_", " ") for key, _, value in given}
    outcome = tree.decide(answers)
    if arguments.json:
        answer({"tree": tree.key, "answers": answers, "outcome": outcome.key if outcome else None})
    elif outcome is not None:
        say(f"{outcome.name}: {outcome.about}")
    else:
        open_points = [point for point in tree.points if point.key not in answers]
        table((point.key, ", ".join(option.key for option in point.options), point.about) for point in open_points)
    return DONE if outcome is not None else REFUSED


def span(arguments: argparse.Namespace) -> int:
    """`holdfast look range VULNERABLE [PATCHED]`: what it means, what is wrong, and the mend; 1 for a fault."""
    vulnerable, patched = (*arguments.words, "")[:2]
    catalogue = packaged_catalogues().get(arguments.product) if arguments.product else None
    found = lint_ranges(vulnerable, patched, catalogue)
    said = [lint_words(finding) for finding in found.findings]
    if arguments.json:
        codes = [{"code": finding.code, "words": words} for finding, words in zip(found.findings, said, strict=True)]
        answer({"findings": codes, "vulnerable": found.vulnerable, "patched": found.patched})
        return REFUSED if said else DONE
    if not any(finding.code == "range.malformed" for finding in found.findings):
        say(f"Vulnerable: {range_meaning(parse_range(vulnerable))}.")
        if patched:
            say(f"Patched: {range_meaning(parse_range(patched))}.")
    for words in said:
        say(words)
    if found.vulnerable is not None:
        say(f"Rather: {found.vulnerable}{f' with {found.patched} patched' if found.patched else ''}")
    return REFUSED if said else DONE


_LOOKS = {"cwe": cwe, "cvss": cvss, "ssvc": ssvc, "range": span}


def look(arguments: argparse.Namespace) -> int:
    """`holdfast look`."""
    return _LOOKS[arguments.what](arguments)


COMMANDS = {"look": look}
