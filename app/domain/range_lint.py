"""What is wrong with a statement of affected versions, as one types it, and what would mend it.

Two doors: `lint_lines` for the affected lines of a case, `lint_ranges` for a pair of npm ranges as the public dataset
writes them. A finding has a dotted code for the words; a mend is the whole corrected value, to be taken with one click.
Releases are judged by a catalogue: what came out after its last day is not called unreleased.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import msgspec

from app.domain.catalogue import Catalogue
from app.domain.errors import FactValue, Rejected
from app.domain.line_ranges import (
    ANY_LINE,
    Finding,
    check_lines,
    check_ranges,
    lines_from_ranges,
    npm_range_patched,
    npm_range_vulnerable,
)
from app.domain.npm_ranges import Interval, Range, parse_range
from app.domain.untrusted import safe_line
from app.domain.values import AffectedLine, LineStatus
from app.domain.versions import Version, line_bounds, line_of, parse_version

_ALONE: Final = re.compile(r"[v=]{0,2}[0-9]+\.[0-9]+\.[0-9]+")
_WRITTEN: Final = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z.-]+)?")
# What the table of versions at the end of their life on the project's site can read; other texts vanish from it.
_READABLE: Final = re.compile(
    r"(?:0\.\d+(?:\.x)?|\d+\.x|(?:<|<=|>|>=) ?\d+(?:\.\d+){0,2}|>=\d+\.\d+\.\d+ <=?\d+\.\d+\.\d+)"
)


class Lint(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong with a line, and the line as it would be right, if that is clear."""

    finding: Finding
    mend: AffectedLine | None = None


