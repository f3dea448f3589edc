"""python-gnupg under the roof of the machine: it gives command lines and listings, and runs nothing by itself."""

from __future__ import annotations

import json
import logging
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import gnupg
import pytest

from app.domain.errors import AppError
from app.machine.gpg import Gpg
from app.machine.openpgp import SystemOpenPgp
from tests.app.machine.gpg_world import ADA, GpgHome, pretender

FPR = "0123456789ABCDEF0123456789ABCDEF01234567"
SECRET = bytes(range(32))
needs_gpg = pytest.mark.skipif(not shutil.which("gpg"), reason="gpg (Debian: gnupg) is not here")


def program_at(folder: Path, body: str) -> SystemOpenPgp:
    """A program in the place of gpg that is only what its body says."""
    program = folder / "gpg"
    program.write_text(f"#!{sys.executable}\nimport os, sys\n{body}\n", "utf-8")
    program.chmod(0o700)
    return SystemOpenPgp(Gpg(str(program), {"PATH": os.environ["PATH"]}))


def refused(pgp: SystemOpenPgp) -> tuple[str, object]:
    with pytest.raises(AppError) as caught:
        pgp.secret_keys()
    return caught.value.code, caught.value.facts.get("why")


def listed(folder: Path, *lines: str) -> SystemOpenPgp:
    said = "\n".join(lines) + "\n"
    return pretender(folder, f"sys.stdout.buffer.write({said!r}.encode())")


