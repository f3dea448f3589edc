"""Makes a picture of the window small enough for a repository: the most used colours stay, others take the nearest."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Final

from PySide6.QtGui import QImage

_COLOURS: Final = 256


def slim(source: Path, target: Path) -> None:
    """Write `source` to `target` as a PNG with a palette; raises OSError where that can't be."""
    picture = QImage(str(source)).convertToFormat(QImage.Format.Format_RGB32)
    if picture.isNull():
        raise OSError(f"{source.name} is no picture")
    pixels = memoryview(picture.constBits()).cast("I")
    counts = Counter(pixels)
    palette = [colour for colour, _ in counts.most_common(_COLOURS)]
    index = {colour: number for number, colour in enumerate(palette)}
    for colour in counts:
        if colour not in index:
            index[colour] = _nearest(colour, palette)
    data = bytes(index[pixel] for pixel in pixels)
    small = QImage(data, picture.width(), picture.height(), picture.width(), QImage.Format.Format_Indexed8)
    small.setColorTable(palette)
    if not small.save(str(target), "PNG", 0):  # type: ignore[call-overload] # the binding's types know bytes only
        raise OSError(f"{target.name} could not be written")


def _nearest(colour: int, palette: list[int]) -> int:
    def far(other: int) -> int:
        return sum(((colour >> shift & 255) - (other >> shift & 255)) ** 2 for shift in (0, 8, 16))

    return min(range(len(palette)), key=lambda number: far(palette[number]))
