"""Kills a scenario at random instants and judges what is left: `python -m tests.faults.kills NAME ... [--hits N]`.

One warm process forks a worker for each trial, so that a trial takes a fraction of a second. It must be a process of
its own: no threads and no windows may be there when it forks.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import select
import shutil
import signal
import statistics
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import msgspec

from tests.faults.scenario import Complaint, Said, Scenario, Tell, room

_FULL_RUNS = 3
_TRIES_FOR_A_HIT = 12
_BROKEN = 3


class Report(msgspec.Struct, kw_only=True):
    """What came of it. `inside` are the kills that hit while something was begun and not yet acknowledged."""

    scenario: str
    trials: int = 0
    killed: int = 0
    inside: int = 0
    acknowledged: int = 0
    journals: int = 0
    """Stores that were left with a journal to roll back."""
    during: dict[str, int] = msgspec.field(default_factory=dict)
    complaints: dict[str, int] = msgspec.field(default_factory=dict)
    examples: list[str] = msgspec.field(default_factory=list)

    def complain(self, trial: int, complaint: Complaint) -> None:
        """Counts a broken promise and keeps the first few for a person."""
        self.complaints[complaint.kind] = self.complaints.get(complaint.kind, 0) + 1
        if len(self.examples) < 10:
            self.examples.append(f"trial {trial}: {complaint.kind}: {complaint.detail}")


class Worker:
    """One forked worker and what it said."""

    def __init__(self, scenario: Scenario, box: Path, seed: int) -> None:
        self._reads, writes = os.pipe()
        self.text = b""
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self._reads)
            _work(scenario, box, writes, seed)
        os.close(writes)
        self.began = time.monotonic()

    def listen(self, until: float, window: str = "") -> bool:
        """Hears the worker out until an instant; True if it ended, or, for a window, once that step has begun."""
        waited_for = f'"what":"{window}","is_done":false'.encode() if window else b""
        while (left := until - time.monotonic()) > 0:
            readable, _, _ = select.select([self._reads], [], [], left)
            if not readable:
                continue
            heard = os.read(self._reads, 65536)
            self.text += heard
            if not heard or (waited_for and waited_for in self.text):
                return True
        return False

    def kill(self) -> bool:
        """Ends the worker as a crash does; True if it was still at work. Raises where it had failed by itself."""
        os.kill(self._pid, signal.SIGKILL)
        while heard := os.read(self._reads, 65536):
            self.text += heard
        os.close(self._reads)
        _, status = os.waitpid(self._pid, 0)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status):
            raise RuntimeError("the worker failed by itself; what it said is on stderr")
        return os.WIFSIGNALED(status)


def _work(scenario: Scenario, box: Path, descriptor: int, seed: int) -> None:
    code = _BROKEN
    try:
        scenario.act(box, Tell(descriptor), Random(seed))
        code = 0
    except BaseException:  # noqa: BLE001 - the forked child must never return into the parent's code
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


class Harness:
    """Runs one scenario."""

    def __init__(self, scenario: Scenario, folder: Path, seed: int) -> None:
        self._scenario = scenario
        self._folder = folder
        self._template = folder / "template"
        self._chance = Random(seed)
        self._report = Report(scenario=scenario.name)
        self._spans: list[float] = []
        self._during: Counter[str] = Counter()

    def run(self, hits: int) -> Report:
        """Trials until so many kills have hit inside the window, or twelve times as many trials were made."""
        self._template.mkdir(parents=True)
        self._scenario.prepare(self._template)
        for number in range(_FULL_RUNS):
            self._trial(number, None)
        usual = reach = statistics.median(self._spans)
        while self._report.trials < hits * _TRIES_FOR_A_HIT and self._report.inside < hits:
            before = self._report.inside
            self._trial(self._report.trials, self._chance.uniform(0, reach))
            # On a busy machine a kill comes late: aim earlier after a miss, and later again after a hit.
            reach = min(1.2 * usual, reach * 1.15) if self._report.inside > before else max(0.02 * usual, reach * 0.9)
        self._report.during = dict(self._during.most_common())
        return self._report

    def _trial(self, number: int, delay: float | None) -> None:
        with self._box(number) as box:
            worker = Worker(self._scenario, box, self._chance.getrandbits(32))
            was_killed = self._cut(worker, delay)
            said = Said(worker.text)
            self._count(box, said, was_killed=was_killed)
            for complaint in self._scenario.check(box, said):
                self._report.complain(number, complaint)

    def _cut(self, worker: Worker, delay: float | None) -> bool:
        """Lets the worker go on for so long after its window opened; None lets it end, and learns how long it takes."""
        window = self._scenario.window
        if window:
            worker.listen(worker.began + 60, window)
        opened = time.monotonic() if window else worker.began
        if delay is not None:
            worker.listen(opened + delay)
            return worker.kill()
        worker.listen(opened + 60)
        self._spans.append(time.monotonic() - opened)
        return worker.kill()

    def _count(self, box: Path, said: Said, *, was_killed: bool) -> None:
        report, hanging = self._report, said.hanging
        report.trials += 1
        report.acknowledged += len(said.done)
        report.killed += was_killed
        report.journals += any(path.stat().st_size for path in box.rglob("*-journal"))
        if was_killed and hanging is not None and self._scenario.window in ("", hanging.what):
            report.inside += 1
            self._during[hanging.what] += 1

    @contextlib.contextmanager
    def _box(self, number: int) -> Iterator[Path]:
        box = self._folder / f"trial-{number}"
        shutil.copytree(self._template, box)
        yield box
        shutil.rmtree(box)


def run(scenario: Scenario, hits: int, seed: int) -> Report:
    """Kills a scenario so often; a kill takes nothing from the page cache, so no real disk is needed."""
    with tempfile.TemporaryDirectory(prefix="kills-", dir=room()) as folder:
        return Harness(scenario, Path(folder), seed).run(hits)


def main(arguments: list[str] | None = None) -> int:
    """Kills the scenarios that are named; the reports go to stdout as JSON, one line each."""
    from tests.faults.scenarios import SCENARIOS

    parser = argparse.ArgumentParser(prog="tests.faults.kills")
    parser.add_argument("names", nargs="+", choices=sorted(SCENARIOS))
    parser.add_argument("--hits", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    words = parser.parse_args(arguments)
    failed = 0
    for name in words.names:
        report = run(SCENARIOS[name](), words.hits, words.seed)
        sys.stdout.buffer.write(msgspec.json.encode(report) + b"\n")
        sys.stdout.flush()
        failed += bool(report.complaints)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
