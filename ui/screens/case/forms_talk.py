"""Forms about people and words: handler, letters to the reporter, notes, messages, files, credits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, get_args

from PySide6.QtCore import QCoreApplication

from app.domain.untrusted import safe_line
from app.domain.values import Consent, CreditRole, Purpose
from app.presenters.case import CaseFacts
from ui.screens.case.form import Column, Entry, Form

translate = QCoreApplication.translate


def moment_entry(label: str, *, beside: bool = False) -> Entry:
    """When something happened; empty means now."""
    return Entry(key="at", label=label, kind="moment", mono=True, beside=beside)


def _assign(facts: CaseFacts) -> Form:
    people = facts.team.people
    choices = tuple((p.id, safe_line(f"{p.name}, {p.email}" if p.email else p.name, 80)) for p in people)
    handled = facts.case.handler is not None
    return Form(
        verb="assign",
        title=translate("case", "Hand the case over") if handled else translate("case", "Who handles this case?"),
        body=translate("case", "The primary handler answers the reporter and keeps the promises of the policy."),
        act=translate("case", "Hand over") if handled else translate("case", "Assign handler"),
        entries=(
            Entry(key="person", label=translate("case", "Primary handler"), kind="choice", choices=choices),
            Entry(
                key="note",
                label=translate("case", "Hand-over note"),
                kind="area",
                helper=translate("case", "What is under way, what is promised, what to look at first."),
            ),
        ),
    )


def _letter(verb: str, title: str, body: str, act: str) -> Form:
    return Form(
        verb=verb,
        title=title,
        body=body,
        act=act,
        copies="text",
        entries=(
            Entry(key="text", label=translate("case", "Text"), kind="area", lines=11),
            Entry(
                key="message_id",
                label=translate("case", "Message-ID of the mail"),
                mono=True,
                helper=translate("case", "If it went by mail: keeps the thread together."),
            ),
            moment_entry(translate("case", "Sent at"), beside=True),
        ),
    )


def _acknowledge(_facts: CaseFacts) -> Form:
    return _letter(
        "acknowledge",
        translate("case", "Acknowledge the report"),
        translate("case", "Send this to the reporter by your usual way, then record it here."),
        translate("case", "Record acknowledgement"),
    )


def _reply(_facts: CaseFacts) -> Form:
    return _letter(
        "reply",
        translate("case", "Write the detailed reply"),
        translate("case", "Says what was found and the next steps. Send it, then record it here."),
        translate("case", "Record reply"),
    )


def _update(_facts: CaseFacts) -> Form:
    return _letter(
        "update-reporter",
        translate("case", "Tell the reporter of progress"),
        translate("case", "Send this to the reporter, then record it here."),
        translate("case", "Record update"),
    )


def _wait(_facts: CaseFacts) -> Form:
    return Form(
        verb="wait-for-reporter",
        title=translate("case", "Ask the reporter"),
        body=translate("case", "Promises that need the answer pause until you record it."),
        act=translate("case", "Record question"),
        copies="question",
        entries=(
            Entry(key="question", label=translate("case", "Question"), kind="area", lines=6),
            moment_entry(translate("case", "Asked at")),
        ),
    )


def _resume(_facts: CaseFacts) -> Form:
    return Form(
        verb="resume",
        title=translate("case", "Record the reporter's answer"),
        body=translate("case", "Paused promises go on from here."),
        act=translate("case", "Record answer"),
        entries=(
            Entry(key="note", label=translate("case", "What the answer says"), kind="area"),
            moment_entry(translate("case", "Answered at")),
        ),
    )


def _note(_facts: CaseFacts) -> Form:
    return Form(
        verb="add-note",
        title=translate("case", "Add a note"),
        body=translate("case", "Notes stay inside the team and are in no export."),
        act=translate("case", "Add note"),
        entries=(Entry(key="text", label=translate("case", "Note"), kind="area", lines=6),),
    )


def _message(_facts: CaseFacts) -> Form:
    directions = (("in", translate("case", "Received")), ("out", translate("case", "Sent")))
    return Form(
        verb="log-message",
        title=translate("case", "Log a message"),
        act=translate("case", "Log message"),
        entries=(
            Entry(key="direction", label=translate("case", "Direction"), kind="choice", choices=directions),
            Entry(key="purpose", label=translate("case", "Purpose"), kind="choice", choices=purposes(), beside=True),
            Entry(key="counterpart", label=translate("case", "With whom")),
            moment_entry(translate("case", "When"), beside=True),
            Entry(key="subject", label=translate("case", "Subject")),
            Entry(key="text", label=translate("case", "Text"), kind="area", lines=7),
            Entry(key="message_id", label=translate("case", "Message-ID"), mono=True),
            Entry(key="original", label=translate("case", "The message as a file"), kind="file", beside=True),
        ),
    )


def purposes() -> tuple[tuple[str, str], ...]:
    """What a message is about."""
    words: dict[str, str] = {
        "report": translate("case", "Report"),
        "acknowledgement": translate("case", "Acknowledgement"),
        "detailed-reply": translate("case", "Detailed reply"),
        "progress-update": translate("case", "Progress update"),
        "question": translate("case", "Question"),
        "embargo": translate("case", "Embargo"),
        "cve-request": translate("case", "CVE request"),
        "pre-notification": translate("case", "Pre-notification"),
        "other": translate("case", "Other"),
    }
    return tuple((key, words[key]) for key in reversed(get_args(Purpose)))


def _attach(_facts: CaseFacts) -> Form:
    return Form(
        verb="add-attachment",
        title=translate("case", "Put a file into the store"),
        body=translate("case", "It is kept encrypted with the case. It is never opened by itself."),
        act=translate("case", "Add file"),
        entries=(
            Entry(key="blob", label=translate("case", "File"), kind="file"),
            Entry(key="note", label=translate("case", "What it is")),
        ),
    )


def roles() -> tuple[tuple[str, str], ...]:
    """What a person is thanked for, in the terms of the CVE record format."""
    words: dict[str, str] = {
        "finder": translate("case", "Finder"),
        "reporter": translate("case", "Reporter"),
        "analyst": translate("case", "Analyst"),
        "coordinator": translate("case", "Coordinator"),
        "remediation developer": translate("case", "Fix by"),
        "remediation reviewer": translate("case", "Fix reviewed by"),
        "remediation verifier": translate("case", "Fix verified by"),
        "tool": translate("case", "Tool"),
        "sponsor": translate("case", "Sponsor"),
        "other": translate("case", "Other"),
    }
    return tuple((key, words[key]) for key in ("reporter", *(r for r in get_args(CreditRole) if r != "reporter")))


def consents() -> tuple[tuple[str, str], ...]:
    """Whether a person agreed to be named."""
    words: dict[str, str] = {
        "not-asked": translate("case", "Not asked"),
        "asked": translate("case", "Asked"),
        "granted": translate("case", "Agreed"),
        "declined": translate("case", "Declined"),
        "anonymous": translate("case", "Anonymous"),
    }
    return tuple((key, words[key]) for key in get_args(Consent))


def _credits(_facts: CaseFacts) -> Form:
    columns = (
        Column(key="name", label=translate("case", "Name as they wish it"), stretch=5),
        Column(key="role", label=translate("case", "Role"), choices=roles(), stretch=3),
        Column(key="consent", label=translate("case", "Consent"), choices=consents(), stretch=3),
        Column(key="link", label=translate("case", "Link"), stretch=3),
    )
    return Form(
        verb="set-credits",
        title=translate("case", "Who is thanked, and how"),
        body=translate("case", "Who declined is not named; anonymous is said as “an anonymous reporter”."),
        act=translate("case", "Save credits"),
        wide=True,
        entries=(
            Entry(
                key="credits",
                label=translate("case", "People"),
                kind="rows",
                columns=columns,
                add=translate("case", "Add person"),
            ),
        ),
    )


FORMS: Final[dict[str, Callable[[CaseFacts], Form]]] = {
    "assign": _assign,
    "acknowledge": _acknowledge,
    "reply": _reply,
    "update-reporter": _update,
    "wait-for-reporter": _wait,
    "resume": _resume,
    "add-note": _note,
    "log-message": _message,
    "add-attachment": _attach,
    "set-credits": _credits,
}
