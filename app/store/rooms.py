"""Whether a folder is there, and whether one is free; what the system refuses to tell has a code like all else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.domain.errors import Environment
from app.domain.untrusted import safe_line


def is_folder(path: Path) -> bool:
    """Whether this is a folder; raises Environment: file.denied, file.missing (there can be none of that name)."""
    with _told(path):
        return path.is_dir()


def is_file(path: Path) -> bool:
    """Whether this is an ordinary file; raises like `is_folder`."""
    with _told(path):
        return path.is_file()


def is_taken(folder: Path) -> bool:
    """Whether something stands in the way of a new folder there: anything but an empty one. Raises like `is_folder`."""
    with _told(folder):
        return folder.exists() and (not folder.is_dir() or any(folder.iterdir()))


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except PermissionError:
        raise Environment("file.denied", file=safe_line(path.name, 120)) from None
    except (OSError, ValueError):
        raise Environment("file.missing", file=safe_line(path.name, 120)) from None
