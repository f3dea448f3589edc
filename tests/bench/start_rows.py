"""From the start of the process to the unlock page, beside a bare import of Qt and beside KeePassXC."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from typing import Final

from tests.bench import keepassxc
from tests.bench.frame import Budget, Line, Result
from tests.bench.programs import until_end, until_word
from tests.bench.screen import screen, until_window
from tests.bench.setting import Setting

PAINT: Final = Line(
    row="start",
    what="start to first paint of the unlock page, offscreen",
    yardstick="a process that only imports PySide6.QtWidgets",
    budget=Budget(times=1.6),
)
WINDOW: Final = Line(
    row="start",
    what="start to the window, under Xvfb",
    yardstick="keepassxc from Debian",
    budget=Budget(times=1.25),
)
_SCRIPT: Final = (sys.executable, "-P", "-m", "tests.bench.window_script", "first-paint")
_PROGRAM: Final = (sys.executable, "-P", "-m", "ui.main")
_BARE: Final = (sys.executable, "-c", "import PySide6.QtWidgets")


def measure(setting: Setting) -> Iterator[Result]:
    """Whole processes; the compiled modules are there, as after any installation."""
    rounds = setting.rounds * 2 + 1
    yield PAINT.measured(until_word(_SCRIPT, "painted"), until_end(_BARE), rounds=rounds, warm=2)
    program = keepassxc.program(setting)
    if program is None or shutil.which("Xvfb") is None:
        yield WINDOW.left_out(keepassxc.why_absent())
        return
    with setting.scratch() as scratch, screen() as display:
        config = keepassxc.settings_file(scratch)
        theirs = until_window(display, (program, "--config", str(config)), {})
        ours = until_window(display, _PROGRAM, {})
        yield WINDOW.measured(ours, theirs, rounds=rounds, warm=2)
