"""What may be done to a case: a command becomes events, or a refusal that names its rule and what would satisfy it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.domain.case import decide_public as public
from app.domain.case import decide_technical as technical
from app.domain.case.context import Context, need_text
from app.domain.case.guards import need_open, need_vulnerability
from app.domain.case.state import Case
from app.domain.case.steps import is_done
from app.domain.commands import CaseCommand
from app.domain.commands import case_commands as c
from app.domain.errors import Defect, Rejected
from app.domain.events import CaseEvent
from app.domain.events import case_events as e
from app.domain.identifiers import parse_cve_id
from app.domain.untrusted import safe_line

TITLE_LIMIT = 300
TEXT_LIMIT = 1_000_000
REASON_LIMIT = 4_000

Events = tuple[CaseEvent, ...]


def decide(case: Case | None, command: CaseCommand, context: Context) -> Events:
    """The events of a command; raises Rejected where the policy or the facts forbid it. Pure."""
    if isinstance(command, c.Receive):
        return _receive(case, command, context)
    if isinstance(command, c.ImportRecord):
        return _import(case, command, context)
    if case is None:
        raise Defect("case.missing", verb=type(command).__name__)
    return _DECISIONS[type(command)](case, command, context)


def clean_title(title: str) -> str:
    """A title in one visible line; raises Rejected("text.empty") or ("text.too-long")."""
    return safe_line(need_text(title, "title", TITLE_LIMIT), TITLE_LIMIT)


def _must_be_new(case: Case | None) -> None:
    if case is not None:
        raise Rejected("case.exists", ref=case.ref)


def _receive(case: Case | None, command: c.Receive, context: Context) -> Events:
    _must_be_new(case)
    if len(command.text) > TEXT_LIMIT:
        raise Rejected("text.too-long", needs="text", field="text", limit=TEXT_LIMIT, length=len(command.text))
    event = e.ReportReceived(
        id=context.new_id,
        ref=context.new_ref,
        title=clean_title(command.title),
        track=command.track,
        policy=context.policy.name,
        policy_version=context.policy.version,
        received_at=context.moment(command.received_at, "received_at"),
        channel=command.channel,
        reporters=command.reporters,
        subject=safe_line(command.subject, 1000),
        message_id=safe_line(command.message_id, 1000),
        references=command.references,
        text=command.text,
        attachments=command.attachments,
        source=command.source,
        external=command.external,
        product=command.product,
    )
    return (event,)


def _import(case: Case | None, command: c.ImportRecord, context: Context) -> Events:
    _must_be_new(case)
    for cve in command.cves:
        parse_cve_id(cve)
    event = e.RecordImported(
        id=context.new_id,
        ref=context.new_ref,
        title=clean_title(command.title[:TITLE_LIMIT]),
        track=command.track,
        policy=context.policy.name,
        policy_version=context.policy.version,
        source=command.source,
        number=command.number,
        fields=command.fields,
        product=command.product,
        text=command.text,
        cves=command.cves,
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
    if case.handler and case.handler.id == person.id:
        raise Rejected("case.already-assigned", ref=case.ref, name=person.name)
    return (e.HandlerAssigned(person=person, note=command.note),)


def _acknowledge(case: Case, command: c.Acknowledge, context: Context) -> Events:
    need_open(case)
    if case.acknowledged_at:
        raise Rejected("case.already-acknowledged", ref=case.ref, rule="acknowledge", needs="update-reporter")
    at = _after_receipt(case, command, context)
    return (e.ReportAcknowledged(at=at, text=command.text, message_id=command.message_id),)


def _reply(case: Case, command: c.Reply, context: Context) -> Events:
    need_open(case)
    if not case.acknowledged_at:
        raise Rejected("case.not-acknowledged", ref=case.ref, rule="acknowledge", needs="acknowledge")
    if case.replied_at:
        raise Rejected("case.already-replied", ref=case.ref, rule="reply", needs="update-reporter")
    at = _after_receipt(case, command, context)
    return (e.DetailedReplySent(at=at, text=command.text, message_id=command.message_id),)


def _update(case: Case, command: c.UpdateReporter, context: Context) -> Events:
    need_open(case)
    if not case.acknowledged_at:
        raise Rejected("case.not-acknowledged", ref=case.ref, rule="update", needs="acknowledge")
    at = _after_receipt(case, command, context)
    return (e.ReporterUpdated(at=at, text=command.text, message_id=command.message_id),)


def _after_receipt(case: Case, command: Any, context: Context) -> Any:
    at = context.moment(command.at)
    if at < case.report.received_at:
        received = case.report.received_at.isoformat()
        raise Rejected("date.before-receipt", needs="at", value=at.isoformat(), received=received)
    return at


def _wait(case: Case, command: c.WaitForReporter, context: Context) -> Events:
    need_open(case)
    if case.waiting_since:
        raise Rejected("case.already-waiting", ref=case.ref, needs="resume")
    question = need_text(command.question, "question", REASON_LIMIT)
    return (e.WaitingForReporter(at=context.moment(command.at), question=question),)


def _resume(case: Case, command: c.Resume, context: Context) -> Events:
    if not case.waiting_since:
        raise Rejected("case.not-waiting", ref=case.ref, needs="wait-for-reporter")
    return (e.ReporterAnswered(at=context.moment(command.at), note=command.note),)


def _confirm(case: Case, command: c.Confirm, context: Context) -> Events:
    need_vulnerability(case)
    if case.confirmed_at:
        raise Rejected("case.already-confirmed", ref=case.ref)
    return (e.ProblemConfirmed(at=_after_receipt(case, command, context), note=command.note),)


def _reject(case: Case, command: c.Reject, context: Context) -> Events:
    need_vulnerability(case)
    if case.announcements:
        raise Rejected("case.already-public", ref=case.ref)
    reason = need_text(command.reason, "reason", REASON_LIMIT)
    return (e.ReportRejected(at=_after_receipt(case, command, context), reason=reason, clause=command.clause),)


def _duplicate(case: Case, command: c.MarkDuplicate, _context: Context) -> Events:
    need_vulnerability(case)
    other = need_text(command.of, "of", 100)
    if other == case.ref:
        raise Rejected("case.own-duplicate", ref=case.ref, needs="of")
    if case.announcements:
        raise Rejected("case.already-public", ref=case.ref)
    return (e.MarkedDuplicate(of=other, note=command.note),)


def _retitle(case: Case, command: c.Retitle, _context: Context) -> Events:
    title = clean_title(command.title)
    if title == case.title:
        raise Rejected("change.nothing", field="title")
    return (e.CaseRetitled(title=title),)


def _tlp(case: Case, command: c.SetTlp, _context: Context) -> Events:
    if command.tlp == case.tlp:
        raise Rejected("change.nothing", field="tlp")
    return (e.TlpSet(tlp=command.tlp, reason=command.reason),)


def _message(_case: Case, command: c.LogMessage, context: Context) -> Events:
    if len(command.text) > TEXT_LIMIT:
        raise Rejected("text.too-long", needs="text", field="text", limit=TEXT_LIMIT, length=len(command.text))
    if not (command.text.strip() or command.subject.strip() or command.original):
        raise Rejected("text.empty", needs="text", field="text")
    event = e.MessageLogged(
        direction=command.direction,
        purpose=command.purpose,
        at=context.moment(command.at),
        subject=safe_line(command.subject, 1000),
        counterpart=safe_line(command.counterpart, 320),
        text=command.text,
        message_id=safe_line(command.message_id, 1000),
        original=command.original,
    )
    return (event,)


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
        raise Rejected("step.required", step=command.step, policy=context.policy.name, rule=command.step)
    if is_done(case, command.step):
        raise Rejected("step.done", step=command.step)
    return (e.StepSkipped(step=command.step, reason=need_text(command.reason, "reason", REASON_LIMIT)),)


def _close(case: Case, command: c.Close, context: Context) -> Events:
    need_open(case)
    if case.is_vulnerability and not (case.blog or case.skips("posted")):
        raise Rejected("case.not-published", ref=case.ref, rule="posted", needs="record-post")
    if case.is_vulnerability and not case.announcements:
        raise Rejected("case.not-announced", ref=case.ref, rule="announced", needs="record-announcement")
    if case.rejected and not case.acknowledged_at:
        raise Rejected("case.not-acknowledged", ref=case.ref, rule="acknowledge", needs="acknowledge")
    return (e.CaseClosed(at=context.moment(command.at), resolution=command.resolution),)


def _reopen(case: Case, command: c.Reopen, _context: Context) -> Events:
    if case.is_open:
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
    **technical.DECISIONS,
    **public.DECISIONS,
}
