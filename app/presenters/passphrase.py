"""A rough, honest estimate of how hard a passphrase is to guess; it errs on the low side."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal

Strength = Literal["empty", "short", "weak", "fair", "good", "strong"]

SHORTEST: Final = 10
"""Characters that a new passphrase needs at least."""

_WORD_BITS: Final = 11.0  # a word drawn from a list of about two thousand
_CHOSEN: Final = 0.6  # people choose characters, they do not draw them
_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_STEPS: Final[tuple[tuple[float, Strength], ...]] = ((70, "strong"), (55, "good"), (40, "fair"))


@dataclass(frozen=True, slots=True)
class Estimate:
    """`bits` is the logarithm (base 2) of the guesses a good guesser needs; `share` fills a meter, 0 to 1."""

    strength: Strength
    bits: float

    @property
    def share(self) -> float:
        return min(1.0, self.bits / 80)


def estimate(passphrase: str) -> Estimate:
    """How hard to guess; counts characters, or words where there are several, whichever says less."""
    text = unicodedata.normalize("NFC", passphrase)
    if not text:
        return Estimate("empty", 0.0)
    bits = min(_by_characters(text), _by_words(text))
    if len(text) < SHORTEST:
        return Estimate("short", bits)
    return Estimate(next((name for least, name in _STEPS if bits >= least), "weak"), bits)


def _by_characters(text: str) -> float:
    """Each character counts by the size of its alphabet, but a repeated or running one hardly."""
    pool = sum(
        size
        for size, there in (
            (26, any(c.islower() for c in text)),
            (26, any(c.isupper() for c in text)),
            (10, any(c.isdigit() for c in text)),
            (33, any(not c.isalnum() for c in text)),
            (50, any(ord(c) > 127 for c in text)),
        )
        if there
    )
    each = math.log2(max(2, pool)) * _CHOSEN
    bits = 0.0
    for index, char in enumerate(text):
        before = text[index - 1] if index else ""
        runs = bool(before) and abs(ord(char) - ord(before)) <= 1
        bits += 0.5 if runs or char in text[max(0, index - 3) : index] else each
    return bits


def _by_words(text: str) -> float:
    """A phrase counts by its different words and by what stands between them."""
    words = _WORD.findall(text)
    if not words:
        return math.inf
    different = len({w.casefold() for w in words})
    rest = _WORD.sub("", text).replace(" ", "")
    return different * _WORD_BITS + (_by_characters(rest) if rest else 0.0)
