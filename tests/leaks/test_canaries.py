"""Nothing of a case is found in what the program wrote, but in the files that it was asked to export."""

from __future__ import annotations

import base64
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.commands import CASE_VERBS, RELEASE_VERBS, verb_of
from tests.cores import cores_may_be_written
from tests.faults.figures import LONG, tell
from tests.leaks.canaries import STEM, canary, files_of, leaks_in, shapes_in
from tests.leaks.commands import case_commands, release_commands
from tests.leaks.inputs import write_inputs
from tests.leaks.memory import count_in
from tests.leaks.traces import Trace, strace_works, traces, watched

ROOT = Path(__file__).resolve().parents[2]
# Verbs that only importers use, and one that needs a release which is out.
ELSEWHERE = {"import-record", "add-attachment", "end-embargo", "record-release", "record-publication"}
ELSEWHERE |= {"release-versions"}
# The counts of a release sort and search 100,000 cases.
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", LONG)
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
        self.log = folder.parent / f"{folder.name}-traces"
        self.log.mkdir(mode=0o700)
        self.ended = self._run("session_script")
        # The next to open the store takes back what the kill left unfinished, so it is looked at now.
        journal = self.store / "cases.db-journal"
        self.journal = journal.stat().st_size if journal.is_file() else 0
        self.after_the_kill = leaks_in(folder, [self.inputs, self.out])
        self.window = self._run("window_script")
        self.copies: dict[str, tuple[int, int]] = {}
        self.alive = self._look_into_memory()

    def _look_into_memory(self) -> str:
        """Count the canaries in the memory of a window, open and locked; gives what it says is still alive then."""
        secret = self.folder / "in" / "passphrase.txt"
        command = [sys.executable, "-B", "-m", "tests.leaks.memory_script", str(self.store), str(secret)]
        window = subprocess.Popen(
            command, cwd=self.places["cwd"], env=self._environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        with window:
            said = ""
            assert window.stdout is not None
            assert window.stdin is not None
            while line := window.stdout.readline():
                said = line.decode().strip()
                copies = count_in(window.pid, canary("passphrase")), count_in(window.pid, STEM)
                self.copies[said.split()[0]] = copies
                window.stdin.write(b"\n")
                window.stdin.flush()
        assert window.returncode == 0
        return said

    def traces(self, script: str) -> list[Trace]:
        """What the program of this script did to the disk."""
        return traces(self.log / script)

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name in _ENVIRONMENT}
        own = {name: str(place) for name, place in self.places.items() if name != "cwd"}
        return kept | own | {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}

    def run(self, script: str, *words: str) -> subprocess.CompletedProcess[bytes]:
        """Start a script in this box, with no limit on cores."""
        return self._run(script, *words, str(self.folder))

    def _run(self, script: str, *words: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [
                *(watched(self.log / script) if strace_works() and not words else []),
                *(sys.executable, "-B", "-X", "dev", "-m", f"tests.leaks.{script}"),
                *(words or [str(self.folder)]),
            ],
            cwd=self.places["cwd"],
            env=self._environment(),
            capture_output=True,
            check=False,
            umask=0,  # the program must not rely on a careful shell
            preexec_fn=_wants_cores,
            timeout=3_600,
        )


