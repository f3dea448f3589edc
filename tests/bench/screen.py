"""A screen of its own (Xvfb), and a watcher that hears when a program puts a window on it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from tests.bench.frame import Sample
from tests.bench.programs import resident

_SUBSTRUCTURE_NOTIFY: Final = 1 << 19
_MAP_NOTIFY: Final = 19
_SMALLEST: Final = 300
"""Pixels of a window's width; what is smaller is a splash or a hint."""
_SECONDS: Final = 60.0
_EVENT_BYTES: Final = 192  # the size of an XEvent (Xlib.h): 24 longs


@contextlib.contextmanager
def screen() -> Iterator[str]:
    """The name of a display that nothing else uses."""
    server = shutil.which("Xvfb")
    if server is None:
        raise FileNotFoundError("Xvfb")
    reading, writing = os.pipe()
    command = (server, "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp", "-noreset")
    with subprocess.Popen(
        command, pass_fds=(writing,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as started:
        os.close(writing)
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        try:
            yield f":{number}"
        finally:
            started.terminate()


class MapEvent(ctypes.Structure):
    """The fields of XMapEvent (Xlib.h)."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("event", ctypes.c_ulong),
        ("window", ctypes.c_ulong),
        ("override_redirect", ctypes.c_int),
    )


class WindowWatcher:
    """Hears of every window that is put on a screen."""

    def __init__(self, display: str) -> None:
        self._x = ctypes.CDLL("libX11.so.6")
        self._x.XOpenDisplay.restype = ctypes.c_void_p
        self._x.XDefaultRootWindow.restype = ctypes.c_ulong
        opened: int | None = self._x.XOpenDisplay(display.encode())
        if not opened:
            raise ConnectionError(display)
        self._display = ctypes.c_void_p(opened)
        self._root = ctypes.c_ulong(self._x.XDefaultRootWindow(self._display))
        self._x.XSelectInput(self._display, self._root, ctypes.c_long(_SUBSTRUCTURE_NOTIFY))
        self._x.XSync(self._display, 0)

    def wait(self) -> None:
        """Until a window of some size is on the screen; raises TimeoutError after a minute."""
        until = time.monotonic() + _SECONDS
        while time.monotonic() < until:
            while self._x.XPending(self._display):
                if self._next_is_a_window():
                    return
            select.select([self._x.XConnectionNumber(self._display)], [], [], 1.0)
        raise TimeoutError("no window came")

    def _next_is_a_window(self) -> bool:
        buffer = ctypes.create_string_buffer(_EVENT_BYTES)
        self._x.XNextEvent(self._display, buffer)
        event = MapEvent.from_buffer(buffer)
        return event.type == _MAP_NOTIFY and self._width(event.window) >= _SMALLEST

    def _width(self, window: int) -> int:
        root, numbers = ctypes.c_ulong(), [ctypes.c_int(), ctypes.c_int(), *(ctypes.c_uint() for _ in range(4))]
        places: list[Any] = [ctypes.byref(root), *(ctypes.byref(number) for number in numbers)]
        known = self._x.XGetGeometry(self._display, ctypes.c_ulong(window), *places)
        return int(numbers[2].value) if known else 0

    def close(self) -> None:
        """Leaves the screen."""
        self._x.XCloseDisplay(self._display)


def until_window(display: str, command: Sequence[str], extra: Mapping[str, str]) -> Sample:
    """Milliseconds from the start of a program to its window on the screen; then it is ended."""

    def sample() -> float:
        watcher = WindowWatcher(display)
        begun = time.perf_counter()
        with _started(display, command, extra) as started:
            try:
                watcher.wait()
                return (time.perf_counter() - begun) * 1000
            finally:
                started.kill()
                watcher.close()

    return sample


def memory_with_window(display: str, command: Sequence[str], extra: Mapping[str, str], given: bytes) -> float:
    """Megabytes that a program holds once its window stands and its memory has come to rest."""
    watcher = WindowWatcher(display)
    with _started(display, command, extra) as started:
        try:
            if started.stdin is not None:
                started.stdin.write(given)
                started.stdin.flush()
            watcher.wait()
            return _at_rest(started.pid)
        finally:
            started.kill()
            watcher.close()


def _at_rest(pid: int) -> float:
    """The resident memory after two seconds in which it did not grow."""
    last, since = resident(pid), time.monotonic()
    until = since + _SECONDS
    while time.monotonic() < until and time.monotonic() - since < 2.0:
        select.select([], [], [], 0.1)
        now = resident(pid)
        if now > last + 0.5:
            last, since = now, time.monotonic()
    return last


def _started(display: str, command: Sequence[str], extra: Mapping[str, str]) -> subprocess.Popen[bytes]:
    kept = {name: value for name, value in os.environ.items() if name not in ("WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=kept | {"DISPLAY": display} | dict(extra),
    )
