"""The window's own actions: their words, keys and icons. Pages add theirs while they are in front."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol, final

from PySide6.QtCore import QObject

from app.presenters.target import PageName, Target
from ui.screens.page import Action

NAV_PAGES: Final[tuple[PageName, ...]] = ("desk", "cases", "releases", "audit", "settings", "help")


class Acts(Protocol):
    """What the window can do."""

    @property
    def place(self) -> Target | None: ...
    def go(self, page: PageName) -> None: ...
    def back(self) -> None: ...
    def can_go_back(self) -> bool: ...
    def open_palette(self) -> None: ...
    def new_case(self) -> None: ...
    def import_files(self) -> None: ...
    def import_folder(self) -> None: ...
    def next_part(self, step: int) -> None: ...
    def lock(self) -> None: ...
    def quit(self) -> None: ...


@final
class _Words(QObject):
    """Speaks for this module, so that the words can be translated."""

    def all(self, acts: Acts) -> tuple[Action, ...]:
        names: dict[PageName, tuple[str, str]] = {
            "desk": (self.tr("Go to the desk"), "desk"),
            "cases": (self.tr("Go to the cases"), "cases"),
            "releases": (self.tr("Go to the releases"), "release"),
            "audit": (self.tr("Go to the audit"), "audit"),
        }
        pages = tuple(
            Action(f"go.{page}", names[page][0], _goer(acts, page), f"Alt+{number}", names[page][1])
            for number, page in enumerate(NAV_PAGES[:4], 1)
        )
        return (
            Action("window.newCase", self.tr("New case"), acts.new_case, "Ctrl+N", "plus"),
            Action("window.import", self.tr("Import files"), acts.import_files, "Ctrl+I", "import"),
            Action("window.importFolder", self.tr("Import a folder"), acts.import_folder, "Ctrl+Shift+I", "import"),
            Action("window.palette", self.tr("Search cases and actions"), acts.open_palette, "Ctrl+K", "search"),
            *pages,
            Action("go.settings", self.tr("Open the settings"), _goer(acts, "settings"), "Ctrl+,", "settings"),
            Action("go.help", self.tr("Open the help"), _goer(acts, "help"), "F1", "help"),
            Action("go.back", self.tr("Go back"), acts.back, "Alt+Left", "chevron-left", enabled=acts.can_go_back),
            Action("go.next", self.tr("Next page"), _stepper(acts, 1), "Ctrl+Tab", "chevron-right"),
            Action("go.previous", self.tr("Previous page"), _stepper(acts, -1), "Ctrl+Shift+Tab", "chevron-left"),
            Action("window.nextPart", self.tr("Next part of the window"), lambda: acts.next_part(1), "F6"),
            Action(
                "window.previousPart",
                self.tr("Previous part of the window"),
                lambda: acts.next_part(-1),
                "Shift+F6",
            ),
            Action("window.lock", self.tr("Lock now"), acts.lock, "Ctrl+L", "lock"),
            Action("window.quit", self.tr("Quit"), acts.quit, "Ctrl+Q", "close"),
        )


def window_actions(acts: Acts) -> tuple[Action, ...]:
    """Every action of the window itself."""
    return _Words().all(acts)


def owner_of(page: PageName) -> PageName:
    """The page of the rail that a page belongs to."""
    owners: dict[PageName, PageName] = {"case": "cases", "release": "releases"}
    return owners.get(page, page)


def _goer(acts: Acts, page: PageName) -> Callable[[], None]:
    return lambda: acts.go(page)


def _stepper(acts: Acts, step: int) -> Callable[[], None]:
    def run() -> None:
        here: PageName = acts.place.page if acts.place else "desk"
        at = NAV_PAGES.index(owner_of(here))
        acts.go(NAV_PAGES[(at + step) % len(NAV_PAGES)])

    return run
