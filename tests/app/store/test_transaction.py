"""One command, one transaction: all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from app.desk.ports.vault import CaseQuery, Transaction
from app.domain.case.state import Case
from app.domain.errors import Defect, Environment, Rejected
from app.domain.events import case_events as e
from app.domain.release.state import Release
from app.domain.team import Team
from app.domain.values import Blob, Person
from app.store.states import States
from app.store.streams import write_state
from app.store.vault import SqlVault
from tests.app.store.building import (
    ADA,
    NOOR,
    START,
    add_case,
    add_release,
    codes,
    happen,
    insider,
    planned,
    received,
    reopen,
)


def everything(folder: Path) -> dict[str, list[object]]:
    """Every row of every table; the store must be closed."""
    db = insider(folder)
    schema = db.all("SELECT name, sql FROM sqlite_schema WHERE type = 'table'")
    tables = [name for name, sql in schema if "fts5" not in (sql or "")]
    found = {name: db.all(f"SELECT * FROM {name}") for name in tables}  # noqa: S608 - names from the schema
    db.close()
    return found


class Interrupted(Exception):
    """What goes wrong in these tests."""


@contextmanager
def failing_transaction(vault: SqlVault, actor: Person = ADA) -> Iterator[Transaction]:
    """A transaction that goes wrong at its end."""
    with suppress(Interrupted), vault.transaction(actor, START) as tx:
        yield tx
        raise Interrupted
        raise Interrupted


@contextmanager
def failing_part(tx: Transaction) -> Iterator[None]:
    """A part of a transaction that goes wrong at its end."""
    with suppress(Interrupted), tx.savepoint():
        yield
        raise Interrupted


def test_what_was_appended_is_seen_inside_and_after(vault: SqlVault) -> None:
    with vault.transaction(ADA, START) as tx:
        case = tx.append("case:C000001", [received()])
        assert isinstance(case, Case)
        assert tx.queries.case("H-2026-001") == case
        assert tx.queries.count(CaseQuery()) == 1
        assert [row.seq for row in tx.queries.history("H-2026-001")] == [3]
    assert vault.queries.case("C000001") == case


def test_an_error_leaves_no_trace(vault: SqlVault, folder: Path) -> None:
    add_case(vault)
    vault.close()
    before = everything(folder)
    vault = reopen(folder)
    with failing_transaction(vault, NOOR) as tx:
        tx.append("case:C000001", [e.HandlerAssigned(person=NOOR), e.CveAssigned(id="CVE-2099-00001", at=START)])
        tx.append("case:C000002", [received(2)])
        tx.append("release:R000001", [planned()])
        tx.put_blob(b"x" * 2_000_000)
        tx.keep_draft("H-2026-001", "advisory", "text")
    case = vault.queries.case("H-2026-001")
    assert case is not None
    assert case.handler is None
    assert vault.queries.case("H-2026-002") is None
    vault.close()
    assert everything(folder) == before


def test_after_an_error_the_next_command_goes_on_where_the_log_ended(vault: SqlVault) -> None:
    add_case(vault, 1)
    with failing_transaction(vault, NOOR) as tx:
        tx.append("case:C000002", [received(2), e.HandlerAssigned(person=NOOR)])
    add_case(vault, 2, e.HandlerAssigned(person=NOOR))
    happen(vault, 1, e.HandlerAssigned(person=NOOR), actor=NOOR)
    assert vault.verify().ok
    assert vault.queries.count(CaseQuery(view="mine", me="noor")) == 2


def test_an_event_that_is_refused_takes_the_whole_transaction_with_it(vault: SqlVault) -> None:
    with suppress(Defect), vault.transaction(ADA, START) as tx:
        tx.append("case:C000001", [received()])
        tx.append("case:C000002", [e.NoteAdded(text="of a case that does not exist")])
    assert vault.queries.count(CaseQuery()) == 0
    assert vault.queries.history_count() == 2


def test_a_savepoint_fails_on_its_own(vault: SqlVault) -> None:
    with vault.transaction(ADA, START) as tx:
        tx.append("case:C000001", [received(1)])
        with failing_part(tx):
            tx.append("case:C000001", [e.HandlerAssigned(person=NOOR)])
            tx.append("case:C000002", [received(2)])
        with tx.savepoint():
            tx.append("case:C000003", [received(3)])
        first = tx.queries.case("H-2026-001")
        assert first is not None
        assert first.handler is None
        assert tx.queries.case("H-2026-002") is None
    assert [row.ref for row in vault.queries.cases(CaseQuery(sort="ref")).rows] == ["H-2026-001", "H-2026-003"]
    assert vault.verify().ok


def test_savepoints_lie_in_each_other(vault: SqlVault) -> None:
    with vault.transaction(ADA, START) as tx:
        with failing_part(tx), tx.savepoint():
            tx.append("case:C000001", [received(1)])
        with tx.savepoint():
            tx.append("case:C000002", [received(2)])
            with failing_part(tx):
                tx.append("case:C000003", [received(3)])
    assert [row.ref for row in vault.queries.cases(CaseQuery()).rows] == ["H-2026-002"]
    assert vault.verify().ok


def test_a_savepoint_that_fails_gives_its_references_back(vault: SqlVault) -> None:
    with vault.transaction(ADA, START) as tx:
        with failing_part(tx):
            assert tx.new_ref("H", 2026) == "H-2026-001"
        assert tx.new_ref("H", 2026) == "H-2026-001"


def test_several_streams_change_in_one_transaction_with_one_signature(vault: SqlVault, folder: Path) -> None:
    with vault.transaction(ADA, START) as tx:
        tx.append("case:C000001", [received()])
        release = tx.append("release:R000001", [planned()])
        case = tx.append("case:C000001", [e.BundledInRelease(release="R000001", target=START)])
    assert isinstance(release, Release)
    assert isinstance(case, Case)
    assert case.release == "R000001"
    vault.close()
    db = insider(folder)
    assert db.one("SELECT count(*) FROM log WHERE seq > 2")[0] == 3
    assert db.all("SELECT seq FROM signature ORDER BY seq") == [(2,), (5,)]
    db.close()


def test_a_transaction_that_appends_nothing_signs_nothing(vault: SqlVault, folder: Path) -> None:
    with vault.transaction(ADA, START) as tx:
        tx.keep_draft("H-2026-001", "note", "half a sentence")
        assert isinstance(tx.append("team", []), Team)
    assert vault.queries.draft("H-2026-001", "note") == "half a sentence"
    vault.close()
    db = insider(folder)
    assert db.all("SELECT seq FROM signature") == [(2,)]
    db.close()


def test_transactions_do_not_lie_in_each_other(vault: SqlVault) -> None:
    with vault.transaction(ADA, START) as tx:
        tx.append("case:C000001", [received()])
        with pytest.raises(Defect) as caught, vault.transaction(ADA, START):
            pass
        assert caught.value.code == "store.transaction-open"
        with pytest.raises(Defect):
            vault.verify()
    assert vault.queries.case("H-2026-001") is not None


def test_a_transaction_that_is_over_does_nothing_more(vault: SqlVault) -> None:
    with vault.transaction(ADA, START) as tx:
        pass
    for late in (
        lambda: tx.append("case:C000001", [received()]),
        lambda: tx.new_ref("H", 2026),
        lambda: tx.put_blob(b""),
        lambda: tx.keep_draft("a", "b", "c"),
        tx.savepoint,
    ):
        with pytest.raises(Defect) as caught:
            late()
        assert caught.value.code == "store.transaction-over"


def test_events_only_go_where_they_belong(vault: SqlVault) -> None:
    for stream, event in (("team", received()), ("release:R1", received()), ("case:C1", planned())):
        with pytest.raises(Defect) as caught, vault.transaction(ADA, START) as tx:
            tx.append(stream, [event])
        assert caught.value.code == "store.wrong-stream"
    with pytest.raises(Defect), vault.transaction(ADA, START) as tx:
        tx.append("case:C1", [])
    assert vault.queries.history_count() == 2


def test_what_is_no_text_is_refused_before_anything_is_written(vault: SqlVault) -> None:
    with pytest.raises(Rejected) as caught:
        add_case(vault, title="half \ud83d of it")
    assert caught.value.code == "text.not-text"
    assert vault.queries.history_count() == 2


def test_who_acted_is_kept_as_they_were_then(vault: SqlVault) -> None:
    add_case(vault)
    renamed = Person(id="ada", name="Ada Sample", email="ada@example.org")
    happen(vault, 1, e.NoteAdded(text="one"), actor=renamed)
    happen(vault, 1, e.NoteAdded(text="two"))
    names = [row.actor.name for row in vault.queries.history("H-2026-001")]
    assert names == ["Ada Example", "Ada Sample", "Ada Example"]


def test_the_instant_is_kept_in_utc_to_the_microsecond(vault: SqlVault) -> None:
    moment = datetime(2026, 7, 1, 1, 2, 3, 456789, tzinfo=timezone(timedelta(hours=-3)))
    case = add_case(vault, now=moment)
    (row,) = vault.queries.history("H-2026-001")
    assert case.opened_at == row.at == moment
    assert (row.at.tzinfo, case.opened_at.tzinfo) == (UTC, UTC)


def test_references_count_up_by_letter_and_year(vault: SqlVault) -> None:
    add_case(vault, 1)
    add_case(vault, 1200)
    add_case(vault, 999)
    add_release(vault, 7)
    happen(vault, 1, e.CaseClosed(at=START))
    with vault.transaction(ADA, START) as tx:
        assert [tx.new_ref("H", 2026), tx.new_ref("H", 2026)] == ["H-2026-1201", "H-2026-1202"]
        assert [tx.new_ref("R", 2026), tx.new_ref("H", 2027)] == ["R-2026-008", "H-2027-001"]


def test_the_highest_reference_counts_even_of_a_closed_case(vault: SqlVault) -> None:
    add_case(vault, 5, e.CaseClosed(at=START))
    with vault.transaction(ADA, START) as tx:
        assert tx.new_ref("H", 2026) == "H-2026-006"


def test_two_cases_can_not_have_the_same_reference(vault: SqlVault) -> None:
    add_case(vault)
    with pytest.raises(Defect), vault.transaction(ADA, START) as tx:
        tx.append("case:OTHER", [received(1)])
    assert vault.verify().ok


def test_drafts_are_kept_changed_forgotten_and_never_part_of_the_log(vault: SqlVault) -> None:
    def keep(text: str | None) -> None:
        with vault.transaction(ADA, START) as tx:
            tx.keep_draft("H-2026-001", "advisory", text)

    keep("one\n\u202e\0two")
    assert vault.queries.draft("H-2026-001", "advisory") == "one\n\u202e\0two"
    keep("three")
    assert vault.queries.draft("H-2026-001", "advisory") == "three"
    assert vault.queries.draft("H-2026-001", "note") is None
    keep(None)
    keep(None)
    assert vault.queries.draft("H-2026-001", "advisory") is None
    with pytest.raises(Rejected) as caught:
        keep("x" * 1_000_001)
    assert caught.value.code == "text.too-long"
    assert vault.queries.history_count() == 2


def test_a_draft_with_half_a_character_is_kept_as_far_as_it_is_text(vault: SqlVault) -> None:
    with vault.transaction(ADA, START) as tx:
        tx.keep_draft("H-2026-001", "note", "half \ud83d of it")
    assert vault.queries.draft("H-2026-001", "note") == "half ? of it"


def test_equal_states_are_written_alike_however_their_values_came_about(vault: SqlVault) -> None:
    made = Blob(sha256="ab" * 32, size=1, media_type="application/octet-" + "stream")
    case = add_case(vault, 1, e.AttachmentAdded(blob=made), e.TlpSet(tlp="AMBER+STRICT"))
    other = add_case(vault, 2, e.AttachmentAdded(blob=Blob(sha256="ab" * 32, size=1)))
    assert write_state(case).replace(b"C000001", b"C000002").replace(b"H-2026-001", b"H-2026-002").replace(
        b'"events":3', b'"events":2'
    ) == write_state(other)
    assert vault.verify().findings[0].code == "blob.missing"


def test_a_state_whose_row_was_put_back_is_not_believed(vault: SqlVault, folder: Path) -> None:
    add_case(vault)
    vault.close()
    db = insider(folder)
    old = db.one("SELECT version, last, content FROM state ORDER BY stream DESC")
    db.close()
    vault = reopen(folder)
    happen(vault, 1, e.EmbargoAgreed(until=START + timedelta(days=9)))
    vault.close()
    db = insider(folder)
    db.run(
        "UPDATE state SET version = ?, last = ?, content = ? WHERE stream = (SELECT max(stream) FROM state)",
        (old[0], 4, old[2]),
    )
    db.close()
    vault = reopen(folder)
    with pytest.raises(Environment) as caught:
        vault.queries.case("H-2026-001")
    assert caught.value.code == "store.damaged"
    assert "state.snapshot" in codes(vault)
    vault.rebuild()
    case = vault.queries.case("H-2026-001")
    assert case is not None
    assert case.embargo.status == "agreed"
    vault.close()


def test_only_some_states_stay_in_memory(vault: SqlVault) -> None:
    with vault.transaction(ADA, START) as tx:
        for number in range(1, 200):
            tx.append(f"case:C{number:06d}", [received(number)])
    states = vault._states
    assert isinstance(states, States)
    assert len(states._kept) == 128
    assert vault.queries.case("H-2026-001") is not None
    assert len(states._kept) == 128
