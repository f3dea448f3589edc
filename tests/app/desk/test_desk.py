"""The desk: one command, one transaction; a refusal leaves no trace; one CVE id or record has one case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from typing_extensions import override

from app.desk.desk import Desk, NewFile
from app.desk.ports.vault import Transaction
from app.domain.commands import Command
from app.domain.commands import case_commands as c
from app.domain.commands import release_commands as r
from app.domain.commands import team_commands as t
from app.domain.errors import Rejected
from app.domain.values import Person, Reporter, Source
from tests.builders import ADA, START
from tests.fakes_vault import CountingIds, MemoryQueries, MemoryVault, ShippedPolicies, StandingClock

TARGET = START + timedelta(days=30)


class CountingQueries(MemoryQueries):
    """Counts what is asked, so that no command can look at everything."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    @override
    def __getattribute__(self, name: str) -> Any:
        if name in ("case", "release", "releases", "team", "known", "cve_owner"):
            object.__setattr__(self, "asked", object.__getattribute__(self, "asked") + 1)
        return object.__getattribute__(self, name)


class Room:
    """A desk on a vault in memory, with a clock that a test moves."""

    def __init__(self) -> None:
        self.vault = MemoryVault()
        self.clock = StandingClock()
        self.desk = Desk(self.vault.as_vault(), self.clock, CountingIds(), ShippedPolicies(), ADA)

    def do(self, ref: str | None, command: Command) -> str:
        self.clock.move(hours=1)
        return self.desk.perform(ref, command).ref

    def received(self, title: str = "A report") -> str:
        return self.do(None, c.Receive(title=title, reporters=(Reporter(name="Robin"),)))

    def confirmed(self, title: str = "A report") -> str:
        ref = self.received(title)
        for command in (c.Assign(), c.Acknowledge(), c.Confirm()):
            self.do(ref, command)
        return ref

    def refused(self, ref: str | None, command: Command) -> Rejected:
        """The refusal, after which everything is as it was."""
        states, log = dict(self.vault.queries.states), list(self.vault.queries.log)
        numbers, done = dict(self.vault.queries.counters), self.vault.transactions
        with pytest.raises(Rejected) as caught:
            self.desk.perform(ref, command)
        after = self.vault.queries
        assert (after.states, after.log, after.counters, self.vault.transactions) == (states, log, numbers, done)
        return caught.value


@pytest.fixture
def room() -> Room:
    return Room()


def record(key: str, cve: str, number: int = 1) -> c.ImportRecord:
    source = Source(format="nswg", file=f"{number}.json", sha256="0" * 64, key=key)
    return c.ImportRecord(title="A record", source=source, number=number, fields=(), cves=(cve,), published_at=START)


def test_each_command_is_one_transaction_with_all_that_it_moves(room: Room) -> None:
    refs = [room.confirmed("One"), room.confirmed("Two")]
    release = room.do(None, r.PlanRelease(target=TARGET))
    for ref in refs:
        room.do(release, r.BundleCase(case=ref))
    before = room.vault.transactions
    done = room.desk.perform(release, r.Postpone(target=TARGET + timedelta(days=1), reason="Red tests"))
    assert room.vault.transactions == before + 1
    assert done.changes.refs == {release, *refs}
    assert {"cases", "releases", "history"} <= done.changes.topics


@pytest.mark.parametrize(
    ("ref", "command", "code"),
    [
        ("H-2026-001", c.Confirm(), "case.already-confirmed"),
        ("H-2026-001", c.Retitle(title="  "), "text.empty"),
        ("H-2026-999", c.AddNote(text="x"), "case.unknown"),
        ("R-2026-999", r.CloseRelease(), "release.unknown"),
        ("H-2026-001", c.MarkDuplicate(of="H-2026-999"), "case.unknown"),
        (None, c.AddNote(text="x"), "case.unknown"),
        (None, r.CloseRelease(), "release.unknown"),
        (None, c.Receive(title="x" * 301), "text.too-long"),
        (None, c.Receive(title="x", reporters=(Reporter(name="a", email="no address"),)), "identifier.email"),
        (None, r.PlanRelease(target=START - timedelta(days=1)), "embargo.past"),
        (None, t.AddPerson(name="Ada Example", email="ADA@aster.example"), "person.exists"),
        (None, t.ChangeSetting(key="lock.idle-minutes", value="9" * 5000), "text.too-long"),
        (None, t.ChangeSetting(key="lock.idle-minutes", value="٣"), "setting.range"),
    ],
)
def test_a_refused_command_leaves_no_trace(room: Room, ref: str | None, command: Command, code: str) -> None:
    room.confirmed()
    assert room.refused(ref, command).code == code


def test_a_refusal_in_the_middle_takes_back_what_was_done_before_it(room: Room) -> None:
    """The events of the release are made before those of its cases: all go together or none."""
    ref = room.confirmed()
    release = room.do(None, r.PlanRelease(target=TARGET))
    room.vault.fails_at = room.vault.transactions
    assert room.refused(release, r.BundleCase(case=ref)).code == "test.failure"
    case = room.vault.queries.case(ref)
    assert case is not None
    assert (case.release, case.embargo.status) == ("", "none")


def test_a_refused_report_wastes_no_reference(room: Room) -> None:
    room.refused(None, c.Receive(title=" "))
    assert room.received() == "H-2026-001"


def test_a_cve_id_belongs_to_one_case_however_it_is_written(room: Room) -> None:
    one, other = room.confirmed("One"), room.confirmed("Two")
    room.do(one, c.AssignCve(id="CVE-2099-10041"))
    for written in ("CVE-2099-10041", " cve-2099-10041 "):
        error = room.refused(other, c.AssignCve(id=written))
        assert (error.code, error.facts["ref"], error.needs) == ("cve.taken", one, "id")
    room.do(one, c.WithdrawCve(id="cve-2099-10041", reason="Assigned by mistake"))
    assert room.do(other, c.AssignCve(id="CVE-2099-10041")) == other


