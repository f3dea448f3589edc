"""The way in: which store, the passphrase, a new store, made-up cases; each failure says itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.domain.errors import Environment, Rejected
from app.presenters.settings import LAST_STORE, REMEMBER_STORE, MachineSettings, MemorySettings
from app.presenters.unlock import (
    Choice,
    NewStore,
    Opened,
    OutsideWay,
    StoreAgain,
    UnlockPresenter,
    check_again,
    check_new,
    store_folder,
    store_name,
)
from tests.fakes_runner import InlineRunner
from tests.fakes_session import MemorySession

FOLDER = "/home/ada/aster.holdfast"
WANTED = NewStore(
    folder=FOLDER,
    name="Aster security",
    person="Ada Example",
    email="ada@example.org",
    policy="node-core",
    project="aster",
    passphrase="kelp lantern orbit",
)


class FakeDoors:
    """A store with one passphrase."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.created: list[NewStore] = []
        self.problem: Exception | None = None
        self.demo_made: Opened | None = None
        self.warmed = 0
        self.outside: tuple[OutsideWay, ...] = ()
        self.asked_again: list[StoreAgain] = []

    def open(self, folder: str, secret: Any, *, accept_older: bool = False) -> Any:
        if self.problem is not None and not accept_older:
            raise self.problem
        if secret != "right":
            raise Rejected("store.wrong-passphrase")
        self.opened.append(folder)
        return MemorySession()

    def ways(self, folder: str) -> tuple[OutsideWay, ...]:
        return self.outside

    def again(self, wanted: StoreAgain, secret: Any, progress: Any, cancelled: Any) -> Opened | None:
        progress(1, 3)
        if secret != "right":
            raise Rejected("store.wrong-passphrase")
        self.asked_again.append(wanted)
        return None if cancelled() else Opened(MemorySession(), wanted.folder)

    def create(self, wanted: NewStore) -> Any:
        self.created.append(wanted)
        return MemorySession()

    def demo(self, progress: Any, cancelled: Any) -> Opened | None:
        progress(1, 2)
        return None if cancelled() else self.demo_made

    def policies(self) -> tuple[Choice, ...]:
        return (Choice("node-core", "Core"),)

    def projects(self) -> tuple[Choice, ...]:
        return (Choice("aster", "Aster"),)

    def warm(self) -> None:
        self.warmed += 1


class FakeView:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Any]] = []

    def __getattr__(self, name: str) -> Any:
        def tell(*values: Any) -> None:
            self.told.append((name, values))

        return tell

    def names(self) -> list[str]:
        return [name for name, _values in self.told]

    def last(self, name: str) -> Any:
        return next(values for told, values in reversed(self.told) if told == name)


class Scene:
    """A presenter with everything around it."""

    def __init__(self, folder: str = FOLDER, *, held: bool = False, file: MemorySettings | None = None) -> None:
        self.view = FakeView()
        self.doors = FakeDoors()
        self.runner = InlineRunner(held=held)
        self.file = file or MemorySettings()
        self.settings = MachineSettings(self.file)
        self.presenter = UnlockPresenter(self.view, self.doors, self.runner, self.settings, folder)


def test_the_right_passphrase_opens_the_store() -> None:
    scene = Scene()
    scene.presenter.unlock("right")
    assert scene.doors.opened == [FOLDER]
    assert scene.view.last("opened")[0].folder == FOLDER


def test_a_wrong_passphrase_is_told_apart_from_a_damaged_store() -> None:
    scene = Scene()
    scene.presenter.unlock("wrong")
    assert "show_wrong_passphrase" in scene.view.names()
    damaged = Environment("store.slots-damaged")
    scene.doors.problem = damaged
    scene.presenter.unlock("right")
    assert scene.view.last("show_damage") == (damaged,)


def test_the_ways_in_that_the_store_names_outside_are_shown_in_one_order() -> None:
    scene = Scene()
    scene.doors.outside = (
        OutsideWay("passphrase", "Ada"),
        OutsideWay("keychain", "Keyring"),
        OutsideWay("recovery", "Sheet"),
        OutsideWay("openpgp", "Card", "A" * 40),
        OutsideWay("telepathy", "?"),
    )
    scene.presenter.look()
    assert [way.kind for way in scene.view.last("show_ways")[0]] == ["openpgp", "recovery", "keychain"]


def test_an_older_copy_is_gone_on_with_only_after_a_person_said_so() -> None:
    scene = Scene()
    older = Environment("store.rolled-back", events=10, seen=12)
    scene.doors.problem = older
    scene.presenter.unlock("right")
    assert scene.view.last("ask_older") == (older,)
    assert scene.doors.opened == []
    scene.presenter.accept_older()
    assert scene.doors.opened == [FOLDER]


def test_an_older_copy_that_was_left_alone_is_not_opened_later() -> None:
    scene = Scene()
    scene.doors.problem = Environment("store.rolled-back", events=10, seen=12)
    scene.presenter.unlock("right")
    scene.presenter.choose("/home/ada/other.holdfast")
    scene.presenter.accept_older()
    assert scene.doors.opened == []


WISH = StoreAgain("restore", "/backups/aster.holdfast-backup", "/home/ada/aster-restored.holdfast")


def test_a_backup_is_restored_with_a_secret_and_opened() -> None:
    scene = Scene()
    scene.presenter.again(WISH, "right")
    assert scene.doors.asked_again == [WISH]
    assert scene.view.last("show_progress") == (1, 3)
    assert scene.view.last("opened")[0].folder == WISH.folder


