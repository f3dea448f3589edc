"""How the events on the way to the public change a case: CVE, embargo, release, announcement, export."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from app.domain.case.state import Case, Embargo, ExportRecord
from app.domain.events import case_events as e
from app.domain.values import Announcement, CveId, EmbargoMove, Person, Publication


def _requested(case: Case, event: e.CveRequested, _at: datetime, _by: Person) -> Case:
    return replace(case, cve_requested_at=event.at)


def _assigned(case: Case, event: e.CveAssigned, _at: datetime, _by: Person) -> Case:
    return replace(case, cves=(*case.cves, CveId(id=event.id, assigned_at=event.at, cna=event.cna)))


def _withdrawn(case: Case, event: e.CveWithdrawn, _at: datetime, _by: Person) -> Case:
    left = tuple(c for c in case.cves if c.id != event.id)
    # Without any id there is one to be asked for again.
    return replace(case, cves=left, cve_requested_at=case.cve_requested_at if left else None)


def _move(embargo: Embargo, move: EmbargoMove, **changes: Any) -> Embargo:
    return replace(embargo, moves=(*embargo.moves, move), **changes)


def _proposed(case: Case, event: e.EmbargoProposed, at: datetime, _by: Person) -> Case:
    move = EmbargoMove(at=at, what="proposed", until=event.until, party=event.party, reason=event.reason)
    status = "agreed" if case.embargo.status == "agreed" else "proposed"
    return replace(case, embargo=_move(case.embargo, move, proposed=event.until, status=status))


def _agreed(case: Case, event: e.EmbargoAgreed, at: datetime, _by: Person) -> Case:
    move = EmbargoMove(at=at, what="agreed", until=event.until, party=event.party, reason=event.reason)
    embargo = _move(case.embargo, move, until=event.until, proposed=None, status="agreed", ended_at=None)
    return replace(case, embargo=embargo)


def _declined(case: Case, event: e.EmbargoDeclined, at: datetime, _by: Person) -> Case:
    move = EmbargoMove(at=at, what="declined", until=case.embargo.proposed, party=event.party, reason=event.reason)
    status = "none" if case.embargo.status == "proposed" else case.embargo.status
    return replace(case, embargo=_move(case.embargo, move, proposed=None, status=status))


def _moved(case: Case, event: e.EmbargoMoved, at: datetime, _by: Person) -> Case:
    move = EmbargoMove(at=at, what="moved", until=event.until, party=event.release, reason=event.reason)
    return replace(case, embargo=_move(case.embargo, move, until=event.until, proposed=None))


def _ended(case: Case, event: e.EmbargoEnded, at: datetime, _by: Person) -> Case:
    move = EmbargoMove(at=at, what="ended", until=case.embargo.until, reason=event.reason)
    return replace(case, embargo=_move(case.embargo, move, status="ended", ended_at=event.at))


def _lapsed(case: Case, event: e.EmbargoLapsed, at: datetime, _by: Person) -> Case:
    move = EmbargoMove(at=at, what="proposed", until=event.until, party=event.release, reason=event.reason)
    return replace(case, embargo=_move(case.embargo, move, until=None, proposed=event.until, status="proposed"))


def without_date(embargo: Embargo) -> Embargo:
    """A report that is no vulnerability has no date to become public; its moves stay on record."""
    if embargo.status == "ended":
        return embargo
    return replace(embargo, status="none", until=None, proposed=None)


def _bundled(case: Case, event: e.BundledInRelease, _at: datetime, _by: Person) -> Case:
    return replace(case, release=event.release)


def _unbundled(case: Case, _event: e.UnbundledFromRelease, _at: datetime, _by: Person) -> Case:
    return replace(case, release="")


def _pre_announced(case: Case, event: e.PreAnnounced, _at: datetime, _by: Person) -> Case:
    return replace(case, pre_announced=Publication(at=event.at, url=event.url))


def _released(case: Case, event: e.FixesReleased, _at: datetime, _by: Person) -> Case:
    versions = tuple(dict.fromkeys((*case.released_versions, *event.versions)))
    return replace(case, released_at=case.released_at or event.at, released_versions=versions)


def _announced(case: Case, event: e.AnnouncementSent, at: datetime, _by: Person) -> Case:
    sent = Announcement(at=event.at, destination=event.destination, message_id=event.message_id)
    embargo = case.embargo
    if embargo.status != "ended":
        move = EmbargoMove(at=at, what="ended", until=embargo.until, reason=event.override)
        embargo = _move(embargo, move, status="ended", ended_at=event.at)
    return replace(case, announcements=(*case.announcements, sent), embargo=embargo, tlp="CLEAR")


def _posted(case: Case, event: e.BlogPublished, _at: datetime, _by: Person) -> Case:
    return replace(case, blog=Publication(at=event.at, url=event.url))


def _records(case: Case, event: e.RecordsPublished, _at: datetime, _by: Person) -> Case:
    new = tuple(Publication(at=event.at, url=event.url, what=kind) for kind in event.kinds)
    return replace(case, records=(*case.records, *new))


def _exported(case: Case, event: e.Exported, at: datetime, _by: Person) -> Case:
    record = ExportRecord(
        at=at,
        format=event.format,
        audience=event.audience,
        files=event.files,
        override=event.override,
        missing=event.missing,
    )
    return replace(case, exports=(*case.exports, record))


CHANGES: dict[type, Callable[[Case, Any, datetime, Person], Case]] = {
    e.CveRequested: _requested,
    e.CveAssigned: _assigned,
    e.CveWithdrawn: _withdrawn,
    e.EmbargoProposed: _proposed,
    e.EmbargoAgreed: _agreed,
    e.EmbargoDeclined: _declined,
    e.EmbargoMoved: _moved,
    e.EmbargoEnded: _ended,
    e.EmbargoLapsed: _lapsed,
    e.BundledInRelease: _bundled,
    e.UnbundledFromRelease: _unbundled,
    e.PreAnnounced: _pre_announced,
    e.FixesReleased: _released,
    e.AnnouncementSent: _announced,
    e.BlogPublished: _posted,
    e.RecordsPublished: _records,
    e.Exported: _exported,
}
