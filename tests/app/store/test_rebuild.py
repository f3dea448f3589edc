"""Throwing the projections away and making them again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.desk.ports.vault import CaseQuery
from app.domain.errors import Environment
from app.domain.events import case_events as e
from app.store.folder import DATABASE
from app.store.migrate import schema
from app.store.vault import SqlVault
from tests.app.store.building import ADA, START, add_case, add_release, happen, insider, reopen, source, tampering


def answers(vault: SqlVault) -> tuple[Any, ...]:
    """What the read side says of the store."""
    queries = vault.queries
    return (
        queries.cases(CaseQuery(sort="title")),
        queries.cases(CaseQuery(text="parser")),
        queries.releases(),
        queries.due(),
        queries.known("nswg:core:1"),
        queries.cve_owner("CVE-2099-00001"),
        queries.count(CaseQuery(view="no-cve")),
        queries.history("H-2026-001"),
        queries.team(),
    )


@pytest.fixture
def telling(vault: SqlVault) -> SqlVault:
    add_case(vault, 1, e.HandlerAssigned(person=ADA), source=source("nswg:core:1"))
    add_case(vault, 2, title="Zlib")
    add_release(vault)
    happen(vault, 1, e.CveAssigned(id="CVE-2099-00001", at=START), e.CaseRetitled(title="Parser reads further"))
    happen(vault, 2, e.CaseClosed(at=START))
    return vault


def test_everything_reads_the_same_afterwards(telling: SqlVault) -> None:
    before, made = answers(telling), schema(telling._db)
    seen: list[tuple[int, int]] = []
    telling.rebuild(lambda done, of: seen.append((done, of)))
    assert answers(telling) == before
    assert schema(telling._db) == made
    assert telling.verify().ok
    happen(telling, 1, e.NoteAdded(text="and on it goes"))
    assert telling.verify().ok


def test_a_store_whose_rows_another_version_made_makes_them_again_when_opened(telling: SqlVault, folder: Path) -> None:
    before = answers(telling)
    telling.close()
    db = insider(folder)
    db.run("UPDATE store SET value = '0' WHERE name = 'projection'")
    db.run("UPDATE case_row SET title = 'as an older version had it'")
    db.close()
    vault = reopen(folder)
    assert answers(vault) == before
    assert vault.verify().ok
    vault.close()


def test_a_log_that_does_not_tell_its_states_changes_nothing(telling: SqlVault, folder: Path) -> None:
    telling.checkpoint(ADA, START, "lock")
    before = answers(telling)[:3]
    telling.close()
    with tampering(folder) as db:
        db.run('UPDATE body SET content = CAST(\'{"type":"CaseRetitled","title":"x"}\' AS BLOB) WHERE seq = 5')
    vault = reopen(folder)
    with pytest.raises(Environment) as caught:
        vault.rebuild()
    assert caught.value.code == "store.log-damaged"
    assert answers(vault)[:3] == before
    vault.close()
    assert (folder / DATABASE).exists()
