"""Decisions on the way to the public: CVE ids, the embargo, the release, announcement, post and records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from app.domain.case.clocks import suggested_embargo
from app.domain.case.context import Context, need_text
from app.domain.case.embargo import embargo_runs
from app.domain.case.guards import need_confirmed, need_open, need_secret, need_vulnerability
from app.domain.case.state import Case
from app.domain.commands import case_commands as c
from app.domain.errors import Rejected
from app.domain.events import CaseEvent
from app.domain.events import case_events as e
from app.domain.identifiers import parse_cve_id, parse_http_url
from app.domain.untrusted import safe_line
from app.domain.versions import parse_version

REASON_LIMIT = 4_000
Events = tuple[CaseEvent, ...]


def _request(case: Case, command: c.RequestCve, context: Context) -> Events:
    need_confirmed(case)
    if case.cves:
        raise Rejected("cve.already-assigned", ref=case.ref, cve=case.cves[0].id)
    if case.cve_requested_at:
        raise Rejected("cve.already-requested", ref=case.ref, needs="assign-cve")
    return (e.CveRequested(at=context.moment(command.at), cna=safe_line(command.cna, 120)),)


def _assign(case: Case, command: c.AssignCve, context: Context) -> Events:
    need_confirmed(case)
    cve = parse_cve_id(command.id)
    if any(x.id == cve for x in case.cves):
        raise Rejected("cve.already-assigned", ref=case.ref, cve=cve)
    return (e.CveAssigned(id=cve, at=context.moment(command.at), cna=safe_line(command.cna, 120)),)


def _withdraw(case: Case, command: c.WithdrawCve, _context: Context) -> Events:
    need_open(case)
    if not any(x.id == command.id for x in case.cves):
        raise Rejected("cve.unknown", ref=case.ref, cve=safe_line(command.id, 40))
    return (e.CveWithdrawn(id=command.id, reason=need_text(command.reason, "reason", REASON_LIMIT)),)


def _future(until: datetime, context: Context) -> datetime:
    if until.tzinfo is None:
        raise Rejected("date.no-zone", needs="until", value=until.isoformat())
    if until <= context.now:
        raise Rejected("embargo.past", needs="until", value=until.isoformat(), now=context.now.isoformat())
    return until


def _propose(case: Case, command: c.ProposeEmbargo, context: Context) -> Events:
    need_secret(case)
    _not_ended(case)
    until = command.until or suggested_embargo(case, context.policy, context.now)
    return (e.EmbargoProposed(until=_future(until, context), party=command.party, reason=command.reason),)


def _agree(case: Case, command: c.AgreeEmbargo, context: Context) -> Events:
    need_secret(case)
    _not_ended(case)
    if case.embargo.status == "agreed" and case.embargo.proposed is None:
        raise Rejected("embargo.already-agreed", ref=case.ref, until=_iso(case.embargo.until), needs="move-embargo")
    until = command.until or case.embargo.proposed or suggested_embargo(case, context.policy, context.now)
    return (e.EmbargoAgreed(until=_future(until, context), party=command.party, reason=command.reason),)


def _decline(case: Case, command: c.DeclineEmbargo, _context: Context) -> Events:
    need_secret(case)
    if case.embargo.proposed is None:
        raise Rejected("embargo.nothing-proposed", ref=case.ref, rule="embargo", needs="propose-embargo")
    return (e.EmbargoDeclined(party=command.party, reason=command.reason),)


def _move(case: Case, command: c.MoveEmbargo, context: Context) -> Events:
    need_secret(case)
    if case.embargo.status != "agreed" or case.embargo.until is None:
        raise Rejected("embargo.not-agreed", ref=case.ref, rule="embargo", needs="agree-embargo")
    until = _future(command.until, context)
    if until == case.embargo.until:
        raise Rejected("change.nothing", field="until")
    reason = need_text(command.reason, "reason", REASON_LIMIT)
    return (e.EmbargoMoved(old=case.embargo.until, until=until, reason=reason),)


def _end(case: Case, command: c.EndEmbargo, context: Context) -> Events:
    need_secret(case)
    _not_ended(case)
    if case.embargo.until is None:
        raise Rejected("embargo.not-agreed", ref=case.ref, rule="embargo", needs="agree-embargo")
    at = context.moment(command.at)
    if at < case.embargo.until and not command.reason.strip():
        raise Rejected("embargo.early-end", ref=case.ref, until=_iso(case.embargo.until), needs="reason")
    return (e.EmbargoEnded(at=at, reason=command.reason.strip()),)


def _not_ended(case: Case) -> None:
    if case.embargo.status == "ended":
        raise Rejected("embargo.ended", ref=case.ref)


def _pre_announced(case: Case, command: c.RecordPreAnnouncement, context: Context) -> Events:
    need_secret(case)
    return (e.PreAnnounced(at=context.moment(command.at), url=_url(command.url)),)


def _released(case: Case, command: c.RecordRelease, context: Context) -> Events:
    need_confirmed(case)
    _need_embargo_over(case, context.moment(command.at), "")
    for version in command.versions:
        parse_version(version)
    versions = command.versions or tuple(x.fixed for x in case.lines if x.fixed)
    if not versions:
        raise Rejected("release.no-versions", ref=case.ref, rule="released", needs="versions")
    return (e.FixesReleased(at=context.moment(command.at), versions=versions),)


def _announced(case: Case, command: c.RecordAnnouncement, context: Context) -> Events:
    need_confirmed(case)
    if case.embargo.status == "none" and not command.override.strip():
        raise Rejected("embargo.not-agreed", ref=case.ref, rule="announced", needs="agree-embargo")
    if not case.advisory.revision:
        raise Rejected("advisory.missing", ref=case.ref, rule="announced", needs="draft-advisory")
    at = context.moment(command.at)
    _need_embargo_over(case, at, command.override.strip())
    destination = safe_line(command.destination.strip(), 320)
    if not destination:
        raise Rejected("text.empty", field="destination", needs="destination")
    if any(a.destination == destination for a in case.announcements):
        raise Rejected("announcement.twice", ref=case.ref, destination=destination)
    sent = e.AnnouncementSent(
        at=at,
        destination=destination,
        message_id=safe_line(command.message_id.strip(), 1000),
        override=command.override.strip(),
    )
    return (sent,)


def _need_embargo_over(case: Case, at: datetime, override: str) -> None:
    if override or not embargo_runs(case, at):
        return
    until = case.embargo.until or case.embargo.proposed
    raise Rejected("embargo.running", ref=case.ref, until=_iso(until), rule="embargo", needs="override")


def _posted(case: Case, command: c.RecordPost, context: Context) -> Events:
    need_vulnerability(case)
    if case.announced_at is None:
        raise Rejected("case.not-announced", ref=case.ref, rule="posted", needs="record-announcement")
    if case.blog:
        raise Rejected("case.already-posted", ref=case.ref, url=case.blog.url)
    at = context.moment(command.at)
    if at < case.announced_at:
        raise Rejected("date.before-announcement", value=at.isoformat(), announced=_iso(case.announced_at), needs="at")
    return (e.BlogPublished(at=at, url=parse_http_url(command.url)),)


def _records(case: Case, command: c.RecordPublication, context: Context) -> Events:
    if case.announced_at is None:
        raise Rejected("case.not-announced", ref=case.ref, rule="records", needs="record-announcement")
    kinds = tuple(dict.fromkeys(need_text(k, "kinds", 40) for k in command.kinds))
    if not kinds:
        raise Rejected("text.empty", field="kinds", needs="kinds")
    return (e.RecordsPublished(at=context.moment(command.at), kinds=kinds, url=_url(command.url)),)


def _url(text: str) -> str:
    return parse_http_url(text) if text.strip() else ""


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


DECISIONS: dict[type, Callable[[Case, Any, Context], Events]] = {
    c.RequestCve: _request,
    c.AssignCve: _assign,
    c.WithdrawCve: _withdraw,
    c.ProposeEmbargo: _propose,
    c.AgreeEmbargo: _agree,
    c.DeclineEmbargo: _decline,
    c.MoveEmbargo: _move,
    c.EndEmbargo: _end,
    c.RecordPreAnnouncement: _pre_announced,
    c.RecordRelease: _released,
    c.RecordAnnouncement: _announced,
    c.RecordPost: _posted,
    c.RecordPublication: _records,
}
