"""Decisions on the way to the public: CVE ids, the embargo, the release, announcement, post and records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from app.domain.case.clocks import suggested_embargo
from app.domain.case.context import Context, need_text, parsed
from app.domain.case.embargo import embargo_runs
from app.domain.case.guards import (
    after_announcement,
    after_receipt,
    need_alone,
    need_confirmed,
    need_embargo_over,
    need_open,
    need_secret,
    need_vulnerability,
)
from app.domain.case.state import Case
from app.domain.commands import case_commands as c
from app.domain.commands.limits import REASON_LIMIT
from app.domain.errors import Rejected
from app.domain.events import CaseEvent
from app.domain.events import case_events as e
from app.domain.identifiers import parse_cve_id, parse_http_url
from app.domain.untrusted import safe_line
from app.domain.versions import parse_version

Events = tuple[CaseEvent, ...]


def _request(case: Case, command: c.RequestCve, context: Context) -> Events:
    need_confirmed(case)
    if case.cves:
        raise Rejected("cve.already-assigned", ref=case.ref, cve=case.cves[0].id, rule="cve", needs="withdraw-cve")
    if case.cve_requested_at:
        raise Rejected("cve.already-requested", ref=case.ref, rule="cve", needs="assign-cve")
    return (e.CveRequested(at=after_receipt(case, command.at, context), cna=command.cna),)


def _assign(case: Case, command: c.AssignCve, context: Context) -> Events:
    need_confirmed(case)
    cve = parsed(parse_cve_id, command.id, "id")
    if any(x.id == cve for x in case.cves):
        raise Rejected("cve.already-assigned", ref=case.ref, cve=cve, rule="cve", needs="id")
    return (e.CveAssigned(id=cve, at=context.moment(command.at), cna=command.cna),)


def _withdraw(case: Case, command: c.WithdrawCve, _context: Context) -> Events:
    need_open(case)
    cve = command.id.upper()
    if not any(x.id == cve for x in case.cves):
        raise Rejected("cve.unknown", ref=case.ref, cve=safe_line(cve, 40), needs="id")
    return (e.CveWithdrawn(id=cve, reason=need_text(command.reason, "reason", REASON_LIMIT)),)


def _propose(case: Case, command: c.ProposeEmbargo, context: Context) -> Events:
    need_secret(case)
    _not_ended(case)
    until = context.ahead(command.until or suggested_embargo(case, context.policy, context.now), "until")
    if until == case.embargo.until:
        raise Rejected("change.nothing", field="until", needs="until")
    return (e.EmbargoProposed(until=until, party=command.party, reason=command.reason),)


def _agree(case: Case, command: c.AgreeEmbargo, context: Context) -> Events:
    need_secret(case)
    _not_ended(case)
    embargo = case.embargo
    if embargo.status == "agreed" and embargo.proposed is None:
        raise Rejected(
            "embargo.already-agreed", ref=case.ref, until=_iso(embargo.until), rule="embargo", needs="move-embargo"
        )
    until = command.until or embargo.proposed or suggested_embargo(case, context.policy, context.now)
    until = context.ahead(until, "until")
    if embargo.status != "agreed" or embargo.until is None:
        return (e.EmbargoAgreed(until=until, party=command.party, reason=command.reason),)
    # An agreed date is only ever moved, with a reason, also where a proposal led to it.
    return _moved(case, until, command.reason or _why_proposed(case))


def _why_proposed(case: Case) -> str:
    return next((m.reason for m in reversed(case.embargo.moves) if m.what == "proposed"), "")


def _decline(case: Case, command: c.DeclineEmbargo, _context: Context) -> Events:
    need_secret(case)
    if case.embargo.proposed is None:
        raise Rejected("embargo.nothing-proposed", ref=case.ref, rule="embargo", needs="propose-embargo")
    return (e.EmbargoDeclined(party=command.party, reason=command.reason),)


def _move(case: Case, command: c.MoveEmbargo, context: Context) -> Events:
    need_secret(case)
    if case.embargo.status != "agreed" or case.embargo.until is None:
        raise Rejected("embargo.not-agreed", ref=case.ref, rule="embargo", needs="agree-embargo")
    return _moved(case, context.ahead(command.until, "until"), command.reason)


def _moved(case: Case, until: datetime, why: str) -> Events:
    old = case.embargo.until
    if old is None or until == old:
        raise Rejected("change.nothing", field="until", needs="until")
    if until < old:
        # Later than its release, a case holds the release back; sooner, it would be public before it.
        need_alone(case, "postpone")
    return (e.EmbargoMoved(old=old, until=until, reason=need_text(why, "reason", REASON_LIMIT)),)


def _end(case: Case, command: c.EndEmbargo, context: Context) -> Events:
    need_secret(case)
    _not_ended(case)
    reason = command.reason.strip()
    if case.embargo.status != "agreed":
        raise Rejected("embargo.not-agreed", ref=case.ref, rule="embargo", needs="agree-embargo")
    at = after_receipt(case, command.at, context)
    if embargo_runs(case, at) and not reason:
        until = _iso(case.embargo.until)
        raise Rejected("embargo.early-end", ref=case.ref, until=until, rule="embargo", needs="reason", field="reason")
    return (e.EmbargoEnded(at=at, reason=reason),)


def _not_ended(case: Case) -> None:
    if case.embargo.status == "ended":
        raise Rejected("embargo.ended", ref=case.ref, rule="embargo")


def _pre_announced(case: Case, command: c.RecordPreAnnouncement, context: Context) -> Events:
    need_secret(case)
    return (e.PreAnnounced(at=after_receipt(case, command.at, context), url=_url(command.url)),)


def _released(case: Case, command: c.RecordRelease, context: Context) -> Events:
    need_confirmed(case)
    need_alone(case, "release-versions")
    at = after_receipt(case, command.at, context)
    _need_over_or_ended(case, at, context)
    versions = tuple(dict.fromkeys(str(parse_version(v)) for v in command.versions))
    versions = versions or tuple(dict.fromkeys(x.fixed for x in case.lines if x.status == "affected" and x.fixed))
    if not versions:
        raise Rejected("release.no-versions", ref=case.ref, rule="released", needs="versions", field="versions")
    return (e.FixesReleased(at=at, versions=versions),)


def _need_over_or_ended(case: Case, at: datetime, context: Context) -> None:
    """Fixes that are out show the problem: here no reason passes, an embargo that is broken is ended first."""
    try:
        need_embargo_over(case, at, context, "")
    except Rejected as refusal:
        refusal.needs = "end-embargo" if refusal.code == "embargo.running" else refusal.needs
        raise


def _announced(case: Case, command: c.RecordAnnouncement, context: Context) -> Events:
    need_confirmed(case)
    need_alone(case, "announce-release")
    override = command.override.strip()
    if not case.advisory.revision and not override:
        raise Rejected("advisory.missing", ref=case.ref, rule="announced", needs="draft-advisory")
    at = after_receipt(case, command.at, context)
    need_embargo_over(case, at, context, override)
    destination = need_text(command.destination, "destination", 320)
    if any(a.destination.casefold() == destination.casefold() for a in case.announcements):
        raise Rejected(
            "announcement.twice", ref=case.ref, destination=destination, rule="announced", needs="destination"
        )
    # A reason that passed no guard is no override.
    passed = override if not case.advisory.revision or embargo_runs(case, at) else ""
    sent = e.AnnouncementSent(at=at, destination=destination, message_id=command.message_id, override=passed)
    return (sent,)


def _posted(case: Case, command: c.RecordPost, context: Context) -> Events:
    need_vulnerability(case)
    at = after_announcement(case, command.at, context, "posted")
    if case.blog:
        raise Rejected("case.already-posted", ref=case.ref, url=case.blog.url, rule="posted")
    return (e.BlogPublished(at=at, url=parsed(parse_http_url, command.url, "url")),)


def _records(case: Case, command: c.RecordPublication, context: Context) -> Events:
    at = after_announcement(case, command.at, context, "records")
    kinds = tuple(dict.fromkeys(need_text(k, "kinds", 40) for k in command.kinds))
    if not kinds:
        raise Rejected("text.empty", field="kinds", needs="kinds")
    return (e.RecordsPublished(at=at, kinds=kinds, url=_url(command.url)),)


def _url(text: str) -> str:
    return parsed(parse_http_url, text, "url") if text else ""


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
