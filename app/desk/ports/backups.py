"""The socket of backups: copying an open store, proving the copy, and what lies in the folder of backups."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Protocol

from app.desk.ports.keys import Secret
from app.desk.ports.vault import Cancelled, Finding, Progress, Row


class BackupFacts(Row, frozen=True):
    """What a backup says of itself in the open: nothing of any case. `at` is UTC; `note` is a checkpoint or empty."""

    store_id: str
    at: datetime
    program: str
    schema: int
    epoch: int
    events: int
    head: str
    note: str = ""


class BackupReport(Row, frozen=True):
    """A backup that was written, opened again and found whole; `sha256` is that of the whole file.

    `deep` says that every state was told again from its events as well.
    """

    path: str
    name: str
    sha256: str
    size: int
    events: int
    head: str
    at: datetime
    deep: bool = False


class ListedBackup(Row, frozen=True):
    """A file in the folder of backups. `problem` is empty for one that this store made and sealed, else why not.

    `problem`: backup.not-a-backup, backup.newer, backup.damaged, backup.other-store, backup.other-key (sealed by a
    store key that was replaced since, or by nobody who has one), file.*, disk.*.

    `from_here` says that this very copy of the store made it: a restored store and the one it came from share keys and
    perhaps the folder, and must not drop each other's.
    """

    path: str
    name: str
    size: int
    facts: BackupFacts | None = None
    problem: str = ""
    from_here: bool = True


class DrillReport(Row, frozen=True):
    """What a drill found: the backup was restored to a scratch place, opened with a secret and verified whole.

    `problem` is empty where it held, else the code of what stood in the way; `findings` are those of verification.
    """

    name: str
    sha256: str
    events: int
    head: str
    at: datetime
    problem: str = ""
    findings: tuple[Finding, ...] = ()


class Copy(Protocol):
    """A copy of the store that is not proved yet and does not count; it lies in a folder of its own."""

    def discard(self) -> None:
        """Removes it; twice is no harm."""
        ...


class Archive(Protocol):
    """Backups of one open store. `copy` runs on the vault's thread, everything else on any."""

    def copy(
        self,
        target: Path,
        now: datetime,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
        *,
        is_folder: bool = False,
    ) -> Copy:
        """Copies the store as it lies to a file, or into a folder under a name made of the store's and the instant.

        `is_folder` says that `target` must be one, so that no file takes the place of a disk that is not connected.
        Raises Rejected: backup.cancelled, backup.inside-store, file.exists; Environment: file.missing,
        backup.folder-gone, disk.*.
        """
        ...

    def prove(
        self, copy: Copy, *, deep: bool = False, progress: Progress | None = None, cancelled: Cancelled | None = None
    ) -> BackupReport:
        """Reads the copy back, opens it, checks every page and the log, and only then gives it its name.

        `deep` replays every state too. Raises Environment("backup.not-whole") with finding and seq, disk.*;
        Rejected("backup.cancelled"). Whatever it raises, nothing is left of the copy.
        """
        ...

    def listed(self, folder: Path) -> tuple[ListedBackup, ...]:
        """Every backup file of a folder, the newest first, by its sealed manifest alone; raises Environment."""
        ...

    def is_whole(self, path: Path, cancelled: Cancelled | None = None) -> bool:
        """Whether each byte is as it was written under this store's key; reads the whole file.

        Raises Rejected("backup.cancelled").
        """
        ...

    def remove(self, path: Path) -> None:
        """Removes a file of the folder of backups; raises Environment."""
        ...

    def drill(
        self,
        path: Path,
        secret: Secret,
        now: datetime,
        *,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> DrillReport:
        """Restores a backup to a scratch place, opens it with the secret, verifies all of it, removes it.

        What is wrong with the backup is in the report; raises Rejected("backup.cancelled") and Environment for what is
        wrong with the machine.
        """
        ...
