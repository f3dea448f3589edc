"""The stage of a case, derived from its facts and never set by hand."""

from __future__ import annotations

from app.domain.case.state import Case
from app.domain.values import AffectedLine, Fix, StageName

READY_FIX = ("ready", "landed", "released")


def stage_of(case: Case) -> StageName:
    """The furthest stage that the facts show."""
    if case.closed:
        return "closed"
    if case.blog:
        return "published"
    if case.announcements:
        return "announced"
    if case.confirmed_at is None or not case.is_vulnerability:
        return "acknowledged" if case.acknowledged_at else "received"
    if not _is_fixing(case):
        return "triaged"
    has_fixes = fixes_are_ready(case) or (affected_is_complete(case) and case.skips("fixes"))
    if not (has_fixes and (case.cves or case.skips("cve"))):
        return "fixing"
    return "scheduled" if case.embargo.status in ("agreed", "ended") else "ready"


def _is_fixing(case: Case) -> bool:
    return any(line.status != "investigating" for line in case.lines) or bool(case.fixes)


def lines_to_fix(case: Case) -> tuple[AffectedLine, ...]:
    """The lines that are affected and still maintained: each needs a fix."""
    return tuple(line for line in case.lines if line.status == "affected")


def affected_is_complete(case: Case) -> bool:
    """Whether at least one line is listed and none is still under investigation."""
    return bool(case.lines) and all(line.status != "investigating" for line in case.lines)


def fix_of(case: Case, line: AffectedLine) -> Fix | None:
    """The fix held for a line, or None."""
    return next((f for f in case.fixes if f.line == line.line and f.product == line.product), None)


def fixes_done(case: Case) -> tuple[int, int]:
    """How many lines that need a fix have one that is ready, and how many need one."""
    needed = lines_to_fix(case)
    ready = [line for line in needed if (fix := fix_of(case, line)) and fix.state in READY_FIX]
    return len(ready), len(needed)


def fixes_are_ready(case: Case) -> bool:
    """Whether every affected, maintained line has a fix that is ready; true where none is needed."""
    done, needed = fixes_done(case)
    return done == needed and affected_is_complete(case)
