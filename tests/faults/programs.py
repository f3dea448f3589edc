"""Runs the harnesses as programs of their own: they fork and trace, which the process of the tests must not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import msgspec
import pytest

from tests.faults.kills import Report as KillReport
from tests.faults.power import Report as PowerReport

ROOT = Path(__file__).resolve().parents[2]


def kills(hits: dict[str, int], seed: int = 1) -> list[KillReport]:
    """Kills each scenario so often inside its window."""
    if not hasattr(os, "fork"):
        pytest.skip("this system has no fork, which a thousand trials need")
    return [
        msgspec.json.decode(_output("kills", name, f"--hits={count}", f"--seed={seed}"), type=KillReport)
        for name, count in hits.items()
    ]


def power(points: dict[str, int], seed: int = 1) -> list[PowerReport]:
    """Cuts each scenario off from power at so many points."""
    if not _may_trace():
        pytest.skip("strace is not on this machine, or may not trace here")
    return [
        msgspec.json.decode(_output("power", name, f"--points={count}", f"--seed={seed}"), type=PowerReport)
        for name, count in points.items()
    ]


def _output(harness: str, *words: str) -> bytes:
    command = [sys.executable, "-P", "-m", f"tests.faults.{harness}", *words]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    # 1 says that promises were broken: the report tells which.
    assert done.returncode in (0, 1), done.stderr.decode("utf-8", "replace")[-4000:]
    assert done.stdout, done.stderr.decode("utf-8", "replace")[-4000:]
    return done.stdout


@cache
def _may_trace() -> bool:
    strace = shutil.which("strace")
    if strace is None:
        return False
    return not subprocess.run([strace, "-f", "-o", os.devnull, "true"], capture_output=True, check=False).returncode
