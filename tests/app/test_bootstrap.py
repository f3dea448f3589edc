"""The wiring: a store is made whole or not at all, opened by its owner, and looked at where it can't be worked with."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.bootstrap import (
    create_store,
    demo_folder,
    format_list,
    inspect_store,
    open_store,
    policy_list,
    project_list,
    write_private,
)
from app.domain.commands.case_commands import Receive
from app.domain.commands.team_commands import AddPerson, ChangePerson
from app.domain.errors import AppError, Environment, Rejected
from tests.app.cli.door import Clock
from tests.builders import quick_parts

PASSPHRASE = "made-up words for a made-up store"


def make(folder: Path, **changes: str) -> None:
    facts = {"title": "Aster", "owner": "Ada Example", "email": "ada@example.org", "project": "aster", **changes}
    create_store(folder, PASSPHRASE, parts=quick_parts(Clock()), **facts).close()  # type: ignore[arg-type]


def test_what_was_made_is_opened_again_with_its_owner_and_project(tmp_path: Path) -> None:
    make(tmp_path / "team.holdfast")
    session = open_store(tmp_path / "team.holdfast", PASSPHRASE, parts=quick_parts(Clock()))
    team = session.queries.team()
    assert (session.me.name, session.me.email, team.name) == ("Ada Example", "ada@example.org", "Aster")
    assert team.project is not None
    assert team.project.key == "aster"
    assert session.vault.verify().ok
    session.close()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": " "}, "text.empty"),
        ({"title": "x" * 121}, "text.too-long"),
        ({"owner": ""}, "text.empty"),
        ({"email": "ada@"}, "identifier.email"),
        ({"policy": "nobody"}, "policy.unknown"),
        ({"project": "nobody"}, "project.unknown"),
    ],
)
def test_a_field_that_is_wrong_makes_nothing(tmp_path: Path, changes: dict[str, str], code: str) -> None:
    with pytest.raises(AppError) as caught:
        make(tmp_path / "team.holdfast", **changes)
    assert caught.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_a_changed_owner_acts_under_the_new_name(tmp_path: Path) -> None:
    make(tmp_path / "team.holdfast")
    for name in ("Ada Example", "Ada Changed"):
        session = open_store(tmp_path / "team.holdfast", PASSPHRASE, parts=quick_parts(Clock()))
        assert session.me.name == name
        if name == "Ada Example":
            session.desk.perform(None, ChangePerson(person=session.me.id, name="Ada Changed"))
        session.close()


def test_somebody_else_of_the_team_acts_on_the_same_open_store(tmp_path: Path) -> None:
    make(tmp_path / "team.holdfast")
    session = open_store(tmp_path / "team.holdfast", PASSPHRASE, parts=quick_parts(Clock()))
    session.desk.perform(None, AddPerson(name="Noor Sample"))
    noor = next(person for person in session.queries.team().people if person.name == "Noor Sample")
    ref = session.acting_as(noor).desk.perform(None, Receive(title="One")).ref
    (row,) = session.queries.history(ref)
    assert row.actor == noor
    session.close()


def test_a_store_is_inspected_without_being_written_to(tmp_path: Path) -> None:
    folder = tmp_path / "team.holdfast"
    make(folder)
    before = (folder / "cases.db").read_bytes()
    vault = inspect_store(folder, PASSPHRASE, parts=quick_parts(Clock()))
    assert vault.verify().ok
    with pytest.raises(Environment, match=r"store\.only-to-look"):
        vault.checkpoint(vault.queries.team().owner, Clock().now(), "no")
    vault.close()
    assert (folder / "cases.db").read_bytes() == before
    with pytest.raises(Rejected, match=r"store\.wrong-passphrase"):
        inspect_store(folder, "wrong", parts=quick_parts(Clock()))


def test_everything_that_comes_along_is_listed() -> None:
    assert ("node-core", "Node.js core, as founded") in policy_list()
    assert {key for key, _ in project_list()} == {"aster", "nodejs"}
    listed = format_list()
    assert all(row["title"] for way in ("import", "export") for row in listed[way])


def test_a_demo_gets_a_private_folder_of_its_own_each_time() -> None:
    one, other = demo_folder(), demo_folder()
    assert one != other
    assert one.stat().st_mode & 0o077 == 0


def test_a_private_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    write_private(tmp_path / "note.txt", b"x")
    assert (tmp_path / "note.txt").stat().st_mode & 0o777 == 0o600
