"""What a range means and what is wrong with one, in words; `{places}` are the facts of the finding."""

from __future__ import annotations

from typing import Final

from app.domain.line_ranges import ANY_LINE, Finding
from app.domain.npm_ranges import Interval, Range
from app.domain.untrusted import safe_line
from app.domain.values import AffectedLine, Stretch
from app.presenters.words_inputs import INPUTS

LINTS: Final[dict[str, str]] = {
    "lint.line-unknown": "The catalogue knows no line {line}. Correct the name, or add the line to the catalogue.",
    "lint.unreleased": "{version} never came out. Correct it, or extend the catalogue.",
    "lint.skipped-release": (
        "{count} releases from {first} on lie between the last affected version and the fix, {fixed}, and nothing is said "
        "of them. Without a last affected version, everything before the fix is affected."
    ),
    "lint.line-missing": "{line} is supported, and nothing is said of it.",
    "lint.ended-missing": "{count} lines at the end of their life are affected by rule and not on the list: {lines}.",
    "lint.prerelease": (
        "{version} is a pre-release. Ranges leave pre-releases out unless they name the same version: say {release}."
    ),
    "lint.whole-line": "All of {line} is called affected, without an end, while other lines have a fix.",
    "lint.not-affected-with-versions": "{line} is not affected, but versions are named as if it were.",
    "lint.no-justification": "Say why {line} is not affected: records for machines need one of five reasons.",
    "range.malformed": "“{part}” is no range that npm understands.",
    "range.empty": "No version at all is in “{part}”.",
    "range.bounds-swapped": "“{part}” ends before it begins.",
    "range.swapped": "What is patched, {patched}, lies below all that is vulnerable. The two may be swapped.",
    "range.wildcard-matches-fix": (
        "“{vulnerable}” covers the whole line, so it also matches {example}, which is patched. End it before the fix."
    ),
    "range.fixed-inside": "{example} is called vulnerable by “{vulnerable}” and patched by “{patched}”.",
    "range.gap": "{count} releases of {line} from {first} on are neither vulnerable nor patched.",
    "range.unreleased": "{version} never came out.",
    "range.unknown-line": "There never was a line {line}.",
    "range.prerelease": "{version} is a pre-release: npm looks at pre-releases of no other version.",
    "range.unreadable": "“{part}” can't be read by the project's own list of versions, so it is not shown there.",
    "range.exact-fix": "“{part}” names one version alone. From it on is meant: write it with a caret.",
}
"""What the linter of `app/domain/range_lint.py` finds."""


def lint_words(finding: Finding) -> str:
    """The finding in a sentence, with hostile characters made visible."""
    template = LINTS.get(finding.code) or INPUTS.get(finding.code, finding.code)
    facts = {"line": finding.line, "field": finding.field, **finding.facts}
    return safe_line(template.format_map({key: str(value) for key, value in facts.items()}), 400)


def line_meaning(line: AffectedLine) -> str:
    """What a line says of versions: `20.0.0 up to, not including, 20.20.2`; several stretches are joined by "and"."""
    if line.status != "affected":
        return ""
    return ", and again ".join(_stretch(line.line, stretch) for stretch in line.stretches)


def _stretch(line: str, stretch: Stretch) -> str:
    whole = "every version" if line == ANY_LINE else f"every {line}"
    if stretch.fixed:
        return (
            f"{stretch.introduced} up to, not including, {stretch.fixed}"
            if stretch.introduced
            else (f"{whole} before {stretch.fixed}")
        )
    if stretch.last_affected:
        if stretch.introduced == stretch.last_affected:
            return f"{stretch.introduced} alone"
        start = f"{stretch.introduced} up to" if stretch.introduced else f"{whole} up to"
        return f"{start} and including {stretch.last_affected}"
    return f"{stretch.introduced} and everything later of {line}" if stretch.introduced else whole


def range_meaning(found: Range) -> str:
    """What an npm range says, its alternatives joined by "or"."""
    return ", or ".join(_interval(one) for one in found.intervals) or "every version"


def _interval(one: Interval) -> str:
    floor, ceiling, last = one.floor, one.ceiling, one.last
    if floor is not None and floor == last:
        return f"{floor} alone"
    end = f"up to, not including, {ceiling}" if ceiling is not None else f"up to and including {last}" if last else ""
    if floor is None:
        return f"everything {end}" if end else "every version"
    return f"{floor} {end}" if end else f"{floor} and everything later"
