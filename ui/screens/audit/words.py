"""The words and icons of the audit page: events in sentences, findings of the verification, names of fields."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from PySide6.QtCore import QCoreApplication

from app.desk.ports.vault import Finding
from app.domain.events import Event
from app.domain.untrusted import safe_line
from app.presenters.audit_words import finding_facts, finding_template
from app.presenters.words import SENTENCES, fill
from app.presenters.words_events import event_facts, utc_moment

translate = QCoreApplication.translate

_ICONS: Final[dict[str, str]] = {
    "ReportReceived": "mail",
    "RecordImported": "import",
    "ImportFinished": "import",
    "HandlerAssigned": "user",
    "PersonAdded": "user",
    "PersonChanged": "user",
    "ReportAcknowledged": "send",
    "DetailedReplySent": "send",
    "ReporterUpdated": "send",
    "WaitingForReporter": "pause",
    "ReporterAnswered": "mail",
    "MessageLogged": "mail",
    "ProblemConfirmed": "bug",
    "ReportRejected": "ban",
    "MarkedDuplicate": "copy",
    "CaseRetitled": "edit",
    "ReleaseRetitled": "edit",
    "TlpSet": "shield",
    "AffectedVersionsSet": "branch",
    "AffectedLineRemoved": "branch",
    "ReleaseLineSet": "branch",
    "ReleaseLineDropped": "branch",
    "SimilarCodeAudited": "search",
    "FixHeld": "branch",
    "EmbargoProposed": "lock",
    "EmbargoAgreed": "lock",
    "EmbargoMoved": "lock",
    "EmbargoDeclined": "lock",
    "EmbargoEnded": "unlock",
    "AnnouncementSent": "mail",
    "ReleaseAnnounced": "mail",
    "PreAnnounced": "megaphone",
    "ReleasePreAnnounced": "megaphone",
    "BlogPublished": "globe",
    "ReleasePosted": "globe",
    "RecordsPublished": "dataset",
    "Exported": "export",
    "ReleaseExported": "export",
    "DatasetExported": "export",
    "AttachmentAdded": "attachment",
    "StepSkipped": "minus",
    "CaseClosed": "check",
    "ReleaseClosed": "check",
    "CaseReopened": "undo",
    "ReleasePlanned": "release",
    "ReleasePostponed": "calendar",
    "ReleaseCancelled": "ban",
    "VersionsReleased": "release",
    "FixesReleased": "release",
    "CaseBundled": "release",
    "BundledInRelease": "release",
    "CaseUnbundled": "release",
    "UnbundledFromRelease": "release",
    "CheckpointMade": "shield",
    "DeviceEnrolled": "laptop",
    "SettingChanged": "settings",
    "StoreCreated": "key",
}


def icon_of(event: Event) -> str:
    """The icon of an event's kind; a pencil where it only changes a fact."""
    return _ICONS.get(type(event).__name__, "edit")


def is_override(event: Event) -> bool:
    """Whether the event passed a rule with a reason; such events stand out."""
    return bool(getattr(event, "override", ""))


def sentence_of(event: Event, moment: Callable[[datetime], str] = utc_moment) -> str:
    """The event in a translated sentence of at most 300 characters, with hostile characters made visible.

    `moment` says the instants in it; without one they are in UTC, as in a tool tip.
    """
    template = translate("events", SENTENCES[type(event).__name__])
    return safe_line(fill(template, dict(event_facts(event, moment))), 300)


def finding_sentence(finding: Finding) -> str:
    """What a finding of the verification means."""
    return fill(translate("findings", finding_template(finding)), finding_facts(finding))
