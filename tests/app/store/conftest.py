"""A fresh store for each test: made once, copied for each, closed when the test is over."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store.connection import Connection
from app.store.vault import SqlVault
from tests.app.store.building import add_case, insider, new_store, reopen, tell_a_story


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store as it is right after it was made."""
    folder = tmp_path_factory.mktemp("template") / "team.holdfast"
    new_store(folder).close()
    return folder


@pytest.fixture(scope="session")
def template_with_a_case(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same store with one case in it."""
    folder = tmp_path_factory.mktemp("template") / "team.holdfast"
    shutil.copytree(template, folder)
    vault = reopen(folder)
    add_case(vault)
    vault.close()
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the store of the test lies."""
    return tmp_path / "team.holdfast"


@pytest.fixture
def vault(template: Path, folder: Path) -> Iterator[SqlVault]:
    """An open store without cases."""
    shutil.copytree(template, folder)
    opened = reopen(folder)
    yield opened
    opened.close()


@pytest.fixture
def closed(template_with_a_case: Path, folder: Path) -> Path:
    """A store that nobody has open, with a case in it."""
    shutil.copytree(template_with_a_case, folder)
    return folder


@pytest.fixture
def db(closed: Path) -> Iterator[Connection]:
    """The connection of somebody who has the key to that store."""
    connection = insider(closed)
    yield connection
    connection.close()


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store with the story in it."""
    folder = tmp_path_factory.mktemp("told") / "team.holdfast"
    vault = new_store(folder)
    tell_a_story(vault)
    vault.close()
    return folder


@pytest.fixture
def story(told: Path, folder: Path) -> Path:
    """A copy of it for this test."""
    shutil.copytree(told, folder)
    return folder
