"""The watching of what a program writes sees what it should."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.leaks.traces import strace_works, traces, watched

CARELESS = """
import os
os.umask(0)
open("open.txt", "w").close()
os.mkdir(os.path.abspath("folder"), 0o755)
os.umask(0o077)
open("closed.txt", "w").close()
os.chmod(os.path.abspath("closed.txt"), 0o644)
try:
    open("/proc/none/such", "w")
except OSError:
    pass
gone = open("gone.txt", "w")
os.unlink("gone.txt")
open("closed.txt").close()
"""


def test_every_file_is_seen_with_the_mode_that_it_got_and_even_one_that_is_gone_again(tmp_path: Path) -> None:
    if not strace_works():
        pytest.skip("strace is not here, or this system lets no process watch another")
    log = tmp_path / "log"
    work = tmp_path / "work"
    work.mkdir()
    subprocess.run([*watched(log), sys.executable, "-B", "-c", CARELESS], cwd=work, check=True)
    seen = [(Path(trace.path).name, trace.mode) for trace in traces(log) if trace.path.startswith(f"{work}/")]
    assert seen == [
        ("open.txt", 0o666),
        ("folder", 0o755),
        ("closed.txt", 0o600),
        ("closed.txt", 0o644),
        ("gone.txt", 0o600),
    ]
