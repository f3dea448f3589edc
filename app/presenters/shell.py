"""The window around the pages: numbers on the rail, the palette's answers, and when to lock by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from typing import Final, Protocol

import msgspec

from app.desk.ports.vault import CaseQuery, CaseRow, Queries
from app.domain.changes import Changes
from app.domain.values import Person
from app.presenters.desk import group_of
from app.presenters.hub import Hub
from app.presenters.runner import Runner
from app.presenters.session import Session
from app.presenters.settings import IDLE_MINUTES, team_number

FOUND_CASES: Final = 8
_OPEN_RELEASES: Final = frozenset({"planned", "pre-announced", "released", "announced"})


class ShellFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the rail tells: the store, the person, how much there is. `urgent` is late or due today."""

    store: str
    me: Person
    urgent: int = 0
    cases: int = 0
    releases: int = 0
    idle_minutes: int = 10


class ShellView(Protocol):
    """What the frame of the window can be told."""

    def show_facts(self, facts: ShellFacts) -> None: ...
    def show_found(self, text: str, rows: tuple[CaseRow, ...]) -> None:
        """The cases that the palette found for a text."""
        ...

    def show_problem(self, problem: Exception) -> None: ...


class ShellPresenter:
    """Keeps the rail's numbers true and answers the palette."""

    def __init__(self, view: ShellView, session: Session, runner: Runner, hub: Hub, tz: tzinfo) -> None:
        self._view = view
        self._session = session
        self._runner = runner
        self._tz = tz
        self._epoch = 0
        self._search_epoch = 0
        self._stop = hub.listen(self._changed)

    def start(self) -> None:
        """Read the numbers anew."""
        self._epoch += 1
        epoch, session = self._epoch, self._session
        now, tz = session.clock.now(), self._tz
        self._runner.run(
            lambda: read_shell(session.queries, session.me, now, tz),
            lambda facts: self._arrived(epoch, facts),
            lambda problem: self._failed(epoch, problem),
        )

    def close(self) -> None:
        """Hear of nothing any more."""
        self._stop()
        self._epoch += 1
        self._search_epoch += 1

    def find(self, text: str) -> None:
        """Look for cases for the palette; only the last question is answered."""
        self._search_epoch += 1
        epoch = self._search_epoch
        query = CaseQuery(text=" ".join(text[:200].split()), view="all", me=self._session.me.id, sort="updated")
        query = msgspec.structs.replace(query, descending=True)
        self._runner.run(
            lambda: self._session.queries.cases(query, None, FOUND_CASES).rows if self._asks(epoch) else (),
            lambda rows: self._found(epoch, text, rows),
            lambda problem: self._search_failed(epoch, problem),
        )

    def _asks(self, epoch: int) -> bool:
        # Read from the vault's thread: a stale number only means that the work is done in vain.
        return epoch == self._search_epoch

    def _search_failed(self, epoch: int, problem: Exception) -> None:
        if epoch == self._search_epoch:
            self._view.show_problem(problem)

    def _arrived(self, epoch: int, facts: ShellFacts) -> None:
        if epoch == self._epoch:
            self._view.show_facts(facts)

    def _found(self, epoch: int, text: str, rows: tuple[CaseRow, ...]) -> None:
        if epoch == self._search_epoch:
            self._view.show_found(text, rows)

    def _failed(self, epoch: int, problem: Exception) -> None:
        if epoch == self._epoch:
            self._view.show_problem(problem)

    def _changed(self, changes: Changes) -> None:
        if changes.topics & {"cases", "releases", "team"}:
            self.start()


def read_shell(queries: Queries, me: Person, now: datetime, tz: tzinfo) -> ShellFacts:
    """Reads the rail's numbers; runs on the vault's thread. `now` is UTC, days are those of `tz`."""
    team = queries.team()
    due = queries.due(200, me=me.id)
    urgent = sum(group_of(d.due, now, tz, paused=d.paused) in ("overdue", "today") for d in due)
    releases, _more = queries.releases(None, 200)
    return ShellFacts(
        store=team.name,
        me=me,
        urgent=urgent,
        cases=queries.count(CaseQuery(view="open", me=me.id)),
        releases=sum(r.state in _OPEN_RELEASES for r in releases),
        idle_minutes=team_number(IDLE_MINUTES, team.setting(IDLE_MINUTES.key, IDLE_MINUTES.default)),
    )


class IdleLock:
    """Decides when nobody has touched the window for too long. Instants are UTC; sleep of the machine counts."""

    def __init__(self, now: datetime, minutes: int, lock: Callable[[], None]) -> None:
        self._last = now
        self._limit = timedelta(minutes=minutes)
        self._lock = lock
        self._over = False

    def touched(self, now: datetime) -> None:
        """Somebody typed or moved the mouse. A touch after the time is over does not bring it back."""
        if not self.check(now):
            self._last = max(self._last, now)

    def set_minutes(self, minutes: int) -> None:
        self._limit = timedelta(minutes=minutes)

    @property
    def limit(self) -> timedelta:
        return self._limit

    def left(self, now: datetime) -> timedelta:
        """How long until it locks; never negative."""
        return max(timedelta(0), self._last + self._limit - now)

    def check(self, now: datetime) -> bool:
        """Lock, once, if the time is over."""
        if not self._over and self.left(now) == timedelta(0):
            self._over = True
            self._lock()
        return self._over
