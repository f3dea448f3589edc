"""The run sheet of a release: the steps of the day as its facts show them, each with the one thing that does it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from app.domain.case.embargo import embargo_runs
from app.domain.case.stage import affected_is_complete, fixes_are_ready
from app.domain.case.state import Case
from app.domain.policy import Policy, add_span
from app.domain.project import MailingList
from app.domain.release.state import Release
from app.domain.values import Announcement
from app.presenters.release import ReleaseFacts

SheetId = Literal["cases", "pre-announced", "embargo", "released", "mail", "copy", "posted", "records", "closed"]
SheetState = Literal["done", "open", "part", "waiting", "skipped"]
Lack = Literal["severity", "cve", "affected", "fixes", "advisory"]


class SheetStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step; instants are UTC. `verb` is the command that records it, empty where only time or a case does.

    `started` and `due` are the window of a promise; `destination` and `label` name the mailing list of a mail;
    `evidence` is the Message-ID or address on record; `place` is the case to go to for what is open,
    and `lacks` says what that case lacks.
    """

    id: SheetId
    state: SheetState
    verb: str = ""
    at: datetime | None = None
    started: datetime | None = None
    due: datetime | None = None
    count: int = 0
    of: int = 0
    waits_for: SheetId | None = None
    destination: str = ""
    label: str = ""
    evidence: str = ""
    place: str = ""
    lacks: tuple[Lack, ...] = ()

    @property
    def key(self) -> str:
        """The id, with the list where a release has several copies."""
        return f"{self.id}:{self.destination}" if self.id == "copy" else self.id

    def is_late(self, now: datetime) -> bool:
        """Whether the promise was due before `now` and is not kept."""
        return self.state in ("open", "part") and self.due is not None and now > self.due


def run_sheet(facts: ReleaseFacts, now: datetime) -> tuple[SheetStep, ...]:
    """The steps of the day in their order."""
    release, cases = facts.release, facts.cases
    project = facts.team.project
    lists = project.lists if project else ()
    first = next((x for x in lists if project and x.key == project.announcement_list), None)
    others = tuple(x for x in lists if x is not first)
    secret = any(embargo_runs(case, now) for case in cases)
    steps = [
        _cases(release, cases),
        _pre_announced(release, facts.policy, now),
        _embargo(release, cases, now),
        _released(release, secret=secret),
        _mail(release, cases, first, secret=secret),
        *(_copy(release, other) for other in others),
        _posted(release, facts.policy),
        *_records(release, cases),
        _closed(release),
    ]
    return tuple(steps if release.is_open else (_over(step) for step in steps))


def live_step(steps: tuple[SheetStep, ...]) -> SheetStep | None:
    """The step that is to be done now: the most urgent promise that runs, else the first that is open."""
    ready = [step for step in steps if step.state in ("open", "part")]
    promised = [step for step in ready if step.started is not None]
    return next(iter(promised or ready), None)


def sheet_progress(steps: tuple[SheetStep, ...]) -> tuple[int, int]:
    """How many steps are done or were left out, of how many."""
    return sum(step.state in ("done", "skipped") for step in steps), len(steps)


def lacks_of(case: Case) -> tuple[Lack, ...]:
    """What a case still lacks before it can become public, in the order of the work."""
    lacks: list[Lack] = []
    if not affected_is_complete(case):
        lacks.append("affected")
    if case.severity is None or case.severity.rating == "unknown":
        lacks.append("severity")
    if not fixes_are_ready(case) and affected_is_complete(case):
        lacks.append("fixes")
    if not case.cves:
        lacks.append("cve")
    if not case.advisory.revision:
        lacks.append("advisory")
    return tuple(lacks)


def embargo_end(case: Case) -> datetime | None:
    """When the embargo of a case was over (UTC): at its agreed instant, or earlier if it was ended before."""
    ends = [end for end in (case.embargo.ended_at, case.embargo.until) if end is not None]
    return min(ends, default=case.announced_at)


def _cases(release: Release, cases: tuple[Case, ...]) -> SheetStep:
    lacking = [case for case in cases if lacks_of(case)]
    count = len(cases) - len(lacking)
    if cases and not lacking:
        return SheetStep(id="cases", state="done", count=count, of=len(cases))
    if release.announcements:
        # What is public already is not made ready any more.
        return SheetStep(id="cases", state="skipped", count=count, of=len(cases))
    return SheetStep(
        id="cases",
        state="part" if count else "open",
        verb="" if cases else "bundle-case",
        count=count,
        of=len(cases),
        place=lacking[0].ref if lacking else "",
        lacks=lacks_of(lacking[0]) if lacking else (),
    )


def _pre_announced(release: Release, policy: Policy, now: datetime) -> SheetStep:
    verb = "pre-announce-release"
    if release.pre_announced:
        told = release.pre_announced
        return SheetStep(id="pre-announced", state="done", verb=verb, at=told.at, evidence=told.url)
    if release.announcements or now >= release.target:
        return SheetStep(id="pre-announced", state="skipped", verb=verb)
    return SheetStep(id="pre-announced", state="open", verb=verb, due=_notice_due(release, policy))


