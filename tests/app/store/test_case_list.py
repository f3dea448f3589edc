"""The case table: every order, view and filter gives what plain Python gives, page after page."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.desk.ports.vault import CaseQuery, CaseRow, Sort, View
from app.domain.errors import Rejected
from app.domain.events import CaseEvent
from app.domain.events import case_events as e
from app.domain.identifiers import ref_order
from app.domain.values import RATING_ORDER, STAGES, AffectedLine, Severity
from app.store.vault import SqlVault
from tests.app.store.building import ADA, NOOR, START, new_store, received

HANDLERS = (None, ADA, NOOR)
TITLES = ("Aster crash", "aster crash", "Zlib", "\u00c4ther leak", "Heap overflow", "heap read", "", "zz")


def events_of(chance: random.Random) -> list[CaseEvent]:
    """What happens to a case somewhere on its way."""
    events: list[CaseEvent] = []
    at = START + timedelta(hours=chance.randrange(200))
    handler = chance.choice(HANDLERS)
    if handler:
        events.append(e.HandlerAssigned(person=handler))
    possible: list[CaseEvent] = [
        e.ReportAcknowledged(at=at),
        e.DetailedReplySent(at=at),
        e.WaitingForReporter(at=at),
        e.ProblemConfirmed(at=at),
        e.SeverityRated(
            severity=Severity(
                rating=chance.choice(("low", "medium", "high", "critical")), score=chance.choice((None, 4.4, 9.8))
            )
        ),
        e.AffectedVersionsSet(lines=(AffectedLine(line="22.x", status="affected"),)),
        e.CveAssigned(id=f"CVE-2099-{chance.randrange(10**6):06d}", at=at),
        e.EmbargoProposed(until=START + timedelta(days=chance.randrange(6))),
        e.EmbargoAgreed(until=START + timedelta(days=chance.randrange(6))),
        e.CaseClosed(at=at),
    ]
    events.extend(event for event in possible if chance.random() < 0.4)
    return events


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlVault]:
    """A store with 120 cases, many of them alike in what they are sorted by."""
    vault = new_store(tmp_path_factory.mktemp("cases") / "team.holdfast")
    chance = random.Random(4)
    for number in range(1, 121):
        at = START + timedelta(hours=chance.randrange(40))
        with vault.transaction(ADA, at) as tx:
            first = received(
                number if number != 60 else 1060,
                chance.choice(TITLES),
                id=f"C{number:06d}",
                received_at=START + timedelta(hours=chance.randrange(30)),
                track=chance.choice(("core", "ecosystem")),
            )
            tx.append(f"case:C{number:06d}", [first, *events_of(chance)])
    yield vault
    vault.close()


KEYS: dict[Sort, Callable[[CaseRow], Any]] = {
    "next-due": lambda row: row.next.due if row.next else None,
    "updated": lambda row: row.updated,
    "ref": lambda row: ref_order(row.ref),
    "title": lambda row: row.title.casefold(),
    "severity": lambda row: (RATING_ORDER[row.rating], row.score or 0.0),
    "stage": lambda row: STAGES.index(row.stage),
    "embargo": lambda row: row.embargo_until,
    "handler": lambda row: row.handler.casefold() or None,
}
VIEWS: dict[View, Callable[[CaseRow], bool]] = {
    "open": lambda row: row.stage != "closed",
    "mine": lambda row: row.stage != "closed" and row.handler_id == "ada",
    "embargo": lambda row: row.stage != "closed" and row.embargo in ("proposed", "agreed"),
    "no-cve": lambda row: row.stage != "closed" and not row.cves,
    "closed": lambda row: row.stage == "closed",
    "all": lambda row: True,
}


def by_number(row: CaseRow) -> int:
    """The order in which the cases came in."""
    return int(row.id[1:])


def in_order(rows: list[CaseRow], sort: Sort, *, descending: bool) -> list[str]:
    """References in the order that Python gives: what has no key comes last both ways."""
    key = KEYS[sort]
    have = [row for row in rows if key(row) is not None]
    lack = [row for row in rows if key(row) is None]
    have.sort(key=lambda row: (key(row), by_number(row)), reverse=descending)
    lack.sort(key=by_number, reverse=descending)
    return [row.ref for row in (*have, *lack)]


def pages(vault: SqlVault, query: CaseQuery, limit: int) -> list[CaseRow]:
    """Every page of a query, one after the other."""
    found: list[CaseRow] = []
    cursor: str | None = None
    while True:
        page = vault.queries.cases(query, cursor, limit)
        assert len(page.rows) <= limit
        found.extend(page.rows)
        cursor = page.cursor
        if cursor is None:
            return found
        assert len(page.rows) == limit


def everything(vault: SqlVault) -> list[CaseRow]:
    return pages(vault, CaseQuery(sort="ref"), 500)


def test_the_table_tells_of_a_case_what_its_state_says(filled: SqlVault) -> None:
    for row in everything(filled):
        case = filled.queries.case(row.ref)
        assert case is not None
        assert (row.id, row.title, row.track, row.updated) == (case.id, case.title, case.track, case.updated_at)
        assert row.cves == tuple(cve.id for cve in case.cves)
        assert row.handler_id == (case.handler.id if case.handler else "")
        assert (row.stage == "closed") == (not case.is_open)


@pytest.mark.parametrize("sort", get_args(Sort))
@pytest.mark.parametrize("descending", [False, True])
def test_every_order_is_that_of_python_both_ways(filled: SqlVault, sort: Sort, descending: bool) -> None:
    rows = everything(filled)
    assert len(rows) == 120
    for limit in (7, 50, 500):
        found = pages(filled, CaseQuery(sort=sort, descending=descending), limit)
        assert [row.ref for row in found] == in_order(rows, sort, descending=descending)


@pytest.mark.parametrize("view", sorted(VIEWS))
def test_every_view_holds_what_it_says_and_counts_it(filled: SqlVault, view: View) -> None:
    rows = [row for row in everything(filled) if VIEWS[view](row)]
    query = CaseQuery(view=view, me="ada", sort="updated")
    assert [row.ref for row in pages(filled, query, 9)] == in_order(rows, "updated", descending=False)
    assert filled.queries.count(query) == len(rows) > 0


def test_the_waiting_view_holds_the_cases_that_wait(filled: SqlVault) -> None:
    waiting = set()
    for row in everything(filled):
        case = filled.queries.case(row.ref)
        assert case is not None
        if case.is_open and case.waiting_since is not None:
            waiting.add(row.ref)
    assert {row.ref for row in pages(filled, CaseQuery(view="waiting"), 8)} == waiting
    assert filled.queries.count(CaseQuery(view="waiting")) == len(waiting) > 0


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sort=st.sampled_from(get_args(Sort)),
    view=st.sampled_from(sorted(VIEWS)),
    descending=st.booleans(),
    stages=st.sets(st.sampled_from(STAGES), max_size=3),
    ratings=st.sets(st.sampled_from(sorted(RATING_ORDER)), max_size=3),
    text=st.sampled_from(["", "aster", "heap", "aster cra", "nothing-like-it", "h-2026", "\u00e4th"]),
    limit=st.sampled_from([1, 6, 40]),
)
def test_any_query_gives_complete_pages_in_the_order_of_python(  # noqa: PLR0917 - each is drawn by its name
    filled: SqlVault,
    sort: Sort,
    view: View,
    descending: bool,
    stages: set[str],
    ratings: set[str],
    text: str,
    limit: int,
) -> None:
    query = CaseQuery(
        text=text, view=view, me="ada", stages=tuple(stages), ratings=tuple(ratings), sort=sort, descending=descending
    )

    def fits(row: CaseRow) -> bool:
        words = f"{row.title} {row.ref}".casefold().replace("\u00e4", "a").split()
        wanted = text.replace("\u00e4", "a").split()
        return (
            VIEWS[view](row)
            and (not stages or row.stage in stages)
            and (not ratings or row.rating in ratings)
            and all(any(word.startswith(start) for word in words) for start in wanted)
        )

    rows = [row for row in everything(filled) if fits(row)]
    assert [row.ref for row in pages(filled, query, limit)] == in_order(rows, sort, descending=descending)
    assert filled.queries.count(query) == len(rows)


def test_a_filter_of_nothing_known_finds_nothing(filled: SqlVault) -> None:
    for query in (CaseQuery(stages=("sleeping",)), CaseQuery(ratings=("huge",)), CaseQuery(view="mine", me="nobody")):
        assert filled.queries.cases(query).rows == ()
        assert filled.queries.count(query) == 0


def test_the_pages_stay_complete_while_cases_change_behind_them(vault: SqlVault) -> None:
    with vault.transaction(ADA, START) as tx:
        for number in range(1, 31):
            tx.append(f"case:C{number:06d}", [received(number)])
    first = vault.queries.cases(CaseQuery(sort="ref"), None, 10)
    with vault.transaction(ADA, START + timedelta(days=1)) as tx:
        tx.append("case:C000003", [e.CaseClosed(at=START)])
        tx.append("case:C000031", [received(31)])
    rest = vault.queries.cases(CaseQuery(sort="ref"), first.cursor, 100)
    assert [row.ref for row in (*first.rows, *rest.rows)] == [f"H-2026-{number:03d}" for number in range(1, 32)]


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "!!", "\ud800", "A" * 5000, base64.urlsafe_b64encode(b"[1,2]").decode(),
     base64.urlsafe_b64encode(b'{"part":1}').decode(), base64.urlsafe_b64encode(b"[0,1e400,3]").decode(),
     base64.urlsafe_b64encode(b"[0,99999999999999999999,3]").decode(), base64.urlsafe_b64encode(b"[0,[],3]").decode()],
)  # fmt: skip
def test_a_cursor_that_is_none_is_refused(filled: SqlVault, cursor: str) -> None:
    with pytest.raises(Rejected) as caught:
        filled.queries.cases(CaseQuery(), cursor)
    assert caught.value.code == "query.cursor"
    with pytest.raises(Rejected):
        filled.queries.releases(cursor)


def test_references_of_a_view_come_in_their_order(filled: SqlVault) -> None:
    rows = everything(filled)
    assert list(filled.queries.refs()) == in_order(rows, "ref", descending=False)
    assert list(filled.queries.refs("closed")) == [row.ref for row in rows if row.stage == "closed"]


def test_embargoes_come_soonest_first_and_only_while_they_hold(filled: SqlVault) -> None:
    rows = [row for row in everything(filled) if row.embargo in ("proposed", "agreed")]
    rows.sort(key=lambda row: (row.embargo_until, by_number(row)))
    assert [row.ref for row in filled.queries.embargoes()] == [row.ref for row in rows][:50]
    assert len(filled.queries.embargoes(3)) == 3


@pytest.mark.parametrize("view", ["open", "closed", "waiting", "all"])
@pytest.mark.parametrize("sort", get_args(Sort))
def test_no_order_sorts_more_than_it_shows(filled: SqlVault, sort: Sort, view: View) -> None:
    """The plan of each order walks an index; only the merge of open and closed may put two of them together."""
    db = filled._db
    seen: list[str] = []
    original = db.all

    def listening(sql: str, values: Any = ()) -> list[Any]:
        if "AS key" in sql and view != "waiting":
            db._db.set_authorizer(None)
            seen.extend(row[3] for row in original(f"EXPLAIN QUERY PLAN {sql}", values))
            db._db.set_authorizer(db._authorizer)
        return original(sql, values)

    db.all = listening  # type: ignore[method-assign]
    try:
        filled.queries.cases(CaseQuery(sort=sort, view=view))
    finally:
        db.all = original  # type: ignore[method-assign]
    plan = " / ".join(seen)
    assert "TEMP B-TREE" not in plan, plan
    assert view == "waiting" or "INDEX case_by_" in plan, plan


def test_a_page_is_never_larger_than_it_may_be(filled: SqlVault, tmp_path: Path) -> None:
    assert len(filled.queries.cases(CaseQuery(), limit=0).rows) == 1
    assert len(filled.queries.cases(CaseQuery(), limit=10**9).rows) == 120
