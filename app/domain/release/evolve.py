"""How each event changes a release; never refuses what `decide` made, reads no clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from app.domain.case.state import ExportRecord, Outcome
from app.domain.errors import Defect
from app.domain.events import ReleaseEvent
from app.domain.events import release_events as e
from app.domain.release.state import Member, Release
from app.domain.values import Announcement, Person, Postponement, Publication


def evolve(release: Release | None, event: ReleaseEvent, at: datetime, _actor: Person) -> Release:
    """The release after this event; `at` is the UTC instant of the event."""
    if isinstance(event, e.ReleasePlanned):
        return Release(
            id=event.id,
            ref=event.ref,
            slug=event.slug,
            target=event.target,
            first_target=event.target,
            opened_at=at,
            updated_at=at,
            events=1,
            title=event.title,
            lines=event.lines,
            steward=event.steward,
            source=event.source,
        )
    if isinstance(event, e.ReleaseSalvaged):
        return replace(event.remains, updated_at=at, events=event.remains.events + 1)
    if release is None:
        raise Defect("release.missing", kind=type(event).__name__)
    changed = _CHANGES[type(event)](release, event, at)
    return replace(changed, updated_at=at, events=release.events + 1)


def _retitled(release: Release, event: e.ReleaseRetitled, _at: datetime) -> Release:
    return replace(release, title=event.title)


def _bundled(release: Release, event: e.CaseBundled, _at: datetime) -> Release:
    return replace(release, members=(*release.members, Member(case=event.case, ref=event.ref)))


def _unbundled(release: Release, event: e.CaseUnbundled, _at: datetime) -> Release:
    return replace(release, members=tuple(m for m in release.members if m.case != event.case))


def _line(release: Release, event: e.ReleaseLineSet, _at: datetime) -> Release:
    kept = [event.line if x.line == event.line.line else x for x in release.lines]
    lines = tuple(kept) if event.line in kept else (*kept, event.line)
    return replace(release, lines=lines)


def _line_dropped(release: Release, event: e.ReleaseLineDropped, _at: datetime) -> Release:
    return replace(release, lines=tuple(x for x in release.lines if x.line != event.line))


def _dependency(release: Release, event: e.DependencySet, _at: datetime) -> Release:
    kept = [event.dependency if x.name == event.dependency.name else x for x in release.dependencies]
    all_of_them = tuple(kept) if event.dependency in kept else (*kept, event.dependency)
    return replace(release, dependencies=all_of_them)


def _dependency_dropped(release: Release, event: e.DependencyDropped, _at: datetime) -> Release:
    return replace(release, dependencies=tuple(x for x in release.dependencies if x.name != event.name))


def _postponed(release: Release, event: e.ReleasePostponed, _at: datetime) -> Release:
    move = Postponement(at=event.at, old=event.old, new=event.new, reason=event.reason, heading=event.heading)
    return replace(release, target=event.new, postponements=(*release.postponements, move))


def _pre_announced(release: Release, event: e.ReleasePreAnnounced, _at: datetime) -> Release:
    return replace(release, pre_announced=Publication(at=event.at, url=event.url))


def _released(release: Release, event: e.VersionsReleased, _at: datetime) -> Release:
    out = tuple(Publication(at=event.at, what=version) for version in event.versions)
    lines = tuple(replace(x, released=True) if x.version in event.versions else x for x in release.lines)
    return replace(release, released=(*release.released, *out), lines=lines)


def _announced(release: Release, event: e.ReleaseAnnounced, _at: datetime) -> Release:
    sent = Announcement(at=event.at, destination=event.destination, message_id=event.message_id)
    return replace(release, announcements=(*release.announcements, sent))


def _posted(release: Release, event: e.ReleasePosted, _at: datetime) -> Release:
    return replace(release, blog=Publication(at=event.at, url=event.url))


def _exported(release: Release, event: e.ReleaseExported, at: datetime) -> Release:
    record = ExportRecord(
        at=at,
        format=event.format,
        audience=event.audience,
        files=event.files,
        override=event.override,
        missing=event.missing,
    )
    return replace(release, exports=(*release.exports, record))


def _closed(release: Release, event: e.ReleaseClosed, _at: datetime) -> Release:
    return replace(release, closed=Outcome(at=event.at, what="closed", reason=event.note))


def _cancelled(release: Release, event: e.ReleaseCancelled, _at: datetime) -> Release:
    return replace(release, cancelled=Outcome(at=event.at, what="cancelled", reason=event.reason))


_CHANGES: dict[type, Callable[[Release, Any, datetime], Release]] = {
    e.ReleaseRetitled: _retitled,
    e.CaseBundled: _bundled,
    e.CaseUnbundled: _unbundled,
    e.ReleaseLineSet: _line,
    e.ReleaseLineDropped: _line_dropped,
    e.DependencySet: _dependency,
    e.DependencyDropped: _dependency_dropped,
    e.ReleasePostponed: _postponed,
    e.ReleasePreAnnounced: _pre_announced,
    e.VersionsReleased: _released,
    e.ReleaseAnnounced: _announced,
    e.ReleasePosted: _posted,
    e.ReleaseExported: _exported,
    e.ReleaseClosed: _closed,
    e.ReleaseCancelled: _cancelled,
}
