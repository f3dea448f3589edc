"""Starts the real window and says when it was painted: `first-paint`, or `desk FOLDER` for an unlocked store.

The first says a line `painted`; the second one line of JSON with milliseconds and megabytes, and ends.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import ui.main as start

# Whatever else were imported here would be counted as the window's own.
if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.main import Options
    from ui.shell.window import Window


def first_paint() -> int:
    """The unlock page as a person's first sight of it; nothing is imported that the window does not import."""

    def begin(window: Window, options: Options) -> None:
        from PySide6.QtCore import QEvent, QObject, QTimer
        from typing_extensions import override

        class Watcher(QObject):
            @override
            def eventFilter(self, watched: QObject, event: QEvent) -> bool:
                if event.type() == QEvent.Type.Paint:
                    watched.removeEventFilter(self)
                    QTimer.singleShot(0, said)  # after everything that is painted together with it
                return False

        def said() -> None:
            sys.stdout.write("painted\n")
            sys.stdout.flush()

        window.unlock.panel.installEventFilter(Watcher(window))

    start.begin = begin
    return start.main([])


def desk(folder: str) -> int:
    """Unlocks as a person does, once the page is painted and what it needs was imported ahead.

    Then goes to the cases, locks, and unlocks again: the window comes back to where it was.
    """
    from tests.bench.large_store import PASSPHRASE
    from tests.bench.programs import resident

    told: dict[str, float] = {}
    whole_begin = start.begin

    def begin(window: Window, options: Options) -> None:
        whole_begin(window, options)
        runner: Any = window._runner
        stages: list[Callable[[], object]] = [
            lambda: _unlock(window, PASSPHRASE, told, "derivation"),
            lambda: _note(told, "desk", window),
            lambda: _go(window, "cases"),
            lambda: told.update(resident=resident()),
            window.lock,
            lambda: _unlock(window, PASSPHRASE, told, "derivation-again"),
            lambda: _note(told, "cases-again", window),
            lambda: _end(window, told),
        ]
        _one_after_the_other(runner, stages)

    start.begin = begin
    return start.main(["--store", folder])


def _one_after_the_other(runner: Any, stages: list[Callable[[], object]]) -> None:
    """The next stage whenever nothing is left to wait for; `note` stages follow at once."""

    def settled(busy: bool) -> None:
        while not busy and stages and runner.waiting == 0:
            stages.pop(0)()

    runner.busyChanged.connect(settled)


def _unlock(window: Window, passphrase: str, told: dict[str, float], derivation: str) -> None:
    from app.store import slot_kinds
    from app.store.keys import KdfCost, derive

    def timed(phrase: str, salt: bytes, cost: KdfCost) -> bytes:
        begun = time.perf_counter()
        key = derive(phrase, salt, cost)
        told[derivation] = (time.perf_counter() - begun) * 1000
        return key

    vars(slot_kinds)["derive"] = timed
    told["begun"] = time.perf_counter()
    window.unlock.presenter.unlock(passphrase)


def _go(window: Window, page: Any) -> None:
    if window.workspace is not None:
        window.workspace.go(page)


def _note(told: dict[str, float], name: str, window: Window) -> None:
    from PySide6.QtWidgets import QApplication

    QApplication.sendPostedEvents()  # layouts, which no painting waits for
    window.repaint()
    told[name] = (time.perf_counter() - told["begun"]) * 1000


def _end(window: Window, told: dict[str, float]) -> None:
    import json

    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    window.close()


if __name__ == "__main__":
    sys.exit(first_paint() if sys.argv[1] == "first-paint" else desk(sys.argv[2]))
