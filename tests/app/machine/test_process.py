"""What the process does to itself at start; tried in children, since it can't be taken back."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cores import cores_may_be_written

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="prctl(2) is of Linux")
HARDEN = """
import json, os, resource, sys
from app.machine.process import harden
os.umask(0)
refused = harden()
filtered = open("/proc/self/coredump_filter").read()
print(json.dumps([refused, os.umask(0), resource.getrlimit(resource.RLIMIT_CORE), filtered]))
"""
DIE = """
import os, signal, sys
if sys.argv[1] == "hardened":
    from app.machine.process import harden
    harden()
os.kill(os.getpid(), int(sys.argv[2]))
"""
# As another user where it is root who tests: root may read everything.
PEEK = """
import ctypes, json, os, sys
from app.machine.process import harden
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)
if sys.argv[1] == "hardened":
    harden()
target, seen = os.getpid(), {}
child = os.fork()
if child == 0:
    for name in ("environ", "mem", "maps", "fd"):
        try:
            os.listdir(f"/proc/{target}/fd") if name == "fd" else open(f"/proc/{target}/{name}", "rb").read(1)
            seen[name] = "open"
        except PermissionError:
            seen[name] = "denied"
        except OSError:
            seen[name] = "open"  # opened, though there is nothing at that address
    print(json.dumps(seen), flush=True)
    os._exit(0)
os.waitpid(child, 0)
"""


def run(script: str, *words: str, folder: Path = ROOT, **more: Any) -> subprocess.CompletedProcess[str]:
    """A child without limits on cores, that finds the program wherever it stands."""

    def unlimited() -> None:
        _soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))

    environment = {**os.environ, "PYTHONPATH": str(ROOT), **more.pop("environment", {})}
    return subprocess.run(
        [sys.executable, "-B", "-c", script, *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        preexec_fn=unlimited,
        **more,
    )


def test_files_are_the_owners_and_no_core_is_written() -> None:
    refused, mask, limit, filtered = json.loads(run(HARDEN).stdout)
    assert (refused, mask, limit, int(filtered, 16)) == ([], 0o077, [0, 0], 0)


def test_in_a_snap_the_process_stays_visible_to_its_portals_and_says_so() -> None:
    refused, mask, limit, filtered = json.loads(run(HARDEN, environment={"SNAP": "/snap/holdfast/1"}).stdout)
    assert (refused, mask, limit, int(filtered, 16)) == (["dumpable"], 0o077, [0, 0], 0)


@pytest.mark.parametrize("killer", [signal.SIGABRT, signal.SIGSEGV, signal.SIGQUIT], ids=lambda s: s.name)
def test_a_crash_leaves_no_core_though_the_parent_asks_for_one(tmp_path: Path, killer: signal.Signals) -> None:
    died = run(DIE, "hardened", str(int(killer)), folder=tmp_path)
    assert died.returncode == -killer
    assert list(tmp_path.iterdir()) == []


def test_without_the_hardening_the_same_crash_leaves_a_core(tmp_path: Path) -> None:
    pattern = Path("/proc/sys/kernel/core_pattern").read_text("ascii").strip()
    if pattern.startswith(("|", "/")) or not cores_may_be_written():
        pytest.skip(f"this system writes no core beside the program: {pattern}")
    assert run(DIE, "plain", str(int(signal.SIGABRT)), folder=tmp_path).returncode == -signal.SIGABRT
    assert [path.name.partition(".")[0] for path in tmp_path.iterdir()] == ["core"]


def test_another_process_of_the_same_user_can_read_neither_memory_nor_environment() -> None:
    assert json.loads(run(PEEK, "hardened").stdout) == dict.fromkeys(("environ", "mem", "maps", "fd"), "denied")


def test_without_the_hardening_the_environment_could_be_read() -> None:
    assert json.loads(run(PEEK, "plain").stdout)["environ"] == "open"
