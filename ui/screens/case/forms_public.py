"""Forms on the way to the public: CVE, embargo, release, announcement, post, records, closing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QCoreApplication

from app.domain.case.state import Case
from app.domain.untrusted import safe_line
from app.presenters.case import CaseFacts
from ui.screens.case.form import Entry, Form
from ui.screens.case.forms_talk import moment_entry

translate = QCoreApplication.translate


def _request_cve(_facts: CaseFacts) -> Form:
    return Form(
        verb="request-cve",
        title=translate("case", "Ask for a CVE id"),
        body=translate("case", "Send these facts to the CVE numbering authority, then record that you asked."),
        act=translate("case", "Record request"),
        copies="facts",
        entries=(
            Entry(key="facts", label=translate("case", "Facts for the request"), kind="fact", lines=10, mono=True),
            Entry(key="cna", label=translate("case", "Asked whom")),
            moment_entry(translate("case", "Asked at"), beside=True),
        ),
    )


def _assign_cve(_facts: CaseFacts) -> Form:
    return Form(
        verb="assign-cve",
        title=translate("case", "Record the CVE id"),
        act=translate("case", "Record id"),
        entries=(
            Entry(
                key="id",
                label=translate("case", "CVE id"),
                mono=True,
                helper=translate("case", "Like CVE-2099-10041. One id belongs to one case."),
            ),
            Entry(key="cna", label=translate("case", "Assigned by")),
            moment_entry(translate("case", "Assigned at"), beside=True),
        ),
    )


def _withdraw_cve(facts: CaseFacts) -> Form:
    ids = tuple((cve.id, cve.id) for cve in facts.case.cves)
    return Form(
        verb="withdraw-cve",
        title=translate("case", "Take a CVE id off the case?"),
        act=translate("case", "Take id off"),
        risky=True,
        entries=(
            Entry(key="id", label=translate("case", "CVE id"), kind="choice", choices=ids),
            Entry(key="reason", label=translate("case", "Reason"), kind="area", lines=3),
        ),
    )


def _until(label: str) -> Entry:
    return Entry(key="until", label=label, kind="moment", mono=True)


def _party(*, beside: bool = False) -> Entry:
    return Entry(
        key="party",
        label=translate("case", "Party"),
        helper=translate("case", "The reporter, a vendor, a list; empty for the team."),
        beside=beside,
    )


def _reason(label: str = "") -> Entry:
    return Entry(key="reason", label=label or translate("case", "Reason"), kind="area", lines=3)


def _propose(_facts: CaseFacts) -> Form:
    return Form(
        verb="propose-embargo",
        title=translate("case", "Propose an embargo date"),
        body=translate("case", "One instant, before which nothing is public. The policy's suggestion is filled in."),
        act=translate("case", "Propose date"),
        entries=(_until(translate("case", "Embargo ends")), _party(), _reason()),
    )


def _agree(_facts: CaseFacts) -> Form:
    return Form(
        verb="agree-embargo",
        title=translate("case", "Agree on the embargo date"),
        body=translate(
            "case", "One instant, before which nothing is public. Later it can only be moved with a reason."
        ),
        act=translate("case", "Agree date"),
        entries=(_until(translate("case", "Embargo ends")), _party(), _reason(translate("case", "Note"))),
    )


def _decline(_facts: CaseFacts) -> Form:
    return Form(
        verb="decline-embargo",
        title=translate("case", "Record that the date was declined"),
        act=translate("case", "Record decline"),
        entries=(_party(), _reason()),
    )


def _move(_facts: CaseFacts) -> Form:
    return Form(
        verb="move-embargo",
        title=translate("case", "Move the embargo date?"),
        body=translate(
            "case", "Every text and date that depends on it moves with it. The reason is seen by every auditor."
        ),
        act=translate("case", "Move date"),
        risky=True,
        entries=(_until(translate("case", "Embargo ends")), _reason()),
    )


def _end(_facts: CaseFacts) -> Form:
    return Form(
        verb="end-embargo",
        title=translate("case", "End the embargo?"),
        body=translate("case", "From here on the facts of the case may become public. Ending it early needs a reason."),
        act=translate("case", "End embargo"),
        risky=True,
        entries=(_reason(), moment_entry(translate("case", "Ended at"))),
    )


def _pre_announcement(_facts: CaseFacts) -> Form:
    return Form(
        verb="record-pre-announcement",
        title=translate("case", "Record the pre-announcement"),
        body=translate("case", "Tells the public that a release is coming, without the facts of the case."),
        act=translate("case", "Record announcement"),
        entries=(
            Entry(key="url", label=translate("case", "Address of the post"), mono=True),
            moment_entry(translate("case", "Published at")),
        ),
    )


def _release(_facts: CaseFacts) -> Form:
    return Form(
        verb="record-release",
        title=translate("case", "Record the release"),
        act=translate("case", "Record release"),
        entries=(
            Entry(
                key="versions",
                label=translate("case", "Versions that are out"),
                mono=True,
                helper=translate("case", "As released, never guessed; empty takes the fixed versions of the lines."),
            ),
            moment_entry(translate("case", "Released at")),
        ),
    )


def _override() -> Entry:
    return Entry(
        key="override",
        label=translate("case", "Reason to go public early"),
        kind="area",
        lines=2,
        helper=translate("case", "Only if the mail went out before the embargo ended. Seen by every auditor."),
    )


def _announcement(facts: CaseFacts) -> Form:
    early = (_override(),) if _may_be_early(facts.case) else ()
    return Form(
        verb="record-announcement",
        title=translate("case", "Record the mail to the announcement list"),
        body=translate("case", "Export the mail, send it by your usual way, then record what went out."),
        act=translate("case", "Record mail"),
        entries=(
            Entry(key="destination", label=translate("case", "Sent to")),
            moment_entry(translate("case", "Sent at"), beside=True),
            Entry(
                key="message_id",
                label=translate("case", "Message-ID"),
                mono=True,
                helper=translate("case", "As in the mail that came back from the list."),
            ),
            *early,
        ),
    )


def _may_be_early(case: Case) -> bool:
    return case.embargo.status in ("none", "proposed", "agreed") and not case.announcements


def _post(_facts: CaseFacts) -> Form:
    return Form(
        verb="record-post",
        title=translate("case", "Record the blog post"),
        act=translate("case", "Record post"),
        entries=(
            Entry(key="url", label=translate("case", "Address of the post"), mono=True),
            moment_entry(translate("case", "Published at")),
        ),
    )


def _publication(_facts: CaseFacts) -> Form:
    return Form(
        verb="record-publication",
        title=translate("case", "Record the published records"),
        act=translate("case", "Record publication"),
        entries=(
            Entry(
                key="kinds",
                label=translate("case", "Kinds"),
                mono=True,
                helper=translate("case", "One or several: cve, osv, csaf, openvex, nswg."),
            ),
            Entry(key="url", label=translate("case", "Address"), mono=True),
            moment_entry(translate("case", "Published at"), beside=True),
        ),
    )


def _close(_facts: CaseFacts) -> Form:
    return Form(
        verb="close",
        title=translate("case", "Close the case"),
        body=translate("case", "Nothing is asked of the team any more. It can be reopened with a reason."),
        act=translate("case", "Close case"),
        entries=(
            Entry(key="resolution", label=translate("case", "How it ended"), kind="area", lines=3),
            moment_entry(translate("case", "Closed at")),
        ),
    )


def _reopen(_facts: CaseFacts) -> Form:
    return Form(
        verb="reopen",
        title=translate("case", "Reopen the case"),
        act=translate("case", "Reopen case"),
        entries=(_reason(),),
    )


def skip_form(words: str) -> Form:
    """The form that leaves a step out, with the reason."""
    return Form(
        verb="skip-step",
        title=translate("case", "Skip “{step}”?").format(step=safe_line(words, 60)),
        body=translate("case", "The step stays on the checklist as skipped, with your reason for every auditor."),
        act=translate("case", "Skip step"),
        risky=True,
        entries=(_reason(),),
    )


FORMS: Final[dict[str, Callable[[CaseFacts], Form]]] = {
    "request-cve": _request_cve,
    "assign-cve": _assign_cve,
    "withdraw-cve": _withdraw_cve,
    "propose-embargo": _propose,
    "agree-embargo": _agree,
    "decline-embargo": _decline,
    "move-embargo": _move,
    "end-embargo": _end,
    "record-pre-announcement": _pre_announcement,
    "record-release": _release,
    "record-announcement": _announcement,
    "record-post": _post,
    "record-publication": _publication,
    "close": _close,
    "reopen": _reopen,
}
