"""A recovery code as text: eight groups of five characters, the last of each a check, so that a typo has a place.

The characters are those of Crockford's base 32 (no I, L, O, U). Four of a group carry 20 bits, which makes 160 in all;
the fifth is a weighted sum of them over the field of 32 elements, plus the number of the group: one wrong character,
two swapped ones and a group in a wrong place are always found, before any key is derived.
"""

from __future__ import annotations

import re
from typing import Final

from app.domain.errors import Rejected

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS: Final = 8
GROUP_SIZE: Final = 5
SECRET_BYTES: Final = 20
"""160 random bits: more than anybody can guess, so no slow derivation is needed."""

_LOOK_ALIKES: Final = str.maketrans("OIL", "011")
_BETWEEN: Final = re.compile(r"[\s\-\u2010-\u2015.,;:_/]+")
_LONGEST: Final = 400
# Powers 1 to 4 of the generator of GF(32) with x^5 + x^2 + 1: all different, none of them 1.
_WEIGHTS: Final = (2, 4, 8, 16)


def recovery_code(secret: bytes) -> str:
    """The code of 20 random bytes, its groups parted by hyphens."""
    number = int.from_bytes(secret, "big")
    if len(secret) != SECRET_BYTES:
        raise ValueError("a recovery code has 20 bytes")
    digits = [number >> (5 * place) & 31 for place in range(SECRET_BYTES * 8 // 5 - 1, -1, -1)]
    size = GROUP_SIZE - 1
    groups = (digits[start : start + size] for start in range(0, len(digits), size))
    return "-".join("".join(ALPHABET[d] for d in (*g, _check(g, no))) for no, g in enumerate(groups))


def recovery_secret(code: str) -> bytes:
    """The 20 bytes of a code as it was typed.

    Raises Rejected: recovery.length (found and wanted characters), recovery.group (the number of the first group that
    can't be right, from 1).
    """
    number = 0
    for place, group in enumerate(_groups(code)):
        if not _is_right(group, place):
            raise Rejected("recovery.group", group=place + 1, needs="recovery-code")
        for letter in group[:-1]:
            number = number << 5 | ALPHABET.index(letter)
    return number.to_bytes(SECRET_BYTES, "big")


def recovery_groups(code: str) -> tuple[str, ...]:
    """The groups of a code, read as they are meant; for comparing one that was typed with one that was shown."""
    return tuple(_parted(code))


def wrong_groups(code: str) -> tuple[int, ...]:
    """The numbers, from 1, of groups that are whole and can't be right; for a field that is still being typed in."""
    groups = enumerate(_parted(code)[:GROUPS])
    return tuple(place + 1 for place, group in groups if len(group) >= GROUP_SIZE and not _is_right(group, place))


def _groups(code: str) -> list[str]:
    groups = _parted(code)
    length = sum(map(len, groups))
    if len(groups) == GROUPS and (wrong := [no for no, g in enumerate(groups, 1) if len(g) != GROUP_SIZE]):
        raise Rejected("recovery.group", group=wrong[0], needs="recovery-code")
    if len(groups) != GROUPS or length != GROUPS * GROUP_SIZE:
        raise Rejected("recovery.length", found=length, wanted=GROUPS * GROUP_SIZE, needs="recovery-code")
    return groups


def _parted(code: str) -> list[str]:
    """The groups as they were typed; a code without anything between its characters is cut into fives."""
    upper = code[:_LONGEST].upper().translate(_LOOK_ALIKES)
    groups = [group for group in _BETWEEN.split(upper) if group]
    if len(groups) == GROUPS:
        return groups
    joined = "".join(groups)
    return [joined[start : start + GROUP_SIZE] for start in range(0, len(joined), GROUP_SIZE)]


def _is_right(group: str, place: int) -> bool:
    if len(group) != GROUP_SIZE or any(letter not in ALPHABET for letter in group):
        return False
    *digits, check = (ALPHABET.index(letter) for letter in group)
    return _check(digits, place) == check


def _check(digits: list[int], place: int) -> int:
    total = place + 1
    for weight, digit in zip(_WEIGHTS, digits, strict=True):
        total ^= _product(weight, digit)
    return total


def _product(one: int, other: int) -> int:
    """In GF(32)."""
    total = 0
    while other:
        if other & 1:
            total ^= one
        one <<= 1
        if one & 32:
            one ^= 0b100101
        other >>= 1
    return total
