"""Files of a case: what there is, an inert look inside, and putting one in or a copy of one out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

import msgspec
from msgspec.structs import replace

from app.domain.case.state import Case
from app.domain.untrusted import FileName, safe_file_name, safe_line, safe_text
from app.domain.values import Blob

PREVIEW_BYTES: Final = 256 * 1024
"""How much of a file a preview reads; the rest is told by its size."""

LARGEST_FILE: Final = 100 * 1024 * 1024
_BINARY_BYTES: Final = 512

_SPELT_OUT: Final = re.compile(r"<U\+[0-9A-F]{4,6}>")

Origin = Literal["report", "case", "patch", "message"]


class FileRow(msgspec.Struct, frozen=True, kw_only=True):
    """One stored file as listed; `name` is already safe to show, `oddities` are keys of what is odd about it."""

    blob: Blob
    name: FileName
    origin: Origin
    about: str = ""


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """An inert look at a file: text with everything hidden spelt out, or the first bytes in hexadecimal."""

    text: str
    is_text: bool
    cut: bool


def files_of(case: Case) -> tuple[FileRow, ...]:
    """Every file of a case, those of the report first."""
    rows = [_row(blob, "report") for blob in case.report.attachments]
    rows += [_row(blob, "case") for blob in case.attachments]
    rows += [_row(fix.patch, "patch", fix.line) for fix in case.fixes if fix.patch]
    rows += [_row(m.original, "message", m.subject) for m in case.messages if m.original]
    return tuple(rows)


def _row(blob: Blob, origin: Origin, about: str = "") -> FileRow:
    name = safe_file_name(blob.name)
    if _SPELT_OUT.search(blob.name):
        # The store may have spelt hidden characters out already; that they were there is still worth a word.
        name = replace(name, oddities=tuple(sorted({*name.oddities, "hidden-characters"})))
    return FileRow(blob=blob, name=name, origin=origin, about=safe_line(about, 80))


def preview_of(chunks: Iterator[bytes], size: int) -> Preview:
    """A look at the beginning of a file; reads no more than it shows."""
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= PREVIEW_BYTES:
            break
    cut = size > PREVIEW_BYTES
    shown = head[:PREVIEW_BYTES]
    if _is_text(shown):
        # A cut may fall inside a character.
        text = shown.decode("utf-8", "ignore" if cut else "replace")
        return Preview(text=safe_text(text, PREVIEW_BYTES), is_text=True, cut=cut)
    return Preview(text=_hexadecimal(shown[:_BINARY_BYTES]), is_text=False, cut=size > _BINARY_BYTES)


def _is_text(data: bytes) -> bool:
    if b"\0" in data:
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as problem:
        return len(data) - problem.start < 4 and len(data) == PREVIEW_BYTES
    return True


def _hexadecimal(data: bytes) -> str:
    rows = []
    for start in range(0, len(data), 16):
        part = data[start : start + 16]
        seen = "".join(chr(b) if 32 <= b < 127 else "." for b in part)
        rows.append(f"{start:08x}  {part.hex(' '):<47}  {seen}")
    return "\n".join(rows)
