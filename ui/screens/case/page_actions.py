"""Everything that can be done on the case page, for shortcuts and the palette."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from PySide6.QtCore import QCoreApplication

from app.presenters.case import CaseFacts
from app.presenters.case_actions import GROUPS, may
from app.presenters.case_page import TABS, Tab
from ui.screens.case import words
from ui.screens.page import Action

translate = QCoreApplication.translate


class Writes(Protocol):
    """The advisory tab as its shortcuts see it."""

    def save_revision(self) -> None: ...
    def next_finding(self) -> None: ...


class CaseRoom(Protocol):
    """The page as its actions see it."""

    @property
    def facts(self) -> CaseFacts | None: ...
    def do_next(self) -> None: ...
    def toggle_panel(self) -> None: ...
    def next_part(self) -> None: ...
    def copy_ref(self) -> None: ...
    def go(self, tab: Tab) -> None: ...
    def act(self, verb: str) -> None: ...
    def advisory(self) -> Writes | None: ...


def actions_of(page: CaseRoom) -> tuple[Action, ...]:
    """The page's own actions, one for each tab, one for each verb of the menu, and those of the advisory."""
    return (*_own(page), *_tabs(page), *_verbs(page), *_advisory(page))


def _own(page: CaseRoom) -> tuple[Action, ...]:
    return (
        Action("case.doNext", translate("case", "Do the next step"), page.do_next, "Ctrl+Return", "check-circle"),
        Action("case.togglePanel", translate("case", "Show or hide the checklist"), page.toggle_panel, "F9", "list"),
        Action("case.nextPart", translate("case", "Go to the next part of the page"), page.next_part, "F6"),
        Action("case.copyRef", translate("case", "Copy the reference"), page.copy_ref, "Ctrl+Shift+C", "copy"),
    )


def _tabs(page: CaseRoom) -> tuple[Action, ...]:
    show = translate("case", "Show {tab}")
    return tuple(
        Action(f"case.tab.{tab}", show.format(tab=words.tab(tab)), partial(page.go, tab), f"Ctrl+{number}")
        for number, tab in enumerate(TABS, 1)
    )


def _verbs(page: CaseRoom) -> tuple[Action, ...]:
    keys = {"add-note": "Ctrl+Shift+N", "assign": "Ctrl+H", "log-message": "Ctrl+Shift+M"}

    def allowed(verb: str) -> bool:
        return page.facts is not None and may(verb, page.facts.case)

    return tuple(
        Action(
            f"case.{verb}",
            words.verb_menu(verb),
            partial(page.act, verb),
            keys.get(verb, ""),
            "",
            partial(allowed, verb),
        )
        for group in GROUPS
        for verb in group
    )


def _advisory(page: CaseRoom) -> tuple[Action, ...]:
    def on_tab(act: Callable[[Writes], None]) -> Callable[[], None]:
        def run() -> None:
            tab = page.advisory()
            if tab is not None:
                act(tab)

        return run

    def in_front() -> bool:
        return page.advisory() is not None

    save, following = translate("case", "Save revision"), translate("case", "Go to the next finding")
    return (
        Action("case.advisory.saveRevision", save, on_tab(lambda t: t.save_revision()), "Ctrl+S", "check", in_front),
        Action("case.advisory.nextFinding", following, on_tab(lambda t: t.next_finding()), "F8", "flag", in_front),
    )
