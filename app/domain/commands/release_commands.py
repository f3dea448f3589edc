"""What a person can do to a security release; each command is a verb of the command line and of the window."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.domain.commands.case_commands import verb_of
from app.domain.values import Dependency, ReleaseLine, Source


class ReleaseCommand(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="verb", tag=verb_of
):
    """Base of the commands of a release."""


class PlanRelease(ReleaseCommand, frozen=True):
    """Plan a security release for an instant. The slug is made from it and kept through every postponement."""

    target: datetime
    title: str = ""
    slug: str = ""
    lines: tuple[ReleaseLine, ...] = ()
    steward: str = ""
    source: Source | None = None


class RetitleRelease(ReleaseCommand, frozen=True):
    """Change the working title."""

    title: str


class BundleCase(ReleaseCommand, frozen=True):
    """Let a case become public with this release."""

    case: str


class UnbundleCase(ReleaseCommand, frozen=True):
    """Take a case out of this release."""

    case: str
    reason: str = ""


class PlanLine(ReleaseCommand, frozen=True):
    """Say what is planned for a line: its version, who releases it, whether it is out."""

    line: str
    version: str = ""
    releaser: str = ""
    released: bool = False
    label: str = ""


class DropLine(ReleaseCommand, frozen=True):
    """Take a line out of the release."""

    line: str
    reason: str = ""


class SetDependency(ReleaseCommand, frozen=True):
    """Say which dependency update the release carries."""

    dependency: Dependency


class DropDependency(ReleaseCommand, frozen=True):
    """Take a dependency update out of the release."""

    name: str


class Postpone(ReleaseCommand, frozen=True):
    """Move the release to another instant; every bundled case's embargo moves with it."""

    target: datetime
    reason: str
    heading: str = ""


class PreAnnounceRelease(ReleaseCommand, frozen=True):
    """Record that the coming release was announced."""

    at: datetime | None = None
    url: str = ""


class ReleaseVersions(ReleaseCommand, frozen=True):
    """Record that versions are out: each must be the planned version of its line."""

    versions: tuple[str, ...] = ()
    at: datetime | None = None


class AnnounceRelease(ReleaseCommand, frozen=True):
    """Record that the announcement went to a mailing list, for the release and every case in it."""

    destination: str = ""
    message_id: str = ""
    at: datetime | None = None
    override: str = ""


class PostRelease(ReleaseCommand, frozen=True):
    """Record that the blog post is public, for the release and every case in it."""

    url: str
    at: datetime | None = None


class CloseRelease(ReleaseCommand, frozen=True):
    """Close the release when nothing is left to do."""

    note: str = ""
    at: datetime | None = None


class CancelRelease(ReleaseCommand, frozen=True):
    """Cancel a release that will not happen; its cases become free."""

    reason: str
    at: datetime | None = None
