"""The page of the backups: when, where and how many, what lies there, and the work on them."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Protocol

import msgspec

from app.desk.desk import Done
from app.desk.ports.backups import ListedBackup
from app.desk.ports.keys import Secret
from app.domain.backups import BackupDue, BackupRule
from app.domain.changes import Changes
from app.domain.commands.team_commands import ChangeSetting
from app.domain.errors import Rejected
from app.presenters.backup_work import BackupState, BackupWork
from app.presenters.hub import Hub
from app.presenters.runner import Runner
from app.presenters.session import Session
from app.presenters.settings import BACKUP_FOLDER
from app.presenters.ways_in import PROOFS

SHOWN: Final = 50


class BackupsShown(msgspec.Struct, frozen=True, kw_only=True):
    """What the page tells; `proofs` are the kinds of secret that a drill can be given."""

    rule: BackupRule
    due: BackupDue
    proofs: tuple[str, ...] = ()


class BackupsView(Protocol):
    """What the page can be told."""

    def show_backups(self, shown: BackupsShown) -> None: ...
    def show_rows(self, rows: tuple[ListedBackup, ...], *, hidden: int) -> None:
        """What lies in the folder, the newest first; `hidden` says how many more there are."""
        ...

    def show_rows_problem(self, problem: Exception) -> None:
        """The folder can't be read."""
        ...

    def show_state(self, state: BackupState) -> None: ...
    def show_folder_problem(self, problem: Rejected) -> None: ...
    def show_problem(self, problem: Exception) -> None: ...


class BackupPagePresenter:
    """Reads the rule and the folder, keeps each choice in the store, and passes the work on."""

    def __init__(  # noqa: PLR0917 - everything that an open store is worked with
        self, view: BackupsView, session: Session, runner: Runner, worker: Runner, hub: Hub, work: BackupWork
    ) -> None:
        self.shown: BackupsShown | None = None
        self._view = view
        self._session = session
        self._runner = runner
        self._worker = worker
        self._hub = hub
        self._work = work
        self._epoch = 0
        self._over = False
        self._stops = (hub.listen(self._heard), work.listen(self._told))

    def start(self) -> None:
        """Read everything anew."""
        self._epoch += 1
        epoch, session, now = self._epoch, self._session, self._session.clock.now()
        self._runner.run(
            lambda: BackupsShown(
                rule=session.backups.rule(),
                due=session.backups.due(now),
                proofs=tuple(kind for kind in PROOFS if kind in {way.kind for way in session.keys.ways()}),
            ),
            lambda shown: self._arrived(epoch, shown),
            lambda problem: self._failed(epoch, problem),
        )
        self._view.show_state(self._work.state)

    def close(self) -> None:
        """Hear of nothing any more; what is going on goes on."""
        for stop in self._stops:
            stop()
        self._over = True
        self._epoch += 1

    def choose_folder(self, folder: str) -> None:
        """Where backups go from now on; empty for nowhere."""
        text = folder.strip()
        if text and not Path(text).is_absolute():
            self._view.show_folder_problem(Rejected("backup.folder-relative", path=text[:120], needs="folder"))
            return
        self.choose(BACKUP_FOLDER.key, text)

    def choose(self, key: str, value: str) -> None:
        """Keep a choice in the store, on record."""
        command = ChangeSetting(key=key, value=value)

        def done(answer: Done) -> None:
            self._hub.publish(answer.changes)

        epoch = self._epoch
        self._runner.run(
            lambda: self._session.desk.perform(None, command), done, lambda problem: self._refused(epoch, problem)
        )

    def make(self) -> None:
        """A backup now."""
        if self.shown is not None and not self.shown.rule.folder:
            self._view.show_folder_problem(Rejected("backup.no-folder", needs="folder"))
            return
        self._work.make()

    def drill(self, path: str, secret: Secret) -> None:
        """Try one backup."""
        self._work.drill(Path(path), secret)

    def cancel(self) -> None:
        self._work.cancel()

    def _arrived(self, epoch: int, shown: BackupsShown) -> None:
        if epoch != self._epoch:
            return
        self.shown = shown
        self._view.show_backups(shown)
        if not shown.rule.folder:
            self._view.show_rows((), hidden=0)
            return
        folder = Path(shown.rule.folder)
        # A folder may lie on a slow disk; the vault does not wait for it.
        self._worker.run(
            lambda: self._session.backups.listed(folder),
            lambda rows: self._listed(epoch, rows),
            lambda problem: self._not_listed(epoch, problem),
        )

    def _listed(self, epoch: int, rows: tuple[ListedBackup, ...]) -> None:
        if epoch == self._epoch:
            self._view.show_rows(rows[:SHOWN], hidden=max(0, len(rows) - SHOWN))

    def _not_listed(self, epoch: int, problem: Exception) -> None:
        if epoch == self._epoch:
            self._view.show_rows_problem(problem)

    def _refused(self, epoch: int, problem: Exception) -> None:
        self._failed(epoch, problem)
        if epoch == self._epoch and self.shown is not None:
            self._view.show_backups(self.shown)

    def _failed(self, epoch: int, problem: Exception) -> None:
        if epoch == self._epoch:
            self._view.show_problem(problem)

    def _heard(self, changes: Changes) -> None:
        if "team" in changes.topics:
            self.start()

    def _told(self, state: BackupState) -> None:
        if not self._over:
            self._view.show_state(state)
            if not state.doing:
                self.start()
