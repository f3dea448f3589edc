"""Ways into a real store: added, renamed, tried, changed and revoked while it is open, each on record in its log."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import UNSET
from typing_extensions import override

from app.desk.ports.keys import FromKeychain, FromOpenPgp, RecoveryCode, Secret
from app.domain.errors import AppError, Environment, Rejected
from app.domain.events import team_events as e
from app.machine.files import DiskFiles
from app.store.folder import open_store
from app.store.keys import KdfCost
from app.store.place import SLOTS, SLOTS_COPY
from app.store.slots import MAX_SLOTS, read_slot_file
from app.store.vault import SqlVault
from app.store.ways_in import WaysIn
from tests.app.store.building import ADA, CHEAP, NOOR, PASSPHRASE, START, place, reopen
from tests.fakes_secrets import ADAS_KEY, NOORS_KEY, FakeKeychain, FakeOpenPgp

DEAR = KdfCost(memory_kib=128, iterations=2, lanes=1)


class World:
    """An open store with its ways in, a keychain and an OpenPGP."""

    def __init__(self, vault: SqlVault, seed: int = 5) -> None:
        self.vault = vault
        self.folder = vault.folder
        self.keychain = FakeKeychain()
        self.openpgp = FakeOpenPgp(ADAS_KEY, NOORS_KEY)
        self.place = place(seed, keychain=self.keychain, openpgp=self.openpgp)
        self.ways = WaysIn(vault, self.place, lambda: CHEAP)

    @property
    def first(self) -> str:
        return self.ways.rows()[0].id

    def add(self, new: str = "borealis", label: str = "") -> str:
        return self.ways.add_passphrase(new, label, ADA, START)

    def add_recovery(self, label: str = "") -> tuple[str, RecoveryCode]:
        code = self.ways.new_recovery_code()
        return self.ways.add_recovery(code, label, ADA, START), RecoveryCode(code)

    def opens(self, secret: Secret, folder: Path | None = None) -> bool:
        """Whether another run of the program gets in with this secret; the store is closed for it."""
        self.vault.close()
        try:
            open_store(folder or self.folder, secret, START, self.place).close()
        except AppError:
            return False
        return True

    def refused(self, act: object, *given: object) -> str:
        before = (self.folder / SLOTS).read_bytes()
        with pytest.raises(AppError) as caught:
            act(*given, ADA, START)  # type: ignore[operator]
        assert (self.folder / SLOTS).read_bytes() == before
        return caught.value.code

    def told(self) -> list[object]:
        return [row.event for row in self.vault.queries.history("team", 2)]


@pytest.fixture
def world(vault: SqlVault) -> Iterator[World]:
    yield World(vault)
    vault.close()


def test_a_new_store_has_one_way_in_and_it_must_stay(world: World) -> None:
    (way,) = world.ways.rows()
    assert (way.kind, way.label, way.since, way.revocable) == ("passphrase", "Passphrase", START, False)
    assert world.refused(world.ways.revoke, way.id) == "keys.last"


def test_every_kind_of_way_opens_the_store_in_another_run(world: World) -> None:
    world.add("borealis", "Deputy")
    _, code = world.add_recovery()
    world.ways.add_keychain("", ADA, START)
    world.ways.add_openpgp(ADAS_KEY, "", ADA, START)
    rows = world.ways.rows()
    assert [row.kind for row in rows] == ["passphrase", "passphrase", "recovery", "keychain", "openpgp"]
    assert [row.label for row in rows[1:]] == ["Deputy", "Recovery code", "Test keychain", f"OpenPGP {'A' * 16}"]
    assert (rows[4].fingerprint, all(row.revocable for row in rows)) == (ADAS_KEY, True)
    for secret in (PASSPHRASE, "borealis", code, FromKeychain(), FromOpenPgp()):
        assert world.opens(secret)
    assert not world.opens("aster")


def test_each_change_is_on_record_with_who_made_it(world: World) -> None:
    way = world.add("borealis", "Deputy")
    later = START + timedelta(minutes=1)
    world.ways.rename(way, "Second", NOOR, later)
    world.ways.change_passphrase(way, "aurora", ADA, later)
    assert world.ways.rows()[1].since == later
    world.ways.revoke(way, ADA, later)
    assert world.told() == [
        e.WayInAdded(id=way, kind="passphrase", label="Deputy"),
        e.WayInRenamed(id=way, label="Second"),
        e.WayInChanged(id=way, label="Second"),
        e.WayInRevoked(id=way, label="Second"),
    ]
    assert world.vault.queries.history("team")[3].actor == NOOR
    assert world.vault.verify().ok


def test_a_changed_passphrase_is_changed_while_the_store_stays_open(world: World) -> None:
    world.ways.change_passphrase(world.first, "aurora", ADA, START)
    assert world.ways.opens(world.first, "aurora")
    assert not world.ways.opens(world.first, PASSPHRASE)
    with pytest.raises(Rejected) as caught:
        world.ways.prove(PASSPHRASE)
    assert caught.value.code == "store.wrong-passphrase"
    world.ways.prove("aurora")
    assert not world.opens(PASSPHRASE)
    assert world.opens("aurora")


def test_only_a_passphrase_can_be_changed(world: World) -> None:
    way, _ = world.add_recovery()
    assert world.refused(world.ways.change_passphrase, way, "aurora") == "keys.no-passphrase"
    assert world.refused(world.ways.change_passphrase, "nobody", "aurora") == "keys.unknown"
    assert world.refused(world.ways.change_passphrase, world.first, "") == "passphrase.empty"


def test_a_revoked_way_opens_nothing_and_leaves_the_keychain_empty(world: World) -> None:
    way, code = world.add_recovery()
    kept = world.ways.add_keychain("", ADA, START)
    world.ways.revoke(way, ADA, START)
    world.ways.revoke(kept, ADA, START)
    assert world.keychain.kept == {}
    assert not world.opens(code)
    assert not world.opens(FromKeychain())
    assert world.opens(PASSPHRASE)


def test_the_keychain_alone_is_never_left(world: World) -> None:
    world.ways.add_keychain("", ADA, START)
    assert [row.revocable for row in world.ways.rows()] == [False, True]
    assert world.refused(world.ways.revoke, world.first) == "keys.only-keychain"
    world.ways.add_openpgp(ADAS_KEY, "", ADA, START)
    world.ways.revoke(world.first, ADA, START)
    assert world.opens(FromOpenPgp())
    assert world.opens(FromKeychain())


def test_no_two_ways_have_the_same_name(world: World) -> None:
    way = world.add("borealis")
    assert world.ways.rows()[1].label == "Passphrase 2"
    assert world.refused(world.ways.rename, way, " PASSPHRASE ") == "keys.label-taken"
    assert world.refused(world.ways.add_passphrase, "x", "passphrase 2") == "keys.label-taken"
    assert world.refused(world.ways.rename, way, "x" * 61) == "text.too-long"
    assert world.refused(world.ways.rename, way, "  ") == "text.empty"
    world.ways.rename(way, "passphrase 2", ADA, START)
    assert world.ways.rows()[1].label == "passphrase 2"


def test_a_name_is_one_visible_line(world: World) -> None:
    world.add("borealis", "De\u202eputy\n\x1b[31m")
    label = world.ways.rows()[1].label
    assert "\n" not in label
    assert "\u202e" not in label
    assert "\x1b" not in label


def test_there_is_a_most_of_ways(world: World) -> None:
    for number in range(MAX_SLOTS - 1):
        world.add(f"number {number}")
    assert world.refused(world.ways.add_passphrase, "one more", "") == "keys.too-many"
    assert world.refused(world.ways.add_keychain, "") == "keys.too-many"
    assert world.keychain.kept == {}


def test_what_the_machine_refuses_changes_nothing(world: World) -> None:
    world.openpgp.here = set()
    assert world.refused(world.ways.add_openpgp, ADAS_KEY, "") == "openpgp.unusable"
    assert world.refused(world.ways.add_openpgp, "ada@example.org", "") == "openpgp.fingerprint"
    assert world.refused(world.ways.add_recovery, "AAAAA", "") == "recovery.length"
    world.keychain.is_there = False
    assert world.refused(world.ways.add_keychain, "") == "keychain.missing"
    assert world.ways.keychain_name() == ""
    assert world.told() == []


def test_each_wrong_secret_has_its_own_words(world: World) -> None:
    other = RecoveryCode(WaysIn(world.vault, place(77), lambda: CHEAP).new_recovery_code())
    world.vault.close()
    for secret, code in (
        (other, "keys.no-recovery"),
        (FromKeychain(), "keys.no-keychain"),
        (FromOpenPgp(), "keys.no-openpgp"),
        ("wrong", "store.wrong-passphrase"),
    ):
        with pytest.raises(Rejected) as caught:
            open_store(world.folder, secret, START, world.place)
        assert caught.value.code == code
    again = World(reopen(world.folder), 8)
    again.add_recovery()
    again.ways.add_keychain("", ADA, START)
    again.ways.add_openpgp(ADAS_KEY, "", ADA, START)
    again.keychain.kept.clear()
    again.openpgp.here.clear()
    again.vault.close()
    for secret, code in (
        (other, "recovery.wrong"),
        (RecoveryCode("AAAAA-AAAAA"), "recovery.length"),
        (FromKeychain(), "keychain.stale"),
        (FromOpenPgp(), "openpgp.no-key"),
    ):
        with pytest.raises(AppError) as refused:
            open_store(world.folder, secret, START, again.place)
        assert refused.value.code == code


def test_a_slot_below_what_is_least_today_is_brought_up_when_it_opens(world: World) -> None:
    world.vault.close()
    today = place(9, least=DEAR)
    open_store(world.folder, PASSPHRASE, START, today).close()
    slots = read_slot_file((world.folder / SLOTS).read_bytes(), CHEAP)
    assert slots.cost_of(slots.slots[0]["id"]) == DEAR
    revision = slots.revision
    vault = open_store(world.folder, PASSPHRASE, START, today)
    assert read_slot_file((world.folder / SLOTS).read_bytes(), CHEAP).revision == revision
    assert vault.queries.team().ways_in is UNSET
    vault.close()


def test_a_passphrase_below_the_floor_is_not_set(world: World) -> None:
    ways = WaysIn(world.vault, place(9, floor=DEAR), lambda: CHEAP)
    with pytest.raises(AppError):
        ways.add_passphrase("borealis", "", ADA, START)
    ways = WaysIn(world.vault, world.place, lambda: KdfCost(memory_kib=8, iterations=1, lanes=1))
    assert world.refused(ways.add_passphrase, "borealis", "") == "store.kdf-too-weak"


class Killed(BaseException):
    """The process ends here."""


class DyingFiles(DiskFiles):
    """Dies at the write of this number, before or after it took place."""

    def __init__(self, at: int, *, after: bool) -> None:
        self._left = at
        self._after = after

    @override
    def write(self, path: Path, data: bytes) -> None:
        self._left -= 1
        if self._left == 0 and not self._after:
            raise Killed
        super().write(path, data)
        if self._left == 0:
            raise Killed


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", [1, 2])
def test_a_crash_while_a_way_is_revoked_leaves_it_or_not_and_says_so_in_the_log(
    world: World, tmp_path: Path, at: int, after: bool
) -> None:
    way = world.add("borealis", "Deputy")
    ways = WaysIn(world.vault, place(6, files=DyingFiles(at, after=after)), lambda: CHEAP)
    with pytest.raises(Killed):
        ways.revoke(way, ADA, START)
    left = Path(shutil.copytree(world.folder, tmp_path / "left"))
    world.vault.close()
    vault = reopen(left)
    again = World(vault)
    is_gone = at == 2 or after
    assert [row.label for row in again.ways.rows()] == (["Passphrase"] if is_gone else ["Passphrase", "Deputy"])
    assert again.told()[1:] == ([e.WayInRevoked(id=way, label="Deputy")] if is_gone else [])
    assert (left / SLOTS).read_bytes() == (left / SLOTS_COPY).read_bytes()
    assert vault.verify().ok
    assert again.opens("borealis") is not is_gone


def test_a_secret_that_was_taken_out_does_not_come_in_through_the_copy(world: World) -> None:
    before = (world.folder / SLOTS).read_bytes()
    world.ways.change_passphrase(world.first, "aurora", ADA, START)
    world.vault.close()
    (world.folder / SLOTS_COPY).write_bytes(before)
    with pytest.raises(Rejected) as caught:
        open_store(world.folder, PASSPHRASE, START, world.place)
    assert caught.value.code == "store.wrong-passphrase"
    assert world.opens("aurora")
    assert (world.folder / SLOTS_COPY).read_bytes() == (world.folder / SLOTS).read_bytes()


def test_an_old_slot_file_put_back_does_not_replace_the_newer_copy(world: World) -> None:
    before = (world.folder / SLOTS).read_bytes()
    world.add("borealis")
    world.vault.close()
    (world.folder / SLOTS).write_bytes(before)
    newer = (world.folder / SLOTS_COPY).read_bytes()
    vault = reopen(world.folder)
    assert len(World(vault).ways.rows()) == 2
    assert (world.folder / SLOTS).read_bytes() == newer
    vault.close()
    for name in (SLOTS, SLOTS_COPY):
        (world.folder / name).write_bytes(before)
    with pytest.raises(Environment) as caught:
        reopen(world.folder)
    assert caught.value.code == "store.slots-old"


@pytest.mark.parametrize("name", [SLOTS, SLOTS_COPY])
@pytest.mark.parametrize("damage", [b"", b"{}", None])
def test_a_copy_that_was_damaged_or_gone_is_made_again_and_told(world: World, name: str, damage: bytes | None) -> None:
    whole = (world.folder / SLOTS).read_bytes()
    assert world.vault.slot_warnings == ()
    world.vault.close()
    if damage is None:
        (world.folder / name).unlink()
    else:
        (world.folder / name).write_bytes(damage)
    vault = reopen(world.folder)
    assert [warning.code for warning in vault.slot_warnings] == ["store.slots-mended"]
    assert (world.folder / SLOTS).read_bytes() == (world.folder / SLOTS_COPY).read_bytes() == whole
    vault.close()


def test_a_closed_store_keeps_no_keys(world: World) -> None:
    world.vault.close()
    with pytest.raises(Environment) as caught:
        _ = world.vault.keys
    assert caught.value.code == "store.closed"


def test_where_the_slot_file_can_not_be_written_the_way_in_stays_as_it_was(world: World) -> None:
    class Full(DiskFiles):
        """A disk without room."""

        @override
        def write(self, path: Path, data: bytes) -> None:
            raise Environment("disk.full", file=path.name)

    ways = WaysIn(world.vault, place(6, files=Full()), lambda: CHEAP)
    assert world.refused(ways.add_passphrase, "borealis", "") == "disk.full"
    full = WaysIn(world.vault, place(6, files=Full(), keychain=world.keychain), lambda: CHEAP)
    assert world.refused(full.add_keychain, "") == "disk.full"
    assert world.keychain.kept == {}
    assert world.told() == []
    assert not world.opens("borealis")


ACTS = st.lists(st.tuples(st.sampled_from(["add", "code", "revoke", "change", "rename", "rekey"]), st.integers(0, 9)))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_whatever_is_done_every_secret_that_is_left_opens_the_store_and_no_other_does(
    template: Path, tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, int]]
) -> None:
    folder = Path(shutil.copytree(template, tmp_path_factory.mktemp("acts") / "team.holdfast"))
    world = World(reopen(folder))
    good: dict[str, Secret] = {world.first: PASSPHRASE}
    gone: list[Secret] = []
    for number, (act, which) in enumerate(acts):
        way = list(good)[which % len(good)]
        if act == "add":
            good[world.add(f"passphrase {number}")] = f"passphrase {number}"
        elif act == "code":
            way, code = world.add_recovery()
            good[way] = code
        elif act == "revoke" and len(good) > 1:
            world.ways.revoke(way, ADA, START)
            gone.append(good.pop(way))
        elif act == "change" and isinstance(good[way], str):
            world.ways.change_passphrase(way, f"changed {number}", ADA, START)
            gone.append(good[way])
            good[way] = f"changed {number}"
        elif act == "rename":
            world.ways.rename(way, f"name {number}", ADA, START)
        elif act == "rekey":
            world.ways.rekey(ADA, START)
    assert [row.id for row in world.ways.rows()] == list(good)
    assert world.vault.verify().ok
    assert all(world.opens(secret) for secret in good.values())
    assert not any(world.opens(secret) for secret in gone)
