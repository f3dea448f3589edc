"""Backups on the command line: made, listed, tried, restored, refused in one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.app.cli.door import Door


@pytest.fixture
def kept(door: Door) -> Door:
    """A door to a store with a case in it, and a folder for its backups."""
    door.receive()
    (door.folder / "kept").mkdir()
    return door


def kept_in(door: Door) -> str:
    return str(door.folder / "kept")


def choose_folder(door: Door) -> None:
    door.do("change-setting", "--key", "backup.folder", "--value", kept_in(door))


def team_events(door: Door, kind: str) -> list[dict[str, Any]]:
    events = (row["event"] for row in door.run("history", "team", "--json").json)
    return [event for event in events if event["type"] == kind]


def restore(door: Door, file: str, name: str = "again.holdfast", code: int = 0) -> Door:
    """Restores and gives a door to what came out."""
    answer = door.say("restore", file, str(door.folder / name), "--passphrase-file", str(door.secret))
    assert answer.code == code, answer.err
    other = Door(door.folder, door.capsys)
    other.store = door.folder / name
    return other


def test_a_backup_is_made_and_on_record(kept: Door) -> None:
    made = kept.run("backup", kept_in(kept), "--json").json
    assert Path(made["file"]).name.startswith("team-2026")
    assert made["events"] == 4
    (event,) = team_events(kept, "BackupMade")
    assert Path(made["file"]).is_file()
    assert event["sha256"] == made["sha256"]


def test_a_backup_says_in_one_sentence_what_was_done(kept: Door) -> None:
    assert "written, read back and verified" in kept.run("backup", kept_in(kept)).sentence


def test_a_backup_without_a_place_to_go_to_is_refused(kept: Door) -> None:
    assert "Choose one in the settings" in kept.nothing_changes("backup", code=1).sentence


def test_the_folder_of_the_store_takes_backups_by_itself(kept: Door) -> None:
    choose_folder(kept)
    kept.run("backup")
    (row,) = kept.run("backups", "--json").json
    assert row["own"]
    assert row["problem"] == ""


def test_a_backup_never_goes_over_an_existing_file(kept: Door) -> None:
    file = kept.file("taken.holdfast-backup", "mine")
    assert "exists already" in kept.nothing_changes("backup", file, code=1).sentence
    assert Path(file).read_text(encoding="utf-8") == "mine"


def test_a_backup_into_the_store_itself_is_refused(kept: Door) -> None:
    assert "lost with it" in kept.nothing_changes("backup", str(kept.store), code=1).sentence


def test_a_list_warns_where_there_is_no_backup(kept: Door) -> None:
    assert "There is no backup of this store yet" in kept.run("backups", kept_in(kept)).err


def test_a_list_tells_backups_of_others_apart(kept: Door) -> None:
    kept.run("backup", kept_in(kept))
    kept.file("kept/other.holdfast-backup", "something else")
    rows = kept.run("backups", kept_in(kept), "--json").json
    assert [row["problem"] for row in rows] == ["", "backup.not-a-backup"]


def test_the_note_of_a_backup_is_a_witness(kept: Door) -> None:
    kept.run("backup", kept_in(kept))
    (row,) = kept.run("backups", kept_in(kept), "--json").json
    note = kept.file("note.txt", row["note"])
    kept.receive()
    assert kept.run("verify", "--checkpoint", note, "--json").json["ok"]


def test_a_restored_store_holds_the_cases(kept: Door) -> None:
    made = kept.run("backup", kept_in(kept), "--json").json
    again = restore(kept, made["file"])
    assert again.run("cases", "--json").json == kept.run("cases", "--json").json
    verified = again.run("verify", "--json").json
    assert verified["ok"]
    assert len(verified["devices"]) == 2


def test_a_restore_never_goes_over_a_store(kept: Door) -> None:
    made = kept.run("backup", kept_in(kept), "--json").json
    answer = kept.say("restore", made["file"], str(kept.store), "--passphrase-file", str(kept.secret))
    assert answer.code == 1
    assert "exists already" in answer.sentence


def test_a_restore_with_a_wrong_passphrase_leaves_nothing(kept: Door) -> None:
    made = kept.run("backup", kept_in(kept), "--json").json
    wrong = kept.file("wrong.txt", "something else\n")
    answer = kept.say("restore", made["file"], str(kept.folder / "no.holdfast"), "--passphrase-file", wrong)
    assert answer.code == 1
    assert "does not open" in answer.sentence
    assert not [path for path in kept.folder.iterdir() if "no.holdfast" in path.name]


def test_a_drill_tells_that_the_backup_holds(kept: Door) -> None:
    choose_folder(kept)
    kept.run("backup")
    assert kept.run("drill", "--json").json["ok"]
    assert "opened and verified" in kept.run("drill").sentence
    assert [event.get("finding", "") for event in team_events(kept, "BackupDrilled")] == ["", ""]


def test_a_drill_of_a_folder_tries_the_last_backup_in_it(kept: Door) -> None:
    made = kept.run("backup", kept_in(kept), "--json").json
    assert kept.run("drill", kept_in(kept), "--json").json["name"] == Path(made["file"]).name


def test_a_folder_that_is_not_there_is_never_made_a_file(kept: Door) -> None:
    nowhere = kept.folder / "nowhere"
    assert "nowhere/ is not there" in kept.nothing_changes("backup", f"{nowhere}/", code=1).sentence
    assert "nowhere/ is not there" in kept.nothing_changes("keys", "rekey", "--backup", f"{nowhere}/", code=1).sentence
    assert not nowhere.exists()


def test_a_drill_of_a_damaged_backup_fails_and_says_so(kept: Door) -> None:
    made = Path(kept.run("backup", kept_in(kept), "--json").json["file"])
    data = bytearray(made.read_bytes())
    data[len(data) // 2] ^= 1
    made.write_bytes(data)
    answer = kept.run("drill", str(made), code=1)
    assert "could not be restored" in answer.sentence
    assert "damaged" in answer.sentence


def test_pruning_says_what_it_dropped(kept: Door) -> None:
    for key in ("daily", "weekly", "monthly"):
        kept.do("change-setting", "--key", f"backup.keep-{key}", "--value", "0")
    first = kept.run("backup", kept_in(kept), "--json").json
    second = kept.run("backup", kept_in(kept), "--prune", "--json").json
    assert second["dropped"] == [Path(first["file"]).name]
    assert sorted(p.name for p in (kept.folder / "kept").iterdir()) == [Path(second["file"]).name]
