"""The lock of a store."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.errors import Environment
from app.machine.store_lock import StoreLocks

ROOT = Path(__file__).resolve().parents[3]
SINCE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOLDER = (
    "import sys; from datetime import UTC, datetime; from pathlib import Path\n"
    "from app.machine.store_lock import StoreLocks\n"
    "held = StoreLocks().hold(Path(sys.argv[1]), datetime(2026, 1, 1, tzinfo=UTC))\n"
    "print('held', flush=True); sys.stdin.read()\n"
)


def test_the_second_one_learns_who_holds_it(tmp_path: Path) -> None:
    held = StoreLocks().hold(tmp_path / "lock", SINCE)
    with pytest.raises(Environment) as caught:
        StoreLocks().hold(tmp_path / "lock", SINCE)
    assert caught.value.code == "store.held"
    assert (caught.value.facts["pid"], caught.value.facts["since"]) == (os.getpid(), "2026-03-02T09:00:00+00:00")
    held.release()
    held.release()
    StoreLocks().hold(tmp_path / "lock", SINCE).release()


def test_it_dies_with_the_process_however_that_ends(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "lock")]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(Environment) as caught:
            StoreLocks().hold(tmp_path / "lock", SINCE)
        assert caught.value.facts["pid"] == other.pid
        other.kill()
        other.wait()
    StoreLocks().hold(tmp_path / "lock", SINCE).release()


@pytest.mark.parametrize(
    "said", [b"", b"{", b"[1]", b'{"pid": "x"}', b'{"pid":"x","host":7,"since":null}', b"\xff" * 600]
)
def test_what_the_file_says_is_for_the_message_only(tmp_path: Path, said: bytes) -> None:
    (tmp_path / "lock").write_bytes(said)
    held = StoreLocks().hold(tmp_path / "lock", SINCE)
    (tmp_path / "lock").write_bytes(said)
    with pytest.raises(Environment) as caught:
        StoreLocks().hold(tmp_path / "lock", SINCE)
    assert (caught.value.code, caught.value.facts["pid"]) == ("store.held", 0)
    held.release()


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "victim").write_bytes(b"mine")
    (tmp_path / "lock").symlink_to(tmp_path / "victim")
    with pytest.raises(Environment) as caught:
        StoreLocks().hold(tmp_path / "lock", SINCE)
    assert caught.value.code == "disk.io"
    assert (tmp_path / "victim").read_bytes() == b"mine"


def test_a_folder_that_is_gone_is_a_fault_of_the_disk(tmp_path: Path) -> None:
    with pytest.raises(Environment) as caught:
        StoreLocks().hold(tmp_path / "no" / "lock", SINCE)
    assert caught.value.code == "disk.io"
