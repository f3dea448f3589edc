"""What may be done to a release: a command becomes events of the release and of each case in it, or a refusal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from app.domain.case.context import Context, need_text
from app.domain.case.embargo import embargo_runs
from app.domain.case.state import Case
from app.domain.commands import release_commands as c
from app.domain.errors import Defect, Rejected
from app.domain.events import CaseEvent, ReleaseEvent, case_events
from app.domain.events import release_events as e
from app.domain.identifiers import parse_http_url, parse_slug
from app.domain.release.state import Release
from app.domain.untrusted import safe_line
from app.domain.values import ReleaseLine
from app.domain.versions import line_of, newest_first, parse_line, parse_version

REASON_LIMIT = 4_000
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """Events of the release, and per case id the events of the cases that move with it."""

    events: tuple[ReleaseEvent, ...]
    cases: dict[str, tuple[CaseEvent, ...]] = {}


class ReleaseContext(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision about a release may look at: the hour and team, its cases, one more case to bundle, slugs in
    use.
    """

    base: Context
    members: tuple[Case, ...] = ()
    candidate: Case | None = None
    slugs: frozenset[str] = frozenset()

    @property
    def now(self) -> datetime:
        """This instant (UTC)."""
        return self.base.now


def decide(release: Release | None, command: Any, context: ReleaseContext) -> Decided:
    """The events of a command; raises Rejected where the facts forbid it. Pure."""
    if isinstance(command, c.PlanRelease):
        return _plan(release, command, context)
    if release is None:
        raise Defect("release.missing", verb=type(command).__name__)
    if not release.is_open:
        raise Rejected("release.closed", ref=release.ref)
    return _DECISIONS[type(command)](release, command, context)


def make_slug(target: datetime, taken: frozenset[str]) -> str:
    """`july-2026-security-releases`, with `-2` and up for another one in the month; UTC decides the month.

    Source: front matter of the project's own posts; the slug of the first planned month survives postponement.
    """
    base = f"{MONTHS[target.month - 1]}-{target.year}-security-releases"
    number, slug = 2, base
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


def _plan(release: Release | None, command: c.PlanRelease, context: ReleaseContext) -> Decided:
    if release is not None:
        raise Rejected("release.exists", ref=release.ref)
    if command.target.tzinfo is None:
        raise Rejected("date.no-zone", needs="target", value=command.target.isoformat())
    slug = parse_slug(command.slug) if command.slug else make_slug(command.target, context.slugs)
    if slug in context.slugs:
        raise Rejected("release.slug-taken", slug=slug, needs="slug")
    names = newest_first(parse_line(x.line) for x in command.lines)
    lines = {parse_line(x.line): _clean(x) for x in command.lines}
    event = e.ReleasePlanned(
        id=context.base.new_id,
        ref=context.base.new_ref,
        slug=slug,
        target=command.target,
        title=safe_line(command.title.strip(), 200),
        lines=tuple(lines[name] for name in dict.fromkeys(names)),
        steward=context.base.find_person(command.steward),
        source=command.source,
    )
    return Decided(events=(event,))


def _clean(line: ReleaseLine) -> ReleaseLine:
    name = parse_line(line.line)
    if line.version:
        version = parse_version(line.version)
        if line_of(version) != name:
            raise Rejected("line.foreign-version", line=name, version=str(version), needs="version")
        return replace(line, line=name, version=str(version))
    return replace(line, line=name)


def _retitle(_release: Release, command: c.RetitleRelease, _context: ReleaseContext) -> Decided:
    return Decided(events=(e.ReleaseRetitled(title=need_text(command.title, "title", 200)),))


def _bundle(release: Release, command: c.BundleCase, context: ReleaseContext) -> Decided:
    case = context.candidate
    if case is None:
        raise Rejected("case.unknown", ref=safe_line(command.case, 40), needs="case")
    if any(m.case == case.id for m in release.members):
        raise Rejected("release.already-bundled", ref=case.ref, release=release.ref)
    if case.release:
        raise Rejected("release.bundled-elsewhere", ref=case.ref, release=case.release, needs="unbundle-case")
    if case.announcements or not case.is_open or not case.is_vulnerability:
        raise Rejected("release.case-not-open", ref=case.ref)
    events: list[CaseEvent] = [case_events.BundledInRelease(release=release.ref, target=release.target)]
    events += _embargo(case, release.target, release.ref, f"Bundled in {release.ref}")
    return Decided(
        events=(e.CaseBundled(case=case.id, ref=case.ref),),
        cases={case.id: tuple(events)},
    )