class RangeLint(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with a pair of ranges, and the pair as it would be right; None where nothing was to be mended."""

    findings: tuple[Finding, ...]
    vulnerable: str | None = None
    patched: str | None = None


# ------------------------------------------------------------------------------------------ lines of a case


def lint_lines(lines: Sequence[AffectedLine], catalogue: Catalogue | None, day: date) -> tuple[Lint, ...]:
    """Everything that is wrong with the lines, faults first, in their order.

    Faults are those of `check_lines`. With a catalogue come: lint.line-unknown, lint.unreleased (`field`, `version`),
    lint.skipped-release (`first`, `count`: released after the last affected version and before the fix),
    lint.line-missing (a supported line that nothing is said of), lint.ended-missing (lines at the end of their life,
    affected by rule). Always: lint.prerelease (`field`, `version`), lint.whole-line (affected with no end, while other
    lines have a fix), lint.not-affected-with-versions, lint.no-justification.
    """
    found = [Lint(finding=one, mend=_mended(one, lines)) for one in check_lines(lines)]
    for line in lines:
        found += _lint_line(line, lines, catalogue)
    return (*found, *_missing_lines(lines, catalogue, day))


def _lint_line(line: AffectedLine, lines: Sequence[AffectedLine], catalogue: Catalogue | None) -> Iterator[Lint]:
    if line.status == "not-affected" and any(text for _, text in _versions(line)):
        bare = msgspec.structs.replace(line, introduced="", last_affected="", fixed="", also=msgspec.UNSET)
        yield Lint(finding=_of(line, "lint.not-affected-with-versions"), mend=bare)
    if line.status == "not-affected" and not line.justification and not line.note:
        yield Lint(finding=_of(line, "lint.no-justification", "justification"))
    if line.status != "affected":
        return
    mended_elsewhere = any(other.fixed for other in lines if other is not line)
    if mended_elsewhere and not line.fixed and not line.last_affected:
        yield Lint(finding=_of(line, "lint.whole-line", "fixed"))
    for field, version in _parsed(line):
        if version.prerelease:
            plain = str(Version(version.major, version.minor, version.patch))
            yield Lint(
                finding=_of(line, "lint.prerelease", field, version=str(version), release=plain),
                mend=msgspec.structs.replace(line, **{field: plain}),
            )
    if catalogue is not None and _is_kept_in(catalogue, line):
        yield from _against(line, catalogue)


def _against(line: AffectedLine, catalogue: Catalogue) -> Iterator[Lint]:
    if line.line != ANY_LINE and catalogue.line(line.line) is None and line_bounds(line.line) is not None:
        yield Lint(finding=_of(line, "lint.line-unknown", "line"))
        return
    known = dict(_parsed(line))
    for field, version in known.items():
        # The fix of an open case is a version to come.
        if field != "fixed" and not version.prerelease and _never_came_out(version, catalogue):
            yield Lint(finding=_of(line, "lint.unreleased", field, version=str(version)))
    last, fixed = known.get("last_affected"), known.get("fixed")
    if last is not None and fixed is not None:
        between = [r for r in catalogue.versions(line.line) if last < parse_version(r.version) < fixed]
        if between:
            facts: dict[str, FactValue] = {"first": between[0].version, "count": len(between), "fixed": str(fixed)}
            finding = Finding(code="lint.skipped-release", line=line.line, field="last_affected", facts=facts)
            yield Lint(finding=finding, mend=msgspec.structs.replace(line, last_affected=""))


def _missing_lines(lines: Sequence[AffectedLine], catalogue: Catalogue | None, day: date) -> Iterator[Lint]:
    affected = [line for line in lines if line.status == "affected"]
    if catalogue is None or not affected or any(line.line == ANY_LINE for line in lines):
        return
    said = {line.line for line in lines}
    for name in catalogue.supported(day):
        if name not in said:
            yield Lint(
                finding=Finding(code="lint.line-missing", line=name, field="line"),
                mend=AffectedLine(line=name, product=affected[0].product, status="investigating"),
            )
    ended = [name for name in implied_ended(lines, catalogue, day) if name not in said]
    if ended:
        facts: dict[str, FactValue] = {"lines": ", ".join(ended), "count": len(ended)}
        yield Lint(finding=Finding(code="lint.ended-missing", line=ended[-1], field="line", facts=facts))


def implied_ended(lines: Sequence[AffectedLine], catalogue: Catalogue, day: date) -> tuple[str, ...]:
    """The lines at the end of their life that are affected by rule.

    The project's rule is that end-of-life versions are always affected when a release happens; where a line says in
    which version the problem was introduced, older lines are left out.
    """
    affected = [line for line in lines if line.status == "affected"]
    if not affected:
        return ()
    introduced = [version for line in affected for field, version in _parsed(line) if field == "introduced"]
    bounds = [found[0] for line in affected if (found := line_bounds(line.line)) is not None]
    # "Since its first version" of the oldest line says nothing about the lines before it.
    since = min(introduced, default=None)
    is_later = since is not None and bounds and since > min(bounds) and len(introduced) == len(affected)
    names = catalogue.ended(day)
    if not is_later or since is None:
        return names
    return tuple(name for name in names if (found := line_bounds(name)) and found[1] is not None and found[1] > since)


def lines_since(introduced: str, catalogue: Catalogue, day: date, product: str = "") -> tuple[AffectedLine, ...]:
    """What "affected since" implies: the line of that version from it on, every later one from its start.

    Oldest first; lines at the end of their life come as "unsupported". Raises Rejected("version.malformed").
    """
    since = parse_version(introduced)
    own = line_of(since)
    found = []
    for line in catalogue.lines():
        bounds = line_bounds(line.line)
        phase = line.phase(day)
        if bounds is None or phase == "pending" or (bounds[1] is not None and bounds[1] <= since):
            continue
        begin = str(since) if line.line == own else str(bounds[0])
        status: LineStatus = "unsupported" if phase == "end-of-life" else "affected"
        found.append(AffectedLine(line=line.line, product=product, status=status, introduced=begin))
    return tuple(found)


def _mended(finding: Finding, lines: Sequence[AffectedLine]) -> AffectedLine | None:
    """The line without the fault, where there is only one way to mean it."""
    line = next((one for one in lines if one.line == finding.line), None)
    if line is None:
        return None
    if finding.code in ("line.introduced-after-fixed", "line.introduced-after-last-affected"):
        end = "fixed" if finding.code.endswith("fixed") else "last_affected"
        return msgspec.structs.replace(line, **{"introduced": getattr(line, end), end: line.introduced})
    if finding.code == "line.last-affected-not-before-fixed":
        return msgspec.structs.replace(line, last_affected="")
    if finding.code.endswith("-outside"):
        home = line_of(parse_version(str(finding.facts["version"])))
        alone = sum(1 for _ in _versions(line)) == 1 and all(one.line != home for one in lines)
        return msgspec.structs.replace(line, line=home) if alone else None
    return None


# ------------------------------------------------------------------------------------- ranges of the dataset


def lint_ranges(vulnerable: str, patched: str = "", catalogue: Catalogue | None = None) -> RangeLint:
    """What is wrong with the two ranges of a dataset entry, and the pair made right.

    Codes: those of `check_ranges`, but range.patched-vulnerable comes as range.wildcard-matches-fix (a whole line is
    called vulnerable, its fix too) or range.fixed-inside; range.gap (`first`, `count`: released in a line between what
    is vulnerable and what is patched, and neither), range.unreleased (`version`), range.unknown-line (`line`),
    range.prerelease (`version`), range.unreadable (`part`: the project's own site does not show it), range.exact-fix
    (`part`: patched names one version alone, where it and all later ones of the line are meant).
    """
    findings = [_sharper(one) for one in check_ranges(vulnerable, patched)]
    try:
        held, mended = parse_range(vulnerable), parse_range(patched) if patched.strip() else None
    except Rejected:
        return RangeLint(findings=tuple(findings))
    meant = _as_meant(patched)
    if meant != patched:
        findings.append(Finding(code="range.exact-fix", field="patched", facts={"part": safe_line(patched, 80)}))
        mended = parse_range(meant)
    texts = (("vulnerable", vulnerable), ("patched", patched))
    findings += [one for field, text in texts for one in _lint_text(field, text, catalogue)]
    if catalogue is not None and mended is not None:
        findings += _gaps(held, mended, catalogue)
    # Without a fault, another way to write the same is no mend.
    new = mend_ranges(vulnerable, patched) if findings else (vulnerable, patched)
    if new == (vulnerable, patched) or not _says_no_less(new, held, mended):
        return RangeLint(findings=tuple(findings))
    return RangeLint(findings=tuple(findings), vulnerable=new[0], patched=new[1])


def mend_ranges(vulnerable: str, patched: str = "") -> tuple[str, str]:
    """The two ranges as exactly as they can be meant: each line up to its fix, oldest first.

    Raises Rejected("range.malformed").
    """
    meant = _as_meant(patched)
    mended = parse_range(meant) if meant.strip() else None
    lines = [_before_fix(line, mended) for line in lines_from_ranges(vulnerable, meant)]
    return npm_range_vulnerable(lines) or vulnerable, npm_range_patched(lines) or patched


def _before_fix(line: AffectedLine, mended: Range | None) -> AffectedLine:
    """The line with its first stretch ending at the lowest version in it that is said to be patched."""
    known = dict(_parsed(line))
    low, fixed = known.get("introduced"), known.get("fixed")
    floors = [one.floor for one in mended.intervals] if mended is not None else []
    inside = [f for f in floors if f is not None and fixed is not None and f < fixed and (low is None or low < f)]
    home = line_bounds(line.line)
    own = [f for f in inside if home is None or (home[0] <= f and (home[1] is None or f < home[1]))]
    return msgspec.structs.replace(line, fixed=str(min(own))) if own else line


def _as_meant(patched: str) -> str:
    """The patched range with "from this version on" in place of a version that stands alone."""
    parts = [part.strip() for part in patched.split("||")]
    if not any(_ALONE.fullmatch(part) for part in parts):
        return patched
    return " || ".join(f"^{part.lstrip('v=')}" if _ALONE.fullmatch(part) else part for part in parts)


def _says_no_less(new: tuple[str, str], held: Range, mended: Range | None) -> bool:
    """Whether nothing that was vulnerable and not patched got lost: a mend that can't promise that is none."""
    now = parse_range(new[0])
    ends = [end for one in (*held.intervals, *(mended.intervals if mended else ())) for end in _ends(one)]
    near = [probe for end in ends for probe in _around(end)]
    return all(now.contains(v) for v in near if held.contains(v) and not (mended is not None and mended.contains(v)))


def _ends(one: Interval) -> Iterator[Version]:
    yield from (end for end in (one.floor, one.ceiling, one.last) if end is not None)


def _around(end: Version) -> Iterator[Version]:
    for minor in (-1, 0, 1):
        for patch in (-1, 0, 1):
            if end.minor + minor >= 0 and end.patch + patch >= 0:
                yield Version(end.major, end.minor + minor, end.patch + patch)


def _sharper(finding: Finding) -> Finding:
    if finding.code != "range.patched-vulnerable":
        return finding
    whole = re.fullmatch(r">=\d+\.\d+\.0 <\d+\.\d+\.0-0|\*|>=\d+\.\d+\.0", str(finding.facts["vulnerable"]))
    code = "range.wildcard-matches-fix" if whole else "range.fixed-inside"
    return Finding(code=code, field=finding.field, facts=finding.facts)


def _lint_text(field: str, text: str, catalogue: Catalogue | None) -> Iterator[Finding]:
    for part in text.split("||") if text.strip() else ():
        if field == "vulnerable" and not _READABLE.fullmatch(part.strip(" ")):
            yield Finding(code="range.unreadable", field=field, facts={"part": safe_line(part.strip(), 60)})
        for written in _WRITTEN.findall(part):
            try:
                version = parse_version(written)
            except Rejected:
                continue
            if version.prerelease:
                yield Finding(code="range.prerelease", field=field, facts={"version": str(version)})
            elif catalogue is not None and _never_came_out(version, catalogue) and not _is_start(version):
                yield Finding(code="range.unreleased", field=field, facts={"version": str(version)})
            if catalogue is not None and not catalogue.versions(line_of(version)) and _is_past(version, catalogue):
                yield Finding(code="range.unknown-line", field=field, facts={"line": line_of(version)})


def _gaps(held: Range, mended: Range, catalogue: Catalogue) -> Iterator[Finding]:
    """Releases above what is vulnerable in their line and below what is patched there."""
    for line in catalogue.lines():
        released = [parse_version(one.version) for one in catalogue.versions(line.line)]
        bad = [version for version in released if held.contains(version)]
        good = [version for version in released if mended.contains(version) and not held.contains(version)]
        if not bad or not good:
            continue
        between = [v for v in released if max(bad) < v < min(good) and min(good) > max(bad)]
        if between:
            facts: dict[str, FactValue] = {"line": line.line, "first": str(between[0]), "count": len(between)}
            yield Finding(code="range.gap", field="patched", facts=facts)


# ------------------------------------------------------------------------------------------------- shared


def _versions(line: AffectedLine) -> Iterator[tuple[str, str]]:
    for field in ("introduced", "last_affected", "fixed"):
        text: str = getattr(line, field)
        if text:
            yield field, text


def _parsed(line: AffectedLine) -> Iterator[tuple[str, Version]]:
    for field, text in _versions(line):
        try:
            yield field, parse_version(text)
        except Rejected:
            continue


def _never_came_out(version: Version, catalogue: Catalogue) -> bool:
    return catalogue.release(str(version)) is None and _is_past(version, catalogue)


def _is_past(version: Version, catalogue: Catalogue) -> bool:
    """Whether the catalogue would have to know it: something higher of its line came out."""
    released = catalogue.versions(line_of(version))
    if not released:
        starts = [bounds[0] for one in catalogue.lines() if (bounds := line_bounds(one.line)) is not None]
        return bool(starts) and version < max(starts)
    return parse_version(released[-1].version) > version


def _is_start(version: Version) -> bool:
    """The first version of a major or minor is often named as an end, without being one that came out."""
    return version.patch == 0


def _is_kept_in(catalogue: Catalogue, line: AffectedLine) -> bool:
    return line.product in ("", catalogue.product, catalogue.name)


def _of(line: AffectedLine, code: str, field: str = "", **facts: FactValue) -> Finding:
    return Finding(code=code, line=line.line, field=field, facts=facts)
