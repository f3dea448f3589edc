"""What the desktop tells over D-Bus, with a bus and a logind of our own."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.scenes import busy_store
from tests.window_world import WindowWorld
from ui.shell.desktop import Desktop

ROOT = Path(__file__).resolve().parents[3]
SCREENS = ["org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver", "org.cinnamon.ScreenSaver", "org.mate.ScreenSaver"]


class Machine:
    """The other side of the bus: obeys, and answers with one line."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            ["dbus-run-session", "--", sys.executable, "-m", "tests.ui.shell.login_service"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.address = self._heard()

    def does(self, line: str) -> str:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self._heard()

    def _heard(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(20)
        assert self._process.stdout is not None
        self._process.stdout.close()


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    if not shutil.which("dbus-run-session") or importlib.util.find_spec("jeepney") is None:
        pytest.skip("dbus-run-session (Debian: dbus) or jeepney is not here")
    made = Machine()
    yield made
    made.end()


@pytest.fixture
def desktop(qtbot: QtBot, machine: Machine) -> Iterator[Desktop]:
    made = Desktop(None, {"DBUS_SESSION_BUS_ADDRESS": machine.address, "DBUS_SYSTEM_BUS_ADDRESS": machine.address})
    made.start()
    qtbot.waitUntil(lambda: made.delays_sleep)
    yield made
    made.stop()


@pytest.mark.parametrize("said", ["sleep", "lock", *(f"screen {name} on" for name in SCREENS)])
def test_the_store_is_to_be_locked_when_the_desktop_says_so(
    qtbot: QtBot, machine: Machine, desktop: Desktop, said: str
) -> None:
    with qtbot.waitSignal(desktop.lockWanted, timeout=10_000):
        assert machine.does(said).startswith("told")


def test_a_screen_that_is_unlocked_and_a_machine_that_wakes_lock_nothing(
    qtbot: QtBot, machine: Machine, desktop: Desktop
) -> None:
    told: list[str] = []
    desktop.lockWanted.connect(lambda: told.append("lock"))
    machine.does(f"screen {SCREENS[0]} off")
    machine.does("wake")
    with qtbot.waitSignal(desktop.lockWanted, timeout=10_000):
        machine.does("lock")
    assert told == ["lock"]


def test_the_machine_waits_with_its_sleep_until_the_store_is_closed_and_is_asked_again_when_it_wakes(
    qtbot: QtBot, machine: Machine, desktop: Desktop
) -> None:
    before = int(machine.does("time?").split()[1])
    desktop.locked()
    qtbot.waitUntil(lambda: int(machine.does("time?").split()[1]) == before - 1, timeout=10_000)
    machine.does("wake")
    qtbot.waitUntil(lambda: desktop.delays_sleep, timeout=10_000)
    assert int(machine.does("time?").split()[1]) == before


def test_after_the_stop_nothing_is_heard_and_nothing_held(qtbot: QtBot, machine: Machine, desktop: Desktop) -> None:
    told: list[str] = []
    desktop.lockWanted.connect(lambda: told.append("lock"))
    desktop.stop()
    machine.does("lock")
    other = Desktop(None, {"DBUS_SYSTEM_BUS_ADDRESS": machine.address})
    other.start()
    qtbot.waitUntil(lambda: other.delays_sleep)
    with qtbot.waitSignal(other.lockWanted, timeout=10_000):
        machine.does("sleep")
    other.stop()
    assert told == []


@pytest.mark.parametrize(
    "environment",
    [
        {"XDG_RUNTIME_DIR": "/nonexistent", "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent/bus"},
        {"DBUS_SESSION_BUS_ADDRESS": "nonsense", "DBUS_SYSTEM_BUS_ADDRESS": "nonsense"},
    ],
)
def test_where_no_bus_answers_it_tells_nothing_and_stands_in_nobodys_way(
    qtbot: QtBot, environment: dict[str, str]
) -> None:
    alone = Desktop(None, environment)
    alone.start()
    assert not alone.delays_sleep
    alone.locked()
    alone.stop()


def test_the_window_locks_before_the_machine_sleeps_and_then_lets_it(
    qtbot: QtBot, machine: Machine, desktop: Desktop
) -> None:
    world = WindowWorld(qtbot, busy_store).unlocked()
    world.window.listen(desktop)
    qtbot.waitUntil(lambda: desktop.delays_sleep)
    machine.does("sleep")
    qtbot.waitUntil(lambda: world.window.workspace is None, timeout=10_000)
    assert world.session.store.closed
    assert not desktop.delays_sleep


def test_the_program_listens_soon_after_it_was_started(machine: Machine) -> None:
    environment = {"DBUS_SESSION_BUS_ADDRESS": machine.address, "DBUS_SYSTEM_BUS_ADDRESS": machine.address}
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.ui.shell.sleeping_script"],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
    )
    with program:
        assert program.stdout is not None
        assert program.stdout.readline() == "listens\n"
        machine.does("sleep")
        assert program.stdout.readline() == "told\n"
    assert program.returncode == 0
