"""Each event in a plain sentence, for the history and the command line; `{…}` places are facts of the event."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from app.domain.events import Event
from app.domain.events.erased import EventErased
from app.domain.untrusted import safe_line
from app.domain.values import AffectedLine
from app.presenters.words_steps import FIX_STATES, LINE_STATUSES, RATINGS, STEPS

_PROMPT = timedelta(minutes=5)

SENTENCES: dict[str, str] = {
    "ReportReceived": "Received the report “{title}” {channel}",
    "RecordImported": "Imported the public record {key}: “{title}”",
    "HandlerAssigned": "Made {person} the primary handler",
    "ReportAcknowledged": "Acknowledged the report",
    "DetailedReplySent": "Sent the detailed reply",
    "ReporterUpdated": "Told the reporter of progress",
    "WaitingForReporter": "Asked the reporter and waits for the answer",
    "ReporterAnswered": "Recorded the reporter's answer",
    "ProblemConfirmed": "Confirmed the problem",
    "ReportRejected": "Rejected the report: {reason}",
    "MarkedDuplicate": "Marked the case as a duplicate of {of}",
    "CaseRetitled": "Changed the title to “{title}”",
    "SeverityRated": "Rated the severity {severity}",
    "TlpSet": "Set the sharing label to TLP:{tlp}{because}",
    "AffectedVersionsSet": "Set affected versions: {lines}",
    "AffectedLineRemoved": "Took {line} off the affected versions{because}",
    "SimilarCodeAudited": "Audited similar code: {pattern}",
    "FixHeld": "Fix for {fix}",
    "CveRequested": "Requested a CVE",
    "CveAssigned": "Recorded {id}",
    "CveWithdrawn": "Took {id} off the case: {reason}",
    "EmbargoProposed": "Proposed the embargo until {until}{because}",
    "EmbargoAgreed": "Agreed the embargo until {until}{because}",
    "EmbargoDeclined": "Recorded that the proposed embargo was declined{because}",
    "EmbargoMoved": "Moved the embargo from {old} to {until}: {reason}",
    "EmbargoEnded": "Ended the embargo{because}",
    "EmbargoLapsed": "Left {release}, so the embargo until {until} holds no longer; it is a proposal now",
    "AdvisoryDrafted": "Saved revision {revision} of the advisory",
    "CreditsSet": "Set the credits: {credits}",
    "BundledInRelease": "Bundled in {release}",
    "UnbundledFromRelease": "Taken out of {release}{because}",
    "PreAnnounced": "Announced the coming release",
    "FixesReleased": "Released {versions}",
    "AnnouncementSent": "Sent the announcement to {destination}",
    "BlogPublished": "Published on the blog: {url}",
    "RecordsPublished": "Published the records {kinds}",
    "Exported": "Exported {format}: {files}",
    "MessageLogged": "Logged a message: {subject}",
    "NoteAdded": "Added a note",
    "ErasureProposed": "Proposed to erase the texts and files of the case: {reason}",
    "ErasureCancelled": "Kept the texts and files after all{because}",
    "CaseErased": "Erased the texts and files of the case: {reason}",
    "CaseSalvaged": "Took the case over from a damaged store as its last state told it; {lost} events are lost",
    "ReleaseSalvaged": "Took the release over from a damaged store as its last state told it; {lost} events are lost",
    "WayInAdded": "Added a way in: {label}",
    "WayInRenamed": "Renamed a way in to {label}",
    "WayInChanged": "Replaced the secret of a way in: {label}",
    "WayInRevoked": "Revoked a way in: {label}",
    "StoreRekeyed": "Replaced the store key; this is key {epoch}",
    "BackupMade": "Made the backup {name} ({events} events)",
    "BackupDrilled": "Restored the backup {name} on trial",
    "StoreRestored": "Went on from a backup of {events} events",
    "StoreRescued": "Told the events of a damaged store again: {events} kept, {lost} lost",
    "OlderCopyAccepted": "Went on with an older copy of the store: it has {events} events, this machine had seen {seen}",
    "ClockWentBack": "The clock went back from {before} to {seen}",
    "AttachmentAdded": "Added the file {blob}",
    "StepSkipped": "Skipped “{step}”: {reason}",
    "CaseClosed": "Closed the case{because}",
    "CaseReopened": "Reopened the case: {reason}",
    "ReleasePlanned": "Planned the release {slug} for {target}",
    "ReleaseRetitled": "Changed the title to “{title}”",
    "CaseBundled": "Bundled {ref}",
    "CaseUnbundled": "Took {ref} out{because}",
    "ReleaseLineSet": "Planned {line}",
    "ReleaseLineDropped": "Dropped line {line}{because}",
    "DependencySet": "Set the dependency update {dependency}",
    "DependencyDropped": "Dropped the dependency update {name}",
    "ReleasePostponed": "Postponed from {old} to {new}: {reason}",
    "ReleasePreAnnounced": "Announced the coming release",
    "VersionsReleased": "Released {versions}",
    "ReleaseAnnounced": "Sent the announcement to {destination}",
    "ReleasePosted": "Published the blog post: {url}",
    "ReleaseExported": "Exported {format}: {files}",
    "ReleaseClosed": "Closed the release",
    "ReleaseCancelled": "Cancelled the release: {reason}",
    "StoreCreated": "Created the store “{name}”",
    "ProjectDescribed": "Described the project {project}",
    "DeviceEnrolled": "Enrolled the device {label}",
    "PersonAdded": "Added {person} to the team",
    "PersonChanged": "Changed the entry of {person}",
    "SettingChanged": "Set {key} to {value}",
    "CheckpointMade": "Made a checkpoint of {count} events",
    "DatasetExported": "Exported {format}: {files}",
    "CatalogueExtended": "Extended the catalogue of {product}: {releases}; lines {lines}",
    "ImportFinished": "Imported {cases} cases and {releases} releases; {known} known, {refused} refused",
}


def utc_moment(when: datetime) -> str:
    """`2026-11-30 15:00 UTC`, as the command line says an instant."""
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def sentence(event: Event, moment: Callable[[datetime], str] = utc_moment) -> str:
    """The event in a plain English sentence of at most 300 characters, with hostile characters made visible.

    `moment` says the instants in it; the window gives its local ones.
    """
    if isinstance(event, EventErased):
        return safe_line(f"{kind_words(event.kind)} (its text was erased)", 300)
    said = SENTENCES[type(event).__name__].format_map(event_facts(event, moment))
    override = getattr(event, "override", "")
    return safe_line(f"{said}; a guard was passed: {override}" if override else said, 300)


def dated(event: Event, recorded: datetime) -> datetime | None:
    """When what the event tells happened (UTC), where that was clearly before it was put on record; else None."""
    said: datetime | None = getattr(event, "at", None) or getattr(event, "received_at", None)
    return said if said is not None and recorded - said > _PROMPT else None


def event_facts(event: Event, moment: Callable[[datetime], str] = utc_moment) -> dict[str, str]:
    """The facts of an event as short words, by field name."""
    facts = {name: _word(name, getattr(event, name), moment) for name in event.__struct_fields__}
    source = getattr(event, "source", None)
    facts["key"] = source.key if source else ""
    because = getattr(event, "reason", "") or getattr(event, "resolution", "")
    facts["because"] = f": {_word('reason', because, moment)}" if because else ""
    return facts


def _word(name: str, value: Any, moment: Callable[[datetime], str]) -> str:
    if isinstance(value, datetime):
        return moment(value)
    if name in _SPECIAL and value is not None:
        return _SPECIAL[name](value)
    if isinstance(value, tuple):
        return ", ".join(str(v) for v in value[:6])
    if isinstance(value, msgspec.Struct):
        return str(getattr(value, "name", "") or getattr(value, "line", ""))
    return str(value)[:200]


def _severity(value: Any) -> str:
    word = RATINGS.get(value.rating, value.rating).lower()
    return f"{word} ({value.score})" if value.score is not None else word


def _lines(value: Any) -> str:
    return ", ".join(_line_in_short(x) for x in value[:8]) or "none"


def _line_in_short(value: Any) -> str:
    """A line of a case with its status, a line of a release or a dependency by its name."""
    if isinstance(value, AffectedLine):
        return f"{value.line} {LINE_STATUSES.get(value.status, value.status).lower()}"
    return value if isinstance(value, str) else str(value.line)


def _fix(value: Any) -> str:
    return f"{value.line}: {FIX_STATES.get(value.state, value.state).lower()}"


def _line(value: Any) -> str:
    if isinstance(value, str):
        return value
    return f"{value.line} as {value.version}" if value.version else f"{value.line}, version not decided"


def kind_words(value: str) -> str:
    """`NoteAdded` → `Note added`."""
    return "".join(f" {c.lower()}" if c.isupper() and at else c for at, c in enumerate(value))


CHANNELS: dict[str, str] = {
    "email": "by mail",
    "hackerone": "from HackerOne",
    "github": "from GitHub",
    "phone": "by phone",
    "form": "by the form",
    "handover": "from a hand-over",
    "dataset": "from the public dataset",
}
"""How a report came in, by channel."""

_SPECIAL: dict[str, Callable[[Any], str]] = {
    "severity": _severity,
    "lines": _lines,
    "fix": _fix,
    "line": _line,
    "files": lambda v: ", ".join(f.name for f in v[:4]) + (f" and {len(v) - 4} more" if len(v) > 4 else ""),
    "credits": lambda v: ", ".join(c.name for c in v[:6]) or "nobody",
    "step": lambda v: STEPS.get(v, v),
    "blob": lambda v: v.name,
    "releases": lambda v: f"{len(v)} releases" if isinstance(v, tuple) else str(v),
    "channel": lambda v: CHANNELS.get(v, f"by {v}"),
}