def _embargo(case: Case, target: datetime, ref: str, reason: str) -> list[CaseEvent]:
    """The case's embargo follows the release: agreed where there was none, moved where it differs."""
    embargo = case.embargo
    if embargo.status == "ended":
        return []
    if embargo.status != "agreed" or embargo.until is None:
        return [case_events.EmbargoAgreed(until=target, party=ref, reason=reason)]
    if embargo.until == target:
        return []
    return [case_events.EmbargoMoved(old=embargo.until, until=target, reason=reason, release=ref)]


def _unbundle(release: Release, command: c.UnbundleCase, _context: ReleaseContext) -> Decided:
    wanted = command.case.strip()
    member = next((m for m in release.members if wanted in (m.ref, m.case)), None)
    if member is None:
        raise Rejected("release.not-bundled", ref=safe_line(wanted, 40), release=release.ref)
    if release.announcements:
        raise Rejected("release.already-public", ref=release.ref)
    left = case_events.UnbundledFromRelease(release=release.ref, reason=command.reason)
    event = e.CaseUnbundled(case=member.case, ref=member.ref, reason=command.reason)
    return Decided(events=(event,), cases={member.case: (left,)})


def _line(_release: Release, command: c.PlanLine, _context: ReleaseContext) -> Decided:
    line = ReleaseLine(
        line=command.line.strip(),
        version=command.version.strip(),
        releaser=safe_line(command.releaser, 120),
        released=command.released,
        label=safe_line(command.label, 40),
    )
    return Decided(events=(e.ReleaseLineSet(line=_clean(line)),))


def _drop_line(release: Release, command: c.DropLine, _context: ReleaseContext) -> Decided:
    if not any(x.line == command.line for x in release.lines):
        raise Rejected("line.unknown", line=safe_line(command.line, 60), needs="plan-line")
    return Decided(events=(e.ReleaseLineDropped(line=command.line, reason=command.reason),))


def _dependency(_release: Release, command: c.SetDependency, _context: ReleaseContext) -> Decided:
    name = safe_line(need_text(command.dependency.name, "name", 120), 120)
    url = parse_http_url(command.dependency.url) if command.dependency.url else ""
    return Decided(events=(e.DependencySet(dependency=replace(command.dependency, name=name, url=url)),))


def _drop_dependency(release: Release, command: c.DropDependency, _context: ReleaseContext) -> Decided:
    if not any(x.name == command.name for x in release.dependencies):
        raise Rejected("dependency.unknown", name=safe_line(command.name, 60))
    return Decided(events=(e.DependencyDropped(name=command.name),))


def _postpone(release: Release, command: c.Postpone, context: ReleaseContext) -> Decided:
    if release.announcements:
        raise Rejected("release.already-public", ref=release.ref)
    if command.target.tzinfo is None:
        raise Rejected("date.no-zone", needs="target", value=command.target.isoformat())
    if command.target == release.target:
        raise Rejected("change.nothing", field="target")
    if command.target <= context.now:
        raise Rejected("embargo.past", needs="target", value=command.target.isoformat(), now=context.now.isoformat())
    reason = need_text(command.reason, "reason", REASON_LIMIT)
    event = e.ReleasePostponed(
        at=context.now,
        old=release.target,
        new=command.target,
        reason=reason,
        heading=safe_line(command.heading.strip(), 200),
    )
    moved = {m.id: tuple(_embargo(m, command.target, release.ref, reason)) for m in context.members}
    return Decided(events=(event,), cases={k: v for k, v in moved.items() if v})


def _pre_announce(release: Release, command: c.PreAnnounceRelease, context: ReleaseContext) -> Decided:
    if release.announcements:
        raise Rejected("release.already-public", ref=release.ref)
    at = context.base.moment(command.at)
    url = parse_http_url(command.url) if command.url else ""
    told = case_events.PreAnnounced(at=at, url=url, release=release.ref)
    return Decided(
        events=(e.ReleasePreAnnounced(at=at, url=url),),
        cases={m.id: (told,) for m in context.members},
    )


