"""This machine's memory of stores: one small private file without a name, a path or a word of any of them."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
from typing_extensions import override

from app.desk.ports.seen import Seen, SeenStores
from app.domain.errors import AppError
from app.machine.files import read_private, write_private
from app.machine.settings_file import make_folder

NAME: Final = "seen.json"
_LIMIT: Final = 256 * 1024
_MOST: Final = 500
"""Stores that are remembered; the one that was seen longest ago goes first."""


class DiskSeenStores(SeenStores):
    """Reads and writes the file; one that can't be read counts as nothing, so that it keeps nobody out."""

    def __init__(self, path: Path, wanted: Callable[[], bool]) -> None:
        """`wanted` says whether the person lets this machine remember stores at all."""
        self._path = path
        self._wanted = wanted

    @override
    def last(self, store_id: str, device: str) -> Seen | None:
        return self._read().get(_name(store_id, device)) if self._wanted() else None

    @override
    def remember(self, store_id: str, device: str, seen: Seen) -> None:
        if not self._wanted():
            return
        known, name = self._read(), _name(store_id, device)
        if known.get(name) == seen:
            return
        known.pop(name, None)
        known[name] = seen
        kept = dict(list(known.items())[-_MOST:])
        with contextlib.suppress(AppError):
            if not self._path.parent.is_dir():
                make_folder(self._path.parent)
            write_private(self._path, msgspec.json.encode(kept))

    def _read(self) -> dict[str, Seen]:
        try:
            return msgspec.json.decode(read_private(self._path, _LIMIT), type=dict[str, Seen])
        except (AppError, msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
            return {}


def _name(store_id: str, device: str) -> str:
    """Nobody who reads the file learns which stores there are; both are random."""
    return hashlib.sha256(f"holdfast-seen-1\n{store_id}\n{device}".encode()).hexdigest()
