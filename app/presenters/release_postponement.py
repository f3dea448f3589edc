"""What a postponement moves, worked out before it is done: embargoes, promises, and the words of the public notice."""

from __future__ import annotations

import difflib
from datetime import datetime
from typing import Final, Literal

import msgspec

from app.domain.announcement import bulletin_of
from app.domain.case.evolve import evolve as evolve_case
from app.domain.case.state import Case
from app.domain.events import case_events
from app.domain.post import pre_release_page
from app.domain.release.decide import Decided
from app.domain.release.evolve import evolve as evolve_release
from app.domain.release.state import Release
from app.domain.values import Person
from app.domain.wording import instant
from app.presenters.release import ReleaseFacts

_LONGEST: Final = 400
"""Lines of a text that are compared; notices have some fifty."""

Change = Literal["old", "new", "same"]


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """One embargo that goes along; `old` is None where none was agreed. Instants are UTC."""

    ref: str
    title: str
    old: datetime | None
    new: datetime


class Afterwards(msgspec.Struct, frozen=True, kw_only=True):
    """The release and its cases as they would be, and what would have moved."""

    release: Release
    cases: tuple[Case, ...]
    moves: tuple[Move, ...]


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """What a postponement would do, ready to be shown: embargoes, and the lines of the public notice that change."""

    moves: tuple[Move, ...]
    lines: tuple[TextLine, ...]


class TextLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a text that goes, comes, or stands beside one that does."""

    change: Change
    text: str


def afterwards(release: Release, cases: tuple[Case, ...], decided: Decided, now: datetime, actor: Person) -> Afterwards:
    """The facts after these events, without keeping them."""
    after = release
    for event in decided.events:
        after = evolve_release(after, event, now, actor)
    moved: list[Case] = []
    moves: list[Move] = []
    for case in cases:
        events = decided.cases.get(case.id, ())
        moved.append(_evolved(case, events, now, actor))
        moves += [_move(case, event.until) for event in events if isinstance(event, _MOVES)]
    return Afterwards(release=after, cases=tuple(moved), moves=tuple(moves))


_MOVES: Final = (case_events.EmbargoMoved, case_events.EmbargoAgreed)


def _evolved(case: Case, events: tuple[case_events.CaseEvent, ...], now: datetime, actor: Person) -> Case:
    for event in events:
        case = evolve_case(case, event, now, actor)
    return case


def _move(case: Case, until: datetime) -> Move:
    return Move(ref=case.ref, title=case.title, old=case.embargo.until, new=until)


def text_changes(before: str, after: str) -> tuple[TextLine, ...]:
    """The lines that differ, old ones before new ones, with one line that stays around each place."""
    old, new = before.splitlines()[:_LONGEST], after.splitlines()[:_LONGEST]
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    lines: list[TextLine] = []
    for group in matcher.get_grouped_opcodes(1):
        for tag, a_from, a_to, b_from, b_to in group:
            if tag == "equal":
                lines += [TextLine(change="same", text=text) for text in old[a_from:a_to]]
                continue
            lines += [TextLine(change="old", text=text) for text in old[a_from:a_to]]
            lines += [TextLine(change="new", text=text) for text in new[b_from:b_to]]
    return tuple(line for line in lines if line.text.strip())


def moved_by(facts: ReleaseFacts, decided: Decided, now: datetime, actor: Person) -> Moved:
    """What these events would move, and how the notice of the coming release would read afterwards."""
    release, cases = facts.release, facts.cases
    after = afterwards(release, cases, decided, now, actor)
    project = facts.team.project
    if project is None:
        return Moved(moves=after.moves, lines=())
    before = pre_release_page(bulletin_of(project, cases, release, now), project, instant(now))
    later = pre_release_page(bulletin_of(project, after.cases, after.release, now), project, instant(now))
    return Moved(moves=after.moves, lines=text_changes(before, later))