def _versions(release: Release, command: c.ReleaseVersions, context: ReleaseContext) -> Decided:
    at = context.base.moment(command.at)
    _need_over(context, at, "")
    planned = {x.version for x in release.lines if x.version}
    versions = tuple(str(parse_version(v)) for v in command.versions) or tuple(
        x.version for x in release.lines if x.version
    )
    if not versions:
        raise Rejected("release.no-versions", ref=release.ref, rule="released", needs="plan-line")
    stranger = next((v for v in versions if v not in planned), None)
    if stranger:
        raise Rejected("release.not-planned", ref=release.ref, version=stranger, needs="plan-line")
    out = case_events.FixesReleased(at=at, versions=versions, release=release.ref)
    return Decided(
        events=(e.VersionsReleased(at=at, versions=versions),),
        cases={m.id: (out,) for m in context.members},
    )


def _announce(release: Release, command: c.AnnounceRelease, context: ReleaseContext) -> Decided:
    at = context.base.moment(command.at)
    override = command.override.strip()
    _need_over(context, at, override)
    if not release.members:
        raise Rejected("release.empty", ref=release.ref, needs="bundle-case")
    unwritten = next((m for m in context.members if not m.advisory.revision), None)
    if unwritten is not None and not override:
        raise Rejected("advisory.missing", ref=unwritten.ref, rule="announced", needs="draft-advisory")
    destination = safe_line(need_text(command.destination, "destination", 320), 320)
    if any(a.destination == destination for a in release.announcements):
        raise Rejected("announcement.twice", ref=release.ref, destination=destination)
    message_id = safe_line(command.message_id.strip(), 1000)
    sent = case_events.AnnouncementSent(
        at=at, destination=destination, message_id=message_id, override=override, release=release.ref
    )
    event = e.ReleaseAnnounced(at=at, destination=destination, message_id=message_id, override=override)
    return Decided(events=(event,), cases={m.id: (sent,) for m in context.members})


def _need_over(context: ReleaseContext, at: datetime, override: str) -> None:
    secret = next((m for m in context.members if embargo_runs(m, at)), None)
    if secret is None or override:
        return
    until = secret.embargo.until or secret.embargo.proposed
    raise Rejected(
        "embargo.running",
        ref=secret.ref,
        until=until.isoformat() if until else "",
        rule="embargo",
        needs="override",
    )


def _post(release: Release, command: c.PostRelease, context: ReleaseContext) -> Decided:
    if not release.announcements:
        raise Rejected("release.not-announced", ref=release.ref, rule="posted", needs="announce-release")
    if release.blog:
        raise Rejected("release.already-posted", ref=release.ref, url=release.blog.url)
    at = context.base.moment(command.at)
    first = release.announcements[0].at
    if at < first:
        raise Rejected("date.before-announcement", value=at.isoformat(), announced=first.isoformat(), needs="at")
    url = parse_http_url(command.url)
    posted = case_events.BlogPublished(at=at, url=url, release=release.ref)
    return Decided(
        events=(e.ReleasePosted(at=at, url=url),),
        cases={m.id: (posted,) for m in context.members if m.blog is None},
    )


def _close(release: Release, command: c.CloseRelease, context: ReleaseContext) -> Decided:
    if not release.blog:
        raise Rejected("release.not-posted", ref=release.ref, rule="posted", needs="post-release")
    return Decided(events=(e.ReleaseClosed(at=context.base.moment(command.at), note=command.note),))


def _cancel(release: Release, command: c.CancelRelease, context: ReleaseContext) -> Decided:
    if release.announcements:
        raise Rejected("release.already-public", ref=release.ref)
    reason = need_text(command.reason, "reason", REASON_LIMIT)
    left = case_events.UnbundledFromRelease(release=release.ref, reason=reason)
    event = e.ReleaseCancelled(at=context.base.moment(command.at), reason=reason)
    return Decided(events=(event,), cases={m.id: (left,) for m in context.members})


_DECISIONS: dict[type, Callable[[Release, Any, ReleaseContext], Decided]] = {
    c.RetitleRelease: _retitle,
    c.BundleCase: _bundle,
    c.UnbundleCase: _unbundle,
    c.PlanLine: _line,
    c.DropLine: _drop_line,
    c.SetDependency: _dependency,
    c.DropDependency: _drop_dependency,
    c.Postpone: _postpone,
    c.PreAnnounceRelease: _pre_announce,
    c.ReleaseVersions: _versions,
    c.AnnounceRelease: _announce,
    c.PostRelease: _post,
    c.CloseRelease: _close,
    c.CancelRelease: _cancel,
}
