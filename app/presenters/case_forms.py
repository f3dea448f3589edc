"""The forms of a case: what they begin with, and how what was typed becomes a command."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from typing import Any, Final

import msgspec

from app.domain.case.clocks import suggested_embargo
from app.domain.case.stage import fix_of
from app.domain.case.state import Case
from app.domain.commands import CASE_VERBS, CaseCommand
from app.domain.errors import AppError, Rejected
from app.domain.values import AffectedLine, Blob, Fix
from app.presenters.case import CaseFacts
from app.presenters.case_letters import letter
from app.presenters.case_moments import parse_moment, typed_moment

Values = dict[str, Any]
"""What stands in the fields of a form, by field of the command: texts, truths, rows of texts, a Blob."""

MOMENTS: Final = frozenset({"at", "until"})
_LISTS: Final = frozenset({"versions", "kinds"})
_FIX_FIELDS: Final = tuple(f for f in Fix.__struct_fields__ if f not in ("line", "product"))


def command_of(verb: str, values: Mapping[str, Any], tz: tzinfo, now: datetime) -> CaseCommand:
    """The command that a filled form means.

    Raises Rejected with the field in `needs`: "date.unclear" and "date.skipped" for an instant,
    "command.malformed" for a value that the field can't have.
    """
    kind = CASE_VERBS[verb]
    plain: Values = {}
    for field, value in values.items():
        plain[field] = _plain(field, value, tz, now)
    if verb == "hold-fix":
        plain = {"fix": {k: v for k, v in plain.items() if v not in (None, "")}}
    required = {f.name for f in msgspec.structs.fields(kind) if f.required}
    given = {k: v for k, v in plain.items() if v not in (None, "", ()) or k in required}
    try:
        return msgspec.convert(given, type=kind)
    except msgspec.ValidationError as problem:
        raise Rejected("command.malformed", verb=verb, reason=str(problem)[:200]) from problem


def _plain(field: str, value: Any, tz: tzinfo, now: datetime) -> Any:
    if field in MOMENTS and isinstance(value, str):
        return _moment(field, value, tz, now) if value.strip() else None
    if field in _LISTS and isinstance(value, str):
        return tuple(value.replace(",", " ").split())
    if isinstance(value, Blob):
        return msgspec.to_builtins(value)
    if isinstance(value, list | tuple):
        return tuple({k: v for k, v in row.items() if v} for row in value)
    return value


def _moment(field: str, text: str, tz: tzinfo, now: datetime) -> datetime:
    try:
        return parse_moment(text, tz, now)
    except Rejected as refusal:
        raise Rejected(refusal.code, needs=field, value=refusal.facts["value"]) from refusal


def field_of(problem: Exception) -> str:
    """The field of a form that a refusal speaks of, or an empty text."""
    if not isinstance(problem, AppError):
        return ""
    named = problem.facts.get("field", "")
    return str(named) or problem.needs


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks for a form, when (UTC) and where; `line` is (product, line) for forms about one line."""

    me: str
    me_id: str = ""
    now: datetime
    tz: tzinfo
    line: tuple[str, str] = ("", "")


def first_values(verb: str, facts: CaseFacts, asked: Asked) -> Values:
    """What a form begins with, before anything was typed."""
    case = facts.case
    if verb in ("acknowledge", "reply", "update-reporter"):
        return {"text": letter(verb, case, facts.policy, facts.team.project, asked.me)}
    if verb == "hold-fix":
        return _fix_values(case, asked.line)
    if verb == "assign":
        return _assign(case, facts, asked.me_id)
    if verb in ("propose-embargo", "agree-embargo"):
        until = case.embargo.proposed or suggested_embargo(case, facts.policy, asked.now)
        return {"until": typed_moment(until, asked.tz)}
    if verb == "move-embargo" and case.embargo.until:
        return {"until": typed_moment(case.embargo.until, asked.tz)}
    begin = _SIMPLE.get(verb)
    return begin(case, facts) if begin else {}


def _fix_values(case: Case, line: tuple[str, str]) -> Values:
    product, name = line
    held = fix_of(case, AffectedLine(line=name, product=product)) or Fix(line=name, product=product)
    values: Values = {field: getattr(held, field) for field in _FIX_FIELDS}
    return {**values, "line": name, "product": product}


def _assign(case: Case, facts: CaseFacts, me: str) -> Values:
    """Whoever asks, unless they handle the case already: then the first of the others."""
    people = [p.id for p in facts.team.people]
    taken = case.handler.id if case.handler else ""
    others = [me, *people]
    return {"person": next((person for person in others if person in people and person != taken), taken)}


def _severity(case: Case, _facts: CaseFacts) -> Values:
    held = case.severity
    if held is None:
        return {"rating": ""}
    return {"rating": held.rating, "vector": held.vector, "cwe": held.cwe, "reason": ""}


def _credits(case: Case, _facts: CaseFacts) -> Values:
    if case.credits:
        rows = [{"name": c.name, "role": c.role, "consent": c.consent, "link": c.link} for c in case.credits]
    else:
        names = [r.name or r.handle or r.email for r in case.reporters]
        rows = [{"name": n, "role": "reporter", "consent": "not-asked", "link": ""} for n in names if n]
    return {"credits": rows}


def _audit(case: Case, _facts: CaseFacts) -> Values:
    held = case.audit
    if held is None:
        return {"places": [{"where": "", "verdict": "unchecked", "note": ""}]}
    rows = [{"where": p.where, "verdict": p.verdict, "note": p.note} for p in held.places]
    return {"pattern": held.pattern, "places": rows, "conclusion": held.conclusion}


def _release(case: Case, _facts: CaseFacts) -> Values:
    return {"versions": " ".join(dict.fromkeys(x.fixed for x in case.lines if x.fixed))}


def _announcement(_case: Case, facts: CaseFacts) -> Values:
    project = facts.team.project
    wanted = next((x for x in project.lists if x.key == project.announcement_list), None) if project else None
    return {"destination": wanted.address if wanted else ""}


_SIMPLE: Final[dict[str, Callable[[Case, CaseFacts], Values]]] = {
    "rate-severity": _severity,
    "set-credits": _credits,
    "audit-similar-code": _audit,
    "record-release": _release,
    "record-announcement": _announcement,
    "retitle": lambda case, _facts: {"title": case.title},
    "set-tlp": lambda case, _facts: {"tlp": case.tlp},
    "record-publication": lambda _case, _facts: {"kinds": "cve"},
}
