"""Nothing of a case is found in what the program wrote, but in the files that it was asked to export."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.commands import CASE_VERBS, RELEASE_VERBS, verb_of
from tests.leaks.canaries import STEM, files_of, leaks_in, shapes_in
from tests.leaks.commands import case_commands, release_commands
from tests.leaks.inputs import write_inputs

ROOT = Path(__file__).resolve().parents[2]
# Verbs that only importers use, and one that needs a release which is out.
ELSEWHERE = {"import-record", "add-attachment", "end-embargo", "record-release", "record-publication"}
ELSEWHERE |= {"release-versions"}
SHAPES: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "lower": lambda text: text.lower().encode(),
    "utf-16": lambda text: text.encode("utf-16"),
    "hex": lambda text: text.encode().hex().encode(),
    "base64": lambda text: base64.b64encode(text.encode()),
    "base64 shifted": lambda text: base64.b64encode(b"ab" + text.encode() + b"cd"),
    "base64 of utf-16": lambda text: base64.b64encode(b"x" + text.encode("utf-16-le")),
}


class Box:
    """A home, a temporary folder and a place to stand in that nothing else writes to; what the program said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.inputs, self.out, self.store = folder / "in", folder / "out", folder / "team.holdfast"
        write_inputs(self.inputs)
        names = ("HOME", "TMPDIR", "GNUPGHOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
        self.places = {name: folder / name.lower() for name in (*names, "XDG_RUNTIME_DIR", "cwd")}
        for place in self.places.values():
            place.mkdir(mode=0o700)
        self.ended = self._run("session_script")
        # The next to open the store takes back what the kill left unfinished, so it is looked at now.
        journal = self.store / "cases.db-journal"
        self.journal = journal.stat().st_size if journal.is_file() else 0
        self.after_the_kill = leaks_in(folder, [self.inputs, self.out])
        self.window = self._run("window_script")

    def _run(self, script: str) -> subprocess.CompletedProcess[bytes]:
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "LC_ALL", "SYSTEMROOT")}
        own = {name: str(place) for name, place in self.places.items() if name != "cwd"}
        return subprocess.run(
            [sys.executable, "-B", "-X", "dev", "-m", f"tests.leaks.{script}", str(self.folder)],
            cwd=self.places["cwd"],
            env=kept | own | {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"},
            capture_output=True,
            check=False,
            umask=0,  # the program must not rely on a careful shell
            timeout=300,
        )


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Box:
    made = Box(tmp_path_factory.mktemp("leaks"))
    # Killed by itself in the last act; anything else means that it never came so far.
    assert made.ended.returncode == -9, made.ended.stderr.decode(errors="replace")[-3000:]
    assert made.window.returncode == 0, made.window.stderr.decode(errors="replace")[-3000:]
    return made


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("before", ["", "x", "xy", "xyz"])
def test_the_search_finds_a_canary_in_every_shape(tmp_path: Path, shape: str, before: str) -> None:
    (tmp_path / "trace").write_bytes(b"\x00\xff" + SHAPES[shape](f"{before}{STEM}title") + b"\x00")
    assert list(leaks_in(tmp_path)) == ["trace"]


def test_the_search_finds_a_canary_in_the_name_of_a_file(tmp_path: Path) -> None:
    (tmp_path / f"{STEM}.txt").write_bytes(b"")
    assert list(leaks_in(tmp_path)) == [f"{STEM}.txt"]


def test_the_search_finds_nothing_where_there_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "trace").write_bytes(os.urandom(1 << 20) + b"a canary is a bird")  # noqa: TID251 - any bytes will do
    assert leaks_in(tmp_path) == {}


def test_every_verb_of_a_case_and_of_a_release_is_told_with_canaries() -> None:
    told = [*case_commands(), *release_commands("H-2026-001")]
    missing = {*CASE_VERBS, *RELEASE_VERBS} - {verb_of(type(command).__name__) for command in told} - ELSEWHERE
    assert missing == set()


def test_the_exported_files_do_hold_canaries(box: Box) -> None:
    assert len(leaks_in(box.out)) >= 4


def test_no_file_holds_a_canary_when_the_program_is_killed_in_the_middle_of_a_command(box: Box) -> None:
    assert box.journal > 0, "the kill came before anything was written"
    assert box.after_the_kill == {}


def test_no_file_that_the_program_wrote_holds_a_canary_but_those_exported(box: Box) -> None:
    written = {path.name for path in files_of(box.folder, [box.inputs, box.out]) if path.stat().st_size}
    assert {"cases.db", "keyslots.json", "settings.json"} <= written
    assert leaks_in(box.folder, [box.inputs, box.out]) == {}


def test_neither_stderr_nor_the_text_of_any_exception_holds_a_canary(box: Box) -> None:
    said = box.ended.stderr
    assert said.count(b"Traceback") >= 5
    assert [line for line in said.splitlines() if shapes_in(line)] == []


def test_the_window_says_no_canary_on_stderr_either(box: Box) -> None:
    assert [line for line in box.window.stderr.splitlines() if shapes_in(line)] == []


def test_nothing_of_a_case_can_be_read_in_the_locked_window_or_in_the_clipboard(box: Box) -> None:
    said = [b"open while at work: True", b"open in the locked window: []", b"in the clipboard: False"]
    assert box.window.stdout.splitlines() == said


def test_every_file_is_for_its_owner_alone_whatever_the_umask_was(box: Box) -> None:
    modes = {
        str(path.relative_to(box.folder)): oct(path.stat().st_mode & 0o777)
        for path in box.folder.rglob("*")
        if not path.is_relative_to(box.inputs) and path.stat().st_mode & 0o777 != (0o700 if path.is_dir() else 0o600)
    }
    assert modes == {}


def test_no_core_is_left_behind(box: Box) -> None:
    assert [path for path in files_of(box.folder, [box.inputs]) if path.name.startswith("core")] == []
