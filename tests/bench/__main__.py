"""Measures the budgets: `./dev bench [ROW ...] [--json FILE] [--rounds N] [--cases N] [--install] [--list]`.

Each row is measured in a process of its own. Exit 0 when no budget is exceeded, 1 when one is or a row failed, 2 for
wrong usage.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from tests.bench.frame import Result
from tests.bench.report import as_json, table
from tests.bench.setting import HOME, ROOT, Setting, say

Row = Callable[[Setting], Iterator[Result]]

ROWS = {
    "start": ("start_rows", "from the start of the process to the first paint of the unlock page"),
    "help": ("help_rows", "holdfast --help, and what it imports"),
    "command": ("command_rows", "one command, on a small and on the large store"),
    "search": ("search_rows", "the query of a keystroke, a page, a count, on the large store"),
    "keystroke": ("table_rows", "what a keystroke and a scrolled page cost the thread of the window"),
    "open": ("open_rows", "opening the large store, and memory then"),
    "dataset": ("dataset_rows", "importing and exporting the whole dataset"),
    "case": ("case_rows", "opening a case with 500 events"),
    "verify": ("verify_rows", "chain, signatures, files; replay"),
    "backup": ("backup_rows", "a backup of the large store: the copy, and the whole of it"),
    "ranges": ("ranges_rows", "npm ranges over the dataset"),
    "preview": ("preview_rows", "the preview of a 20 kB advisory"),
}
_SECONDS = 3 * 3600


def main(arguments: list[str] | None = None) -> int:
    """Measures the rows that are named, or all."""
    parser = _parser()
    words = parser.parse_args(arguments)
    unknown = sorted(set(words.rows) - set(ROWS))
    if unknown:
        parser.error(f"there is no row {', '.join(unknown)}; --list names them")
    if words.list:
        print("\n".join(f"{name:10} {title}" for name, (_, title) in ROWS.items()))
        return 0
    setting = Setting(rounds=words.rounds, cases=words.cases, install=words.install)
    if words.child:
        results = list(_row(words.rows[0])(setting))
        words.child.write_bytes(msgspec.json.encode(results))
        return 0
    results = [result for row in words.rows or ROWS for result in _measured(row, words)]
    print(table(results))
    print(_busy())
    if words.json:
        words.json.write_bytes(as_json(results, _about(setting)))
    return 1 if any(result.verdict in ("over", "failed") for result in results) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev bench", description="The budgets, measured beside their yardsticks.")
    parser.add_argument("rows", nargs="*", metavar="ROW", help="which rows; default: all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also keep the numbers in a file")
    parser.add_argument("--rounds", type=int, default=7, metavar="N", help="rounds of each row (default: 7)")
    parser.add_argument("--cases", type=int, default=100_000, metavar="N", help="size of the large store")
    parser.add_argument("--install", action="store_true", help="fetch yardsticks that are missing")
    parser.add_argument("--list", action="store_true", help="name the rows")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    return parser


def _row(name: str) -> Row:
    row: Row = importlib.import_module(f"tests.bench.{ROWS[name][0]}").measure
    return row


def _measured(name: str, words: argparse.Namespace) -> list[Result]:
    """A row in a process and a home of its own, so that neither other rows nor a person's settings weigh on it."""
    say(f"== {name}: {ROWS[name][1]}")
    HOME.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="home-", dir=HOME) as home:
        answer = Path(home) / "answer.json"
        numbers = [f"--rounds={words.rounds}", f"--cases={words.cases}", *(["--install"] if words.install else [])]
        command = [sys.executable, "-P", "-m", "tests.bench", name, f"--child={answer}", *numbers]
        code = subprocess.run(command, cwd=ROOT, env=_environment(home), check=False, timeout=_SECONDS).returncode
        if code or not answer.is_file():
            return [Result(row=name, what=ROWS[name][1], verdict="failed", why=f"the row ended with code {code}")]
        return msgspec.json.decode(answer.read_bytes(), type=list[Result])


def _environment(home: str) -> dict[str, str]:
    folders = {f"XDG_{name}_HOME": f"{home}/{name.lower()}" for name in ("CACHE", "CONFIG", "DATA", "STATE")}
    # What a person's shell may hold and what would weigh on one side only.
    stray = {"PYTHONDONTWRITEBYTECODE", "PYTHONPROFILEIMPORTTIME", "QT_LOGGING_RULES", "QT_STYLE_OVERRIDE"}
    kept = {name: value for name, value in os.environ.items() if name not in stray}
    kept.setdefault("QT_QPA_PLATFORM", "offscreen")
    return kept | folders | {"HOME": home, "PYTHONPATH": str(ROOT)}


def _busy() -> str:
    """How much else this machine was doing: with more at work than it has processors, what is timed waits."""
    load, processors = os.getloadavg()[1], os.cpu_count() or 1
    said = f"Load over the last five minutes: {load:.1f} on {processors} processors."
    return said if load <= processors else f"{said} Milliseconds are too many; ratios and processor time stand."


def _about(setting: Setting) -> dict[str, str]:
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "processors": str(os.cpu_count()),
        "load": f"{os.getloadavg()[1]:.1f}",
        "rounds": str(setting.rounds),
        "cases": str(setting.cases),
    }


if __name__ == "__main__":
    sys.exit(main())
