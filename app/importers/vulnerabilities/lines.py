"""The shapes in which the hand-over file names release lines, and what it may say of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NoReturn

import msgspec

from app.domain.errors import Rejected
from app.domain.identifiers import parse_http_url
from app.domain.json_fields import JsonObject, as_object, as_text, refused
from app.domain.json_limits import JsonValue
from app.domain.line_ranges import check_lines
from app.domain.untrusted import safe_line
from app.domain.values import AffectedLine
from app.domain.versions import line_of, newest_first, parse_line, parse_version

_UP_TO = re.compile(r"<=\s*([^\s<>=|]{1,64})")
_BETWEEN = re.compile(r">=\s*([^\s<>=|]{1,64})\s+(<=?)\s*([^\s<>=|]{1,64})")


class NamedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A release line as the file names it, and the range, version and change it may give."""

    line: str
    field: str
    affected: str = ""
    patched: str = ""
    url: str = ""


def named_lines(owner: JsonObject, key: str = "affectedVersions") -> tuple[NamedLine, ...]:
    """The lines of a report or a dependency, each once, as the file orders them.

    In use are `["24.x", "v22.x"]`, `[{"version": "24.x"}]`, `"24.x, v22.x"`, `{"24.x": "https://…"}` and
    `{"24.x": {"affected": …, "patched": …}}`. Raises Rejected with the path of what is none of them.
    """
    value = owner.members.get(key)
    field = owner.field(key)
    if isinstance(value, str):
        found = [_named(part, field) for part in value.split(",") if part.strip()]
    elif isinstance(value, dict):
        found = [_described(JsonObject(value, field), line) for line in value]
    else:
        found = [_entry(entry, where) for entry, where in owner.entries(key)]
    first_of = {line.line: line for line in reversed(found)}
    return tuple(first_of[line] for line in dict.fromkeys(named.line for named in found))


def affected_lines(report: JsonObject) -> tuple[AffectedLine, ...]:
    """What the report says of its lines, newest first; raises Rejected where it contradicts itself."""
    named = {line.line: line for line in named_lines(report)}
    patched = dict(_patched_versions(report, named))
    lines = []
    for name in newest_first(named):
        entry = named[name]
        fixed = _fixed(entry, patched.get(name, ""))
        introduced, last, note = _range(entry.affected)
        line = AffectedLine(
            line=name, status="affected", introduced=introduced, last_affected=last, fixed=fixed, note=note
        )
        for finding in check_lines([line]):
            refused(finding.code, entry.field, **{"line": name, **finding.facts})
        lines.append(line)
    return tuple(lines)


def url_of(owner: JsonObject, key: str) -> str:
    """A link, or nothing; raises Rejected("identifier.url") with its path."""
    return _url(owner.text(key), owner.field(key))


def _url(text: str, field: str) -> str:
    if not text.strip():
        return ""
    try:
        return parse_http_url(text.strip())
    except Rejected as fault:
        at_field(fault, field)


def at_field(fault: Rejected, field: str) -> NoReturn:
    """Raises the same refusal, naming where in the file it was met."""
    fault.facts.setdefault("field", field)
    raise fault


def _entry(value: JsonValue, field: str) -> NamedLine:
    if isinstance(value, dict):
        entry = JsonObject(value, field)
        return _named(entry.required_text("version"), entry.field("version"))
    return _named(as_text(value, field), field)


def _described(lines: JsonObject, name: str) -> NamedLine:
    field = lines.field(name)
    line = _line(name, field)
    value = lines.members[name]
    if value is None or isinstance(value, str):
        return NamedLine(line=line, field=field, url=_url(value or "", field))
    entry = as_object(value, field)
    return NamedLine(
        line=line,
        field=field,
        affected=entry.text("affected", 500),
        patched=entry.text("patched", 500),
        url=url_of(entry, "prURL"),
    )


def _named(text: str, field: str) -> NamedLine:
    return NamedLine(line=_line(text, field), field=field)


def _line(text: str, field: str) -> str:
    """`v22.x`, `22`, `22.x.` (as printed in one file) and a whole version are all taken for their line."""
    plain = text.strip(" .")
    try:
        return line_of(parse_version(plain))
    except Rejected:
        pass
    try:
        return parse_line(plain)
    except Rejected:
        refused("import.line", field, value=safe_line(text, 60))


def _patched_versions(report: JsonObject, named: dict[str, NamedLine]) -> Iterator[tuple[str, str]]:
    for text, field in report.entries("patchedVersions"):
        version = _version(as_text(text, field), field)
        line = line_of(parse_version(version))
        if line not in named:
            refused("import.line-not-listed", field, version=version, line=line)
        yield line, version


def _fixed(entry: NamedLine, patched: str) -> str:
    own = _version(entry.patched, entry.field) if entry.patched.strip() else ""
    if own and patched and own != patched:
        refused("import.versions-differ", entry.field, one=own, other=patched)
    return own or patched


def _version(text: str, field: str) -> str:
    """A version without the `v`, `^` or `>=` it may be written with."""
    try:
        return str(parse_version(text.strip().removeprefix(">=").removeprefix("^").strip()))
    except Rejected as fault:
        at_field(fault, field)


def _range(text: str) -> tuple[str, str, str]:
    """First and last affected version where the text says no more than that; else the text as a note."""
    up_to, between = _UP_TO.fullmatch(text.strip()), _BETWEEN.fullmatch(text.strip())
    try:
        if up_to is not None:
            return "", str(parse_version(up_to[1])), ""
        if between is not None and between[2] == "<=":
            return str(parse_version(between[1])), str(parse_version(between[3])), ""
    except Rejected:
        pass
    return "", "", safe_line(text.strip(), 500)
