"""From a real mail to the closed case through the command line alone, and to the two texts of the day."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from app.cli import main
from tests.builders import quick_parts
from tests.flows import journey as j

Run = Callable[..., Any]


class Door:
    """The command line on one store, with a clock that stands still between words."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.clock = j.Hands()
        self.parts = quick_parts(self.clock)
        self.store = folder / "team.holdfast"
        self.capsys = capsys
        self.secret = folder / "passphrase.txt"
        self.secret.write_text(j.PASSPHRASE + "\n", encoding="utf-8")

    def run(self, verb: str, *words: str, code: int = 0) -> Any:
        """Says a verb with the store behind it; gives the JSON it answers with, or its words where it has none."""
        arguments = [verb, str(self.store), *words, "--passphrase-file", str(self.secret)]
        got = main(arguments, parts=self.parts)
        out, err = self.capsys.readouterr()
        assert got == code, err
        return json.loads(out) if out.startswith(("{", "[")) else err

    def do(self, verb: str, *words: str, code: int = 0) -> Any:
        """Carries out a verb of the desk."""
        return self.run("do", verb, *words, code=code)


@pytest.fixture
def door(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Door:
    made = Door(tmp_path, capsys)
    made.run("init", "--project", "aster", "--name", j.OWNER[0], "--email", j.OWNER[1], "--json")
    return made


def receive(door: Door) -> str:
    imported = door.run("import", str(j.REPORT), "--json")
    assert (len(imported["cases"]), imported["refused"]) == (1, [])
    ref: str = imported["cases"][0]
    return ref


def walk_to_the_embargo(door: Door, ref: str) -> None:
    door.do("assign", ref)
    door.do("acknowledge", ref, "--text", j.ACKNOWLEDGEMENT)
    door.do("reply", ref, "--text", j.REPLY)
    door.do("confirm", ref, "--note", j.CONFIRMATION)
    door.do("retitle", ref, "--title", j.TITLE)
    for line in j.LINES:
        door.do("set-affected", ref, "--lines", json.dumps(line))
    door.do("audit-similar-code", ref, "--pattern", j.PATTERN, "--conclusion", j.CONCLUSION)
    for name in ("24.x", "22.x"):
        door.do("hold-fix", ref, "--fix", f"line={name},state=ready,author={j.AUTHOR}")
    door.do("rate-severity", ref, "--rating", j.RATING)
    door.do("request-cve", ref)
    door.do("assign-cve", ref, "--id", j.CVE)


def write_and_bundle(door: Door, ref: str, tmp_path: Path) -> str:
    text = tmp_path / "advisory.md"
    text.write_text(j.ADVISORY, encoding="utf-8")
    door.do("draft-advisory", ref, "--body", f"@{text}")
    door.do("set-credits", ref, *[w for credit in j.CREDITS for w in ("--credits", json.dumps(credit))])
    planned = door.run(
        "release", "plan", "--target", j.RELEASE_DAY.isoformat(), "--lines", "line=24.x", "--lines", "line=22.x"
    )
    release: str = planned["ref"]
    door.do("bundle-case", release, "--case", ref)
    door.do("plan-line", release, "--line", "24.x", "--version", "24.3.2")
    door.do("plan-line", release, "--line", "22.x", "--version", "22.9.1")
    return release


def test_a_mail_becomes_a_published_and_closed_case_with_the_two_texts_of_the_day(door: Door, tmp_path: Path) -> None:
    ref = receive(door)
    walk_to_the_embargo(door, ref)
    release = write_and_bundle(door, ref, tmp_path)
    assert door.run("show", ref, "--json")["stage"] == "scheduled"
    out = tmp_path / "texts"

    words = door.run("export", "blog-post", "--release", release, "--out", str(out), code=1)
    assert "embargo" in words
    assert not out.exists()

    door.run("export", "blog-pre", "--release", release, "--out", str(out), "--json")
    door.do("pre-announce-release", release, "--url", j.POST_URL)
    door.clock.set(j.RELEASE_DAY + timedelta(minutes=5))
    door.do("release-versions", release)
    mails = door.run("export", "mail", "--release", release, "--out", str(out), "--json")
    door.do("announce-release", release, "--destination", j.DESTINATION, "--message-id", j.MESSAGE_ID)
    posts = door.run("export", "blog-post", "--release", release, "--out", str(out), "--json")
    door.do("post-release", release, "--url", j.POST_URL)
    door.do("record-publication", ref, "--kinds", "nswg")
    door.do("close", ref)
    door.do("close-release", release)

    assert door.run("show", ref, "--json")["stage"] == "closed"
    post = (out / posts["files"][0]["name"]).read_text(encoding="utf-8")
    assert f"## {j.TITLE} ({j.CVE}) - (high)" in post.replace("(High)", "(high)")
    assert "24.3.2" in post
    assert "Robin Réporter" in post
    for file in mails["files"]:
        mail = message_from_bytes((out / file["name"]).read_bytes(), policy=policy.default)
        assert mail.get_content_type() == "text/plain"
    told = door.run("history", ref, "--json")
    kinds = [e["event"]["type"] for e in told if e["event"]["type"] != "NoteAdded"]
    assert kinds[:3] == ["ReportReceived", "HandlerAssigned", "ReportAcknowledged"]
    assert door.run("verify", "--json")["ok"] is True


def test_importing_the_same_mail_again_makes_no_second_case(door: Door) -> None:
    ref = receive(door)
    again = door.run("import", str(j.REPORT), "--json")
    assert (again["cases"], again["known"]) == ([], [ref])


def test_every_wrong_word_is_named_and_changes_nothing(door: Door) -> None:
    ref = receive(door)
    before = door.run("show", ref, "--json")
    assert "no verb" in door.do("dance", ref, code=2)
    assert "chin" in door.do("acknowledge", ref, "--chin", "up", code=2)
    assert "H-1999-001" in door.do("acknowledge", "H-1999-001", code=1)
    door.do("acknowledge", ref, "--at", "2026-02-30T00:00:00Z", code=2)
    assert door.run("show", ref, "--json") == before


def test_the_list_of_cases_has_the_shape_that_scripts_rely_on(door: Door) -> None:
    ref = receive(door)
    (row,) = door.run("cases", "--json")
    assert row["ref"] == ref
    assert row["next"]["what"] == "acknowledge"
    keys = ["ref", "title", "stage", "track", "severity", "cves", "handler", "next", "embargo", "updated"]
    assert list(row) == keys
    assert door.run("cases", "--query", "smuggling folded", "--json")[0]["ref"] == ref
    assert door.run("cases", "--query", "nothing-like-it", "--json") == []


def test_a_wrong_passphrase_is_told_from_a_folder_that_is_no_store(door: Door, tmp_path: Path) -> None:
    door.secret.write_text("wrong\n", encoding="utf-8")
    assert "passphrase" in door.run("cases", code=1)
    door.store = tmp_path
    assert "no store" in door.run("cases", code=1).replace("not a store", "no store")
