"""What is still known of a case once its texts and files are gone, and when they may go.

Kept is what the public has anyway, or what says nothing about people and their words: identity, policy, instants, CVE
ids, ratings, versions, where and when something was published, digests of what was sent. A text stays only where its
form shows that it is an identifier; titles, reports, names, messages, notes, reasons and files go, whoever wrote them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Final, get_args

from msgspec.structs import replace

from app.domain.case.embargo import embargo_runs
from app.domain.case.state import Advisory, Case, DatasetEntry, Embargo, ExportRecord, Outcome, Report, Skip
from app.domain.errors import Rejected
from app.domain.identifiers import (
    parse_case_ref,
    parse_cve_id,
    parse_cwe_id,
    parse_email_address,
    parse_http_url,
    parse_message_id,
    parse_release_ref,
)
from app.domain.policy import Policy, StepName, add_span
from app.domain.severity import score_vector
from app.domain.values import (
    AffectedLine,
    Announcement,
    Audience,
    CveId,
    EmbargoMove,
    Fix,
    OutFile,
    Publication,
    Severity,
)

_NUMBERS: Final = r"v?\d{1,9}(?:\.(?:\d{1,9}|[xX*])){0,3}"
_STAGES: Final = r"(?:-(?:alpha|beta|dev|next|nightly|pre|rc|security)(?:[.-]?\d{1,12}){0,3})?"
_VERSION: Final = re.compile(_NUMBERS + _STAGES)
_RANGE: Final = re.compile(rf"(?:(?:[<>=~^]{{0,2}}{_NUMBERS}{_STAGES}|[*xX]|-|\|\|)(?: |$))+")
_PLATFORMS: Final = frozenset(
    {"aix", "android", "arm64", "darwin", "freebsd", "linux", "macos", "windows", "x64", "x86"}
)
_RECORDS: Final = frozenset({"blog", "csaf", "cve", "feed", "ghsa", "npm", "nswg", "openvex", "osv", "vex"})
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_KIND: Final = re.compile(r"[A-Z][A-Za-z]{3,40}")
_AUDIENCES: Final = frozenset(get_args(Audience))
_STEPS: Final = frozenset(get_args(StepName))
_UNKNOWN: Final = "?"
PROPOSED: Final = "proposed for erasure"
"""What search finds a case by that waits for the second step."""


def remains_of(case: Case) -> Case:
    """All that is kept of a case that is erased. Pure; its own remains remain."""
    return Case(
        id=case.id,
        ref=case.ref,
        title=case.ref,
        track=case.track,
        policy=case.policy,
        policy_version=case.policy_version,
        opened_at=case.opened_at,
        opened_by="",
        updated_at=case.updated_at,
        events=case.events,
        report=Report(received_at=case.report.received_at, channel=case.report.channel),
        product=case.product if case.announcements else "",
        acknowledged_at=case.acknowledged_at,
        replied_at=case.replied_at,
        contact_at=case.contact_at,
        pauses=case.pauses,
        backdated=tuple(late for late in case.backdated if _KIND.fullmatch(late.what)),
        confirmed_at=case.confirmed_at,
        rejected=_outcome(case.rejected, "rejected"),
        duplicate_of=(_kept(parse_case_ref, case.duplicate_of) or _UNKNOWN) if case.duplicate_of else "",
        severity=_severity(case.severity),
        tlp=case.tlp,
        lines=tuple(_line(line, is_public=bool(case.announcements)) for line in case.lines),
        lines_at=case.lines_at,
        audit=replace(case.audit, pattern="", places=(), conclusion="") if case.audit else None,
        fixes=tuple(_fix(fix, is_public=bool(case.announcements)) for fix in case.fixes),
        fixes_at=case.fixes_at,
        cve_requested_at=case.cve_requested_at,
        cves=tuple(CveId(id=cve.id, assigned_at=cve.assigned_at) for cve in case.cves if _kept(parse_cve_id, cve.id)),
        embargo=_embargo(case.embargo),
        advisory=Advisory(revision=case.advisory.revision, at=case.advisory.at),
        release=_kept(parse_release_ref, case.release),
        pre_announced=_publication(case.pre_announced),
        released_at=case.released_at,
        released_versions=tuple(filter(None, map(_version, case.released_versions))),
        announcements=tuple(_announcement(sent) for sent in case.announcements),
        blog=_publication(case.blog),
        records=tuple(_record(record) for record in case.records),
        exports=tuple(_export(record) for record in case.exports),
        skipped=tuple(Skip(step=s.step, reason="", at=s.at) for s in case.skipped if s.step in _STEPS),
        closed=_outcome(case.closed, "closed"),
        dataset=DatasetEntry(kind="", number=case.dataset.number, fields=()) if case.dataset else None,
    )


def _kept(parse: Callable[[str], str], text: str) -> str:
    """The text where it is what `parse` knows, else nothing."""
    try:
        return parse(text) if text else ""
    except Rejected:
        return ""


def _version(text: str) -> str:
    return text if _VERSION.fullmatch(text) else ""


def _outcome(outcome: Outcome | None, what: str) -> Outcome | None:
    return None if outcome is None else Outcome(at=outcome.at, what=what)


def _severity(severity: Severity | None) -> Severity | None:
    if severity is None:
        return None
    try:
        vector = severity.vector if severity.vector and score_vector(severity.vector) >= 0 else ""
    except Rejected:
        vector = ""
    cwe = _kept(parse_cwe_id, severity.cwe)
    return Severity(rating=severity.rating, vector=vector, score=severity.score, cwe=cwe)


def _line(line: AffectedLine, *, is_public: bool) -> AffectedLine:
    return AffectedLine(
        line=line.line if _RANGE.fullmatch(line.line) else _UNKNOWN,
        product=line.product if is_public else "",
        status=line.status,
        introduced=_version(line.introduced),
        last_affected=_version(line.last_affected),
        fixed=_version(line.fixed),
        platforms=tuple(name for name in line.platforms if name in _PLATFORMS),
    )


def _fix(fix: Fix, *, is_public: bool) -> Fix:
    name = fix.line if _RANGE.fullmatch(fix.line) else _UNKNOWN
    return Fix(line=name, product=fix.product if is_public else "", state=fix.state)


def _embargo(embargo: Embargo) -> Embargo:
    moves = tuple(EmbargoMove(at=move.at, what=move.what, until=move.until) for move in embargo.moves)
    return replace(embargo, moves=moves)


def _announcement(sent: Announcement) -> Announcement:
    to, message_id = _kept(parse_email_address, sent.destination), _kept(parse_message_id, sent.message_id)
    return Announcement(at=sent.at, destination=to, message_id=message_id)


def _publication(publication: Publication | None) -> Publication | None:
    return None if publication is None else Publication(at=publication.at, url=_kept(parse_http_url, publication.url))


def _record(record: Publication) -> Publication:
    what = record.what if record.what in _RECORDS else _UNKNOWN
    return Publication(at=record.at, url=_kept(parse_http_url, record.url), what=what)


def _export(record: ExportRecord) -> ExportRecord:
    """Digests show later whether a file that somebody brings is the one that was sent; its name may hold words."""
    digests = ((file.sha256, file.size) for file in record.files if _DIGEST.fullmatch(file.sha256))
    files = tuple(OutFile(name=str(n), sha256=sha256, size=size) for n, (sha256, size) in enumerate(digests, 1))
    audience = record.audience if record.audience in _AUDIENCES else _UNKNOWN
    return ExportRecord(at=record.at, format=record.format, audience=audience, files=files)


# ----------------------------------------------------------------------------------------------- when
def retention_of(policy: Policy, days: int | None) -> str:
    """How long a closed case is kept, as a span, "" for ever: what the team chose (0: ever), else its policy."""
    if days is None:
        return policy.retention
    return f"{days}d" if days else ""


def erasable_at(case: Case, retention: str) -> datetime | None:
    """When (UTC) the time of a closed case is over, counted from the last thing that happened to it.

    None where it is not closed, kept for ever, a public record, or erased already.
    """
    if case.closed is None or case.is_erased or case.dataset is not None or not retention:
        return None
    return add_span(max(case.closed.at, case.updated_at), retention)


def need_erasable(case: Case, now: datetime) -> None:
    """The case is closed, not secret for a date still ahead, and no public record; raises Rejected("erase.*")."""
    if case.is_erased:
        raise Rejected("case.erased", ref=case.ref, rule="erased")
    if case.is_open:
        raise Rejected("erase.open", ref=case.ref, rule="closed", needs="close")
    if case.dataset is not None:
        raise Rejected("erase.public-record", ref=case.ref, rule="public-record")
    until = case.embargo.until
    if case.is_vulnerability and until is not None and case.embargo.status == "agreed" and embargo_runs(case, now):
        raise Rejected("embargo.running", ref=case.ref, until=until.isoformat(), rule="embargo")
