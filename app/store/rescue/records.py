"""Rows as they lie in the pages of a table, recognised by their shape: the schema may be what is damaged.

The form of leaf pages, cells, records and overflow chains is that of sqlite.org/fileformat2.html, sections 1.5, 1.6 and
2.1. Every byte is taken for hostile: whatever does not fit is no row, and nothing here raises because of a page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from app.store.pages import FILE_HEADER, USABLE, PageFile

Value = str | bytes | int | None
Row = tuple[Value, ...]

_LEAF: Final = 0x0D
_LOCAL: Final = USABLE - 35
_LEAST: Final = (USABLE - 12) * 32 // 255 - 23
_PER_PAGE: Final = USABLE - 4
_SMALLEST_CELL: Final = 4
_HEADER: Final = re.compile(rb"(?=[\x03-\x3f]\x00)")
_MOST_BEFORE: Final = 13
"""Bytes before the header of a row: its length, of four at most, and its number."""
LARGEST: Final = 64 * 1024 * 1024
"""Bytes of one row; no text or chunk of ours comes near it."""
_MOST_COLUMNS: Final = 64
_WIDTHS: Final = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}

_Kind = Callable[[int], bool]


def _is_null(serial: int) -> bool:
    return serial == 0


def _is_int(serial: int) -> bool:
    return 1 <= serial <= 6 or serial in (8, 9)


def _is_text(serial: int) -> bool:
    return serial >= 13 and serial % 2 == 1


def _is_blob(serial: int) -> bool:
    return serial >= 12 and serial % 2 == 0


def _is_blob_of(size: int) -> _Kind:
    return lambda serial: serial == 12 + 2 * size


def _or_null(kind: _Kind) -> _Kind:
    return lambda serial: serial == 0 or kind(serial)


_DIGEST: Final = _is_blob_of(32)

_LOG: Final = (
    _is_null, _is_text, _is_int, _is_int, _is_text, _is_int, _is_int, _is_int, _is_int, _DIGEST, _or_null(_DIGEST),
    _DIGEST, _DIGEST, _is_int, _DIGEST,
)  # fmt: skip
# A later format may add columns behind these, so a shape says how a row begins; the first is the number of the row.
SHAPES: Final[tuple[tuple[str, tuple[_Kind, ...]], ...]] = (
    ("log", _LOG),
    ("anchor", (_is_null, _is_int, _DIGEST, _is_blob, _is_int, _is_blob_of(64))),
    ("body", (_is_null, _is_blob_of(16), _is_blob, _is_null)),
    ("body", (_is_null, _is_null, _is_null, _is_int)),
    ("state", (_is_null, _is_int, _is_int, _is_blob)),
    ("blob", (_is_null, _DIGEST, _is_int, _is_int)),
    ("draft", (_is_null, _is_text, _is_text, _is_text)),
    ("blob_chunk", (_is_null, _DIGEST, _is_blob)),
    ("name", (_is_null, _is_text)),
)
_ENDS: Final = frozenset({"blob_chunk", "name", "draft"})
"""Shapes so common that nothing may follow them."""


def offsets(number: int, content: bytes, *, is_sound: bool) -> Iterator[int]:
    """Where cells may begin in a page: where its own list says; anywhere in a page that is not as it was written."""
    if not content:
        return
    start = FILE_HEADER if number == 1 else 0
    if not is_sound:
        yield from _anywhere(content)
        return
    if content[start] != _LEAF:
        return
    count = int.from_bytes(content[start + 3 : start + 5], "big")
    end = min(start + 8 + 2 * count, USABLE)
    for place in range(start + 8, end - 1, 2):
        offset = int.from_bytes(content[place : place + 2], "big")
        if end <= offset <= USABLE - _SMALLEST_CELL:
            yield offset


def _anywhere(content: bytes) -> Iterator[int]:
    """Places before which something looks like the header of a row: short, and its first column without a value."""
    for found in _HEADER.finditer(content):
        body = found.start()
        for offset in range(max(0, body - _MOST_BEFORE), body - 1):
            try:
                _, place = _varint(content, offset)
                _, place = _varint(content, place)
            except IndexError:
                continue
            if place == body:
                yield offset


class Cell:
    """The beginning of a cell: how long its row is, its number, and what its columns are."""

    __slots__ = ("body", "header", "number", "serials", "size")

    def __init__(self, number: int, size: int, body: int, header: int, serials: tuple[int, ...]) -> None:
        self.number = number
        self.size = size
        self.body = body
        self.header = header
        self.serials = serials


def cell_at(content: bytes, offset: int) -> Cell | None:
    """The cell that begins here, or None where none can."""
    try:
        size, place = _varint(content, offset)
        number, body = _varint(content, place)
        header, place = _varint(content, body)
        if not 2 <= header <= min(size, LARGEST) or size > LARGEST or header > 9 * _MOST_COLUMNS:
            return None
        serials: list[int] = []
        while place < body + header:
            serial, place = _varint(content, place)
            serials.append(serial)
    except IndexError:
        return None
    if place != body + header or header + sum(map(_width, serials)) != size:
        return None
    if number >= 1 << 63:
        number -= 1 << 64
    return Cell(number, size, body, header, tuple(serials))


def shape_of(serials: tuple[int, ...]) -> str:
    """The table that rows of such columns belong to; "" for none that is looked for."""
    if len(serials) < 2 or serials[0] != 0:
        return ""
    for name, kinds in SHAPES:
        fits = len(serials) == len(kinds) or (len(serials) > len(kinds) and name not in _ENDS)
        if fits and all(kind(serial) for kind, serial in zip(kinds, serials, strict=False)):
            return name
    return ""


def row_of(pages: PageFile, content: bytes, cell: Cell) -> tuple[Row, bool] | None:
    """The values of a row, and whether every page of its overflow chain is as written; None where it can't be read."""
    payload, is_sound = _payload(pages, content, cell)
    if len(payload) != cell.size:
        return None
    values: list[Value] = []
    place = cell.header
    for serial in cell.serials:
        width = _width(serial)
        try:
            values.append(_value(serial, payload[place : place + width]))
        except UnicodeDecodeError:
            return None
        place += width
    return tuple(values), is_sound


