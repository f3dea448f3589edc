"""The verb `keys`: what opens a store, from the command line."""

from __future__ import annotations

import getpass
import json
import os
import threading
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.presenters.words import error_words
from tests.app.cli.door import PASSPHRASE, Answer, Door
from tests.fakes_secrets import ADAS_KEY, FakeKeychain, FakeOpenPgp


class Prompt:
    """Somebody who types."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
        self.asked: list[str] = []
        self._answers = list(answers)
        monkeypatch.setattr(getpass, "getpass", self._answer)

    def _answer(self, words: str) -> str:
        self.asked.append(words)
        return self._answers.pop(0)


@pytest.fixture
def equipped(door: Door) -> Door:
    """A store on a machine with a keychain and OpenPGP."""
    place = door.parts.place
    door.parts.place = msgspec.structs.replace(place, keychain=FakeKeychain(), openpgp=FakeOpenPgp())
    return door


def ways(door: Door, *options: str) -> list[dict[str, Any]]:
    answer = door.say("keys", str(door.store), "list", "--json", *_proof(door, options))
    listed: list[dict[str, Any]] = answer.json["ways"]
    return listed


def _proof(door: Door, options: tuple[str, ...]) -> tuple[str, ...]:
    return options or ("--passphrase-file", str(door.secret))


def added(door: Door, new: str = "borealis", label: str = "Deputy") -> str:
    path = door.file(f"{label}.txt", new + "\n")
    answer = door.run("keys", "add-passphrase", "--new-passphrase-file", path, "--label", label, "--json")
    way: str = answer.json["id"]
    return way


def with_code(door: Door, *words: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A store with a recovery code, which was typed back at a prompt; gives the file it stands in."""
    codes: list[str] = []

    def typed(_words: str) -> str:
        out, _ = door.capsys.readouterr()
        codes.append(out.split()[0])
        return codes[0].lower()

    monkeypatch.setattr(getpass, "getpass", typed)
    door.run("keys", "add-recovery", *words)
    return door.file("code.txt", codes[0] + "\n")


def opens(door: Door, *options: str) -> Answer:
    return door.say("cases", str(door.store), *options)


def test_the_list_names_what_opens_the_store_and_what_is_missing(door: Door) -> None:
    told = door.run("keys", "list")
    assert "passphrase" in told.out
    assert "2026-03-02 09:00 UTC" in told.out
    assert "no recovery code" in told.err
    (way,) = ways(door)
    assert (way["kind"], way["label"], way["revocable"]) == ("passphrase", "Passphrase", False)


def test_a_second_passphrase_opens_the_store_and_can_be_renamed_changed_and_revoked(door: Door) -> None:
    way = added(door)
    deputy = ("--passphrase-file", str(door.folder / "Deputy.txt"))
    assert opens(door, *deputy).code == 0
    door.run("keys", "rename", "deputy", "The deputy")
    assert [w["label"] for w in ways(door, *deputy)] == ["Passphrase", "The deputy"]
    changed = door.file("changed.txt", "aurora\n")
    door.run("keys", "change", "The deputy", "--new-passphrase-file", changed)
    assert opens(door, *deputy).code == 1
    assert opens(door, "--passphrase-file", changed).code == 0
    told = door.run("keys", "revoke", way)
    assert "“The deputy” opens the store no longer." in told.err
    assert opens(door, "--passphrase-file", changed).code == 1
    said = door.run("history", "team").out
    assert "Revoked a way in: The deputy" in said


