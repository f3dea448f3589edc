"""Making and opening a store: every way it can go wrong has its own message, and nothing is lost."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from app.domain.errors import AppError, Environment, Rejected
from app.domain.events.team_events import SettingChanged
from app.machine.files import DiskFiles
from app.store.connection import Connection
from app.store.folder import (
    DATABASE,
    LOCK,
    SLOTS,
    SLOTS_COPY,
    Founding,
    change_passphrase,
    create,
    open_store,
)
from app.store.keys import FLOOR, KdfCost
from app.store.slots import read_slot_file
from app.store.vault import SqlVault
from tests.app.store.building import (
    ADA,
    CHEAP,
    NOOR,
    PASSPHRASE,
    START,
    add_case,
    codes,
    insider,
    keys_of,
    new_store,
    place,
    received,
    reopen,
    tampering,
)

ROOT = Path(__file__).resolve().parents[3]


def fault_of(folder: Path, passphrase: str = PASSPHRASE, **changes: Any) -> AppError:
    with pytest.raises(AppError) as caught:
        open_store(folder, passphrase, START, place(**changes))
    return caught.value


def edit_slots(folder: Path, change: Callable[[dict[str, Any]], object], *names: str) -> None:
    for name in names or (SLOTS, SLOTS_COPY):
        content = json.loads((folder / name).read_bytes())
        change(content)
        (folder / name).write_text(json.dumps(content))


def test_a_new_store_knows_its_people_its_policy_and_its_device(folder: Path) -> None:
    founding = Founding(
        name="Borealis team", owner=NOOR, policy="npm-ecosystem", events=(SettingChanged(key="lock.idle", value="5"),)
    )
    vault = create(folder, PASSPHRASE, founding, START, cost=CHEAP, place=place())
    team = vault.queries.team()
    assert (team.name, team.owner, team.policy, team.format) == ("Borealis team", NOOR, "npm-ecosystem", 1)
    assert (team.store_id, [device.id for device in team.devices]) == (vault.store_id, [vault.device])
    assert team.setting("lock.idle") == "5"
    assert vault.verify().ok
    vault.close()


def test_only_the_owner_can_read_what_lies_in_the_folder(folder: Path) -> None:
    before = os.umask(0)
    try:
        vault = new_store(folder)
        add_case(vault)
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
        vault.close()
    finally:
        os.umask(before)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert set(modes) >= {DATABASE, SLOTS, SLOTS_COPY, LOCK}
    assert {mode for name, mode in modes.items() if name != f"{DATABASE}-journal"} == {0o600}
    assert modes.get(f"{DATABASE}-journal", 0o600) == 0o600


def test_a_store_is_made_whole_or_not_at_all(folder: Path) -> None:
    with pytest.raises(Rejected) as caught:
        create(folder, "", Founding(name="x", owner=ADA, policy="node-core"), START, cost=CHEAP, place=place())
    assert caught.value.code == "passphrase.empty"
    assert list(folder.parent.iterdir()) == []


def test_what_lies_there_is_never_overwritten(folder: Path) -> None:
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(Rejected) as caught:
        new_store(folder)
    assert caught.value.code == "store.exists"
    assert (folder / "notes.txt").read_text() == "mine"
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_an_empty_folder_becomes_a_store(folder: Path) -> None:
    folder.mkdir()
    vault = new_store(folder)
    assert vault.verify().ok
    vault.close()


def test_a_new_store_may_not_be_weaker_than_the_floor(folder: Path) -> None:
    weak = KdfCost(memory_kib=64 * 1024, iterations=2)
    founding = Founding(name="x", owner=ADA, policy="node-core")
    with pytest.raises(Rejected) as caught:
        create(folder, PASSPHRASE, founding, START, cost=weak, place=place(floor=FLOOR))
    assert caught.value.code == "store.kdf-too-weak"
    assert not folder.exists()


def test_what_was_written_is_there_after_opening_again(closed: Path) -> None:
    vault = reopen(closed)
    case = vault.queries.case("H-2026-001")
    assert case is not None
    assert case.title == "Parser reads past the end"
    vault.close()


def test_a_wrong_passphrase_is_called_that(closed: Path) -> None:
    for wrong in ("wrong", PASSPHRASE.upper(), PASSPHRASE + " "):
        fault = fault_of(closed, wrong)
        assert (type(fault), fault.code) == (Rejected, "store.wrong-passphrase")
    reopen(closed).close()


@pytest.mark.parametrize("content", [None, {}, {"notes.txt": b"mine"}, {DATABASE: b"x" * 4096}])
def test_a_folder_that_is_no_store_is_called_that_and_left_alone(
    folder: Path, content: dict[str, bytes] | None
) -> None:
    if content is not None:
        folder.mkdir()
        for name, data in content.items():
            (folder / name).write_bytes(data)
    fault = fault_of(folder)
    assert (type(fault), fault.code) == (Environment, "store.not-a-store")
    assert str(fault.facts["path"]).endswith(folder.name)
    assert not folder.exists() or {path.name for path in folder.iterdir()} == set(content or {})


def test_a_file_instead_of_a_folder_is_no_store(tmp_path: Path) -> None:
    path = tmp_path / "vulnerabilities.json"
    path.write_text("{}")
    assert fault_of(path).code == "store.not-a-store"


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "gone", "weak", "not-json"])
def test_a_damaged_slot_file_falls_back_to_its_copy_and_is_mended(closed: Path, damage: str) -> None:
    path = closed / SLOTS
    good = path.read_bytes()
    if damage == "gone":
        path.unlink()
    elif damage == "flip":
        place_ = good.index(b'"wrapped": "') + 14
        path.write_bytes(good[:place_] + bytes([good[place_] ^ 1]) + good[place_ + 1 :])
    elif damage == "weak":
        edit_slots(closed, lambda content: content["slots"][0]["kdf"].update({"memory_kib": 8}), SLOTS)
    else:
        path.write_bytes({"cut": good[:-40], "empty": b"", "not-json": b"\xff" * 40}[damage])
    reopen(closed).close()
    assert path.read_bytes() == good


def test_a_damaged_copy_is_mended_from_the_slot_file(closed: Path) -> None:
    (closed / SLOTS_COPY).write_bytes(b"")
    reopen(closed).close()
    assert (closed / SLOTS_COPY).read_bytes() == (closed / SLOTS).read_bytes()


def test_both_copies_damaged_is_no_wrong_passphrase(closed: Path) -> None:
    for name in (SLOTS, SLOTS_COPY):
        (closed / name).write_bytes((closed / name).read_bytes()[:-50])
    fault = fault_of(closed)
    assert (type(fault), fault.code) == (Environment, "store.slots-damaged")


def test_parameters_below_the_floor_are_damage_and_never_tried(closed: Path) -> None:
    fault = fault_of(closed, floor=FLOOR)
    assert (fault.code, fault.facts["reason"]) == ("store.slots-damaged", "kdf")


def test_a_huge_slot_file_is_not_read(closed: Path) -> None:
    for name in (SLOTS, SLOTS_COPY):
        (closed / name).write_bytes(b" " * (FLOOR.memory_kib + 1))
    assert fault_of(closed).code == "store.slots-damaged"


def test_an_old_slot_file_put_back_brings_no_old_passphrase_back(closed: Path) -> None:
    old = (closed / SLOTS).read_bytes()
    change_passphrase(closed, PASSPHRASE, "a new one", START, cost=CHEAP, place=place(7))
    assert fault_of(closed, PASSPHRASE).code == "store.wrong-passphrase"
    for name in (SLOTS, SLOTS_COPY):
        (closed / name).write_bytes(old)
    assert fault_of(closed, PASSPHRASE).code == "store.slots-old"


def test_changing_the_passphrase_leaves_the_database_alone(closed: Path) -> None:
    before = keys_of(closed).database()
    change_passphrase(closed, PASSPHRASE, "a new one", START, cost=CHEAP, place=place(7))
    assert keys_of(closed, "a new one").database() == before
    vault = reopen(closed, passphrase="a new one")
    assert vault.verify().ok
    vault.close()
    assert (closed / SLOTS).read_bytes() == (closed / SLOTS_COPY).read_bytes()


def test_changing_the_passphrase_needs_the_old_one(closed: Path) -> None:
    before = (closed / SLOTS).read_bytes()
    with pytest.raises(Rejected) as caught:
        change_passphrase(closed, "wrong", "a new one", START, cost=CHEAP, place=place(7))
    assert caught.value.code == "store.wrong-passphrase"
    assert (closed / SLOTS).read_bytes() == before


@pytest.mark.parametrize(
    ("damage", "code"),
    [("missing", "store.database-missing"), ("empty", "store.database-empty"), ("half", "store.database-truncated")],
)
def test_a_database_that_is_gone_is_told_apart_from_a_wrong_passphrase(closed: Path, damage: str, code: str) -> None:
    path = closed / DATABASE
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(b"" if damage == "empty" else path.read_bytes()[:5000])
    fault = fault_of(closed)
    assert (type(fault), fault.code) == (Environment, code)
    assert fault_of(closed, "wrong").code == "store.wrong-passphrase"


def test_the_database_of_another_store_is_damage(closed: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.holdfast"
    new_store(other, seed=5).close()
    shutil.copy(other / DATABASE, closed / DATABASE)
    assert fault_of(closed).code == "store.damaged"


def test_a_store_of_a_later_version_is_left_alone(closed: Path) -> None:
    db = insider(closed)
    with db.changing_schema():
        db.run("PRAGMA user_version = 99")
    db.close()
    before = (closed / DATABASE).read_bytes()
    fault = fault_of(closed)
    assert (fault.code, fault.facts["version"]) == ("store.newer", 99)
    assert (closed / DATABASE).read_bytes() == before


def test_slots_of_a_later_version_say_so(closed: Path) -> None:
    edit_slots(closed, lambda content: content.update({"format": "holdfast-keyslots-3"}))
    assert fault_of(closed).code == "store.newer"


def test_a_database_without_tables_is_damage(closed: Path) -> None:
    (closed / DATABASE).write_bytes(b"")
    empty = Connection(closed / DATABASE, keys_of(closed).database(), fresh=True)
    with empty.changing_schema():
        empty.run("CREATE TABLE x (y)")
    empty.close()
    assert fault_of(closed).code == "store.damaged"


def test_the_second_one_is_told_who_holds_the_store(vault: SqlVault, folder: Path) -> None:
    fault = fault_of(folder)
    assert (type(fault), fault.code) == (Environment, "store.held")
    assert fault.facts["pid"] == os.getpid()
    assert fault.facts["since"] == (START + timedelta(days=1)).isoformat()
    assert fault.facts["host"]


def test_another_process_is_refused_and_gets_in_when_the_first_is_gone(vault: SqlVault, folder: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.app.store.building import reopen\n"
        "from app.domain.errors import AppError\n"
        "try: reopen(Path(sys.argv[1])).close()\n"
        "except AppError as fault: print(fault.code, fault.facts.get('pid'))\n"
        "else: print('open')"
    )

    def other() -> str:
        command = [sys.executable, "-c", script, str(folder)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()

    assert other() == f"store.held {os.getpid()}"
    vault.close()
    assert other() == "open"


def test_a_failed_opening_does_not_keep_the_lock(closed: Path) -> None:
    good = (closed / DATABASE).read_bytes()
    fault_of(closed, "wrong")
    (closed / DATABASE).write_bytes(b"")
    fault_of(closed)
    (closed / DATABASE).write_bytes(good)
    vault = reopen(closed)
    events = vault.queries.history_count()
    vault.close()
    assert events > 0


def test_a_process_that_dies_in_the_middle_leaves_what_was_acknowledged(closed: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from tests.app.store.building import *\n"
        "from app.domain.events import case_events as e\n"
        "vault = reopen(Path(sys.argv[1]))\n"
        "happen(vault, 1, e.NoteAdded(text='kept'))\n"
        "with vault.transaction(ADA, START) as tx:\n"
        "    tx.append('case:C000001', [e.NoteAdded(text='lost')])\n"
        "    for number in range(3): tx.put_blob(os.urandom(9_000_000))\n"
        "    os._exit(9)\n"
    )
    died = subprocess.run([sys.executable, "-c", script, str(closed)], cwd=ROOT, check=False)
    journal = closed / f"{DATABASE}-journal"
    assert (died.returncode, journal.stat().st_size > 0) == (9, True)
    vault = reopen(closed)
    case = vault.queries.case("H-2026-001")
    assert case is not None
    assert [note.text for note in case.notes] == ["kept"]
    assert vault.verify().ok
    vault.close()


def test_a_log_that_was_cut_is_not_written_on(closed: Path) -> None:
    with tampering(closed) as db:
        db.run("DELETE FROM log WHERE seq = (SELECT max(seq) FROM log)")
    fault = fault_of(closed)
    assert (type(fault), fault.code) == (Environment, "store.log-damaged")
    looked_at = reopen(closed, inspect=True)
    assert codes(looked_at) >= {"chain.gap"}
    with pytest.raises(Environment) as caught:
        add_case(looked_at, 9)
    assert caught.value.code == "store.only-to-look"
    looked_at.close()


def test_a_folder_that_can_not_be_written_to_is_a_fault_of_the_disk(closed: Path) -> None:
    class ReadOnly(DiskFiles):
        """A disk that takes nothing."""

        @override
        def write(self, path: Path, data: bytes) -> None:
            raise Environment("disk.readonly", file=path.name)

    (closed / SLOTS_COPY).unlink()
    vault = open_store(closed, PASSPHRASE, START, place(files=ReadOnly()))
    assert vault.queries.team().owner == ADA
    vault.close()
    assert not (closed / SLOTS_COPY).exists()
    with pytest.raises(Environment) as caught:
        new_store(closed.parent / "other", files=ReadOnly())
    assert caught.value.code == "disk.readonly"
    assert not (closed.parent / "other").exists()


def test_no_text_of_a_case_stands_readable_in_any_file(vault: SqlVault, folder: Path) -> None:
    canary = "canaryword-9f1c"
    with vault.transaction(ADA, START) as tx:
        tx.keep_draft("H-2026-001", "advisory", f"draft {canary}")
        tx.put_blob(f"blob {canary}".encode() * 1000)
        tx.append("case:C000001", [received(1, f"title {canary}", text=f"text {canary}")])
        for path in folder.iterdir():
            assert canary.encode() not in path.read_bytes()
    vault.checkpoint(ADA, START, "test")
    vault.close()
    hidden = [canary.encode(), canary.encode("utf-16-le"), canary.encode().hex().encode(), ADA.name.encode()]
    for path in folder.iterdir():
        data = path.read_bytes()
        assert not any(form in data for form in hidden), path.name


def test_the_keys_in_the_slot_file_are_those_of_the_store(closed: Path) -> None:
    slots = read_slot_file((closed / SLOTS).read_bytes(), CHEAP)
    vault = reopen(closed)
    assert slots.store_id == vault.store_id
    vault.close()
