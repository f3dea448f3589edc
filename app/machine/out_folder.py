"""What an export gave, written into a folder that a person chose: each file whole, for its owner alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.desk.ports.exchange import Rendered
from app.domain.errors import Defect, Environment
from app.domain.untrusted import safe_file_name, safe_line
from app.machine.files import private_folder, write_private


def write_export(folder: Path, files: Sequence[Rendered]) -> tuple[Path, ...]:
    """Writes the files, replacing those of an earlier export, and gives their paths; missing folders are made (0700).

    Raises Environment like `write_private`, or file.not-regular where a part of the path is a link or a file, and
    Defect("export.name") for a name that would leave the folder. Files that were written before a failure stay.
    """
    places = [_place(file.name) for file in files]
    _folder(folder, chosen=True)
    written = []
    for parts, file in zip(places, files, strict=True):
        target = folder
        for part in parts[:-1]:
            target /= part
            _folder(target, chosen=False)
        target /= parts[-1]
        write_private(target, file.data)
        written.append(target)
    return tuple(written)


def _place(name: str) -> list[str]:
    """The parts of a name; each must be safe on every disk as it stands."""
    parts = name.split("/")
    if any(safe_file_name(part).saved != part for part in parts):
        raise Defect("export.name", name=safe_line(name, 120))
    return parts


def _folder(path: Path, *, chosen: bool) -> None:
    """Makes a folder that is not there; below the chosen one, a link could lead out of it and is refused."""
    if path.is_symlink() and not chosen:
        raise Environment("file.not-regular", file=safe_line(path.name, 120))
    if path.is_dir():
        return
    if path.exists():
        raise Environment("file.not-regular", file=safe_line(path.name, 120))
    if chosen:
        for parent in reversed(path.parents):
            if not parent.exists():
                private_folder(parent)
    private_folder(path)