def _wants_cores() -> None:
    """What a person who hunts for a fault sets in the shell: `ulimit -c unlimited`."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))


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
    found = leaks_in(box.folder, [box.inputs, box.out])
    tell(
        "T9",
        "files left by a day at the desk and in the window, and canaries in them",
        files=len(written),
        hits=len(found),
    )
    assert found == {}


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


def test_no_list_of_recent_files_or_visited_folders_is_kept(box: Box) -> None:
    kept = {"QtProject.conf", "recently-used.xbel", "recentdocuments", "user-places.xbel"}
    assert [path for path in box.folder.rglob("*") if path.name in kept] == []


def cores_in(box: Box) -> list[Path]:
    return [path for path in files_of(box.folder, [box.inputs]) if path.name.partition(".")[0] == "core"]


def test_no_core_is_left_behind(box: Box) -> None:
    assert cores_in(box) == []


@pytest.mark.parametrize("killer", [signal.SIGABRT, signal.SIGSEGV], ids=lambda s: s.name)
def test_a_program_that_dies_of_a_fault_with_cases_in_memory_leaves_nothing(box: Box, killer: signal.Signals) -> None:
    died = box.run("crash_script", "hardened", str(int(killer)))
    assert (died.returncode, died.stdout.split()[-1:]) == (-killer, [b"cases"]), died.stderr.decode()[-2000:]
    assert cores_in(box) == []
    assert leaks_in(box.folder, [box.inputs, box.out]) == {}


def test_without_the_hardening_the_same_death_leaves_the_cases_in_a_core(box: Box) -> None:
    pattern = Path("/proc/sys/kernel/core_pattern")
    written_elsewhere = not pattern.exists() or pattern.read_text("ascii").startswith(("|", "/"))
    if written_elsewhere or not cores_may_be_written():
        pytest.skip("this system does not write cores beside the program")
    died = box.run("crash_script", "plain", str(int(signal.SIGABRT)))
    (core,) = cores_in(box)
    shapes = shapes_in(core.read_bytes())
    core.unlink()
    assert died.returncode == -signal.SIGABRT
    assert any(shape.startswith("plain") for shape in shapes)


@pytest.mark.parametrize(("where", "leaks"), [("FILE", True), ("MEMORY", False)])
def test_temporary_files_of_a_careless_database_would_be_found(tmp_path: Path, where: str, leaks: bool) -> None:
    command = [sys.executable, "-B", "-m", "tests.leaks.control_script", where, str(tmp_path)]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120).stdout
    assert said == f"True {leaks}\n"


def test_no_file_without_a_name_holds_a_canary_while_the_program_sorts_searches_and_writes(box: Box) -> None:
    assert [line for line in box.ended.stdout.splitlines() if line.startswith(b"nameless")] == []


@pytest.fixture(params=["session_script", "window_script"])
def done(request: pytest.FixtureRequest, box: Box) -> list[Trace]:
    if not strace_works():
        pytest.skip("strace is not here, or this system lets no process watch another")
    found = box.traces(request.param)
    assert sum(trace.mode is not None for trace in found) > 5
    return found


def test_nothing_is_ever_created_that_others_could_read_whatever_the_umask_was(done: list[Trace]) -> None:
    open_to_others = [trace for trace in done if trace.mode is not None and trace.mode & 0o077]
    made = sum(trace.mode is not None for trace in done)
    tell(
        "T18",
        "files and folders made from umask 000 on, and those that others could read",
        made=made,
        readable=len(open_to_others),
    )
    assert open_to_others == []


def test_nothing_is_written_anywhere_but_where_the_program_lives_and_where_it_was_told_to(
    box: Box, done: list[Trace]
) -> None:
    own = (f"{box.folder}/", "/dev/null", "/dev/tty", "/proc/self/coredump_filter", "/proc/self/task/")
    assert {trace.path for trace in done if trace.writes and not trace.path.startswith(own)} == set()


def test_two_seconds_after_the_lock_nothing_of_the_store_is_alive_in_the_window(box: Box) -> None:
    assert box.alive == "locked"


def test_the_lock_leaves_hardly_a_passphrase_in_memory_and_fewer_copies_of_texts_than_there_were(box: Box) -> None:
    """Freed copies stay until the process ends, as the help says: of some 780, some 460 were left when measured."""
    (_, texts_open), (passphrase, texts_locked) = box.copies["open"], box.copies["locked"]
    tell(
        "T19",
        "copies of texts in the memory of the window",
        open=texts_open,
        locked=texts_locked,
        passphrase=passphrase,
    )
    assert texts_open > 100, "the count itself finds nothing"
    assert passphrase <= 2
    assert texts_locked < texts_open