def _notice_due(release: Release, policy: Policy) -> datetime | None:
    """When the policy wants the coming release announced, if it says so."""
    rule = next((c for c in policy.clocks if c.satisfied_by == "pre-announced" and c.before), None)
    return add_span(release.target, rule.before, back=True) if rule else None


def _embargo(release: Release, cases: tuple[Case, ...], now: datetime) -> SheetStep:
    secret = [case for case in cases if embargo_runs(case, now)]
    if cases and not secret:
        ends = [embargo_end(case) or release.target for case in cases]
        return SheetStep(id="embargo", state="done", at=max(ends))
    if not cases and release.announcements:
        return SheetStep(id="embargo", state="skipped")
    until = max((case.embargo.until or release.target for case in secret), default=release.target)
    mixed = len({case.embargo.until for case in secret}) > 1
    return SheetStep(
        id="embargo",
        state="part" if 0 < len(secret) < len(cases) or mixed else "open",
        due=until,
        count=len(cases) - len(secret),
        of=len(cases),
    )


def _released(release: Release, *, secret: bool) -> SheetStep:
    out = sum(line.released for line in release.lines)
    planned = len(release.lines)
    last = release.released[-1].at if release.released else None
    if planned and out == planned:
        return SheetStep(id="released", state="done", verb="release-versions", at=last, count=out, of=planned)
    state: SheetState = "part" if out else "open"
    return SheetStep(
        id="released",
        state="waiting" if secret else state,
        verb="release-versions",
        count=out,
        of=planned,
        waits_for="embargo" if secret else None,
    )


def _sent(release: Release, destination: str) -> Announcement | None:
    return next((a for a in release.announcements if a.destination == destination), None)


def _mail(release: Release, cases: tuple[Case, ...], first: MailingList | None, *, secret: bool) -> SheetStep:
    address = first.address if first else ""
    # Without a list of its own the project's first announcement is the one that counts.
    sent = _sent(release, address) or next(iter(release.announcements), None)
    label = first.title or first.name if first else ""
    verb = "announce-release"
    if sent is not None:
        return SheetStep(
            id="mail",
            state="done",
            verb=verb,
            at=sent.at,
            destination=sent.destination,
            label=label if sent.destination == address else sent.destination,
            evidence=sent.message_id,
        )
    waits: SheetId | None = "cases" if not cases else "embargo" if secret else None
    return SheetStep(
        id="mail",
        state="waiting" if waits else "open",
        verb=verb,
        waits_for=waits,
        destination=address,
        label=label,
    )


def _copy(release: Release, other: MailingList) -> SheetStep:
    sent = _sent(release, other.address)
    label = other.title or other.name
    if sent is not None:
        return SheetStep(
            id="copy",
            state="done",
            verb="announce-release",
            at=sent.at,
            destination=other.address,
            label=label,
            evidence=sent.message_id,
        )
    waits = not release.announcements
    return SheetStep(
        id="copy",
        state="waiting" if waits else "open",
        verb="announce-release",
        waits_for="mail" if waits else None,
        destination=other.address,
        label=label,
    )


def _posted(release: Release, policy: Policy) -> SheetStep:
    verb = "post-release"
    if release.blog:
        return SheetStep(id="posted", state="done", verb=verb, at=release.blog.at, evidence=release.blog.url)
    if not release.announcements:
        return SheetStep(id="posted", state="waiting", verb=verb, waits_for="mail")
    started = release.announcements[0].at
    due = add_span(started, policy.blog_after_mail)
    return SheetStep(id="posted", state="open", verb=verb, started=started, due=due)


def _records(release: Release, cases: tuple[Case, ...]) -> tuple[SheetStep, ...]:
    if not cases:
        return ()
    lacking = [case for case in cases if not case.records]
    count = len(cases) - len(lacking)
    if not lacking:
        at = max(record.at for case in cases for record in case.records)
        return (SheetStep(id="records", state="done", at=at, count=count, of=len(cases)),)
    waits = not release.announcements
    state: SheetState = "part" if count else "open"
    return (
        SheetStep(
            id="records",
            state="waiting" if waits else state,
            count=count,
            of=len(cases),
            waits_for="mail" if waits else None,
            place=lacking[0].ref,
        ),
    )


def _closed(release: Release) -> SheetStep:
    verb = "close-release"
    if release.closed:
        return SheetStep(id="closed", state="done", verb=verb, at=release.closed.at, evidence=release.closed.reason)
    waits = release.blog is None
    return SheetStep(
        id="closed", state="waiting" if waits else "open", verb=verb, waits_for="posted" if waits else None
    )


def _over(step: SheetStep) -> SheetStep:
    """A step of a release that is closed or cancelled: done, or never to be."""
    if step.state == "done":
        return step
    return msgspec.structs.replace(step, state="skipped", due=None, started=None, waits_for=None)
