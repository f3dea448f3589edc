"""A word that occurs nowhere else, and the search for it in every shape that a careless program might leave it in."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

STEM: Final = "Zq7vKxCanaryWp3"
"""Letters and digits only, so that no quoting hides it."""
_FOLDED: Final = (STEM, STEM.lower(), STEM.upper())
_WIDE: Final = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")


def canary(where: str) -> str:
    """The canary of one place, so that a find says where it came from."""
    return f"{STEM}{where}"


def needles() -> dict[str, bytes]:
    """The stem as it may lie in a file, by the name of its shape."""
    found: dict[str, bytes] = {}
    for text in _FOLDED:
        plain = text.encode()
        found[f"plain {text}"] = plain
        found[f"hex {text}"] = plain.hex().encode()
        found[f"HEX {text}"] = plain.hex().upper().encode()
        found |= {f"{wide} {text}": text.encode(wide) for wide in _WIDE}
        for shape in (text.encode(), text.encode("utf-16-le")):
            found |= {f"base64 {shift} {shape[:6]!r}": part for shift, part in enumerate(_base64(shape))}
    return found


def _base64(plain: bytes) -> Iterator[bytes]:
    """The characters that stand for these bytes wherever they begin, without those that neighbours have a part in."""
    for shift in range(3):
        coded = base64.b64encode(bytes(shift) + plain)
        first = (shift * 8 + 5) // 6
        last = (shift + len(plain)) * 8 // 6
        yield coded[first:last]


_NEEDLES: Final = needles()


def shapes_in(data: bytes) -> list[str]:
    """The shapes of the stem that these bytes hold."""
    return [name for name, needle in _NEEDLES.items() if needle in data]


def files_of(folder: Path, leaving_out: Sequence[Path] = ()) -> Iterator[Path]:
    """Every file, whatever its name, but those in the folders that are left out."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not any(path.is_relative_to(out) for out in leaving_out):
            yield path


def leaks_in(folder: Path, leaving_out: Sequence[Path] = ()) -> dict[str, list[str]]:
    """The files that hold a canary, in their bytes or in their name, with the shapes found."""
    found = {}
    for path in files_of(folder, leaving_out):
        shapes = shapes_in(path.read_bytes()) + shapes_in(str(path.relative_to(folder)).encode())
        if shapes:
            found[str(path.relative_to(folder))] = shapes
    return found
