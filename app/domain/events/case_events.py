"""What can happen to a case; an event once written never changes, a new shape is a new optional field."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.domain.events.base import HistoryEvent
from app.domain.values import (
    AffectedLine,
    Audience,
    AuditPlace,
    Blob,
    Channel,
    Credit,
    Direction,
    ExternalId,
    Fix,
    OutFile,
    Person,
    Purpose,
    Reporter,
    Severity,
    Source,
    Tlp,
    Track,
)


class CaseEvent(HistoryEvent, frozen=True):
    """Base of the events of a case."""


class ReportReceived(CaseEvent, frozen=True):
    """A report came in; the case exists from here. Instants are UTC."""

    id: str
    ref: str
    title: str
    track: Track
    policy: str
    policy_version: int
    received_at: datetime
    channel: Channel = "form"
    reporters: tuple[Reporter, ...] = ()
    subject: str = ""
    message_id: str = ""
    references: tuple[str, ...] = ()
    text: str = ""
    attachments: tuple[Blob, ...] = ()
    source: Source | None = None
    external: tuple[ExternalId, ...] = ()
    product: str = ""


class RecordImported(CaseEvent, frozen=True):
    """A vulnerability that was already public came in as a whole record; the case is published and closed.

    `fields` holds every field of the record as it was read, in order, so that nothing is lost.
    """

    id: str
    ref: str
    title: str
    track: Track
    policy: str
    policy_version: int
    source: Source
    number: int
    fields: tuple[tuple[str, Any], ...]
    product: str = ""
    text: str = ""
    cves: tuple[str, ...] = ()
    severity: Severity | None = None
    lines: tuple[AffectedLine, ...] = ()
    credits: tuple[Credit, ...] = ()
    reporters: tuple[Reporter, ...] = ()
    references: tuple[str, ...] = ()
    published_at: datetime | None = None
    external: tuple[ExternalId, ...] = ()
    findings: tuple[str, ...] = ()


class HandlerAssigned(CaseEvent, frozen=True):
    """A primary handler took the case or was handed it."""

    person: Person
    note: str = ""


class ReportAcknowledged(CaseEvent, frozen=True):
    """The reporter was told that the report arrived."""

    at: datetime
    text: str = ""
    message_id: str = ""


class DetailedReplySent(CaseEvent, frozen=True):
    """The reporter was told the next steps."""

    at: datetime
    text: str = ""
    message_id: str = ""


class ReporterUpdated(CaseEvent, frozen=True):
    """The reporter was told of progress."""

    at: datetime
    text: str = ""
    message_id: str = ""


class WaitingForReporter(CaseEvent, frozen=True):
    """A question to the reporter is open; the promises that depend on an answer pause."""

    at: datetime
    question: str = ""


class ReporterAnswered(CaseEvent, frozen=True):
    """The answer came; paused promises go on."""

    at: datetime
    note: str = ""


class ProblemConfirmed(CaseEvent, frozen=True):
    """The team reproduced or understood the problem: it is a vulnerability."""

    at: datetime
    note: str = ""


class ReportRejected(CaseEvent, frozen=True):
    """Not a vulnerability, with the clause of the threat model that says so."""

    at: datetime
    reason: str
    clause: str = ""


class MarkedDuplicate(CaseEvent, frozen=True):
    """The same problem as another case."""

    of: str
    note: str = ""


class CaseRetitled(CaseEvent, frozen=True):
    """The title changed."""

    title: str


class SeverityRated(CaseEvent, frozen=True):
    """The team rated the severity, with its reason."""

    severity: Severity


class TlpSet(CaseEvent, frozen=True):
    """The sharing label changed (TLP 2.0)."""

    tlp: Tlp
    reason: str = ""


class AffectedVersionsSet(CaseEvent, frozen=True):
    """What is known of these lines replaced what was known of them before."""

    lines: tuple[AffectedLine, ...]


class AffectedLineRemoved(CaseEvent, frozen=True):
    """A line was taken off the list of affected versions."""

    line: str
    product: str = ""
    reason: str = ""


class SimilarCodeAudited(CaseEvent, frozen=True):
    """The code was searched for similar problems."""

    at: datetime
    pattern: str
    places: tuple[AuditPlace, ...] = ()
    conclusion: str = ""


class FixHeld(CaseEvent, frozen=True):
    """The fix of a line is held in the store, or its state changed."""

    fix: Fix


class CveRequested(CaseEvent, frozen=True):
    """A CVE id was asked for."""

    at: datetime
    cna: str = ""


class CveAssigned(CaseEvent, frozen=True):
    """A CVE id was assigned to this case."""

    id: str
    at: datetime
    cna: str = ""


class CveWithdrawn(CaseEvent, frozen=True):
    """A CVE id no longer belongs to this case."""

    id: str
    reason: str


class EmbargoProposed(CaseEvent, frozen=True):
    """Somebody proposed an embargo date."""

    until: datetime
    party: str = ""
    reason: str = ""


class EmbargoAgreed(CaseEvent, frozen=True):
    """The embargo date is agreed: one instant, before which nothing is public."""

    until: datetime
    party: str = ""
    reason: str = ""


class EmbargoDeclined(CaseEvent, frozen=True):
    """A proposed date was declined; an agreed one stays."""

    party: str = ""
    reason: str = ""


class EmbargoMoved(CaseEvent, frozen=True):
    """The agreed embargo date moved."""

    old: datetime
    until: datetime
    reason: str
    release: str = ""


class EmbargoEnded(CaseEvent, frozen=True):
    """The embargo ended, on its day or early."""

    at: datetime
    reason: str = ""


class EmbargoLapsed(CaseEvent, frozen=True):
    """The date that a release had given holds no longer, since the case left it; from here on it is a proposal only."""

    until: datetime
    release: str = ""
    reason: str = ""


class AdvisoryDrafted(CaseEvent, frozen=True):
    """A new revision of the advisory, in Markdown with level-two headings."""

    revision: int
    body: str
    by: str = ""


class CreditsSet(CaseEvent, frozen=True):
    """Who is thanked, and how, replaced what was known before."""

    credits: tuple[Credit, ...]


class BundledInRelease(CaseEvent, frozen=True):
    """The case becomes public with this release."""

    release: str
    target: datetime


class UnbundledFromRelease(CaseEvent, frozen=True):
    """The case left the release."""

    release: str
    reason: str = ""


class PreAnnounced(CaseEvent, frozen=True):
    """The coming release was announced in public, without the facts of the case."""

    at: datetime
    url: str = ""
    release: str = ""


class FixesReleased(CaseEvent, frozen=True):
    """The versions with the fixes are out."""

    at: datetime
    versions: tuple[str, ...] = ()
    release: str = ""


class AnnouncementSent(CaseEvent, frozen=True):
    """The announcement went to a mailing list."""

    at: datetime
    destination: str
    message_id: str = ""
    override: str = ""
    release: str = ""


class BlogPublished(CaseEvent, frozen=True):
    """The advisory is on the blog."""

    at: datetime
    url: str
    release: str = ""


class RecordsPublished(CaseEvent, frozen=True):
    """Machine-readable records are public."""

    at: datetime
    kinds: tuple[str, ...]
    url: str = ""


class Exported(CaseEvent, frozen=True):
    """Texts or records left the store: what, for whom, their digests, and why if a guard was passed."""

    format: str
    audience: Audience
    files: tuple[OutFile, ...]
    override: str = ""
    missing: tuple[str, ...] = ()
    embargo_until: datetime | None = None


class MessageLogged(CaseEvent, frozen=True):
    """A message of the correspondence."""

    direction: Direction
    purpose: Purpose
    at: datetime
    subject: str = ""
    counterpart: str = ""
    text: str = ""
    message_id: str = ""
    original: Blob | None = None


class NoteAdded(CaseEvent, frozen=True):
    """An internal note."""

    text: str


class AttachmentAdded(CaseEvent, frozen=True):
    """A file was put into the vault for this case."""

    blob: Blob
    note: str = ""


class StepSkipped(CaseEvent, frozen=True):
    """A step of the process does not apply here, with the reason."""

    step: str
    reason: str


class CaseClosed(CaseEvent, frozen=True):
    """Nothing is left to do."""

    at: datetime
    resolution: str = ""


class CaseReopened(CaseEvent, frozen=True):
    """There is something to do again."""

    reason: str
