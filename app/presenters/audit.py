"""The audit page: the history of everything, newest first; verification with a verdict; checkpoints to keep outside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Final, Protocol

import msgspec

from app.desk.ports.vault import Cancelled, Checkpoint, Finding, HistoryRow, Progress, VerifyReport
from app.domain.changes import Changes
from app.domain.checkpoint_note import Note, read_checkpoint
from app.domain.errors import Rejected
from app.domain.identifiers import parse_case_ref, parse_release_ref
from app.domain.team import TEAM_STREAM, Team
from app.domain.untrusted import safe_line
from app.presenters.hub import Hub
from app.presenters.runner import Runner
from app.presenters.session import Session

PAGE: Final = 100
_LONGEST_REFETCH: Final = 1000


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Whose history is shown: a case, a release, the `team`, or with an empty text everything."""

    ref: str = ""


class AuditView(Protocol):
    """What the page can be told."""

    def show_team(self, team: Team) -> None:
        """Who may sign, for the names of devices."""
        ...

    def show_rows(self, rows: tuple[HistoryRow, ...], *, more: bool, count: int) -> None:
        """Events from the newest on; `count` is how many there are in all."""
        ...

    def add_rows(self, rows: tuple[HistoryRow, ...], *, more: bool) -> None: ...
    def show_progress(self, done: int, of: int) -> None:
        """Verification is under way; `of` is 0 while nobody knows how much there is."""
        ...

    def show_verdict(self, report: VerifyReport, at: datetime) -> None:
        """What verification found, and when it ended (UTC)."""
        ...

    def show_comparison(self, note: Note, findings: tuple[Finding, ...], at: datetime) -> None:
        """What differs between the store and a checkpoint that somebody kept, and when that was found out (UTC)."""
        ...

    def show_checkpoint(self, checkpoint: Checkpoint, path: Path) -> None:
        """The note lies in this file; one line of it can be printed."""
        ...

    def show_filter_problem(self, problem: Rejected) -> None: ...
    def show_problem(self, problem: Exception) -> None: ...


class AuditPresenter:
    """Asks the store and tells the view; an answer to a question that is no longer asked is dropped."""

    def __init__(self, view: AuditView, session: Session, runner: Runner, hub: Hub) -> None:
        self._view = view
        self._session = session
        self._runner = runner
        self._hub = hub
        self._asked = Asked()
        self._epoch = 0
        self._loaded = 0
        self._last = 0
        self._asking_more = False
        self._cancel: Callable[[], None] | None = None
        self._open = True
        self._stop = hub.listen(self._changed)

    @property
    def asked(self) -> Asked:
        return self._asked

    @property
    def verifying(self) -> bool:
        return self._cancel is not None

    def start(self) -> None:
        """Read what was shown before anew, at least a page."""
        self._ask(max(PAGE, min(self._loaded, _LONGEST_REFETCH)))

    def only(self, text: str) -> None:
        """Show the history of one case or release, or with an empty text of everything."""
        try:
            ref = parse_filter(text)
        except Rejected as problem:
            self._view.show_filter_problem(problem)
            return
        if ref != self._asked.ref:
            self._asked = Asked(ref=ref)
            self._loaded = 0
            self._ask(PAGE)

    def more(self) -> None:
        """Ask for older events; asking twice for the same page asks once."""
        if self._asking_more or not self._last:
            return
        self._asking_more = True
        epoch, ref, last = self._epoch, self._asked.ref or None, self._last
        self._runner.run(
            lambda: self._session.queries.history(ref, last, PAGE + 1, newest_first=True),
            lambda rows: self._arrived_more(epoch, rows),
            lambda problem: self._failed(epoch, problem),
        )

    def verify(self) -> None:
        """Check chain, signatures, projections and files; what is running already goes on."""
        if self._cancel is not None:
            return
        self._cancel = _nothing
        stop = self._runner.run_long(
            self._session.vault.verify,
            self._verified,
            self._verify_failed,
            self._progress,
        )
        if self._cancel is not None:
            self._cancel = stop

    def compare(self, text: str) -> None:
        """Hold a checkpoint that was kept elsewhere against the store: its note or its line, as pasted or typed."""
        try:
            note = read_checkpoint(text)
        except Rejected as problem:
            self._view.show_problem(problem)
            return

        def compared(findings: tuple[Finding, ...]) -> None:
            if self._open:
                self._view.show_comparison(note, findings, self._session.clock.now())

        self._runner.run(lambda: self._session.vault.check_against(text), compared, self._problem)

    def rebuild(self) -> None:
        """Make states, lists and search again from the log, and check everything anew; what is running goes on."""
        if self._cancel is not None:
            return

        def made_again(progress: Progress, cancelled: Cancelled) -> VerifyReport:
            self._session.vault.rebuild(progress)
            return self._session.vault.verify(progress, cancelled)

        def verified(report: VerifyReport) -> None:
            self._verified(report)
            # Every page may have shown what was not so.
            self._hub.publish(Changes(refs=frozenset({TEAM_STREAM}), topics=frozenset({"cases", "history", "team"})))

        self._cancel = _nothing
        stop = self._runner.run_long(made_again, verified, self._verify_failed, self._progress)
        if self._cancel is not None:
            self._cancel = stop

    def cancel(self) -> None:
        """Stop verifying after the piece at hand."""
        if self._cancel is not None:
            self._cancel()

    def checkpoint(self, path: Path, reason: str) -> None:
        """Make a checkpoint and write its signed note to a file, for its owner alone."""

        def make() -> Checkpoint:
            made = self._session.vault.checkpoint(self._session.me, self._session.clock.now(), reason)
            self._session.files.write(path, made.text.encode("utf-8"))
            return made

        def written(made: Checkpoint) -> None:
            if self._open:
                self._view.show_checkpoint(made, path)
            self._hub.publish(Changes(refs=frozenset({TEAM_STREAM}), topics=frozenset({"history", "team"})))

        self._runner.run(make, written, self._problem)

    def close(self) -> None:
        """Stop what runs, hear of nothing any more."""
        self.cancel()
        self._open = False
        self._epoch += 1
        self._stop()

    def _ask(self, limit: int) -> None:
        self._epoch += 1
        self._asking_more = False
        epoch, ref = self._epoch, self._asked.ref or None

        def read() -> tuple[Team, int, tuple[HistoryRow, ...]]:
            queries = self._session.queries
            if ref and ref != TEAM_STREAM and queries.case(ref) is None and queries.release(ref) is None:
                raise Rejected("ref.unknown", ref=ref, needs="ref")
            return (
                queries.team(),
                queries.history_count(ref),
                queries.history(ref, 0, limit + 1, newest_first=True),
            )

        self._runner.run(
            read,
            lambda answer: self._arrived(epoch, limit, *answer),
            lambda problem: self._failed(epoch, problem),
        )

    def _arrived(self, epoch: int, limit: int, team: Team, count: int, rows: tuple[HistoryRow, ...]) -> None:
        if epoch != self._epoch:
            return
        shown = rows[:limit]
        self._loaded = len(shown)
        self._last = shown[-1].seq if shown else 0
        self._view.show_team(team)
        self._view.show_rows(shown, more=len(rows) > limit, count=count)

    def _arrived_more(self, epoch: int, rows: tuple[HistoryRow, ...]) -> None:
        if epoch != self._epoch:
            return
        shown = rows[:PAGE]
        self._asking_more = False
        self._loaded += len(shown)
        self._last = shown[-1].seq if shown else self._last
        self._view.add_rows(shown, more=len(rows) > PAGE)

    def _progress(self, done: int, of: int) -> None:
        if self._open and self.verifying:
            self._view.show_progress(done, of)

    def _verified(self, report: VerifyReport) -> None:
        self._cancel = None
        if self._open:
            self._view.show_verdict(report, self._session.clock.now())

    def _verify_failed(self, problem: Exception) -> None:
        self._cancel = None
        self._problem(problem)

    def _failed(self, epoch: int, problem: Exception) -> None:
        if epoch != self._epoch:
            return
        self._asking_more = False
        if isinstance(problem, Rejected) and problem.code == "ref.unknown":
            self._view.show_filter_problem(problem)
        else:
            self._view.show_problem(problem)

    def _problem(self, problem: Exception) -> None:
        if self._open:
            self._view.show_problem(problem)

    def _changed(self, changes: Changes) -> None:
        if self._open and "history" in changes.topics:
            self.start()


