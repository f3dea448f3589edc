"""The settings page keeps each choice in its home and says what can't be."""

from __future__ import annotations

from typing import Any, cast

from typing_extensions import override

from app.domain.errors import Environment, Rejected
from app.presenters.hub import Hub
from app.presenters.settings import IDLE_MINUTES, TEXT_SIZE, THEME, MachineSettings, MemorySettings
from app.presenters.settings_page import SettingsPresenter, StoreFacts
from tests.fakes_runner import InlineRunner
from tests.fakes_session import MemorySession


class FakeView:
    """The page as the presenter tells it."""

    def __init__(self) -> None:
        self.facts: StoreFacts | None = None
        self.look: tuple[str, int] = ("", 0)
        self.fields: list[str] = []
        self.saved = 0
        self.problems: list[Exception] = []

    def show_facts(self, facts: StoreFacts) -> None:
        self.facts = facts

    def show_look(self, theme: str, text_size: int) -> None:
        self.look = (theme, text_size)

    def show_person_problem(self, field: str, problem: Rejected) -> None:
        self.fields.append(field)

    def show_saved(self) -> None:
        self.saved += 1

    def show_problem(self, problem: Exception) -> None:
        self.problems.append(problem)


class Scene:
    """The page on an empty store."""

    def __init__(self) -> None:
        self.session = MemorySession()
        self.file = MemorySettings()
        self.view = FakeView()
        self.hub = Hub()
        self.presenter = SettingsPresenter(
            self.view, cast("Any", self.session), InlineRunner(), self.hub, MachineSettings(self.file)
        )
        self.presenter.start()


def test_it_shows_what_is_chosen_and_facts_of_the_store() -> None:
    scene = Scene()
    assert scene.view.facts is not None
    assert (scene.view.facts.name, scene.view.facts.policy, scene.view.facts.format) == (
        "Aster security",
        "node-core",
        1,
    )


def test_the_look_is_kept_on_this_machine() -> None:
    scene = Scene()
    scene.presenter.choose_theme("dark")
    scene.presenter.choose_text_size(125)
    assert scene.view.look == ("dark", 125)
    assert scene.file.values == {THEME.key: "dark", TEXT_SIZE.key: "125"}


def test_the_idle_time_is_kept_in_the_store_on_record() -> None:
    scene = Scene()
    scene.presenter.choose_idle_minutes(5)
    assert scene.session.store.team().setting(IDLE_MINUTES.key) == "5"
    assert scene.view.facts is not None
    assert scene.view.facts.idle_minutes == 5


def test_a_new_name_stands_beside_what_is_done_from_now_on() -> None:
    scene = Scene()
    scene.presenter.save_person(" Ada Byron ", "ada@example.net")
    assert scene.view.saved == 1
    assert scene.view.facts is not None
    assert (scene.view.facts.me.name, scene.view.facts.me.email) == ("Ada Byron", "ada@example.net")


def test_a_name_that_is_none_and_an_address_that_is_none_are_told_beside_the_field() -> None:
    scene = Scene()
    scene.presenter.save_person("  ", "ada@example.org")
    scene.presenter.save_person("Ada", "ada at home")
    assert scene.view.fields == ["name", "email"]
    assert scene.view.saved == 0


class FullDisk(MemorySettings):
    """A settings file that can't be written."""

    @override
    def write(self, values: Any) -> None:
        raise Environment("disk.full")


def test_a_choice_that_can_not_be_kept_holds_until_the_end_and_is_told() -> None:
    view = FakeView()
    settings = MachineSettings(FullDisk())
    presenter = SettingsPresenter(view, cast("Any", MemorySession()), InlineRunner(), Hub(), settings)
    presenter.choose_theme("dark")
    assert view.look == ("dark", 100)
    assert [getattr(p, "code", "") for p in view.problems] == ["disk.full"]
