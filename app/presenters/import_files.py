"""Import of files: progress, a way to stop, and the report of what came in, was known, or was refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import Protocol

from app.desk.intake import ImportReport
from app.presenters.hub import Hub
from app.presenters.runner import Runner
from app.presenters.session import Session


class ImportView(Protocol):
    """What the window shows of an import."""

    def show_progress(self, done: int, of: int) -> None: ...
    def show_report(self, report: ImportReport) -> None: ...
    def show_problem(self, problem: Exception) -> None: ...


class ImportPresenter:
    """One import at a time; what is committed stays, whatever happens after."""

    def __init__(self, view: ImportView, session: Session, runner: Runner, hub: Hub) -> None:
        self._view = view
        self._session = session
        self._runner = runner
        self._hub = hub
        self._stop: Callable[[], None] | None = None
        self._shut = False

    @property
    def running(self) -> bool:
        return self._stop is not None

    def start(self, paths: Sequence[str]) -> bool:
        """Import these files and folders; False while another import runs."""
        if self.running or not paths:
            return False
        self._stop = _nothing
        session = self._session
        stop = self._runner.run_long(
            lambda progress, cancelled: session.intake.run(
                session.import_sources(paths), progress=progress, cancelled=cancelled
            ),
            self._finished,
            self._failed,
            self._progress,
        )
        if self._stop is not None:
            self._stop = stop
        return True

    def cancel(self) -> None:
        """Stop after the record at hand."""
        if self._stop is not None:
            self._stop()

    def close(self) -> None:
        """Stop, and say nothing any more."""
        self._shut = True
        self.cancel()

    def _progress(self, done: int, of: int) -> None:
        if not self._shut:
            self._view.show_progress(done, of)

    def _finished(self, report: ImportReport) -> None:
        self._stop = None
        if self._shut:
            return
        self._view.show_report(report)
        if report.changes.topics:
            self._hub.publish(report.changes)

    def _failed(self, problem: Exception) -> None:
        self._stop = None
        if not self._shut:
            self._view.show_problem(problem)


def _nothing() -> None:
    """Stops nothing: an import that has not begun or is over already."""


def shown_name(path: str) -> str:
    """The last part of a path, as a person knows it."""
    return PurePath(path).name or path
