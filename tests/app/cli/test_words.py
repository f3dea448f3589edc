"""Words become commands: each field in its form, each slip named, nothing guessed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.cli.fields import make_command
from app.cli.words import reference, split_words
from app.domain.commands import case_commands as c
from app.domain.commands import release_commands as r
from app.domain.errors import AppError
from app.domain.values import AffectedLine, Reporter


def command(verb: str, *words: str) -> object:
    return make_command(verb, split_words(words)).command


def refused(verb: str, *words: str) -> AppError:
    with pytest.raises(AppError) as caught:
        command(verb, *words)
    return caught.value


def test_fields_become_a_command_of_the_right_types() -> None:
    made = command("acknowledge", "--at", "2026-03-02T10:00:00+02:00", "--text", "It arrived.")
    assert made == c.Acknowledge(at=datetime(2026, 3, 2, 8, tzinfo=UTC), text="It arrived.")
    assert command("draft-advisory", "--body", "x", "--base", "3") == c.DraftAdvisory(body="x", base=3)
    assert command("plan-line", "--line=22.x", "--released", "true") == r.PlanLine(line="22.x", released=True)


def test_entries_of_a_list_are_told_one_by_one_in_short_or_as_json() -> None:
    short = command("set-affected", "--lines", "line=22.x,status=affected,platforms=win32+linux,note=old, and slow")
    line = AffectedLine(line="22.x", status="affected", platforms=("win32", "linux"), note="old, and slow")
    assert short == c.SetAffected(lines=(line,))
    both = command("set-affected", "--lines", '{"line": "22.x"}', "--lines", "line=20.x")
    assert both == c.SetAffected(lines=(AffectedLine(line="22.x"), AffectedLine(line="20.x")))
    assert command("record-publication", "--kinds", "osv", "--kinds", "cve") == c.RecordPublication(
        kinds=("osv", "cve")
    )
    assert command("record-publication", "--kinds", '["osv"]') == c.RecordPublication(kinds=("osv",))


def test_the_value_of_an_option_is_the_next_word_whatever_it_looks_like() -> None:
    assert command("add-note", "--text", "--passphrase-file") == c.AddNote(text="--passphrase-file")
    assert command("add-note", "--text", "--list") == c.AddNote(text="--list")


def test_a_text_comes_from_a_file_and_two_signs_mean_the_sign_itself(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_bytes("\ufeffRéproduced".encode())
    assert command("add-note", "--text", f"@{tmp_path / 'note.txt'}") == c.AddNote(text="Réproduced")
    assert command("assign", "--person", "@@ada") == c.Assign(person="@ada")


def test_a_file_of_json_holds_the_whole_command_and_words_go_before_it(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text('{"verb": "receive", "title": "One", "reporters": [{"name": "Robin"}]}')
    made = command("receive", "--json", str(path), "--title", "Two")
    assert made == c.Receive(title="Two", reporters=(Reporter(name="Robin"),))


def test_a_list_that_json_gave_is_replaced_by_the_words_not_mixed_with_them(tmp_path: Path) -> None:
    path = tmp_path / "kinds.json"
    path.write_text('{"kinds": "osv"}')
    assert command("record-publication", "--json", str(path), "--kinds", "cve") == c.RecordPublication(kinds=("cve",))
    assert refused("record-publication", "--json", str(path)).code == "usage.bad-field"


def test_a_file_becomes_a_blob_that_goes_along(tmp_path: Path) -> None:
    path = tmp_path / "steps.txt"
    path.write_bytes(b"one\ntwo\n")
    made = make_command("add-attachment", split_words(["--blob", f"@{path}"]))
    (file,) = made.files
    assert made.command == c.AddAttachment(blob=file.blob())
    assert (file.name, file.data) == ("steps.txt", b"one\ntwo\n")
    fix = make_command("hold-fix", split_words(["--fix", f"line=22.x,state=ready,patch=@{path}"]))
    assert isinstance(fix.command, c.HoldFix)
    assert fix.command.fix.patch == file.blob()


def test_a_blob_that_is_only_named_is_refused_since_no_file_stands_behind_it(tmp_path: Path) -> None:
    named = '{"sha256": "' + "0" * 64 + '", "size": 3}'
    assert refused("add-attachment", "--blob", named).code == "usage.blob"
    path = tmp_path / "blob.json"
    path.write_text(f'{{"blob": {named}}}')
    assert refused("add-attachment", "--json", str(path)).code == "usage.blob"


@pytest.mark.parametrize(
    ("verb", "words", "code"),
    [
        ("dance", [], "usage.unknown-verb"),
        ("acknowledge", ["--chin", "up"], "usage.unknown-field"),
        ("acknowledge", ["--text"], "usage.no-value"),
        ("add-note", [], "usage.no-field"),
        ("retitle", ["--title", "a", "--title", "b"], "usage.twice"),
        ("acknowledge", ["--at", "2026-02-30T00:00:00Z"], "usage.date"),
        ("acknowledge", ["--at", "2026-02-20"], "usage.date"),
        ("acknowledge", ["--at", "5"], "usage.date"),
        ("acknowledge", ["--at", "tomorrow"], "usage.date"),
        ("acknowledge", ["--at", "2026-02-20T10:00:00"], "date.no-zone"),
        ("rate-severity", ["--rating", "bad"], "usage.choice"),
        ("draft-advisory", ["--body", "x", "--base", "1e3"], "usage.number"),
        ("draft-advisory", ["--body", "x", "--base", "9" * 40], "usage.number"),
        ("plan-line", ["--line", "22.x", "--released", "perhaps"], "usage.choice"),
        ("set-affected", ["--lines", "22.x"], "usage.shorthand"),
        ("set-affected", ["--lines", "line=22.x,line=20.x"], "usage.twice"),
        ("set-affected", ["--lines", "line=22.x,status=odd"], "usage.choice"),
        ("set-affected", ["--lines", '{"line": '], "json.malformed"),
        ("set-affected", ["--lines", '[{"line": 3}]'], "usage.bad-field"),
        ("set-affected", ["--lines", "[" * 100], "json.too-deep"),
        ("add-attachment", ["--blob", "steps.txt"], "usage.blob"),
        ("acknowledge", ["--json", "/nowhere/at/all.json"], "file.missing"),
        ("add-note", ["--text", "@/"], "file.unreadable"),
        ("acknowledge", ["--passphrase-fd", "seven"], "usage.number"),
    ],
)
def test_each_slip_has_its_name(verb: str, words: list[str], code: str) -> None:
    assert refused(verb, *words).code == code


def test_json_that_is_no_object_or_holds_an_endless_number_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    path.write_text("[]")
    assert refused("receive", "--json", str(path)).code == "usage.not-object"
    path.write_text(f'{{"title": "x", "number": 1, "fields": [["a", {10**30}]]}}')
    assert refused("import-record", "--json", str(path)).code == "import.number-too-large"


def test_a_file_that_is_no_text_or_far_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "note.bin"
    path.write_bytes(b"\xff\xfe\x00")
    assert refused("add-note", "--text", f"@{path}").code == "file.not-utf8"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    assert refused("add-note", "--text", f"@{path}").code == "file.too-large"
    assert refused("add-attachment", "--blob", f"@{path}").code == "file.too-large"


def test_a_reference_is_forgiven_its_small_letter() -> None:
    assert [reference(x) for x in (" h-2026-001 ", "R-2026-1000", "team")] == ["H-2026-001", "R-2026-1000", "team"]


def test_json_is_a_flag_only_where_no_file_follows() -> None:
    assert split_words(["show", "R-2026-001", "--json"]).wants_json
    assert not split_words(["show", "R-2026-001"]).wants_json
