"""Every form of the case page, by verb, with its words in the language in force."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QCoreApplication

from app.presenters.case import CaseFacts
from ui.screens.case import forms_erasure, forms_public, forms_talk, forms_technical
from ui.screens.case.form import Form

translate = QCoreApplication.translate

_FORMS: Final[dict[str, Callable[[CaseFacts], Form]]] = {
    **forms_talk.FORMS,
    **forms_technical.FORMS,
    **forms_public.FORMS,
    **forms_erasure.FORMS,
}


def form_of(verb: str, facts: CaseFacts) -> Form | None:
    """The form of a verb for a case; None for a verb that has none."""
    make = _FORMS.get(verb)
    return make(facts) if make else None