def test_a_case_that_is_worked_on_is_not_made_public_by_a_record_of_its_cve(room: Room) -> None:
    ref = room.confirmed()
    room.do(ref, c.AssignCve(id="CVE-2099-10041"))
    assert room.refused(None, record("nswg:core:1", "CVE-2099-10041")).facts["ref"] == ref


def test_two_records_of_the_dataset_may_share_an_id_and_a_new_case_may_not_take_it(room: Room) -> None:
    room.do(None, record("nswg:core:1", "CVE-2099-10041"))
    room.do(None, record("nswg:core:2", "CVE-2099-10041", 2))
    assert room.refused(room.confirmed(), c.AssignCve(id="CVE-2099-10041")).code == "cve.taken"


def test_a_record_becomes_a_case_once(room: Room) -> None:
    room.do(None, record("nswg:core:1", "CVE-2099-10041"))
    again = record("nswg:core:1", "CVE-2099-10042")
    assert room.refused(None, again).code == "source.known"
    report = c.Receive(title="The same", source=again.source)
    assert room.refused(None, report).code == "source.known"
    assert room.refused(None, r.PlanRelease(target=TARGET, source=again.source)).code == "source.known"


def test_a_duplicate_names_the_case_that_goes_on_by_its_reference(room: Room) -> None:
    one, other, third = room.confirmed("One"), room.confirmed("Two"), room.confirmed("Three")
    kept = room.vault.queries.case(one)
    assert kept is not None
    room.do(other, c.MarkDuplicate(of=f" {kept.id} "))
    marked = room.vault.queries.case(other)
    assert marked is not None
    assert marked.duplicate_of == one
    assert room.refused(one, c.MarkDuplicate(of=other)).code == "case.own-duplicates"
    assert room.refused(third, c.MarkDuplicate(of=other)).facts["of"] == one
    assert room.refused(third, c.MarkDuplicate(of=third.lower())).code == "case.own-duplicate"


def test_a_file_goes_into_the_store_with_the_command_that_names_it_or_not_at_all(room: Room) -> None:
    ref = room.confirmed()
    file = NewFile(data=b"one\n", name="steps.txt")
    room.desk.perform(ref, c.AddAttachment(blob=file.blob()), [file])
    assert room.vault.queries.blobs == {file.blob().sha256: b"one\n"}
    other = NewFile(data=b"two\n", name="steps.txt")
    with pytest.raises(Rejected):
        room.desk.perform("H-2026-999", c.AddAttachment(blob=other.blob()), [other])
    assert list(room.vault.queries.blobs) == [file.blob().sha256]


def test_the_actor_carries_the_name_that_the_team_knows(room: Room) -> None:
    room.do(None, t.ChangePerson(person="ada", name="Ada Changed"))
    team = room.desk.team()
    assert (team.owner.name, [p.name for p in team.people]) == ("Ada Changed", ["Ada Changed"])


def test_people_of_one_name_are_asked_for_by_their_address(room: Room) -> None:
    for address in ("one@example.org", "two@example.org"):
        room.do(None, t.AddPerson(name="Noor Sample", email=address))
    ref = room.received()
    assert room.refused(ref, c.Assign(person="noor sample")).code == "person.ambiguous"
    room.do(ref, c.Assign(person="TWO@example.org"))
    case = room.vault.queries.case(ref)
    assert case is not None
    assert case.handler is not None
    assert case.handler.email == "two@example.org"
    assert room.refused(None, t.ChangePerson(person="two@example.org", email="one@example.org")).code == "person.exists"


@pytest.mark.parametrize("cases", [3, 60])
def test_a_command_asks_no_more_of_a_large_store_than_of_a_small_one(cases: int) -> None:
    room = Room()
    refs = [room.confirmed(f"Report {number}") for number in range(cases)]
    release = room.do(None, r.PlanRelease(target=TARGET))
    room.do(release, r.BundleCase(case=refs[0]))
    counting = CountingQueries()
    counting.__dict__.update({k: v for k, v in vars(room.vault.queries).items() if k != "asked"})
    room.vault.queries = counting
    for ref, command in (
        (refs[1], c.AddNote(text="A note")),
        (refs[1], c.AssignCve(id="CVE-2099-10041")),
        (refs[2], c.MarkDuplicate(of=refs[1])),
        (None, c.Receive(title="Another")),
        (release, r.BundleCase(case=refs[1])),
        (release, r.PreAnnounceRelease()),
        (None, t.AddPerson(name="Juno")),
    ):
        counting.asked = 0
        room.desk.perform(ref, command)
        assert counting.asked <= 8, type(command).__name__


def test_time_and_actor_of_a_command_are_those_of_its_transaction() -> None:
    seen: list[tuple[Person, datetime]] = []

    class Watching(MemoryVault):
        @override
        @contextmanager
        def transaction(self, actor: Person, now: datetime) -> Iterator[Transaction]:
            seen.append((actor, now))
            with cast("Callable[..., Any]", super().transaction)(actor, now) as tx:
                yield tx

    vault, clock = Watching(), StandingClock()
    Desk(vault.as_vault(), clock, CountingIds(), ShippedPolicies(), ADA).perform(None, c.Receive(title="x"))
    assert seen == [(ADA, START)]
    (case,) = [s for s in vault.queries.states.values() if getattr(s, "ref", "") == "H-2026-001"]
    assert case.report.received_at == START
