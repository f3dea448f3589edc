"""The desk: groups by the local day, one act each, and numbers that agree with the list."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from app.desk.ports.vault import CaseRow, DueRow
from app.domain.backups import BackupDue
from app.domain.commands import case_commands as c
from app.domain.errors import AppError, Environment
from app.domain.policy import ClockRule, Policy
from app.presenters.desk import (
    GROUPS,
    SHOWN_AT_FIRST,
    DeskCounts,
    DeskPresenter,
    DueItem,
    Group,
    Whose,
    group_of,
    rule_words,
    sorted_items,
    week_end,
)
from app.presenters.hub import Hub
from tests.builders import policy
from tests.fakes_runner import InlineRunner
from tests.fakes_session import NOON, MemorySession
from tests.scenes import busy_store, new_report

VIENNA = ZoneInfo("Europe/Vienna")


class FakeView:
    """The desk as the presenter tells it."""

    def __init__(self) -> None:
        self.counts: DeskCounts | None = None
        self.items: tuple[DueItem, ...] = ()
        self.hidden = 0
        self.groups: dict[Group, int] = {}
        self.nothing: tuple[Whose, int] | None = None
        self.policy: Policy | None = None
        self.embargoes: tuple[CaseRow, ...] = ()
        self.problems: list[Exception] = []
        self.backup: BackupDue | None = None
        self.warnings: tuple[AppError, ...] = ()

    def show_counts(self, counts: DeskCounts) -> None:
        self.counts = counts

    def show_due(self, items: tuple[DueItem, ...], *, hidden: int, counts: dict[Group, int]) -> None:
        self.items, self.hidden, self.groups, self.nothing = items, hidden, counts, None

    def show_nothing_due(self, *, whose: Whose, cases: int) -> None:
        self.nothing = (whose, cases)

    def show_policy(self, policy: Policy | None) -> None:
        self.policy = policy

    def show_backup(self, due: BackupDue) -> None:
        self.backup = due

    def show_warnings(self, warnings: tuple[AppError, ...]) -> None:
        self.warnings = warnings

    def show_embargoes(self, rows: tuple[CaseRow, ...], *, total: int) -> None:
        self.embargoes = rows

    def show_problem(self, problem: Exception) -> None:
        self.problems.append(problem)


class Scene:
    """A desk on a store with fifteen cases, or none."""

    def __init__(self, *, empty: bool = False) -> None:
        self.session = MemorySession()
        if not empty:
            busy_store(self.session)
        self.view = FakeView()
        self.runner = InlineRunner()
        self.hub = Hub()
        self.presenter = DeskPresenter(self.view, cast("Any", self.session), self.runner, self.hub, VIENNA)


@pytest.mark.parametrize(
    ("due", "paused", "group"),
    [
        (NOON - timedelta(minutes=1), False, "overdue"),
        (NOON + timedelta(hours=9), False, "today"),
        (NOON + timedelta(hours=10), False, "week"),  # 00:32 on Wednesday in Vienna
        (datetime(2026, 11, 29, 22, 59, tzinfo=UTC), False, "week"),
        (datetime(2026, 11, 29, 23, 0, tzinfo=UTC), False, "later"),
        (NOON - timedelta(days=9), True, "paused"),
    ],
)
def test_groups_go_by_the_local_day_and_end_on_sunday(due: datetime, paused: bool, group: Group) -> None:
    assert group_of(due, NOON, VIENNA, paused=paused) == group


def test_a_sunday_is_the_end_of_its_own_week() -> None:
    assert week_end(date(2026, 11, 29)) == date(2026, 11, 29)
    assert week_end(date(2026, 11, 23)) == date(2026, 11, 29)


def test_the_most_urgent_of_my_promises_stands_first_with_its_act() -> None:
    scene = Scene()
    scene.presenter.start()
    first = scene.view.items[0]
    assert (first.group, first.verb) == ("overdue", "update-reporter")
    assert [GROUPS.index(i.group) for i in scene.view.items] == sorted(GROUPS.index(i.group) for i in scene.view.items)
    assert all(i.row.handler_id == "ada" for i in scene.view.items)
    assert scene.view.policy is not None
    assert scene.view.policy.name == "node-core"


def test_the_numbers_agree_with_the_list() -> None:
    scene = Scene()
    scene.presenter.start()
    assert scene.view.counts is not None
    for group in ("overdue", "today", "week"):
        assert getattr(scene.view.counts, group) == scene.view.groups.get(group, 0)
    assert scene.view.counts.oldest == scene.view.items[0].row.due


def test_a_number_shows_its_group_alone_and_again_everything() -> None:
    scene = Scene()
    scene.presenter.start()
    everything = len(scene.view.items)
    scene.presenter.only("overdue")
    assert {i.group for i in scene.view.items} == {"overdue"}
    scene.presenter.only("overdue")
    assert len(scene.view.items) == everything


def test_what_waits_for_the_reporter_has_its_own_list() -> None:
    scene = Scene()
    scene.presenter.start()
    assert all(i.group != "paused" for i in scene.view.items)
    scene.presenter.choose("waiting")
    assert {i.group for i in scene.view.items} == {"paused"}


def test_everyone_has_more_promises_than_i_alone() -> None:
    scene = Scene()
    scene.presenter.start()
    mine = len(scene.view.items)
    scene.presenter.choose("everyone")
    assert len(scene.view.items) > mine


def test_without_promises_of_my_own_the_desk_shows_everyones() -> None:
    scene = Scene(empty=True)
    new_report(scene.session, "Nobody took it yet")
    scene.presenter.start()
    assert scene.presenter.whose == "everyone"
    assert [i.row.clock for i in scene.view.items] == ["acknowledge", "reply"]


def test_a_minute_moves_a_promise_from_today_to_late_without_asking_the_store() -> None:
    scene = Scene()
    scene.presenter.start()
    asked = scene.runner.ran
    today = scene.view.groups["today"]
    late = scene.view.groups["overdue"]
    scene.session.clock.pass_by(hours=6)
    scene.presenter.minute()
    assert scene.view.groups["overdue"] == late + today
    assert scene.runner.ran == asked


def test_a_kept_promise_leaves_the_desk() -> None:
    scene = Scene()
    scene.presenter.start()
    ref = next(i.row.ref for i in scene.view.items if i.row.clock == "reply")
    scene.hub.publish(scene.session.desk.perform(ref, c.Reply(text="Here is what we do.")).changes)
    assert not any(i.row.ref == ref and i.row.clock == "reply" for i in scene.view.items)


def test_a_long_list_is_shown_in_parts() -> None:
    scene = Scene(empty=True)
    for number in range(SHOWN_AT_FIRST):
        new_report(scene.session, f"Report {number}")
    scene.presenter.start()
    assert (len(scene.view.items), scene.view.hidden) == (SHOWN_AT_FIRST, SHOWN_AT_FIRST)
    scene.presenter.show_more()
    assert (len(scene.view.items), scene.view.hidden) == (2 * SHOWN_AT_FIRST, 0)


def test_an_empty_store_says_so() -> None:
    scene = Scene(empty=True)
    scene.presenter.start()
    assert scene.view.nothing == ("mine", 0)


def test_a_failure_is_told_and_a_closed_desk_is_silent() -> None:
    scene = Scene()
    scene.session.store.fails = Environment("disk.io")
    scene.presenter.start()
    assert len(scene.view.problems) == 1
    scene.presenter.close()
    scene.session.store.fails = Environment("disk.io")
    scene.presenter.minute()
    assert len(scene.view.problems) == 1


def test_a_clock_of_another_policy_still_has_its_row() -> None:
    row = DueRow(case="1", ref="H-2026-001", title="A", rating="unknown", clock="odd", started=NOON, due=NOON)
    (item,) = sorted_items((row,), {}, NOON, VIENNA)
    assert (item.verb, item.rule) == ("", None)


@pytest.mark.parametrize(
    ("clock", "words"),
    [
        ("acknowledge", "Within 24 h of receipt"),
        ("reply", "Within 48 h of receipt"),
        ("update", "At least every 5 days"),
        ("embargo", "Typically within 72 h of the CVE"),
        ("announce", "On the embargo date"),
        ("post", "Within 6 h of the mail"),
    ],
)
def test_rules_are_said_with_the_numbers_of_their_policy(clock: str, words: str) -> None:
    rule = policy().clock(clock)
    assert rule is not None
    assert rule_words(rule) == words


def test_a_promise_before_an_instant_says_before_what() -> None:
    rule = ClockRule(id="x", start="embargo", satisfied_by="pre-announced", before="7d")
    assert rule_words(rule) == "At least 7 days before the embargo's end"
