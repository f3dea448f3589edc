"""A case as its history makes it: a frozen value that only `evolve` produces."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from app.domain.values import (
    AffectedLine,
    Announcement,
    AuditPlace,
    Backdated,
    Blob,
    Channel,
    Credit,
    CveId,
    Direction,
    EmbargoMove,
    EmbargoStatus,
    ExternalId,
    Fix,
    OutFile,
    Pause,
    Person,
    Publication,
    Purpose,
    Reporter,
    Severity,
    Source,
    Tlp,
    Track,
    Value,
)


class Report(Value, frozen=True):
    """What was received, as received; attachments lie in the vault by digest."""

    received_at: datetime
    channel: Channel = "form"
    subject: str = ""
    message_id: str = ""
    references: tuple[str, ...] = ()
    text: str = ""
    attachments: tuple[Blob, ...] = ()
    source: Source | None = None


class Advisory(Value, frozen=True):
    """The advisory as last drafted; Markdown with level-two headings and `{fact}` places."""

    revision: int = 0
    body: str = ""
    by: str = ""
    at: datetime | None = None


class SimilarCodeAudit(Value, frozen=True):
    """The search for similar problems."""

    at: datetime
    pattern: str
    places: tuple[AuditPlace, ...] = ()
    conclusion: str = ""


class Embargo(Value, frozen=True):
    """The one instant before which nothing is public, and how it came about. `until` is set once agreed."""

    status: EmbargoStatus = "none"
    until: datetime | None = None
    proposed: datetime | None = None
    ended_at: datetime | None = None
    moves: tuple[EmbargoMove, ...] = ()


class Message(Value, frozen=True):
    """One message of the correspondence."""

    direction: Direction
    purpose: Purpose
    at: datetime
    subject: str = ""
    counterpart: str = ""
    text: str = ""
    message_id: str = ""
    original: Blob | None = None


class Note(Value, frozen=True):
    """An internal note."""

    at: datetime
    by: str
    text: str


class Skip(Value, frozen=True):
    """A step that does not apply, with the reason."""

    step: str
    reason: str
    at: datetime


class Outcome(Value, frozen=True):
    """Why a report did not become a vulnerability, or how a case was closed."""

    at: datetime
    what: str
    reason: str = ""


class ExportRecord(Value, frozen=True):
    """One export that left the store."""

    at: datetime
    format: str
    audience: str
    files: tuple[OutFile, ...]
    override: str = ""
    missing: tuple[str, ...] = ()


class DatasetEntry(Value, frozen=True):
    """The public record the case was imported from: its number and every field as read, in order."""

    kind: str
    number: int
    fields: tuple[tuple[str, Any], ...]
    findings: tuple[str, ...] = ()


class Erasure(Value, frozen=True):
    """That the texts and files of the case are to go, or are gone: since when (UTC), why, under which rule."""

    at: datetime
    by: str
    reason: str
    rule: str = ""
    done: bool = False


class Case(Value, frozen=True):
    """Everything that is true of a case after its events so far; all instants are UTC."""

    id: str
    ref: str
    title: str
    track: Track
    policy: str
    policy_version: int
    opened_at: datetime
    opened_by: str
    updated_at: datetime
    events: int
    report: Report
    product: str = ""
    reporters: tuple[Reporter, ...] = ()
    external: tuple[ExternalId, ...] = ()
    handler: Person | None = None
    handler_since: datetime | None = None
    acknowledged_at: datetime | None = None
    replied_at: datetime | None = None
    contact_at: datetime | None = None
    """When the reporter last heard from the team."""
    waiting_since: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    """Stretches in which the team waited for the reporter, the one that still runs left out."""
    backdated: tuple[Backdated, ...] = ()
    """What was put on record clearly later than it happened, so that a promise kept on paper can be told apart."""
    confirmed_at: datetime | None = None
    rejected: Outcome | None = None
    duplicate_of: str = ""
    severity: Severity | None = None
    tlp: Tlp = "AMBER+STRICT"
    lines: tuple[AffectedLine, ...] = ()
    lines_at: datetime | None = None
    audit: SimilarCodeAudit | None = None
    fixes: tuple[Fix, ...] = ()
    fixes_at: datetime | None = None
    cve_requested_at: datetime | None = None
    cves: tuple[CveId, ...] = ()
    embargo: Embargo = Embargo()
    advisory: Advisory = Advisory()
    credits: tuple[Credit, ...] = ()
    release: str = ""
    pre_announced: Publication | None = None
    released_at: datetime | None = None
    released_versions: tuple[str, ...] = ()
    announcements: tuple[Announcement, ...] = ()
    blog: Publication | None = None
    records: tuple[Publication, ...] = ()
    exports: tuple[ExportRecord, ...] = ()
    messages: tuple[Message, ...] = ()
    notes: tuple[Note, ...] = ()
    attachments: tuple[Blob, ...] = ()
    skipped: tuple[Skip, ...] = ()
    closed: Outcome | None = None
    dataset: DatasetEntry | None = None
    references: tuple[str, ...] = ()
    erasure: Erasure | msgspec.UnsetType = msgspec.UNSET

    @property
    def is_erased(self) -> bool:
        """Whether the texts and files of the case were destroyed."""
        return self.erasure is not msgspec.UNSET and self.erasure.done

    @property
    def is_open(self) -> bool:
        """Whether anything may still be asked of the team."""
        return self.closed is None

    @property
    def is_vulnerability(self) -> bool:
        """Whether the report was neither rejected nor found a duplicate."""
        return self.rejected is None and not self.duplicate_of

    @property
    def announced_at(self) -> datetime | None:
        """When the first announcement went out (UTC), or None."""
        return self.announcements[0].at if self.announcements else None

    def skips(self, step: str) -> Skip | None:
        """The recorded reason for leaving out a step of the process, or None."""
        return next((s for s in self.skipped if s.step == step), None)
