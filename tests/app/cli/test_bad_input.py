"""Whatever is wrong with what comes in: one clear sentence, nothing changed, and the rest of the batch is there."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.desk.ports.exchange import Draft, SourceFile
from tests.app.cli.door import Door, texts

GOOD = b"From: Robin <robin@example.org>\nSubject: A good one\nMessage-ID: <good@example.org>\n\nIt is a report.\n"
CORE = {
    "cve": ["CVE-2099-10041"],
    "vulnerable": "22.x",
    "patched": "^22.9.1",
    "affectedEnvironments": ["all"],
    "severity": "high",
    "overview": "An overview.",
    "publish_date": "2099-01-31",
}


def entry(**changes: Any) -> bytes:
    return json.dumps({**CORE, **changes}).encode()


def handover(**changes: Any) -> bytes:
    report = {
        "id": 1,
        "title": "A title",
        "cveIds": ["CVE-2099-10042"],
        "severity": {"rating": "high"},
        "affectedVersions": ["22.x"],
        "summary": "A summary.",
        "link": "https://example.org/1",
    }
    return json.dumps({"releaseDate": "2099/03/17", "reports": [{**report, **changes}], "dependencies": {}}).encode()


BAD: dict[str, tuple[str, bytes, str]] = {
    "cut short": ("a.json", entry()[:-20], "a.json"),
    "not UTF-8": ("b.json", entry().replace(b"high", b"h\xffgh"), "UTF-8"),
    "deeply nested": ("c.json", b"[" * 100_000, "nested"),
    "deep inside": ("d.json", entry(ref="x").replace(b'"x"', b"[" * 200 + b"]" * 200), "nested"),
    "empty": ("e.json", b"", "empty"),
    "no format": ("f.txt", b"Just some words.", "recognised"),
    "no body": ("g.eml", GOOD.split(b"\n\n")[0] + b"\n\n", "no body"),
    "broken MIME": (
        "h.eml",
        GOOD.replace(b"\n\n", b'\nContent-Type: multipart/mixed; boundary="x"\n\n', 1),
        "boundary",
    ),
    "swapped ranges": ("1.json", entry(vulnerable="^22.9.1", patched="22.1.0"), "swapped"),
    "empty range": ("2.json", entry(vulnerable=" "), "vulnerable"),
    "malformed CVE": ("3.json", entry(cve=["CVE-2099-1"]), "CVE-2099-1"),
    "no such date": ("4.json", entry(publish_date="2099-02-30"), "2099-02-30"),
    "malformed CVE of a report": ("i.json", handover(cveIds=["CVE-99-1"]), "CVE-99-1"),
    "odd severity": ("j.json", handover(severity={"rating": "awful"}), "awful"),
    "wrong type": ("k.json", handover(title=["A", "list"]), "list"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_named_with_what_is_wrong_and_keeps_no_other_out(door: Door, kind: str) -> None:
    name, data, said = BAD[kind]
    (door.folder / "in").mkdir()
    bad, good = door.file(f"in/{name}", data), door.file("in/z-good.eml", GOOD)
    answer = door.run("import", bad, good, "--json", code=1)
    assert len(answer.json["cases"]) == 1
    refusals = [row for row in answer.json["refused"] if said in row["reason"] or said in row["field"] + row["file"]]
    assert refusals, answer.json
    assert {row["file"] for row in answer.json["refused"]} == {name}
    assert all(row["reason"].strip() and "{" not in row["reason"] for row in answer.json["refused"])
    assert door.run("verify", "--json").json["ok"] is True


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_alone_changes_nothing(door: Door, kind: str) -> None:
    name, data, _ = BAD[kind]
    path = door.file(name, data)
    answer = door.nothing_changes("import", path, code=1)
    assert all(line.startswith(f"{name}: ") for line in answer.err.splitlines()[1:])


def test_a_file_of_200_megabytes_is_refused_without_being_read(door: Door) -> None:
    path = door.folder / "large.json"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    answer = door.nothing_changes("import", str(path), "--json", code=1)
    assert [row["file"] for row in answer.json["refused"]] == ["large.json"]
    assert "large" in answer.json["refused"][0]["reason"]


def test_names_that_lead_elsewhere_or_hide_are_shown_and_lead_nowhere(door: Door) -> None:
    mail = GOOD.replace(
        b"\n\nIt is a report.\n",
        b'\nContent-Type: multipart/mixed; boundary="x"\n\n--x\n\nIt is a report.\n--x\n'
        b'Content-Type: text/plain\nContent-Disposition: attachment; filename="../../etc/evil\xe2\x80\xaetxt.exe"\n\n'
        b"data\n--x--\n",
    )
    ref = door.run("import", door.file("m.eml", mail), "--json").json["cases"][0]
    names = texts(door.run("show", ref, "--json").json["report"]["attachments"], "name")
    assert all("/" not in name and "\u202e" not in name for name in names)
    assert len(names) == 2


def test_a_file_with_a_hostile_name_is_shown_safely(door: Door) -> None:
    folder = door.folder / "in"
    folder.mkdir()
    name = "a\x1b[31m\u202e.json"
    (folder / name).write_bytes(b"{")
    answer = door.run("import", str(folder), code=1)
    assert "\x1b" not in answer.err
    assert "\u202e" not in answer.err
    assert "<U+202E>" in answer.err


def test_files_that_are_none_are_named(door: Door) -> None:
    os.mkfifo(door.folder / "pipe")
    words = [str(door.folder / "nowhere.json"), str(door.folder / "pipe"), "/dev/null"]
    refused = door.nothing_changes("import", *words, "--json", code=1).json["refused"]
    assert texts(refused, "file") == ["nowhere.json", "pipe", "null"]


def test_a_wrong_passphrase_is_told_from_a_damaged_store_and_from_no_store(door: Door) -> None:
    right = door.secret.read_text()
    door.secret.write_text("wrong\n")
    assert "whole" in door.run("cases", code=1).sentence
    door.secret.write_text(right)
    slots = [door.store / "keyslots.json", door.store / "keyslots.json.bak"]
    kept = [path.read_bytes() for path in slots]
    for path in slots:
        path.write_bytes(b"{}")
    assert "damaged" in door.run("cases", code=1).sentence
    for path, data in zip(slots, kept, strict=True):
        path.write_bytes(data)
    assert door.run("cases").code == 0
    door.store = door.folder
    assert "not a store" in door.run("cases", code=1).sentence
    door.store = door.folder / "nowhere"
    assert "not a store" in door.run("cases", code=1).sentence
    door.store = Path(door.file("file.holdfast", "text"))
    assert "not a store" in door.run("cases", code=1).sentence


def test_a_database_that_is_gone_or_cut_short_is_told_in_words(door: Door) -> None:
    database = door.store / "cases.db"
    whole = database.read_bytes()
    for data, said in ((b"", "empty"), (whole[:1000], "cut short"), (b"SQLite format 3\0" + whole[16:], "encrypted")):
        database.write_bytes(data)
        assert said in door.run("cases", code=1).sentence
        assert database.read_bytes() == data
    database.unlink()
    assert "cases.db" in door.run("cases", code=1).sentence
    assert not database.exists()


def test_a_store_that_another_process_holds_is_told_with_who(door: Door) -> None:
    from app.bootstrap import open_store

    session = open_store(door.store, door.secret.read_text().strip(), parts=door.parts)
    try:
        assert str(os.getpid()) in door.run("cases", code=1).sentence
    finally:
        session.close()
    assert door.run("cases").code == 0


HOSTILE = "Title \x1b]0;owned\x07 \x9b31m \u202eevil\u2066 \u200b \udcff end"


def test_a_hostile_title_can_steer_no_terminal_neither_in_words_nor_as_json(door: Door) -> None:
    ref = door.receive(HOSTILE, "--text", HOSTILE)
    door.do("add-note", ref, "--text", HOSTILE)
    said = [
        door.run(verb, *words, *flag)
        for verb, words in (("cases", []), ("show", [ref]), ("history", [ref]))
        for flag in ([], ["--json"])
    ]
    for answer in said:
        assert not {"\x1b", "\x07", "\x9b", "\u202e", "\u2066", "\u200b"} & set(answer.out)
        answer.out.encode("utf-8")
    assert door.run("show", ref, "--json").json["notes"][0]["text"].startswith("Title \x1b]0;owned\x07 \x9b31m")


@pytest.mark.parametrize(
    "words",
    [
        ["cases", HOSTILE, "--passphrase-fd", "99"],
        ["show", "a", "b", HOSTILE],
        [HOSTILE],
        ["do", "s", "x", "--" + HOSTILE],
    ],
)
def test_hostile_words_are_refused_safely(outside: Door, words: list[str]) -> None:
    answer = outside.say(*words)
    assert answer.code in (1, 2)
    assert not {"\x1b", "\x9b", "\u202e"} & set(answer.err)


def test_a_fault_of_the_program_shows_no_text_of_a_case(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.desk.desk import Desk

    def fails(*_args: object) -> None:
        raise RuntimeError("the secret title")

    monkeypatch.setattr(Desk, "perform", fails)
    answer = door.do("receive", "--title", "the secret title", code=1)
    assert "secret" not in answer.err
    assert "RuntimeError" in answer.err


def test_an_export_folder_that_is_a_file_is_refused(door: Door) -> None:
    ref = door.confirmed()
    path = door.file("out", "mine")
    answer = door.run("export", "nswg", "--case", ref, "--out", path, "--override", "Only a try", code=1)
    assert "out" in answer.sentence
    assert Path(path).read_text() == "mine"


def test_an_interrupt_ends_quietly_and_what_was_finished_is_kept(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.importers.eml.importer import EmlImporter

    read = EmlImporter.read

    def interrupted(self: EmlImporter, source: SourceFile) -> Iterator[Draft]:
        if source.name == "b.eml":
            raise KeyboardInterrupt
        return read(self, source)

    monkeypatch.setattr(EmlImporter, "read", interrupted)
    answer = door.nothing_changes("import", door.file("a.eml", GOOD), door.file("b.eml", GOOD), code=1)
    assert answer.sentence == "Stopped; what was finished is kept."
    assert door.run("verify", "--json").json["ok"] is True
