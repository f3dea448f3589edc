"""Decisions about the problem itself: severity, affected versions, similar code, fixes, advisory, credits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from app.domain.case.context import Context, need_text
from app.domain.case.guards import need_confirmed, need_open, need_vulnerability
from app.domain.case.state import Case
from app.domain.commands import case_commands as c
from app.domain.errors import Rejected
from app.domain.events import CaseEvent
from app.domain.events import case_events as e
from app.domain.line_ranges import Finding, check_lines
from app.domain.severity import rating_of, score_vector
from app.domain.untrusted import safe_line
from app.domain.values import AffectedLine, Credit, Severity

ADVISORY_LIMIT = 400_000
Events = tuple[CaseEvent, ...]


def _rate(case: Case, command: c.RateSeverity, _context: Context) -> Events:
    if command.rating is None and not command.vector.strip():
        raise Rejected("severity.nothing", needs="rating")
    score = score_vector(command.vector) if command.vector.strip() else None
    rating = command.rating or (rating_of(score) if score is not None else "unknown")
    severity = Severity(
        rating=rating,
        vector=command.vector.strip(),
        score=score,
        cwe=safe_line(command.cwe.strip(), 80),
        reason=command.reason,
    )
    if severity == case.severity:
        raise Rejected("change.nothing", field="severity")
    return (e.SeverityRated(severity=severity),)


def _affected(case: Case, command: c.SetAffected, _context: Context) -> Events:
    need_confirmed(case)
    if not command.lines:
        raise Rejected("text.empty", needs="lines", field="lines")
    lines = tuple(clean_line(line) for line in command.lines)
    keys = [(x.product, x.line) for x in lines]
    twice = next((k for k in keys if keys.count(k) > 1), None)
    if twice:
        raise Rejected("line.twice", line=twice[1], needs="lines")
    return (e.AffectedVersionsSet(lines=lines),)


def clean_line(line: AffectedLine) -> AffectedLine:
    """The line with blanks taken off; raises Rejected for versions that are malformed or contradict each other."""
    name = need_text(line.line, "line", 60)
    cleaned = replace(
        line,
        line=safe_line(name, 60),
        product=safe_line(line.product.strip(), 120),
        introduced=line.introduced.strip(),
        last_affected=line.last_affected.strip(),
        fixed=line.fixed.strip(),
    )
    findings = check_lines((cleaned,))
    if findings:
        first = findings[0]
        raise Rejected(first.code, needs=first.field or "lines", line=cleaned.line, **_facts(first))
    return cleaned


def _facts(finding: Finding) -> dict[str, Any]:
    return {k: v for k, v in finding.facts.items() if k not in ("line", "needs", "rule")}


def _remove(case: Case, command: c.RemoveLine, _context: Context) -> Events:
    need_open(case)
    if not any((x.product, x.line) == (command.product, command.line) for x in case.lines):
        raise Rejected("line.unknown", line=command.line[:60], needs="set-affected")
    return (e.AffectedLineRemoved(line=command.line, product=command.product, reason=command.reason),)


def _audit(case: Case, command: c.AuditSimilarCode, context: Context) -> Events:
    need_confirmed(case)
    pattern = need_text(command.pattern, "pattern", 4_000)
    event = e.SimilarCodeAudited(
        at=context.moment(command.at),
        pattern=pattern,
        places=command.places,
        conclusion=command.conclusion,
    )
    return (event,)


def _fix(case: Case, command: c.HoldFix, _context: Context) -> Events:
    need_confirmed(case)
    fix = replace(command.fix, line=command.fix.line.strip())
    line = next((x for x in case.lines if (x.product, x.line) == (fix.product, fix.line)), None)
    if line is None:
        raise Rejected("line.unknown", line=fix.line[:60], rule="affected", needs="set-affected")
    if line.status == "not-affected":
        raise Rejected("fix.not-needed", line=fix.line, needs="set-affected")
    return (e.FixHeld(fix=fix),)


def _draft(case: Case, command: c.DraftAdvisory, context: Context) -> Events:
    need_vulnerability(case)
    body = need_text(command.body, "body", ADVISORY_LIMIT)
    current = case.advisory.revision
    if command.base is not None and command.base != current:
        raise Rejected("advisory.conflict", ref=case.ref, base=command.base, current=current, needs="base")
    if body == case.advisory.body:
        raise Rejected("change.nothing", field="body")
    return (e.AdvisoryDrafted(revision=current + 1, body=body, by=context.actor.name),)


def _credits(case: Case, command: c.SetCredits, _context: Context) -> Events:
    cleaned = tuple(_clean_credit(credit) for credit in command.credits)
    if cleaned == case.credits:
        raise Rejected("change.nothing", field="credits")
    return (e.CreditsSet(credits=cleaned),)


def _clean_credit(credit: Credit) -> Credit:
    return replace(credit, name=safe_line(need_text(credit.name, "name", 200), 200), link=safe_line(credit.link, 500))


DECISIONS: dict[type, Callable[[Case, Any, Context], Events]] = {
    c.RateSeverity: _rate,
    c.SetAffected: _affected,
    c.RemoveLine: _remove,
    c.AuditSimilarCode: _audit,
    c.HoldFix: _fix,
    c.DraftAdvisory: _draft,
    c.SetCredits: _credits,
}
