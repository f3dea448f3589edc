"""The words of releases: states, steps of the run sheet, verbs, severities and sharing labels, translated."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication

from app.domain.untrusted import safe_line
from app.presenters.release_artefacts import Artefact
from app.presenters.release_gaps import Blocker
from app.presenters.release_sheet import Lack, SheetId, SheetStep
from app.presenters.words import fill
from app.presenters.words_steps import RATINGS, RELEASE_STATES
from ui.kit.tokens import Severity

translate = QCoreApplication.translate

SEVERITIES: Final[dict[str, Severity]] = {"critical": "critical", "high": "high", "medium": "medium", "low": "low"}


def state_word(state: str) -> str:
    """The state of a release."""
    return translate("words", RELEASE_STATES.get(state, state))


def times_word(count: int) -> str:
    """How often a release was postponed."""
    if not count:
        return translate("release", "Never")
    if count == 1:
        return translate("release", "Once")
    if count == 2:
        return translate("release", "Twice")
    return translate("release", "{n} times").format(n=count)


def rating_word(rating: str, score: float | None = None) -> str:
    """`High 7.5`, or `Not rated`."""
    word = translate("words", RATINGS.get(rating, rating))
    return f"{word} {score:.1f}" if score is not None else word


def severity_of(rating: str) -> Severity:
    """The colour family of a rating."""
    return SEVERITIES.get(rating, "unrated")


def step_word(step: SheetStep) -> str:
    """A step of the run sheet."""
    if step.id == "copy":
        return translate("release", "Copy to {list}").format(list=safe_line(step.label, 60))
    words: dict[SheetId, str] = {
        "cases": translate("release", "Cases complete"),
        "pre-announced": translate("release", "Pre-announcement"),
        "embargo": translate("release", "Embargo ended"),
        "released": translate("release", "Versions released"),
        "mail": translate("release", "Mail to the announcement list"),
        "posted": translate("release", "Blog post"),
        "records": translate("release", "Records published"),
        "closed": translate("release", "Release closed"),
    }
    return words.get(step.id, "")


def wait_word(waits_for: SheetId) -> str:
    """What a step waits for, in a few words."""
    words: dict[SheetId, str] = {
        "cases": translate("release", "after a case is added"),
        "embargo": translate("release", "after the embargo"),
        "mail": translate("release", "after the mail"),
        "posted": translate("release", "after the post"),
    }
    return words.get(waits_for, "")


def lack_word(lack: Lack) -> str:
    """What a case still lacks."""
    words: dict[Lack, str] = {
        "severity": translate("release", "severity"),
        "cve": translate("release", "CVE"),
        "affected": translate("release", "affected versions"),
        "fixes": translate("release", "fixes"),
        "advisory": translate("release", "advisory"),
    }
    return words[lack]


def artefact_word(item: Artefact) -> str:
    """A short name of what leaves; formats that this page does not know say their own title."""
    if item.to:
        to = safe_line(item.to, 60)
        if item.cve:
            return translate("release", "Mail to {list}, {cve}").format(list=to, cve=item.cve)
        return translate("release", "Mail to {list}").format(list=to)
    known = {
        "mail-pre": translate("release", "Pre-announcement mail"),
        "blog-pre": translate("release", "Pre-announcement page"),
        "mail": translate("release", "Announcement mail"),
        "blog-post": translate("release", "Blog post"),
        "nswg": translate("release", "Dataset entry"),
    }
    return known.get(item.format.format) or safe_line(translate("formats", item.format.title), 80)


def blocker_sentence(blocker: Blocker) -> str:
    """What a text lacks, in a sentence."""
    return fill(translate("gaps", blocker.words.sentence), blocker.facts)


def blocker_act(blocker: Blocker) -> str:
    """The words of the act that mends it."""
    return translate("gaps", blocker.words.act_words)
