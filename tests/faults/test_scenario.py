"""The judges of the fault tests see what is wrong: a promise not kept, a line cut off, a draft that was lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.commands.case_commands import Receive
from tests.faults import stores
from tests.faults.scenario import Said, Step


@pytest.fixture
def box(tmp_path: Path) -> Path:
    session = stores.new_store(tmp_path, stores.parts(tmp_path))
    session.desk.perform(None, Receive(title="A case", text="Its text"))
    session.desk.save_draft("H-2026-001", "note", "kept")
    session.close()
    return tmp_path


def kinds(box: Path, *steps: Step) -> list[str]:
    return [complaint.kind for complaint in stores.opens_and_holds(box, steps)]


def test_a_store_that_keeps_its_promises_is_not_complained_of(box: Path) -> None:
    draft = {"ref": "H-2026-001", "field": "note", "text": "kept"}
    assert kinds(box, Step(what="draft", begun=draft, done={})) == []


def test_an_event_that_is_not_there_was_lost(box: Path) -> None:
    assert kinds(box, Step(what="note", begun={}, done={"seq": 99, "event": "E"})) == ["lost"]


def test_another_event_in_its_place_is_a_loss(box: Path) -> None:
    assert kinds(box, Step(what="note", begun={}, done={"seq": 2, "event": "E"})) == ["lost"]


def test_a_draft_may_be_old_or_new_while_it_is_saved_but_nothing_else(box: Path) -> None:
    old = {"ref": "H-2026-001", "field": "note", "text": "kept"}
    new = old | {"text": "newer"}
    assert kinds(box, Step(what="draft", begun=old, done={}), Step(what="draft", begun=new)) == []
    assert kinds(box, Step(what="draft", begun=new, done={})) == ["lost"]


def test_a_damaged_store_does_not_open(box: Path) -> None:
    with (box / stores.STORE / "cases.db").open("r+b") as file:
        file.seek(100)
        file.write(b"\0" * 100)
    assert kinds(box) == ["unopenable"]


def test_a_file_that_nobody_cleared_away_is_told(box: Path) -> None:
    (box / stores.STORE / "stray").touch()
    assert kinds(box) == ["left"]


def test_a_line_that_was_cut_off_was_never_said() -> None:
    whole = b'{"what":"note","is_done":false,"facts":{}}\n{"what":"note","is_done":true,"facts":{"seq":3}}\n'
    assert [step.done for step in Said(whole).steps] == [{"seq": 3}]
    assert Said(whole[:-1]).hanging == Step(what="note", begun={})
