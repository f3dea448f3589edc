"""A sealed box: only the holder of the key pair opens it, and only bound to what it was closed for."""

from __future__ import annotations

import pytest

from app.store.sealing import Box, opened, public_of, sealed
from tests.app.store.building import SeededIds

PRIVATE = b"p" * 32
SECRET = b"s" * 32
BOND = b"b" * 32


def made() -> Box:
    return sealed(public_of(PRIVATE), BOND, SECRET, b"store", SeededIds())


def test_the_holder_opens_it_and_nobody_else() -> None:
    assert opened(PRIVATE, BOND, made(), b"store") == SECRET
    assert opened(b"q" * 32, BOND, made(), b"store") is None
    assert opened(PRIVATE, BOND, made(), b"another store") is None


def test_no_part_of_it_can_be_changed() -> None:
    box = made()
    for name in ("ephemeral", "nonce", "content"):
        parts = {part: getattr(box, part) for part in ("ephemeral", "nonce", "content")}
        parts[name] = bytes([parts[name][0] ^ 1]) + parts[name][1:]
        assert opened(PRIVATE, BOND, Box(**parts), b"store") is None


def test_two_boxes_of_the_same_secret_have_nothing_in_common() -> None:
    ids = SeededIds()
    one, other = (sealed(public_of(PRIVATE), BOND, SECRET, b"store", ids) for _ in range(2))
    assert one.ephemeral != other.ephemeral
    assert one.content != other.content


def test_a_key_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="key"):
        sealed(bytes(32), BOND, SECRET, b"store", SeededIds())
    assert opened(PRIVATE, BOND, Box(bytes(32), b"n" * 12, b"c" * 48), b"store") is None


def test_a_public_key_without_the_bond_closes_nothing_that_opens() -> None:
    forged = sealed(public_of(PRIVATE), b"guess" + bytes(27), b"a key of their choice".ljust(32), b"store", SeededIds())
    assert opened(PRIVATE, BOND, forged, b"store") is None
