"""A passphrase comes from a file, a descriptor or a prompt; every other way is refused in words."""

from __future__ import annotations

import getpass
import os
import threading
from argparse import Namespace
from pathlib import Path

import pytest

from app.cli.passphrase import LIMIT, read_passphrase
from app.domain.errors import AppError
from tests.app.cli.door import PASSPHRASE, Door


def from_file(path: Path) -> str:
    return read_passphrase(Namespace(passphrase_file=str(path), passphrase_fd=None))


def from_descriptor(number: int) -> str:
    return read_passphrase(Namespace(passphrase_file=None, passphrase_fd=number))


@pytest.mark.parametrize(
    ("data", "passphrase"),
    [
        (b"open\n", "open"),
        (b"open", "open"),
        (b"open\r\nmore\n", "open"),
        ("schlüssel bund \n".encode(), "schlüssel bund "),
        (b"open\n" + "é".encode()[:1], "open"),
    ],
)
def test_the_first_line_is_the_passphrase(tmp_path: Path, data: bytes, passphrase: str) -> None:
    (tmp_path / "p").write_bytes(data)
    assert from_file(tmp_path / "p") == passphrase


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "passphrase.empty"),
        (b"\nsecond", "passphrase.empty"),
        (b"\xff\xfe\n", "passphrase.not-text"),
        (b"x" * (LIMIT + 1), "passphrase.too-long"),
    ],
)
def test_what_is_no_passphrase_is_refused(tmp_path: Path, data: bytes, code: str) -> None:
    (tmp_path / "p").write_bytes(data)
    with pytest.raises(AppError) as caught:
        from_file(tmp_path / "p")
    assert caught.value.code == code


def test_the_longest_passphrase_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(b"x" * LIMIT + b"\n")
    assert from_file(tmp_path / "p") == "x" * LIMIT


def test_a_pipe_is_read_to_the_end_of_the_line_however_slowly_it_fills() -> None:
    reader, writer = os.pipe()
    got: list[str] = []
    thread = threading.Thread(target=lambda: got.append(from_descriptor(reader)))
    thread.start()
    for part in (b"op", b"en", b" sesame\nrest"):
        os.write(writer, part)
    thread.join()
    os.close(writer)
    os.close(reader)
    assert got == ["open sesame"]


def test_a_descriptor_or_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(AppError) as caught:
        from_descriptor(10**9)
    assert caught.value.facts["file"] == "descriptor 1000000000"
    with pytest.raises(AppError) as caught:
        from_file(tmp_path / "nowhere")
    assert caught.value.facts["file"] == "nowhere"


def test_the_prompt_asks_twice_for_a_new_store_and_refuses_what_differs(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = iter(["one", "other"])
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: next(told))
    made = door.say("init", str(door.folder / "second.holdfast"))
    assert (made.code, made.sentence) == (1, "The two passphrases differ.")
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: PASSPHRASE)
    assert door.say("cases", str(door.store), "--json").json == []


def test_no_terminal_to_ask_at_is_no_passphrase(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr(getpass, "getpass", nobody)
    answer = door.say("cases", str(door.store))
    assert (answer.code, answer.sentence) == (1, "No passphrase was given.")


@pytest.mark.parametrize("behind", [True, False])
def test_the_passphrase_option_stands_before_or_behind_the_verb_of_the_desk(door: Door, *, behind: bool) -> None:
    option = ["--passphrase-file", str(door.secret)]
    words = ["receive", "--title", "One", *option] if behind else [*option, "receive", "--title", "One"]
    assert door.say("do", str(door.store), *words).json["ref"] == "H-2026-001"
    first = ["release", *option, str(door.store)] if not behind else ["release", str(door.store)]
    last = option if behind else []
    assert door.say(*first, "plan", "--target", "2026-04-01T12:00:00Z", *last).json["ref"] == "R-2026-001"


def test_two_passphrases_are_one_too_many(door: Door) -> None:
    option = ["--passphrase-file", str(door.secret)]
    answer = door.say("do", *option, str(door.store), "receive", "--title", "One", *option)
    assert answer.code == 2
    assert "twice" in answer.sentence


def test_a_passphrase_is_never_an_argument(door: Door) -> None:
    answer = door.say("cases", str(door.store), "--passphrase", PASSPHRASE)
    assert answer.code == 2
