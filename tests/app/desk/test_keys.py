"""The ways in as a person uses them: nothing without a secret, no code that was not typed back, a backup first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from typing_extensions import override

from app.desk.keys import Keys
from app.desk.ports.keys import FromKeychain, PgpKey, RecoveryCode, Secret, WayInRow, WaysIn
from app.desk.ports.vault import Cancelled, Progress
from app.domain.errors import AppError, Environment, Rejected
from app.domain.recovery_code import recovery_code
from app.domain.values import Person
from tests.fakes_session import StoppedClock
from tests.memory_store import ADA

RIGHT = "open sesame"
CODE = recovery_code(bytes(range(20)))
OTHER = recovery_code(bytes(range(19)) + b"x")


class Slots(WaysIn):
    """Ways in that only take notes."""

    def __init__(self) -> None:
        self.done: list[tuple[object, ...]] = []

    @override
    def rows(self) -> tuple[WayInRow, ...]:
        return (WayInRow(id="1", kind="passphrase", label="Passphrase"),)

    @override
    def prove(self, secret: Secret) -> None:
        if secret not in (RIGHT, RecoveryCode(CODE)):
            raise Rejected("store.wrong-passphrase", needs="passphrase")

    @override
    def opens(self, way: str, secret: Secret) -> bool:
        return (way, secret) == ("1", RIGHT)

    @override
    def keychain_name(self) -> str:
        return "Test keychain"

    @override
    def pgp_keys(self) -> tuple[PgpKey, ...]:
        return (PgpKey(fingerprint="A" * 40),)

    @override
    def new_recovery_code(self) -> str:
        return CODE

    @override
    def add_passphrase(self, new: str, label: str, actor: Person, now: datetime) -> str:
        return self._note("passphrase", new, label, actor)

    @override
    def add_recovery(self, code: str, label: str, actor: Person, now: datetime) -> str:
        return self._note("recovery", code, label, actor)

    @override
    def add_keychain(self, label: str, actor: Person, now: datetime) -> str:
        return self._note("keychain", label, actor)

    @override
    def add_openpgp(self, fingerprint: str, label: str, actor: Person, now: datetime) -> str:
        return self._note("openpgp", fingerprint, label, actor)

    @override
    def rename(self, way: str, label: str, actor: Person, now: datetime) -> None:
        self._note("rename", way, label, actor)

    @override
    def change_passphrase(self, way: str, new: str, actor: Person, now: datetime) -> None:
        self._note("change", way, new, actor)

    @override
    def revoke(self, way: str, actor: Person, now: datetime) -> None:
        self._note("revoke", way, actor)

    @override
    def rekey(self, actor: Person, now: datetime) -> None:
        self._note("rekey", actor)

    def _note(self, *what: object) -> str:
        self.done.append(what)
        return "2"


class Scene:
    """The desk of the ways in; `backup` is what making one does."""

    def __init__(self, backup: Callable[[Path], object] = lambda _path: None) -> None:
        self.slots = Slots()
        self.backed_up: list[Path] = []
        self._backup = backup
        self.keys = Keys(self.slots, self._back_up, StoppedClock(), ADA)

    def _back_up(self, path: Path, _progress: Progress | None, _cancelled: Cancelled | None) -> object:
        self.backed_up.append(path)
        return self._backup(path)


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(AppError) as caught:
        act()
    return caught.value.code


ACTS: dict[str, Callable[[Keys, Secret], object]] = {
    "passphrase": lambda keys, proof: keys.add_passphrase(proof, "new", "Deputy"),
    "recovery": lambda keys, proof: keys.add_recovery(proof, "Sheet"),
    "keychain": lambda keys, proof: keys.add_keychain(proof),
    "openpgp": lambda keys, proof: keys.add_openpgp(proof, "A" * 40),
    "change": lambda keys, proof: keys.change_passphrase("1", proof, "new"),
    "revoke": lambda keys, proof: keys.revoke(proof, "1"),
    "rekey": lambda keys, proof: keys.rekey(proof, Path("backups")),
}


@pytest.mark.parametrize("name", ACTS)
def test_every_act_that_opens_or_locks_asks_for_a_secret_and_the_keychain_is_none(name: str) -> None:
    scene = Scene()
    assert code_of(lambda: ACTS[name](scene.keys, "wrong")) == "store.wrong-passphrase"
    assert code_of(lambda: ACTS[name](scene.keys, FromKeychain())) == "keys.proof"
    assert (scene.slots.done, scene.backed_up) == ([], [])
    ACTS[name](scene.keys, RecoveryCode(CODE))
    assert len(scene.slots.done) == (0 if name == "recovery" else 1)


def test_looking_and_renaming_ask_for_nothing() -> None:
    scene = Scene()
    assert [way.id for way in scene.keys.ways()] == ["1"]
    assert scene.keys.keychain_name() == "Test keychain"
    assert [key.fingerprint for key in scene.keys.pgp_keys()] == ["A" * 40]
    assert scene.keys.test("1", RIGHT)
    assert not scene.keys.test("1", "wrong")
    scene.keys.rename("1", "Mine")
    assert scene.slots.done == [("rename", "1", "Mine", ADA)]


def test_a_code_comes_into_force_when_it_was_typed_back_however_it_is_spaced() -> None:
    scene = Scene()
    shown = scene.keys.add_recovery(RIGHT, "Sheet")
    assert scene.slots.done == []
    assert scene.keys.confirm_recovery(shown.lower().replace("-", " ")) == "2"
    assert scene.slots.done == [("recovery", CODE, "Sheet", ADA)]
    assert code_of(lambda: scene.keys.confirm_recovery(shown)) == "keys.nothing-to-confirm"


def test_what_was_typed_wrong_is_named_and_can_be_typed_again() -> None:
    scene = Scene()
    shown = scene.keys.add_recovery(RIGHT)
    groups = shown.split("-")
    groups[2] = groups[2][:-1] + ("A" if groups[2][-1] != "A" else "B")
    with pytest.raises(Rejected) as caught:
        scene.keys.confirm_recovery("-".join(groups))
    assert (caught.value.code, caught.value.facts["group"]) == ("recovery.group", 3)
    with pytest.raises(Rejected) as caught:
        scene.keys.confirm_recovery(OTHER)
    assert (caught.value.code, caught.value.facts["groups"]) == ("recovery.differs", "8")
    assert code_of(lambda: scene.keys.confirm_recovery("A")) == "recovery.length"
    assert scene.slots.done == []
    assert scene.keys.confirm_recovery(shown) == "2"


def test_a_code_that_nobody_confirmed_is_forgotten() -> None:
    scene = Scene()
    scene.keys.add_recovery(RIGHT)
    scene.keys.drop_recovery()
    assert code_of(lambda: scene.keys.confirm_recovery(CODE)) == "keys.nothing-to-confirm"
    assert scene.slots.done == []


def test_the_key_is_replaced_only_after_a_backup() -> None:
    scene = Scene()
    assert scene.keys.rekey(RIGHT, Path("backups"))
    assert (scene.backed_up, scene.slots.done) == ([Path("backups")], [("rekey", ADA)])


def test_without_a_good_backup_the_key_stays() -> None:
    def not_whole(_path: Path) -> object:
        raise Environment("backup.not-whole")

    scene = Scene(not_whole)
    assert code_of(lambda: scene.keys.rekey(RIGHT, Path("backups"))) == "backup.not-whole"
    assert scene.slots.done == []


def test_it_can_be_stopped_before_the_key_is_touched() -> None:
    def stopped(_path: Path) -> object:
        raise Rejected("backup.cancelled")

    scene = Scene(stopped)
    assert not scene.keys.rekey(RIGHT, Path("backups"))
    late = Scene()
    assert not late.keys.rekey(RIGHT, Path("backups"), None, lambda: True)
    assert (late.backed_up, scene.slots.done, late.slots.done) == ([Path("backups")], [], [])


def test_a_backup_that_is_refused_is_no_stop() -> None:
    def refused(_path: Path) -> object:
        raise Rejected("backup.inside-store")

    assert code_of(lambda: Scene(refused).keys.rekey(RIGHT, Path("backups"))) == "backup.inside-store"
