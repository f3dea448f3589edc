"""Forms that erase a closed case, in two steps, or keep it after all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QCoreApplication

from app.presenters.case import CaseFacts
from ui.screens.case.form import Entry, Form

translate = QCoreApplication.translate


def _propose(_facts: CaseFacts) -> Form:
    return Form(
        verb="propose-erasure",
        title=translate("case", "Propose to erase this case?"),
        body=translate(
            "case",
            "The first of two steps; nothing is gone by it. Titles, reports, messages, notes, texts, names and files "
            "go with the second. What the public has anyway stays, and when what happened.",
        ),
        act=translate("case", "Propose"),
        risky=True,
        entries=(
            Entry(
                key="reason",
                label=translate("case", "Reason"),
                kind="area",
                lines=3,
                helper=translate("case", "It stays in the history for good: name no person and no secret."),
            ),
        ),
    )


def _cancel(_facts: CaseFacts) -> Form:
    return Form(
        verb="cancel-erasure",
        title=translate("case", "Keep this case after all?"),
        act=translate("case", "Keep case"),
        entries=(Entry(key="reason", label=translate("case", "Reason"), kind="area", lines=3),),
    )


def _erase(facts: CaseFacts) -> Form:
    return Form(
        verb="erase",
        title=translate("case", "Erase {ref} for good?").format(ref=facts.case.ref),
        body=translate("case", "Nobody can undo this. The history keeps that it was done, by whom and why."),
        act=translate("case", "Erase case"),
        risky=True,
        keeps=False,
        entries=(
            Entry(key="going", label=translate("case", "What goes, and what holds it still"), kind="fact", lines=9),
            Entry(
                key="confirm",
                label=translate("case", "Type {ref} to confirm").format(ref=facts.case.ref),
                mono=True,
            ),
        ),
    )


FORMS: Final[dict[str, Callable[[CaseFacts], Form]]] = {
    "propose-erasure": _propose,
    "cancel-erasure": _cancel,
    "erase": _erase,
}
