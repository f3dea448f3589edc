"""The words and icons of the audit page: events in sentences, findings of the verification, names of fields."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from PySide6.QtCore import QCoreApplication

from app.desk.ports.vault import Finding
from app.domain.events import Event
from app.domain.events.erased import EventErased
from app.domain.untrusted import safe_line
from app.presenters.audit_words import Group, GroupWords, event_words, finding_facts, finding_template, group_words
from app.presenters.words import SENTENCES, fill
from app.presenters.words_events import event_facts, kind_words, utc_moment

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
    "WayInAdded": "key",
    "WayInRenamed": "key",
    "WayInChanged": "key",
    "WayInRevoked": "key",
    "StoreRekeyed": "key",
    "BackupMade": "archive",
    "BackupDrilled": "archive",
    "StoreRestored": "undo",
    "StoreRescued": "undo",
    "OlderCopyAccepted": "undo",
    "ClockWentBack": "clock",
    "ErasureProposed": "trash",
    "ErasureCancelled": "undo",
    "CaseErased": "trash",
    "CaseSalvaged": "undo",
    "ReleaseSalvaged": "undo",
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
    if isinstance(event, EventErased):
        kind = translate("events", kind_words(event.kind))
        return safe_line(translate("events", "{kind} (its text was erased)").format(kind=kind), 300)
    template = translate("events", SENTENCES[type(event).__name__])
    return safe_line(fill(template, dict(event_facts(event, moment))), 300)


def finding_words(group: Group, moment: Callable[[datetime], str] = utc_moment) -> GroupWords:
    """What findings of one kind mean, translated; `moment` says an instant."""
    return group_words(group, lambda sentence: translate("findings", sentence), moment)


def remark_sentence(remark: Finding, moment: Callable[[datetime], str] = utc_moment) -> str:
    """What a remark says, and before which event."""

    def say(sentence: str) -> str:
        return translate("findings", sentence)

    said = fill(say(finding_template(remark)), finding_facts(remark))
    return f"{said} {event_words(remark.seq, remark.event, say, moment)}"
