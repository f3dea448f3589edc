"""What the texts of a release lack, in words, each with the place that mends it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from app.desk.ports.exchange import Missing
from app.domain.untrusted import safe_line
from app.presenters.target import Target, case_target, release_target
from app.presenters.words import fill


class GapWords(msgspec.Struct, frozen=True, kw_only=True):
    """The sentence of a gap with `{ref}` and `{what}`, and the few words of the act that mends it.

    `tab` and `act` say where in the case that is; for a gap of the release `act` is a verb or part of its page.
    What is decided `elsewhere` blocks only the text that lacks it, not the day.
    """

    sentence: str
    act_words: str
    tab: str = ""
    act: str = ""
    elsewhere: bool = False


class Blocker(msgspec.Struct, frozen=True, kw_only=True):
    """A gap ready to be shown: its English template with the facts that go in, and where to mend it.

    `formats` are those of its texts that it leaves incomplete.
    """

    code: str
    words: GapWords
    facts: dict[str, str | int | float]
    target: Target
    formats: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The sentence in English."""
        return fill(self.words.sentence, self.facts)


GAPS: Final[dict[str, GapWords]] = {
    "severity.unknown": GapWords(
        sentence="{ref} has no severity.", act_words="Rate severity", tab="overview", act="rate-severity"
    ),
    "affected.none": GapWords(
        sentence="{ref} names no affected version.", act_words="List versions", tab="affected", act="set-affected"
    ),
    "line.undecided": GapWords(
        sentence="Line {what} of {ref} is not decided.", act_words="Decide line", tab="affected", act="set-affected"
    ),
    "line.no-fix": GapWords(
        sentence="Line {what} of {ref} has no fixed version.", act_words="Set version", tab="affected"
    ),
    "cve.none": GapWords(sentence="{ref} has no CVE id.", act_words="Record CVE", tab="overview", act="assign-cve"),
    "advisory.no-summary": GapWords(
        sentence="The advisory of {ref} has no summary.", act_words="Write advisory", tab="advisory"
    ),
    "advisory.unknown-place": GapWords(
        sentence="The advisory of {ref} names the place “{what}”, which no fact fills.",
        act_words="Mend advisory",
        tab="advisory",
    ),
    "title.cut": GapWords(
        sentence="The title of {ref} ends in the middle: “{what}”.",
        act_words="Change title",
        tab="overview",
        act="retitle",
    ),
    "credit.undecided": GapWords(
        sentence="Nobody decided whom {ref} thanks.", act_words="Set credits", tab="overview", act="set-credits"
    ),
    "credit.no-consent": GapWords(
        sentence="{what} was not asked whether {ref} may name them.",
        act_words="Record consent",
        tab="overview",
        act="set-credits",
    ),
    "release.no-lines": GapWords(sentence="No release line is planned.", act_words="Plan lines", act="plan-line"),
    "release.version-missing": GapWords(
        sentence="Line {what} has no version yet.", act_words="Set version", act="plan-line"
    ),
    "release.version-outside-line": GapWords(
        sentence="The version planned for {what} is not one of that line.", act_words="Mend version", act="plan-line"
    ),
    "release.version-before-fix": GapWords(
        sentence="The version planned for {what} is older than the fix that a case names.",
        act_words="Mend version",
        act="plan-line",
    ),
    "release.line-left-out": GapWords(
        sentence="A case affects {what}, which has no fix and is not planned.", act_words="Plan line", act="plan-line"
    ),
    "release.members": GapWords(
        sentence="{what} of the bundled cases could not be read.", act_words="Open audit", act="audit"
    ),
    "project.mail-from": GapWords(
        sentence="The project profile names no sender for its mails.", act_words="Open settings", act="settings"
    ),
    "project.list-address": GapWords(
        sentence="The mailing list “{what}” of the project profile has no address.",
        act_words="Open settings",
        act="settings",
    ),
    "project.site": GapWords(
        sentence="The project profile names no web site to link to.", act_words="Open settings", act="settings"
    ),
    "nswg.number": GapWords(
        sentence="The dataset entry of {ref} has no number yet; whoever keeps the dataset gives it.",
        act_words="Open case",
        tab="overview",
        elsewhere=True,
    ),
}

_UNKNOWN: Final = GapWords(sentence="{ref} lacks something: {code} {what}", act_words="Open", tab="overview")


def blockers_of(missing: Iterable[tuple[str, Missing]], ref: str, *, everything: bool = False) -> tuple[Blocker, ...]:
    """Each gap once, whatever number of texts of release `ref` it is missed in; gaps of the release come first.

    What only somebody else can decide is no blocker; with `everything` it is named all the same.
    """
    formats: dict[tuple[str, str, str], list[str]] = {}
    for name, gap in missing:
        found = formats.setdefault((gap.code, gap.ref, gap.what), [])
        if name not in found:
            found.append(name)
    every = (_blocker(key, tuple(names), ref) for key, names in formats.items())
    here = [blocker for blocker in every if everything or not blocker.words.elsewhere]
    return tuple(sorted(here, key=lambda b: (b.target.page != "release", b.target.ref)))


def _blocker(key: tuple[str, str, str], formats: tuple[str, ...], release: str) -> Blocker:
    code, ref, what = key
    words = GAPS.get(code, _UNKNOWN)
    facts: dict[str, str | int | float] = {
        "code": safe_line(code, 60),
        "ref": safe_line(ref, 40),
        "what": safe_line(what, 120),
    }
    return Blocker(code=code, words=words, facts=facts, target=_target(words, ref, release), formats=formats)


def _target(words: GapWords, ref: str, release: str) -> Target:
    if words.act == "audit":
        return Target(page="audit")
    if words.act == "settings":
        return Target(page="settings")
    if ref and ref != release:
        return case_target(ref, tab=words.tab or "overview", act=words.act if words.tab else "")
    return release_target(release, tab="lines", act=words.act)
