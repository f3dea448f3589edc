"""What a verification found, in English: which event, what differs, what that means, what to do.

The window translates the sentences before the facts go in, the command line prints them as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final

import msgspec

from app.desk.ports.vault import Finding, NamedEvent, VerifyReport
from app.domain.untrusted import safe_line
from app.presenters.words import fill
from app.presenters.words_events import kind_words, utc_moment
from app.presenters.words_verdicts import MEANINGS, NOTHING_KNOWN, REMEDIES, UNKNOWN, VERDICTS, Verdict

_PLACES: Final = 3
_RANGES: Final = 8
_MADE_FROM_THE_LOG: Final = frozenset({"state.snapshot", "state.old", "projection.differs"})

Say = Callable[[str], str]
Moment = Callable[[datetime], str]


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Findings that mean the same: five hundred broken links are one thing that happened."""

    code: str
    findings: tuple[Finding, ...]


class GroupWords(msgspec.Struct, frozen=True, kw_only=True):
    """A group in words: what differs, which events or places, what it means, what to do."""

    what: str
    which: str
    means: str
    remedy: str


def groups_of(findings: Iterable[Finding]) -> tuple[Group, ...]:
    """The findings by what they mean, the gravest first, then in the order in which they were found."""
    found: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        table = finding.where.partition(" ")[0] if finding.code == "projection.differs" else ""
        found.setdefault((finding.code, table), []).append(finding)
    groups = [Group(code=code, findings=tuple(members)) for (code, _), members in found.items()]
    return tuple(sorted(groups, key=lambda group: _order(group.code)))


def group_words(group: Group, say: Say = str, moment: Moment = utc_moment) -> GroupWords:
    """A group of findings in words; `say` translates a sentence, `moment` says an instant."""
    verdict = verdict_for(group.code)
    return GroupWords(
        what=fill(say(verdict.what), finding_facts(group.findings[0])),
        which=_which(group.findings, say, moment),
        means=say(MEANINGS[verdict.means]) if verdict.means else "",
        remedy=say(REMEDIES[verdict.remedy]) if verdict.remedy else "",
    )


def verdict_for(code: str) -> Verdict:
    """What is known of a kind of finding."""
    return VERDICTS.get(code, NOTHING_KNOWN)


def finding_template(finding: Finding) -> str:
    """The sentence of a finding before its facts are filled in."""
    return VERDICTS[finding.code].what if finding.code in VERDICTS else UNKNOWN


def finding_facts(finding: Finding) -> dict[str, str | int | float]:
    """The facts of a finding, short and safe to show."""
    where = finding.where if len(finding.where) <= 40 else finding.where[:16] + "…"
    return {
        "code": safe_line(finding.code, 60),
        "where": safe_line(where, 80),
        "table": safe_line(finding.where.partition(" ")[0], 40),
        "detail": safe_line(finding.detail, 120),
        "seq": finding.seq,
    }


def finding_words(finding: Finding) -> str:
    """What differs by a finding, in English."""
    return fill(finding_template(finding), finding_facts(finding))


def event_words(seq: int, event: NamedEvent | None, say: Say = str, moment: Moment = utc_moment) -> str:
    """`event 12 (Note added, H-2026-001, 2026-03-02 09:00 UTC, by Ada Example)`."""
    if event is None:
        return say("event {seq}").format(seq=f"{seq:,}")
    parts = [kind_words(event.kind), event.ref, moment(event.at)]
    if event.actor:
        parts.append(say("by {actor}").format(actor=event.actor))
    told = ", ".join(safe_line(part, 80) for part in parts if part)
    return say("event {seq} ({told})").format(seq=f"{seq:,}", told=told)


def verdict_of(report: VerifyReport) -> str:
    """`whole`, `stopped` where it was cancelled before it found anything, or `broken`."""
    if report.findings:
        return "broken"
    if report.cancelled or not report.ok:
        return "stopped"
    return "whole"


def can_rebuild(report: VerifyReport) -> bool:
    """Whether all that is wrong was made from the log, and so can be made again from it."""
    return bool(report.findings) and all(finding.code in _MADE_FROM_THE_LOG for finding in report.findings)


def ranges(numbers: Iterable[int]) -> str:
    """`3, 7–9, 12`: at most eight stretches."""
    found: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    shown = [f"{low:,}" if low == high else f"{low:,}\u2013{high:,}" for low, high in found[:_RANGES]]
    return ", ".join(shown) + (" …" if len(found) > _RANGES else "")


def _order(code: str) -> int:
    known = list(VERDICTS)
    return known.index(code) if code in VERDICTS else len(known)


def _which(findings: Sequence[Finding], say: Say, moment: Moment) -> str:
    """The first event in full and the numbers of the others; cases and files where no event is named."""
    events = [finding for finding in findings if finding.seq > 0]
    if not events:
        return _places(findings, say)
    first = event_words(events[0].seq, events[0].event, say, moment)
    others = [finding.seq for finding in events[1:] if finding.seq != events[0].seq]
    if not others:
        return first
    return say("{first}, and events {others} ({n} in all)").format(
        first=first, others=ranges(others), n=f"{len(set(others)) + 1:,}"
    )


def _places(findings: Sequence[Finding], say: Say) -> str:
    places = list(dict.fromkeys(_place(finding) for finding in findings if finding.where or finding.ref))
    shown = ", ".join(places[:_PLACES])
    if len(places) <= _PLACES:
        return shown
    return say("{places} and {n} more").format(places=shown, n=f"{len(places) - _PLACES:,}")


def _place(finding: Finding) -> str:
    if finding.ref:
        return safe_line(finding.ref, 40)
    return str(finding_facts(finding)["where"])
