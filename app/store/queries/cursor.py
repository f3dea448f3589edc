"""Cursors: where a page ended, as an opaque text that a caller hands back."""

from __future__ import annotations

import base64
import binascii
from typing import Final

import msgspec

from app.domain.errors import Rejected

_LIMIT: Final = 2000


class Place(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """The last row of a page: the part of the order it lies in, its key, and its stream's number."""

    part: int
    key: int | str | None
    stream: int


_DECODER = msgspec.json.Decoder(Place)


def write_cursor(place: Place) -> str:
    """The place as text."""
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode()


def read_cursor(text: str) -> Place:
    """The place again; raises Rejected("query.cursor") for anything that is not one."""
    try:
        place = _DECODER.decode(base64.urlsafe_b64decode(text[:_LIMIT].encode("ascii", "replace")))
    except (binascii.Error, ValueError, msgspec.DecodeError):
        raise Rejected("query.cursor") from None
    if not -(2**63) <= place.stream < 2**63 or (isinstance(place.key, int) and not -(2**63) <= place.key < 2**63):
        raise Rejected("query.cursor")
    return place
