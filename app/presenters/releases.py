"""The list of releases, page by page, and the planning of a new one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Any, Final, Protocol

import msgspec

from app.desk.desk import Done
from app.desk.ports.vault import ReleaseRow
from app.domain.case.context import Context
from app.domain.changes import Changes
from app.domain.commands.release_commands import PlanRelease
from app.domain.errors import AppError
from app.domain.policy import Policy
from app.domain.release.decide import ReleaseContext, decide
from app.domain.team import Team
from app.presenters.hub import Hub
from app.presenters.release_forms import PLAN_DRAFT, Values, command_of, first_plan
from app.presenters.runner import Runner
from app.presenters.session import Session

PAGE: Final = 200
_LONGEST_REFETCH: Final = 1000

Page = tuple[tuple[ReleaseRow, ...], str | None]


class ReleasesView(Protocol):
    """What the page of the list can be told."""

    def show_rows(self, rows: tuple[ReleaseRow, ...], *, more: bool) -> None:
        """Rows from the top; what was chosen stays chosen where it is still there."""
        ...

    def add_rows(self, rows: tuple[ReleaseRow, ...], *, more: bool) -> None: ...
    def show_problem(self, problem: Exception) -> None: ...


class ReleasesPresenter:
    """Asks the store and tells the view; an answer to a question that is no longer asked is dropped."""

    def __init__(self, view: ReleasesView, session: Session, runner: Runner, hub: Hub, tz: tzinfo) -> None:
        self._view = view
        self._session = session
        self._runner = runner
        self._hub = hub
        self._tz = tz
        self._epoch = 0
        self._cursor: str | None = None
        self._loaded = 0
        self._asking_more = False
        self._open = True
        self._team: Team | None = None
        self._policy: Policy | None = None
        self._stop = hub.listen(self._changed)

    def start(self) -> None:
        """Ask for what was shown before, at least a page."""
        self._epoch += 1
        self._asking_more = False
        epoch, limit = self._epoch, min(max(self._loaded, PAGE), _LONGEST_REFETCH)
        self._runner.run(
            lambda: self._session.queries.releases(None, limit),
            lambda page: self._arrived(epoch, page),
            lambda problem: self._failed(epoch, problem),
        )

    def more(self) -> None:
        """Ask for the next page; asking twice for the same page asks once."""
        if self._cursor is None or self._asking_more:
            return
        self._asking_more = True
        epoch, cursor = self._epoch, self._cursor
        self._runner.run(
            lambda: self._session.queries.releases(cursor, PAGE),
            lambda page: self._arrived_more(epoch, page),
            lambda problem: self._failed(epoch, problem),
        )

    def close(self) -> None:
        """Hear of nothing any more."""
        self._open = False
        self._stop()
        self._epoch += 1

    # ------------------------------------------------------------------------------------ planning a release
    def begin_plan(self, then: Callable[[Values], None]) -> None:
        """What the form begins with: what was typed the last time and not used, or a suggestion."""
        first = first_plan(self._session.clock.now(), self._tz)

        def read() -> tuple[str | None, Team, Policy]:
            team = self._session.queries.team()
            return self._session.queries.draft(*PLAN_DRAFT), team, self._session.policies.latest(team.policy)

        def arrived(answer: tuple[str | None, Team, Policy]) -> None:
            draft, self._team, self._policy = answer
            if self._open:
                then({**first, **_read(draft)})

        self._runner.run(read, arrived, self._view.show_problem)

    def judge_plan(self, values: Mapping[str, Any]) -> AppError | None:
        """What the rules say to a plan as typed, before it is sent; None when they have nothing to say."""
        if self._team is None or self._policy is None:
            return None
        now, people = self._session.clock.now(), self._team.people
        base = Context(now=now, actor=self._session.me, policy=self._policy, people=people)
        try:
            decide(None, self.plan_of(values), ReleaseContext(base=base))
        except AppError as problem:
            return problem
        return None

    def plan_of(self, values: Mapping[str, Any]) -> PlanRelease:
        """The command of a filled form; raises Rejected."""
        command = command_of("plan-release", values, self._tz, self._session.clock.now())
        if not isinstance(command, PlanRelease):
            raise TypeError(type(command).__name__)
        return command

    def plan(self, values: Mapping[str, Any], done: Callable[[str], None], failed: Callable[[Exception], None]) -> None:
        """Plan the release; `done` gets its reference."""
        try:
            command = self.plan_of(values)
        except AppError as problem:
            failed(problem)
            return

        def planned(answer: Done) -> None:
            done(answer.ref)
            self._hub.publish(answer.changes)

        self._runner.run(lambda: self._session.desk.perform(None, command), planned, failed)

    def keep_plan(self, values: Values | None) -> None:
        """Keep what was typed into the form, or forget it with None."""
        text = msgspec.json.encode(values).decode() if values is not None else None
        self._runner.run(
            lambda: self._session.desk.save_draft(*PLAN_DRAFT, text),
            lambda _nothing: None,
            self._view.show_problem,
        )

    # ------------------------------------------------------------------------------------------- inside
    def _arrived(self, epoch: int, page: Page) -> None:
        if epoch == self._epoch:
            rows, self._cursor = page
            self._loaded = len(rows)
            self._view.show_rows(rows, more=self._cursor is not None)

    def _arrived_more(self, epoch: int, page: Page) -> None:
        if epoch == self._epoch:
            self._asking_more = False
            rows, self._cursor = page
            self._loaded += len(rows)
            self._view.add_rows(rows, more=self._cursor is not None)

    def _failed(self, epoch: int, problem: Exception) -> None:
        if epoch == self._epoch:
            self._asking_more = False
            self._view.show_problem(problem)

    def _changed(self, changes: Changes) -> None:
        if self._open and "releases" in changes.topics:
            self.start()


def _read(draft: str | None) -> Values:
    if not draft:
        return {}
    try:
        kept = msgspec.json.decode(draft.encode())
    except msgspec.DecodeError:
        return {}
    return kept if isinstance(kept, dict) else {}
