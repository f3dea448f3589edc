"""The release page: fetches the release with its cases, performs its commands, judges forms while somebody types."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import msgspec

from app.desk.ports.vault import CaseQuery, CaseRow
from app.domain.case.context import Context
from app.domain.case.state import Case
from app.domain.changes import Changes
from app.domain.commands import ReleaseCommand
from app.domain.commands.release_commands import BundleCase
from app.domain.errors import AppError, Rejected
from app.domain.policy import Policy
from app.domain.release.decide import Decided, ReleaseContext, decide
from app.domain.release.state import Release
from app.domain.team import Team
from app.presenters.hub import Hub
from app.presenters.runner import Runner
from app.presenters.session import Session

FOUND_CASES = 20
_LONGEST_SEARCH = 200

Failed = Callable[[Exception], None]


class ReleaseFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the page shows, fetched in one go; `cases` are the bundled ones in the order they joined."""

    release: Release
    cases: tuple[Case, ...]
    policy: Policy
    team: Team


class ReleaseView(Protocol):
    """The page as its presenter sees it."""

    def show_facts(self, facts: ReleaseFacts) -> None:
        """Show these facts; what is being typed stays as it is."""
        ...

    def show_problem(self, problem: Exception) -> None:
        """Something could not be fetched or done."""
        ...


class ReleasePresenter:
    """One open release. The parts of the page share it: they read `facts` and call `perform`."""

    def __init__(self, view: ReleaseView, session: Session, runner: Runner, hub: Hub, ref: str) -> None:
        self.ref = ref
        self.session = session
        self.runner = runner
        self.facts: ReleaseFacts | None = None
        self._view = view
        self._hub = hub
        self._epoch = 0
        self._search_epoch = 0
        self._drafts: dict[str, str | None] = {}
        self._open = True
        self._stop_listening = hub.listen(self._changed)

    @property
    def is_open(self) -> bool:
        """Whether the page is still there to hear answers."""
        return self._open

    def now(self) -> datetime:
        """This instant in UTC."""
        return self.session.clock.now()

    def refresh(self) -> None:
        """Fetch the release again; an answer to an older question is dropped."""
        self._epoch += 1
        epoch = self._epoch
        self.runner.run(
            lambda: read_release(self.session, self.ref),
            lambda facts: self._arrived(epoch, facts),
            lambda problem: self._missed(epoch, problem),
        )

    def perform(
        self,
        command: ReleaseCommand,
        done: Callable[[], None] | None = None,
        failed: Failed | None = None,
    ) -> None:
        """Carry out a command; `done` is called before the page is fetched anew, `failed` when refused."""

        def performed(changes: Changes) -> None:
            if done is not None and self._open:
                done()
            self._hub.publish(changes)

        def refused(problem: Exception) -> None:
            if self._open:
                (failed or self._view.show_problem)(problem)

        self.runner.run(
            lambda: self.session.desk.perform(self.ref, command).changes,
            performed,
            refused,
        )

    def publish(self, changes: Changes) -> None:
        """Tell every page what changed through another door than `perform`."""
        self._hub.publish(changes)

    def would_decide(self, command: ReleaseCommand) -> Decided:
        """The events that a command would make of the facts as they are; raises Rejected. Nothing is done."""
        facts = self.facts
        if facts is None:
            raise Rejected("release.unknown", ref=self.ref, needs="ref")
        return decide(facts.release, command, self._context(facts))

    def would_refuse(self, command: ReleaseCommand) -> AppError | None:
        """What the rules would say to a command now, for saying so while somebody types."""
        if self.facts is None or isinstance(command, BundleCase):
            return None
        try:
            self.would_decide(command)
        except AppError as refusal:
            return refusal
        return None

    def keep_draft(self, field: str, text: str | None) -> None:
        """Keep an unsaved text in the store, or forget it with None; the same text is written once only."""
        if self._drafts.get(field, "") == text:
            return
        self._drafts[field] = text
        self.runner.run(
            lambda: self.session.desk.save_draft(self.ref, field, text),
            lambda _nothing: None,
            self._view.show_problem,
        )

    def fetch_draft(self, field: str, then: Callable[[str | None], None]) -> None:
        """The unsaved text of a form, kept earlier; None if there is none."""

        def arrived(text: str | None) -> None:
            if self._open:
                self._drafts[field] = text
                then(text)

        self.runner.run(lambda: self.session.queries.draft(self.ref, field), arrived, self._view.show_problem)

    def search_cases(self, text: str, then: Callable[[tuple[CaseRow, ...]], None]) -> None:
        """Open cases that could join, for the words typed so far; only the last question is answered."""
        self._search_epoch += 1
        epoch = self._search_epoch
        query = CaseQuery(text=" ".join(text[:_LONGEST_SEARCH].split()), view="open", sort="updated", descending=True)

        def arrived(rows: tuple[CaseRow, ...] | None) -> None:
            if epoch == self._search_epoch and self._open and rows is not None:
                then(rows)

        self.runner.run(
            # Read from the vault's thread: a stale number only means that the work is done in vain.
            lambda: self._joinable(query) if epoch == self._search_epoch else None,
            arrived,
            self._view.show_problem,
        )

    def close(self) -> None:
        """Stop listening; late answers are dropped."""
        self._open = False
        self._epoch += 1
        self._search_epoch += 1
        self._stop_listening()
        self.facts = None

    def _joinable(self, query: CaseQuery) -> tuple[CaseRow, ...]:
        page = self.session.queries.cases(query, None, FOUND_CASES * 2)
        free = [row for row in page.rows if not row.release and row.stage not in ("announced", "published")]
        return tuple(free[:FOUND_CASES])

    def _context(self, facts: ReleaseFacts) -> ReleaseContext:
        base = Context(now=self.now(), actor=self.session.me, policy=facts.policy, people=facts.team.people)
        return ReleaseContext(base=base, members=facts.cases)

    def _arrived(self, epoch: int, facts: ReleaseFacts) -> None:
        if epoch != self._epoch:
            return
        self.facts = facts
        self._view.show_facts(facts)

    def _missed(self, epoch: int, problem: Exception) -> None:
        if epoch == self._epoch:
            self._view.show_problem(problem)

    def _changed(self, changes: Changes) -> None:
        if not self._open:
            return
        mine = {self.ref}
        if self.facts is not None:
            mine |= {case.ref for case in self.facts.cases}
        if changes.refs & mine or "team" in changes.topics:
            self.refresh()


def read_release(session: Session, ref: str) -> ReleaseFacts:
    """Reads a release with its cases on the vault's thread; raises Rejected("release.unknown")."""
    queries = session.queries
    release = queries.release(ref)
    if release is None:
        raise Rejected("release.unknown", ref=ref, needs="ref")
    team = queries.team()
    found = (queries.case(member.case) for member in release.members)
    return ReleaseFacts(
        release=release,
        cases=tuple(case for case in found if case is not None),
        policy=session.policies.latest(team.policy),
        team=team,
    )
