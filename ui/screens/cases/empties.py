"""What the case table says when there is nothing in it, each with what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.presenters.cases import Empty
from app.presenters.target import Target
from ui.widgets.button import button
from ui.widgets.empty_page import EmptyPage


@final
class NoCases(QWidget):
    """The first page of a new store: two ways to begin."""

    def __init__(self, navigate: Callable[[Target], None]) -> None:
        super().__init__()
        first = button(
            self.tr("Import a report"),
            "primary",
            "cases.importFirst",
            lambda: navigate(Target(page="cases", act="import")),
            icon="import",
        )
        second = button(
            self.tr("New case"),
            "secondary",
            "cases.newFirst",
            lambda: navigate(Target(page="cases", act="new-case")),
            icon="plus",
        )
        self.setFocusProxy(first)
        page = EmptyPage(
            "cases",
            self.tr("No case yet"),
            self.tr(
                "A case begins with a report: a mail that was saved as a file, records of another system, "
                "or what somebody told you. Files can be dropped on this window."
            ),
        )
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(first)
        row.addWidget(second)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addStretch(1)
        column.addWidget(page)
        column.addLayout(row)
        column.addStretch(2)


@final
class NothingHere(QWidget):
    """Nothing was found, or the view holds nothing."""

    def __init__(self, why: Empty, clear: Callable[[], None]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        if why == "nothing-found":
            act = button(self.tr("Clear search and filters"), "primary", "cases.clearAll", clear)
            self.setFocusProxy(act)
            page = EmptyPage(
                "search",
                self.tr("Nothing was found"),
                self.tr("No case of this view has a word that begins like each of these and fits the filters."),
                act,
            )
        else:
            page = EmptyPage(
                "check-circle",
                self.tr("Nothing in this view"),
                self.tr("The other views show how many cases they hold."),
            )
        column.addWidget(page)


def empty_page(why: Empty, navigate: Callable[[Target], None], clear: Callable[[], None]) -> QWidget:
    """The page for one kind of emptiness."""
    return NoCases(navigate) if why == "no-cases" else NothingHere(why, clear)
