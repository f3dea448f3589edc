"""The hostile corpus of tests/data/hostile, read as it is: lone surrogates and all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "data" / "hostile"


def hostile(name: str) -> list[Any]:
    """The list in one file of the corpus."""
    found: list[Any] = json.loads((FOLDER / f"{name}.json").read_bytes())
    return found