def _payload(pages: PageFile, content: bytes, cell: Cell) -> tuple[bytes, bool]:
    size, start = cell.size, cell.body
    if size <= _LOCAL:
        return content[start : min(start + size, USABLE)], True
    local = _LEAST + (size - _LEAST) % _PER_PAGE
    if local > _LOCAL:
        local = _LEAST
    parts, have, is_sound = [content[start : start + local]], local, True
    following = int.from_bytes(content[start + local : start + local + 4], "big")
    # Each page brings bytes, so that even a chain that bites its own tail ends.
    while have < size and 0 < following <= max(pages.count, 1):
        page, page_is_sound = pages.page(following)
        if not page:
            break
        is_sound = is_sound and page_is_sound
        part = page[4 : min(USABLE, 4 + size - have)]
        parts.append(part)
        have += len(part)
        following = int.from_bytes(page[:4], "big")
    return b"".join(parts), is_sound


def _width(serial: int) -> int:
    if serial >= 12:
        return (serial - 12) // 2
    if serial == 7:
        return 8
    return _WIDTHS.get(serial, 0)


def _value(serial: int, data: bytes) -> Value:
    if serial == 0:
        return None
    if serial in (8, 9):
        return serial - 8
    if serial >= 12:
        return data.decode() if serial % 2 else data
    # A number with a point is in no row that is looked for.
    return None if serial == 7 else int.from_bytes(data, "big", signed=True)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes and where it ends; IndexError where the page does."""
    value = 0
    for count in range(8):
        byte = data[at + count]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + count + 1
    return value << 8 | data[at + 8], at + 9