def test_a_restore_can_be_cancelled_and_leaves_the_page_as_it_was() -> None:
    scene = Scene(held=True)
    scene.presenter.again(WISH, "right")
    scene.presenter.cancel()
    scene.runner.release()
    assert scene.view.last("show_busy") == ("",)
    assert "opened" not in scene.view.names()


@pytest.mark.parametrize(
    ("wish", "given", "fields"),
    [
        (replace(WISH, file=""), True, ["file"]),
        (replace(WISH, folder="somewhere"), True, ["folder"]),
        (StoreAgain("rescue", "/x/a.holdfast", "/x/a.holdfast", "long enough it is"), True, ["folder"]),
        (WISH, False, ["secret"]),
        (StoreAgain("rescue", "", ""), False, ["file", "folder", "secret", "passphrase"]),
    ],
)
def test_a_wrong_field_of_a_store_that_comes_again_is_told_beside_it(
    wish: StoreAgain, given: bool, fields: list[str]
) -> None:
    scene = Scene()
    scene.presenter.again(wish, "right" if given else None)
    assert [f for f, _code in check_again(wish, given=given)] == fields
    assert [values[0] for name, values in scene.view.told if name == "show_again_problem"] == fields
    assert scene.doors.asked_again == []


def test_while_a_store_opens_nothing_else_begins() -> None:
    scene = Scene(held=True)
    scene.presenter.unlock("right")
    scene.presenter.unlock("right")
    scene.presenter.demo()
    scene.runner.release()
    assert scene.doors.opened == [FOLDER]
    assert scene.view.names().count("opened") == 1


@pytest.mark.parametrize(
    ("folder", "passphrase", "code"), [("", "x", "unlock.no-store"), (FOLDER, "", "unlock.no-passphrase")]
)
def test_without_store_or_passphrase_nothing_is_tried(folder: str, passphrase: str, code: str) -> None:
    scene = Scene(folder)
    scene.presenter.unlock(passphrase)
    assert scene.view.last("show_problem")[0].code == code
    assert scene.runner.ran == 0


def test_the_folder_is_kept_on_this_machine_only_if_asked_for() -> None:
    scene = Scene()
    scene.presenter.unlock("right")
    assert scene.file.values == {}
    scene.presenter.remember(wanted=True)
    scene.presenter.unlock("right")
    assert scene.file.values == {REMEMBER_STORE.key: "yes", LAST_STORE.key: FOLDER}
    scene.presenter.remember(wanted=False)
    assert scene.file.values == {}


def test_a_remembered_store_stands_there_at_the_next_start() -> None:
    file = MemorySettings({REMEMBER_STORE.key: "yes", LAST_STORE.key: FOLDER})
    scene = Scene("", file=file)
    scene.presenter.start()
    assert scene.view.last("show_store") == ("aster", FOLDER)


def test_the_demo_is_never_remembered() -> None:
    scene = Scene("", file=MemorySettings({REMEMBER_STORE.key: "yes"}))
    scene.doors.demo_made = Opened(MemorySession(), "/tmp/demo.holdfast")
    scene.presenter.demo()
    assert scene.view.last("show_progress") == (1, 2)
    assert LAST_STORE.key not in scene.file.values


def test_a_cancelled_demo_leaves_the_page_as_it_was() -> None:
    scene = Scene("", held=True)
    scene.presenter.demo()
    scene.presenter.cancel()
    scene.runner.release()
    assert scene.view.last("show_busy") == ("",)
    assert "opened" not in scene.view.names()


def test_a_new_store_is_made_and_opened() -> None:
    scene = Scene("")
    scene.presenter.create(WANTED, WANTED.passphrase)
    assert scene.doors.created == [WANTED]
    assert scene.view.last("opened")[0].folder == FOLDER


@pytest.mark.parametrize(
    ("wanted", "again", "fields"),
    [
        (replace(WANTED, name=" "), WANTED.passphrase, ["name"]),
        (replace(WANTED, folder="aster.holdfast"), WANTED.passphrase, ["folder"]),
        (replace(WANTED, folder="/home/ada/aster"), WANTED.passphrase, ["folder"]),
        (replace(WANTED, person=""), WANTED.passphrase, ["person"]),
        (replace(WANTED, email="ada at example"), WANTED.passphrase, ["email"]),
        (replace(WANTED, passphrase="short"), "short", ["passphrase"]),
        (WANTED, "something else", ["again"]),
        (replace(WANTED, name="", person=""), "x", ["name", "person", "again"]),
    ],
)
def test_a_wrong_field_of_a_new_store_is_told_beside_it(wanted: NewStore, again: str, fields: list[str]) -> None:
    scene = Scene("")
    scene.presenter.create(wanted, again)
    assert [f for f, _code in check_new(wanted, again)] == fields
    assert [values[0] for name, values in scene.view.told if name == "show_field_problem"] == fields
    assert scene.doors.created == []


def test_the_name_of_a_store_is_that_of_its_folder() -> None:
    assert store_name(FOLDER) == "aster"
    assert store_name("") == ""


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Aster security", "/x/aster-security.holdfast"),
        ("../../etc", "/x/etc.holdfast"),
        ("", "/x/store.holdfast"),
        ("Ω\u202e team", "/x/team.holdfast"),
        ("a" * 200, f"/x/{'a' * 40}.holdfast"),
    ],
)
def test_the_folder_of_a_new_store_stays_inside_its_parent(name: str, folder: str) -> None:
    assert store_folder("/x", name) == folder
