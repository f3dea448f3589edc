"""Decisions about the problem itself: severity, affected versions, similar code, fixes, advisory, credits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from app.domain.case.context import Context, need_text, parsed
from app.domain.case.embargo import embargo_runs
from app.domain.case.guards import after_receipt, need_confirmed, need_open, need_vulnerability
from app.domain.case.state import Case
from app.domain.commands import case_commands as c
from app.domain.commands.limits import ADVISORY_LIMIT, REASON_LIMIT
from app.domain.errors import Rejected
from app.domain.events import CaseEvent
from app.domain.events import case_events as e
from app.domain.identifiers import parse_cwe_id, parse_http_url
from app.domain.line_ranges import Finding, check_lines
from app.domain.severity import rating_of, score_vector
from app.domain.values import AffectedLine, AuditPlace, Credit, Severity

LINES_LIMIT = 200
"""Lines of one case; their ranges are compared with each other."""

Events = tuple[CaseEvent, ...]


def _rate(case: Case, command: c.RateSeverity, _context: Context) -> Events:
    if command.rating is None and not command.vector:
        raise Rejected("severity.nothing", needs="rating", field="rating")
    score = score_vector(command.vector) if command.vector else None
    rating = command.rating or (rating_of(score) if score is not None else "unknown")
    severity = Severity(
        rating=rating,
        vector=command.vector,
        score=score,
        cwe=parsed(parse_cwe_id, command.cwe, "cwe") if command.cwe else "",
        reason=command.reason,
    )
    if severity == case.severity:
        raise Rejected("change.nothing", field="severity", needs="rating")
    return (e.SeverityRated(severity=severity),)


def _affected(case: Case, command: c.SetAffected, _context: Context) -> Events:
    need_confirmed(case)
    if not command.lines:
        raise Rejected("text.empty", needs="lines", field="lines")
    new: dict[tuple[str, str], AffectedLine] = {}
    for line in map(clean_line, command.lines):
        key = (line.product, line.line)
        if key in new:
            raise Rejected("line.twice", line=line.line, needs="lines", field="lines")
        new[key] = line
    kept = [line for line in case.lines if (line.product, line.line) not in new]
    if len(kept) + len(new) > LINES_LIMIT:
        length = len(kept) + len(new)
        raise Rejected("list.too-long", needs="lines", field="lines", limit=LINES_LIMIT, length=length)
    _refuse_overlaps(kept, list(new.values()))
    return (e.AffectedVersionsSet(lines=tuple(new.values())),)


def _refuse_overlaps(kept: list[AffectedLine], new: list[AffectedLine]) -> None:
    """Two lines may not claim one version; what contradicts itself without the new lines is not theirs to mend."""
    before = {(x.line, x.facts.get("other", "")) for x in check_lines(kept)}
    for finding in check_lines([*kept, *new]):
        if finding.code == "line.overlapping" and (finding.line, finding.facts.get("other", "")) not in before:
            raise Rejected(finding.code, needs="lines", line=finding.line, **_facts(finding))


def clean_line(line: AffectedLine) -> AffectedLine:
    """The line; raises Rejected for one without a name, or whose versions are malformed or contradict each other."""
    need_text(line.line, "line", 60)
    findings = check_lines((line,))
    if findings:
        first = findings[0]
        raise Rejected(first.code, needs=first.field or "lines", line=line.line, **_facts(first))
    return line


def _facts(finding: Finding) -> dict[str, Any]:
    return {k: v for k, v in finding.facts.items() if k not in ("line", "needs", "rule")}


def _remove(case: Case, command: c.RemoveLine, _context: Context) -> Events:
    need_open(case)
    if not any((x.product, x.line) == (command.product, command.line) for x in case.lines):
        raise Rejected("line.unknown", line=command.line[:60], needs="set-affected")
    return (e.AffectedLineRemoved(line=command.line, product=command.product, reason=command.reason),)


def _audit(case: Case, command: c.AuditSimilarCode, context: Context) -> Events:
    need_confirmed(case)
    event = e.SimilarCodeAudited(
        at=after_receipt(case, command.at, context),
        pattern=need_text(command.pattern, "pattern", REASON_LIMIT),
        places=tuple(_place(place, number) for number, place in enumerate(command.places)),
        conclusion=command.conclusion,
    )
    return (event,)


def _place(place: AuditPlace, number: int) -> AuditPlace:
    need_text(place.where, f"places[{number}].where", 500)
    return place


def _fix(case: Case, command: c.HoldFix, context: Context) -> Events:
    need_confirmed(case)
    fix = command.fix
    line = next((x for x in case.lines if (x.product, x.line) == (fix.product, fix.line)), None)
    if line is None:
        raise Rejected("line.unknown", line=fix.line[:60], rule="affected", needs="set-affected")
    if line.status == "not-affected":
        raise Rejected("fix.not-needed", line=fix.line, rule="affected", needs="set-affected")
    if fix.state == "released" and embargo_runs(case, context.now):
        raise Rejected("fix.secret", ref=case.ref, line=fix.line, rule="embargo", needs="end-embargo")
    return (e.FixHeld(fix=fix),)


def _draft(case: Case, command: c.DraftAdvisory, context: Context) -> Events:
    need_vulnerability(case)
    body = need_text(command.body, "body", ADVISORY_LIMIT)
    current = case.advisory.revision
    if command.base is not None and command.base != current:
        raise Rejected("advisory.conflict", ref=case.ref, base=command.base, current=current, needs="base")
    if body == case.advisory.body:
        raise Rejected("change.nothing", field="body", needs="body")
    return (e.AdvisoryDrafted(revision=current + 1, body=body, by=context.actor.name),)


def _credits(case: Case, command: c.SetCredits, _context: Context) -> Events:
    new = tuple(_credit(credit, number) for number, credit in enumerate(command.credits))
    if new == case.credits:
        raise Rejected("change.nothing", field="credits", needs="credits")
    return (e.CreditsSet(credits=new),)


def _credit(credit: Credit, number: int) -> Credit:
    need_text(credit.name, f"credits[{number}].name", 200)
    link = parsed(parse_http_url, credit.link, f"credits[{number}].link") if credit.link else ""
    return replace(credit, link=link)


DECISIONS: dict[type, Callable[[Case, Any, Context], Events]] = {
    c.RateSeverity: _rate,
    c.SetAffected: _affected,
    c.RemoveLine: _remove,
    c.AuditSimilarCode: _audit,
    c.HoldFix: _fix,
    c.DraftAdvisory: _draft,
    c.SetCredits: _credits,
}
