"""The settings of this machine: one small private file of texts, read at start and replaced whole."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_LONGEST: Final = 64 * 1024
NAME: Final = "settings.json"


def settings_path() -> Path:
    """Where the file lies for this person on this system."""
    system = sys.platform  # through a name, so that the type checker looks at every system's way
    if system.startswith("linux"):
        # What platformdirs would answer, without waiting for its import at every start (XDG base directories).
        base = os.environ.get("XDG_CONFIG_HOME", "")
        home = Path(base) if base.startswith("/") else Path.home() / ".config"
        return home / "holdfast" / NAME
    import platformdirs

    return Path(platformdirs.user_config_dir("holdfast", appauthor=False)) / NAME


class DiskSettings:
    """Reads and writes the file; what can't be read counts as nothing, so that a bad file keeps nobody out."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, str]:
        """The texts that are kept; nothing where there is no file or it makes no sense."""
        try:
            with self._path.open("rb") as file:
                data = file.read(_LONGEST + 1)
        except OSError:
            return {}
        if len(data) > _LONGEST:
            return {}
        import json

        try:
            found = json.loads(data)
        except (ValueError, RecursionError):
            return {}
        if not isinstance(found, dict):
            return {}
        return {str(key): value for key, value in found.items() if isinstance(value, str)}

    def write(self, values: Mapping[str, str]) -> None:
        """Keep exactly these, owner only; raises Environment where the disk refuses."""
        import json

        from app.machine.files import write_private

        text = json.dumps(dict(sorted(values.items())), ensure_ascii=False, indent=2)
        # A folder that can't be made shows in the writing, which says why.
        if not self._path.parent.is_dir():
            make_folder(self._path.parent)
        write_private(self._path, f"{text}\n".encode())


def make_folder(folder: Path) -> None:
    """The folder and those above it, for their owner alone; raises Environment."""
    from app.domain.errors import Environment

    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as fault:
        raise Environment("file.denied", file=folder.name) from fault
