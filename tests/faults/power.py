"""Cuts a scenario off from power, again and again: `python -m tests.faults.power NAME ... [--points N]`.

The scenario runs once, under strace. Its file operations are replayed on a model of the disk, which is cut off after
any of them; what it may hold then is laid down as real files and judged.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path
from random import Random

import msgspec

from tests.faults.disk import Disk, Image, lay_down
from tests.faults.scenario import Complaint, Said, Scenario, Tell, room
from tests.faults.strace import Call, read, record

ROOT = Path(__file__).resolve().parents[2]
_POINTS_OF_A_RECORDING = 2_000


class Report(msgspec.Struct, kw_only=True):
    """What came of it. `images` are the different contents of the disk at the crash points; each was judged once."""

    scenario: str
    recordings: int = 0
    operations: int = 0
    points: int = 0
    images: int = 0
    acknowledged: int = 0
    complaints: dict[str, int] = msgspec.field(default_factory=dict)
    """Crash points by the kind of promise that was broken there."""
    examples: list[str] = msgspec.field(default_factory=list)

    def complain(self, where: str, complaints: list[Complaint]) -> None:
        """Counts a crash point once for each kind of broken promise, and keeps the first few for a person."""
        for kind in {complaint.kind for complaint in complaints}:
            self.complaints[kind] = self.complaints.get(kind, 0) + 1
        if len(self.examples) < 10:
            self.examples += [f"{where}: {complaint.kind}: {complaint.detail}" for complaint in complaints[:2]]


class Replay:
    """Crash points of one recording."""

    def __init__(self, scenario: Scenario, folder: Path, calls: list[Call], report: Report) -> None:
        self._scenario = scenario
        self._folder = folder
        self._calls = calls
        self._report = report
        self._judged: dict[bytes, list[Complaint]] = {}

    def run(self, disk: Disk, points: int, chance: Random) -> None:
        """So many crash points, each after a call of chance."""
        crashes = Counter(chance.randint(1, len(self._calls)) for _ in range(points))
        said = b""
        for number, call in enumerate(self._calls, 1):
            call.happen(disk)
            said += call.data if call.do == "say" else b""
            for _ in range(crashes[number]):
                self._crash(number, disk.crash(chance), said)
        self._report.images += len(self._judged)
        self._report.acknowledged += len(Said(said).done)

    def _crash(self, number: int, image: Image, said: bytes) -> None:
        self._report.points += 1
        name = _digest(image, said)
        if name not in self._judged:
            box = self._folder / "box"
            lay_down(image, box)
            self._judged[name] = list(self._scenario.check(box, Said(said)))
            shutil.rmtree(box)
        call = self._calls[number - 1]
        if self._judged[name]:
            self._report.complain(f"after call {number}, {call.do} {call.path}", self._judged[name])


def run(scenario: Scenario, points: int, seed: int) -> Report:
    """So many crash points, from as many recordings as that takes."""
    report, chance = Report(scenario=scenario.name), Random(seed)
    # The model says what lasts; a real disk would only be slower.
    with tempfile.TemporaryDirectory(prefix="power-", dir=room()) as name:
        while report.points < points:
            folder = Path(name).resolve() / str(report.recordings)
            folder.mkdir()
            box = folder / "recorded"
            box.mkdir(mode=0o700)
            scenario.prepare(box)
            disk = Disk(box)
            calls = _recorded(scenario, folder, box, chance.getrandbits(32))
            report.recordings += 1
            report.operations += len(calls)
            wanted = min(_POINTS_OF_A_RECORDING, points - report.points)
            Replay(scenario, folder, calls, report).run(disk, wanted, chance)
            shutil.rmtree(folder)
    return report


def _recorded(scenario: Scenario, folder: Path, box: Path, seed: int) -> list[Call]:
    trace, said = folder / "trace", folder / "said"
    words = ["--act", str(box), "--said", str(said), "--seed", str(seed), scenario.name]
    command = [sys.executable, "-P", "-m", "tests.faults.power", *words]
    record(command, trace, ROOT, os.environ | {"PYTHONPATH": str(ROOT)})
    return read(trace, box, said)


def _digest(image: Image, said: bytes) -> bytes:
    digest = hashlib.blake2b(b"%d" % said.count(b"\n"))
    for path, content in image.items():
        digest.update(b"%s\0%d\0" % (path.encode(), -1 if content is None else len(content)))
        digest.update(content or b"")
    return digest.digest()


def main(arguments: list[str] | None = None) -> int:
    """Cuts off the scenarios that are named; the reports go to stdout as JSON, one line each."""
    from tests.faults.scenarios import SCENARIOS

    parser = argparse.ArgumentParser(prog="tests.faults.power")
    parser.add_argument("names", nargs="+", choices=sorted(SCENARIOS))
    parser.add_argument("--points", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--act", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--said", type=Path, help=argparse.SUPPRESS)
    words = parser.parse_args(arguments)
    if words.act is not None:
        descriptor = os.open(words.said, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        SCENARIOS[words.names[0]]().act(words.act, Tell(descriptor), Random(words.seed))
        return 0
    failed = 0
    for name in words.names:
        report = run(SCENARIOS[name](), words.points, words.seed)
        sys.stdout.buffer.write(msgspec.json.encode(report) + b"\n")
        sys.stdout.flush()
        failed += bool(report.complaints)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
