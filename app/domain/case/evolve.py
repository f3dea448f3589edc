"""How each event changes a case; never refuses what `decide` made, reads no clock.

Rule for whoever comes later: an event that was released keeps its effect on the fields that exist, because the digest
of the state after each event is part of the log. New knowledge becomes a new event, or a new field of the
state that is `UNSET` until an event sets it, so that the digests of old states stay as they were.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from app.domain.case import evolve_public as public
from app.domain.case.state import (
    Advisory,
    Case,
    DatasetEntry,
    Erasure,
    Message,
    Note,
    Outcome,
    Report,
    SimilarCodeAudit,
    Skip,
)
from app.domain.errors import Defect
from app.domain.events import CaseEvent
from app.domain.events import case_events as e
from app.domain.events import erasure_events as erasure
from app.domain.values import Announcement, Backdated, CveId, Pause, Person, Publication

Change = Callable[[Case, Any, datetime, Person], Case]

_PROMPT = timedelta(minutes=5)
"""What is recorded sooner than this counts as recorded when it happened."""


def evolve(case: Case | None, event: CaseEvent, at: datetime, actor: Person) -> Case:
    """The case after this event; `at` is the UTC instant of the event, `actor` who did it."""
    change = _CHANGES.get(type(event))
    if change is None:
        return _begun(event, at, actor)
    if case is None:
        raise Defect("case.missing", kind=type(event).__name__)
    changed = change(case, event, at, actor)
    said: datetime | None = getattr(event, "at", None)
    if said is not None and at - said > _PROMPT:
        late = Backdated(what=type(event).__name__, at=said, recorded_at=at)
        return replace(changed, updated_at=at, events=case.events + 1, backdated=(*changed.backdated, late))
    return replace(changed, updated_at=at, events=case.events + 1)


def _begun(event: CaseEvent, at: datetime, actor: Person) -> Case:
    """The case of an event that says all of it, whatever was before."""
    if isinstance(event, e.ReportReceived):
        return _received(event, at, actor)
    if isinstance(event, e.RecordImported):
        return _imported(event, at, actor)
    if isinstance(event, erasure.CaseErased):
        gone = Erasure(at=at, by=actor.name, reason=event.reason, rule=event.rule, done=True)
        return replace(event.remains, updated_at=at, events=event.remains.events + 1, erasure=gone)
    if isinstance(event, erasure.CaseSalvaged):
        return replace(event.remains, updated_at=at, events=event.remains.events + 1)
    raise Defect("case.missing", kind=type(event).__name__)


def _received(event: e.ReportReceived, at: datetime, actor: Person) -> Case:
    return Case(
        id=event.id,
        ref=event.ref,
        title=event.title,
        track=event.track,
        policy=event.policy,
        policy_version=event.policy_version,
        opened_at=at,
        opened_by=actor.name,
        updated_at=at,
        events=1,
        product=event.product,
        reporters=event.reporters,
        external=event.external,
        report=Report(
            received_at=event.received_at,
            channel=event.channel,
            subject=event.subject,
            message_id=event.message_id,
            references=event.references,
            text=event.text,
            attachments=event.attachments,
            source=event.source,
        ),
    )


def _imported(event: e.RecordImported, at: datetime, actor: Person) -> Case:
    public_at = event.published_at or at
    return Case(
        id=event.id,
        ref=event.ref,
        title=event.title,
        track=event.track,
        policy=event.policy,
        policy_version=event.policy_version,
        opened_at=at,
        opened_by=actor.name,
        updated_at=at,
        events=1,
        product=event.product,
        reporters=event.reporters,
        external=event.external,
        report=Report(received_at=public_at, channel="dataset", text=event.text, source=event.source),
        confirmed_at=public_at,
        severity=event.severity,
        tlp="CLEAR",
        lines=event.lines,
        lines_at=public_at if event.lines else None,
        cves=tuple(CveId(id=cve, assigned_at=public_at) for cve in event.cves),
        credits=event.credits,
        announcements=(Announcement(at=public_at, destination="public record"),),
        blog=Publication(at=public_at, url=event.references[0] if event.references else ""),
        records=(Publication(at=public_at, what=event.source.format),),
        closed=Outcome(at=at, what="imported"),
        dataset=DatasetEntry(
            kind=event.source.key.rsplit(":", 1)[0],
            number=event.number,
            fields=event.fields,
            findings=event.findings,
        ),
        references=event.references,
    )


def _assigned(case: Case, event: e.HandlerAssigned, at: datetime, _by: Person) -> Case:
    return replace(case, handler=event.person, handler_since=at)


def _acknowledged(case: Case, event: e.ReportAcknowledged, _at: datetime, _by: Person) -> Case:
    return replace(_contact(case, event.at, "acknowledgement", event), acknowledged_at=event.at)


def _replied(case: Case, event: e.DetailedReplySent, _at: datetime, _by: Person) -> Case:
    return replace(_contact(case, event.at, "detailed-reply", event), replied_at=event.at)


def _updated(case: Case, event: e.ReporterUpdated, _at: datetime, _by: Person) -> Case:
    return _contact(case, event.at, "progress-update", event)


def _contact(case: Case, at: datetime, purpose: Any, event: Any) -> Case:
    messages = case.messages
    if event.text or event.message_id:
        message = Message(direction="out", purpose=purpose, at=at, text=event.text, message_id=event.message_id)
        messages = (*messages, message)
    latest = max(at, case.contact_at) if case.contact_at else at
    return replace(case, contact_at=latest, messages=messages)


def _waiting(case: Case, event: e.WaitingForReporter, _at: datetime, _by: Person) -> Case:
    # Who is asked something hears from the team.
    latest = max(event.at, case.contact_at) if case.contact_at else event.at
    asked = Message(direction="out", purpose="question", at=event.at, text=event.question)
    return replace(case, waiting_since=event.at, contact_at=latest, messages=(*case.messages, asked))


def _answered(case: Case, event: e.ReporterAnswered, _at: datetime, _by: Person) -> Case:
    since = case.waiting_since or event.at
    pauses = (*case.pauses, Pause(since=since, until=event.at)) if event.at > since else case.pauses
    return replace(case, waiting_since=None, pauses=pauses)


def _confirmed(case: Case, event: e.ProblemConfirmed, _at: datetime, _by: Person) -> Case:
    return replace(case, confirmed_at=event.at)


def _rejected(case: Case, event: e.ReportRejected, _at: datetime, _by: Person) -> Case:
    outcome = Outcome(at=event.at, what=event.clause or "rejected", reason=event.reason)
    return replace(case, rejected=outcome, embargo=public.without_date(case.embargo))


def _duplicate(case: Case, event: e.MarkedDuplicate, _at: datetime, _by: Person) -> Case:
    return replace(case, duplicate_of=event.of, embargo=public.without_date(case.embargo))


def _retitled(case: Case, event: e.CaseRetitled, _at: datetime, _by: Person) -> Case:
    return replace(case, title=event.title)


def _rated(case: Case, event: e.SeverityRated, _at: datetime, _by: Person) -> Case:
    return replace(case, severity=event.severity)


def _tlp(case: Case, event: e.TlpSet, _at: datetime, _by: Person) -> Case:
    return replace(case, tlp=event.tlp)


def _affected(case: Case, event: e.AffectedVersionsSet, at: datetime, _by: Person) -> Case:
    new = {(line.product, line.line): line for line in event.lines}
    kept = [new.pop((line.product, line.line), line) for line in case.lines]
    return replace(case, lines=(*kept, *new.values()), lines_at=at)


def _line_removed(case: Case, event: e.AffectedLineRemoved, at: datetime, _by: Person) -> Case:
    kept = tuple(x for x in case.lines if (x.product, x.line) != (event.product, event.line))
    fixes = tuple(x for x in case.fixes if (x.product, x.line) != (event.product, event.line))
    return replace(case, lines=kept, lines_at=at, fixes=fixes)


def _audited(case: Case, event: e.SimilarCodeAudited, _at: datetime, _by: Person) -> Case:
    audit = SimilarCodeAudit(at=event.at, pattern=event.pattern, places=event.places, conclusion=event.conclusion)
    return replace(case, audit=audit)


def _fix(case: Case, event: e.FixHeld, at: datetime, _by: Person) -> Case:
    key = (event.fix.product, event.fix.line)
    kept = [event.fix if (x.product, x.line) == key else x for x in case.fixes]
    fixes = tuple(kept) if event.fix in kept else (*kept, event.fix)
    return replace(case, fixes=fixes, fixes_at=at)


def _advisory(case: Case, event: e.AdvisoryDrafted, at: datetime, _by: Person) -> Case:
    return replace(case, advisory=Advisory(revision=event.revision, body=event.body, by=event.by, at=at))


def _credits(case: Case, event: e.CreditsSet, _at: datetime, _by: Person) -> Case:
    return replace(case, credits=event.credits)


def _message(case: Case, event: e.MessageLogged, _at: datetime, _by: Person) -> Case:
    message = Message(
        direction=event.direction,
        purpose=event.purpose,
        at=event.at,
        subject=event.subject,
        counterpart=event.counterpart,
        text=event.text,
        message_id=event.message_id,
        original=event.original,
    )
    return replace(case, messages=(*case.messages, message))


def _note(case: Case, event: e.NoteAdded, at: datetime, by: Person) -> Case:
    return replace(case, notes=(*case.notes, Note(at=at, by=by.name, text=event.text)))


def _attachment(case: Case, event: e.AttachmentAdded, _at: datetime, _by: Person) -> Case:
    return replace(case, attachments=(*case.attachments, event.blob))


def _skipped(case: Case, event: e.StepSkipped, at: datetime, _by: Person) -> Case:
    others = tuple(s for s in case.skipped if s.step != event.step)
    return replace(case, skipped=(*others, Skip(step=event.step, reason=event.reason, at=at)))


def _closed(case: Case, event: e.CaseClosed, _at: datetime, _by: Person) -> Case:
    return replace(case, closed=Outcome(at=event.at, what="closed", reason=event.resolution))


def _reopened(case: Case, _event: e.CaseReopened, _at: datetime, _by: Person) -> Case:
    # A report that was judged wrongly is judged again.
    tlp = case.tlp if case.announcements or case.tlp != "CLEAR" else "AMBER+STRICT"
    return replace(case, closed=None, rejected=None, duplicate_of="", tlp=tlp, erasure=msgspec.UNSET)


def _erasure_proposed(case: Case, event: erasure.ErasureProposed, at: datetime, by: Person) -> Case:
    return replace(case, erasure=Erasure(at=at, by=by.name, reason=event.reason, rule=event.rule))


def _erasure_cancelled(case: Case, _event: erasure.ErasureCancelled, _at: datetime, _by: Person) -> Case:
    return replace(case, erasure=msgspec.UNSET)


_CHANGES: dict[type, Change] = {
    e.HandlerAssigned: _assigned,
    e.ReportAcknowledged: _acknowledged,
    e.DetailedReplySent: _replied,
    e.ReporterUpdated: _updated,
    e.WaitingForReporter: _waiting,
    e.ReporterAnswered: _answered,
    e.ProblemConfirmed: _confirmed,
    e.ReportRejected: _rejected,
    e.MarkedDuplicate: _duplicate,
    e.CaseRetitled: _retitled,
    e.SeverityRated: _rated,
    e.TlpSet: _tlp,
    e.AffectedVersionsSet: _affected,
    e.AffectedLineRemoved: _line_removed,
    e.SimilarCodeAudited: _audited,
    e.FixHeld: _fix,
    e.AdvisoryDrafted: _advisory,
    e.CreditsSet: _credits,
    e.MessageLogged: _message,
    e.NoteAdded: _note,
    e.AttachmentAdded: _attachment,
    e.StepSkipped: _skipped,
    e.CaseClosed: _closed,
    e.CaseReopened: _reopened,
    erasure.ErasureProposed: _erasure_proposed,
    erasure.ErasureCancelled: _erasure_cancelled,
    **public.CHANGES,
}
