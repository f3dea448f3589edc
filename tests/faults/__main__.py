"""The fault tests with their figures: `./dev faults [T1 ...] [--long] [--json FILE] [--list]`.

The short run is what every change gets; `--long` makes the counts of a release, which takes hours on a small machine.
Exit 0 when every test held, 1 when one did not, 2 for wrong usage.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec

from tests.faults.figures import COLLECTED_IN, LONG, Figures, collected

ROOT = Path(__file__).resolve().parents[2]


class Part(msgspec.Struct, frozen=True):
    """One number of the plan: what it asks, where its tests are, and which of them where not all (as for pytest -k)."""

    what: str
    paths: tuple[str, ...]
    only: str = ""


PLAN = {
    "T1": Part("kill -9 at any moment of a day at the desk", ("faults/test_kills_day.py",)),
    "T2": Part(
        "power lost after any call of the system",
        ("faults/test_power_loss.py", "faults/test_disk_model.py", "faults/test_free_pages.py"),
    ),
    "T3": Part(
        "kill -9 while keys, slots, backups or formats change, a case is erased or a store rescued",
        ("faults/test_kills_acts.py",),
    ),
    "T4": Part("one bit of any byte flipped", ("faults/test_flips.py",)),
    "T5": Part(
        "files cut short, pages zeroed and swapped; what a rescue saves of them",
        ("faults/test_cuts.py", "faults/test_rescue.py", "faults/test_rescue_limits.py"),
    ),
    "T6": Part("old pages put back", ("faults/test_page_replay.py",)),
    "T7": Part("the matrix of attacks, with and without a witness", ("faults/test_tamper.py",)),
    "T9": Part("canaries in everything that a session leaves behind", ("leaks",)),
    "T14": Part(
        "no room, no permission, any one call to the disk failing",
        ("faults/test_disk.py", "faults/test_failing_calls.py"),
    ),
    "T15": Part("two processes, a lock copied, a holder killed or stopped", ("faults/test_two_processes.py",)),
    "T16": Part(
        "a hostile, missing or changed keychain",
        ("app/machine/test_keychain.py", "app/machine/test_keychain_store.py"),
    ),
    "T18": Part("the mode of every file", ("leaks",), "umask or mode"),
    "T19": Part(
        "core dumps and the memory of the process",
        ("app/machine/test_process.py", "leaks"),
        "core or memory or hardening or lock",
    ),
    "T20": Part("backups restored after the store is gone", ("faults/test_drills.py",)),
    "T21": Part("stores of every format", ("app/store/test_old_stores.py",)),
    "T22": Part("a library, a setting or a file that protects nothing", ("faults/test_start_asserts.py",)),
}
"""The rest of the plan is elsewhere: speed (T8) in `./dev bench`, importers in tests/fuzz, gpg in tests/app/machine."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one number of the plan."""

    test: str
    what: str
    passed: int
    failed: int
    skipped: int
    seconds: float
    figures: list[Figures]

    @property
    def held(self) -> bool:
        """Whether it was asked at all, and nothing failed."""
        return self.passed > 0 and self.failed == 0


def main(arguments: list[str] | None = None) -> int:
    """Runs what is named, or all of the plan."""
    parser = _parser()
    words = parser.parse_args(arguments)
    named = [word.upper() for word in words.tests]
    unknown = sorted(set(named) - set(PLAN))
    if unknown:
        parser.error(f"there is no test {', '.join(unknown)}; --list names them")
    if words.list:
        print("\n".join(f"{name:4} {part.what}" for name, part in PLAN.items()))
        return 0
    outcomes = [_run(name, long=words.long) for name in named or PLAN]
    print(table(outcomes))
    if words.json is not None:
        about = {"run": "long" if words.long else "short", "python": platform.python_version(), "system": sys.platform}
        words.json.write_bytes(msgspec.json.format(msgspec.json.encode({"about": about, "tests": outcomes})) + b"\n")
    return 0 if all(outcome.held for outcome in outcomes) else 1


def table(outcomes: list[Outcome]) -> str:
    """Every number of the plan with its verdict, and under it its figures."""
    lines: list[str] = []
    for outcome in outcomes:
        verdict = "held" if outcome.held else "FAILED" if outcome.failed else "not run"
        counts = f"{outcome.passed} passed, {outcome.failed} failed, {outcome.skipped} skipped"
        lines.append(f"{outcome.test:4} {verdict:8} {outcome.what} ({counts}, {outcome.seconds:.0f} s)")
        for figures in outcome.figures:
            lines.append(f"       {figures.what}")
            counted = ", ".join(f"{name.replace('_', ' ')} {_number(value)}" for name, value in figures.counts.items())
            lines += [f"         {line}" for line in textwrap.wrap(counted, 110)]
    return "\n".join(lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev faults", description="The fault tests, with their figures.")
    parser.add_argument("tests", nargs="*", metavar="TEST", help="which numbers of the plan; default: all")
    parser.add_argument("--long", action="store_true", help="the counts of a release")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also keep the figures in a file")
    parser.add_argument("--list", action="store_true", help="name the tests")
    return parser


def _run(name: str, *, long: bool) -> Outcome:
    """One number of the plan, in a process of its own."""
    part = PLAN[name]
    print(f"== {name}: {part.what}", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(prefix="figures-") as folder:
        figures, report = Path(folder, "figures"), Path(folder, "report.xml")
        environment = os.environ | {COLLECTED_IN: str(figures), LONG: "long" if long else "short"}
        command = [sys.executable, "-P", "-m", "pytest", "-q", f"--junitxml={report}"]
        began = time.monotonic()
        subprocess.run(
            [*command, "-k", part.only, *(f"tests/{path}" for path in part.paths)],
            cwd=ROOT,
            env=environment,
            check=False,
            stdout=sys.stderr,
        )
        passed, failed, skipped = _counts(report)
        return Outcome(
            test=name,
            what=part.what,
            passed=passed,
            failed=failed,
            skipped=skipped,
            seconds=time.monotonic() - began,
            figures=[told for told in collected(figures) if told.test == name],
        )


def _counts(report: Path) -> tuple[int, int, int]:
    """Passed, failed, skipped; a run that left no report failed."""
    if not report.is_file():
        return 0, 1, 0
    suites = list(ET.parse(report).getroot().iter("testsuite"))  # noqa: S314 - pytest wrote it just now
    tests, skipped = (sum(int(suite.get(name, "0")) for suite in suites) for name in ("tests", "skipped"))
    failed = sum(int(suite.get(name, "0")) for suite in suites for name in ("failures", "errors"))
    return tests - skipped - failed, failed, skipped


def _number(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"


if __name__ == "__main__":
    sys.exit(main())
