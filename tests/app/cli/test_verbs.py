"""Every verb of the command line: what it does, what it answers with, and how it ends."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.domain.commands import VERBS
from tests.app.cli.door import START, Door, texts

WHEN = "2026-04-01T12:00:00Z"
FIXTURES = Path(__file__).resolve().parents[2] / "data" / "imports"


# ------------------------------------------------------------------------------------------------ init
def test_init_makes_a_private_store_and_says_where(outside: Door) -> None:
    made = outside.run("init", "--name", "Ada Example", "--email", "ada@example.org", "--title", "Aster", "--json")
    assert (made.json["name"], made.json["policy"], made.json["store"]) == ("Aster", "node-core", str(outside.store))
    assert outside.store.stat().st_mode & 0o077 == 0
    assert outside.run("verify", "--json").json["ok"] is True


def test_init_takes_its_own_name_where_none_is_told(outside: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "ada")
    outside.run("init")
    assert texts(outside.run("history", "--json").json, "actor")[0] == "ada"


def test_init_never_writes_into_a_folder_that_holds_something(door: Door) -> None:
    before = sorted((p.name, p.stat().st_mtime_ns) for p in door.store.iterdir())
    assert "exists already" in door.run("init", code=1).sentence
    assert sorted((p.name, p.stat().st_mtime_ns) for p in door.store.iterdir()) == before
    (door.folder / "other").mkdir()
    door.file("other/file.txt", "mine")
    door.store = door.folder / "other"
    assert "exists already" in door.run("init", code=1).sentence
    assert [p.name for p in door.store.iterdir()] == ["file.txt"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--policy", "nobody"], "npm-ecosystem"),
        (["--project", "nobody"], "nodejs"),
        (["--email", "ada"], "mail address"),
        (["--name", " \t "], "name"),
        (["--name", "x" * 200], "name"),
        (["--title", "x" * 500], "title"),
    ],
)
def test_init_names_the_field_that_is_wrong_and_makes_nothing(outside: Door, words: list[str], said: str) -> None:
    assert said in outside.run("init", *words, code=1).sentence
    assert not outside.store.exists()
    assert sorted(p.name for p in outside.folder.iterdir()) == ["passphrase.txt"]


def test_init_where_no_folder_is_to_put_it_says_so(outside: Door) -> None:
    outside.store = outside.folder / "nowhere" / "team.holdfast"
    assert outside.run("init", "--name", "Ada", code=1).sentence


def test_init_in_the_folder_one_stands_in_needs_an_empty_one(outside: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(outside.folder)
    answer = outside.say("init", ".", "--passphrase-file", str(outside.secret), "--name", "Ada")
    assert (answer.code, "exists already" in answer.sentence) == (1, True)


# ---------------------------------------------------------------------------------------------- import
def test_import_answers_in_the_shape_that_scripts_rely_on(door: Door) -> None:
    answer = door.run("import", str(FIXTURES), "--json", code=1)
    assert list(answer.json) == ["cases", "releases", "known", "refused"]
    assert all(list(row) == ["file", "field", "reason"] for row in answer.json["refused"])
    assert len(answer.json["cases"]) > 5
    assert len(answer.json["releases"]) == 1
    again = door.run("import", str(FIXTURES), "--json", code=1).json
    assert (again["cases"], again["releases"]) == ([], [])
    assert set(again["known"]) == {*answer.json["cases"], *answer.json["releases"]}


def test_import_in_words_tells_each_refusal_in_a_line(door: Door) -> None:
    said = door.run("import", str(FIXTURES / "mail"), code=1).err.splitlines()
    assert said[0].endswith("were refused.")
    assert any(line.startswith("mail/no-body.eml: ") for line in said[1:])
    assert not any(": :" in line for line in said)


def test_import_reads_standard_input(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = (FIXTURES / "mail" / "plain.eml").open("rb")

    monkeypatch.setattr(sys, "stdin", Stdin)
    with Stdin.buffer:
        assert len(door.run("import", "-", "--json").json["cases"]) == 1


def test_import_as_a_format_that_is_none_names_those_there_are(door: Door) -> None:
    answer = door.nothing_changes("import", str(FIXTURES / "mail" / "plain.eml"), "--as", "fax", code=1)
    assert "vulnerabilities" in answer.sentence


# ----------------------------------------------------------------------------------------------- cases
def test_cases_are_listed_by_reference_and_no_more_than_asked_for(door: Door) -> None:
    refs = [door.receive(f"Report {number}") for number in range(4)]
    assert texts(door.run("cases", "--json").json, "ref") == refs
    assert texts(door.run("cases", "--limit", "2", "--json").json, "ref") == refs[:2]
    assert texts(door.run("cases", "--query", "report 3", "--json").json, "ref") == refs[3:]
    assert len(door.run("cases").out.splitlines()) == 4
    assert door.run("cases", "--view", "closed").out == ""


@pytest.mark.parametrize("words", [["--limit", "-1"], ["--limit", "many"], ["--view", "odd"]])
def test_cases_refuse_a_limit_or_view_that_is_none(door: Door, words: list[str]) -> None:
    assert door.run("cases", *words, code=2).out == ""


# ------------------------------------------------------------------------------------ show and history
def test_show_gives_the_facts_and_what_follows_from_them(door: Door) -> None:
    ref = door.receive("One")
    facts = door.run("show", ref.lower(), "--json").json
    assert (facts["ref"], facts["title"], facts["stage"]) == (ref, "One", "received")
    assert facts["next"]["what"] == "acknowledge"
    assert [clock["id"] for clock in facts["clocks"]] == ["acknowledge", "reply"]
    assert {step["id"]: step["status"] for step in facts["steps"]}["replied"] == "blocked"
    assert any(line.startswith("title") for line in door.run("show", ref).out.splitlines())


def test_show_and_history_take_a_release_too(door: Door) -> None:
    ref = door.run("release", "plan", "--target", WHEN).json["ref"]
    assert door.run("show", ref, "--json").json["state"] == "planned"
    assert texts(door.run("history", ref, "--json").json, "ref") == [ref]
    assert door.run("release", "show", ref.lower(), "--json").json == door.run("show", ref, "--json").json
    assert "planned" in door.run("release", "show", ref).out


@pytest.mark.parametrize("verb", ["show", "history"])
@pytest.mark.parametrize("ref", ["H-2026-999", "R-2026-999", "nonsense", "\udcff", "x" * 5000])
def test_a_reference_that_is_none_is_named(door: Door, verb: str, ref: str) -> None:
    assert "There is no case or release" in door.run(verb, ref, code=1).sentence


def test_history_tells_who_did_what_when_and_on_which_device(door: Door) -> None:
    ref = door.receive("One")
    door.do("acknowledge", ref, "--at", "2026-03-02T09:00:05Z")
    rows = door.run("history", ref, "--json").json
    assert list(rows[0]) == ["seq", "at", "ref", "actor", "device", "what", "event"]
    assert [row["event"]["type"] for row in rows] == ["ReportReceived", "ReportAcknowledged"]
    assert "StoreCreated" in [row["event"]["type"] for row in door.run("history", "team", "--json").json]
    assert len(door.run("history").out.splitlines()) > 3


def test_history_says_when_something_was_put_on_record_later_than_it_happened(door: Door) -> None:
    ref = door.receive("One", "--received-at", "2026-02-27T08:00:00+01:00")
    door.clock.at = START.replace(day=6)
    door.do("acknowledge", ref, "--at", "2026-02-27T18:00:00Z")
    first, second = texts(door.run("history", ref, "--json").json, "what")
    assert first.endswith("(on 2026-02-27 07:00 UTC)")
    assert second == "Acknowledged the report (on 2026-02-27 18:00 UTC)"
    (clock, _) = door.run("show", ref, "--json").json["clocks"]
    assert (clock["status"], clock["recorded_at"][:10]) == ("kept", "2026-03-06")


# -------------------------------------------------------------------------------------------------- do
def test_do_lists_every_verb_and_the_fields_of_each(outside: Door) -> None:
    listed = outside.say("do", "--list").out
    assert [line.split("  ")[0] for line in listed.splitlines()] == list(VERBS)
    fields = outside.say("do", "--list", "add-note").out
    assert fields.split() == ["--text", "str", "required"]
    assert outside.say("do", "any", "--list", "add-note").out == fields
    assert outside.say("do", "any", "add-note", "--help").out == fields
    assert outside.say("do", "--list", "dance").code == 2
    assert all(outside.say("do", "--list", verb).code == 0 for verb in VERBS)


def test_do_answers_with_the_reference_and_what_changed(door: Door) -> None:
    answer = door.do("receive", "--title", "One").json
    assert answer == {"ref": "H-2026-001", "changed": ["H-2026-001"]}
    assert door.do("add-person", "--name", "Noor Sample", "--email", "noor@example.org").json["ref"] == "team"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], 2),
        (["acknowledge"], 2),
        (["dance", "H-2026-001"], 2),
        (["acknowledge", "H-2026-001", "now"], 2),
        (["receive", "H-2026-001", "--title", "x"], 2),
        (["add-person", "H-2026-001", "--name", "x"], 2),
        (["acknowledge", "H-2026-001", "--at", "2026-02-30T00:00:00Z"], 2),
        (["acknowledge", "H-2026-001", "--at", "2026-03-02T09:00:00"], 1),
        (["acknowledge", "H-2026-009"], 1),
        (["acknowledge", "R-2026-001"], 1),
        (["reply", "H-2026-001"], 1),
        (["retitle", "H-2026-001", "--title", "   "], 1),
        (["retitle", "H-2026-001", "--title", "x" * 301], 1),
        (["assign", "H-2026-001", "--person", "nobody"], 1),
        (["assign-cve", "H-2026-001", "--id", "CVE-1"], 1),
        (["receive", "--title", "x", "--policy", "nobody"], 1),
    ],
)
def test_do_refuses_in_one_sentence_and_changes_nothing(door: Door, words: list[str], code: int) -> None:
    door.receive()
    assert door.nothing_changes("do", *words, code=code).sentence


def test_do_puts_a_file_into_the_store_with_the_command_that_names_it(door: Door) -> None:
    ref = door.receive()
    path = door.file("steps.txt", b"one\n")
    door.do("add-attachment", ref, "--blob", f"@{path}", "--note", "How to see it")
    door.do("log-message", ref, "--direction", "in", "--original", f"@{path}")
    assert door.run("show", ref, "--json").json["attachments"][0]["name"] == "steps.txt"
    assert door.run("verify", "--json").json["ok"] is True


# -------------------------------------------------------------------------------------------- release
def test_release_is_planned_postponed_and_shown(door: Door) -> None:
    lines = ["--lines", "line=22.x,version=22.9.1", "--lines", "line=24.x"]
    ref = door.run("release", "plan", "--target", WHEN, *lines).json["ref"]
    case = door.confirmed()
    door.do("bundle-case", ref, "--case", case.lower())
    moved = door.run("release", "postpone", ref.lower(), "--target", "2026-04-02T12:00:00Z", "--reason", "Red tests")
    assert moved.json == {"ref": ref, "changed": [case, ref]}
    facts = door.run("release", "show", ref, "--json").json
    assert [line["line"] for line in facts["lines"]] == ["24.x", "22.x"]
    assert facts["postponements"][0]["reason"] == "Red tests"
    assert door.run("show", case, "--json").json["embargo"]["until"] == "2026-04-02T12:00:00Z"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], 2),
        (["cancel"], 2),
        (["show"], 2),
        (["show", "R-2026-001", "twice"], 2),
        (["show", "R-2026-001", "--target", WHEN], 2),
        (["plan"], 2),
        (["plan", "more", "--target", WHEN], 2),
        (["postpone", "--target", WHEN], 2),
        (["postpone", "R-2026-009", "--target", WHEN, "--reason", "x"], 1),
        (["show", "R-2026-009"], 1),
        (["plan", "--target", "2020-04-01T12:00:00Z"], 1),
        (["plan", "--target", "2026-04-01T12:00:00"], 1),
        (["plan", "--target", "2026-04-31T12:00:00Z"], 2),
        (["plan", "--target", WHEN, "--lines", "line=22.x,version=24.0.0"], 1),
    ],
)
def test_release_refuses_what_is_wrong_and_changes_nothing(door: Door, words: list[str], code: int) -> None:
    assert door.nothing_changes("release", *words, code=code).err


# --------------------------------------------------------------------------------------------- export
def scheduled(door: Door) -> str:
    ref = door.confirmed()
    door.do("set-affected", ref, "--lines", "line=22.x,status=affected,introduced=22.0.0,fixed=22.9.1")
    door.do("rate-severity", ref, "--rating", "high")
    door.do("assign-cve", ref, "--id", "CVE-2099-10041")
    door.do("agree-embargo", ref, "--until", WHEN)
    door.do("draft-advisory", ref, "--body", "## Summary\n\nA folded header hides a request.")
    return ref


def test_export_is_refused_before_the_embargo_and_goes_out_with_a_reason_on_record(door: Door) -> None:
    ref = scheduled(door)
    out = door.folder / "out"
    refused = door.nothing_changes("export", "blog-post", "--case", ref, "--out", str(out), code=1)
    assert (ref in refused.sentence, out.exists()) == (True, False)
    again = door.nothing_changes("export", "mail", "--case", ref, "--out", str(out), "--override", "  ", code=1)
    assert "embargo" in again.sentence
    made = door.run("export", "mail", "--case", ref.lower(), "--out", str(out), "--override", "It leaked", "--json")
    assert list(made.json) == ["out", "files", "missing"]
    assert sorted(p.name for p in out.iterdir()) == sorted(texts(made.json["files"], "name"))
    assert all(p.stat().st_mode & 0o077 == 0 for p in out.iterdir())
    (event,) = [r["event"] for r in door.run("history", ref, "--json").json if r["event"]["type"] == "Exported"]
    assert event["override"] == "It leaked"
    assert "It leaked" in door.run("history", ref).out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["fax", "--case", "H-2026-001"], 1),
        (["mail", "--case", "H-2026-009"], 1),
        (["mail", "--release", "R-2026-009"], 1),
        (["mail", "--all"], 1),
        (["mail"], 2),
        (["mail", "--case", "H-2026-001", "--release", "R-2026-001"], 2),
        (["mail", "--case", ""], 1),
    ],
)
def test_export_refuses_what_it_can_not_make(door: Door, words: list[str], code: int) -> None:
    scheduled(door)
    answer = door.nothing_changes("export", *words, "--out", str(door.folder / "out"), code=code)
    assert answer.err
    assert not (door.folder / "out").exists()


# ------------------------------------------------------------------------------ verify and checkpoint
def test_verify_answers_in_its_shape_and_compares_with_a_checkpoint(door: Door) -> None:
    door.receive()
    note = door.folder / "note.txt"
    made = door.run("checkpoint", "--out", str(note), "--json").json
    assert list(made) == ["out", "count", "root", "head", "line"]
    door.receive("Another")
    report = door.run("verify", "--checkpoint", str(note), "--json").json
    assert list(report) == ["ok", "events", "devices", "findings", "remarks", "erased"]
    assert (report["ok"], report["findings"], len(report["devices"])) == (True, [], 1)
    assert "whole" in door.run("verify").sentence


def test_a_checkpoint_of_another_store_is_found_wanting(door: Door) -> None:
    note = door.folder / "note.txt"
    door.run("checkpoint", "--out", str(note))
    door.store = door.folder / "second.holdfast"
    door.init()
    answer = door.run("verify", "--checkpoint", str(note), "--json", code=1)
    assert (answer.json["ok"], [f["code"] for f in answer.json["findings"]]) == (False, ["checkpoint.other-store"])


def test_a_checkpoint_never_replaces_a_file_and_needs_a_folder(door: Door) -> None:
    path = door.file("note.txt", "mine")
    assert "exists already" in door.nothing_changes("checkpoint", "--out", path, code=1).sentence
    nowhere = str(door.folder / "nowhere" / "note.txt")
    assert "nowhere" in door.nothing_changes("checkpoint", "--out", nowhere, code=1).sentence


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"no checkpoint\n", b"x" * 100_000])
def test_a_file_that_is_no_checkpoint_is_refused(door: Door, data: bytes) -> None:
    path = door.file("note.txt", data)
    assert door.run("verify", "--checkpoint", path, code=1).err


def test_a_store_whose_log_was_changed_is_not_opened_but_verified(door: Door) -> None:
    door.receive()
    database = door.store / "cases.db"
    data = bytearray(database.read_bytes())
    data[-2000] ^= 1
    database.write_bytes(data)
    answer = door.run("verify", "--json", code=1)
    assert list(answer.json)[:4] == ["ok", "events", "devices", "findings"]
    assert (answer.json["ok"], answer.json["findings"] != []) == (False, True)
    assert door.run("cases", code=1).sentence


# -------------------------------------------------------------------------------- formats, demo, help
def test_formats_are_named_for_both_ways_without_a_store(outside: Door) -> None:
    listed = outside.say("formats", "--json").json
    assert {"eml", "nswg", "vulnerabilities"} <= set(texts(listed["import"], "format"))
    assert {"mail", "blog-pre", "blog-post", "nswg"} <= set(texts(listed["export"], "format"))
    assert all({"format", "title", "audience", "scopes"} == set(row) for row in listed["export"])
    assert outside.say("formats").out.splitlines()[0].startswith("import")


def test_demo_makes_its_folder_and_says_where_the_passphrase_lies(outside: Door) -> None:
    made = outside.say("demo", "--out", str(outside.folder / "demo"), "--json")
    assert made.code == 0
    listed = outside.say("cases", made.json["store"], "--passphrase-file", made.json["passphrase_file"], "--json")
    assert len(listed.json) >= 28
    assert outside.say("demo", "--out", str(outside.folder / "demo")).code == 1


@pytest.mark.parametrize("words", [[], ["dance"], ["cases"], ["--passphrase"], ["show", "store"]])
def test_wrong_words_end_with_two_and_say_what_is_right(outside: Door, words: list[str]) -> None:
    answer = outside.say(*words)
    assert (answer.code, answer.out, "usage: holdfast" in answer.err) == (2, "", True)


def test_help_and_version_end_well(outside: Door) -> None:
    assert outside.say("--help").code == 0
    assert outside.say("--version").out.startswith("holdfast ")
    assert outside.say("export", "--help").code == 0
