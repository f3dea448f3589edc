"""Runs gpg once: without a shell, for a limited time, with limited output, its status on a pipe of its own."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Mapping, Sequence
from typing import IO, TYPE_CHECKING, Final, NamedTuple, final

from app.domain.errors import Environment

if TYPE_CHECKING:
    import subprocess

_PIECE: Final = 65_536
_LONGEST_STATUS: Final = 1024 * 1024
_LOOK_EVERY: Final = 0.2  # seconds
_PREFIX: Final = "[GNUPG:] "


class Said(NamedTuple):
    """What a run of gpg said: its exit code, what it wrote, and its status lines, each a keyword and its words."""

    code: int
    out: bytes
    status: tuple[tuple[str, ...], ...]

    def words_of(self, keyword: str) -> tuple[tuple[str, ...], ...]:
        """What follows each status line of this keyword."""
        return tuple(line[1:] for line in self.status if line[0] == keyword)


def run(
    command: Sequence[str], data: bytes = b"", *, environment: Mapping[str, str], limit: int, patience: float
) -> Said:
    """Run the program with `data` on its standard input; at most `limit` bytes come out, within `patience` seconds.

    The program gets this environment and nothing of ours. Raises Environment: openpgp.missing, openpgp.refused (why:
    time, size).
    """
    # Imported here: most stores are opened without any OpenPGP.
    import subprocess

    program, *words = command
    ours, its = os.pipe()
    try:
        # Its log goes nowhere: whatever a message makes it say can't be taken for a status line.
        process = subprocess.Popen(
            [program, f"--status-fd={its}", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=(its,),
            env=environment,
            cwd="/",
            bufsize=0,
        )
    except OSError as fault:
        os.close(ours)
        raise Environment("openpgp.missing") from fault
    finally:
        os.close(its)
    with process, open(ours, "rb", buffering=0) as status:  # noqa: PTH123 - a descriptor, no path
        try:
            out, lines = _Talk(process, status, data, limit).to_the_end(time.monotonic() + patience)
        except BaseException:
            process.kill()
            raise
    return Said(process.returncode, out, _lines(lines))


@final
class _Talk:
    """Feeds and listens at the same time, so that neither side waits for the other for ever."""

    def __init__(self, process: subprocess.Popen[bytes], status: IO[bytes], data: bytes, limit: int) -> None:
        if process.stdin is None or process.stdout is None:
            raise Environment("openpgp.missing")
        self._process = process
        self._feed = process.stdin
        self._ends = (process.stdout, status)
        self._rest = memoryview(data)
        self._heard = {process.stdout: bytearray(), status: bytearray()}
        self._most = {process.stdout: limit, status: _LONGEST_STATUS}

    def to_the_end(self, until: float) -> tuple[bytes, bytes]:
        """What was written to the standard output and to the status pipe, when the process has ended."""
        import selectors
        from subprocess import TimeoutExpired

        os.set_blocking(self._feed.fileno(), False)
        with selectors.DefaultSelector() as selector:
            selector.register(self._feed, selectors.EVENT_WRITE)
            for end in self._ends:
                selector.register(end, selectors.EVENT_READ)
            while any(end in selector.get_map() for end in self._ends):
                if time.monotonic() > until:
                    raise Environment("openpgp.refused", why="time")
                ready = selector.select(_LOOK_EVERY)
                if not ready and self._process.poll() is not None:
                    break  # an agent that it started may hold the other ends open
                for key, _events in ready:
                    if self._over(key.fileobj):
                        selector.unregister(key.fileobj)
                        # Closing tells gpg that nothing more comes.
                        if key.fileobj is self._feed:
                            self._feed.close()
        with contextlib.suppress(OSError):
            self._feed.close()
        try:
            self._process.wait(max(0.0, until - time.monotonic()))
        except TimeoutExpired:
            raise Environment("openpgp.refused", why="time") from None
        out, status = self._ends
        return bytes(self._heard[out]), bytes(self._heard[status])

    def _over(self, place: object) -> bool:
        """Feed or listen once; whether this end is done with."""
        if place is self._feed:
            return self._fed()
        end = next(end for end in self._ends if end is place)
        piece = os.read(end.fileno(), _PIECE)
        self._heard[end] += piece
        if len(self._heard[end]) > self._most[end]:
            raise Environment("openpgp.refused", why="size")
        return not piece

    def _fed(self) -> bool:
        try:
            self._rest = self._rest[os.write(self._feed.fileno(), self._rest[:_PIECE]) :]
        except BlockingIOError:
            return False
        except BrokenPipeError:
            self._rest = self._rest[:0]  # it does not want the rest; what it says tells why
        return not self._rest


def _lines(said: bytes) -> tuple[tuple[str, ...], ...]:
    """The status lines; one that is none makes the answer a strange one, which no check accepts."""
    found = []
    for line in said.decode("utf-8", "replace").splitlines():
        words = line.removeprefix(_PREFIX).split(" ") if line.startswith(_PREFIX) else []
        found.append(tuple(words) if words and words[0] else ("?",))
    return tuple(found)
