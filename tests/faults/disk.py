"""A disk that may lose power: what was not synced may be missing, torn at 512 bytes, out of order, or garbage.

Strict reading of POSIX, as in "All File Systems Are Not Created Equal" (OSDI 2014): syncing a file makes its bytes and
its size last, not its name; names last once their folder is synced; a rename happens wholly or not at all.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

SECTOR: Final = 512
Image = dict[str, bytes | None]
"""Paths inside the box, with the bytes of a file or None for a folder."""


class File:
    """An inode: what is on the platter, and what is only on its way there."""

    def __init__(self, content: bytes = b"") -> None:
        self.durable = bytearray(content)
        self.pending: list[tuple[int, bytes | None]] = []
        """Writes as (offset, bytes); a cut or stretch as (size, None)."""
        self.size = len(content)

    def write(self, offset: int | None, data: bytes) -> None:
        """A write at an offset; None is the end."""
        at = self.size if offset is None else offset
        self.pending.append((at, data))
        self.size = max(self.size, at + len(data))

    def cut(self, size: int) -> None:
        """Another size."""
        self.pending.append((size, None))
        self.size = size

    def sync(self) -> None:
        """Bytes and size are on the platter."""
        for change in self.pending:
            _apply(self.durable, change, None)
        self.pending.clear()

    def after_crash(self, chance: Random) -> bytes:
        """What may be found of it when power comes back."""
        if not self.pending:
            return bytes(self.durable)
        content = bytearray(self.durable)
        # What was never written is zeros on some file systems and old bytes of other files on others.
        garbage = chance if chance.random() < 0.3 else None
        if chance.random() < 0.2 and self.size > len(content):
            _apply(content, (self.size, None), garbage)
        for change in self._kept(chance):
            _apply(content, change, garbage)
        return bytes(content)

    def _kept(self, chance: Random) -> Iterator[tuple[int, bytes | None]]:
        luck = chance.random()
        if luck < 0.15:
            return
        if luck < 0.3:
            yield from self.pending
        elif luck < 0.5:
            yield from self.pending[: chance.randint(0, len(self.pending))]
        else:
            share = chance.random()
            for offset, data in self.pending:
                pieces = ((offset, data),) if data is None else _sectors(offset, data)
                yield from (piece for piece in pieces if chance.random() < share)


class Change:
    """A change of a folder: a name goes, a name comes, or both at once; `after` comes first, or both come."""

    def __init__(
        self, folder: Folder, *, takes: str = "", puts: str = "", node: Node, after: Change | None = None
    ) -> None:
        self.folder = folder
        self.takes = takes
        self.puts = puts
        self.node = node
        self.after = after
        self.is_durable = False

    def apply(self, entries: dict[str, Node]) -> None:
        """Makes the change in a copy of the folder, or in the folder."""
        if self.takes and entries.get(self.takes) is self.node:
            del entries[self.takes]
        if self.puts:
            entries[self.puts] = self.node


class Folder:
    """A directory: its entries now, those on the platter, and the changes on their way there."""

    def __init__(self) -> None:
        self.live: dict[str, Node] = {}
        self.durable: dict[str, Node] = {}
        self.pending: list[Change] = []

    def change(self, change: Change) -> Change:
        """Changes it now, and some time later on the platter."""
        change.apply(self.live)
        self.pending.append(change)
        return change

    def sync(self) -> None:
        """Its names are on the platter."""
        for change in self.pending:
            if change.after is not None:
                change.after.folder.settle(change.after)
            self.settle(change)
        self.pending.clear()

    def settle(self, change: Change) -> None:
        """Makes one change last."""
        if not change.is_durable:
            change.apply(self.durable)
            change.is_durable = True

    def kept(self, chance: Random) -> set[Change]:
        """Which of the changes on their way may have arrived."""
        waiting = [change for change in self.pending if not change.is_durable]
        luck = chance.random()
        if luck < 0.25:
            return set()
        if luck < 0.4:
            return set(waiting)
        if luck < 0.75:
            return set(waiting[: chance.randint(0, len(waiting))])
        return {change for change in waiting if chance.random() < 0.5}


Node = File | Folder


class Disk:
    """A tree of files that is followed call by call and may be cut off after any of them; paths are inside its root."""

    def __init__(self, root: Path) -> None:
        """Begins with what lies in a folder of this machine, all of it on the platter."""
        self.root = _loaded(root)

    def create(self, path: str) -> None:
        """A file by that name; nothing where there is one."""
        folder, name = self._parent(path)
        if name not in folder.live:
            folder.change(Change(folder, puts=name, node=File()))

    def make_folder(self, path: str) -> None:
        """A new folder."""
        folder, name = self._parent(path)
        folder.change(Change(folder, puts=name, node=Folder()))

    def write(self, path: str, offset: int | None, data: bytes) -> None:
        """Bytes at an offset, or at the end."""
        self._file(path).write(offset, data)

    def cut(self, path: str, size: int) -> None:
        """Another size for a file."""
        self._file(path).cut(size)

    def sync(self, path: str) -> None:
        """fsync or fdatasync; of a folder, its names."""
        self._node(path).sync()

    def remove(self, path: str) -> None:
        """unlink or rmdir."""
        folder, name = self._parent(path)
        folder.change(Change(folder, takes=name, node=folder.live[name]))

    def link(self, old: str, new: str) -> None:
        """A second name."""
        folder, name = self._parent(new)
        folder.change(Change(folder, puts=name, node=self._node(old)))

    def rename(self, old: str, new: str) -> None:
        """Another name, in the same folder or in another."""
        (source, was), (target, name) = self._parent(old), self._parent(new)
        node = source.live[was]
        if source is target:
            source.change(Change(source, takes=was, puts=name, node=node))
            return
        came = target.change(Change(target, puts=name, node=node))
        source.change(Change(source, takes=was, node=node, after=came))

    def crash(self, chance: Random) -> Image:
        """What may be found when power comes back."""
        folders: list[Folder] = []
        _collect(self.root, folders)
        kept = {change for folder in folders for change in folder.kept(chance)}
        kept |= {change.after for change in kept if change.after is not None and not change.after.is_durable}
        image: Image = {}
        _picture(self.root, "", kept, chance, image)
        return image

    def _parent(self, path: str) -> tuple[Folder, str]:
        above, _, name = path.rpartition("/")
        folder = self._node(above)
        assert isinstance(folder, Folder)
        return folder, name

    def _node(self, path: str) -> Node:
        node: Node = self.root
        for name in path.split("/") if path else ():
            assert isinstance(node, Folder)
            node = node.live[name]
        return node

    def _file(self, path: str) -> File:
        node = self._node(path)
        assert isinstance(node, File)
        return node


def lay_down(image: Image, folder: Path) -> None:
    """Makes a folder of this machine look like an image; it must not exist."""
    folder.mkdir(mode=0o700)
    for path, content in image.items():
        if content is None:
            (folder / path).mkdir(mode=0o700)
        else:
            descriptor = os.open(folder / path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)


def _loaded(folder: Path) -> Folder:
    made = Folder()
    for path in folder.iterdir():
        made.live[path.name] = made.durable[path.name] = _loaded(path) if path.is_dir() else File(path.read_bytes())
    return made


def _collect(folder: Folder, found: list[Folder]) -> None:
    found.append(folder)
    # Every folder that a crash may show: by its name of now, of the platter, or of a change in between.
    nodes = [*folder.live.values(), *folder.durable.values(), *(change.node for change in folder.pending)]
    for node in nodes:
        if isinstance(node, Folder) and node not in found:
            _collect(node, found)


def _picture(folder: Folder, above: str, kept: set[Change], chance: Random, image: Image) -> None:
    entries = dict(folder.durable)
    for change in folder.pending:
        if change in kept:
            change.apply(entries)
    for name, node in sorted(entries.items()):
        path = f"{above}{name}"
        if isinstance(node, File):
            image[path] = node.after_crash(chance)
        else:
            image[path] = None
            _picture(node, f"{path}/", kept, chance, image)


def _apply(content: bytearray, change: tuple[int, bytes | None], garbage: Random | None) -> None:
    at, data = change
    if at > len(content):
        gap = at - len(content)
        content += garbage.randbytes(gap) if garbage is not None else bytes(gap)
    if data is None:
        del content[at:]
    else:
        content[at : at + len(data)] = data


def _sectors(offset: int, data: bytes) -> Iterator[tuple[int, bytes]]:
    """A write in pieces that end where sectors of the file end."""
    start = 0
    while start < len(data):
        end = min(len(data), start + SECTOR - (offset + start) % SECTOR)
        yield offset + start, data[start:end]
        start = end
