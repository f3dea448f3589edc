"""From the passphrase to the pages of the large store, and what the program holds in memory then."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.bench import keepassxc
from tests.bench.frame import Budget, Line, Result, interleaved
from tests.bench.large_store import store_of
from tests.bench.programs import until_end
from tests.bench.screen import memory_with_window, screen
from tests.bench.setting import Setting

_SMALLER: Final = 10_000
_SCRIPT: Final = (sys.executable, "-P", "-m", "tests.bench.window_script", "desk")


def measure(setting: Setting) -> Iterator[Result]:
    """The real window, offscreen; the key derivation is the product's floor and is taken off where that is said."""
    runs = [_run(store_of(setting.cases)) for _ in range(setting.rounds + 1)][1:]
    what = f"passphrase to the Desk, {setting.cases:,} cases, beyond the key derivation"
    beyond = Line(row="open", what=what, budget=Budget(most=300))
    derivation = sorted(run["derivation"] for run in runs)[len(runs) // 2]
    yield beyond.judged(
        [run["desk"] - run["derivation"] for run in runs], why=f"the derivation took {derivation:.0f} ms"
    )
    yield from _against_keepassxc(setting, [run["resident"] for run in runs])


def _run(folder: Path) -> dict[str, float]:
    done = subprocess.run((*_SCRIPT, str(folder)), capture_output=True, text=True, check=True, timeout=300)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def _against_keepassxc(setting: Setting, resident: list[float]) -> Iterator[Result]:
    few = min(_SMALLER, setting.cases)
    unlock = Line(
        row="open",
        what=f"unlocked again: passphrase to the first 200 of {few:,} cases",
        yardstick=f"keepassxc-cli db-info on {keepassxc.ENTRIES:,} entries",
        budget=Budget(times=0.5),
    )
    memory = Line(
        row="open",
        what=f"memory with {setting.cases:,} cases open",
        yardstick=f"keepassxc with {keepassxc.ENTRIES:,} entries open, under Xvfb",
        budget=Budget(times=1),
        unit="MB",
    )
    program = keepassxc.program(setting)
    if program is None or shutil.which("keepassxc-cli") is None or shutil.which("Xvfb") is None:
        yield unlock.left_out(keepassxc.why_absent())
        yield memory.judged(resident, why=keepassxc.why_absent())
        return
    entries, folder, password = keepassxc.database(), store_of(few), f"{keepassxc.PASSWORD}\n"
    command = ("keepassxc-cli", "db-info", "--quiet", str(entries))
    theirs = until_end(command, given=password)
    own: list[dict[str, float]] = []

    def unlocked_again() -> float:
        own.append(_run(folder))
        return own[-1]["cases-again"]

    found = interleaved([unlocked_again, theirs], setting.rounds)
    derivation = sorted(run["derivation-again"] for run in own)[len(own) // 2]
    why = f"the derivation, at the floor of its cost, took {derivation:.0f} ms of ours"
    yield unlock.judged(found[0], found[1], why)
    with setting.scratch() as scratch, screen() as display:
        words = (program, "--config", str(keepassxc.settings_file(scratch)), "--pw-stdin", str(entries))
        held = [memory_with_window(display, words, {}, password.encode()) for _ in resident[:3]]
    yield memory.judged(resident[: len(held)], held)
