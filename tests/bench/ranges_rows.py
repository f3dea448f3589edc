"""Every range of the dataset against many versions, beside npm's own `satisfies`."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from app.domain.errors import Rejected
from app.domain.npm_ranges import parse_range
from app.domain.versions import parse_version
from tests.bench.frame import Budget, Line, Result
from tests.bench.setting import DATA, Setting, oracles

LINE: Final = Line(
    row="ranges",
    what="every range of the dataset against every version",
    yardstick="npm semver: satisfies(version, range) in one warm process",
    budget=Budget(times=1),
)
_JUDGE: Final = """
import { readFileSync } from 'node:fs'
import semver from 'semver'
const { ranges, versions, rounds } = JSON.parse(readFileSync(0))
const told = []
let cells
for (let round = 0; round < rounds; round++) {
  const begun = performance.now()
  cells = ranges.map((range) => versions.map((version) => (semver.satisfies(version, range) ? '1' : '0')).join(''))
  told.push(performance.now() - begun)
}
process.stdout.write(JSON.stringify({ told, cells }))
"""


def measure(setting: Setting) -> Iterator[Result]:
    """Both as texts to answers: parsing the ranges and the versions is a part of the work."""
    vuln, released = DATA / "security-wg" / "vuln", DATA / "semver" / "node-versions.json"
    node, package = shutil.which("node"), oracles() / "node_modules" / "semver"
    if not vuln.is_dir() or not released.is_file():
        yield LINE.left_out("the folder ../shared/data with the dataset is not beside this tree")
        return
    if node is None or not package.is_dir():
        yield LINE.left_out("npm semver is not installed; ./dev oracles does it")
        return
    ranges, versions = _ranges(vuln), _versions(released)
    ours: list[float] = []
    against: list[float] = []
    cells: list[str] = []
    judged: list[str] = []
    for number in range(-1, setting.rounds):
        begun = time.perf_counter()
        cells = _cells(ranges, versions)
        spent = (time.perf_counter() - begun) * 1000
        answer = _npm(node, ranges, versions)
        judged = answer["cells"]
        if number >= 0:
            ours.append(spent)
            against.append(answer["told"][-1])
    wrong = sum(a != b for mine, theirs in zip(cells, judged, strict=True) for a, b in zip(mine, theirs, strict=True))
    size = f"{len(ranges)} ranges × {len(versions)} versions = {len(ranges) * len(versions):,} cells"
    yield LINE.judged(ours, against, f"{size}, {wrong} of them differ from npm's")


def _cells(ranges: list[str], versions: list[str]) -> list[str]:
    known = [parse_version(text) for text in versions]
    found = []
    for text in ranges:
        try:
            one = parse_range(text)
        except Rejected:
            found.append("0" * len(known))
            continue
        found.append("".join("1" if one.contains(version) else "0" for version in known))
    return found


def _npm(node: str, ranges: list[str], versions: list[str]) -> dict[str, Any]:
    given = json.dumps({"ranges": ranges, "versions": versions, "rounds": 2})
    command = [node, "--input-type=module", "--eval", _JUDGE]
    done = subprocess.run(command, cwd=oracles(), input=given, capture_output=True, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _ranges(vuln: Path) -> list[str]:
    found: set[str] = set()
    for path in sorted(vuln.glob("*/*.json")):
        entry = json.loads(path.read_bytes())
        if isinstance(entry, dict):
            fields = ("vulnerable", "patched", "vulnerable_versions", "patched_versions")
            found.update(entry[field] for field in fields if isinstance(entry.get(field), str))
    return sorted(found)


def _versions(released: Path) -> list[str]:
    made = [f"{a}.{b}.{c}{rest}" for a in range(4) for b in (0, 1, 5) for c in (0, 2) for rest in ("", "-rc.1")]
    return [*json.loads(released.read_bytes())[::3], *made]
