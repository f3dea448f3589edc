"""The memory of this machine: what it keeps, what nobody can read from it, and that it never stands in the way."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from app.desk.ports.seen import Seen
from app.machine.seen_stores import DiskSeenStores


def seen(count: int) -> Seen:
    return Seen(count=count, head=f"{count:064x}")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "seen.json"


@pytest.fixture
def memory(path: Path) -> DiskSeenStores:
    return DiskSeenStores(path, lambda: True)


def test_what_is_remembered_is_there_for_the_next_run(memory: DiskSeenStores, path: Path) -> None:
    assert memory.last("STORE", "DEVICE") is None
    memory.remember("STORE", "DEVICE", seen(7))
    assert DiskSeenStores(path, lambda: True).last("STORE", "DEVICE") == seen(7)


def test_another_device_of_the_same_store_is_remembered_by_itself(memory: DiskSeenStores) -> None:
    memory.remember("STORE", "DEVICE", seen(7))
    assert memory.last("STORE", "OTHER") is None


def test_the_file_is_private_and_names_no_store(memory: DiskSeenStores, path: Path) -> None:
    memory.remember("STORE", "DEVICE", seen(7))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert b"STORE" not in path.read_bytes()
    assert b"DEVICE" not in path.read_bytes()


def test_what_is_known_already_is_not_written_again(memory: DiskSeenStores, path: Path) -> None:
    memory.remember("STORE", "DEVICE", seen(7))
    before = path.stat().st_ino
    memory.remember("STORE", "DEVICE", seen(7))
    assert path.stat().st_ino == before


def test_whoever_does_not_want_it_has_nothing_remembered(path: Path, memory: DiskSeenStores) -> None:
    unwanted = DiskSeenStores(path, lambda: False)
    unwanted.remember("STORE", "DEVICE", seen(7))
    assert not path.exists()
    memory.remember("STORE", "DEVICE", seen(7))
    assert unwanted.last("STORE", "DEVICE") is None


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b'{"a": 1}', b"[" * 200_000, b"\xff", b" " * 300_000])
def test_a_file_that_makes_no_sense_keeps_nobody_out(memory: DiskSeenStores, path: Path, data: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(data)
    assert memory.last("STORE", "DEVICE") is None
    memory.remember("STORE", "DEVICE", seen(7))
    assert memory.last("STORE", "DEVICE") == seen(7)


def test_a_disk_that_refuses_is_no_reason_to_fail(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    memory = DiskSeenStores(tmp_path / "file" / "seen.json", lambda: True)
    memory.remember("STORE", "DEVICE", seen(7))
    assert memory.last("STORE", "DEVICE") is None


def test_the_store_that_was_seen_longest_ago_is_forgotten_first(memory: DiskSeenStores) -> None:
    for number in range(502):
        memory.remember(f"S{number}", "DEVICE", seen(number))
    assert memory.last("S0", "DEVICE") is None
    assert memory.last("S2", "DEVICE") == seen(2)
    assert memory.last("S501", "DEVICE") == seen(501)
