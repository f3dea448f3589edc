"""The headless door: the same use cases for scripts, release managers and tests."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.bootstrap import Parts

DONE, REFUSED, USAGE = 0, 1, 2


def main(argv: Sequence[str] | None = None, *, parts: Parts | None = None) -> int:
    """Runs one verb; exit 0 done, 1 refused or found wanting, 2 wrong usage. JSON goes to stdout, words to stderr.

    `parts` are the adapters of this machine unless others are given.
    """
    from app.cli.parser import parse

    words = list(sys.argv[1:] if argv is None else argv)
    try:
        arguments = parse(words)
        from app.cli.run import run
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else USAGE
    except KeyboardInterrupt:
        return REFUSED
    arguments.parts = parts
    return run(arguments)
