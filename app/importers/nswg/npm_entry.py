"""An entry about a package of the ecosystem; the shape is that of the dataset's `npm_model`."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.errors import Rejected
from app.domain.identifiers import parse_http_url
from app.domain.json_fields import JsonObject
from app.domain.severity import rating_of, score_vector
from app.domain.untrusted import safe_line
from app.domain.values import Credit, Reporter, Severity
from app.importers.nswg.entry import (
    Entry,
    cves_of,
    day_of,
    first_sentence,
    odd_references,
    ranges_of,
    references_of,
)

_KNOWN = frozenset(
    {
        "author",
        "coordinating_vendor",
        "created_at",
        "cves",
        "cvss_score",
        "cvss_vector",
        "id",
        "module_name",
        "overview",
        "patched_versions",
        "publish_date",
        "recommendation",
        "references",
        "title",
        "updated_at",
        "vulnerable_versions",
    }
)
_NAME_LIMIT = 200
_HIGHEST_SCORE = 10.0


def read_npm(record: JsonObject) -> Entry:
    """The facts of an npm entry; raises Rejected with the path of the field that is wrong."""
    product = safe_line(record.required_text("module_name", 300).strip(), 120)
    lines, odd_ranges = ranges_of(record, "vulnerable_versions", "patched_versions", product=product)
    severity, odd_severity = _severity(record)
    references = tuple(references_of(record.texts("references")))
    for key in ("created_at", "updated_at"):
        day_of(record, key)
    for key in ("recommendation", "coordinating_vendor"):
        record.text(key)
    overview = record.text("overview")
    title = safe_line(" ".join(record.text("title", 1000).split()), 300)
    reporters, named = _people(record)
    return Entry(
        title=title or first_sentence(overview),
        text=overview,
        product=product,
        cves=cves_of(record, "cves"),
        severity=severity,
        lines=lines,
        credits=named,
        reporters=reporters,
        references=references,
        published_at=day_of(record, "publish_date"),
        findings=(*odd_ranges, *odd_severity, *odd_references(references), *_strangers(record)),
    )


def _severity(record: JsonObject) -> tuple[Severity | None, tuple[str, ...]]:
    """The recorded score rates the entry; without one, the score that its vector gives."""
    vector, score = record.text("cvss_vector", 300).strip(), record.number("cvss_score")
    findings = []
    if score is not None and not 0.0 <= score <= _HIGHEST_SCORE:
        # -1 is in use for "none".
        findings.append("severity.score-range")
        score = None
    computed = None
    if vector:
        try:
            computed = score_vector(vector)
        except Rejected:
            findings.append("severity.vector")
    if score is not None and computed is not None and score != computed:
        findings.append("severity.score-differs")
    taken = computed if score is None else score
    if taken is None and not vector:
        return None, tuple(findings)
    rating = "unknown" if taken is None else rating_of(taken)
    return Severity(rating=rating, vector=safe_line(vector, 300), score=taken), tuple(findings)


def _people(record: JsonObject) -> tuple[tuple[Reporter, ...], tuple[Credit, ...]]:
    author = record.object("author")
    if author is None:
        return (), ()
    name, handle = (safe_line(author.text(key, 500).strip(), _NAME_LIMIT) for key in ("name", "username"))
    website = safe_line(author.text("website", 2048).strip(), 500)
    if not (name or handle):
        return (), ()
    reporter = Reporter(name=name or handle, handle=handle, website=website)
    return (reporter,), (Credit(name=name or handle, role="finder", link=_link(website)),)


def _link(website: str) -> str:
    try:
        return parse_http_url(website) if website else ""
    except Rejected:
        return ""


def _strangers(record: JsonObject) -> Iterator[str]:
    if record.members.keys() - _KNOWN:
        yield "record.unknown-field"
