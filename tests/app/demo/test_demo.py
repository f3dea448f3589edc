"""The demo: every stage, both tracks, promises broken and to come, two releases; told again, it is the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from app.bootstrap import Session, open_store
from app.demo import PASSPHRASE, TEAM, make_demo, tell_everything
from app.demo.story import StoryClock
from app.desk.desk import Desk
from app.desk.exchange import Exchange
from app.desk.ports.vault import CaseQuery, CaseRow, HistoryRow
from app.domain.case.state import Case
from app.domain.commands.team_commands import AddPerson, ChangePerson
from app.domain.errors import Rejected
from app.domain.events.team_events import ProjectDescribed
from app.domain.team import TEAM_STREAM
from app.domain.values import STAGES, Person
from app.exporters import discover
from app.machine.resources import PackagedProjects
from tests.fakes_session import ADA, MemoryStore, RunningIds, ShippedPolicies

NOW = datetime(2026, 11, 24, 13, 32, tzinfo=UTC)


class Stage:
    """What a story plays on, in memory: the same desk and exchange as on a real store."""

    def __init__(self, now: datetime) -> None:
        self.store = MemoryStore()
        self.clock = StoryClock(now)
        self.ids = RunningIds()
        self.store.append(TEAM_STREAM, (ProjectDescribed(project=PackagedProjects().get("aster")),))
        self.me = ADA
        self._set_up(ADA)

    def _set_up(self, who: Person) -> None:
        vault, policies = cast("Any", self.store), cast("Any", ShippedPolicies())
        self.desk = Desk(vault, self.clock, self.ids, policies, who)
        self.exchange = Exchange(vault, discover(), self.clock, who)

    def acting_as(self, person: Person) -> Stage:
        self._set_up(person)
        return self

    def play(self, now: datetime) -> Stage:
        story = tell_everything(now)
        self.clock.set(min(step.when for step in story.steps))
        self.desk.perform(None, ChangePerson(person=ADA.id, email="ada@aster.example"))
        people = {"ada": self.store.team().owner}
        for key, name in TEAM.items():
            self.desk.perform(None, AddPerson(name=name, email=f"{key}@aster.example"))
            people[key] = next(p for p in self.store.team().people if p.name == name)
        story.run(self, people, self.clock, lambda _done, _of: None)
        return self


class Told:
    """The demo on disk, opened once for all tests of this module."""

    def __init__(self, folder: Path) -> None:
        self.progress: list[tuple[int, int]] = []
        self.demo = make_demo(folder, NOW, lambda done, of: self.progress.append((done, of)), ids=None)
        self.session: Session = open_store(self.demo.store, self.demo.passphrase_file.read_text().strip())

    @property
    def rows(self) -> Sequence[CaseRow]:
        return self.session.queries.cases(CaseQuery()).rows

    def case(self, row: CaseRow) -> Case:
        found = self.session.queries.case(row.ref)
        assert found is not None
        return found


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    opened = Told(tmp_path_factory.mktemp("demo"))
    yield opened
    opened.session.close()


def test_about_thirty_cases_stand_in_every_stage_and_on_both_tracks(told: Told) -> None:
    assert 28 <= len(told.rows) <= 34
    assert {row.stage for row in told.rows} == set(STAGES)
    assert {row.track for row in told.rows} == {"core", "ecosystem"}


def test_some_promises_are_broken_some_are_near_some_far_and_some_wait_for_an_answer(told: Told) -> None:
    due = told.session.queries.due()
    running = [row for row in due if not row.paused]
    assert any(row.due < NOW for row in running)
    assert any(NOW < row.due < NOW + timedelta(days=1) for row in running)
    assert any(row.due > NOW + timedelta(days=3) for row in running)
    assert any(row.paused for row in due)
    assert {row.clock for row in due} == {"acknowledge", "reply", "update", "embargo", "announce", "post"}


def test_one_release_is_past_and_one_is_planned_and_was_once_postponed(told: Told) -> None:
    rows, _ = told.session.queries.releases()
    assert sorted((row.state, row.postponed) for row in rows) == [("closed", 0), ("planned", 1)]
    assert [row.target > NOW for row in rows if row.state == "planned"] == [True]
    past = next(row for row in rows if row.state == "closed")
    release = told.session.queries.release(past.ref)
    assert release is not None
    assert [export.format for export in release.exports] == ["blog-pre", "mail", "blog-post"]
    assert all(export.override == "" for export in release.exports)


def test_attachments_can_be_read_back_and_nobody_is_without_a_name(told: Told) -> None:
    blobs = [blob for row in told.rows for blob in told.case(row).attachments]
    assert len(blobs) >= 3
    assert all(b"".join(told.session.queries.blob(blob.sha256)).startswith(b"Made-up") for blob in blobs)
    assert all(reporter.name for row in told.rows for reporter in told.case(row).reporters)


def test_rejected_duplicate_and_reopened_ways_are_told_too(told: Told) -> None:
    cases = [told.case(row) for row in told.rows]
    assert sum(case.rejected is not None for case in cases) >= 2
    assert any(case.duplicate_of for case in cases)
    assert any(case.embargo.status == "proposed" for case in cases)


def test_the_store_of_the_demo_verifies_and_its_passphrase_lies_beside_it(told: Told) -> None:
    assert told.session.vault.verify().ok
    assert told.demo.passphrase_file.read_text() == f"{PASSPHRASE}\n"
    assert told.demo.passphrase_file.stat().st_mode & 0o077 == 0
    assert told.progress[-1][0] == told.progress[-1][1] == len(told.progress)


def test_nothing_in_the_demo_could_be_mistaken_for_something_real(told: Told) -> None:
    assert all(cve.startswith("CVE-2099-") for row in told.rows for cve in row.cves)
    addresses = [reporter.email for row in told.rows for reporter in told.case(row).reporters]
    assert all(address.endswith((".example", "@example.org")) for address in addresses)


def test_a_folder_that_holds_a_demo_already_is_refused(told: Told) -> None:
    with pytest.raises(Rejected, match=r"store\.exists"):
        make_demo(told.demo.store.parent, NOW, lambda _done, _of: None)


def test_the_same_hour_and_ids_tell_the_same_story() -> None:
    one, other = (Stage(NOW).play(NOW).store for _ in range(2))
    assert [_without_device(row) for row in one.content.log] == [_without_device(row) for row in other.content.log]
    assert one.content.states == other.content.states


def _without_device(row: HistoryRow) -> tuple[Any, ...]:
    return row.stream, row.at, row.actor.name, row.event


@pytest.mark.parametrize("step", range(12))
def test_the_story_can_be_told_at_any_hour_of_any_day(step: int) -> None:
    """No rule is broken whatever weekday and month it is: each of its commands is a real one."""
    now = NOW + timedelta(days=step * 23 + step % 7, hours=step * 5, minutes=step * 7)
    store = Stage(now).play(now).store
    stages = Counter(row.stage for row in store.cases(CaseQuery()).rows)
    assert set(stages) == set(STAGES)
