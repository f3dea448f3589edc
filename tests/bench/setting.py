"""What every row is given: where it may write, how often it measures, how large the large store is."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "build" / "bench"
DATA = ROOT.parent / "shared" / "data"


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """The words of the command line, as rows need them."""

    rounds: int = 7
    cases: int = 100_000
    install: bool = False

    @property
    def many(self) -> int:
        """How often something is measured that takes but a moment."""
        return self.rounds * 7 | 1

    @contextlib.contextmanager
    def scratch(self) -> Iterator[Path]:
        """A private folder on the disk of the tree, gone afterwards: what is flushed goes to the same device."""
        HOME.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="scratch-", dir=HOME))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def say(*words: object) -> None:
    """Tells a person how far the work is; never a part of the report."""
    print(*words, file=sys.stderr, flush=True)


def oracles() -> Path:
    """The folder into which ./dev oracles installs npm packages."""
    return Path(os.environ.get("HOLDFAST_ORACLES") or ROOT / ".venv" / "oracles")
