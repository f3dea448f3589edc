"""The forms of a release: what they begin with, and how what was typed becomes a command."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final

import msgspec

from app.domain.commands import RELEASE_VERBS, ReleaseCommand
from app.domain.errors import AppError, Rejected
from app.domain.versions import line_of, parse_version
from app.presenters.case_moments import parse_moment, typed_moment
from app.presenters.release import ReleaseFacts
from app.presenters.release_sheet import SheetStep

Values = dict[str, Any]
"""What stands in the fields of a form, by field of the command: texts, truths, rows of texts."""

MOMENTS: Final = frozenset({"at", "target"})
PLAN_DRAFT: Final = ("team", "plan-release")
"""Where the unsaved text of a plan is kept: there is no release yet to keep it with."""

_SPLIT: Final = frozenset({"versions"})
_NOTICE: Final = timedelta(days=7)
"""How far ahead a plan begins: releases are announced about a week before (DESIGN section 4)."""


def command_of(verb: str, values: Mapping[str, Any], tz: tzinfo, now: datetime) -> ReleaseCommand:
    """The command that a filled form means.

    Raises Rejected with the field in `needs`: "date.unclear" and "date.skipped" for an instant, "text.empty" for a
    field that must be filled, "command.malformed" for a value that it can't have.
    """
    kind = RELEASE_VERBS[verb]
    plain = {field: _plain(field, value, tz, now) for field, value in values.items()}
    if verb == "set-dependency":
        plain = {"dependency": _dependency(plain)}
    if verb == "release-versions":
        plain["versions"] = plain.get("versions") or _nothing_out()
    fields = {f.name: f for f in msgspec.structs.fields(kind)}
    given = {k: v for k, v in plain.items() if k in fields and (v not in (None, "", ()) or fields[k].required)}
    for name, field in fields.items():
        if field.required and given.get(name) in (None, ""):
            raise Rejected("text.empty", field=name, needs=name)
    try:
        return msgspec.convert(given, type=kind)
    except msgspec.ValidationError as problem:
        raise Rejected("command.malformed", verb=verb, reason=str(problem)[:200]) from problem


def _nothing_out() -> tuple[str, ...]:
    # The command without versions means all planned ones; a form in which none is ticked does not.
    raise Rejected("text.empty", field="versions", needs="versions")


def _plain(field: str, value: Any, tz: tzinfo, now: datetime) -> Any:
    if field in MOMENTS and isinstance(value, str):
        return _moment(field, value, tz, now) if value.strip() else None
    if field in _SPLIT and isinstance(value, str):
        return tuple(value.replace(",", " ").split())
    if isinstance(value, list | tuple):
        rows = ({k: str(v).strip() for k, v in row.items() if str(v).strip()} for row in value)
        return tuple(_with_line(row) for row in rows if row)
    return value.strip() if isinstance(value, str) else value


def _with_line(row: dict[str, str]) -> dict[str, str]:
    """A version without its line says which one that is."""
    if "line" in row or "version" not in row:
        return row
    try:
        return {**row, "line": line_of(parse_version(row["version"]))}
    except Rejected as refusal:
        raise Rejected(refusal.code, needs="lines", text=refusal.facts.get("text", "")) from refusal


def _dependency(plain: Mapping[str, Any]) -> dict[str, Any]:
    words = {key: str(plain.get(key, "")) for key in ("name", "url", "note")}
    lists = {key: _listed(plain.get(key, "")) for key in ("versions", "lines")}
    return {**words, **lists}


def _listed(value: object) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return value
    return tuple(str(value).replace(",", " ").split())


def _moment(field: str, text: str, tz: tzinfo, now: datetime) -> datetime:
    try:
        return parse_moment(text, tz, now)
    except Rejected as refusal:
        raise Rejected(refusal.code, needs=field, value=refusal.facts["value"]) from refusal


def field_of(problem: Exception) -> str:
    """The field of a form that a refusal speaks of, or an empty text."""
    if not isinstance(problem, AppError):
        return ""
    return str(problem.facts.get("field", "")) or problem.needs


def first_plan(now: datetime, tz: tzinfo) -> Values:
    """What the form of a new plan begins with: a week ahead, at a full hour of the local afternoon."""
    day = (now + _NOTICE).astimezone(tz)
    target = day.replace(hour=16, minute=0, second=0, microsecond=0)
    return {"target": typed_moment(target, tz), "title": "", "lines": ({"line": "", "version": ""},)}


def first_values(verb: str, facts: ReleaseFacts, step: SheetStep | None, tz: tzinfo) -> Values:
    """What a form of an open release begins with, before anything was typed."""
    begin = _FIRST.get(verb)
    values = begin(facts, tz) if begin else {}
    if verb == "announce-release" and step is not None:
        values["destination"] = step.destination
    return values


def _postpone(facts: ReleaseFacts, tz: tzinfo) -> Values:
    return {"target": typed_moment(facts.release.target, tz)}


def _versions(facts: ReleaseFacts, _tz: tzinfo) -> Values:
    waiting = (line.version for line in facts.release.lines if line.version and not line.released)
    return {"versions": " ".join(waiting)}


_FIRST: Final[dict[str, Callable[[ReleaseFacts, tzinfo], Values]]] = {
    "postpone": _postpone,
    "release-versions": _versions,
    "retitle-release": lambda facts, _tz: {"title": facts.release.title},
}
