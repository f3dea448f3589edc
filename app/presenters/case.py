"""The case page: fetches the case, performs its commands, and keeps every unsaved text in the store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

import msgspec

from app.desk.desk import Done
from app.domain.case.context import Context
from app.domain.case.decide import decide
from app.domain.case.state import Case
from app.domain.changes import Changes
from app.domain.commands import CaseCommand
from app.domain.commands.case_commands import AddNote
from app.domain.errors import AppError, Rejected
from app.domain.policy import Policy
from app.domain.team import Team
from app.domain.untrusted import safe_file_name
from app.domain.values import Blob
from app.presenters.case_files import LARGEST_FILE
from app.presenters.hub import Hub
from app.presenters.runner import Runner
from app.presenters.session import Session

Failed = Callable[[Exception], None]


class CaseFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the page shows, fetched in one go; `events` is the length of the history."""

    case: Case
    policy: Policy
    team: Team
    events: int


class CaseView(Protocol):
    """The page as its presenter sees it."""

    def show_case(self, facts: CaseFacts) -> None:
        """Show these facts; unsaved texts stay as they are."""
        ...

    def show_problem(self, problem: Exception) -> None:
        """The case could not be fetched."""
        ...


class CasePresenter:
    """One open case. Sub-presenters of the tabs share it: they read `facts` and call `perform`."""

    def __init__(self, view: CaseView, session: Session, runner: Runner, hub: Hub, ref: str) -> None:
        self.ref = ref
        self.session = session
        self.runner = runner
        self.facts: CaseFacts | None = None
        self._view = view
        self._hub = hub
        self._epoch = 0
        self._open = True
        self._stop_listening = hub.listen(self._changed)
        self._drafts: dict[str, str | None] = {}

    def now(self) -> datetime:
        """This instant in UTC."""
        return self.session.clock.now()

    def refresh(self) -> None:
        """Fetch the case again; an answer to an older question is dropped."""
        self._epoch += 1
        epoch = self._epoch
        self.runner.run(
            self._fetch,
            lambda facts: self._arrived(epoch, facts),
            lambda problem: self._missed(epoch, problem),
        )

    def perform(
        self,
        command: CaseCommand,
        done: Callable[[], None] | None = None,
        failed: Failed | None = None,
    ) -> None:
        """Carry out a command; `done` is called before the page is fetched anew, `failed` when refused."""
        self.run(lambda: self.session.desk.perform(self.ref, command), done, failed)

    def perform_with_file(
        self,
        path: Path,
        command: Callable[[Blob], CaseCommand],
        done: Callable[[], None],
        failed: Failed,
    ) -> None:
        """Put a file into the store and carry out the command that names it, both or neither."""

        def work() -> Done:
            session = self.session
            data = session.files.read(path, LARGEST_FILE)
            with session.vault.transaction(session.me, session.clock.now()) as tx:
                blob = tx.put_blob(data, path.name)
                return session.desk.apply(tx, self.ref, command(blob))

        self.run(work, done, failed)

    def save_copy(self, blob: Blob, path: Path, done: Callable[[], None], failed: Failed) -> None:
        """Write a stored file to `path`, for this person alone, and note in the case that it was done."""

        def work() -> Done:
            session = self.session
            data = b"".join(session.queries.blob(blob.sha256))
            note = f"Saved a copy of “{safe_file_name(blob.name).shown}” outside the store. SHA-256 {blob.sha256}"
            # First the record: a copy that nobody knows of is worse than a record of one that failed.
            answer = session.desk.perform(self.ref, AddNote(text=note))
            session.files.write(path, data)
            return answer

        def refused(problem: Exception) -> None:
            failed(problem)
            self.refresh()

        self.run(work, done, refused)

    def run(
        self, work: Callable[[], Done], done: Callable[[], None] | None = None, failed: Failed | None = None
    ) -> None:
        """The same for work that ends in a command, such as storing a file first."""

        def performed(answer: Done) -> None:
            if done is not None and self._open:
                done()
            self._hub.publish(answer.changes)

        def refused(problem: Exception) -> None:
            if self._open:
                (failed or self._view.show_problem)(problem)

        self.runner.run(work, performed, refused)

    def would_refuse(self, command: CaseCommand) -> Rejected | None:
        """What the rules would say to a command now, without doing it; for saying so while somebody types."""
        facts = self.facts
        if facts is None:
            return None
        context = Context(now=self.now(), actor=self.session.me, policy=facts.policy, people=facts.team.people)
        try:
            decide(facts.case, command, context)
        except Rejected as refusal:
            return refusal
        except AppError:
            return None
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
        """The unsaved text of a field, kept earlier; None if there is none."""

        def arrived(text: str | None) -> None:
            if self._open:
                self._drafts[field] = text
                then(text)

        self.runner.run(lambda: self.session.queries.draft(self.ref, field), arrived, self._view.show_problem)

    def close(self) -> None:
        """Stop listening; late answers are dropped."""
        self._open = False
        self._epoch += 1
        self._stop_listening()
        self.facts = None

    @property
    def is_open(self) -> bool:
        """Whether the page is still there to hear answers."""
        return self._open

    def _fetch(self) -> CaseFacts:
        queries = self.session.queries
        case = queries.case(self.ref)
        if case is None:
            raise Rejected("case.unknown", ref=self.ref, needs="ref")
        return CaseFacts(
            case=case,
            policy=self.session.policies.get(case.policy, case.policy_version),
            team=queries.team(),
            events=queries.history_count(self.ref),
        )

    def _arrived(self, epoch: int, facts: CaseFacts) -> None:
        if epoch != self._epoch:
            return
        self.facts = facts
        self._view.show_case(facts)

    def _missed(self, epoch: int, problem: Exception) -> None:
        if epoch == self._epoch:
            self._view.show_problem(problem)

    def _changed(self, changes: Changes) -> None:
        if self._open and (self.ref in changes.refs or "team" in changes.topics):
            self.refresh()
