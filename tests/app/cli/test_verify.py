"""`holdfast verify` and `checkpoint` as a person meets them: findings in words, lines and codes, older copies."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from app.machine.settings_file import DiskSettings, settings_path
from app.store.connection import Connection
from app.store.folder import DATABASE, SLOTS
from app.store.slots import read_slot_file
from tests.app.cli.door import PASSPHRASE, Door


def edit(door: Door, *statements: str) -> None:
    """Changes the closed store behind the program's back, as somebody with its key could."""
    keys = read_slot_file((door.store / SLOTS).read_bytes(), door.parts.place.floor).unlock(PASSPHRASE)
    assert keys is not None
    db = Connection(door.store / DATABASE, keys.database())
    triggers = db.all("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    with db.changing_schema():
        for name, _ in triggers:
            db.run(f"DROP TRIGGER {name}")
        for statement in statements:
            db.run(statement)
        for _, sql in triggers:
            db.run(sql)
    db.close()


def test_a_finding_tells_the_event_what_it_means_and_what_to_do(door: Door) -> None:
    ref = door.confirmed()
    edit(door, "UPDATE log SET at = at + 1 WHERE kind = 'HandlerAssigned'")
    said = door.run("verify", code=1).err
    assert "The record is not whole" in said
    assert "An event is not the one that was recorded: its entry was changed. [chain.hash]" in said
    assert f"(Handler assigned, {ref}, 2026-03-02 09:00 UTC, by Ada Example)" in said
    assert "Somebody who has the key of the store changed it" in said
    assert "restore the last backup" in said


def test_many_findings_of_one_kind_are_one_thing_that_is_told(door: Door) -> None:
    door.confirmed()
    edit(door, "UPDATE log SET at = at + 1 WHERE seq > 2")
    said = door.run("verify", code=1).err
    assert said.count("[chain.hash]") == 1
    assert "and events 4\u2013" in said


def test_lists_that_differ_are_made_again_when_asked(door: Door) -> None:
    door.confirmed()
    edit(door, "UPDATE case_row SET title = 'Nothing to see'")
    assert "holdfast verify --rebuild" in door.run("verify", code=1).err
    mended = door.run("verify", "--rebuild")
    assert "made again from the log" in mended.err
    assert "The record is whole" in mended.err
    assert "whole" in door.run("verify").sentence


def test_nothing_is_made_again_from_a_log_that_does_not_hold(door: Door) -> None:
    door.confirmed()
    # What came before it is not looked at when the store is opened.
    door.run("checkpoint")
    edit(door, "UPDATE case_row SET title = 'Nothing to see'", "UPDATE log SET event_id = 'x' WHERE seq = 3")
    said = door.run("verify", "--rebuild", code=1).err
    assert "nothing was made again" in said


def test_a_checkpoint_is_a_line_when_nothing_else_is_asked_for(door: Door) -> None:
    line = door.run("checkpoint").out.strip()
    assert line.startswith("HOLDFAST1:")
    door.receive()
    assert "whole" in door.run("verify", "--checkpoint", line).sentence
    typed = " ".join(line[at : at + 6] for at in range(0, len(line), 6)).lower()
    assert "whole" in door.run("verify", "--checkpoint", typed).sentence
    assert "whole" in door.run("verify", "--checkpoint", door.file("line.txt", typed.replace(" ", "\n"))).sentence


def test_a_line_with_a_typo_is_called_that_and_no_verdict(door: Door) -> None:
    line = door.run("checkpoint", "--line").out.strip()
    wrong = line[:40] + ("0" if line[40] != "0" else "1") + line[41:]
    assert "wrong or missing character" in door.run("verify", "--checkpoint", wrong, code=1).sentence


@pytest.mark.parametrize(("kind", "mark"), [("svg", b"<svg"), ("png", b"\x89PNG"), ("txt", "\u2588".encode())])
def test_a_checkpoint_can_be_a_code_to_scan(door: Door, kind: str, mark: bytes) -> None:
    target = door.folder / f"code.{kind}"
    door.run("checkpoint", "--qr", str(target))
    assert mark in target.read_bytes()
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_code_needs_a_name_that_says_what_kind_of_picture_it_is(door: Door) -> None:
    answer = door.nothing_changes("checkpoint", "--qr", str(door.folder / "code.gif"), code=2)
    assert ".svg, .png or .txt" in answer.sentence


@pytest.fixture
def rolled_back(door: Door) -> Door:
    """A store in whose place an older copy was put."""
    door.receive()
    older = door.folder / "older"
    shutil.copytree(door.store, older)
    door.receive("What came later")
    shutil.rmtree(door.store)
    older.rename(door.store)
    return door


def test_an_older_copy_is_told_before_anything_is_written(rolled_back: Door) -> None:
    before = (rolled_back.store / DATABASE).read_bytes()
    said = rolled_back.run("cases", code=1).err
    assert "older than it was here" in said
    assert "--accept-older" in said
    assert (rolled_back.store / DATABASE).read_bytes() == before


def test_verify_names_an_older_copy(rolled_back: Door) -> None:
    answer = rolled_back.run("verify", "--json", code=1)
    assert [finding["code"] for finding in answer.json["findings"]] == ["store.rolled-back"]
    said = rolled_back.run("verify", code=1).err
    assert "an older copy was put in its place" in said
    assert "--accept-older" in said


def test_whoever_accepts_an_older_copy_goes_on_with_it_on_record(rolled_back: Door) -> None:
    rolled_back.run("cases", "--accept-older")
    events = rolled_back.run("history", "team", "--json").json
    assert events[-1]["event"]["type"] == "OlderCopyAccepted"
    assert "whole" in rolled_back.run("verify").sentence
    rolled_back.receive("Told again")


def test_a_copy_that_went_another_way_is_named(door: Door) -> None:
    door.receive()
    other = door.folder / "other"
    shutil.copytree(door.store, other)
    for title in ("This is what happened", "And this", "And that"):
        door.receive(title)
    here = door.store
    door.store = other
    door.run("cases", "--accept-older")
    door.receive("This is what they wish had happened")
    door.store = here
    said = door.run("cases", code=1).err
    assert "went another way" in said


def test_who_does_not_want_to_be_remembered_is_not(door: Door) -> None:
    settings = DiskSettings(settings_path())
    before = settings.read()
    settings.write({"store.seen": "no"})
    try:
        door.receive()
        older = door.folder / "older"
        shutil.copytree(door.store, older)
        door.receive("What came later")
        shutil.rmtree(door.store)
        older.rename(door.store)
        assert door.run("cases").code == 0
    finally:
        settings.write(before)


def test_a_clock_that_went_back_is_told_and_noted_once(door: Door) -> None:
    door.receive()
    door.clock.at -= timedelta(hours=3)
    assert "The clock of this machine went back" in door.do("receive", "--title", "Late and early").err
    door.receive("And more")
    kinds = [event["event"]["type"] for event in door.run("history", "team", "--json").json]
    assert kinds.count("ClockWentBack") == 1
    answer = door.run("verify", "--json")
    assert [remark["code"] for remark in answer.json["remarks"]] == ["time.back"]
    assert "Remark: The clock went back by 2 h" in door.run("verify").err


def test_the_file_of_what_was_seen_names_nothing(door: Door) -> None:
    door.receive("A secret title")
    data = settings_path().with_name("seen.json").read_bytes()
    assert b"secret" not in data
    assert str(Path(door.store).name).encode() not in data
