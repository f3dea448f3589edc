"""The backups of one open store: their work, the thread that proves them, and the look at the clock."""

from __future__ import annotations

from typing import Final, final

from PySide6.QtCore import QObject, QTimer

from app.presenters.backup_work import BackupWork
from app.presenters.hub import Hub
from app.presenters.runner import Runner
from app.presenters.session import Session
from ui.shell.session_runner import SessionRunner

FIRST: Final = 90_000
EVERY: Final = 5 * 60_000
"""Milliseconds. The first look waits until the person has arrived; a machine that slept is noticed at the next."""


@final
class BackupClock(QObject):
    """Lives from unlock to lock. `worker` is where long work goes that needs nothing of the open store but its keys."""

    def __init__(self, session: Session, runner: Runner, worker: Runner, hub: Hub, parent: QObject) -> None:
        super().__init__(parent)
        self.worker = SessionRunner(worker)
        self.work = BackupWork(session, runner, self.worker, hub)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(FIRST)

    def stop(self) -> None:
        """The store is about to be closed: no look any more, and what is going on ends."""
        self._timer.stop()
        self.work.close()
        self.worker.end()

    def _look(self) -> None:
        self._timer.setInterval(EVERY)
        self.work.tick()
