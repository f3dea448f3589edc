"""A store that goes on as another device, one that is older than it was, and a clock that went back."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from typing_extensions import override

from app.desk.ports.seen import Seen, SeenStores
from app.domain.errors import Defect, Environment
from app.domain.events import case_events as e
from app.domain.events.team_events import ClockWentBack, DeviceEnrolled, OlderCopyAccepted, StoreRestored
from app.store.folder import open_store
from app.store.older import EVERY
from app.store.vault import SqlVault
from tests.app.store.building import ADA, PASSPHRASE, START, add_case, happen, place, tampering

RESTORED = StoreRestored(sha256="ab" * 32, events=3, head="cd" * 32)


class Remembered(SeenStores):
    """A memory that counts how often it was told."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], Seen] = {}
        self.told = 0

    @override
    def last(self, store_id: str, device: str) -> Seen | None:
        return self.known.get((store_id, device))

    @override
    def remember(self, store_id: str, device: str, seen: Seen) -> None:
        self.told += 1
        self.known[store_id, device] = seen


def opened(folder: Path, memory: SeenStores, *, accept: bool = False, inspect: bool = False) -> SqlVault:
    return open_store(folder, PASSPHRASE, START, place(5, seen=memory, accept_older=accept), inspect=inspect)


@pytest.fixture
def memory() -> Remembered:
    return Remembered()


@pytest.fixture
def older(closed: Path, memory: Remembered, tmp_path: Path) -> Path:
    """A copy of a store that went on here afterwards."""
    shutil.copytree(closed, tmp_path / "older")
    vault = opened(closed, memory)
    happen(vault, 1, e.NoteAdded(text="later"))
    vault.close()
    return tmp_path / "older"


def test_the_store_that_this_machine_saw_last_opens_as_ever(closed: Path, memory: Remembered) -> None:
    for _ in range(3):
        vault = opened(closed, memory)
        happen(vault, 1, e.NoteAdded(text="on"))
        vault.close()
    assert [seen.count for seen in memory.known.values()] == [reopened_count(closed)]


def reopened_count(folder: Path) -> int:
    vault = open_store(folder, PASSPHRASE, START, place(6))
    count = vault.queries.history_count()
    vault.close()
    return count


def test_an_older_copy_is_refused_by_name_before_anything_is_written(older: Path, memory: Remembered) -> None:
    before = (older / "cases.db").read_bytes()
    with pytest.raises(Environment) as caught:
        opened(older, memory)
    assert caught.value.code == "store.rolled-back"
    assert int(caught.value.facts["events"]) < int(caught.value.facts["seen"])
    assert (older / "cases.db").read_bytes() == before


def test_an_older_copy_can_be_looked_at_and_accepted_on_record(older: Path, memory: Remembered) -> None:
    opened(older, memory, inspect=True).close()
    vault = opened(older, memory, accept=True)
    accepted = vault.queries.history("team")[-1].event
    assert isinstance(accepted, OlderCopyAccepted)
    assert vault.verify().ok
    vault.close()
    opened(older, memory).close()


def test_accepting_is_no_event_where_nothing_is_older(closed: Path, memory: Remembered) -> None:
    opened(closed, memory).close()
    count = reopened_count(closed)
    opened(closed, memory, accept=True).close()
    assert reopened_count(closed) == count


def test_a_copy_that_went_another_way_is_refused_by_name(older: Path, closed: Path, memory: Remembered) -> None:
    apart = opened(older, Remembered())
    for text in ("another", "way", "and on"):
        happen(apart, 1, e.NoteAdded(text=text))
    apart.close()
    with pytest.raises(Environment) as caught:
        opened(older, memory)
    assert caught.value.code == "store.forked"
    opened(closed, memory).close()


def test_an_older_slot_file_with_an_older_page_that_fits_it_is_refused(closed: Path, memory: Remembered) -> None:
    opened(closed, memory).close()
    known = next(iter(memory.known.values()))
    assert known.slots > 0
    memory.known = dict.fromkeys(memory.known, msgspec.structs.replace(known, slots=known.slots + 1))
    with pytest.raises(Environment) as caught:
        opened(closed, memory)
    assert (caught.value.code, caught.value.facts["known"]) == ("store.slots-old", known.slots + 1)


