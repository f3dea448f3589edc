"""The security release of the hand-over file: its day, its lines, the dependencies it updates, its cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Final

import msgspec

from app.desk.ports.exchange import CaseDraft, ReleaseDraft
from app.domain.commands.case_commands import SetAffected
from app.domain.commands.release_commands import PlanRelease, ReleaseCommand, SetDependency
from app.domain.json_fields import JsonObject, as_object, as_text, parse_date, refused
from app.domain.json_limits import JsonValue
from app.domain.untrusted import safe_line
from app.domain.values import Dependency, ReleaseLine, Source
from app.domain.versions import newest_first
from app.importers.vulnerabilities.lines import named_lines, url_of
from app.importers.vulnerabilities.reports import FORMAT, content_digest

OPEN_DATE: Final = "TBD"
_NOON = timedelta(hours=12)
_NAME_LIMIT = 120


class _Update(msgspec.Struct, kw_only=True):
    """What the file says of one dependency, gathered from its entries."""

    versions: dict[str, None] = msgspec.field(default_factory=dict)
    lines: dict[str, None] = msgspec.field(default_factory=dict)
    urls: dict[str, list[str]] = msgspec.field(default_factory=dict)
    titles: dict[str, None] = msgspec.field(default_factory=dict)


def release_draft(handover: JsonObject, file: str, cases: tuple[CaseDraft, ...]) -> ReleaseDraft:
    """The release of a hand-over, planned for 12:00 UTC of its day, since the file names no hour.

    Raises Rejected with the path of the field that is wrong; import.release-date-open for an unknown day.
    """
    day = handover.text("releaseDate", 40).strip()
    if day.upper() in ("", OPEN_DATE):
        refused("import.release-date-open", handover.field("releaseDate"), expected="YYYY/MM/DD")
    target = parse_date(day, handover.field("releaseDate"), "/") + _NOON
    lines = tuple(_lines(cases))
    dependencies = tuple(_dependencies(handover))
    members = tuple(case.key for case in cases)
    key = f"{FORMAT}:release:{target.date().isoformat()}"
    # A mended summary of a report makes no other release: only what the release itself says counts.
    said: list[JsonValue] = [
        target.isoformat(),
        msgspec.to_builtins(lines),
        msgspec.to_builtins(dependencies),
        list(members),
    ]
    digest = content_digest(said)
    source = Source(format=FORMAT, file=file, sha256=digest, key=key)
    commands: list[ReleaseCommand] = [PlanRelease(target=target, lines=lines, source=source)]
    commands += [SetDependency(dependency=dependency) for dependency in dependencies]
    return ReleaseDraft(
        key=key, sha256=digest, where=handover.field("releaseDate"), commands=tuple(commands), members=members
    )


def _lines(cases: Iterable[CaseDraft]) -> Iterator[ReleaseLine]:
    """Every affected line, newest first; its version only where all reports that name one name the same."""
    versions: dict[str, set[str]] = {}
    for case in cases:
        for command in case.commands:
            if isinstance(command, SetAffected):
                for line in command.lines:
                    versions.setdefault(line.line, set()).update({line.fixed} - {""})
    for name in newest_first(versions):
        named = versions[name]
        yield ReleaseLine(line=name, version=next(iter(named)) if len(named) == 1 else "")


def _dependencies(handover: JsonObject) -> Iterator[Dependency]:
    updates: dict[str, _Update] = {}
    for name, entry in _entries(handover):
        _gather(updates.setdefault(name, _Update()), entry)
    for name, update in updates.items():
        yield _dependency(name, update)


def _entries(handover: JsonObject) -> Iterator[tuple[str, JsonObject]]:
    """Each update with the name of its dependency: by name, one or a list of them, or all in a list."""
    value = handover.members.get("dependencies")
    if not isinstance(value, dict):
        for item, field in handover.entries("dependencies"):
            entry = as_object(item, field)
            yield _name(entry.required_text("name"), entry.field("name")), entry
        return
    named = JsonObject(value, handover.field("dependencies"))
    for name, update in named.members.items():
        if isinstance(update, list):
            for item, field in named.entries(name):
                yield _name(name, field), as_object(item, field)
        elif update is not None:
            yield _name(name, named.field(name)), as_object(update, named.field(name))


def _name(text: str, field: str) -> str:
    name = safe_line(text.strip(), _NAME_LIMIT)
    if not name:
        refused("import.field-missing", field)
    return name


def _gather(update: _Update, entry: JsonObject) -> None:
    common = url_of(entry, "prURL") or url_of(entry, "url")
    for version, field in entry.entries("versions"):
        update.versions[_version(version, field)] = None
    for line in named_lines(entry):
        update.lines[line.line] = None
        if url := line.url or common:
            update.urls.setdefault(url, []).append(line.line)
    if common:
        update.urls.setdefault(common, [])
    if title := safe_line(entry.text("title", 500).strip()):
        update.titles[title] = None


def _version(value: JsonValue, field: str) -> str:
    """A version as named: a text, a number, or an object that says it under one of the names in use."""
    if isinstance(value, dict):
        entry = JsonObject(value, field)
        found = next((key for key in ("version", "to", "patched", "name") if entry.has(key)), "version")
        return _name(entry.required_text(found), entry.field(found))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)[:_NAME_LIMIT]
    return _name(as_text(value, field), field)


def _dependency(name: str, update: _Update) -> Dependency:
    """One link goes with the dependency; several, one for each line, are told in the note."""
    notes = list(update.titles)
    if len(update.urls) > 1:
        notes += [f"{', '.join(lines)}: {url}" if lines else url for url, lines in update.urls.items()]
    return Dependency(
        name=name,
        versions=tuple(update.versions),
        lines=tuple(newest_first(update.lines)),
        url=next(iter(update.urls)) if len(update.urls) == 1 else "",
        note="\n".join(notes),
    )
