"""A security release as its history makes it."""

from __future__ import annotations

from datetime import datetime

from app.domain.case.state import ExportRecord, Outcome
from app.domain.values import (
    Announcement,
    Dependency,
    Person,
    Postponement,
    Publication,
    ReleaseLine,
    Source,
    Value,
)


class Member(Value, frozen=True):
    """A case that becomes public with the release: its id and reference."""

    case: str
    ref: str


class Release(Value, frozen=True):
    """Everything that is true of a release after its events so far; instants are UTC."""

    id: str
    ref: str
    slug: str
    target: datetime
    first_target: datetime
    opened_at: datetime
    updated_at: datetime
    events: int
    title: str = ""
    lines: tuple[ReleaseLine, ...] = ()
    members: tuple[Member, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    postponements: tuple[Postponement, ...] = ()
    steward: Person | None = None
    source: Source | None = None
    pre_announced: Publication | None = None
    released: tuple[Publication, ...] = ()
    announcements: tuple[Announcement, ...] = ()
    blog: Publication | None = None
    exports: tuple[ExportRecord, ...] = ()
    closed: Outcome | None = None
    cancelled: Outcome | None = None

    @property
    def is_open(self) -> bool:
        """Whether the release is still ahead or under way."""
        return self.closed is None and self.cancelled is None
