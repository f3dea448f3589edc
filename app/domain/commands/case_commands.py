"""What a person can do to a case: each command is a verb of the command line and of the window.

The verb is the kebab-case name of the type. An `at` left out means now; a moment in the future is refused.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from app.domain.values import (
    AffectedLine,
    AuditPlace,
    Blob,
    Channel,
    Credit,
    Direction,
    ExternalId,
    Fix,
    Purpose,
    Rating,
    Reporter,
    Severity,
    Source,
    Tlp,
    Track,
)


def verb_of(name: str) -> str:
    """`AssignCve` → `assign-cve`."""
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")


class CaseCommand(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="verb", tag=verb_of):
    """Base of the commands of a case."""


class Receive(CaseCommand, frozen=True):
    """Open a case for a report. Without `received_at` the clock starts now."""

    title: str
    track: Track = "core"
    policy: str = ""
    received_at: datetime | None = None
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


class ImportRecord(CaseCommand, frozen=True):
    """Take in a vulnerability that is already public, with every field of its record."""

    title: str
    source: Source
    number: int
    fields: tuple[tuple[str, Any], ...]
    track: Track = "core"
    policy: str = ""
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


class Assign(CaseCommand, frozen=True):
    """Give the case to a primary handler: the id, name or address of a person of the team; empty means yourself."""

    person: str = ""
    note: str = ""


class Acknowledge(CaseCommand, frozen=True):
    """Record that the reporter was told the report arrived."""

    at: datetime | None = None
    text: str = ""
    message_id: str = ""


class Reply(CaseCommand, frozen=True):
    """Record the detailed reply with the next steps."""

    at: datetime | None = None
    text: str = ""
    message_id: str = ""


class UpdateReporter(CaseCommand, frozen=True):
    """Record that the reporter was told of progress."""

    at: datetime | None = None
    text: str = ""
    message_id: str = ""


class WaitForReporter(CaseCommand, frozen=True):
    """Record a question to the reporter; promises that need the answer pause."""

    question: str
    at: datetime | None = None


class Resume(CaseCommand, frozen=True):
    """Record the reporter's answer; paused promises go on."""

    at: datetime | None = None
    note: str = ""


class Confirm(CaseCommand, frozen=True):
    """Record that the problem is a vulnerability."""

    at: datetime | None = None
    note: str = ""


class Reject(CaseCommand, frozen=True):
    """Record that the report is not a vulnerability, with the reason."""

    reason: str
    clause: str = ""
    at: datetime | None = None


class MarkDuplicate(CaseCommand, frozen=True):
    """Record that the problem is the one of another case, named by its reference."""

    of: str
    note: str = ""


class Retitle(CaseCommand, frozen=True):
    """Change the title."""

    title: str


class RateSeverity(CaseCommand, frozen=True):
    """Rate the severity. With a CVSS vector the score is computed, and the rating too unless one is named."""

    rating: Rating | None = None
    vector: str = ""
    cwe: str = ""
    reason: str = ""


class SetTlp(CaseCommand, frozen=True):
    """Change the sharing label (TLP 2.0)."""

    tlp: Tlp
    reason: str = ""


class SetAffected(CaseCommand, frozen=True):
    """Say what is known of these lines; lines not named keep what is known of them."""

    lines: tuple[AffectedLine, ...]


class RemoveLine(CaseCommand, frozen=True):
    """Take a line off the list of affected versions."""

    line: str
    product: str = ""
    reason: str = ""


class AuditSimilarCode(CaseCommand, frozen=True):
    """Record the search for similar problems: what was looked for, where, and the conclusion."""

    pattern: str
    conclusion: str = ""
    places: tuple[AuditPlace, ...] = ()
    at: datetime | None = None


class HoldFix(CaseCommand, frozen=True):
    """Record the fix of one line, held in the store, or its new state."""

    fix: Fix


class RequestCve(CaseCommand, frozen=True):
    """Record that a CVE id was asked for."""

    cna: str = ""
    at: datetime | None = None


class AssignCve(CaseCommand, frozen=True):
    """Record the CVE id that was assigned."""

    id: str
    cna: str = ""
    at: datetime | None = None


class WithdrawCve(CaseCommand, frozen=True):
    """Take a CVE id off the case."""

    id: str
    reason: str


class ProposeEmbargo(CaseCommand, frozen=True):
    """Propose the embargo instant; left out, the policy's suggestion is taken."""

    until: datetime | None = None
    party: str = ""
    reason: str = ""


class AgreeEmbargo(CaseCommand, frozen=True):
    """Agree on the embargo instant; left out, the proposed one is taken."""

    until: datetime | None = None
    party: str = ""
    reason: str = ""


class DeclineEmbargo(CaseCommand, frozen=True):
    """Record that the proposed instant was declined."""

    party: str = ""
    reason: str = ""


class MoveEmbargo(CaseCommand, frozen=True):
    """Move the agreed instant, with the reason."""

    until: datetime
    reason: str


class EndEmbargo(CaseCommand, frozen=True):
    """Record that the embargo ended; before its instant a reason is required."""

    reason: str = ""
    at: datetime | None = None


class DraftAdvisory(CaseCommand, frozen=True):
    """Save a new revision of the advisory. `base` is the revision it was written on, so that no work is overwritten."""

    body: str
    base: int | None = None


class SetCredits(CaseCommand, frozen=True):
    """Say who is thanked and how."""

    credits: tuple[Credit, ...]


class RecordPreAnnouncement(CaseCommand, frozen=True):
    """Record that the coming announcement was announced."""

    at: datetime | None = None
    url: str = ""


class RecordRelease(CaseCommand, frozen=True):
    """Record that the versions with the fixes are out."""

    versions: tuple[str, ...] = ()
    at: datetime | None = None


class RecordAnnouncement(CaseCommand, frozen=True):
    """Record that the announcement went to a mailing list; before the embargo ends only with a reason."""

    destination: str = ""
    message_id: str = ""
    at: datetime | None = None
    override: str = ""


class RecordPost(CaseCommand, frozen=True):
    """Record that the advisory is on the blog."""

    url: str
    at: datetime | None = None


class RecordPublication(CaseCommand, frozen=True):
    """Record that machine-readable records are public: `kinds` such as cve, osv, nswg."""

    kinds: tuple[str, ...]
    url: str = ""
    at: datetime | None = None


class LogMessage(CaseCommand, frozen=True):
    """Log a message of the correspondence."""

    direction: Direction
    purpose: Purpose = "other"
    subject: str = ""
    counterpart: str = ""
    text: str = ""
    message_id: str = ""
    at: datetime | None = None
    original: Blob | None = None


class AddNote(CaseCommand, frozen=True):
    """Add an internal note."""

    text: str


class AddAttachment(CaseCommand, frozen=True):
    """Add a stored file to the case."""

    blob: Blob
    note: str = ""


class SkipStep(CaseCommand, frozen=True):
    """Leave out a step of the process, with the reason."""

    step: str
    reason: str


class Close(CaseCommand, frozen=True):
    """Close the case when nothing is left to do."""

    resolution: str = ""
    at: datetime | None = None


class Reopen(CaseCommand, frozen=True):
    """Open a closed case again."""

    reason: str


class ProposeErasure(CaseCommand, frozen=True):
    """Propose to erase the texts and files of a closed case for good; the first of two steps, nothing is gone yet."""

    reason: str
    rule: str = ""


class CancelErasure(CaseCommand, frozen=True):
    """Keep the texts and files after all."""

    reason: str = ""


class Erase(CaseCommand, frozen=True):
    """Erase the texts and files of a case that was proposed for it, for good; `confirm` is its reference again."""

    confirm: str
