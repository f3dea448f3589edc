"""What core and npm entries have in common once read, and the readers of their common members."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from app.domain.errors import Rejected
from app.domain.identifiers import parse_cve_id, parse_http_url
from app.domain.json_fields import JsonObject, as_text, parse_date, refused
from app.domain.line_ranges import check_lines, check_ranges, lines_from_ranges
from app.domain.untrusted import safe_line
from app.domain.values import AffectedLine, Credit, Reporter, Severity

_BROKEN_RANGES = frozenset({"range.empty", "range.bounds-swapped", "range.swapped"})


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """The facts of an entry; `findings` are codes of what is odd about it and was kept as it is."""

    title: str
    text: str
    product: str = ""
    cves: tuple[str, ...] = ()
    severity: Severity | None = None
    lines: tuple[AffectedLine, ...] = ()
    credits: tuple[Credit, ...] = ()
    reporters: tuple[Reporter, ...] = ()
    references: tuple[str, ...] = ()
    published_at: datetime | None = None
    findings: tuple[str, ...] = ()


def cves_of(record: JsonObject, key: str) -> tuple[str, ...]:
    """The CVE ids; raises Rejected("identifier.cve") with the path of a malformed one."""
    if key not in record.members:
        refused("import.field-missing", record.field(key))
    found = []
    for value, field in record.entries(key):
        try:
            found.append(parse_cve_id(as_text(value, field)))
        except Rejected as fault:
            fault.facts.setdefault("field", field)
            raise
    return tuple(dict.fromkeys(found))


def day_of(record: JsonObject, key: str) -> datetime | None:
    """A date at 00:00 UTC, or None where there is none; raises Rejected with its path."""
    text = record.text(key, 60)
    return parse_date(text, record.field(key)) if text.strip() else None


def references_of(texts: Iterable[str]) -> Iterator[str]:
    """Links as they were written, made safe to show; an empty one says nothing."""
    yield from (safe_line(text.strip(), 2048) for text in texts if text.strip())


def odd_references(references: Iterable[str]) -> Iterator[str]:
    """A finding for links that no browser would follow as they stand."""
    for reference in references:
        try:
            parse_http_url(reference)
        except Rejected:
            yield "reference.malformed"


def ranges_of(
    record: JsonObject,
    vulnerable: str,
    patched: str,
    product: str = "",
    platforms: tuple[str, ...] = (),
) -> tuple[tuple[AffectedLine, ...], tuple[str, ...]]:
    """The lines that two members speak of, and findings about what is odd in them.

    Raises Rejected with the path of a range that is empty or swapped. What is merely odd, or no npm range at
    all, stays in the fields of the record and is a finding.
    """
    affected, mended = record.text(vulnerable, 4000), record.text(patched, 4000)
    for key, text in ((vulnerable, affected), (patched, mended)):
        if record.has(key) and not text.strip():
            refused("range.empty", record.field(key), part="")
    names = {"vulnerable": vulnerable, "patched": patched}
    findings = check_ranges(affected, mended)
    for finding in findings:
        if finding.code in _BROKEN_RANGES:
            refused(finding.code, record.field(names[finding.field]), **finding.facts)
    codes = [finding.code for finding in findings]
    if not record.has(vulnerable) or "range.malformed" in codes:
        return (), tuple(codes)
    lines = tuple(
        msgspec.structs.replace(line, product=product, platforms=platforms)
        for line in lines_from_ranges(affected, mended)
    )
    return lines, (*codes, *(finding.code for finding in check_lines(lines)))


def first_sentence(text: str) -> str:
    """The beginning of a text up to the end of its first sentence, on one line, without Markdown emphasis."""
    words = text.replace("**", "").split()
    taken: list[str] = []
    for word in words[:60]:
        taken.append(word)
        if word[-1] in ".!?" and word.lower() not in ("e.g.", "i.e.", "etc.", "vs."):
            break
    return safe_line(" ".join(taken).rstrip(".:;, "), 200)