def test_the_machine_is_told_seldom_and_never_more_than_is_on_the_disk(closed: Path, memory: Remembered) -> None:
    vault = opened(closed, memory)
    at_first = memory.told
    for number in range(EVERY - 1):
        happen(vault, 1, e.NoteAdded(text=str(number)))
    assert memory.told == at_first
    happen(vault, 1, e.NoteAdded(text="last"))
    assert memory.told == at_first + 1
    with pytest.raises(Defect):
        happen(vault, 1, StoreRestored(sha256="", events=0, head=""))  # type: ignore[arg-type]
    vault.close()
    assert [seen.count for seen in memory.known.values()] == [reopened_count(closed)]


def test_a_device_is_enrolled_by_the_one_before_it_and_signs_from_then_on(closed: Path, memory: Remembered) -> None:
    vault = opened(closed, memory)
    first = vault.device
    second = vault.enrol(vault.keys, "restored", ADA, START, RESTORED)
    assert vault.device == second != first
    happen(vault, 1, e.NoteAdded(text="by the second"))
    note = vault.checkpoint(ADA, START, "test")
    report = vault.verify()
    assert (report.ok, report.devices) == (True, (first, second))
    assert vault.check_against(note.line) == ()
    events = {type(row.event): row.device for row in vault.queries.history()}
    assert (events[DeviceEnrolled], events[e.NoteAdded]) == (first, second)
    vault.close()
    again = opened(closed, memory)
    assert again.device == second
    happen(again, 1, e.NoteAdded(text="and after opening"))
    assert again.verify().ok
    again.close()


def test_the_key_of_the_device_before_leaves_the_store(closed: Path, memory: Remembered) -> None:
    vault = opened(closed, memory)
    vault.enrol(vault.keys, "restored", ADA, START, RESTORED)
    vault.close()
    with tampering(closed) as db:
        assert db.all("SELECT device FROM device_key") == [(2,)]


def test_a_store_that_goes_on_as_another_device_is_not_called_older(
    older: Path, closed: Path, memory: Remembered
) -> None:
    restored = opened(older, Remembered())
    restored.enrol(restored.keys, "restored", ADA, START, RESTORED)
    restored.close()
    for folder in (older, closed, older):
        vault = opened(folder, memory)
        assert vault.verify().ok
        vault.close()


def test_an_enrolment_that_fails_leaves_the_device_as_it_was(vault: SqlVault, monkeypatch: pytest.MonkeyPatch) -> None:
    before = vault.device

    def fail(_device: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(vault._log, "hand_over", fail)
    with pytest.raises(ZeroDivisionError):
        vault.enrol(vault.keys, "restored", ADA, START, RESTORED)
    monkeypatch.undo()
    add_case(vault, 1)
    assert vault.device == before
    assert vault.verify().devices == (before,)


def clock_events(vault: SqlVault) -> list[ClockWentBack]:
    return [row.event for row in vault.queries.history() if isinstance(row.event, ClockWentBack)]


def test_a_clock_that_went_back_is_noted_once_and_blocks_nothing(vault: SqlVault) -> None:
    late, early = START + timedelta(days=2), START + timedelta(days=1)
    add_case(vault, 1, now=late)
    assert vault.clock_behind(early) == late
    assert [warning.code for warning in vault.clock_warnings(early)] == ["clock.went-back"]
    happen(vault, 1, e.NoteAdded(text="one"), now=early)
    happen(vault, 1, e.NoteAdded(text="two"), now=early)
    assert clock_events(vault) == [ClockWentBack(before=late, seen=early)]
    assert vault.clock_warnings(early) == ()
    report = vault.verify()
    assert report.ok
    assert [remark.code for remark in report.remarks] == ["time.back"]
    assert report.remarks[0].detail == "1 d 0 h 0 min"


def test_a_clock_that_is_set_back_by_a_minute_is_no_matter(vault: SqlVault) -> None:
    add_case(vault, 1, now=START + timedelta(minutes=10))
    happen(vault, 1, e.NoteAdded(text="one"), now=START + timedelta(minutes=8))
    assert clock_events(vault) == []
    assert vault.verify().remarks == ()


def test_a_command_that_is_refused_leaves_no_note_of_the_clock_either(vault: SqlVault) -> None:
    add_case(vault, 1, now=START + timedelta(days=1))
    with pytest.raises(ZeroDivisionError), vault.transaction(ADA, START):
        raise ZeroDivisionError
    assert clock_events(vault) == []
    assert vault.clock_behind(START) is not None


def test_a_long_stretch_without_events_is_a_remark_and_no_fault(vault: SqlVault) -> None:
    add_case(vault, 1, now=START + timedelta(days=200))
    report = vault.verify()
    assert report.ok
    assert [(remark.code, remark.detail) for remark in report.remarks] == [("time.stretch", "200 d 0 h 0 min")]
