"""An entry about the runtime itself; the shape is that of the dataset's `core_model`, read more strictly."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.errors import Rejected
from app.domain.identifiers import parse_cwe_id
from app.domain.json_fields import JsonObject, refused
from app.domain.severity import score_vector
from app.domain.untrusted import safe_line
from app.domain.values import Credit, Rating, Reporter, Severity
from app.importers.nswg.entry import (
    Entry,
    cves_of,
    day_of,
    first_sentence,
    odd_references,
    ranges_of,
    references_of,
)

_RATINGS: dict[str, Rating] = {
    "unknown": "unknown",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "critical": "critical",
}
_KNOWN = frozenset(
    {
        "affectedEnvironments",
        "author",
        "cve",
        "cvss",
        "cvss_score",
        "description",
        "overview",
        "patched",
        "publish_date",
        "ref",
        "reported_by",
        "severity",
        "type",
        "vulnerable",
    }
)
_CWE = re.compile(r"\s*(CWE-[0-9]{1,6})\b", re.IGNORECASE)
_NAME_LIMIT = 200


def read_core(record: JsonObject) -> Entry:
    """The facts of a core entry; raises Rejected with the path of the field that is wrong."""
    cves = cves_of(record, "cve")
    record.required_text("vulnerable")
    platforms = tuple(name for name in _environments(record) if name != "all")
    lines, odd_ranges = ranges_of(record, "vulnerable", "patched", platforms=platforms)
    severity, odd_severity = _severity(record)
    references = tuple(references_of([record.text("ref")]))
    overview = record.text("overview")
    title = safe_line(" ".join(record.text("description").split()), 300)
    reporters, named = _people(record)
    return Entry(
        title=title or first_sentence(overview) or ", ".join(cves),
        text=overview,
        cves=cves,
        severity=severity,
        lines=lines,
        credits=named,
        reporters=reporters,
        references=references,
        published_at=day_of(record, "publish_date"),
        findings=(*odd_ranges, *odd_severity, *odd_references(references), *_strangers(record)),
    )


def _environments(record: JsonObject) -> Iterator[str]:
    found = [safe_line(text.strip(), 60) for text in record.texts("affectedEnvironments")]
    if not any(found):
        refused("import.field-missing", record.field("affectedEnvironments"))
    yield from (name for name in found if name)


def _severity(record: JsonObject) -> tuple[Severity, tuple[str, ...]]:
    word = record.required_text("severity", 100).strip()
    rating = _RATINGS.get(word.lower())
    if rating is None:
        expected = ", ".join(_RATINGS)
        refused("import.severity", record.field("severity"), value=safe_line(word, 40), expected=expected)
    findings = [] if word == rating else ["severity.spelling"]
    vector = record.text("cvss", 300).strip()
    if vector and not vector.startswith("CVSS:"):
        # The dataset leaves the prefix out.
        vector = f"CVSS:{vector}"
    computed = _score(vector)
    if vector and computed is None:
        findings.append("severity.vector")
    score = record.number("cvss_score")
    severity = Severity(
        rating=rating,
        vector=safe_line(vector, 300),
        score=computed if score is None else score,
        cwe=_cwe(record.text("type", 500)),
    )
    return severity, tuple(findings)


def _score(vector: str) -> float | None:
    try:
        return score_vector(vector) if vector else None
    except Rejected:
        return None


def _cwe(text: str) -> str:
    match = _CWE.match(text)
    try:
        return parse_cwe_id(match[1]) if match else ""
    except Rejected:
        return ""


def _people(record: JsonObject) -> tuple[tuple[Reporter, ...], tuple[Credit, ...]]:
    """`author` wrote the fix where a reporter is named too, and otherwise is who found the problem."""
    author, reporter = (safe_line(record.text(key, 500).strip(), _NAME_LIMIT) for key in ("author", "reported_by"))
    if reporter:
        fixer = (Credit(name=author, role="remediation developer"),) if author else ()
        return (Reporter(name=reporter),), (Credit(name=reporter, role="reporter"), *fixer)
    if author:
        return (Reporter(name=author),), (Credit(name=author, role="finder"),)
    return (), ()


def _strangers(record: JsonObject) -> Iterator[str]:
    if record.members.keys() - _KNOWN:
        yield "record.unknown-field"
