"""The program as it is started, on a bus of a test: `python -m tests.ui.shell.sleeping_script`; says when it is told.

The addresses of the buses come from the environment. It says `listens`, and `told` at the first wish to lock.
"""

from __future__ import annotations

import sys
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.presenters.settings import MachineSettings, MemorySettings
from ui import main as start
from ui.kit.theme import apply_theme
from ui.shell.window import Window

_LOOK = 20  # milliseconds
_PATIENCE = 60_000  # milliseconds


def main() -> int:
    """Until somebody says that the machine goes to sleep."""
    app = QApplication([])
    apply_theme(app, "light")
    window = start.make_window(MachineSettings(MemorySettings()), "")
    window.show()
    start.begin(window, start.Options())
    timer = QTimer(window)
    timer.timeout.connect(lambda: _look(window, timer, app))
    timer.start(_LOOK)
    QTimer.singleShot(_PATIENCE, app.quit)
    return app.exec()


def _look(window: Window, timer: QTimer, app: QApplication) -> None:
    found = [child for child in window.children() if type(child).__name__ == "Desktop"]
    # Not imported here: that the program does it by itself is what is tried.
    desktop: Any = found[0] if found else None
    if desktop is None or not desktop.delays_sleep:
        return
    timer.stop()
    desktop.lockWanted.connect(lambda: _told(window, app))
    _say("listens")


def _told(window: Window, app: QApplication) -> None:
    _say("told")
    window.close()
    app.quit()


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
