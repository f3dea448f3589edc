"""How long closed cases are kept: the team's choice, and the cases whose time is over or that wait to be erased."""

from __future__ import annotations

from typing import Final, Protocol

import msgspec

from app.desk.desk import Done
from app.desk.retention import DAYS, Over, Waiting
from app.domain.changes import Changes
from app.domain.commands.team_commands import ChangeSetting
from app.presenters.hub import Hub
from app.presenters.runner import Runner
from app.presenters.session import Session

SHOWN: Final = 30
CHOICES: Final = (0, 180, 365, 730, 1095, 1825, 3650)
"""Days that are offered; 0 keeps for ever."""


class RetentionShown(msgspec.Struct, frozen=True, kw_only=True):
    """What the page tells; `days` is None where each policy says, 0 for ever."""

    days: int | None
    over: tuple[Over, ...]
    waiting: tuple[Waiting, ...]


class RetentionView(Protocol):
    """What the page can be told."""

    def show_retention(self, shown: RetentionShown) -> None: ...
    def show_proposed(self, refs: tuple[str, ...]) -> None:
        """These cases were proposed to be erased; none is gone yet."""
        ...

    def show_problem(self, problem: Exception) -> None: ...


class RetentionPresenter:
    """Reads what is over and takes the first step for all of it when asked; the second is taken case by case."""

    def __init__(self, view: RetentionView, session: Session, runner: Runner, hub: Hub) -> None:
        self._view = view
        self._session = session
        self._runner = runner
        self._hub = hub
        self._epoch = 0
        self._over = False
        self._stop = hub.listen(self._heard)

    def start(self) -> None:
        """Read everything anew."""
        self._epoch += 1
        epoch, retention = self._epoch, self._session.retention
        self._runner.run(
            lambda: RetentionShown(days=retention.days(), over=retention.over(SHOWN), waiting=retention.waiting(SHOWN)),
            lambda shown: self._arrived(epoch, shown),
            self._failed,
        )

    def close(self) -> None:
        """Hear of nothing any more."""
        self._stop()
        self._over = True
        self._epoch += 1

    def choose_days(self, days: int) -> None:
        """Keep closed cases so many days from now on, 0 for ever."""
        command = ChangeSetting(key=DAYS, value=str(days))

        def done(answer: Done) -> None:
            self._hub.publish(answer.changes)

        self._runner.run(lambda: self._session.desk.perform(None, command), done, self._failed)

    def propose_all(self) -> None:
        """The first step for every case whose time is over; nothing is gone by it."""

        def done(answer: tuple[tuple[str, ...], Changes]) -> None:
            refs, changes = answer
            if not self._over:
                self._view.show_proposed(refs)
            self._hub.publish(changes)
            self.start()

        self._runner.run(self._session.retention.propose_over, done, self._failed)

    def _arrived(self, epoch: int, shown: RetentionShown) -> None:
        if epoch == self._epoch:
            self._view.show_retention(shown)

    def _failed(self, problem: Exception) -> None:
        if not self._over:
            self._view.show_problem(problem)

    def _heard(self, changes: Changes) -> None:
        if not self._over and changes.topics & {"team", "cases"}:
            self.start()
