"""The command line as a process: quick help without Qt, a reader that goes away, a poor locale."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.bootstrap import create_store
from app.domain.commands.case_commands import Receive
from tests.app.cli.door import PASSPHRASE, Clock
from tests.builders import quick_parts

ROOT = Path(__file__).resolve().parents[3]
# The floor of the key derivation is for real stores; these protect nothing.
PROGRAM = """
import sys
from app.cli import main
from app.machine.clock import SystemClock
from tests.builders import quick_parts
sys.exit(main(parts=quick_parts(SystemClock())))
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("process") / "team.holdfast"
    session = create_store(folder, PASSPHRASE, title="Aster", owner="Ada Example", parts=quick_parts(Clock()))
    for number in range(40):
        session.desk.perform(None, Receive(title=f"Réport {number} " + "long " * 50, text="word " * 2000))
    session.close()
    (folder.parent / "passphrase.txt").write_text(PASSPHRASE)
    return folder


def start(*words: str, program: str = PROGRAM, **more: str) -> subprocess.Popen[bytes]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHON"))}
    return subprocess.Popen(
        [sys.executable, "-c", program, *words],
        cwd=ROOT,
        env=environment | {"PYTHONPATH": str(ROOT)} | more,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def ended(process: subprocess.Popen[bytes]) -> tuple[int, bytes, bytes]:
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def with_secret(store: Path) -> list[str]:
    return [str(store), "--passphrase-file", str(store.parent / "passphrase.txt")]


LOOK = """
import sys
from app.cli import main
code = main(sys.argv[1:])
heavy = ("PySide6", "shiboken6", "sqlcipher3", "cryptography", "msgspec", "app.bootstrap", "cvss", "unicodedata")
print(sorted(name for name in heavy if name in sys.modules), file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["export", "--help"]])
def test_help_imports_neither_qt_nor_anything_else_that_takes_time(words: list[str]) -> None:
    code, out, err = ended(start(*words, program=LOOK))
    assert (code, err.decode().strip()) == (0, "[]")
    assert out


NO_QT = (
    PROGRAM.replace("sys.exit", "code = ")
    + """
assert not any(name.startswith(("PySide6", "shiboken6", "ui.")) for name in sys.modules)
sys.exit(code)
"""
)


@pytest.mark.parametrize("words", [["cases"], ["verify"], ["history", "--json"]])
def test_no_verb_imports_qt(store: Path, words: list[str]) -> None:
    code, _, err = ended(start(words[0], *with_secret(store), *words[1:], program=NO_QT))
    assert code == 0, err


def test_a_reader_that_goes_away_is_no_fault_of_the_program(store: Path) -> None:
    process = start("show", *with_secret(store), "H-2026-001", "--json")
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=120) == 1
    assert err == b""


@pytest.mark.parametrize("locale", ["C", "POSIX", "C.UTF-8"])
@pytest.mark.parametrize("utf8", ["0", "1"])
def test_json_is_the_same_in_every_locale(store: Path, locale: str, utf8: str) -> None:
    code, out, err = ended(start("cases", *with_secret(store), "--json", LC_ALL=locale, PYTHONUTF8=utf8))
    assert (code, err) == (0, b"")
    assert json.loads(out.decode("utf-8"))[0]["title"].startswith("Réport 0")


def test_words_that_no_locale_can_write_are_spelt_out(store: Path) -> None:
    answer = ended(start("show", *with_secret(store), "H-2026-\udcff", LC_ALL="C", PYTHONUTF8="0"))
    assert answer[0] == 1
    assert answer[2].decode("utf-8").startswith("There is no case or release")
