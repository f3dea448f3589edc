"""The work on backups of an open store, one at a time: made by hand or by the clock, thinned out, tried."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal, TypeVar

import msgspec

from app.desk.backups import Pruned
from app.desk.ports.backups import BackupReport, Copy, DrillReport
from app.desk.ports.keys import Secret
from app.domain.backups import BackupDue, BackupRule
from app.domain.changes import Changes
from app.domain.errors import AppError, Rejected
from app.presenters.hub import Hub
from app.presenters.runner import Cancelled, Report, Runner
from app.presenters.session import Session

_T = TypeVar("_T")

Doing = Literal["", "copying", "proving", "thinning", "drilling"]
Listener = Callable[["BackupState"], None]

AGAIN_AFTER: Final = timedelta(minutes=30)
"""How long the clock waits after a backup that failed or was stopped, so that it does not nag every minute."""

_STOPPED: Final = "backup.cancelled"


class BackupState(msgspec.Struct, frozen=True, kw_only=True):
    """What is being done, how far it is, and how the last one ended; `by_clock` says that nobody pressed a button."""

    doing: Doing = ""
    done: int = 0
    of: int = 0
    by_clock: bool = False
    made: BackupReport | None = None
    pruned: Pruned | None = None
    drilled: DrillReport | None = None
    problem: Exception | None = None


class BackupWork:
    """Lives as long as the store is open. The copy is taken on the vault's thread, everything long elsewhere."""

    def __init__(self, session: Session, runner: Runner, worker: Runner, hub: Hub) -> None:
        self.state = BackupState()
        self._session = session
        self._runner = runner
        self._worker = worker
        self._hub = hub
        self._listeners: list[Listener] = []
        self._stop: Callable[[], None] | None = None
        self._not_before: datetime | None = None
        self._over = False

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Hear of every change of the state; gives back the act that stops it, which may be called twice."""
        self._listeners.append(listener)

        def stop() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return stop

    @property
    def is_busy(self) -> bool:
        return bool(self.state.doing)

    def tick(self) -> None:
        """Some time has passed: begin a backup if one is due."""
        now = self._session.clock.now()
        if self.is_busy or self._over or self._waits(now):
            return

        def told(due: BackupDue) -> None:
            if due.is_due and not self.is_busy and not self._over:
                self._begin(by_clock=True)

        self._runner.run(lambda: self._session.backups.due(now), told, _ignore)

    def _waits(self, now: datetime) -> bool:
        # A clock that was set back since must not make it wait for longer than it ever would.
        return self._not_before is not None and now < self._not_before <= now + AGAIN_AFTER

    def make(self) -> bool:
        """Begin a backup into the team's folder; False while something else is done."""
        if self.is_busy or self._over:
            return False
        self._begin(by_clock=False)
        return True

    def drill(self, path: Path, secret: Secret) -> bool:
        """Try to restore a backup to a scratch place; False while something else is done."""
        if self.is_busy or self._over:
            return False
        self._set(BackupState(doing="drilling"))
        backups = self._session.backups
        self._run(
            self._worker,
            lambda report, cancelled: backups.try_out(path, secret, progress=report, cancelled=cancelled),
            self._tried,
        )
        return True

    def cancel(self) -> None:
        """Ask what is going on to stop; what was finished stays."""
        if self._stop is not None:
            self._stop()

    def close(self) -> None:
        """The store is about to be closed: stop, and tell nobody any more."""
        self._over = True
        self.cancel()
        self._listeners.clear()

    def _begin(self, *, by_clock: bool) -> None:
        self._set(BackupState(doing="copying", by_clock=by_clock))
        backups = self._session.backups

        def copy(report: Report, cancelled: Cancelled) -> Copy | None:
            try:
                return backups.begin(None, report, cancelled)
            except Rejected as stopped:
                # Stopped before a lock is no failure that anybody must hear of then.
                if stopped.code != _STOPPED:
                    raise
                return None

        self._run(self._runner, copy, self._copied)

    def _copied(self, copy: Copy | None) -> None:
        if copy is None:
            self._failed(Rejected(_STOPPED))
            return
        self._next("proving")
        backups = self._session.backups
        self._run(
            self._worker,
            lambda report, cancelled: backups.prove(copy, progress=report, cancelled=cancelled),
            self._proved,
        )

    def _proved(self, made: BackupReport) -> None:
        def record() -> tuple[Changes, BackupRule]:
            return self._session.backups.finish(made), self._session.backups.rule()

        self._runner.run(record, lambda answer: self._recorded(made, *answer), self._failed)

    def _recorded(self, made: BackupReport, changes: Changes, rule: BackupRule) -> None:
        self._next("thinning", made=made)
        now, backups = self._session.clock.now(), self._session.backups
        self._run(
            self._worker,
            lambda _report, cancelled: backups.thin_out(Path(made.path).parent, now, rule, cancelled),
            lambda pruned: self._end(made=made, pruned=pruned),
            lambda problem: self._end(made=made, problem=problem),
        )
        self._hub.publish(changes)

    def _run(
        self,
        runner: Runner,
        work: Callable[[Report, Cancelled], _T],
        done: Callable[[_T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Begin a long work; the next step may have begun by the time that this returns."""
        doing = self.state.doing
        stop = runner.run_long(work, done, failed or self._failed, self._progress)
        if self.state.doing == doing:
            self._stop = stop

    def _tried(self, report: DrillReport) -> None:
        self._runner.run(
            lambda: self._session.backups.finish_drill(report),
            lambda changes: self._drilled(report, changes),
            self._failed,
        )

    def _drilled(self, report: DrillReport, changes: Changes) -> None:
        self._end(drilled=report)
        self._hub.publish(changes)

    def _failed(self, problem: Exception) -> None:
        stopped = isinstance(problem, AppError) and problem.code == _STOPPED
        self._not_before = self._session.clock.now() + AGAIN_AFTER
        self._end(problem=None if stopped else problem)

    def _next(self, doing: Doing, made: BackupReport | None = None) -> None:
        self._set(BackupState(doing=doing, by_clock=self.state.by_clock, made=made))

    def _end(
        self,
        *,
        made: BackupReport | None = None,
        pruned: Pruned | None = None,
        drilled: DrillReport | None = None,
        problem: Exception | None = None,
    ) -> None:
        self._stop = None
        by_clock = self.state.by_clock
        self._set(BackupState(by_clock=by_clock, made=made, pruned=pruned, drilled=drilled, problem=problem))

    def _progress(self, done: int, of: int) -> None:
        if self.is_busy:
            self._set(msgspec.structs.replace(self.state, done=done, of=of))

    def _set(self, state: BackupState) -> None:
        self.state = state
        if not self._over:
            for listener in tuple(self._listeners):
                listener(state)


def _ignore(_answer: object) -> None:
    """The clock asks again."""