def given(folder: Path, environment: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """The environment and the words a gpg gets in this environment of ours."""
    seen = folder / "seen"
    pretender(folder, f"import json\njson.dump([dict(os.environ), sys.argv], open({str(seen)!r}, 'w'))")
    SystemOpenPgp(Gpg(str(folder / "gpg"), environment)).list_keys(FPR)
    got, words = json.loads(seen.read_text("utf-8"))
    return got, words


@contextmanager
def terminal_in_front() -> Iterator[str]:
    """Standard input is a terminal for a while; gives its name."""
    ours, its = pty.openpty()
    before = os.dup(0)
    os.dup2(its, 0)
    try:
        yield os.ttyname(its)
    finally:
        os.dup2(before, 0)
        for descriptor in (before, ours, its):
            os.close(descriptor)


# --------------------------------------------------------------------------------------------------- library
def test_who_opens_a_store_without_openpgp_does_not_pay_for_the_library() -> None:
    script = "import sys; from app.machine.openpgp import SystemOpenPgp; SystemOpenPgp(); print('gnupg' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"


@needs_gpg
def test_the_library_starts_no_process_and_writes_no_log_of_its_own(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def never(*_words: object, **_more: object) -> None:
        raise AssertionError("python-gnupg started a process without our limits")

    monkeypatch.setattr(gnupg, "Popen", never)
    home = GpgHome()
    try:
        with caplog.at_level(logging.DEBUG):
            ada = home.make(ADA)
            assert home.pgp.unwrap(home.pgp.wrap(ada, SECRET)) == SECRET
    finally:
        home.end()
    assert caplog.records == []


def test_what_the_library_would_add_for_its_own_debugging_stays_away(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DEBUG_IPC", "1")
    _environment, words = given(tmp_path, {})
    assert "--debug" not in words
    assert [word for word in words if word.startswith("--status-fd")] == [words[1]]
    assert words[-2:] == ["--", FPR]


# --------------------------------------------------------------------------------------------------- program
@pytest.mark.parametrize(
    "body",
    ["", "sys.exit(2)", "print('cfg:version:1.4.23')", "print('cfg:version:x')", f"print('cfg:version:{'9' * 5000}')"],
    ids=["says nothing", "fails", "too old", "no number", "no version"],
)
def test_a_program_that_is_no_gpg_of_today_is_refused(tmp_path: Path, body: str) -> None:
    assert refused(program_at(tmp_path, body)) == ("openpgp.refused", "version")


def test_a_program_that_talks_without_end_about_itself_is_ended(tmp_path: Path) -> None:
    endless = program_at(tmp_path, "while True:\n    sys.stdout.write('cfg:version:2.2.40' * 1000)")
    assert refused(endless) == ("openpgp.refused", "size")


def test_a_gpg_that_was_installed_meanwhile_is_found(tmp_path: Path) -> None:
    pgp = SystemOpenPgp(Gpg(environment={"PATH": str(tmp_path)}))
    assert refused(pgp) == ("openpgp.missing", None)
    pretender(tmp_path, "")
    assert pgp.secret_keys() == ()


def test_the_version_is_asked_for_once(tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    pgp = program_at(tmp_path, f"open({str(asked)!r}, 'a').write(sys.argv[-1] + '\\n')\nprint('cfg:version:2.4.7')")
    assert (pgp.list_keys(), pgp.list_keys(FPR)) == ((), ())
    assert asked.read_text("utf-8").splitlines() == ["--with-colons", "--", FPR]


# --------------------------------------------------------------------------------------------------- listing
def test_a_name_can_not_add_lines_to_a_listing(tmp_path: Path) -> None:
    head = f"pub:u:255:22:AAAAAAAAAAAAAAAA:1795201625:::u:::scESC:::+::ed25519:::0:\nfpr:::::::::{FPR}:"
    breaks = "\x85\u2028\u2029"
    name = "".join(f"Gil{mark}pub{mark}fpr{mark}{mark}" for mark in breaks)
    sub = "sub:u:255:18:BBBBBBBBBBBBBBBB:1795201625::::::e:::+::cv25519::"
    (key,) = listed(tmp_path, head, f"uid:u::::1795201625::AA::{name}::::::::::0:", sub).list_keys()
    assert (key.fingerprint, key.encrypting) == (FPR, ("BBBBBBBBBBBBBBBB",))
    assert key.name.startswith("Gil")


def test_a_name_that_was_revoked_is_not_what_a_key_is_called(tmp_path: Path) -> None:
    lines = ["pub:u:255:22:AAAAAAAAAAAAAAAA:1795201625:::u:::scESC::::::::0:", f"fpr:::::::::{FPR}:"]
    names = ["uid:r::::1::AA::Old Name::::::::::0:", "uid:e::::1::BB::Late Name::::::::::0:"]
    (key,) = listed(tmp_path, *lines, *names, "uid:u::::1::CC::Hana Example::::::::::0:").list_keys()
    assert key.name == "Hana Example"


def test_what_a_line_lacks_is_no_ability(tmp_path: Path) -> None:
    (key,) = listed(tmp_path, "pub:u", f"fpr:::::::::{FPR}:", "sub:u:255:18:BBBBBBBBBBBBBBBB").list_keys()
    assert (key.encrypting, key.opening, key.is_card, key.created) == ((), (), False, None)


@pytest.mark.parametrize("line", ["uid:u", f"fpr:::::::::{FPR}:", "sub:u:255", "grp:"])
def test_a_listing_that_begins_in_the_middle_is_refused(tmp_path: Path, line: str) -> None:
    assert refused(listed(tmp_path, line)) == ("openpgp.refused", "list")


# -------------------------------------------------------------------------------------------------- terminal
@pytest.mark.parametrize("ours", [{}, {"GPG_TTY": ""}], ids=["unset", "empty"])
def test_the_window_for_the_pin_finds_the_terminal_the_program_was_started_from(
    tmp_path: Path, ours: dict[str, str]
) -> None:
    with terminal_in_front() as name:
        environment, _words = given(tmp_path, ours)
    assert environment["GPG_TTY"] == name


def test_the_terminal_that_a_person_chose_for_the_pin_stays(tmp_path: Path) -> None:
    with terminal_in_front():
        environment, _words = given(tmp_path, {"GPG_TTY": "/dev/pts/elsewhere"})
    assert environment["GPG_TTY"] == "/dev/pts/elsewhere"
