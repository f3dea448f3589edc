"""Notices that the folder of the open store is no longer there: a stick pulled out, a share gone, a disk failed."""

from __future__ import annotations

import os
from threading import Event, Thread
from typing import Final, final

from PySide6.QtCore import QObject, Signal

_EVERY: Final = 3.0  # seconds


@final
class DiskWatch(QObject):
    """Looks now and then, on a thread of its own since a dead disk may let it wait; tells by `gone`, once."""

    gone = Signal()

    def __init__(self, folder: str, parent: QObject | None = None, every: float = _EVERY) -> None:
        super().__init__(parent)
        self._folder = folder
        self._every = every
        # Now, while the store was opened a moment ago and the disk answers.
        self._first = identity(folder)
        self._over = Event()
        self._wake = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Look from now on."""
        if self._thread is None:
            self._thread = Thread(target=self._watch, name="disk", daemon=True)
            self._thread.start()

    def look(self) -> None:
        """Look at once, as after an error that a missing disk would explain."""
        self._wake.set()

    def stop(self) -> None:
        """Look no more; a look that hangs is left to itself."""
        self._over.set()
        self._wake.set()

    def _watch(self) -> None:
        while self._first and not self._over.is_set():
            self._wake.wait(self._every)
            self._wake.clear()
            if not self._over.is_set() and identity(self._folder) != self._first:
                self._tell()
                return

    def _tell(self) -> None:
        try:
            self.gone.emit()
        except RuntimeError:
            # The window went while this look was under way.
            self._over.set()


def identity(folder: str) -> tuple[int, int] | None:
    """Which folder this is, device and number; another one of the same name is not it. None where there is none."""
    try:
        found = os.stat(folder)  # noqa: PTH116 - a thread that only does this imports no more than it needs
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino
