"""Files that a process still holds open but that have no name any more: a program's most forgotten traces."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from tests.leaks.canaries import shapes_in


def unlinked_leaks() -> dict[str, list[str]]:
    """The nameless files of this process that hold a canary, memory files too, with the shapes found."""
    found = {}
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - Path.iterdir would hold one open itself
        place = f"/proc/self/fd/{name}"
        try:
            facts = Path(place).stat()
            target = os.readlink(place)  # noqa: PTH115 - it leads nowhere
            if stat.S_ISREG(facts.st_mode) and facts.st_nlink == 0:
                shapes = shapes_in(Path(place).read_bytes())
                if shapes:
                    found[target] = shapes
        except OSError:
            continue
    return found
