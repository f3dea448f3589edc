"""The MIME tree of a message, walked in place under limits of parts and depth."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from typing import Final

import msgspec

from app.domain.errors import Rejected
from app.importers.eml.header_block import (
    Headers,
    Parameters,
    decode_base64,
    decode_words,
    media_type,
    parameters,
    split_headers,
)

PART_LIMIT: Final = 200
DEPTH_LIMIT: Final = 10
_BOUNDARY_LIMIT = 200


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A leaf of the tree, its transfer encoding undone; `path` is its place, `2.1`, or "" for a message of one part.

    `alternative` says that it tells the same as a neighbour in another form.
    """

    path: str
    media_type: str
    data: bytes
    name: str = ""
    charset: str = ""
    attached: bool = False
    alternative: bool = False


def leaves(headers: Headers, data: bytes, start: int) -> list[Part]:
    """The leaves of a message whose body begins at `start`, in order; an enclosed message is a leaf.

    Raises Rejected with the part as `field`: mail.too-many-parts, mail.too-deep, mail.headers-too-long,
    mail.header-too-long; and for a broken tree mail.no-boundary (a multipart that does not say what divides
    it), mail.boundary-missing (what it says does not occur) and mail.cut-short (its end is not there).
    """
    return list(_Walk(data).leaves(headers, (start, len(data)), "", alternative=False, depth=0))


class _Walk:
    """Works with places in the message, so that no part is copied before it is a leaf."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._parts = 0

    def leaves(
        self, headers: Headers, extent: tuple[int, int], path: str, *, alternative: bool, depth: int
    ) -> Iterator[Part]:
        self._parts += 1
        if self._parts > PART_LIMIT:
            raise Rejected("mail.too-many-parts", field=_place(path), limit=PART_LIMIT)
        kind = parameters(headers, "content-type")
        if not kind.main.startswith("multipart/"):
            yield self._leaf(headers, kind, extent, path, alternative)
            return
        if depth >= DEPTH_LIMIT:
            raise Rejected("mail.too-deep", field=_place(path), limit=DEPTH_LIMIT)
        inner = alternative or kind.main == "multipart/alternative"
        for number, (start, end) in enumerate(self._pieces(kind, extent, path), start=1):
            place = f"{path}.{number}" if path else str(number)
            own, body = split_headers(self._data, _place(place), start, end)
            yield from self.leaves(own, (body, end), place, alternative=inner, depth=depth + 1)

    def _pieces(self, kind: Parameters, extent: tuple[int, int], path: str) -> Iterator[tuple[int, int]]:
        boundary = kind.values.get("boundary", "").rstrip()
        if not boundary or len(boundary) > _BOUNDARY_LIMIT:
            raise Rejected("mail.no-boundary", field=_place(path))
        mark = re.escape(boundary.encode("utf-8", "replace"))
        divider = re.compile(rb"(?<=\n)--" + mark + rb"(--)?[ \t]*\r?(?:\n|\Z)")
        start: int | None = None
        for match in divider.finditer(self._data, *extent):
            if start is not None:
                yield start, max(start, self._before_line_end(match.start()))
            start = match.end()
            if match[1]:
                return
        raise Rejected("mail.boundary-missing" if start is None else "mail.cut-short", field=_place(path))

    def _before_line_end(self, position: int) -> int:
        """The line end before a boundary belongs to the boundary (RFC 2046 section 5.1.1)."""
        return position - (2 if self._data[position - 2 : position] == b"\r\n" else 1)

    def _leaf(self, headers: Headers, kind: Parameters, extent: tuple[int, int], path: str, alternative: bool) -> Part:
        disposition = parameters(headers, "content-disposition")
        name = disposition.values.get("filename", "") or kind.values.get("name", "")
        return Part(
            path=path,
            media_type=media_type(kind.main) if kind.main else "text/plain",
            data=_decoded(headers, self._data[extent[0] : extent[1]]),
            name=decode_words(name),
            charset=kind.values.get("charset", ""),
            attached=disposition.main == "attachment",
            alternative=alternative,
        )


def _place(path: str) -> str:
    return f"part {path}" if path else "body"


def _decoded(headers: Headers, body: bytes) -> bytes:
    encoding = headers.raw("content-transfer-encoding").lower()
    if encoding.startswith("base64"):
        return decode_base64(body)
    if encoding.startswith("quoted-printable"):
        return binascii.a2b_qp(body)
    return body
