"""The file operations of a real process, recorded by strace with all their bytes and read back in order."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from tests.faults.disk import Disk

_FOLLOWED: Final = frozenset((
    "openat", "close", "write", "pwrite64", "lseek", "ftruncate", "fsync", "fdatasync",
    "rename", "renameat", "renameat2", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir", "link", "linkat",
    "dup", "dup2", "dup3", "fcntl",
))  # fmt: skip
_STRANGE: Final = frozenset((
    "open", "creat", "writev", "pwritev", "pwritev2", "truncate", "fallocate", "sendfile", "copy_file_range", "symlink",
    "symlinkat", "sync_file_range", "splice", "mmap",
))  # fmt: skip
"""Calls that change files as well; the model doesn't know them, so the program may not use them in the box."""
_LONGEST: Final = 64 * 1024 * 1024

_LINE: Final = re.compile(rb"(\d+) +(\w+)\((.*)\) += (-?\d+)(?:<((?:\\x..)*)>)?")
_UNFINISHED: Final = re.compile(rb"(\d+) +(\w+\(.*) <unfinished \.\.\.>")
_RESUMED: Final = re.compile(rb"(\d+) +<\.\.\. \w+ resumed>(.*)")
_ARGUMENT: Final = re.compile(rb'"((?:\\x..)*)"(\.\.\.)?|(\d+|AT_FDCWD)(?:<((?:\\x..)*)>(\(deleted\))?)?|([A-Z_|0-9]+)')


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One change of the box, or something that the worker said."""

    do: str
    path: str = ""
    to: str = ""
    offset: int | None = 0
    data: bytes = b""

    def happen(self, disk: Disk) -> None:
        """Makes it happen on a disk of the model."""
        match self.do:
            case "create":
                disk.create(self.path)
            case "make-folder":
                disk.make_folder(self.path)
            case "write":
                disk.write(self.path, self.offset, self.data)
            case "cut":
                disk.cut(self.path, self.offset or 0)
            case "sync":
                disk.sync(self.path)
            case "remove":
                disk.remove(self.path)
            case "rename":
                disk.rename(self.path, self.to)
            case "link":
                disk.link(self.path, self.to)
            case _:
                assert self.do == "say"


def record(command: Sequence[str], trace: Path, cwd: Path, environment: dict[str, str]) -> None:
    """Runs a command to its end under strace; raises CalledProcessError where it fails."""
    # A question mark: calls that this machine's kernel does not have are no fault.
    calls = ",".join(f"?{call}" for call in sorted(_FOLLOWED | _STRANGE))
    options = ["-f", "--seccomp-bpf", "-y", "-xx", "-s", str(_LONGEST), "-o", str(trace), "-e", f"trace={calls}"]
    subprocess.run(["strace", *options, *command], cwd=cwd, env=environment, check=True, stdout=sys.stderr)


def read(trace: Path, box: Path, said: Path) -> list[Call]:
    """What a recorded process did in the box, and what it wrote to the file `said`, in order."""
    return list(_Reader(box, said).calls(_lines(trace)))


def _lines(trace: Path) -> Iterator[bytes]:
    """Every call on one line, also those that another thread came between."""
    begun: dict[bytes, bytes] = {}
    with trace.open("rb") as file:
        for line in file:
            if cut := _UNFINISHED.match(line):
                begun[cut[1]] = cut[2]
            elif rest := _RESUMED.match(line):
                yield rest[1] + b" " + begun.pop(rest[1]) + rest[2]
            else:
                yield line


class _Open:
    """An open file: duplicates of a descriptor share its place."""

    def __init__(self, *, appends: bool) -> None:
        self.appends = appends
        self.place = 0


class _Argument(msgspec.Struct, frozen=True):
    """One argument: bytes in quotes, a number or descriptor with its path, or flags."""

    text: bytes = b""
    number: int = -1
    path: str = ""
    is_deleted: bool = False
    flags: str = ""


class _Reader:
    def __init__(self, box: Path, said: Path) -> None:
        self._box = str(box)
        self._said = str(said)
        self._open: dict[int, _Open] = {}

    def calls(self, lines: Iterator[bytes]) -> Iterator[Call]:
        """The calls that matter; a failed one changed nothing."""
        for line in lines:
            found = _LINE.match(line)
            if found is None or found[4].startswith(b"-"):
                continue
            name = found[2].decode()
            arguments = [_argument(match) for match in _ARGUMENT.finditer(found[3])]
            yield from self._call(name, arguments, int(found[4]))

    def _call(self, name: str, a: Sequence[_Argument], result: int) -> Iterator[Call]:
        if name in _STRANGE:
            self._refuse(name, a)
        elif name == "openat":
            yield from self._opened(a, result)
        elif name in ("dup", "dup2", "dup3") or (name == "fcntl" and "F_DUPFD" in a[1].flags):
            if a[0].number in self._open:
                self._open[result] = self._open[a[0].number]
        elif name == "close":
            self._open.pop(a[0].number, None)
        elif name == "lseek":
            if a[0].number in self._open:
                self._open[a[0].number].place = result
        elif name in ("write", "pwrite64", "ftruncate", "fsync", "fdatasync"):
            yield from self._on_file(name, a, result)
        elif name != "fcntl":
            yield from self._on_names(name, a)

    def _opened(self, a: Sequence[_Argument], descriptor: int) -> Iterator[Call]:
        path = _joined(a[0], a[1])
        inside = self._inside(path)
        if inside is None and path != self._said:
            return
        flags = a[2].flags.split("|")
        self._open[descriptor] = _Open(appends="O_APPEND" in flags)
        if "O_TMPFILE" in flags:
            raise ValueError("the model knows no files without a name")
        if inside is not None and "O_CREAT" in flags:
            yield Call(do="create", path=inside)
        if inside is not None and "O_TRUNC" in flags:
            yield Call(do="cut", path=inside)

    def _on_file(self, name: str, a: Sequence[_Argument], result: int) -> Iterator[Call]:
        file = a[0]
        if name == "write" and file.path == self._said:
            yield Call(do="say", data=a[1].text[:result])
            return
        inside = self._inside(file.path)
        if inside is None:
            return
        offset: int | None = a[-1].number
        if name == "write":
            opened = self._open[file.number]
            offset = None if opened.appends else opened.place
            opened.place += result
        if file.is_deleted:
            return
        if name.startswith("f") and name != "ftruncate":
            yield Call(do="sync", path=inside)
        elif name == "ftruncate":
            yield Call(do="cut", path=inside, offset=offset)
        else:
            yield Call(do="write", path=inside, offset=offset, data=a[1].text[:result])

    def _on_names(self, name: str, a: Sequence[_Argument]) -> Iterator[Call]:
        paths = list(_paths(a))
        inside = [self._inside(path) for path in paths]
        if all(path is None for path in inside):
            return
        if None in inside:
            raise ValueError("the model knows no moves into the box or out of it")
        first, last = str(inside[0]), str(inside[-1])
        if name.startswith("rename"):
            yield Call(do="rename", path=first, to=last)
        elif name.startswith("mkdir"):
            yield Call(do="make-folder", path=first)
        elif name.startswith("link"):
            yield Call(do="link", path=first, to=last)
        else:
            yield Call(do="remove", path=first)

    def _inside(self, path: str) -> str | None:
        if path == self._box:
            return ""
        return path[len(self._box) + 1 :] if path.startswith(f"{self._box}/") else None

    def _refuse(self, name: str, a: Sequence[_Argument]) -> None:
        if name == "mmap" and not ({"MAP_SHARED"} <= _flags(a) and any("PROT_WRITE" in x.flags for x in a)):
            return
        if any(self._inside(path) is not None for path in (*_paths(a), *(x.path for x in a))):
            raise ValueError(f"the model does not know the call {name}")


def _argument(match: re.Match[bytes]) -> _Argument:
    text, cut, number, path, deleted, flags = match.groups()
    if text is not None:
        if cut:
            raise ValueError("a write was recorded in part")
        return _Argument(text=_plain(text))
    if number is not None:
        own = int(number) if number != b"AT_FDCWD" else -1
        return _Argument(number=own, path=os.fsdecode(_plain(path or b"")), is_deleted=bool(deleted))
    return _Argument(flags=(flags or b"").decode())


def _paths(a: Sequence[_Argument]) -> Iterator[str]:
    """The paths among the arguments, each with the folder that it starts from."""
    start = _Argument()
    for argument in a:
        if argument.path:
            start = argument
        elif argument.text:
            yield _joined(start, argument)


def _joined(start: _Argument, path: _Argument) -> str:
    return str(Path(start.path) / os.fsdecode(path.text))


def _flags(a: Sequence[_Argument]) -> set[str]:
    return {flag for argument in a for flag in argument.flags.split("|")}


def _plain(hexadecimal: bytes) -> bytes:
    return bytes.fromhex(hexadecimal.replace(b"\\x", b"").decode())
