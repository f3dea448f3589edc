"""Instants beyond every calendar and pipes in place of files are named; they end neither verification nor rescue."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from app.domain.errors import Environment
from app.domain.events import case_events as e
from app.domain.untrusted import TEXT_LIMIT
from app.store.pages import PageFile
from tests.app.store.building import found, keys_of, received, tampering
from tests.app.store.forging import Forger
from tests.faults.rescuing import opened, rescued

FAR = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)


def test_verification_names_an_event_that_was_recorded_after_the_end_of_every_calendar(closed: Path) -> None:
    with tampering(closed) as db:
        db.run("UPDATE log SET at = 9223372036854775807 WHERE seq = (SELECT max(seq) FROM log)")
    assert {"chain.hash", "body.unreadable"} <= found(closed)


@pytest.mark.parametrize("event", [received(received_at=FAR), e.EmbargoAgreed(until=FAR)])
def test_verification_names_a_case_whose_promises_end_after_every_calendar(closed: Path, event: e.CaseEvent) -> None:
    with tampering(closed) as db:
        Forger(db, closed).append(type(event).__name__, msgspec.json.encode(event))
    assert {"signature.bad", "projection.differs"} <= found(closed)


@pytest.mark.parametrize("event", [received(received_at=FAR), e.EmbargoAgreed(until=FAR)])
def test_a_rescue_goes_on_after_an_event_that_no_calendar_holds(closed: Path, event: e.CaseEvent) -> None:
    with tampering(closed) as db:
        Forger(db, closed).append(type(event).__name__, msgspec.json.encode(event))
    report, folder = rescued(closed)
    assert (report.lost, report.findings) == (1, 0)
    vault = opened(folder)
    case = vault.queries.case("H-2026-001")
    assert case is not None
    assert case.title == "Parser reads past the end"
    vault.close()


def test_a_rescue_leaves_an_unsaved_text_behind_that_is_longer_than_any_may_be(closed: Path) -> None:
    with tampering(closed) as db:
        text = "x" * (TEXT_LIMIT + 1)
        db.run("INSERT INTO draft (stream, field, content) VALUES ('H-2026-001', 'long', ?)", (text,))
        db.run("INSERT INTO draft (stream, field, content) VALUES ('H-2026-001', 'short', 'kept')")
    _, folder = rescued(closed)
    vault = opened(folder)
    assert vault.queries.draft("H-2026-001", "short") == "kept"
    assert vault.queries.draft("H-2026-001", "long") is None
    vault.close()


def test_a_pipe_in_place_of_the_database_keeps_nobody_waiting(closed: Path) -> None:
    key = keys_of(closed).database()
    (closed / "cases.db").unlink()
    os.mkfifo(closed / "cases.db")
    with pytest.raises(Environment) as refused:
        PageFile(closed / "cases.db", key)
    assert refused.value.code == "store.database-missing"
