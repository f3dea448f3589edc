"""The forms of a release, one for each verb that needs more than a click."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from PySide6.QtCore import QCoreApplication

from app.domain.case.embargo import embargo_runs
from app.domain.untrusted import safe_line
from app.presenters.release import ReleaseFacts
from app.presenters.release_sheet import SheetStep
from ui.screens.case.form import Entry, Form

translate = QCoreApplication.translate


def form_of(verb: str, facts: ReleaseFacts, now: datetime, step: SheetStep | None = None) -> Form | None:
    """The form of a verb for a release at an instant (UTC); `step` is the one of the run sheet that it records."""
    if verb == "announce-release":
        return _announce(facts, now, step)
    make = _FORMS.get(verb)
    return make(facts) if make else None


def _at(label: str) -> Entry:
    return Entry(key="at", label=label, kind="moment", mono=True)


def _retitle(_facts: ReleaseFacts) -> Form:
    return Form(
        verb="retitle-release",
        title=translate("release", "Change the working title"),
        act=translate("release", "Change title"),
        entries=(
            Entry(
                key="title",
                label=translate("release", "Working title"),
                helper=translate("release", "Seen by the team only; public texts name the day."),
            ),
        ),
    )


def _postpone(facts: ReleaseFacts) -> Form:
    return Form(
        verb="postpone",
        title=translate("release", "Postpone {ref}?").format(ref=facts.release.ref),
        body=translate("release", "Every case's embargo and every date in the texts moves with it, as shown below."),
        act=translate("release", "Postpone release"),
        risky=True,
        entries=(
            Entry(key="target", label=translate("release", "New target, local time"), kind="moment", mono=True),
            Entry(
                key="reason",
                label=translate("release", "Reason"),
                kind="area",
                lines=2,
                helper=translate("release", "Public: it is told in the notice. Nothing of the cases may be in it."),
            ),
            Entry(
                key="heading",
                label=translate("release", "Heading of the notice"),
                helper=translate("release", "Empty takes the usual one."),
            ),
        ),
    )


def _pre_announce(_facts: ReleaseFacts) -> Form:
    return Form(
        verb="pre-announce-release",
        title=translate("release", "Record the pre-announcement"),
        body=translate("release", "The public knows that a release is coming; lines and severities, nothing more."),
        act=translate("release", "Record announcement"),
        entries=(
            Entry(key="url", label=translate("release", "Address of the post"), mono=True),
            _at(translate("release", "Published at")),
        ),
    )


def _versions(_facts: ReleaseFacts) -> Form:
    return Form(
        verb="release-versions",
        title=translate("release", "Record the versions that are out"),
        act=translate("release", "Record versions"),
        entries=(
            Entry(
                key="versions",
                label=translate("release", "Versions"),
                mono=True,
                helper=translate("release", "Each must be the planned version of its line. Take out what is not out."),
            ),
            _at(translate("release", "Released at")),
        ),
    )


def _announce(facts: ReleaseFacts, now: datetime, step: SheetStep | None) -> Form:
    label = safe_line(step.label, 60) if step and step.label else ""
    title = translate("release", "Record the mail")
    if step is not None and step.id == "copy":
        title = translate("release", "Record the copy to {list}").format(list=label)
    early = (_override(),) if any(embargo_runs(case, now) for case in facts.cases) else ()
    return Form(
        verb="announce-release",
        title=title,
        body=translate("release", "Copy the Message-ID from the mail as it arrived: it is the evidence that it left."),
        act=translate("release", "Record mail"),
        entries=(
            Entry(key="destination", label=translate("release", "Sent to"), mono=True),
            Entry(key="message_id", label=translate("release", "Message-ID"), mono=True),
            _at(translate("release", "Sent at")),
            *early,
        ),
    )


def _override() -> Entry:
    return Entry(
        key="override",
        label=translate("release", "Reason to go public early"),
        kind="area",
        lines=2,
        helper=translate("release", "Only if the mail went out before the embargo ended. Seen by every auditor."),
    )


def _post(_facts: ReleaseFacts) -> Form:
    return Form(
        verb="post-release",
        title=translate("release", "Record the blog post"),
        act=translate("release", "Record post"),
        entries=(
            Entry(key="url", label=translate("release", "Address of the post"), mono=True),
            _at(translate("release", "Published at")),
        ),
    )


def _close(_facts: ReleaseFacts) -> Form:
    return Form(
        verb="close-release",
        title=translate("release", "Close the release?"),
        body=translate("release", "Nothing is left to do. Its history and its texts stay."),
        act=translate("release", "Close release"),
        entries=(Entry(key="note", label=translate("release", "Note"), kind="area", lines=2),),
    )


def _cancel(facts: ReleaseFacts) -> Form:
    return Form(
        verb="cancel-release",
        title=translate("release", "Cancel {ref}?").format(ref=facts.release.ref),
        body=translate("release", "It will not happen. Its cases become free; their embargoes stay as they are."),
        act=translate("release", "Cancel release"),
        risky=True,
        entries=(Entry(key="reason", label=translate("release", "Reason"), kind="area", lines=3),),
    )


def _unbundle(_facts: ReleaseFacts) -> Form:
    return Form(
        verb="unbundle-case",
        title=translate("release", "Take the case out of the release?"),
        body=translate("release", "It will not become public with this release. Its embargo stays as it is."),
        act=translate("release", "Take case out"),
        risky=True,
        entries=(
            Entry(key="case", label=translate("release", "Case"), mono=True),
            Entry(key="reason", label=translate("release", "Reason"), kind="area", lines=2),
        ),
    )


def _dependency(_facts: ReleaseFacts) -> Form:
    return Form(
        verb="set-dependency",
        title=translate("release", "Dependency update"),
        body=translate("release", "An update that the release carries and that its texts name."),
        act=translate("release", "Save update"),
        entries=(
            Entry(key="name", label=translate("release", "Name")),
            Entry(key="versions", label=translate("release", "Versions"), mono=True, beside=True),
            Entry(
                key="lines",
                label=translate("release", "On the lines"),
                mono=True,
                helper=translate("release", "Such as 24.x 22.x; empty means every line of the release."),
            ),
            Entry(key="url", label=translate("release", "Address of its advisory"), mono=True),
        ),
    )


_FORMS: Final[dict[str, Callable[[ReleaseFacts], Form]]] = {
    "retitle-release": _retitle,
    "postpone": _postpone,
    "pre-announce-release": _pre_announce,
    "release-versions": _versions,
    "post-release": _post,
    "close-release": _close,
    "cancel-release": _cancel,
    "unbundle-case": _unbundle,
    "set-dependency": _dependency,
}