def _nothing() -> None:
    """Stops nothing: a verification that has not begun or is over already."""


def parse_filter(text: str) -> str:
    """The reference of a case or release, or `team`, as somebody types it; empty for everything.

    Raises Rejected("identifier.reference") for anything else.
    """
    wanted = text.strip().upper()
    if not wanted:
        return ""
    if wanted == TEAM_STREAM.upper():
        return TEAM_STREAM
    return parse_release_ref(wanted) if wanted.startswith("R") else parse_case_ref(wanted)


def day_of(row: HistoryRow, tz: tzinfo) -> date:
    """The local day of an event."""
    return row.at.astimezone(tz).date()


def device_label(team: Team | None, device: str) -> str:
    """What the team calls a device; the start of its id where it has no name."""
    known = next((d.label for d in team.devices if d.id == device), "") if team else ""
    return safe_line(known, 60) or device[:8]


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """One field of an event as it stands in the log; a `long` one has lines of its own."""

    name: str
    value: str
    long: bool = False


_SHOWN: Final = 60
_LONG: Final = 90
_LONGEST_FACT: Final = 20_000


def facts_of(row: HistoryRow) -> tuple[Fact, ...]:
    """Every field of an event that says something, flat, in the order of its kind; at most sixty of them."""
    facts: list[Fact] = []
    _flatten(msgspec.to_builtins(row.event), "", facts)
    return tuple(facts[:_SHOWN])


def _flatten(value: object, name: str, facts: list[Fact]) -> None:
    if len(facts) > _SHOWN or value in (None, "", [], {}, ()):
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            if not (name == "" and key == "type"):
                _flatten(inner, f"{name}.{key}" if name else str(key), facts)
    elif isinstance(value, list | tuple):
        if all(isinstance(item, str | int | float) for item in value):
            _flatten(", ".join(str(item) for item in value), name, facts)
            return
        for at, item in enumerate(value):
            _flatten(item, f"{name}.{at + 1}", facts)
    else:
        text = str(value)[:_LONGEST_FACT]
        facts.append(Fact(name=safe_line(name, 80), value=text, long=len(text) > _LONG or "\n" in text))
