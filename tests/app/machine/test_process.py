"""What the process does to itself at start; tried in a child, since it can't be taken back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = (
    "import json, os, resource, sys\nfrom app.machine.process import harden\n"
    "os.umask(0)\nrefused = harden()\nmask = os.umask(0)\n"
    "print(json.dumps([refused, mask, resource.getrlimit(resource.RLIMIT_CORE)]))\n"
)


@pytest.mark.skipif(sys.platform != "linux", reason="prctl(2) is of Linux")
def test_files_are_the_owners_and_no_core_is_written() -> None:
    said = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[[], 63, [0, 0]]"
