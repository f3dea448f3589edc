"""Affected lines as the ranges of machine-readable records, and back: CVE `versions`, OSV `events`, CSAF `vers:`.

CVE record 5.x, `containers.cna.affected[].versions`; OSV schema 1.7, `affected[].ranges[].events`; CSAF 2.0,
`product_version_range` by the "vers" specification. Everything read goes through npm ranges (`lines_from_ranges`), so
that a stretch lands on the line it belongs to whichever record it came from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from app.domain.errors import FactValue, Rejected
from app.domain.line_ranges import ANY_LINE, Finding, Span, lines_from_ranges, spans
from app.domain.untrusted import safe_line
from app.domain.values import AffectedLine
from app.domain.versions import Version, line_bounds, line_of, parse_version

_MOST: Final = 2000
_NOTHING_BELOW: Final = frozenset({"", "0", "0.0.0", "*", "unspecified", "n/a", "-"})
_SHORT: Final = re.compile(r"v?([0-9]{1,9})(?:\.([0-9]{1,9}))?(?:\.([0-9]{1,9}))?")
_WILD: Final = re.compile(r"v?([0-9]{1,9})(?:\.([0-9]{1,9}))?\.[*xX](?:\.[*xX])?")
_CONSTRAINT: Final = re.compile(r"(>=|<=|>|<|=|)([^<>=|]{1,80})")


class ReadRanges(msgspec.Struct, frozen=True, kw_only=True):
    """What a record said: its lines, and what was odd about how it said it."""

    lines: tuple[AffectedLine, ...]
    findings: tuple[Finding, ...] = ()


# ------------------------------------------------------------------------------------------- CVE versions


def cve_versions(lines: Iterable[AffectedLine]) -> list[dict[str, str]]:
    """The `versions` array of one product, oldest first; what is not named is unaffected (`defaultStatus`).

    Raises Rejected("version.malformed") or ("line.malformed").
    """
    found = []
    for span, _fixed in spans(lines):
        entry = {"version": str(span.low), "status": "affected"}
        end = _cve_end(span)
        found.append({**entry, "versionType": "semver", **end} if end else entry)
    return found


def _cve_end(span: Span) -> dict[str, str]:
    if span.last is not None:
        return {} if span.last == span.low else {"lessThanOrEqual": str(span.last)}
    high = span.high or span.after
    return {"lessThan": str(high) if high is not None else "*"}


def lines_from_cve(versions: Sequence[Any], default_status: str = "unaffected") -> ReadRanges:
    """The affected lines of a `versions` array, with the quirks of real records understood and named.

    Codes of the findings: record.version-alone-as-range (X with lessThanOrEqual X: the line up to X, as the records of
    Node.js mean it), record.wildcard-end (`4.*`), record.short-version (`13.0`), record.version-unreadable (left out),
    record.default-affected (everything else is affected too), record.changes-ignored (an entry's `changes`).
    """
    texts: list[str] = []
    findings: list[Finding] = []
    if default_status == "affected":
        findings.append(Finding(code="record.default-affected"))
    for entry in versions[:_MOST]:
        if not isinstance(entry, dict) or entry.get("status", default_status) != "affected":
            continue
        if entry.get("changes"):
            findings.append(_odd("record.changes-ignored", entry))
        try:
            texts.append(_range_of_cve(entry, findings))
        except Rejected:
            findings.append(_odd("record.version-unreadable", entry))
    return _read(texts, findings)


def _range_of_cve(entry: dict[str, Any], findings: list[Finding]) -> str:
    start, before, last = (str(entry.get(key, "")).strip() for key in ("version", "lessThan", "lessThanOrEqual"))
    low = _lower(start, entry, findings)
    if before:
        wild = _WILD.fullmatch(before)
        if wild is not None:
            findings.append(_odd("record.wildcard-end", entry))
            return _joined(low, f"<{_after_wild(wild)}")
        return low or "*" if before == "*" else _joined(low, f"<{_version(before, entry, findings)}")
    if last:
        if last == "*":
            return low or "*"
        wild = _WILD.fullmatch(last)
        if wild is not None:
            findings.append(_odd("record.wildcard-end", entry))
            return _joined(low, f"<{_after_wild(wild)}")
        end = _version(last, entry, findings)
        if low and parse_version(low.removeprefix(">=")) == end and start == last:
            findings.append(_odd("record.version-alone-as-range", entry))
            bounds = line_bounds(line_of(end))
            low = f">={bounds[0]}" if bounds else low
        return _joined(low, f"<={end}")
    wild = _WILD.fullmatch(start)
    if wild is not None:
        return f"{wild[1]}.{wild[2]}.x" if wild[2] else f"{wild[1]}.x"
    return low.removeprefix(">=") or "*"


def _lower(start: str, entry: dict[str, Any], findings: list[Finding]) -> str:
    if start.lower() in _NOTHING_BELOW:
        return ""
    wild = _WILD.fullmatch(start)
    if wild is not None:
        return f">={wild[1]}.{wild[2] or 0}.0"
    return f">={_version(start, entry, findings)}"


def _version(text: str, entry: dict[str, Any], findings: list[Finding]) -> Version:
    short = _SHORT.fullmatch(text)
    if short is not None and short[3] is None:
        findings.append(_odd("record.short-version", entry))
        return Version(int(short[1]), int(short[2] or 0), 0)
    return parse_version(text)


def _after_wild(wild: re.Match[str]) -> str:
    # A dash-zero end keeps the pre-releases of the next line out, as npm does.
    return f"{wild[1]}.{int(wild[2]) + 1}.0-0" if wild[2] else f"{int(wild[1]) + 1}.0.0-0"


# --------------------------------------------------------------------------------------------- OSV events


def osv_events(lines: Iterable[AffectedLine]) -> list[list[dict[str, str]]]:
    """The `events` of each range, in ascending order; `fixed` and `last_affected` never share a range.

    A line without a fix ends where the next line begins. Raises as `cve_versions`.
    """
    with_fix: list[dict[str, str]] = []
    with_last: list[dict[str, str]] = []
    for span, _fixed in spans(lines):
        whole = span.line == ANY_LINE and span.low == span.first
        start = {"introduced": "0" if whole else str(span.low)}
        if span.last is not None:
            with_last += [start, {"last_affected": str(span.last)}]
        elif span.high is not None:
            with_fix += [start, {"fixed": str(span.high)}]
        elif span.after is not None:
            # The first version of the next line does not have the problem, which is all that `fixed` says.
            with_fix += [start, {"fixed": str(span.after)}]
        else:
            with_fix.append(start)
    return [events for events in (with_fix, with_last) if events]


def lines_from_osv(ranges: Sequence[Any], versions: Sequence[Any] = ()) -> ReadRanges:
    """The affected lines of the `ranges` (SEMVER or ECOSYSTEM) and `versions` of one OSV `affected` entry.

    Codes of the findings: record.range-skipped (`type`: GIT, or a type not known), record.version-unreadable,
    record.events-unsorted. `limit` events are left out: they bound an enumeration, not the problem.
    """
    texts: list[str] = []
    findings: list[Finding] = []
    for one in ranges[:_MOST]:
        kind = one.get("type", "") if isinstance(one, dict) else ""
        if kind not in ("SEMVER", "ECOSYSTEM"):
            findings.append(Finding(code="record.range-skipped", facts={"type": safe_line(str(kind), 40)}))
            continue
        texts += _ranges_of_events(one.get("events", ()), findings)
    for version in versions[:_MOST] if not texts else ():
        try:
            texts.append(str(parse_version(str(version))))
        except Rejected:
            findings.append(_odd("record.version-unreadable", version))
    return _read(texts, findings)


def _ranges_of_events(events: Any, findings: list[Finding]) -> list[str]:
    told: list[tuple[Version, int, str]] = []
    for event in events[:_MOST] if isinstance(events, list) else ():
        name, text = next(iter(event.items()), ("", "")) if isinstance(event, dict) else ("", "")
        if name not in ("introduced", "fixed", "last_affected"):
            continue
        try:
            version = Version(0, 0, 0) if text == "0" else parse_version(str(text))
        except Rejected:
            findings.append(_odd("record.version-unreadable", event))
            continue
        told.append((version, ("fixed", "introduced", "last_affected").index(name), name))
    ordered = sorted(told, key=lambda event: (event[0].key, event[1]))
    if ordered != told:
        findings.append(Finding(code="record.events-unsorted"))
    texts, low = [], None
    for version, _, name in ordered:
        if name == "introduced":
            low = version if low is None else low
        elif low is not None:
            begin = "" if low == Version(0, 0, 0) else f">={low}"
            texts.append(_joined(begin, f"{'<' if name == 'fixed' else '<='}{version}"))
            low = None
    if low is not None:
        texts.append("*" if low == Version(0, 0, 0) else f">={low}")
    return texts


# --------------------------------------------------------------------------------------------- CSAF, vers


def vers_of(lines: Iterable[AffectedLine], scheme: str = "npm") -> str:
    """`vers:npm/>=20.0.0|<20.20.2|>=22.0.0|<22.22.2`, ascending; "" where nothing is affected. Raises as above."""
    parts: list[str] = []
    for span, _fixed in spans(lines):
        if span.last is not None and span.last == span.low:
            parts.append(str(span.low))
            continue
        end = span.high or (span.after if span.last is None else None)
        whole = span.line == ANY_LINE and span.low == span.first
        if not whole:
            parts.append(f">={span.low}")
        if end is not None:
            parts.append(f"<{end}")
        elif span.last is not None:
            parts.append(f"<={span.last}")
        elif whole:
            parts.append("*")
    return f"vers:{scheme}/{'|'.join(parts)}" if parts else ""


def lines_from_vers(text: str) -> ReadRanges:
    """The lines of a `vers:` range; raises Rejected("range.malformed") for what is none."""
    scheme, slash, rest = text.strip().partition("/")
    if not scheme.startswith("vers:") or not slash or len(text) > 20_000:
        raise Rejected("range.malformed", text=safe_line(text, 80), part=safe_line(text, 80), at=1)
    texts: list[str] = []
    low = ""
    for piece in rest.replace(" ", "").split("|"):
        match = _CONSTRAINT.fullmatch(piece)
        if match is None:
            raise Rejected("range.malformed", text=safe_line(text, 80), part=safe_line(piece, 80), at=1)
        operator, version = match[1], match[2]
        if version == "*":
            texts.append("*")
        elif operator in (">=", ">"):
            texts += [low] if low else []
            low = f"{operator}{parse_version(version)}"
        elif operator in ("<", "<="):
            texts.append(_joined(low, f"{operator}{parse_version(version)}"))
            low = ""
        else:
            texts.append(str(parse_version(version)))
    return _read([*texts, *([low] if low else [])], [])


# ------------------------------------------------------------------------------------------------- shared


def _read(texts: list[str], findings: list[Finding]) -> ReadRanges:
    if not texts:
        return ReadRanges(lines=(), findings=tuple(findings))
    lines: list[AffectedLine] = []
    # A range may be longer than what npm ranges allow as one text; its alternatives stand for themselves.
    for start in range(0, len(texts), 40):
        lines += lines_from_ranges(" || ".join(dict.fromkeys(texts[start : start + 40])))
    return ReadRanges(lines=tuple(lines), findings=tuple(findings))


def _joined(low: str, high: str) -> str:
    return f"{low} {high}".strip()


def _odd(code: str, entry: Any) -> Finding:
    facts: dict[str, FactValue] = {"entry": safe_line(str(entry), 120)}
    return Finding(code=code, facts=facts)
