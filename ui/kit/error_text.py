"""What a failure says to the person: a headline by who can mend it, a sentence, and what was kept."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.domain.errors import AppError, Defect, Environment, Rejected
from app.presenters.words import ERRORS, fill


@dataclass(frozen=True, slots=True)
class ErrorText:
    """Three translated parts: what kind of failure, what happened and what to do, what was kept."""

    headline: str
    sentence: str
    kept: str
    code: str

    @property
    def whole(self) -> str:
        """The sentence and what was kept, for a banner or a notice."""
        return f"{self.sentence} {self.kept}".strip()


def error_text(problem: Exception) -> ErrorText:
    """The words for any exception; one that is no AppError is our fault, and its own text stays unseen."""
    translate = QCoreApplication.translate
    if not isinstance(problem, AppError):
        sentence = translate("errors", "A part of the program failed in a way that nobody foresaw ({kind}).")
        return ErrorText(
            translate("errors", "Something went wrong in Holdfast"),
            fill(sentence, {"kind": type(problem).__name__}),
            _kept(Defect("defect.unforeseen")),
            "defect.unforeseen",
        )
    return ErrorText(_headline(problem), _sentence(problem), _kept(problem), problem.code)


def _sentence(problem: AppError) -> str:
    translate = QCoreApplication.translate
    template = ERRORS.get(problem.code)
    facts = {**problem.facts, "needs": problem.needs, "rule": problem.rule}
    if template is None:
        # A code without words is still worth more than silence: it can be searched for and reported.
        unknown = translate("errors", "This did not work, and there are no words for it yet ({code}).")
        return fill(unknown, {"code": problem.code})
    return fill(translate("errors", template), facts)


def _headline(problem: AppError) -> str:
    translate = QCoreApplication.translate
    if isinstance(problem, Rejected):
        return translate("errors", "That was not done")
    if isinstance(problem, Environment):
        return translate("errors", "This computer stands in the way")
    return translate("errors", "Something went wrong in Holdfast")


def _kept(problem: AppError) -> str:
    translate = QCoreApplication.translate
    if isinstance(problem, Rejected):
        # The sentences of refusals say themselves that nothing changed.
        return ""
    if isinstance(problem, Environment):
        return translate("errors", "What was saved before is safe.")
    return translate("errors", "What was saved before is safe. Lock the store and open it again to go on.")
