"""Giving a text out: shows what stands in its way, asks for a reason and a folder, records it, then writes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

import msgspec

from app.desk.exchange import ExportFormat, Hold
from app.desk.ports.exchange import Missing
from app.domain.changes import Changes
from app.domain.errors import AppError, Rejected
from app.presenters.hub import Hub
from app.presenters.runner import Runner
from app.presenters.session import Session

GUARDS: Final = frozenset({"embargo.running", "embargo.not-agreed", "export.incomplete"})
"""The refusals that a recorded reason passes."""


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """What is exported: a case or a release, by its reference."""

    case: str = ""
    release: str = ""

    @property
    def ref(self) -> str:
        return self.case or self.release


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the way of one format: cases that are still secret, facts that its text lacks."""

    format: ExportFormat
    holds: tuple[Hold, ...] = ()
    missing: tuple[Missing, ...] = ()

    @property
    def is_ready(self) -> bool:
        return not self.holds and not self.missing

    @property
    def until(self) -> datetime | None:
        """The instant (UTC) from which nothing is secret any more; None while a case has no agreed date."""
        dates = [hold.until for hold in self.holds]
        return max((date for date in dates if date), default=None) if all(dates) else None


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """The files that an export wrote."""

    folder: Path
    paths: tuple[Path, ...]


class ExportView(Protocol):
    """The questions of an export; each answer comes through `then`, later, or never."""

    def ask_reason(self, subject: Subject, standing: Standing, then: Callable[[str], None]) -> None:
        """Say what stands in the way and what will happen; the safe answer keeps the text here."""
        ...

    def ask_all(self, ready: Sequence[Standing], rest: Sequence[Standing], then: Callable[[], None]) -> None:
        """Say which formats go out and which stay here, and why."""
        ...

    def ask_folder(self, subject: Subject, then: Callable[[Path], None]) -> None: ...
    def show_written(self, written: Written) -> None: ...
    def show_problem(self, problem: Exception) -> None: ...


class ExportPresenter:
    """Leads one export at a time through its questions. Nothing leaves before the last one is answered."""

    def __init__(self, view: ExportView, session: Session, runner: Runner, hub: Hub) -> None:
        self._view = view
        self._session = session
        self._runner = runner
        self._hub = hub
        self._epoch = 0

    def export(self, format_name: str, subject: Subject) -> None:
        """Export one format of a case or a release."""
        self._epoch += 1
        epoch = self._epoch
        self._runner.run(
            lambda: self._look(format_name, subject),
            lambda standing: self._begin(epoch, subject, standing),
            lambda problem: self._failed(epoch, problem),
        )

    def export_all(self, subject: Subject) -> None:
        """Export every format that nothing stands in the way of; the others are named and stay here."""
        self._epoch += 1
        epoch = self._epoch
        self._runner.run(
            lambda: self._look_at_all(subject),
            lambda found: self._begin_all(epoch, subject, found),
            lambda problem: self._failed(epoch, problem),
        )

    def close(self) -> None:
        """Answers that are still to come change nothing any more."""
        self._epoch += 1

    # -------------------------------------------------------------------------- on the vault's thread
    def _look(self, format_name: str, subject: Subject) -> Standing:
        exchange = self._session.exchange
        result = exchange.preview(format_name, case=subject.case, release=subject.release)
        known = next(f for f in exchange.formats() if f.format == format_name)
        return Standing(format=known, holds=result.blocked_by, missing=result.missing)

    def _look_at_all(self, subject: Subject) -> tuple[Standing, ...]:
        scope = "case" if subject.case else "release"
        formats = [f for f in self._session.exchange.formats() if scope in f.scopes]
        return tuple(self._look(f.format, subject) for f in formats)

    def _give_out(self, formats: Sequence[str], subject: Subject, reason: str, folder: Path) -> tuple[Written, Changes]:
        changes, paths = Changes(), list[Path]()
        for name in formats:
            exchange = self._session.exchange
            result = exchange.export(name, case=subject.case, release=subject.release, override=reason)
            changes |= result.changes
            paths += self._session.write_export(folder, result.files)
        return Written(folder=folder, paths=tuple(paths)), changes

    # ------------------------------------------------------------------------------------------ steps
    def _begin(self, epoch: int, subject: Subject, standing: Standing) -> None:
        if epoch != self._epoch:
            return
        names = (standing.format.format,)
        if standing.is_ready:
            self._ask_folder(epoch, subject, names, "")
        else:
            self._view.ask_reason(subject, standing, lambda reason: self._ask_folder(epoch, subject, names, reason))

    def _begin_all(self, epoch: int, subject: Subject, found: Sequence[Standing]) -> None:
        if epoch != self._epoch:
            return
        ready = [standing for standing in found if standing.is_ready]
        rest = [standing for standing in found if not standing.is_ready]
        names = tuple(standing.format.format for standing in ready)
        self._view.ask_all(ready, rest, lambda: self._ask_folder(epoch, subject, names, ""))

    def _ask_folder(self, epoch: int, subject: Subject, formats: Sequence[str], reason: str) -> None:
        if epoch != self._epoch or not formats:
            return
        self._view.ask_folder(subject, lambda folder: self._write(epoch, subject, formats, reason, folder))

    def _write(self, epoch: int, subject: Subject, formats: Sequence[str], reason: str, folder: Path) -> None:
        if epoch != self._epoch:
            return
        self._runner.run(
            lambda: self._give_out(formats, subject, reason, folder),
            lambda done: self._written(epoch, *done),
            lambda problem: self._refused(epoch, subject, formats, problem),
        )

    def _written(self, epoch: int, written: Written, changes: Changes) -> None:
        if epoch == self._epoch:
            self._view.show_written(written)
        self._hub.publish(changes)

    def _refused(self, epoch: int, subject: Subject, formats: Sequence[str], problem: Exception) -> None:
        if epoch != self._epoch:
            return
        if isinstance(problem, Rejected) and problem.code in GUARDS and len(formats) == 1:
            # The facts changed while the questions were being answered: begin with what is true now.
            self.export(formats[0], subject)
            return
        self._view.show_problem(problem)
        if isinstance(problem, AppError) and not isinstance(problem, Rejected):
            # The record is made before the files are: what is recorded may have changed although writing failed.
            topics = frozenset({"case", "cases", "release", "releases", "history"})
            self._hub.publish(Changes(refs=frozenset({subject.ref}), topics=topics))

    def _failed(self, epoch: int, problem: Exception) -> None:
        if epoch == self._epoch:
            self._view.show_problem(problem)
