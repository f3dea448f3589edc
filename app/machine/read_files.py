"""Files from outside are read here: regular ones only, up to a limit, folders always in the same order."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final

from typing_extensions import override

from app.desk.ports.exchange import Refusal, SourceFile
from app.desk.ports.reading import FILE_LIMIT, STANDARD_INPUT, FileReader, Sources, refused
from app.domain.errors import FactValue
from app.domain.untrusted import safe_line

DEPTH_LIMIT: Final = 32
"""Folders within folders."""

COUNT_LIMIT: Final = 100_000
"""Files of one import."""

_DIGITS = re.compile(r"([0-9]+)")
_CODES = {
    errno.ENOENT: "file.missing",
    errno.ENOTDIR: "file.missing",
    errno.EACCES: "file.denied",
    errno.EPERM: "file.denied",
    errno.ELOOP: "file.link",
    errno.ENXIO: "file.not-regular",
    errno.ENODEV: "file.not-regular",
}
# A pipe must not make the program wait, and nothing that is opened here may become its terminal.
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_NONBLOCK", 0)
)


class DiskReader(FileReader):
    """Reads files of this computer; `stdin` is what `-` stands for."""

    def __init__(self, stdin: BinaryIO | None = None, limit: int = FILE_LIMIT) -> None:
        self._stdin = stdin
        self._limit = limit

    @override
    def sources(self, paths: Sequence[str]) -> Sources:
        found: list[_Entry] = []
        for path in paths:
            if len(found) > COUNT_LIMIT:
                break
            found.extend(self._entries(path))
        return _Found(found, self._stdin, self._limit)

    def _entries(self, path: str) -> Iterator[_Entry]:
        if path == STANDARD_INPUT:
            yield _Entry("stdin")
            return
        # What a person names may be a link to a folder; what lies in a folder may not.
        target = Path(path)
        name = _shown(Path(os.path.normpath(target.absolute())).name or path)
        try:
            is_folder = target.is_dir()
        except OSError as fault:
            yield _Entry(name, None, _code(fault), **_facts(fault))
            return
        if is_folder:
            yield from _walk(target, name, 1)
        else:
            yield _Entry(name, target)


class _Entry:
    """A file to read by its shown name, or what is known to be wrong with it."""

    def __init__(self, name: str, path: Path | None = None, code: str = "", **facts: FactValue) -> None:
        self.name = name
        self.path = path
        self.code = code
        self.facts = facts


class _Found(Sources):
    def __init__(self, entries: list[_Entry], stdin: BinaryIO | None, limit: int) -> None:
        self._entries = entries[:COUNT_LIMIT]
        self._stdin = stdin
        self._limit = limit
        if len(entries) > COUNT_LIMIT:
            last = entries[COUNT_LIMIT]
            self._entries.append(_Entry(last.name, None, "file.too-many", limit=COUNT_LIMIT))

    @override
    def __len__(self) -> int:
        return len(self._entries)

    @override
    def __iter__(self) -> Iterator[SourceFile | Refusal]:
        for entry in self._entries:
            if entry.code:
                yield refused(entry.name, entry.code, "", entry.facts)
            elif entry.path is None:
                yield self._from_stdin(entry.name)
            else:
                yield self._from_disk(entry.name, entry.path)

    def _from_stdin(self, name: str) -> SourceFile | Refusal:
        if self._stdin is None:
            return refused(name, "file.missing")
        return self._source(name, self._stdin.read(self._limit + 1))

    def _from_disk(self, name: str, path: Path) -> SourceFile | Refusal:
        try:
            descriptor = os.open(path, _FLAGS)
        except (OSError, ValueError) as fault:
            return _unreadable(name, fault)
        with os.fdopen(descriptor, "rb") as file:
            try:
                status = os.fstat(file.fileno())
                if not stat.S_ISREG(status.st_mode):
                    return refused(name, "file.not-regular")
                if status.st_size > self._limit:
                    return refused(name, "file.too-large", "", {"size": status.st_size, "limit": self._limit})
                return self._source(name, file.read(self._limit + 1))
            except OSError as fault:
                return _unreadable(name, fault)

    def _source(self, name: str, data: bytes) -> SourceFile | Refusal:
        if len(data) > self._limit:
            return refused(name, "file.too-large", "", {"limit": self._limit})
        if not data:
            return refused(name, "file.empty")
        return SourceFile(name=name, data=data, sha256=hashlib.sha256(data).hexdigest())


def _walk(folder: Path, name: str, depth: int) -> Iterator[_Entry]:
    """What lies in a folder, numbers in order of size; names with a leading dot are nobody's records."""
    if depth > DEPTH_LIMIT:
        yield _Entry(name, None, "file.too-deep", limit=DEPTH_LIMIT)
        return
    try:
        with os.scandir(folder) as listing:
            entries = sorted(
                (_natural(entry.name), entry.name, entry.is_symlink(), entry.is_dir(follow_symlinks=False))
                for entry in listing
            )
    except OSError as fault:
        yield _Entry(name, None, _code(fault), **_facts(fault))
        return
    for _, entry, is_link, is_folder in entries:
        if entry.startswith("."):
            continue
        shown = f"{name}/{_shown(entry)}"
        if is_link:
            # It may lead anywhere, also back to where we are.
            yield _Entry(shown, None, "file.link")
        elif is_folder:
            yield from _walk(folder / entry, shown, depth + 1)
        else:
            yield _Entry(shown, folder / entry)


def _natural(name: str) -> tuple[tuple[int, int, str], ...]:
    parts = enumerate(_DIGITS.split(name))
    return tuple((0, int(part), "") if place % 2 else (1, 0, part) for place, part in parts if part)


def _shown(name: str) -> str:
    """A name for screens and messages; bytes that are no text in this file system become visible too."""
    return safe_line(name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"), 120)


def _unreadable(name: str, fault: OSError | ValueError) -> Refusal:
    return refused(name, _code(fault), "", _facts(fault))


def _code(fault: OSError | ValueError) -> str:
    if isinstance(fault, OSError):
        return _CODES.get(fault.errno or 0, "file.unreadable")
    # A NUL in a path: no such file can be.
    return "file.missing"


def _facts(fault: OSError | ValueError) -> dict[str, FactValue]:
    number = fault.errno if isinstance(fault, OSError) else None
    return {"error": errno.errorcode.get(number, str(number))} if number else {}
