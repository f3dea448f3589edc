"""The questions of an export: what stands in the way, where to write, and that it is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol, final

from PySide6.QtCore import QCoreApplication, QObject

from app.domain.untrusted import safe_line
from app.presenters.exporting import Standing, Subject, Written
from app.presenters.release_gaps import blockers_of
from app.presenters.words import fill
from ui.kit.dates import Dates
from ui.kit.dialogs import FileChoice, Interaction, Notice, Question, Reason
from ui.kit.numbers import thousands

_NAMED: Final = 6


class Toaster(Protocol):
    """Says that something is done."""

    def __call__(self, text: str, action: str = "", run: Callable[[], None] | None = None) -> None: ...


@final
class ExportDialogs(QObject):
    """The ExportView of the window: asks through `interaction`, shows problems through `problem`.

    `copy` gets the folder's path when the person wants it on the clipboard.
    """

    def __init__(
        self,
        interaction: Interaction,
        dates: Dates,
        *,
        now: Callable[[], datetime],
        toast: Toaster,
        problem: Callable[[Exception], None],
        copy: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._interaction = interaction
        self._dates = dates
        self._now = now
        self._toast = toast
        self._problem = problem
        self._copy = copy
        self._last = Path.home()

    def ask_reason(self, subject: Subject, standing: Standing, then: Callable[[str], None]) -> None:
        """The guard: what is secret until when, what is missing, what will happen. The safe answer keeps it here."""
        until = self._until_words(standing)
        parts = [self._secret_words(subject, standing, until), self._missing_words(subject, standing)]
        parts.append(self.tr("What leaves now is recorded with your reason. What is missing stays marked in the text."))
        title = self.tr("Export before the embargo ends?") if standing.holds else self.tr("Export an incomplete text?")
        question = Question(
            name="export.guard",
            title=title,
            body="\n\n".join(part for part in parts if part),
            act=self.tr("Export and record…"),
            keep=self.tr("Keep it here"),
            strong=(until,) if until else (),
        )
        reason = Reason(label=self.tr("Reason"), helper=self.tr("Seen by every auditor."))
        self._interaction.ask_reason(question, reason, then)

    def ask_all(self, ready: Sequence[Standing], rest: Sequence[Standing], then: Callable[[], None]) -> None:
        """Name what goes out and what stays; with nothing ready there is nothing to do but to know why."""
        going = ", ".join(self._title(standing) for standing in ready)
        staying = "\n".join(f"• {self._title(standing)}: {self._why(standing)}" for standing in rest)
        body = []
        if going:
            body.append(self.tr("Ready: {formats}.").format(formats=going))
        if staying:
            body.append(self.tr("These stay here:") + "\n" + staying)
            body.append(self.tr("Export those one by one, with a reason that is recorded."))
        said = "\n\n".join(body)
        if not going:
            title = self.tr("Nothing is ready to be exported")
            self._interaction.tell(Notice(name="export.none", title=title, body=said, close=self.tr("Close")))
            return
        question = Question(
            name="export.all",
            title=self.tr("Export everything that is ready?"),
            body=said,
            act=self.tr("Choose folder…"),
            keep=self.tr("Keep it here"),
            risky=False,
        )
        self._interaction.ask(question, then)

    def ask_folder(self, subject: Subject, then: Callable[[Path], None]) -> None:
        title = self.tr("Folder for the export of {ref}").format(ref=safe_line(subject.ref, 40))
        choice = FileChoice(name="export.folder", title=title, start=self._last)
        self._interaction.open_folder(choice, then)

    def show_written(self, written: Written) -> None:
        """Say where the files lie."""
        self._last = written.folder
        folder = safe_line(str(written.folder), 200)
        count = len(written.paths)
        one, many = self.tr("Exported one file to {folder}"), self.tr("Exported {n} files to {folder}")
        said = (one if count == 1 else many).format(n=thousands(count), folder=folder)
        self._toast(said, self.tr("Copy path"), lambda: self._copy(str(written.folder)))

    def show_problem(self, problem: Exception) -> None:
        self._problem(problem)

    # ------------------------------------------------------------------------------------------- words
    def _until_words(self, standing: Standing) -> str:
        if standing.until is None:
            return ""
        return self._dates.moment(standing.until, self._now(), year=True)

    def _secret_words(self, subject: Subject, standing: Standing, until: str) -> str:
        if not standing.holds:
            return ""
        refs = ", ".join(hold.ref for hold in standing.holds[:_NAMED])
        more = len(standing.holds) - _NAMED
        if more > 0:
            refs = self.tr("{refs} and %n more", "", more).format(refs=refs)
        if standing.until is None:
            return self.tr("{refs}: no embargo date is agreed, so everything is still secret.").format(refs=refs)
        left = self._dates.until(standing.until, self._now())
        about = subject.ref if subject.case else refs
        one, many = (
            self.tr("{refs} becomes public on {until}, {left}."),
            self.tr("{refs} become public on {until}, {left}."),
        )
        said = one if subject.case or len(standing.holds) == 1 else many
        return said.format(refs=about, until=until, left=left)

    def _missing_words(self, subject: Subject, standing: Standing) -> str:
        if not standing.missing:
            return ""
        names = [(standing.format.format, gap) for gap in standing.missing]
        gaps = blockers_of(names, subject.ref, everything=True)
        translate = QCoreApplication.translate
        lines = ["• " + fill(translate("gaps", gap.words.sentence), gap.facts) for gap in gaps[:_NAMED]]
        if len(gaps) > _NAMED:
            lines.append("• " + self.tr("and %n more", "", len(gaps) - _NAMED))
        return self.tr("The text lacks:") + "\n" + "\n".join(lines)

    def _title(self, standing: Standing) -> str:
        return safe_line(QCoreApplication.translate("formats", standing.format.title), 80)

    def _why(self, standing: Standing) -> str:
        reasons = []
        if standing.missing:
            reasons.append(self.tr("%n missing", "", len(standing.missing)))
        if standing.holds:
            until = self._until_words(standing)
            held = self.tr("embargo until {until}").format(until=until)
            reasons.append(held if until else self.tr("no embargo date"))
        return ", ".join(reasons)
