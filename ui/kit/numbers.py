"""Numbers in words: thousands apart, sizes in decimal units, the same on every machine."""

from __future__ import annotations

from typing import Final

_UNITS: Final = ("B", "kB", "MB", "GB", "TB")


def thousands(number: int) -> str:
    """`12,408`."""
    return f"{number:,}"


def file_size(size: int) -> str:
    """`312 B`, `3.1 kB`, `48 MB`: decimal units, one decimal below ten."""
    value = float(size)
    unit = 0
    while value >= 999.5 and unit < len(_UNITS) - 1:
        value /= 1000
        unit += 1
    if unit and value < 9.95:
        return f"{value:.1f} {_UNITS[unit]}"
    return f"{value:.0f} {_UNITS[unit]}"
