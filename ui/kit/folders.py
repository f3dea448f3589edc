"""Folders as a person knows them: the own home is a tilde."""

from __future__ import annotations

from PySide6.QtCore import QDir


def short_folder(folder: str, home: str = "") -> str:
    """The folder with the home folder (this computer's, unless given) as `~`, so that no name of a user is shown."""
    home = home or QDir.homePath()
    inside = home != "/" and (folder == home or folder.startswith(f"{home}/"))
    return f"~{folder[len(home) :]}" if inside else folder
