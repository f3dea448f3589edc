"""Rescue on the command line: what is saved, what is lost, what is refused, in words and as JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.store.pages import PAGE
from tests.app.cli.door import Answer, Door

NEW = "new.holdfast"


@pytest.fixture
def hurt(door: Door) -> Door:
    """A door to a store with a case in it."""
    door.receive()
    return door


def rescue(door: Door, *words: str, code: int = 0) -> Answer:
    """Rescues into a folder beside the store."""
    answer = door.run("rescue", str(door.folder / NEW), *words, code=code)
    assert answer.code == code
    return answer


def other_door(door: Door) -> Door:
    """A door to the new store."""
    new = Door(door.folder, door.capsys)
    new.store = door.folder / NEW
    new.clock.at = door.clock.at
    return new


def spoil(door: Door, page: int, size: int = PAGE) -> None:
    """Zeros in a page of the database."""
    path = door.store / "cases.db"
    data = bytearray(path.read_bytes())
    data[page * PAGE : page * PAGE + size] = bytes(size)
    path.write_bytes(data)


def test_a_store_whose_first_page_is_gone_comes_back_whole(hurt: Door) -> None:
    before = hurt.run("show", "H-2026-001", "--json").json
    spoil(hurt, 0)
    assert "is damaged" in hurt.run("cases", code=1).err
    answer = rescue(hurt)
    assert "Saved" in answer.err
    assert "Nothing is lost." in answer.err
    new = other_door(hurt)
    assert new.run("verify", "--json").json["ok"]
    after = new.run("show", "H-2026-001", "--json").json
    assert {key for key in before if before[key] != after[key]} <= {"next", "clocks"}


def test_what_is_lost_is_named_and_the_exit_code_says_so(hurt: Door) -> None:
    path = hurt.store / "cases.db"
    pages = path.stat().st_size // PAGE
    codes = set()
    for page in range(pages):
        whole = path.read_bytes()
        spoil(hurt, page)
        answer = hurt.say("rescue", str(hurt.store), str(hurt.folder / f"{page}.holdfast"), *secret(hurt), "--json")
        report = answer.json
        assert report["findings"] == 0
        assert answer.code == (1 if report["lost"] or report["lost_files"] else 0)
        assert bool(report["missing"]) == bool(report["lost"])
        codes.add(answer.code)
        path.write_bytes(whole)
    assert codes == {0, 1}


def secret(door: Door) -> tuple[str, str]:
    """The words for its passphrase."""
    return ("--passphrase-file", str(door.secret))


def test_the_new_store_can_open_with_another_passphrase(hurt: Door) -> None:
    new_secret = hurt.file("new.txt", "another made-up passphrase\n")
    rescue(hurt, "--new-passphrase-file", new_secret)
    new = other_door(hurt)
    assert "does not open" in new.run("cases", code=1).err
    new.secret = Path(new_secret)
    assert new.run("verify", "--json").json["ok"]


def test_without_slots_a_backup_lends_its_own(hurt: Door) -> None:
    (hurt.folder / "kept").mkdir()
    made = hurt.run("backup", str(hurt.folder / "kept"), "--json").json
    for name in ("keyslots.json", "keyslots.json.bak"):
        (hurt.store / name).unlink()
    assert "--slots" in rescue(hurt, code=1).sentence
    assert not (hurt.folder / NEW).exists()
    rescue(hurt, "--slots", made["file"])
    assert other_door(hurt).run("verify", "--json").json["ok"]


def test_a_file_that_holds_no_slots_is_refused(hurt: Door) -> None:
    assert "--slots" in rescue(hurt, "--slots", hurt.file("notes.txt", "mine"), code=1).sentence
    assert "not there" in rescue(hurt, "--slots", str(hurt.folder / "nothing"), code=1).sentence


def test_nothing_is_rescued_over_what_is_there(hurt: Door) -> None:
    (hurt.folder / NEW).mkdir()
    (hurt.folder / NEW / "mine.txt").write_text("mine", encoding="utf-8")
    assert "exists already" in rescue(hurt, code=1).sentence
    assert (hurt.folder / NEW / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_a_store_that_is_not_there_is_told(outside: Door) -> None:
    assert "not a store" in rescue(outside, code=1).sentence
