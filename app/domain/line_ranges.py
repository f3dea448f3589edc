"""What is affected, line by line: checked, written as npm ranges, and read back from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from app.domain.errors import FactValue, Rejected
from app.domain.npm_ranges import Interval, Range, first_common, parse_range
from app.domain.values import AffectedLine, Stretch
from app.domain.versions import Version, line_bounds, line_of, parse_line, parse_version

ANY_LINE = "*"
"""The line of a package that is not kept in lines: all its versions."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something wrong with a line or a range: a dotted code for the words, and the facts that they need."""

    code: str
    line: str = ""
    field: str = ""
    facts: dict[str, FactValue] = {}


class Span(msgspec.Struct, frozen=True):
    """The versions of one line that are affected, from `low` on: before `high`, or up to and with `last`."""

    line: str
    low: Version
    first: Version
    after: Version | None
    high: Version | None = None
    last: Version | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no release is left between the two ends."""
        return (self.high is not None and self.high <= self.low) or (self.last is not None and self.last < self.low)


def check_lines(lines: Iterable[AffectedLine]) -> list[Finding]:
    """Everything that contradicts itself in the lines, in their order; empty if all is well.

    Codes: line.malformed, line.version-malformed (`field`), line.introduced-outside,
    line.last-affected-outside, line.fixed-outside, line.introduced-after-fixed, line.nothing-affected
    (introduced in the version that mends it), line.introduced-after-last-affected,
    line.last-affected-not-before-fixed, line.stretch-without-start, line.stretches-out-of-order, line.overlapping.
    """
    entries = list(lines)
    findings = [finding for entry in entries for finding in _check_line(entry)]
    return findings + (_overlaps(entries) if not findings else [])


def _check_line(entry: AffectedLine) -> list[Finding]:
    try:
        bounds = line_bounds(entry.line)
    except Rejected as fault:
        return [Finding(code="line.malformed", line=entry.line, field="line", facts=dict(fault.facts))]
    findings: list[Finding] = []
    reached: dict[str, Version] = {}
    for stretch in entry.stretches:
        known: dict[str, Version] = {}
        for field, text in _versions(stretch):
            try:
                known[field] = parse_version(text)
            except Rejected as fault:
                facts = dict(fault.facts)
                findings.append(Finding(code="line.version-malformed", line=entry.line, field=field, facts=facts))
        if bounds is not None:
            findings += _outside(entry.line, known, *bounds)
        findings += _out_of_order(entry.line, known) + _not_after(entry.line, stretch, known, reached)
        reached = known
    return findings


def _not_after(line: str, stretch: Stretch, known: dict[str, Version], before: dict[str, Version]) -> list[Finding]:
    """A later stretch says where it begins, and the one before it has ended by then."""
    if not before:
        return []
    if not stretch.introduced:
        return [Finding(code="line.stretch-without-start", line=line, field="introduced")]
    end, begin = before.get("fixed") or before.get("last_affected"), known.get("introduced")
    if end is None or (begin is not None and (begin < end or (begin == end and "fixed" not in before))):
        facts: dict[str, FactValue] = {"introduced": stretch.introduced, "end": str(end or "")}
        return [Finding(code="line.stretches-out-of-order", line=line, field="introduced", facts=facts)]
    return []


def _versions(stretch: Stretch) -> Iterator[tuple[str, str]]:
    for field in ("introduced", "last_affected", "fixed"):
        text: str = getattr(stretch, field)
        if text:
            yield field, text


def _outside(line: str, known: dict[str, Version], first: Version, after: Version | None) -> list[Finding]:
    findings = []
    for field, version in known.items():
        # A pre-release of the first version belongs to the line, one of the next line's first does not.
        core = _core(version)
        if core < first or (after is not None and core >= after):
            facts: dict[str, FactValue] = {
                "version": str(version),
                "first": str(first),
                "after": str(after or ""),
            }
            code = f"line.{field.replace('_', '-')}-outside"
            findings.append(Finding(code=code, line=line, field=field, facts=facts))
    return findings


def _core(version: Version) -> Version:
    return Version(version.major, version.minor, version.patch)


def _out_of_order(line: str, known: dict[str, Version]) -> list[Finding]:
    findings = []

    def refuse(code: str, field: str, other: str) -> None:
        facts: dict[str, FactValue] = {field: str(known[field]), other: str(known[other])}
        findings.append(Finding(code=code, line=line, field=field, facts=facts))

    introduced, last, fixed = (known.get(field) for field in ("introduced", "last_affected", "fixed"))
    if introduced is not None and fixed is not None and introduced > fixed:
        refuse("line.introduced-after-fixed", "introduced", "fixed")
    elif introduced is not None and introduced == fixed:
        refuse("line.nothing-affected", "introduced", "fixed")
    if introduced is not None and last is not None and introduced > last:
        refuse("line.introduced-after-last-affected", "introduced", "last_affected")
    if last is not None and fixed is not None and last >= fixed:
        refuse("line.last-affected-not-before-fixed", "last_affected", "fixed")
    return findings


def _overlaps(entries: list[AffectedLine]) -> list[Finding]:
    """Entries that claim a version which an earlier one of their product claims; each is told of once."""
    ranges = [(entry, parse_range(text)) for entry in entries if (text := npm_range_vulnerable([entry]))]
    findings = []
    for index, (entry, one) in enumerate(ranges):
        for earlier, other in ranges[:index]:
            example = first_common(one, other) if entry.product == earlier.product else None
            if example is not None:
                facts: dict[str, FactValue] = {"other": earlier.line, "example": str(example)}
                findings.append(Finding(code="line.overlapping", line=entry.line, field="line", facts=facts))
                break
    return findings


def npm_range_vulnerable(lines: Iterable[AffectedLine]) -> str:
    """The affected versions in the style of the dataset: `>=20.0.0 <20.20.2 || 21.x`, oldest line first.

    Only lines with status "affected" count; a line with no version numbers, like `main`, can't be said in a
    range. Empty text if nothing is left. Raises Rejected("version.malformed") or Rejected("line.malformed").
    """
    return " || ".join(_vulnerable_text(span) for span, _ in spans(lines))


def npm_range_patched(lines: Iterable[AffectedLine]) -> str:
    """The mended versions in the style of the dataset: `^20.20.2 || ^22.22.2`, oldest line first.

    Where one of the entries is `*`, lines mean nothing to the package: each fix then reaches up to the next
    affected stretch. Empty text if nothing is mended. Raises as `npm_range_vulnerable`.
    """
    found = list(spans(lines))
    in_lines = all(span.line != ANY_LINE for span, _ in found)
    texts = []
    for index, (span, fixed) in enumerate(found):
        if fixed is None:
            continue
        rest = [other.low for other, _ in found[index + 1 :] if not in_lines or other.line == span.line]
        later = next((low for low in rest if low > fixed), None)
        if later is not None:
            texts.append(f">={fixed} <{later}")
        elif in_lines:
            texts.append(_patched_text(span.line, fixed))
        else:
            texts.append(f">={fixed}")
    return " || ".join(texts)


def spans(lines: Iterable[AffectedLine]) -> list[tuple[Span, Version | None]]:
    """The affected stretches in ascending order, each with its fix, if that lies in its line."""
    found = []
    for entry in lines:
        bounds = line_bounds(entry.line)
        if entry.status != "affected" or bounds is None:
            continue
        for stretch in entry.stretches:
            span, fixed = _span(entry.line, stretch, *bounds)
            if not span.is_empty:
                found.append((span, fixed))
    return sorted(found, key=lambda pair: pair[0].low.key)


def _span(line: str, stretch: Stretch, first: Version, after: Version | None) -> tuple[Span, Version | None]:
    known = {field: parse_version(text) for field, text in _versions(stretch)}
    fixed, last = known.get("fixed"), known.get("last_affected")
    if fixed is not None and after is not None and _core(fixed) >= after:
        fixed = None
    low = known.get("introduced", first)
    if _core(low) < first:
        low = first
    return Span(line, low, first, after, fixed, None if fixed is not None else last), fixed


def _vulnerable_text(span: Span) -> str:
    if span.high is None and span.last is None:
        if span.low == span.first:
            return parse_line(span.line)
        return f">={span.low}" if span.after is None else f">={span.low} <{span.after}"
    if span.low == span.last:
        return str(span.low)
    high = f"<{span.high}" if span.high is not None else f"<={span.last}"
    return high if span.line == ANY_LINE and span.low == span.first else f">={span.low} {high}"


def _patched_text(line: str, fixed: Version) -> str:
    major, *minor = parse_line(line).split(".")[:-1]
    if major == "0" and not minor:
        return f">={fixed} <1.0.0"
    # A caret stays within a major, or a minor of 0; for 0.0 it is too narrow, for other minors too wide.
    return f"~{fixed}" if minor and (major != "0" or minor == ["0"]) else f"^{fixed}"


def lines_from_ranges(vulnerable: str, patched: str = "") -> list[AffectedLine]:
    """The lines that a pair of npm ranges speaks of, in the order of the text, with what it says of each.

    A stretch within one line belongs to that line, `20.x` from its first version on; one without a lower
    end or across lines belongs to `*`. Two stretches of a major in different minors belong to those minors.
    `fixed` is the lowest patched version of the line above the stretch, else the version that the stretch
    ends before, unless a patched text denies that. An upper end that is in becomes `last_affected`.
    Alternatives that hold no version are left out: `check_ranges` tells of them.
    Raises Rejected("range.malformed").
    """
    affected = parse_range(vulnerable)
    mended = parse_range(patched) if patched.strip() else None
    stretches = [one for one in affected.intervals if not Range((one,)).is_empty]
    lines = [_home(one) for one in stretches]
    repeated = {line for line, count in Counter(lines).items() if count > 1}
    named = [_minor_home(one) or line if line in repeated else line for one, line in zip(stretches, lines, strict=True)]
    return _joined([_read(line, one, mended) for line, one in zip(named, stretches, strict=True)])


def _joined(lines: list[AffectedLine]) -> list[AffectedLine]:
    """Stretches of one and the same line as one entry, where the later ones follow on the earlier."""
    entries: dict[str, AffectedLine] = {}
    apart: list[AffectedLine] = []
    for one in lines:
        before = entries.setdefault(one.line, one)
        if before is one:
            continue
        more = () if before.also is msgspec.UNSET else before.also
        joined = msgspec.structs.replace(before, also=(*more, *one.stretches))
        if _check_line(joined):
            apart.append(one)
        else:
            entries[one.line] = joined
    return [*entries.values(), *apart]


def _home(stretch: Interval) -> str:
    low = stretch.floor
    if low is None:
        return ANY_LINE
    lines = [line_of(low), "0.x"] if low.major == 0 else [line_of(low)]
    return next((line for line in lines if _ends_within(stretch, line)), ANY_LINE)


def _minor_home(stretch: Interval) -> str:
    low = stretch.floor
    line = f"{low.major}.{low.minor}.x" if low is not None else ANY_LINE
    return line if _ends_within(stretch, line) else ""


def _ends_within(stretch: Interval, line: str) -> bool:
    after = (line_bounds(line) or (None, None))[1]
    if after is None:
        return False
    high, last = stretch.ceiling, stretch.last
    return (high is not None and high <= after) or (last is not None and last < after)


def _read(line: str, stretch: Interval, mended: Range | None) -> AffectedLine:
    after = (line_bounds(line) or (None, None))[1]
    low, high, last = stretch.floor, stretch.ceiling, stretch.last
    above = high if high is not None and high != after else None
    fixes = [] if mended is None else [one.floor for one in mended.intervals if one.low[-1:] != ((),)]
    least = max((bound for bound in (low, last, above) if bound is not None), default=None)
    candidates = [
        fix
        for fix in fixes
        if fix is not None and (after is None or fix < after) and (least is None or fix > least or fix == above)
    ]
    if above is not None and (mended is None or mended.contains(above)):
        candidates.append(above)
    return AffectedLine(
        line=line,
        status="affected",
        introduced=str(low) if low is not None else "",
        last_affected=str(last) if last is not None else "",
        fixed=str(min(candidates)) if candidates else "",
    )


def check_ranges(vulnerable: str, patched: str = "") -> list[Finding]:
    """What contradicts itself in the two ranges of a dataset entry; empty if all is well.

    Codes: range.malformed, range.empty, range.bounds-swapped (`part`), range.swapped (all that is patched
    lies below all that is vulnerable), range.patched-vulnerable: a patched version is called vulnerable,
    with the lowest such version as `example` and the two alternatives that hold it.
    """
    findings: list[Finding] = []
    ranges: dict[str, Range] = {}
    for field, text in (("vulnerable", vulnerable), ("patched", patched)):
        if text.strip():
            try:
                ranges[field] = parse_range(text)
            except Rejected as fault:
                findings.append(Finding(code="range.malformed", field=field, facts=dict(fault.facts)))
                continue
            findings += _check_ends(field, ranges[field])
    if len(ranges) == 2:
        findings += _check_pair(ranges["vulnerable"], ranges["patched"])
    return findings


def _check_ends(field: str, found: Range) -> list[Finding]:
    # `<0.0.0` is how the npm entries of the dataset say that nothing is patched.
    if field == "patched" and str(found) in ("<0.0.0", "<0.0.0-0"):
        return []
    swapped = [
        Finding(code="range.bounds-swapped", field=field, facts={"part": str(one)})
        for one in found.intervals
        if one.low >= one.high
    ]
    if found.is_empty and not swapped:
        return [Finding(code="range.empty", field=field, facts={"part": str(found)})]
    return swapped


def _check_pair(vulnerable: Range, patched: Range) -> list[Finding]:
    example = first_common(vulnerable, patched)
    if example is not None:
        facts: dict[str, FactValue] = {"example": str(example)}
        for field, found in (("vulnerable", vulnerable), ("patched", patched)):
            facts[field] = next(str(one) or "*" for one in found.intervals if one.contains(example))
        return [Finding(code="range.patched-vulnerable", field="vulnerable", facts=facts)]
    if vulnerable.is_empty or patched.is_empty:
        return []
    if max(one.high for one in patched.intervals) <= min(one.low for one in vulnerable.intervals):
        return [Finding(code="range.swapped", field="vulnerable", facts={"patched": str(patched)})]
    return []
