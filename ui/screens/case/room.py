"""What every tab of the case page works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

from PySide6.QtWidgets import QWidget

from app.presenters.case import CaseFacts, CasePresenter
from app.presenters.case_page import Tab
from ui.kit.dates import Dates
from ui.screens.case.form_desk import FormDesk
from ui.screens.page import Context


@dataclass(frozen=True, slots=True)
class Room:
    """The page's shared parts: its presenter, its forms, and the ways to go elsewhere on it."""

    ctx: Context
    page: CasePresenter
    forms: FormDesk
    dates: Dates
    go: Callable[[Tab], None]
    act: Callable[[str], None]
    """Begin a verb, wherever it is done."""
    problem: Callable[[Exception], None]
    """Say above the page what failed."""

    def now(self) -> datetime:
        """This instant in UTC."""
        return self.page.now()


def focus_within(widget: QWidget) -> QWidget | None:
    """The part of a widget that has the keyboard focus, or had it last."""
    # The stubs promise a widget where there may be none.
    return cast("QWidget | None", widget.focusWidget())


class TabPage(Protocol):
    """One tab of the case page."""

    @property
    def page(self) -> QWidget: ...

    def show_facts(self, facts: CaseFacts) -> None:
        """New facts came; unsaved texts stay."""
        ...

    def begin(self) -> None:
        """The tab came to the front: put the keyboard focus where work begins."""
        ...

    def minute(self) -> None:
        """Say times anew."""
        ...

    def save_unsaved(self) -> None:
        """Queue saving of every unsaved text."""
        ...

    def close_tab(self) -> None:
        """Drop every text and row."""
        ...
