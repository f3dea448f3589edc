"""The rest of the read side: history, promises, releases, owners of CVE ids, imported records."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.desk.ports.vault import CaseQuery, ReleaseRow
from app.domain.events import case_events as e
from app.domain.events import release_events as r
from app.domain.events.team_events import PersonAdded
from app.domain.values import OutFile
from app.store.vault import SqlVault
from tests.app.store.building import ADA, NOOR, START, add_case, add_release, happen, source


@pytest.fixture
def busy(vault: SqlVault) -> SqlVault:
    """Two cases and a release whose events alternate: 3 to 6 and 9 are of the first case, 7 of the second one."""
    add_case(vault, 1)
    for text in ("one", "two", "three"):
        happen(vault, 1, e.NoteAdded(text=text), now=START + timedelta(minutes=1))
    add_case(vault, 2)
    add_release(vault)
    happen(vault, 1, e.NoteAdded(text="four"), actor=NOOR)
    return vault


def test_history_tells_a_case_in_the_order_it_happened(busy: SqlVault) -> None:
    rows = busy.queries.history("H-2026-001")
    assert [row.seq for row in rows] == [3, 4, 5, 6, 9]
    assert [type(row.event).__name__ for row in rows] == ["ReportReceived"] + ["NoteAdded"] * 4
    assert {(row.stream, row.ref) for row in rows} == {("case:C000001", "H-2026-001")}
    assert [row.actor for row in rows[-2:]] == [ADA, NOOR]
    assert {row.device for row in rows} == {busy.device}
    assert len({row.event_id for row in rows}) == 5


def test_history_is_read_in_pages_both_ways(busy: SqlVault) -> None:
    def seqs(ref: str | None, after: int, limit: int, *, newest_first: bool = False) -> list[int]:
        return [row.seq for row in busy.queries.history(ref, after, limit, newest_first=newest_first)]

    assert seqs("H-2026-001", 0, 2) == [3, 4]
    assert seqs("H-2026-001", 4, 2) == [5, 6]
    assert seqs("H-2026-001", 6, 2) == [9]
    assert seqs("H-2026-001", 9, 2) == []
    assert seqs("H-2026-001", 0, 2, newest_first=True) == [9, 6]
    assert seqs("H-2026-001", 6, 2, newest_first=True) == [5, 4]
    assert seqs("H-2026-001", 3, 2, newest_first=True) == []
    assert seqs(None, 0, 3) == [1, 2, 3]
    assert seqs(None, 7, 9) == [8, 9]
    assert seqs(None, 0, 2, newest_first=True) == [9, 8]
    assert seqs(None, 2, 2, newest_first=True) == [1]


def test_history_can_be_asked_by_id_by_release_and_of_the_team(busy: SqlVault) -> None:
    assert [row.seq for row in busy.queries.history("C000002")] == [7]
    assert [row.ref for row in busy.queries.history("R-2026-001")] == ["R-2026-001"]
    assert [type(row.event).__name__ for row in busy.queries.history("team")] == ["StoreCreated", "DeviceEnrolled"]
    assert busy.queries.history("H-2026-777") == ()
    assert busy.queries.history("\ud800") == ()


def test_history_is_counted_without_being_read(busy: SqlVault) -> None:
    counts = [busy.queries.history_count(ref) for ref in (None, "H-2026-001", "R-2026-001", "team", "H-2026-777")]
    assert counts == [9, 5, 1, 2, 0]


def test_what_is_not_there_is_none(busy: SqlVault) -> None:
    assert busy.queries.case("H-2026-777") is None
    assert busy.queries.case("R-2026-001") is None
    assert busy.queries.release("H-2026-001") is None
    assert busy.queries.case("") is None
    assert busy.queries.case("team") is None
    assert busy.queries.case("x" * 10_000) is None
    assert busy.queries.cve_owner("CVE-2099-77777") is None
    assert busy.queries.known("nswg:1") is None


def test_a_release_is_found_by_reference_and_by_id(busy: SqlVault) -> None:
    release = busy.queries.release("R-2026-001")
    assert release is not None
    assert busy.queries.release("R000001") == release


def test_releases_come_latest_first_in_pages(vault: SqlVault) -> None:
    for number in range(1, 8):
        add_release(vault, number, target=START + timedelta(days=number % 5))
    seen: list[ReleaseRow] = []
    cursor: str | None = None
    while True:
        rows, cursor = vault.queries.releases(cursor, 3)
        seen.extend(rows)
        if cursor is None:
            break
    expected = sorted(range(1, 8), key=lambda number: (number % 5, number), reverse=True)
    assert [row.ref for row in seen] == [f"R-2026-{number:03d}" for number in expected]


def test_a_release_row_tells_how_far_it_is(vault: SqlVault) -> None:
    moved = r.ReleasePostponed(at=START, old=START, new=START + timedelta(days=9), reason="a test failed")
    bundled = r.CaseBundled(case="C000001", ref="H-2026-001")
    add_release(vault, 1, [moved, bundled, r.VersionsReleased(at=START, versions=("22.1.0",))], title="Autumn")
    ((row,), cursor) = vault.queries.releases()
    assert (row.title, row.slug, row.cases, row.state, row.postponed) == ("Autumn", "aster-1", 1, "released", 1)
    assert (row.target, cursor) == (START + timedelta(days=9), None)


def test_promises_come_most_urgent_first_and_paused_ones_last(vault: SqlVault) -> None:
    add_case(vault, 1, received_at=START + timedelta(hours=5))
    add_case(vault, 2, e.HandlerAssigned(person=NOOR))
    add_case(vault, 3, e.WaitingForReporter(at=START), received_at=START - timedelta(days=3))
    add_case(vault, 4, e.CaseClosed(at=START))
    rows = vault.queries.due()
    running = [row for row in rows if not row.paused]
    paused = [row for row in rows if row.paused]
    assert rows == (*running, *paused)
    assert [row.due for row in running] == sorted(row.due for row in running)
    assert running[0].ref in ("H-2026-002", "H-2026-003")
    assert "H-2026-004" not in {row.ref for row in rows}
    assert {row.ref for row in vault.queries.due(me="noor")} == {"H-2026-002"}
    assert vault.queries.due(me="ada") == ()
    assert len(vault.queries.due(1)) == 1
    assert rows[0].due == rows[0].started + timedelta(hours=24)


def test_a_promise_that_is_kept_is_no_longer_due(vault: SqlVault) -> None:
    add_case(vault)
    assert "acknowledge" in {row.clock for row in vault.queries.due()}
    happen(vault, 1, e.ReportAcknowledged(at=START))
    assert "acknowledge" not in {row.clock for row in vault.queries.due()}


def test_a_new_handler_takes_the_promises_along(vault: SqlVault) -> None:
    add_case(vault, 1, e.HandlerAssigned(person=NOOR))
    happen(vault, 1, e.HandlerAssigned(person=ADA))
    assert vault.queries.due(me="noor") == ()
    assert {row.handler_id for row in vault.queries.due(me="ada")} == {"ada"}
    assert vault.queries.count(CaseQuery(view="mine", me="noor")) == 0


def test_the_owner_of_a_cve_id_is_known_until_it_is_withdrawn(vault: SqlVault) -> None:
    add_case(vault, 1, e.CveAssigned(id="CVE-2099-00001", at=START))
    assert vault.queries.cve_owner("CVE-2099-00001") == "H-2026-001"
    happen(vault, 1, e.CveWithdrawn(id="CVE-2099-00001", reason="merged"))
    assert vault.queries.cve_owner("CVE-2099-00001") is None


def test_what_was_imported_is_known_by_its_key_and_the_last_one_counts(vault: SqlVault) -> None:
    add_case(vault, 1, source=source("nswg:core:17"))
    assert vault.queries.known("nswg:core:17") == ("H-2026-001", "ab" * 32)
    add_case(vault, 2, source=source("nswg:core:17", "cd" * 32))
    add_release(vault, 1, source=source("handover:1"))
    assert vault.queries.known("nswg:core:17") == ("H-2026-002", "cd" * 32)
    assert vault.queries.known("handover:1") == ("R-2026-001", "ab" * 32)
    assert vault.verify().ok


def test_exports_and_people_are_kept_in_rows(vault: SqlVault) -> None:
    file = OutFile(name="post.md", sha256="ab" * 32, size=3)
    add_case(vault, 1, e.Exported(format="blog-post", audience="public", files=(file,), override="asked to"))
    rows = vault._db.all("SELECT stream, format, audience, override FROM export_row")
    assert [row[1:] for row in rows] == [("blog-post", "public", "asked to")]
    assert vault._db.all("SELECT name FROM person_row") == [("Rin Reporter",)]


def test_the_team_is_what_its_events_made_it(vault: SqlVault) -> None:
    with vault.transaction(ADA, START) as tx:
        tx.append("team", [PersonAdded(person=NOOR)])
        assert tx.queries.team().people == (ADA, NOOR)
    assert vault.queries.team().person("noor") == NOOR
