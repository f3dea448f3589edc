"""A case or a release as plain facts, with what is derived beside what was entered; the shape of `show --json`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from app.desk.ports.vault import CaseRow
from app.domain.case.clocks import clock_states, running_clocks
from app.domain.case.stage import stage_of
from app.domain.case.state import Case
from app.domain.case.steps import next_step, steps_of
from app.domain.policy import Policy
from app.domain.projection import release_state
from app.domain.release.state import Release


def case_facts(case: Case, policy: Policy, now: datetime) -> dict[str, Any]:
    """The facts of a case; `now` (UTC) decides only which promises are late. Instants are ISO 8601 in UTC."""
    facts: dict[str, Any] = {"ref": case.ref, "title": case.title, "stage": stage_of(case)}
    following = next_step(case, policy, running_clocks(case, policy))
    clocks = clock_states(case, policy)
    facts["next"] = _plain(following) if following else None
    facts["steps"] = [_plain(s) for s in steps_of(case, policy)]
    facts["clocks"] = [{**_plain(c), "late": c.is_late(now)} for c in clocks]
    rest = _plain(case)
    return {**facts, **{k: v for k, v in rest.items() if k not in facts}}


def release_facts(release: Release) -> dict[str, Any]:
    """The facts of a release."""
    facts: dict[str, Any] = {"ref": release.ref, "title": release.title, "state": release_state(release)}
    return {**facts, **{k: v for k, v in _plain(release).items() if k not in facts}}


def row_facts(row: CaseRow) -> dict[str, Any]:
    """One line of `cases --json`; scripts rely on this shape."""
    following = row.next
    return {
        "ref": row.ref,
        "title": row.title,
        "stage": row.stage,
        "track": row.track,
        "severity": row.rating,
        "cves": list(row.cves),
        "handler": row.handler,
        "next": {"what": following.what, "due": _iso(following.due), "rule": following.rule} if following else None,
        "embargo": _iso(row.embargo_until),
        "updated": _iso(row.updated),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value)
