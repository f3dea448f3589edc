"""The same day in the window, as a program of its own: `python -m tests.leaks.window_script BOX`.

It opens the store that `session_script` left behind, looks at every page, types, locks, and says on stdout which
canaries can still be read in the locked window.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

import ui.main as start
from app.machine.process import harden
from app.presenters.case_page import TABS
from app.presenters.settings import CASE_COLUMNS
from app.presenters.target import PageName, Target, case_target, release_target
from tests.flows.window import Driver
from tests.leaks.canaries import STEM, canary
from tests.leaks.session_script import PASSPHRASE
from ui.kit.clipboard import clipboard
from ui.kit.dialogs import FileChoice
from ui.kit.theme import DRESSED, apply_theme
from ui.shell.window import Window

if TYPE_CHECKING:
    from ui.shell.workspace import Workspace

_PAGES: Final[tuple[PageName, ...]] = ("desk", "releases", "audit", "settings", "help", "cases")


def main(box: Path) -> int:
    """Everything that a person may come across, and the lock."""
    harden()
    app = QApplication(["holdfast", "-style", "fusion"])
    app.setProperty(DRESSED, True)
    app.setApplicationName("holdfast")
    settings = start.machine_settings()
    apply_theme(app, *start.look(settings, "light"))
    window = start.make_window(settings, str(box / "team.holdfast"))
    window.show()
    driver = Driver(lambda: window.runner.waiting == 0)  # type: ignore[attr-defined]
    window.unlock.presenter.remember(wanted=True)
    window.unlock.presenter.unlock(canary("wrongpassphrase"))
    driver.settle()
    window.unlock.presenter.unlock(PASSPHRASE)
    driver.until(lambda: window.workspace is not None, "the store to be open")
    driver.settle()
    if window.workspace is not None:
        _look_round(window.workspace, driver)
        _choose_files(window, box, driver)
        settings.set(CASE_COLUMNS, "ref,title")
    sys.stdout.write(f"open while at work: {len(_readable(window)) > 0}\n")
    _lock(window, driver)
    sys.stdout.write(f"open in the locked window: {_readable(window)}\n")
    sys.stdout.write(f"in the clipboard: {STEM in QGuiApplication.clipboard().text()}\n")
    window.close()
    return 0


def _look_round(workspace: Workspace, driver: Driver) -> None:
    for page in _PAGES:
        workspace.go(page)
        driver.settle()
    field = workspace.findChild(QLineEdit, "cases.search")
    if not isinstance(field, QLineEdit):
        raise TypeError("the page of cases has no search")
    field.setText(STEM)
    driver.until(lambda: _shown(workspace) > 0, "cases to be found")
    for ref in ("H-2026-001", "H-2026-002"):
        for tab in TABS:
            workspace.navigate(case_target(ref, tab=tab))
            driver.settle()
            _type(workspace)
            driver.settle()
    workspace.navigate(release_target("R-2026-002"))
    driver.settle()
    workspace.open_palette()
    workspace.presenter.find(STEM)
    driver.settle()
    clipboard().copy(canary("copied"))
    workspace.navigate(Target(page="cases"))
    driver.settle()


def _choose_files(window: Window, box: Path, driver: Driver) -> None:
    """With the real chooser, from a folder and of a name that nobody is to find in a list of recent ones."""
    folder = box / "in" / canary("chosenfolder")
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / f"{canary('chosenfile')}.eml"
    file.touch(mode=0o600)
    chosen: list[Path] = []
    window.interaction().open_files(FileChoice(name="leaks.chooser", title="Files", start=folder), chosen.extend)
    driver.choose_path("leaks.chooser", str(file))
    driver.until(lambda: chosen == [file], "the file to be chosen")


def _shown(workspace: Workspace) -> int:
    table = workspace.findChild(QWidget, "cases.table")
    model = table.model() if table is not None else None  # type: ignore[attr-defined]
    return model.rowCount() if model is not None else 0


def _type(workspace: Workspace) -> None:
    """Into every field that takes text, so that there is something unsaved on every page."""
    for editor in workspace.findChildren(QPlainTextEdit):
        if editor.isVisible() and not editor.isReadOnly():
            editor.insertPlainText(canary("typed"))


def _lock(window: Window, driver: Driver) -> None:
    window.lock()
    driver.settle()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    driver.settle()
    gc.collect()


def _readable(window: Window) -> list[str]:
    """The names of widgets, anywhere in the program, that still say a canary; the title of the window first."""
    found = ["title"] if STEM in window.windowTitle() else []
    for widget in QApplication.allWidgets():
        said = [widget.windowTitle(), widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()]
        said.append(str(widget.property("text")))  # labels, fields and buttons have one
        if isinstance(widget, QPlainTextEdit | QTextEdit):
            said.append(widget.toPlainText())
        elif isinstance(widget, QComboBox):
            said += [widget.itemText(place) for place in range(widget.count())]
        if any(STEM in text for text in said):
            found.append(f"{type(widget).__name__} {widget.objectName()}")
    return found


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
