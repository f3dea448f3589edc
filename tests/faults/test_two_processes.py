"""T15: one process at a time has a store open, whoever tries, however the holder ends."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.domain.errors import AppError, Environment
from app.presenters.words import error_words
from app.store.connection import Connection
from app.store.place import DATABASE, LOCK
from tests.app.store.building import keys_of, reopen
from tests.faults.figures import count, tell

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def holder(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the store open."""
    command = [sys.executable, "-m", "tests.faults.holder", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()


def refused(folder: Path) -> Environment:
    """What a second process hears."""
    with pytest.raises(Environment) as caught:
        reopen(folder)
    return caught.value


def test_a_second_process_is_refused_every_time_and_told_who_holds_the_store(story: Path) -> None:
    trials = count(100, 1000)
    with holder(story) as process:
        heard = [refused(story) for _ in range(trials)]
        facts = {(fault.code, fault.facts["pid"], fault.facts["host"]) for fault in heard}
        assert facts == {("store.held", process.pid, socket.gethostname())}
        assert str(process.pid) in error_words(heard[0])
    reopen(story).close()
    tell("T15", "a second process", trials=trials, refused=len(heard))


def test_after_kill_9_the_store_is_there_at_once(story: Path) -> None:
    trials = count(5, 100)
    opened = 0
    for _ in range(trials):
        with holder(story) as process:
            process.kill()
            process.wait()
        # Nobody took the words away that the dead process left; they hold nobody up.
        assert (story / LOCK).read_bytes() != b""
        vault = reopen(story)
        opened += vault.verify().ok
        vault.close()
    assert opened == trials
    tell("T15", "after kill -9 of the holder", trials=trials, open_at_once=opened)


def test_a_suspended_process_still_holds_the_store(story: Path) -> None:
    with holder(story) as process:
        process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
        assert refused(story).code == "store.held"
        process.send_signal(signal.SIGCONT)
        assert refused(story).code == "store.held"
    reopen(story).close()


def test_a_lock_file_that_came_along_from_another_machine_holds_nothing(story: Path, tmp_path: Path) -> None:
    with holder(story):
        copied = Path(shutil.copytree(story, tmp_path / "copied.holdfast"))
        assert (copied / LOCK).read_bytes() != b""
        vault = reopen(copied)
        assert vault.verify().ok
        vault.close()


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"pid": "x"}', b"\xff" * 600, b'{"pid": 1, "host": "\\u001b[2J", "since": 3}']
)
def test_whatever_the_lock_file_says_it_only_tells_who_holds_the_store(story: Path, content: bytes) -> None:
    with holder(story):
        (story / LOCK).write_bytes(content)
        fault = refused(story)
        assert fault.code == "store.held"
        assert "\x1b" not in error_words(fault)


def test_the_database_refuses_a_second_process_even_without_the_lock_file(story: Path) -> None:
    with holder(story):
        (story / LOCK).unlink()
        with pytest.raises(AppError) as caught:
            reopen(story)
        assert caught.value.code == "store.busy"
        with pytest.raises(AppError) as caught:
            Connection(story / DATABASE, keys_of(story).database())
        assert caught.value.code == "store.busy"


def test_two_processes_that_try_at_the_same_moment_never_both_get_in(story: Path) -> None:
    trials = count(6, 60)
    command = [sys.executable, "-m", "tests.faults.holder", str(story)]
    for _ in range(trials):
        both = [
            subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        said = sorted(process.stdout.readline() for process in both if process.stdout is not None)
        for process in both:
            process.communicate()
        assert said == ["open\n", "store.held\n"]
    tell("T15", "two at the same moment", trials=trials, both_in=0)


def test_a_rescue_does_not_read_what_somebody_still_writes(story: Path) -> None:
    from app.machine.store_lock import StoreLocks

    with holder(story):
        before = (story / LOCK).read_bytes()
        with pytest.raises(Environment) as caught:
            StoreLocks().hold_unwritten(story / LOCK)
        assert caught.value.code == "store.held"
        assert (story / LOCK).read_bytes() == before
    held = StoreLocks().hold_unwritten(story / LOCK)
    assert held is not None
    held.release()
    assert (story / LOCK).read_bytes() == before
    (story / LOCK).unlink()
    assert StoreLocks().hold_unwritten(story / LOCK) is None
    assert not (story / LOCK).exists()
