"""T4: one bit turned in a store, its slot file or a backup is always reported, and never read as something else."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from app.domain.errors import AppError, Environment
from app.store.container import MAGIC, Manifest, take, write_container
from app.store.pages import PAGE
from app.store.place import SLOTS, SLOTS_COPY
from app.store.unlocking import unlock
from tests.app.store.building import PASSPHRASE, START, place
from tests.faults.damage import Patient, flipped
from tests.faults.figures import count, tell

OF_A_BACKUP = {"backup.damaged", "backup.not-a-backup", "backup.newer"}


def sample(size: int, trials: int) -> range:
    """The bytes to turn: each in the long run, every so many else, not always the same of a page."""
    stride = max(1, size // trials)
    return range(0, size, stride if stride == 1 or stride % 2 else stride - 1)


@pytest.fixture
def patient(story: Path) -> Patient:
    """A whole store, about to be damaged."""
    return Patient(story)


def test_a_turned_bit_of_the_database_is_always_named_and_never_read_as_something_else(patient: Patient) -> None:
    chance = Random(4)
    outcomes: Counter[str] = Counter()
    trials = 0
    for byte in sample(len(patient.whole), count(500, len(patient.whole))):
        page = byte // PAGE + 1
        look = patient.after(flipped(byte, chance.randrange(8)))
        trials += 1
        outcomes["reported"] += look.is_reported
        outcomes["read differently"] += look.read is not None and look.read != patient.said
        named = (
            look.refused == "store.damaged"
            if page == 1
            else look.refused == "store.damaged"
            or any(finding.code == "page.damaged" and finding.where == str(page) for finding in look.findings)
        )
        outcomes["named"] += named
        outcomes["refused at opening"] += bool(look.refused)
    assert (outcomes["reported"], outcomes["named"], outcomes["read differently"]) == (trials, trials, 0)
    tell("T4", "one bit of the database", trials=trials, pages=len(patient.whole) // PAGE, **outcomes)


def test_a_turned_bit_of_one_slot_file_costs_nothing_since_there_is_a_copy(story: Path) -> None:
    whole = (story / SLOTS).read_bytes()
    trials = opened = 0
    for byte in sample(len(whole), count(150, len(whole))):
        data = bytearray(whole)
        data[byte] ^= 1 << byte % 8
        (story / SLOTS).write_bytes(data)
        keys = unlock(story, PASSPHRASE, place()).keys
        opened += keys.store_id == unlock_whole(story, whole)
        trials += 1
    assert opened == trials
    tell("T4", "one bit of the slot file, the copy whole", trials=trials, opened=opened)


def unlock_whole(story: Path, whole: bytes) -> str:
    """The id of the store by its whole slot file."""
    (story / SLOTS).write_bytes(whole)
    return unlock(story, PASSPHRASE, place()).keys.store_id


def test_a_turned_bit_of_both_slot_files_is_damage_and_never_a_wrong_passphrase(story: Path) -> None:
    whole = (story / SLOTS).read_bytes()
    outcomes: Counter[str] = Counter()
    for byte in sample(len(whole), count(400, len(whole))):
        data = bytearray(whole)
        data[byte] ^= 1 << byte % 7
        for name in (SLOTS, SLOTS_COPY):
            (story / name).write_bytes(data)
        with pytest.raises(AppError) as caught:
            unlock(story, PASSPHRASE, place())
        outcomes[caught.value.code] += 1
    # A turned bit in the number of the format makes it a later one, and that is what is said.
    assert set(outcomes) <= {"store.slots-damaged", "store.newer"}
    assert outcomes["store.newer"] <= 8
    tell("T4", "one bit of both slot files", trials=outcomes.total(), **outcomes)


class Memory:
    """A file in memory, written once and read often."""

    def __init__(self, data: bytes = b"") -> None:
        self.data = bytearray(data)
        self._at = 0

    @property
    def size(self) -> int:
        return len(self.data)

    def write(self, data: bytes) -> None:
        self.data += data

    def read(self, size: int) -> bytes:
        piece = bytes(self.data[self._at : self._at + size])
        self._at += len(piece)
        return piece

    def seal(self) -> None:
        """Nothing has to reach a disk."""

    def close(self) -> None:
        """Nothing is open."""


def test_a_turned_bit_of_a_backup_is_always_found_before_anything_of_it_counts(patient: Patient) -> None:
    backup = backup_of(patient)
    out = Memory()
    assert take(Memory(backup), out).is_sealed_by(patient.unlocked.keys)
    assert bytes(out.data) == patient.whole
    outcomes: Counter[str] = Counter()
    for byte in sample(len(backup), count(1500, len(backup))):
        data = bytearray(backup)
        data[byte] ^= 1 << byte % 8
        with pytest.raises(Environment) as caught:
            take(Memory(bytes(data)))
        outcomes[caught.value.code] += 1
    assert set(outcomes) <= OF_A_BACKUP
    assert outcomes["backup.not-a-backup"] + outcomes["backup.newer"] <= len(MAGIC)
    tell("T4", "one bit of a backup", trials=outcomes.total(), **outcomes)


def backup_of(patient: Patient) -> bytes:
    """A backup of the store as its bytes."""
    slots = (patient.folder / SLOTS).read_bytes()
    manifest = Manifest(
        store_id=patient.unlocked.keys.store_id,
        created=START.isoformat(),
        program="0.1.0",
        schema=1,
        epoch=1,
        events=17,
        head="ab" * 32,
        note="",
        slots=len(slots),
        database=len(patient.whole),
    )
    out = Memory()
    write_container(out, manifest, slots, iter([patient.whole]), patient.unlocked.keys)
    return bytes(out.data)
