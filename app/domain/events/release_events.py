"""What can happen to a security release."""

from __future__ import annotations

from datetime import datetime

from app.domain.events.base import HistoryEvent
from app.domain.release.state import Release
from app.domain.values import Audience, Dependency, OutFile, Person, ReleaseLine, Source


class ReleaseEvent(HistoryEvent, frozen=True):
    """Base of the events of a release."""


class ReleasePlanned(ReleaseEvent, frozen=True):
    """A release was planned for an instant (UTC); its slug is fixed here and survives every postponement."""

    id: str
    ref: str
    slug: str
    target: datetime
    title: str = ""
    lines: tuple[ReleaseLine, ...] = ()
    steward: Person | None = None
    source: Source | None = None


class ReleaseRetitled(ReleaseEvent, frozen=True):
    """The working title changed."""

    title: str


class CaseBundled(ReleaseEvent, frozen=True):
    """A case becomes public with this release."""

    case: str
    ref: str


class CaseUnbundled(ReleaseEvent, frozen=True):
    """A case left this release."""

    case: str
    ref: str
    reason: str = ""


class ReleaseLineSet(ReleaseEvent, frozen=True):
    """What is planned for a line replaced what was planned for it before."""

    line: ReleaseLine


class ReleaseLineDropped(ReleaseEvent, frozen=True):
    """A line is no longer part of the release."""

    line: str
    reason: str = ""


class DependencySet(ReleaseEvent, frozen=True):
    """A dependency update that the release carries."""

    dependency: Dependency


class DependencyDropped(ReleaseEvent, frozen=True):
    """A dependency update left the release."""

    name: str


class ReleasePostponed(ReleaseEvent, frozen=True):
    """The target moved; the reason is told in public."""

    at: datetime
    old: datetime
    new: datetime
    reason: str
    heading: str = ""


class ReleasePreAnnounced(ReleaseEvent, frozen=True):
    """The coming release was announced."""

    at: datetime
    url: str = ""


class VersionsReleased(ReleaseEvent, frozen=True):
    """Versions of these lines are out."""

    at: datetime
    versions: tuple[str, ...]


class ReleaseAnnounced(ReleaseEvent, frozen=True):
    """The announcement went to a mailing list."""

    at: datetime
    destination: str
    message_id: str = ""
    override: str = ""


class ReleasePosted(ReleaseEvent, frozen=True):
    """The blog post is public."""

    at: datetime
    url: str


class ReleaseExported(ReleaseEvent, frozen=True):
    """Texts or records left the store for this release."""

    format: str
    audience: Audience
    files: tuple[OutFile, ...]
    override: str = ""
    missing: tuple[str, ...] = ()
    embargo_until: datetime | None = None


class ReleaseClosed(ReleaseEvent, frozen=True):
    """Nothing is left to do."""

    at: datetime
    note: str = ""


class ReleaseCancelled(ReleaseEvent, frozen=True):
    """The release will not happen."""

    at: datetime
    reason: str


class ReleaseSalvaged(ReleaseEvent, frozen=True):
    """The release as the state of a damaged store told it, where events that made it could not be read."""

    remains: Release
    lost: int = 0