def test_a_new_passphrase_is_asked_for_twice(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    prompt = Prompt(monkeypatch, "borealis", "borealis")
    door.run("keys", "add-passphrase")
    assert prompt.asked == ["New passphrase: ", "Once more: "]
    Prompt(monkeypatch, "one", "other")
    refused = door.nothing_changes("keys", "add-passphrase", code=1)
    assert refused.sentence == "The two passphrases differ."


def test_a_recovery_code_is_shown_once_and_opens_the_store_after_it_was_typed_back(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = with_code(door, monkeypatch=monkeypatch)
    code = Path(path).read_text().strip()
    assert opens(door, "--recovery-code-file", path).code == 0
    assert code not in door.run("keys", "list").out
    assert [w["kind"] for w in ways(door, "--recovery-code-file", path)] == ["passphrase", "recovery"]


def test_a_recovery_code_that_is_typed_back_wrong_opens_nothing(door: Door) -> None:
    wrong = door.file("typed.txt", "00000-00000\n")
    answer = door.nothing_changes("keys", "add-recovery", "--confirm-file", wrong, code=1)
    assert "8 groups of 5" in answer.err
    shown = door.file("shown.txt", answer.out.split()[0])
    assert opens(door, "--recovery-code-file", shown).code == 1
    assert len(ways(door)) == 1


def test_a_script_types_the_code_back_through_a_pipe(door: Door) -> None:
    pipe = door.folder / "pipe"
    os.mkfifo(pipe)
    out: list[str] = []
    write = os.sys.stdout.write  # type: ignore[attr-defined]

    def feed() -> None:
        with pipe.open("w") as file:
            file.write(json.loads("".join(out))["code"] + "\n")

    feeder = threading.Thread(target=feed)

    def told(text: str) -> int:
        out.append(text)
        feeder.start()
        return int(write(text))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout.write", told)
        patch.setattr("app.cli.keys._told", lambda *_: 0)
        door.run("keys", "add-recovery", "--json", "--confirm-file", str(pipe))
    feeder.join()
    assert [w["kind"] for w in ways(door)] == ["passphrase", "recovery"]


def test_the_keychain_and_openpgp_open_the_store(equipped: Door) -> None:
    equipped.run("keys", "add-keychain")
    spaced = " ".join(ADAS_KEY[at : at + 4] for at in range(0, 40, 4)).lower()
    equipped.run("keys", "add-openpgp", "--label", "Card", spaced)
    for option in ("--keychain", "--openpgp"):
        assert opens(equipped, option).code == 0
    assert [w["fingerprint"] for w in ways(equipped)] == ["", "", ADAS_KEY]
    assert "Test keychain" in equipped.run("keys", "list").out
    refused = equipped.say("keys", str(equipped.store), "--keychain", "revoke", "Card")
    assert (refused.code, refused.sentence.startswith("The keychain answers to whoever sits here")) == (1, True)


def test_only_an_openpgp_key_is_warned_of(equipped: Door) -> None:
    equipped.run("keys", "add-openpgp", ADAS_KEY)
    told = equipped.run("keys", "revoke", "Passphrase")
    assert "when the key is lost, so is the store" in told.err


def test_a_way_in_can_be_tried(equipped: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    added(equipped)
    equipped.run("keys", "add-keychain")
    equipped.run("keys", "add-openpgp", ADAS_KEY)
    assert equipped.run("keys", "test", "Passphrase").err == "“Passphrase” opens the store.\n"
    assert equipped.run("keys", "test", "Deputy", "--json", code=1).json["opens"] is False
    assert equipped.run("keys", "test", "Test keychain", "--json").json["opens"] is True
    assert equipped.run("keys", "test", f"OpenPGP {'A' * 16}", "--json").json["opens"] is True
    Prompt(monkeypatch, PASSPHRASE)
    answer = equipped.say("keys", str(equipped.store), "--keychain", "test", "Passphrase", "--json")
    assert answer.json["opens"] is True


def test_the_last_way_in_stays(door: Door) -> None:
    refused = door.nothing_changes("keys", "revoke", "Passphrase", code=1)
    assert refused.sentence.startswith("This is the last way into the store")


def test_the_store_key_is_replaced_after_a_backup_that_opens_with_the_old_one(door: Door) -> None:
    added(door)
    backup = door.folder / "before.holdfast-backup"
    assert door.run("keys", "rekey", "--backup", str(backup), "--json").json == {"epoch": 2}
    assert door.run("verify", "--json").json["ok"] is True
    for name in ("passphrase.txt", "Deputy.txt"):
        assert opens(door, "--passphrase-file", str(door.folder / name)).code == 0
    restored = door.folder / "restored.holdfast"
    proof = ("--passphrase-file", str(door.secret))
    assert door.say("restore", str(backup), str(restored), *proof).code == 0
    assert door.say("cases", str(restored), *proof).code == 0


def test_without_room_for_the_backup_the_key_stays(door: Door) -> None:
    refused = door.nothing_changes("keys", "rekey", "--backup", str(door.folder / "nowhere" / "file"), code=1)
    assert refused.sentence
    assert opens(door, "--passphrase-file", str(door.secret)).code == 0


@pytest.mark.parametrize("words", [("rename", "Passphrase"), ("test",), ("revoke",), ("list", "x"), ("rekey",)])
def test_what_is_said_wrong_is_told_how_to_say_it(door: Door, words: tuple[str, ...]) -> None:
    refused = door.nothing_changes("keys", *words, code=2)
    assert "holdfast keys STORE" in refused.sentence


def test_an_unknown_action_and_an_unknown_way_are_told(door: Door) -> None:
    assert door.say("keys", str(door.store), "explode").code == 2
    refused = door.nothing_changes("keys", "revoke", "nobody\x1b[31m", code=1)
    assert refused.sentence.startswith("No way in is called “nobody")
    assert "\x1b" not in refused.sentence


@pytest.mark.parametrize("option", ["--keychain", "--openpgp", "--recovery-code-file"])
def test_only_one_way_in_is_named_at_a_time(door: Door, option: str) -> None:
    words = (option, str(door.secret)) if option.endswith("file") else (option,)
    assert door.say("cases", str(door.store), "--passphrase-file", str(door.secret), *words).code == 2
    answer = door.say("do", str(door.store), *words, "receive", "--title", "x", "--passphrase-file", str(door.secret))
    assert answer.code == 2
    assert answer.sentence.startswith("How the store is opened is said twice.")
    alone = door.say("do", str(door.store), *words, "receive", "--title", "x")
    assert alone.code == 1


def test_each_other_way_that_is_not_there_has_its_own_words(equipped: Door) -> None:
    code = equipped.file("code.txt", "AAAAA\n")
    for options, begins in (
        (("--keychain",), "This store was never let into a keychain."),
        (("--openpgp",), "No OpenPGP key opens this store."),
        (("--recovery-code-file", code), "This store has no recovery code."),
    ):
        answer = opens(equipped, *options)
        assert (answer.code, answer.sentence.startswith(begins)) == (1, True), answer.err


def test_every_refusal_of_the_keys_has_words() -> None:
    from app.domain.errors import Rejected
    from app.presenters.words_store import STORE

    for code in STORE:
        assert not error_words(Rejected(code)).startswith(code)


def test_no_code_typed_back_is_a_code_too_short_and_no_passphrase(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getpass", lambda _words: "")
    answer = door.nothing_changes("keys", "add-recovery", code=1)
    assert "8 groups of 5" in answer.err
    assert "assphrase" not in answer.err.splitlines()[-1]


def test_the_help_names_every_action_with_its_words(door: Door) -> None:
    answer = door.say("keys", "--help")
    for form in ("rename WAY NAME", "rekey --backup FILE|DIR", "add-openpgp FINGERPRINT", "list"):
        assert f"holdfast keys STORE {form}" in answer.out
