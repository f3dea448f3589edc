"""The question before an older copy of a store is gone on with, and what a rescue has to tell."""

from __future__ import annotations

from typing import Final, final

from PySide6.QtCore import QObject

from app.domain.errors import AppError
from ui.kit.dialogs import Notice, Question
from ui.kit.numbers import thousands

_SENTENCES: Final = 14


@final
class _Words(QObject):
    """Speaks for this module, so that the words can be translated."""

    def question(self, problem: AppError) -> Question:
        events, seen = (_count(problem, key) for key in ("events", "seen"))
        if problem.code == "store.rolled-back":
            title = self.tr("Go on with an older copy of this store?")
            told = self.tr(
                "This copy has {events} events; this machine had seen {seen}. What was done since is not in it."
            )
        else:
            title = self.tr("Go on with another copy of this store?")
            told = self.tr(
                "This copy ({events} events) went another way than the one that this machine saw last ({seen} events)."
            )
        why = self.tr(
            "That is so when a copy of the folder was put back by hand, by a synchronised folder or by a snapshot. If "
            "you know why, go on; it is put on record. If not, leave it, and look for the newer copy."
        )
        body = f"{told.format(events=events, seen=seen)}\n\n{why}"
        return Question(
            name="unlock.older",
            title=title,
            body=body,
            act=self.tr("Open this copy"),
            keep=self.tr("Leave it closed"),
        )

    def rescued(self, told: tuple[str, ...]) -> Notice:
        return Notice(
            name="unlock.rescued",
            title=self.tr("This is what could be rescued"),
            body="\n".join(told[:_SENTENCES]),
            close=self.tr("Go on with the new store"),
        )


def rescue_notice(told: tuple[str, ...]) -> Notice:
    """What to tell after a rescue: what was kept, what is lost, and where the damaged store is."""
    return _Words().rescued(told)


def older_question(problem: AppError) -> Question:
    """What to ask about a copy that is older than, or another than, the one this machine saw last."""
    return _Words().question(problem)


def _count(problem: AppError, key: str) -> str:
    value = problem.facts.get(key, 0)
    return thousands(value) if isinstance(value, int) else str(value)
