"""Erasing by the command line: what is over is named, erased in two steps, and said to be in older backups still."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.app.cli.door import START, Door
from tests.app.store.building import keys_of
from tests.faults.pages import traces

TITLE = "vexquartzwalruspole in the parser"
NOTE = "tundrapolluxombre was here"


@pytest.fixture
def closed(door: Door) -> str:
    """A case that was rejected and closed on the first day."""
    ref = door.receive(TITLE)
    door.do("acknowledge", ref)
    door.do("add-note", ref, "--text", NOTE)
    door.do("reject", ref, "--reason", "works as documented")
    door.do("close", ref)
    return ref


def test_a_case_is_erased_in_two_steps_and_no_trace_of_it_is_left_in_the_file(door: Door, closed: str) -> None:
    door.do("propose-erasure", closed, "--reason", "nobody needs it")
    answer = door.do("erase", closed, "--confirm", closed)
    assert answer.json == {"ref": closed, "changed": [closed]}
    assert f"Erased the texts of 6 events and 0 files of {closed}." in answer.err
    assert door.run("cases", "--json").json[0]["title"] == closed
    shown = door.run("show", closed, "--json").out
    assert "works as documented" not in shown
    assert "nobody needs it" in shown
    verdict = door.run("verify", "--json").json
    assert (verdict["ok"], verdict["findings"]) == (True, [])
    key = keys_of(door.store, "a door of made-up words").database()
    assert traces(door.store / "cases.db", key, ("vexquartzwalruspole", "tundrapolluxombre")) == []


def test_the_history_of_an_erased_case_names_kinds_and_people(door: Door, closed: str) -> None:
    door.do("propose-erasure", closed, "--reason", "over")
    door.do("erase", closed, "--confirm", closed)
    told = door.run("history", closed).out
    assert "Note added (its text was erased)" in told
    assert "Erased the texts and files of the case: over" in told
    assert "Ada Example" in told
    assert NOTE not in told


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([], "Nobody proposed to erase"),
        (["propose-erasure", "--reason", "over"], "Type the reference"),
    ],
)
def test_without_both_steps_nothing_happens(door: Door, closed: str, steps: list[str], words: str) -> None:
    if steps:
        door.do(steps[0], closed, *steps[1:])
    assert words in door.nothing_changes("do", "erase", closed, "--confirm", "H-2026-999", code=1).sentence


def test_older_backups_are_named_since_they_hold_it_still(door: Door, closed: str, tmp_path: Path) -> None:
    door.run("backup", str(tmp_path / "old.holdfast-backup"))
    going = door.run("retention", "--of", closed, "--json").json
    assert (going["ref"], going["events"], going["files"]) == (closed, 5, 0)
    assert going["backups"] == ["old.holdfast-backup"]
    door.do("propose-erasure", closed, "--reason", "over")
    answer = door.do("erase", closed, "--confirm", closed)
    assert "The backup old.holdfast-backup was made while the case was kept and still holds it" in answer.err


def test_what_is_over_is_named_and_proposed_all_at_once(door: Door, closed: str) -> None:
    door.receive("An open one")
    nothing: dict[str, Any] = {"days": None, "over": [], "waiting": [], "proposed": []}
    assert door.run("retention", "--json").json == nothing
    door.do("change-setting", "--key", "retention.days", "--value", "730")
    assert "No closed case is older" in door.run("retention").err
    door.clock.at = START + timedelta(days=731)
    assert closed in door.run("retention").out
    assert [row["ref"] for row in door.run("retention", "--json").json["over"]] == [closed]
    proposed = door.run("retention", "--propose", "--json").json
    assert (proposed["days"], proposed["over"], proposed["proposed"]) == (730, [], [closed])
    again = door.run("retention", "--propose")
    assert "Proposed to erase 0 cases" in again.err
    assert "proposed for erasure" in again.out
    (waiting,) = door.run("retention", "--json").json["waiting"]
    assert (waiting["ref"], waiting["by"]) == (closed, "Ada Example")
    assert "the time that it is kept was over on 2028-03-01" in waiting["reason"]
    door.do("erase", closed, "--confirm", closed)
    assert door.run("retention", "--json").json == {**nothing, "days": 730}


def test_what_happens_to_a_closed_case_starts_its_time_anew(door: Door, closed: str) -> None:
    door.do("change-setting", "--key", "retention.days", "--value", "730")
    door.clock.at = START + timedelta(days=700)
    door.do("add-note", closed, "--text", "somebody asked about it")
    door.clock.at = START + timedelta(days=731)
    assert door.run("retention", "--json").json["over"] == []
    door.clock.at = START + timedelta(days=1431)
    assert [row["ref"] for row in door.run("retention", "--json").json["over"]] == [closed]


def test_for_ever_means_for_ever(door: Door, closed: str) -> None:
    assert closed
    door.do("change-setting", "--key", "retention.days", "--value", "0")
    door.clock.at = START + timedelta(days=50_000)
    assert door.run("retention", "--json").json["over"] == []


def test_an_erased_case_is_not_exported(door: Door, closed: str, tmp_path: Path) -> None:
    door.do("propose-erasure", closed, "--reason", "over")
    door.do("erase", closed, "--confirm", closed)
    refused = door.run("export", "blog-post", "--case", closed, "--out", str(tmp_path / "out"), code=1)
    assert "were erased" in refused.sentence
