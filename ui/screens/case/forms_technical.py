"""Forms about the problem itself: triage, severity, lines, similar code, fixes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, get_args

from PySide6.QtCore import QCoreApplication

from app.domain.untrusted import safe_line
from app.domain.values import FixState, LineStatus, Rating, Tlp
from app.presenters.case import CaseFacts
from ui.screens.case import words
from ui.screens.case.form import Column, Entry, Form
from ui.screens.case.forms_talk import moment_entry

translate = QCoreApplication.translate


def _confirm(_facts: CaseFacts) -> Form:
    return Form(
        verb="confirm",
        title=translate("case", "Confirm that it is a vulnerability"),
        body=translate("case", "From here on affected versions, fixes, a CVE and an embargo can be worked on."),
        act=translate("case", "Confirm problem"),
        entries=(
            Entry(
                key="note",
                label=translate("case", "How it was reproduced or understood"),
                kind="area",
            ),
            moment_entry(translate("case", "Confirmed at")),
        ),
    )


def _reject(_facts: CaseFacts) -> Form:
    return Form(
        verb="reject",
        title=translate("case", "Reject the report as not a vulnerability?"),
        body=translate("case", "The reporter still gets an acknowledgement and a reply; then the case can be closed."),
        act=translate("case", "Reject report"),
        risky=True,
        entries=(
            Entry(key="reason", label=translate("case", "Reason"), kind="area"),
            Entry(
                key="clause",
                label=translate("case", "Clause of the threat model"),
                helper=translate("case", "The part of the policy that says so, if there is one."),
            ),
            moment_entry(translate("case", "Decided at"), beside=True),
        ),
    )


def _duplicate(_facts: CaseFacts) -> Form:
    return Form(
        verb="mark-duplicate",
        title=translate("case", "Mark the case as a duplicate?"),
        body=translate("case", "Its reporter, dates and files stay here and can be looked up."),
        act=translate("case", "Mark as duplicate"),
        risky=True,
        entries=(
            Entry(
                key="of",
                label=translate("case", "Reference of the other case"),
                mono=True,
                helper=translate("case", "Like H-2026-041."),
            ),
            Entry(key="note", label=translate("case", "Note"), kind="area"),
        ),
    )


def _retitle(_facts: CaseFacts) -> Form:
    return Form(
        verb="retitle",
        title=translate("case", "Change the title"),
        body=translate("case", "The title is in every announcement. Say what can be done, in one line."),
        act=translate("case", "Change title"),
        entries=(Entry(key="title", label=translate("case", "Title")),),
    )


def _severity(_facts: CaseFacts) -> Form:
    ratings = (("", translate("case", "From the vector")),)
    ratings += tuple((r, words.rating(r)) for r in reversed(get_args(Rating)))
    return Form(
        verb="rate-severity",
        title=translate("case", "Rate the severity"),
        act=translate("case", "Save rating"),
        entries=(
            Entry(
                key="vector",
                label=translate("case", "CVSS vector"),
                mono=True,
                helper=translate("case", "Like CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"),
            ),
            Entry(key="rating", label=translate("case", "Rating"), kind="choice", choices=ratings),
            Entry(
                key="cwe",
                label=translate("case", "Weakness (CWE)"),
                mono=True,
                helper=translate("case", "Like CWE-444."),
                beside=True,
            ),
            Entry(
                key="reason",
                label=translate("case", "Reason"),
                kind="area",
                lines=3,
                helper=translate("case", "Needed to understand the rating later, above all where it differs."),
            ),
        ),
    )


def _tlp(_facts: CaseFacts) -> Form:
    labels = tuple((level, f"TLP:{level}") for level in get_args(Tlp))
    return Form(
        verb="set-tlp",
        title=translate("case", "Change the sharing label"),
        body=translate("case", "The Traffic Light Protocol says with whom this case may be shared."),
        act=translate("case", "Change label"),
        entries=(
            Entry(key="tlp", label=translate("case", "Label"), kind="choice", choices=labels),
            Entry(key="reason", label=translate("case", "Reason"), kind="area", lines=3),
        ),
    )


def _lines(facts: CaseFacts) -> Form:
    project = facts.team.project
    product = facts.case.product or (project.product if project else "")
    order: tuple[LineStatus, ...] = ("investigating", "affected", "not-affected", "unsupported")
    return Form(
        verb="add-lines",
        title=translate("case", "Add release lines"),
        body=translate(
            "case", "Every line that anyone still runs belongs on the list, also those that are not affected."
        ),
        act=translate("case", "Add lines"),
        entries=(
            Entry(
                key="lines",
                label=translate("case", "Lines"),
                mono=True,
                helper=translate("case", "One or several, like 24.x 22.x 20.x, or main."),
            ),
            Entry(
                key="product",
                label=translate("case", "Product"),
                helper=translate("case", "Empty for {product}.").format(product=product) if product else "",
            ),
            Entry(
                key="status",
                label=translate("case", "Status"),
                kind="choice",
                choices=tuple((s, words.line_status(s)) for s in order),
                beside=True,
            ),
        ),
    )


def _audit(_facts: CaseFacts) -> Form:
    verdicts = (
        ("unchecked", translate("case", "Not checked")),
        ("affected", translate("case", "Affected")),
        ("not-affected", translate("case", "Not affected")),
    )
    columns = (
        Column(key="where", label=translate("case", "Place in the code"), stretch=5),
        Column(key="verdict", label=translate("case", "Verdict"), choices=verdicts, stretch=3),
        Column(key="note", label=translate("case", "Note"), stretch=4),
    )
    return Form(
        verb="audit-similar-code",
        title=translate("case", "Record the search for similar problems"),
        act=translate("case", "Record audit"),
        entries=(
            Entry(
                key="pattern",
                label=translate("case", "What was looked for"),
                kind="area",
                lines=3,
                helper=translate("case", "The mistake in general words, and the search that finds it."),
            ),
            Entry(
                key="places",
                label=translate("case", "Places"),
                kind="rows",
                columns=columns,
                add=translate("case", "Add place"),
            ),
            Entry(key="conclusion", label=translate("case", "Conclusion"), kind="area", lines=3),
            moment_entry(translate("case", "Done at")),
        ),
    )


def fix_form(line: str) -> Form:
    """The form of the fix of one line; `line` is shown."""
    states = tuple((s, words.fix_state(s)) for s in get_args(FixState))
    return Form(
        verb="hold-fix",
        title=translate("case", "Hold the fix of {line}").format(line=safe_line(line, 80)),
        body=translate("case", "The patch stays encrypted in the store until the announcement."),
        act=translate("case", "Save fix"),
        entries=(
            Entry(key="state", label=translate("case", "State"), kind="choice", choices=states),
            Entry(key="author", label=translate("case", "Author")),
            Entry(key="reviewer", label=translate("case", "Reviewer"), beside=True),
            Entry(key="pull_request", label=translate("case", "Pull request or branch"), mono=True),
            Entry(key="tests", label=translate("case", "Tests"), beside=True),
            Entry(key="patch", label=translate("case", "Patch file"), kind="file"),
            Entry(
                key="behaviour_change",
                label=translate("case", "Changes behaviour that people rely on"),
                kind="check",
            ),
            Entry(
                key="revert_option",
                label=translate("case", "Option that brings the old behaviour back"),
                mono=True,
            ),
        ),
    )


FORMS: Final[dict[str, Callable[[CaseFacts], Form]]] = {
    "confirm": _confirm,
    "reject": _reject,
    "mark-duplicate": _duplicate,
    "retitle": _retitle,
    "rate-severity": _severity,
    "set-tlp": _tlp,
    "add-lines": _lines,
    "audit-similar-code": _audit,
}
