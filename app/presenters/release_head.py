"""What the head of a release page says: its state, what it is rated, its embargo, and what is due next."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

import msgspec

from app.domain.case.embargo import embargo_runs
from app.domain.case.state import Case
from app.domain.projection import release_state
from app.domain.release.state import Release
from app.domain.values import RATING_ORDER, Person, Rating, Tlp
from app.presenters.release import ReleaseFacts
from app.presenters.release_sheet import SheetStep, embargo_end, live_step

STATES: Final = ("planned", "pre-announced", "released", "announced", "posted", "closed")
"""What a release goes through, in order; `cancelled` stands beside it."""

_TLP_ORDER: Final[dict[Tlp, int]] = {"CLEAR": 0, "GREEN": 1, "AMBER": 2, "AMBER+STRICT": 3, "RED": 4}

EmbargoState = Literal["empty", "running", "mixed", "ended"]


class DueFact(msgspec.Struct, frozen=True, kw_only=True):
    """The live step of the run sheet and its due instant (UTC)."""

    step: SheetStep
    due: datetime
    late: bool


class ReleaseHead(msgspec.Struct, frozen=True, kw_only=True):
    """The head of the page; instants are UTC.

    `embargo_at` is when the last embargo ends or ended; `mixed` says that the cases do not end together.
    """

    ref: str
    title: str
    state: str
    filled: int
    rating: Rating | None
    tlp: Tlp | None
    embargo: EmbargoState
    embargo_at: datetime
    due: DueFact | None
    steward: Person | None
    postponed: int


def head_of(facts: ReleaseFacts, steps: tuple[SheetStep, ...], now: datetime) -> ReleaseHead:
    """The head of a release's page at an instant."""
    release, cases = facts.release, facts.cases
    state = release_state(release)
    embargo, at = embargo_of(release, cases, now)
    return ReleaseHead(
        ref=release.ref,
        title=shown_title(release.title, release.slug),
        state=state,
        filled=STATES.index(state) + 1 if state in STATES else 0,
        rating=highest_rating(cases),
        tlp=strictest_tlp(cases),
        embargo=embargo,
        embargo_at=at,
        due=_due(steps, now),
        steward=release.steward,
        postponed=len(release.postponements),
    )


def shown_title(title: str, slug: str) -> str:
    """The working title, or words made of the slug, which every release has."""
    return title or slug.replace("-", " ").capitalize()


def highest_rating(cases: tuple[Case, ...]) -> Rating | None:
    """The highest severity of the cases, or None for no case."""
    ratings: list[Rating] = [case.severity.rating if case.severity else "unknown" for case in cases]
    return max(ratings, key=lambda rating: RATING_ORDER[rating], default=None)


def strictest_tlp(cases: tuple[Case, ...]) -> Tlp | None:
    """The sharing label that binds all of the cases, or None for no case."""
    labels: list[Tlp] = [case.tlp for case in cases]
    return max(labels, key=lambda label: _TLP_ORDER[label], default=None)


def embargo_of(release: Release, cases: tuple[Case, ...], now: datetime) -> tuple[EmbargoState, datetime]:
    """Where the embargoes of the cases stand together, and the instant that says so (UTC)."""
    if not cases:
        return "empty", release.target
    secret = [case for case in cases if embargo_runs(case, now)]
    if not secret:
        ends = [end for case in cases if (end := embargo_end(case)) is not None]
        return "ended", max(ends, default=release.target)
    until = {case.embargo.until or release.target for case in secret}
    return ("running" if len(until) == 1 else "mixed"), max(until)


def _due(steps: tuple[SheetStep, ...], now: datetime) -> DueFact | None:
    live = live_step(steps)
    if live is None or live.due is None or live.id == "embargo":
        return None
    return DueFact(step=live, due=live.due, late=now > live.due)
