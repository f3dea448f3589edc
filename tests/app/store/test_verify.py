"""Verification: every edit behind the program's back is found, and nothing is found in a store as it should be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.domain.case.evolve import evolve
from app.domain.case.state import Case
from app.domain.errors import Environment
from app.domain.events import CASE_EVENTS, RELEASE_EVENTS, TEAM_EVENTS
from app.domain.events import case_events as e
from app.domain.events.erasure_events import CaseErased, CaseSalvaged
from app.domain.values import Blob, Fix
from app.store.folder import DATABASE
from app.store.pages import PAGE
from app.store.verify.blob_check import blobs_of
from tests.app.store.building import (
    ADA,
    START,
    found,
    happen,
    received,
    reopen,
    tampering,
)


def what_shows(folder: Path) -> set[str]:
    """What opening or verifying a closed store finds."""
    try:
        return found(folder)
    except Environment as fault:
        return {fault.code}


def test_a_store_as_it_should_be_gives_no_finding(story: Path) -> None:
    vault = reopen(story)
    report = vault.verify()
    assert (report.ok, report.findings, report.cancelled) == (True, (), False)
    assert (report.events, report.blobs, report.devices) == (vault.queries.history_count(), 1, (vault.device,))
    assert (len(report.head), len(report.root)) == (64, 64)
    vault.close()


EXTRA_ROW = (
    "INSERT INTO case_row SELECT 99, 'C9', 'H-2026-099', title, stage, track, rating, score, lines, cves, handler,"
    ' handler_id, embargo, embargo_until, updated, "release", next_what, next_due, next_rule, next_paused, open,'
    " 'H-2026-000000099', title_key, severity_key, stage_key, handler_key FROM case_row WHERE ref = 'H-2026-001'"
)
PROJECTIONS = [
    "UPDATE case_row SET title = 'Nothing to see' WHERE ref = 'H-2026-001'",
    "UPDATE case_row SET embargo_until = embargo_until - 1 WHERE ref = 'H-2026-001'",
    "UPDATE case_row SET title_key = 'a' WHERE ref = 'H-2026-001'",
    "DELETE FROM case_row WHERE ref = 'H-2026-002'",
    EXTRA_ROW,
    "UPDATE case_bits SET bits = bits + 1 WHERE stream = (SELECT min(stream) FROM case_bits)",
    "DELETE FROM case_bits",
    "INSERT INTO case_bits (stream, open, bits) VALUES (99, 1, 0)",
    "UPDATE facet SET cases = cases + 1",
    "INSERT INTO facet (open, bits, cases) VALUES (0, 999, 1)",
    "UPDATE handler SET id = 'noor'",
    "UPDATE clock_row SET due = due + 86400000000",
    "DELETE FROM clock_row",
    "INSERT INTO clock_row (paused, due, stream, clock, started, handler_id) VALUES (0, 1, 99, 'x', 0, '')",
    "UPDATE person_row SET name = 'Somebody Else' WHERE name = (SELECT min(name) FROM person_row)",
    "DELETE FROM person_row",
    "UPDATE cve_row SET cve = 'CVE-2099-00002'",
    "INSERT INTO cve_row (cve, stream) VALUES ('CVE-2099-00009', 99)",
    "UPDATE source_row SET sha256 = 'x'",
    "DELETE FROM source_row",
    "UPDATE export_row SET audience = 'party'",
    "DELETE FROM export_row",
    "UPDATE release_row SET target = target + 1",
    "DELETE FROM release_row",
    "UPDATE release_row SET ref_key = 'a'",
    "DELETE FROM case_text WHERE id = (SELECT max(id) FROM case_text)",
    "UPDATE case_text SET words = 'other' WHERE id = (SELECT min(id) FROM case_text)",
    "INSERT INTO case_text (id, words) VALUES (99 << 20, 'extra')",
    "INSERT OR IGNORE INTO stale_text (id) SELECT id FROM case_text",
    "DELETE FROM stale_text",
    "UPDATE fresh_text SET words = 'other' WHERE id = (SELECT min(id) FROM fresh_text)",
    "DELETE FROM fresh_text",
    "INSERT INTO fresh_text (id, words) VALUES (99 << 20, 'extra')",
    "INSERT INTO case_search (rowid, words) VALUES (77, 'only in the index')",
    "INSERT INTO case_search (case_search) VALUES ('delete-all')",
]


@pytest.mark.parametrize("sql", PROJECTIONS)
def test_an_edit_of_a_projection_is_found_and_rebuilding_mends_it(story: Path, sql: str) -> None:
    with tampering(story) as db:
        db.run(sql)
    assert found(story) == {"projection.differs"}
    vault = reopen(story)
    vault.rebuild()
    assert vault.verify().ok
    vault.close()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE state SET content = CAST(replace(CAST(content AS TEXT), 'agreed', 'ended') AS BLOB)",
        "UPDATE state SET version = version + 1",
        "UPDATE state SET last = 1 WHERE stream > 1",
        "DELETE FROM state WHERE stream = 2",
        "INSERT INTO state (stream, version, last, content) VALUES (99, 1, 1, x'7b7d')",
    ],
)
def test_an_edit_of_a_state_is_found_and_rebuilding_mends_it(story: Path, sql: str) -> None:
    with tampering(story) as db:
        db._db.set_authorizer(None)
        db.run(sql)
    assert found(story) & {"state.snapshot", "projection.differs"}
    vault = reopen(story)
    vault.rebuild()
    assert vault.verify().ok
    vault.close()


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("UPDATE log SET kind = 'NoteAdded' WHERE seq = 4", "chain.hash"),
        ("UPDATE log SET at = at + 1 WHERE seq = 4", "chain.hash"),
        ("UPDATE log SET actor = 2 WHERE seq = 4", "chain.hash"),
        ("UPDATE log SET event_id = 'x' WHERE seq = 4", "chain.hash"),
        ("UPDATE log SET state_digest = zeroblob(32) WHERE seq = 4", "chain.hash"),
        ("UPDATE log SET state_version = 2 WHERE seq = 4", "state.version"),
        ("UPDATE log SET seal = NULL WHERE seq = 5", "chain.seal"),
        ("UPDATE log SET seal = zeroblob(32) WHERE seq = 7", "signature.missing"),
        ("UPDATE log SET device_seq = device_seq + 1 WHERE seq = 4", "chain.device-order"),
        ("UPDATE log SET stream_prev = 0 WHERE seq = 5", "chain.stream"),
        ("UPDATE log SET prev = zeroblob(32) WHERE seq = 4", "chain.link"),
        ("UPDATE log SET hash = zeroblob(32) WHERE seq = 4", "chain.hash"),
        ("UPDATE log SET stream = 1 WHERE seq = 4", "chain.hash"),
        ("UPDATE stream SET name = 'case:C000009' WHERE name = 'case:C000002'", "chain.hash"),
        ("UPDATE actor SET person = '{\"id\":\"ada\",\"name\":\"Mallory\",\"email\":\"\"}' WHERE no = 1", "chain.hash"),
        ("DELETE FROM log WHERE seq = 5", "chain.gap"),
        ("DELETE FROM log WHERE seq >= 17", "chain.gap"),
        ("DELETE FROM body WHERE seq = 5", "body.unreadable"),
        ("UPDATE body SET content = x'7b7d' WHERE seq = 5", "body.commitment"),
        ("UPDATE body SET salt = zeroblob(16) WHERE seq = 5", "body.commitment"),
        ("UPDATE body SET content = x'ff' WHERE seq = 5", "body.unreadable"),
        ("UPDATE body SET content = NULL, salt = NULL, erased_by = 1 WHERE seq = 5", "body.erased"),
        ("INSERT INTO body (seq, salt, content) VALUES (999, x'00', x'00')", "chain.gap"),
        ("DELETE FROM signature WHERE seq = 5", "signature.missing"),
        ("DELETE FROM signature", "signature.missing"),
        ("DELETE FROM signature WHERE seq = (SELECT max(seq) FROM signature)", "signature.missing"),
        ("UPDATE signature SET sig = zeroblob(64) WHERE seq = 5", "signature.bad"),
        ("UPDATE signature SET sig = zeroblob(64) WHERE seq = (SELECT max(seq) FROM signature)", "signature.bad"),
        ("UPDATE signature SET device = 7 WHERE seq = 5", "device.unknown"),
        ("INSERT INTO signature (seq, device, sig) VALUES (999, 1, x'00')", "chain.gap"),
        ("INSERT INTO signature (seq, device, sig) VALUES (3, 1, zeroblob(64))", "chain.seal"),
        ("UPDATE blob_chunk SET content = zeroblob(16000)", "blob.damaged"),
        ("DELETE FROM blob_chunk", "blob.damaged"),
        ("DELETE FROM blob", "blob.missing"),
        ("UPDATE anchor SET count = count - 1", "anchor.bad"),
        ("UPDATE anchor SET sig = zeroblob(64)", "anchor.bad"),
    ],
)  # fmt: skip
def test_an_edit_of_the_record_is_found(story: Path, sql: str, code: str) -> None:
    with tampering(story) as db:
        db._db.set_authorizer(None)
        db.run(sql)
    assert code in found(story)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE log SET at = at + 1 WHERE seq = (SELECT max(seq) FROM log)",
        "DELETE FROM log WHERE seq = (SELECT max(seq) FROM log)",
        "DELETE FROM signature WHERE seq = (SELECT max(seq) FROM signature)",
        "UPDATE signature SET sig = zeroblob(64) WHERE seq = (SELECT max(seq) FROM signature)",
        "UPDATE body SET content = x'7b7d' WHERE seq = (SELECT max(seq) FROM body)",
        "UPDATE anchor SET sig = zeroblob(64)",
        "UPDATE anchor SET head = zeroblob(32)",
        "DELETE FROM log WHERE seq > 3",
        "DELETE FROM log",
    ],
)
def test_nothing_is_added_to_a_log_whose_end_was_tampered_with(story: Path, sql: str) -> None:
    with tampering(story) as db:
        db.run(sql)
    with pytest.raises(Environment) as caught:
        reopen(story)
    assert caught.value.code == "store.log-damaged"
    assert caught.value.facts["finding"]
    assert found(story)


def test_a_device_of_another_name_does_not_open_its_key(story: Path) -> None:
    with tampering(story) as db:
        db.run("UPDATE device SET id = 'OTHERDEVICE'")
    for inspect in (False, True):
        with pytest.raises(Environment) as caught:
            reopen(story, inspect=inspect)
        assert (caught.value.code, caught.value.facts["part"]) == ("store.damaged", "device-key")


def test_two_events_that_change_places_are_found(story: Path) -> None:
    with tampering(story) as db:
        for old, new in ((14, -1), (15, 14), (-1, 15)):
            db.run("UPDATE log SET seq = ? WHERE seq = ?", (new, old))
            db.run("UPDATE body SET seq = ? WHERE seq = ?", (new, old))
    assert found(story) >= {"chain.hash", "chain.link"}


def test_a_page_put_back_from_an_older_copy_is_found_whichever_it_is(told: Path, story: Path, tmp_path: Path) -> None:
    # Opened once: what a store learns of its slots then is no part of the record.
    reopen(story).close()
    old = (story / DATABASE).read_bytes()
    vault = reopen(story)
    happen(vault, 1, e.EmbargoMoved(old=START, until=START + timedelta(days=1), reason="leak"))
    vault.close()
    new = (story / DATABASE).read_bytes()
    assert len(new) == len(old)
    pages = [at for at in range(0, len(new), PAGE) if new[at : at + PAGE] != old[at : at + PAGE]]
    assert len(pages) > 5
    missed = []
    for at in pages:
        (story / DATABASE).write_bytes(new[:at] + old[at : at + PAGE] + new[at + PAGE :])
        if not what_shows(story):
            missed.append(at)
    # The first page holds a counter of changes and no fact; any other one put back shows.
    assert set(missed) <= {0}


def test_verification_tells_how_far_it_is(story: Path) -> None:
    vault = reopen(story)
    seen: list[tuple[int, int]] = []
    vault.verify(progress=lambda done, of: seen.append((done, of)))
    vault.close()
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1] > 0


def test_verification_can_be_ended_early_and_is_then_not_ok(story: Path) -> None:
    vault = reopen(story)
    report = vault.verify(cancelled=lambda: True)
    vault.close()
    assert (report.ok, report.cancelled, report.findings) == (False, True, ())


def test_a_page_with_one_wrong_bit_is_a_finding_whichever_it_is(story: Path) -> None:
    data = (story / DATABASE).read_bytes()
    results, missed = set(), []
    for at in range(0, len(data), PAGE):
        damaged = bytearray(data)
        damaged[at + 50] ^= 1
        (story / DATABASE).write_bytes(damaged)
        here = what_shows(story)
        results |= here
        if not here:
            missed.append(at // PAGE)
    assert missed == []
    assert "store.unreadable" in results


def fields_of(event: type) -> Iterator[tuple[type, Any]]:
    """Every type that occurs in an event, with its own struct."""
    pending, seen = [event], set()
    while pending:
        struct = pending.pop()
        if struct in seen:
            continue
        seen.add(struct)
        for field in msgspec.structs.fields(struct):
            for inner in inner_types(field.type):
                yield struct, inner
                if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
                    pending.append(inner)


def inner_types(annotation: Any) -> list[Any]:
    inner = getattr(annotation, "__args__", ())
    return [annotation, *[found for part in inner for found in inner_types(part)]]


def a_case(blob: Blob) -> Case:
    return evolve(None, received(attachments=(blob,)), START, ADA)


SAMPLES: dict[type, Callable[[Blob], Any]] = {
    e.ReportReceived: lambda blob: received(attachments=(blob,)),
    e.AttachmentAdded: lambda blob: e.AttachmentAdded(blob=blob),
    e.FixHeld: lambda blob: e.FixHeld(fix=Fix(line="22.x", patch=blob)),
    e.MessageLogged: lambda blob: e.MessageLogged(direction="in", purpose="other", at=START, original=blob),
    CaseErased: lambda blob: CaseErased(reason="over", remains=a_case(blob)),
    CaseSalvaged: lambda blob: CaseSalvaged(remains=a_case(blob)),
}


@pytest.mark.parametrize("event", [*CASE_EVENTS, *RELEASE_EVENTS, *TEAM_EVENTS], ids=lambda event: event.__name__)
def test_no_event_speaks_of_a_file_that_verification_would_not_look_for(event: type) -> None:
    speaks = any(inner is Blob for _, inner in fields_of(event))
    assert speaks == (event in SAMPLES)
    if speaks:
        blob = Blob(sha256="ab" * 32, size=1)
        assert blobs_of(SAMPLES[event](blob)) == (blob,)
