"""What may be done to a release: a command becomes events of the release and of each case in it, or a refusal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from app.domain.case.context import Context, need_text, parsed
from app.domain.case.embargo import embargo_runs
from app.domain.case.guards import after_receipt, need_confirmed
from app.domain.case.state import Case
from app.domain.commands import release_commands as c
from app.domain.commands.limits import REASON_LIMIT, cleaned
from app.domain.errors import Defect, Rejected
from app.domain.events import CaseEvent, ReleaseEvent, case_events
from app.domain.events import release_events as e
from app.domain.identifiers import parse_http_url, parse_slug
from app.domain.release.bundling import bundled, date_of, left
from app.domain.release.state import Release
from app.domain.untrusted import safe_line
from app.domain.values import ReleaseLine
from app.domain.versions import line_of, newest_first, parse_line, parse_version

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
    command = cleaned(command)
    if isinstance(command, c.PlanRelease):
        return _plan(release, command, context)
    if release is None:
        raise Defect("release.missing", verb=type(command).__name__)
    if not release.is_open:
        raise Rejected("release.closed", ref=release.ref, rule="closed", needs="plan-release")
    return _DECISIONS[type(command)](release, command, context)


def make_slug(target: datetime, taken: frozenset[str]) -> str:
    """`july-2026-security-releases`, with `-2` and up for another one in the month; UTC decides the month.

    Source: front matter of the project's own posts; the slug of the first planned month survives postponement.
    """
    month = target.astimezone(UTC)
    base = f"{MONTHS[month.month - 1]}-{month.year}-security-releases"
    number, slug = 2, base
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


def _plan(release: Release | None, command: c.PlanRelease, context: ReleaseContext) -> Decided:
    if release is not None:
        raise Rejected("release.exists", ref=release.ref)
    # A hand-over may be of a release that is long past; a person plans what is ahead.
    target = command.target if command.source else context.base.ahead(command.target, "target", or_now=True)
    slug = parsed(parse_slug, command.slug, "slug") if command.slug else make_slug(target, context.slugs)
    if slug in context.slugs:
        raise Rejected("release.slug-taken", slug=slug, needs="slug")
    lines: dict[str, ReleaseLine] = {}
    for line in map(_clean, command.lines):
        if line.line in lines:
            raise Rejected("line.twice", line=line.line, needs="lines", field="lines")
        lines[line.line] = line
    event = e.ReleasePlanned(
        id=context.base.new_id,
        ref=context.base.new_ref,
        slug=slug,
        target=target,
        title=command.title,
        lines=tuple(lines[name] for name in newest_first(lines)),
        steward=context.base.find_person(command.steward),
        source=command.source,
    )
    return Decided(events=(event,))


def _clean(line: ReleaseLine) -> ReleaseLine:
    """The line with its version as written in texts; only what is recorded as released is out."""
    name = parse_line(line.line)
    if not line.version:
        return replace(line, line=name, released=False)
    version = parse_version(line.version)
    if line_of(version) != name:
        raise Rejected("line.foreign-version", line=name, version=str(version), needs="version", field="version")
    return replace(line, line=name, version=str(version), released=False)


def _retitle(release: Release, command: c.RetitleRelease, _context: ReleaseContext) -> Decided:
    title = need_text(command.title, "title", 200)
    if title == release.title:
        raise Rejected("change.nothing", field="title", needs="title")
    return Decided(events=(e.ReleaseRetitled(title=title),))


def _bundle(release: Release, command: c.BundleCase, context: ReleaseContext) -> Decided:
    _need_nothing_out(release, "plan-release")
    case = context.candidate
    if case is None:
        raise Rejected("case.unknown", ref=safe_line(command.case, 40), needs="case")
    if any(m.case == case.id for m in release.members):
        raise Rejected("release.already-bundled", ref=case.ref, release=release.ref, needs="case")
    if case.release:
        raise Rejected("release.bundled-elsewhere", ref=case.ref, release=case.release, needs="unbundle-case")
    if case.announcements or not case.is_open or not case.is_vulnerability:
        raise Rejected("release.case-not-open", ref=case.ref, needs="case")
    events = bundled(case, release, context.now)
    return Decided(events=(e.CaseBundled(case=case.id, ref=case.ref),), cases={case.id: events})


def _unbundle(release: Release, command: c.UnbundleCase, context: ReleaseContext) -> Decided:
    member = next((m for m in release.members if command.case.upper() in (m.ref, m.case)), None)
    if member is None:
        raise Rejected("release.not-bundled", ref=safe_line(command.case, 40), release=release.ref, needs="case")
    _need_not_public(release)
    case = next(m for m in context.members if m.id == member.case)
    event = e.CaseUnbundled(case=member.case, ref=member.ref, reason=command.reason)
    return Decided(events=(event,), cases={case.id: left(case, release, command.reason)})


def _line(release: Release, command: c.PlanLine, _context: ReleaseContext) -> Decided:
    line = _clean(ReleaseLine(**{name: getattr(command, name) for name in ReleaseLine.__struct_fields__}))
    old = next((x for x in release.lines if x.line == line.line), None)
    if old is not None and old.released:
        if line.version != old.version:
            raise Rejected("line.released", line=old.line, version=old.version, rule="released", needs="version")
        line = replace(line, released=True)
    elif command.released:
        raise Rejected("line.not-released", line=line.line, rule="released", needs="release-versions")
    return Decided(events=(e.ReleaseLineSet(line=line),))


def _drop_line(release: Release, command: c.DropLine, _context: ReleaseContext) -> Decided:
    line = next((x for x in release.lines if x.line == command.line), None)
    if line is None:
        raise Rejected("line.unknown", line=safe_line(command.line, 60), needs="plan-line")
    if line.released:
        raise Rejected("line.released", line=line.line, version=line.version, rule="released", needs="line")
    return Decided(events=(e.ReleaseLineDropped(line=line.line, reason=command.reason),))


def _dependency(_release: Release, command: c.SetDependency, _context: ReleaseContext) -> Decided:
    name = need_text(command.dependency.name, "name", 120)
    url = parsed(parse_http_url, command.dependency.url, "url") if command.dependency.url else ""
    return Decided(events=(e.DependencySet(dependency=replace(command.dependency, name=name, url=url)),))


def _drop_dependency(release: Release, command: c.DropDependency, _context: ReleaseContext) -> Decided:
    if not any(x.name == command.name for x in release.dependencies):
        raise Rejected("dependency.unknown", ref=release.ref, name=safe_line(command.name, 60), needs="set-dependency")
    return Decided(events=(e.DependencyDropped(name=command.name),))


def _postpone(release: Release, command: c.Postpone, context: ReleaseContext) -> Decided:
    _need_nothing_out(release, "plan-release")
    target = context.base.ahead(command.target, "target")
    if target == release.target:
        raise Rejected("change.nothing", field="target", needs="target")
    reason = need_text(command.reason, "reason", REASON_LIMIT)
    event = e.ReleasePostponed(at=context.now, old=release.target, new=target, reason=reason, heading=command.heading)
    moved = {m.id: date_of(m, target, release.ref, reason, old=release.target) for m in context.members}
    return Decided(events=(event,), cases={k: v for k, v in moved.items() if v})


def _pre_announce(release: Release, command: c.PreAnnounceRelease, context: ReleaseContext) -> Decided:
    _need_not_public(release)
    at = context.base.moment(command.at)
    url = parsed(parse_http_url, command.url, "url") if command.url else ""
    told = case_events.PreAnnounced(at=at, url=url, release=release.ref)
    return Decided(
        events=(e.ReleasePreAnnounced(at=at, url=url),),
        cases={m.id: (told,) for m in context.members if m.is_open},
    )


def _versions(release: Release, command: c.ReleaseVersions, context: ReleaseContext) -> Decided:
    at = _after_receipt(context, command.at)
    # Versions that are out show the problem: here no reason passes, an embargo that is broken is ended first.
    _need_over(context, at, "", "end-embargo")
    _need_confirmed(context)
    planned = {x.version: x.released for x in release.lines if x.version}
    named = tuple(dict.fromkeys(str(parse_version(v)) for v in command.versions))
    versions = named or tuple(version for version, out in planned.items() if not out)
    if not versions:
        raise Rejected("release.no-versions", ref=release.ref, rule="released", needs="plan-line", field="versions")
    for version in versions:
        if version not in planned:
            raise Rejected("release.not-planned", ref=release.ref, version=version, rule="released", needs="plan-line")
        if planned[version]:
            raise Rejected("release.version-out", ref=release.ref, version=version, rule="released", needs="versions")
    out = case_events.FixesReleased(at=at, versions=versions, release=release.ref)
    return Decided(
        events=(e.VersionsReleased(at=at, versions=versions),),
        cases={m.id: (out,) for m in context.members},
    )


def _announce(release: Release, command: c.AnnounceRelease, context: ReleaseContext) -> Decided:
    at = _after_receipt(context, command.at)
    override = command.override.strip()
    _need_over(context, at, override, "override")
    if not release.members:
        raise Rejected("release.empty", ref=release.ref, rule="announced", needs="bundle-case")
    _need_confirmed(context)
    unwritten = next((m for m in context.members if not m.advisory.revision), None)
    if unwritten is not None and not override:
        raise Rejected("advisory.missing", ref=unwritten.ref, rule="announced", needs="draft-advisory")
    destination = need_text(command.destination, "destination", 320)
    if any(a.destination.casefold() == destination.casefold() for a in release.announcements):
        raise Rejected(
            "announcement.twice", ref=release.ref, destination=destination, rule="announced", needs="destination"
        )
    # A reason that passed no guard is no override.
    passed = override if unwritten is not None or any(embargo_runs(m, at) for m in context.members) else ""
    sent = case_events.AnnouncementSent(
        at=at, destination=destination, message_id=command.message_id, override=passed, release=release.ref
    )
    event = e.ReleaseAnnounced(at=at, destination=destination, message_id=command.message_id, override=passed)
    told: dict[str, tuple[CaseEvent, ...]] = {
        m.id: (sent,)
        for m in context.members
        if all(a.destination.casefold() != destination.casefold() for a in m.announcements)
    }
    return Decided(events=(event,), cases=told)


def _after_receipt(context: ReleaseContext, at: datetime | None) -> datetime:
    """When something went out (UTC), not before the report of any case of the release came in."""
    return max((after_receipt(m, at, context.base) for m in context.members), default=context.base.moment(at))


def _need_over(context: ReleaseContext, at: datetime, override: str, needs: str) -> None:
    """No case of the release is secret, neither at `at` nor now, or a reason was given."""
    secret = [m for m in context.members if embargo_runs(m, min(at, context.now))]
    if not secret or override:
        return
    undated = next((m for m in secret if m.embargo.status != "agreed" or m.embargo.until is None), None)
    if undated is not None:
        raise Rejected("embargo.not-agreed", ref=undated.ref, rule="embargo", needs="agree-embargo")
    last = max(secret, key=lambda m: (m.embargo.until or at, m.ref))
    until = last.embargo.until.isoformat() if last.embargo.until else ""
    raise Rejected("embargo.running", ref=last.ref, until=until, rule="embargo", needs=needs)


def _need_confirmed(context: ReleaseContext) -> None:
    for member in context.members:
        if not member.announcements:
            need_confirmed(member)


def _need_not_public(release: Release) -> None:
    if release.announcements:
        raise Rejected("release.already-public", ref=release.ref, rule="announced")


def _need_nothing_out(release: Release, needs: str) -> None:
    """Neither the mail nor a version is out: what is public is neither moved nor added to."""
    _need_not_public(release)
    if release.released:
        raise Rejected("release.already-out", ref=release.ref, rule="released", needs=needs)


def _post(release: Release, command: c.PostRelease, context: ReleaseContext) -> Decided:
    if not release.announcements:
        raise Rejected("release.not-announced", ref=release.ref, rule="posted", needs="announce-release")
    if release.blog:
        raise Rejected("release.already-posted", ref=release.ref, url=release.blog.url, rule="posted")
    at = context.base.moment(command.at)
    first = release.announcements[0].at
    if at < first:
        raise Rejected(
            "date.before-announcement",
            value=at.isoformat(),
            announced=first.isoformat(),
            rule="posted",
            needs="at",
            field="at",
        )
    url = parsed(parse_http_url, command.url, "url")
    posted = case_events.BlogPublished(at=at, url=url, release=release.ref)
    return Decided(
        events=(e.ReleasePosted(at=at, url=url),),
        cases={m.id: (posted,) for m in context.members if m.blog is None and m.announcements},
    )


def _close(release: Release, command: c.CloseRelease, context: ReleaseContext) -> Decided:
    if not release.blog:
        raise Rejected("release.not-posted", ref=release.ref, rule="posted", needs="post-release")
    return Decided(events=(e.ReleaseClosed(at=context.base.moment(command.at), note=command.note),))


def _cancel(release: Release, command: c.CancelRelease, context: ReleaseContext) -> Decided:
    _need_nothing_out(release, "close-release")
    reason = need_text(command.reason, "reason", REASON_LIMIT)
    free = tuple(e.CaseUnbundled(case=m.case, ref=m.ref, reason=reason) for m in release.members)
    event = e.ReleaseCancelled(at=context.base.moment(command.at), reason=reason)
    return Decided(events=(*free, event), cases={m.id: left(m, release, reason) for m in context.members})


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
