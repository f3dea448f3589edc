"""What the errors of backups say: what happened, what was kept, what to do."""

from __future__ import annotations

BACKUPS: dict[str, str] = {
    "backup.cancelled": "The work was stopped. Nothing of it was kept, and the store is as it was.",
    "backup.no-folder": "No folder for backups was chosen yet. Choose one in the settings, or name a file or folder.",
    "backup.folder-relative": "“{path}” is not a whole path. Choose the folder for backups again.",
    "backup.folder-gone": "The folder for backups, {file}, is not there. Connect its disk, or choose another folder in the settings. No backup was made.",
    "backup.inside-store": "A backup inside the store's own folder would be lost with it. Choose another folder, best on another disk.",
    "backup.none-there": "There is no backup of this store in {file}.",
    "backup.not-a-backup": "This file is not a backup of Holdfast.",
    "backup.newer": "This backup was made by a newer program. Use that one; nothing was changed.",
    "backup.damaged": "This backup is damaged: it is not as it was written ({reason}). Nothing of it was used; take another one.",
    "backup.forged": "This backup was not sealed by the key of its store: somebody without that key made or changed it. Nothing of it was used.",
    "backup.other-store": "This backup is of another store.",
    "backup.other-key": "This backup is sealed by another key of the store: one that was replaced since, or none at all. Only restoring it, with a secret of its own time, can tell.",
    "backup.not-whole": "What was read back is not a whole store ({finding}, event {seq}). Nothing was put in place. Verify the store, or take another backup.",
    "backup.foreign-copy": "A copy of another kind was to be proved. Nothing was kept.",
    "disk.file-limit": "This disk takes no file as large as {file}; one that is formatted as FAT takes 4 GB. Nothing of it was kept. Choose another disk.",
    "store.no-keys": "The store was opened without its keys. Nothing was kept.",
    "store.no-folder": "The store was opened without a folder. Nothing was kept.",
}
