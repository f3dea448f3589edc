"""The invented cases of the bench, on a store of a few: what is measured must be a store like any other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.desk.ports.vault import CaseQuery
from app.store.folder import DATABASE
from app.store.queries.case_list import CaseList
from app.store.vault import SqlVault
from tests.bench.large_store import COMMON, LONG_HISTORY, RARE, make_store, opened
from tests.bench.plain_store import PlainStore, plain_copy

CASES = 40


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("bench") / "few.holdfast"
    make_store(made, CASES)
    return made


@pytest.fixture
def vault(folder: Path) -> Iterator[SqlVault]:
    vault = opened(folder)
    yield vault
    vault.close()


def test_a_store_of_invented_cases_verifies(vault: SqlVault) -> None:
    report = vault.verify()
    assert report.findings == ()
    assert report.ok


def test_most_cases_are_closed_and_some_are_on_their_way(vault: SqlVault) -> None:
    rows = vault.queries.cases(CaseQuery()).rows
    assert len(rows) == CASES
    # Of these forty, four are on their way, and so is the long one.
    assert vault.queries.count(CaseQuery(view="open")) == 5
    assert {row.stage for row in rows} >= {"acknowledged", "closed"}


def test_the_first_case_has_a_long_history(vault: SqlVault) -> None:
    assert vault.queries.history_count("B0000000") == LONG_HISTORY


def test_one_word_is_rare_and_two_are_common(vault: SqlVault) -> None:
    assert vault.queries.count(CaseQuery(text=RARE)) == 1
    assert min(vault.queries.count(CaseQuery(text=word)) for word in COMMON) > CASES / 4


def test_the_plain_copy_answers_like_the_store(folder: Path, tmp_path: Path) -> None:
    plain_copy(folder / DATABASE, folder, tmp_path / "plain.db")
    plain = PlainStore(tmp_path / "plain.db")
    query = CaseQuery(text=COMMON[0], sort="title")
    found = CaseList(plain.as_connection()).page(query, None, 200)
    plain.close()
    vault = opened(folder)
    assert vault.queries.cases(query) == found
    vault.close()
