"""Starting programs and measuring them: until they end, until they say a word, and how much memory they held."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.bench.frame import Sample

_SECONDS: Final = 120


def until_end(command: Sequence[str], extra: Mapping[str, str] | None = None, given: str = "") -> Sample:
    """Milliseconds from the start of a program to its end, `given` on its standard input; it must end well."""

    def sample() -> float:
        begun = time.perf_counter()
        done = subprocess.run(
            command,
            input=given.encode(),
            capture_output=True,
            check=False,
            timeout=_SECONDS,
            env=os.environ | dict(extra or {}),
        )
        spent = time.perf_counter() - begun
        if done.returncode:
            said = done.stderr.decode(errors="replace")[-500:]
            raise RuntimeError(f"{command[0]} ended with {done.returncode}: {said}")
        return spent * 1000

    return sample


def until_word(command: Sequence[str], word: str, extra: Mapping[str, str] | None = None) -> Sample:
    """Milliseconds from the start of a program to a line of its output that begins with a word; then it is ended."""

    def sample() -> float:
        begun = time.perf_counter()
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | dict(extra or {})
        ) as started:
            if started.stdout is None or started.stderr is None:
                raise RuntimeError("no pipe")
            spent = 0.0
            for line in started.stdout:
                if line.startswith(word):
                    spent = time.perf_counter() - begun
                    break
            started.kill()
            if not spent:
                raise RuntimeError(f"{command[0]} never said {word}: {started.stderr.read()[-800:]}")
        return spent * 1000

    return sample


def resident(pid: int | str = "self") -> float:
    """Megabytes of memory that a process holds now (VmRSS of proc(5))."""
    status = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(kilobytes) / 1024
