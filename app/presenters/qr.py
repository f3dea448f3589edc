"""QR codes as rows of dark and light, for whoever paints or prints them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from segno import QRCode

Matrix = tuple[tuple[bool, ...], ...]
"""Square; True is dark. No quiet zone: whoever paints it leaves `QUIET` modules free on every side."""

Picture = Literal["svg", "png", "txt"]
PICTURES: Final[tuple[Picture, ...]] = ("svg", "png", "txt")

QUIET: Final = 4
"""Modules of free room around a code (ISO/IEC 18004, section 6.3.8)."""

_HALVES: Final = {
    (True, True): "\u2588",
    (True, False): "\u2580",
    (False, True): "\u2584",
    (False, False): " ",
}


def matrix(text: str) -> Matrix:
    """The code of a text, error correction of level M or better; raises ValueError for one that no code holds."""
    return tuple(tuple(bool(cell) for cell in row) for row in _code(text).matrix)


def image(text: str, kind: Picture) -> bytes:
    """The code as a picture for a file, or with half blocks for a terminal; raises ValueError like `matrix`."""
    if kind == "txt":
        return _blocks(matrix(text)).encode()
    data = io.BytesIO()
    if kind == "svg":
        _code(text).save(data, kind="svg", scale=4, border=QUIET, dark="#000", light="#fff")
    else:
        _code(text).save(data, kind="png", scale=6, border=QUIET)
    return data.getvalue()


def _code(text: str) -> QRCode:
    # Imported here: few pages paint a code.
    import segno

    try:
        return segno.make_qr(text, error="m", boost_error=True)
    except segno.DataOverflowError as problem:
        raise ValueError(len(text)) from problem


def _blocks(cells: Matrix) -> str:
    """Two rows in one line, light modules drawn, as a dark terminal shows them right."""
    side = len(cells) + 2 * QUIET

    def is_light(row: int, column: int) -> bool:
        inside = QUIET <= row < side - QUIET and QUIET <= column < side - QUIET
        return not (inside and cells[row - QUIET][column - QUIET])

    rows = (
        "".join(_HALVES[is_light(row, column), is_light(row + 1, column)] for column in range(side))
        for row in range(0, side, 2)
    )
    return "\n".join(rows) + "\n"
