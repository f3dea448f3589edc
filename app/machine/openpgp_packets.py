"""To whom an OpenPGP message is encrypted, read from its packets alone (RFC 4880 sections 4, 5.1, 5.13 and 6.2)."""

from __future__ import annotations

import base64
import binascii
from typing import Final

_SESSION_KEY: Final = 1
_PROTECTED: Final = frozenset({18, 20})
"""Encrypted data with a modification check (18) or authenticated encryption as GnuPG writes it (20)."""
_ARMOUR: Final = b"-----BEGIN PGP MESSAGE-----"
_END: Final = b"-----END PGP MESSAGE-----"
_MOST: Final = 64


def recipients(message: bytes) -> tuple[str, ...]:
    """The key ids (16 upper-case hexadecimal digits) of a message's recipients, in its order; armour is taken off.

    Raises ValueError for anything but session keys for public keys followed by one protected packet and nothing more:
    a passphrase as a second way in, data without a modification check, and two messages in one are all refused.
    """
    data = _without_armour(message)
    found: list[str] = []
    place = 0
    while True:
        tag, begin, end = _packet(data, place)
        if tag in _PROTECTED and found:
            if end != len(data):
                raise ValueError("more follows")
            return tuple(found)
        body = data[begin:end]
        if tag != _SESSION_KEY or len(body) < 10 or body[0] != 3 or len(found) >= _MOST:
            raise ValueError("not a message to keys")
        found.append(body[1:9].hex().upper())
        place = end


def _packet(data: bytes, place: int) -> tuple[int, int, int]:
    """Tag, begin and end of the body of the packet at this place."""
    try:
        first = data[place]
        if not first & 0x80:
            raise ValueError("not a packet")
        if first & 0x40:
            tag = first & 0x3F
            begin, end = _new_length(data, place + 1)
        else:
            tag = (first >> 2) & 0x0F
            begin, end = _old_length(data, place + 1, first & 3)
    except IndexError:
        raise ValueError("cut off") from None
    if end > len(data):
        raise ValueError("cut off")
    return tag, begin, end


def _old_length(data: bytes, place: int, kind: int) -> tuple[int, int]:
    if kind == 3:
        return place, len(data)
    size = 1 << kind
    begin = place + size
    return begin, begin + int.from_bytes(_exactly(data, place, size))


def _new_length(data: bytes, place: int) -> tuple[int, int]:
    """Begin and end of the body; parts of a body in pieces are walked through to the last."""
    begin = place
    while True:
        first = data[place]
        if first < 192:
            return begin + 1 if begin == place else begin, place + 1 + first
        if first < 224:
            size = ((first - 192) << 8) + data[place + 1] + 192
            return begin + 2 if begin == place else begin, place + 2 + size
        if first == 255:
            size = int.from_bytes(_exactly(data, place + 1, 4))
            return begin + 5 if begin == place else begin, place + 5 + size
        place += 1 + (1 << (first & 0x1F))


def _exactly(data: bytes, place: int, size: int) -> bytes:
    part = data[place : place + size]
    if len(part) != size:
        raise ValueError("cut off")
    return part


def _without_armour(message: bytes) -> bytes:
    text = message.strip()
    if not text.startswith(_ARMOUR):
        return message
    if not text.endswith(_END) or text.count(b"-----BEGIN") != 1:
        raise ValueError("armour")
    lines = [line.strip() for line in text.splitlines()[1:-1]]
    if b"" not in lines:
        raise ValueError("armour")
    body = [line for line in lines[lines.index(b"") + 1 :] if not line.startswith(b"=")]
    try:
        return base64.b64decode(b"".join(body), validate=True)
    except binascii.Error:
        raise ValueError("armour") from None
