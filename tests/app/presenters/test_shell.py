"""The frame of the window: true numbers, answers of the palette, and the lock after idle time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, cast

from app.desk.ports.vault import CaseRow
from app.domain.commands import case_commands as c
from app.domain.commands.release_commands import PlanRelease
from app.domain.commands.team_commands import ChangeSetting
from app.domain.errors import Environment
from app.presenters.hub import Hub
from app.presenters.shell import FOUND_CASES, IdleLock, ShellFacts, ShellPresenter
from tests.fakes_runner import InlineRunner
from tests.fakes_session import NOON, MemorySession
from tests.scenes import busy_store


class FakeView:
    """The frame as the presenter tells it."""

    def __init__(self) -> None:
        self.facts: ShellFacts | None = None
        self.found: list[tuple[str, tuple[CaseRow, ...]]] = []
        self.problems: list[Exception] = []

    def show_facts(self, facts: ShellFacts) -> None:
        self.facts = facts

    def show_found(self, text: str, rows: tuple[CaseRow, ...]) -> None:
        self.found.append((text, rows))

    def show_problem(self, problem: Exception) -> None:
        self.problems.append(problem)


class Scene:
    """A shell on a store with fifteen cases."""

    def __init__(self) -> None:
        self.session = MemorySession()
        busy_store(self.session)
        self.view = FakeView()
        self.runner = InlineRunner()
        self.hub = Hub()
        self.presenter = ShellPresenter(self.view, cast("Any", self.session), self.runner, self.hub, UTC)

    @property
    def facts(self) -> ShellFacts:
        assert self.view.facts is not None
        return self.view.facts


def test_the_rail_knows_the_store_the_person_and_the_numbers() -> None:
    scene = Scene()
    scene.session.do(None, PlanRelease(target=datetime(2026, 12, 8, 15, tzinfo=UTC)))
    scene.presenter.start()
    facts = scene.facts
    assert (facts.store, facts.me.name) == ("Aster security", "Ada Example")
    assert (facts.urgent, facts.cases, facts.releases, facts.idle_minutes) == (5, 15, 1, 10)


def test_the_numbers_follow_every_change() -> None:
    scene = Scene()
    scene.presenter.start()
    done = scene.session.desk.perform(None, c.Receive(title="One more"))
    scene.hub.publish(done.changes)
    assert scene.facts.cases == 16
    done = scene.session.desk.perform(None, ChangeSetting(key="lock.idle-minutes", value="3"))
    scene.hub.publish(done.changes)
    assert scene.facts.idle_minutes == 3


def test_the_palette_gets_a_few_cases_for_the_last_question_only() -> None:
    scene = Scene()
    scene.runner.held = True
    scene.presenter.find("heap")
    scene.presenter.find("parser")
    scene.runner.release()
    ((text, rows),) = scene.view.found
    assert text == "parser"
    assert len(rows) == FOUND_CASES


def test_failures_are_told_until_the_store_is_locked() -> None:
    scene = Scene()
    scene.session.store.fails = Environment("disk.io")
    scene.presenter.find("heap")
    assert len(scene.view.problems) == 1
    scene.runner.held = True
    scene.session.store.fails = Environment("disk.io")
    scene.presenter.start()
    scene.presenter.close()
    scene.runner.release()
    assert len(scene.view.problems) == 1


class Locks:
    """Counts how often it was locked."""

    def __init__(self) -> None:
        self.count = 0

    def lock(self) -> None:
        self.count += 1


def test_it_locks_once_after_the_idle_time() -> None:
    locks = Locks()
    idle = IdleLock(NOON, 10, locks.lock)
    idle.check(NOON + timedelta(minutes=9, seconds=59))
    assert locks.count == 0
    idle.check(NOON + timedelta(minutes=10))
    idle.check(NOON + timedelta(minutes=11))
    assert locks.count == 1


def test_a_touch_puts_the_lock_off() -> None:
    locks = Locks()
    idle = IdleLock(NOON, 10, locks.lock)
    idle.touched(NOON + timedelta(minutes=9))
    idle.check(NOON + timedelta(minutes=18))
    assert locks.count == 0
    assert idle.left(NOON + timedelta(minutes=18)) == timedelta(minutes=1)


def test_the_first_touch_after_the_machine_slept_locks_instead_of_going_on() -> None:
    locks = Locks()
    idle = IdleLock(NOON, 10, locks.lock)
    idle.touched(NOON + timedelta(hours=8))
    assert locks.count == 1


def test_a_shorter_time_counts_from_the_last_touch() -> None:
    locks = Locks()
    idle = IdleLock(NOON, 60, locks.lock)
    idle.set_minutes(1)
    idle.check(NOON + timedelta(minutes=1))
    assert locks.count == 1


def test_a_clock_that_is_set_back_does_not_keep_it_open_for_ever() -> None:
    locks = Locks()
    idle = IdleLock(NOON, 10, locks.lock)
    idle.touched(NOON - timedelta(hours=1))
    idle.check(NOON + timedelta(minutes=10))
    assert locks.count == 1
