"""Mails are judged by programs that people read mail with: notmuch and neomutt."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from app.domain.case.state import Advisory
from app.domain.mail_message import wire_bytes
from app.domain.values import Credit
from app.exporters.mail import EXPORTER
from app.exporters.mail_pre import EXPORTER as PRE
from tests.app.domain.test_mail_message import LETTER
from tests.app.exporters.bundles import RECEIVED, a_bundle, a_case, alone

SECONDS = 60
LETTERS = {
    "ascii": LETTER,
    "words": replace(
        LETTER, subject="Überlauf – „漢字“ " * 6, body="Größe 漢字 = 1.\nFrom here on.\n.\n", sender_name="Jörg"
    ),
    "hostile": replace(LETTER, subject="x\r\nBcc: all@example.org", body="a\n\n--b\nContent-Type: text/html\n\n<b>\n"),
    "encoded": replace(LETTER, subject="=?utf-8?q?=0D=0ABcc:_a@b.example?= x", sender_name='a" <x@y.example>, "b'),
    "long": replace(LETTER, body=f"https://aster.example/{'a' * 300}\n{'word ' * 60}\n"),
}

Read = Callable[[bytes], dict[str, Any]]


@pytest.fixture
def indexed(notmuch: str, tmp_path: Path) -> Read:
    """What notmuch finds in a message: its headers, its parts, its text."""

    def read(data: bytes) -> dict[str, Any]:
        mail = tmp_path / "mail"
        (mail / "cur").mkdir(parents=True)
        (mail / "new").mkdir()
        (mail / "tmp").mkdir()
        (mail / "cur" / "1:2,S").write_bytes(data)
        config = tmp_path / "config"
        config.write_text(f"[database]\npath={mail}\n[user]\nname=a\nprimary_email=a@example.org\n[new]\ntags=\n")
        words = [notmuch, f"--config={config}"]
        for command in (["new", "--quiet"], ["show", "--format=json", "--entire-thread=false", "*"]):
            done = subprocess.run([*words, *command], check=True, capture_output=True, timeout=SECONDS)
        message: dict[str, Any] = json.loads(done.stdout)[0][0][0]
        return message

    return read


@pytest.mark.parametrize("name", LETTERS)
def test_notmuch_reads_what_was_said(indexed: Read, name: str) -> None:
    letter = LETTERS[name]
    message = indexed(wire_bytes(letter))
    assert set(message["headers"]) == {"Subject", "From", "To", "Date"}
    (part,) = message["body"]
    assert part["content-type"] == "text/plain"
    assert part["content"].replace("\r\n", "\n") == letter.body
    assert message["headers"]["To"].endswith("announce@lists.aster.example>")
    assert "security@aster.example" in message["headers"]["From"]
    assert "\n" not in message["headers"]["Subject"]


def test_every_exported_mail_is_read_whole(indexed: Read) -> None:
    case = a_case(
        title="Größe von „漢字“ in `a_b()`",
        advisory=Advisory(revision=1, body="Größe 漢字.\n\n```\n" + "x" * 200 + "\n```\n", at=RECEIVED),
        credits=(Credit(name="Jörg Müller", consent="granted"),),
        release="",
    )
    (first, *_others) = EXPORTER.render(alone(case))
    message = indexed(first.data)
    assert message["headers"]["Subject"] == "CVE-2099-10001: Aster runtime: Größe von „漢字“ in `a_b()`"
    text = message["body"][0]["content"]
    assert "    " + "x" * 200 in text
    assert "Thank you to Jörg Müller for reporting" in text


def test_neomutt_shows_what_was_said(neomutt: str, tmp_path: Path) -> None:
    folder, shown, settings = tmp_path / "md", tmp_path / "shown", tmp_path / "rc"
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True)
    (folder / "cur" / "1:2,S").write_bytes(wire_bytes(LETTERS["words"]))
    settings.write_text(
        f'set mbox_type=Maildir\nset folder="{folder}"\nset spoolfile="{folder}"\nset header_cache=""\n'
        f'set display_filter="tee {shown}"\nset pager_stop=yes\nset wait_key=no\nset quit=yes\nset charset="utf-8"\n'
        'unset beep\npush "<display-message><exit><quit>"\n'
    )
    script = shutil.which("script")
    assert script is not None
    command = f"{shlex.quote(neomutt)} -n -F {shlex.quote(str(settings))} -R -f {shlex.quote(str(folder))}"
    subprocess.run(
        [script, "-qec", command, "/dev/null"],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=SECONDS,
        env={**os.environ, "TERM": "xterm", "LC_ALL": "C.UTF-8"},
    )
    text = shown.read_text()
    assert "Subject: Überlauf – „漢字“" in text
    assert "From here on." in text
    assert "Größe 漢字 = 1." in text


def test_the_mail_after_the_release_is_threaded_with_the_one_before(indexed: Read) -> None:
    before = PRE.render(a_bundle())[0]
    message = indexed(before.data)
    assert message["id"].endswith("@aster.example")
    assert before.data.count(b"Message-ID: <" + message["id"].encode() + b">\r\n") == 1
