"""A window that is looked into from outside: `python -m tests.leaks.memory_script STORE PASSPHRASE-FILE`.

It knows no canary of its own: every one that is found in its memory came out of the store or out of the file with the
passphrase. It says `open`, waits for a line, locks, and says `locked` two seconds later, with what is
still alive of the store.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from pathlib import Path

from PySide6.QtCore import QAbstractTableModel, QDeadlineTimer
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

import ui.main as start
from app.desk.ports.vault import CaseQuery, CaseRow
from app.domain.case.state import Case
from app.domain.release.state import Release
from app.domain.team import Team
from app.machine.process import harden
from app.presenters.case_page import TABS
from app.presenters.target import Target, case_target
from tests.flows.window import Driver
from ui.kit.theme import DRESSED, apply_theme
from ui.shell.workspace import Workspace

_PR_SET_DUMPABLE = 4
_AFTER = 2_000  # milliseconds


def main(store: Path, secret: Path) -> int:
    """Look at every tab of every case, and lock."""
    harden()
    # Who counts what is in this memory must be let in again.
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)
    app = QApplication(["holdfast", "-style", "fusion"])
    app.setProperty(DRESSED, True)
    settings = start.machine_settings()
    apply_theme(app, "light")
    window = start.make_window(settings, str(store))
    window.show()
    start.begin(window, start.Options(passphrase_file=str(secret)))
    driver = Driver(lambda: window.runner.waiting == 0)  # type: ignore[attr-defined]
    driver.until(lambda: window.workspace is not None, "the store to be open")
    workspace = window.workspace
    if workspace is None:
        raise RuntimeError("no store is open")
    driver.settle()
    refs = _refs(workspace, driver)
    workspace.navigate(Target(page="cases", tab="all"))
    driver.settle()
    for ref in refs[:4]:
        for tab in TABS:
            workspace.navigate(case_target(ref, tab=tab))
            driver.settle()
    del workspace
    _say("open")
    window.lock()
    driver.settle()
    deadline = QDeadlineTimer(_AFTER)
    while not deadline.hasExpired():
        QTest.qWait(20)
    _say(" ".join(("locked", *_alive())))
    window.close()
    return 0


def _refs(workspace: Workspace, driver: Driver) -> list[str]:
    """The references of all cases, asked for as a page would."""
    found: list[str] = []
    ctx, query = workspace.ctx, CaseQuery(view="all")
    ctx.runner.run(
        lambda: [row.ref for row in ctx.session.queries.cases(query, None, 200).rows],
        found.extend,
        lambda _problem: None,
    )
    driver.settle()
    return found


def _alive() -> list[str]:
    """The kinds of what could hold words of a case and is still alive."""
    gc.collect()
    kinds = {type(thing).__name__ for thing in gc.get_objects() if isinstance(thing, Case | Release | CaseRow | Team)}
    held = (QTextDocument, QAbstractTableModel, QDialog)
    return sorted(kinds | {type(thing).__name__ for thing in gc.get_objects() if isinstance(thing, held)})


def _say(word: str) -> None:
    """Tell whoever looks on, and wait until they have looked."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()
    sys.stdin.readline()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
