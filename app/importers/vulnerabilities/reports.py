"""One report of the hand-over file, as the commands that make its case."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from app.desk.ports.exchange import Attachment, CaseDraft
from app.domain.commands.case_commands import (
    AssignCve,
    CaseCommand,
    Confirm,
    DraftAdvisory,
    HoldFix,
    RateSeverity,
    Receive,
    SetAffected,
    SetCredits,
)
from app.domain.errors import Rejected
from app.domain.identifiers import parse_cve_id
from app.domain.json_fields import JsonObject, as_text, refused
from app.domain.json_limits import JsonValue
from app.domain.severity import score_vector
from app.domain.untrusted import safe_line, safe_text
from app.domain.values import AffectedLine, Credit, ExternalId, Fix, Rating, Reporter, Source
from app.importers.vulnerabilities.lines import affected_lines, at_field, named_lines, url_of

FORMAT: Final = "vulnerabilities"
TITLE_LIMIT: Final = 300
SUMMARY_LIMIT: Final = 390_000
_NAME_LIMIT = 200
_HANDLE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,38})")
_RATINGS: dict[str, Rating] = {
    "unknown": "unknown",
    "none": "none",
    "low": "low",
    "medium": "medium",
    "high": "high",
    "critical": "critical",
}


def case_draft(report: JsonObject, file: str, date: str, whereabouts: tuple[ExternalId, ...]) -> CaseDraft:
    """The case of a report; raises Rejected with the path of the field that is wrong.

    `date` is the release date as written: it tells apart the reports of files that number theirs from 1.
    `whereabouts` are links of the whole hand-over, kept with every case.
    """
    key, record = _key(report, date), _canonical(report.members)
    digest = hashlib.sha256(record).hexdigest()
    source = Source(format=FORMAT, file=file, sha256=digest, key=key)
    # The whole file would show every other case to whoever may see this one: only the report itself is kept.
    own = Attachment(name="hand-over report.json", media_type="application/json", data=record, original=True)
    return CaseDraft(
        key=key,
        sha256=digest,
        where=report.path,
        commands=tuple(_commands(report, source, whereabouts)),
        attachments=(own,),
    )


def content_digest(value: JsonValue) -> str:
    """SHA-256 of a JSON value, whatever the order of its members and the blanks between them."""
    return hashlib.sha256(_canonical(value)).hexdigest()


def _canonical(value: JsonValue) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode()


def _key(report: JsonObject, date: str) -> str:
    link = url_of(report, "link")
    return f"{FORMAT}:{link}" if link else f"{FORMAT}:{date}:{_id(report)}"


def _id(report: JsonObject) -> str:
    return _number_or_text(report, "id") or report.required_text("id")


def _number_or_text(owner: JsonObject, key: str) -> str:
    value = owner.members.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)[:80]
    return safe_line(owner.text(key, 200).strip(), 200)


def _commands(report: JsonObject, source: Source, whereabouts: tuple[ExternalId, ...]) -> Iterator[CaseCommand]:
    summary = safe_text(report.text("summary", SUMMARY_LIMIT))
    lines = affected_lines(report)
    fixers = _people(report, "patchAuthors")
    reporter = safe_line(report.text("reporter", _NAME_LIMIT).strip(), _NAME_LIMIT)
    yield Receive(
        title=safe_line(report.required_text("title", TITLE_LIMIT).strip(), TITLE_LIMIT),
        channel="handover",
        reporters=(_reporter(reporter),) if reporter else (),
        text=summary,
        source=source,
        external=(*_external(report), *whereabouts),
    )
    yield Confirm()
    yield from _severity(report)
    if lines:
        yield SetAffected(lines=lines)
    yield from _fixes(report, lines, " and ".join(fixers))
    for cve in dict.fromkeys(_cves(report)):
        yield AssignCve(id=cve)
    if summary.strip():
        yield DraftAdvisory(body=f"## Summary\n\n{summary}")
    named = [Credit(name=reporter, role="reporter")] if reporter else []
    named += [Credit(name=name, role="remediation developer") for name in fixers]
    if named:
        yield SetCredits(credits=tuple(named))


def _reporter(name: str) -> Reporter:
    """The name stays as it was given; one that looks like an account is also kept as such."""
    return Reporter(name=name, handle=name if _HANDLE.fullmatch(name) else "")


def _people(report: JsonObject, key: str) -> tuple[str, ...]:
    """Names as a list or as one text with commas."""
    value = report.members.get(key)
    if isinstance(value, str):
        found = as_text(value, report.field(key), 2000).split(",")
    else:
        found = [as_text(name, field, _NAME_LIMIT) for name, field in report.entries(key)]
    return tuple(dict.fromkeys(safe_line(name.strip(), _NAME_LIMIT) for name in found if name.strip()))


def _external(report: JsonObject) -> Iterator[ExternalId]:
    """Where the case is known outside: the tracker, the private change, the weakness."""
    link = url_of(report, "link")
    number = _id(report) if report.has("id") else ""
    at_tracker = (urlsplit(link).hostname or "").removeprefix("www.") == "hackerone.com"
    if number:
        yield ExternalId(kind="hackerone" if at_tracker else "handover", value=number)
    if link:
        yield ExternalId(kind="url", value=link)
    if change := url_of(report, "prURL"):
        yield ExternalId(kind="pull-request", value=change)
    severity = report.object("severity")
    # HackerOne counts weaknesses by itself: this is no CWE number.
    weakness = _number_or_text(severity, "weakness_id") if severity else ""
    if weakness:
        yield ExternalId(kind="hackerone-weakness", value=weakness)


def _severity(report: JsonObject) -> Iterator[RateSeverity]:
    severity = report.object("severity")
    if severity is None:
        return
    word, vector = severity.text("rating", 100).strip(), severity.text("cvss_vector_string", 300).strip()
    rating = _RATINGS.get(word.lower())
    if word and rating is None:
        expected = ", ".join(_RATINGS)
        refused("import.severity", severity.field("rating"), value=safe_line(word, 40), expected=expected)
    if vector:
        try:
            score_vector(vector)
        except Rejected as fault:
            at_field(fault, severity.field("cvss_vector_string"))
    if rating is not None or vector:
        yield RateSeverity(rating=rating, vector=vector)


def _cves(report: JsonObject) -> Iterator[str]:
    for value, field in report.entries("cveIds"):
        try:
            yield parse_cve_id(as_text(value, field))
        except Rejected as fault:
            at_field(fault, field)


def _fixes(report: JsonObject, lines: tuple[AffectedLine, ...], author: str) -> Iterator[HoldFix]:
    """The change under review for each line: the line's own, or the one of the whole report."""
    common = url_of(report, "prURL")
    own = {line.line: line.url for line in named_lines(report)}
    for line in lines:
        url = own.get(line.line, "") or common
        if url:
            yield HoldFix(fix=Fix(line=line.line, state="in-review", author=author[:200], pull_request=url))
