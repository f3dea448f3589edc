"""What may be done to a case: a command becomes events, or a refusal that names its rule and what would satisfy it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from app.domain.case import decide_erasure as erasure
from app.domain.case import decide_public as public
from app.domain.case import decide_technical as technical
from app.domain.case.context import Context, need_text, parsed
from app.domain.case.guards import (
    after_announcement,
    after_receipt,
    need_alone,
    need_not_public,
    need_open,
    need_vulnerability,
)
from app.domain.case.state import Case
from app.domain.case.steps import is_done
from app.domain.commands import CaseCommand
from app.domain.commands import case_commands as c
from app.domain.commands.limits import REASON_LIMIT, TITLE_LIMIT, cleaned
from app.domain.errors import Defect, Rejected
from app.domain.events import CaseEvent
from app.domain.events import case_events as e
from app.domain.identifiers import parse_cve_id, parse_email_address, parse_http_url
from app.domain.untrusted import TEXT_LIMIT
from app.domain.values import Reporter

Events = tuple[CaseEvent, ...]


def decide(case: Case | None, command: CaseCommand, context: Context) -> Events:
    """The events of a command; raises Rejected where the policy or the facts forbid it. Pure."""
    command = cleaned(command)
    if isinstance(command, c.Receive):
        return _receive(case, command, context)
    if isinstance(command, c.ImportRecord):
        return _import(case, command, context)
    if case is None:
        raise Defect("case.missing", verb=type(command).__name__)
    if case.is_erased:
        raise Rejected("case.erased", ref=case.ref, rule="erased")
    return _DECISIONS[type(command)](case, command, context)


def _must_be_new(case: Case | None) -> None:
    if case is not None:
        raise Rejected("case.exists", ref=case.ref)


def _receive(case: Case | None, command: c.Receive, context: Context) -> Events:
    _must_be_new(case)
    event = e.ReportReceived(
        id=context.new_id,
        ref=context.new_ref,
        title=need_text(command.title, "title", TITLE_LIMIT),
        track=command.track,
        policy=context.policy.name,
        policy_version=context.policy.version,
        received_at=context.moment(command.received_at, "received_at"),
        channel=command.channel,
        reporters=tuple(_reporter(who, f"reporters[{place}]") for place, who in enumerate(command.reporters)),
        subject=command.subject,
        message_id=command.message_id,
        references=command.references,
        text=command.text,
        attachments=command.attachments,
        source=command.source,
        external=command.external,
        product=command.product,
    )
    return (event,)


def _reporter(who: Reporter, path: str) -> Reporter:
    """A reporter who can be named, with an address that can be written to and a page that can be linked, if any."""
    need_text(who.name or who.handle, f"{path}.name", REASON_LIMIT)
    email = parsed(parse_email_address, who.email, f"{path}.email") if who.email else ""
    website = parsed(parse_http_url, who.website, f"{path}.website") if who.website else ""
    return replace(who, email=email, website=website)


def _import(case: Case | None, command: c.ImportRecord, context: Context) -> Events:
    _must_be_new(case)
    event = e.RecordImported(
        id=context.new_id,
        ref=context.new_ref,
        title=need_text(command.title, "title", TITLE_LIMIT),
        track=command.track,
        policy=context.policy.name,
        policy_version=context.policy.version,
        source=command.source,
        number=command.number,
        fields=command.fields,
        product=command.product,
        text=command.text,
        cves=tuple(dict.fromkeys(parsed(parse_cve_id, cve, "cves") for cve in command.cves)),
        severity=command.severity,
        lines=command.lines,
        credits=command.credits,
        reporters=command.reporters,
        references=command.references,
        published_at=command.published_at,
        external=command.external,
        findings=command.findings,
    )
    return (event,)


def _assign(case: Case, command: c.Assign, context: Context) -> Events:
    need_open(case)
    person = context.find_person(command.person)
    if case.handler == person:
        raise Rejected("case.already-assigned", ref=case.ref, name=person.name, needs="person")
    return (e.HandlerAssigned(person=person, note=command.note),)


def _acknowledge(case: Case, command: c.Acknowledge, context: Context) -> Events:
    need_open(case)
    if case.acknowledged_at:
        raise Rejected("case.already-acknowledged", ref=case.ref, rule="acknowledge", needs="update-reporter")
    at = after_receipt(case, command.at, context)
    return (e.ReportAcknowledged(at=at, text=command.text, message_id=command.message_id),)


def _reply(case: Case, command: c.Reply, context: Context) -> Events:
    need_open(case)
    _need_acknowledged(case, "reply")
    if case.replied_at:
        raise Rejected("case.already-replied", ref=case.ref, rule="reply", needs="update-reporter")
    at = _after_acknowledgement(case, command.at, context)
    return (e.DetailedReplySent(at=at, text=command.text, message_id=command.message_id),)


def _update(case: Case, command: c.UpdateReporter, context: Context) -> Events:
    need_open(case)
    _need_acknowledged(case, "update")
    at = _after_acknowledgement(case, command.at, context)
    return (e.ReporterUpdated(at=at, text=command.text, message_id=command.message_id),)


def _need_acknowledged(case: Case, rule: str) -> None:
    if not (case.acknowledged_at or case.skips("acknowledged")):
        raise Rejected("case.not-acknowledged", ref=case.ref, rule=rule, needs="acknowledge")


def _after_acknowledgement(case: Case, at: Any, context: Context) -> Any:
    moment = after_receipt(case, at, context)
    first = case.acknowledged_at
    if first and moment < first:
        raise Rejected(
            "date.before-acknowledgement",
            needs="at",
            field="at",
            value=moment.isoformat(),
            acknowledged=first.isoformat(),
        )
    return moment


def _wait(case: Case, command: c.WaitForReporter, context: Context) -> Events:
    need_open(case)
    if case.waiting_since:
        raise Rejected("case.already-waiting", ref=case.ref, needs="resume")
    question = need_text(command.question, "question", REASON_LIMIT)
    return (e.WaitingForReporter(at=after_receipt(case, command.at, context), question=question),)


def _resume(case: Case, command: c.Resume, context: Context) -> Events:
    if not case.waiting_since:
        raise Rejected("case.not-waiting", ref=case.ref, needs="wait-for-reporter")
    at = context.moment(command.at)
    if at < case.waiting_since:
        asked = case.waiting_since.isoformat()
        raise Rejected("date.before-question", needs="at", field="at", value=at.isoformat(), asked=asked)
    return (e.ReporterAnswered(at=at, note=command.note),)


def _confirm(case: Case, command: c.Confirm, context: Context) -> Events:
    need_vulnerability(case)
    if case.confirmed_at:
        raise Rejected("case.already-confirmed", ref=case.ref, rule="confirmed")
    return (e.ProblemConfirmed(at=after_receipt(case, command.at, context), note=command.note),)


def _reject(case: Case, command: c.Reject, context: Context) -> Events:
    need_vulnerability(case)
    need_not_public(case)
    need_alone(case, "unbundle-case")
    reason = need_text(command.reason, "reason", REASON_LIMIT)
    return (e.ReportRejected(at=after_receipt(case, command.at, context), reason=reason, clause=command.clause),)


def _duplicate(case: Case, command: c.MarkDuplicate, _context: Context) -> Events:
    need_vulnerability(case)
    other = need_text(command.of, "of", 100)
    if other in (case.ref, case.id):
        raise Rejected("case.own-duplicate", ref=case.ref, needs="of")
    need_not_public(case)
    need_alone(case, "unbundle-case")
    return (e.MarkedDuplicate(of=other, note=command.note),)


def _retitle(case: Case, command: c.Retitle, _context: Context) -> Events:
    title = need_text(command.title, "title", TITLE_LIMIT)
    if title == case.title:
        raise Rejected("change.nothing", field="title", needs="title")
    return (e.CaseRetitled(title=title),)


def _tlp(case: Case, command: c.SetTlp, _context: Context) -> Events:
    if command.tlp == case.tlp:
        raise Rejected("change.nothing", field="tlp", needs="tlp")
    if command.tlp == "CLEAR" and case.is_vulnerability and case.embargo.status != "ended" and not case.announcements:
        # TLP 2.0: CLEAR has no limit on disclosure, an embargo is one, and a date that is over can still be moved.
        raise Rejected("tlp.secret", ref=case.ref, rule="embargo", needs="end-embargo")
    return (e.TlpSet(tlp=command.tlp, reason=command.reason),)


def _message(case: Case, command: c.LogMessage, context: Context) -> Events:
    if not (command.text.strip() or command.subject or command.original):
        raise Rejected("text.empty", needs="text", field="text")
    event = e.MessageLogged(
        direction=command.direction,
        purpose=command.purpose,
        at=context.moment(command.at),
        subject=command.subject,
        counterpart=command.counterpart,
        text=command.text,
        message_id=command.message_id,
        original=command.original,
    )
    return (event, *_kept_by(case, event, context))


def _kept_by(case: Case, event: e.MessageLogged, context: Context) -> Events:
    """What a message to the reporter also is: whoever logs an acknowledgement has not to record it once more."""
    if event.direction != "out" or not case.is_open:
        return ()
    if event.purpose == "acknowledgement" and not case.acknowledged_at:
        return (e.ReportAcknowledged(at=after_receipt(case, event.at, context)),)
    if case.acknowledged_at is None and not case.skips("acknowledged"):
        return ()
    if event.purpose == "detailed-reply" and not case.replied_at:
        return (e.DetailedReplySent(at=_after_acknowledgement(case, event.at, context)),)
    if event.purpose in ("detailed-reply", "progress-update"):
        return (e.ReporterUpdated(at=_after_acknowledgement(case, event.at, context)),)
    return ()


def _note(_case: Case, command: c.AddNote, _context: Context) -> Events:
    return (e.NoteAdded(text=need_text(command.text, "text", TEXT_LIMIT)),)


def _attach(_case: Case, command: c.AddAttachment, _context: Context) -> Events:
    return (e.AttachmentAdded(blob=command.blob, note=command.note),)


def _skip(case: Case, command: c.SkipStep, context: Context) -> Events:
    need_open(case)
    rule = next((s for s in context.policy.steps if s.id == command.step and case.track in s.tracks), None)
    if rule is None:
        raise Rejected("step.unknown", value=command.step[:40], policy=context.policy.name, needs="step")
    if not rule.skippable:
        raise Rejected("step.required", step=rule.id, policy=context.policy.name, rule=rule.id, needs=rule.action)
    if is_done(case, rule.id):
        raise Rejected("step.done", step=rule.id, rule=rule.id)
    return (e.StepSkipped(step=rule.id, reason=need_text(command.reason, "reason", REASON_LIMIT)),)


def _close(case: Case, command: c.Close, context: Context) -> Events:
    need_open(case)
    if not case.is_vulnerability:
        _need_acknowledged(case, "acknowledge")
    elif case.confirmed_at is None:
        raise Rejected("case.undecided", ref=case.ref, rule="confirmed", needs="confirm")
    elif not (case.blog or case.skips("posted")):
        raise Rejected("case.not-published", ref=case.ref, rule="posted", needs="record-post")
    elif not case.announcements:
        raise Rejected("case.not-announced", ref=case.ref, rule="announced", needs="record-announcement")
    at = after_announcement(case, command.at, context) if case.announcements else None
    return (e.CaseClosed(at=at or after_receipt(case, command.at, context), resolution=command.resolution),)


def _reopen(case: Case, command: c.Reopen, _context: Context) -> Events:
    if case.is_open and case.is_vulnerability:
        raise Rejected("case.is-open", ref=case.ref)
    return (e.CaseReopened(reason=need_text(command.reason, "reason", REASON_LIMIT)),)


_DECISIONS: dict[type, Callable[[Case, Any, Context], Events]] = {
    c.Assign: _assign,
    c.Acknowledge: _acknowledge,
    c.Reply: _reply,
    c.UpdateReporter: _update,
    c.WaitForReporter: _wait,
    c.Resume: _resume,
    c.Confirm: _confirm,
    c.Reject: _reject,
    c.MarkDuplicate: _duplicate,
    c.Retitle: _retitle,
    c.SetTlp: _tlp,
    c.LogMessage: _message,
    c.AddNote: _note,
    c.AddAttachment: _attach,
    c.SkipStep: _skip,
    c.Close: _close,
    c.Reopen: _reopen,
    **erasure.DECISIONS,
    **technical.DECISIONS,
    **public.DECISIONS,
}
