"""How hard a passphrase is to guess, as zxcvbn reckons it, and what makes it easy; the words are the face's."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

Strength = Literal["empty", "short", "weak", "fair", "good", "strong"]
Fault = Literal["own", "common", "word", "keyboard", "repeat", "sequence", "date"]

SHORTEST: Final = 10
"""Characters that a new passphrase needs at least."""

LOOKED_AT: Final = 100
"""Characters that are reckoned with; the work grows faster than the text, and more can only make it harder."""

_FULL: Final = 60
_STEPS: Final[tuple[tuple[float, Strength], ...]] = ((50, "strong"), (40, "good"), (30, "fair"))
_OWN_PARTS: Final = 40
_PATTERNS: Final[dict[str, Fault]] = {
    "spatial": "keyboard",
    "repeat": "repeat",
    "sequence": "sequence",
    "regex": "date",
    "date": "date",
}


@dataclass(frozen=True, slots=True)
class Estimate:
    """`bits` is the logarithm (base 2) of the guesses that a good guesser needs; `faults` say what helps it."""

    strength: Strength
    bits: float
    faults: tuple[Fault, ...] = ()

    @property
    def share(self) -> float:
        """What fills a meter, 0 to 1."""
        return min(1.0, self.bits / _FULL)


def estimate(passphrase: str, own: Iterable[str] = ()) -> Estimate:
    """How hard to guess; `own` are texts that a guesser knows, such as the names of store and person.

    The steps are set for a store whose key derivation makes each guess cost about a second of a good machine.
    """
    text = unicodedata.normalize("NFC", passphrase)
    if not text:
        return Estimate("empty", 0.0)
    # Imported here: its lists of words take a twentieth of a second.
    from zxcvbn import zxcvbn

    found: dict[str, Any] = zxcvbn(text[:LOOKED_AT], user_inputs=_own_parts(own), max_length=LOOKED_AT)
    bits = max(0.0, float(found["guesses_log10"])) * math.log2(10)
    if len(text) < SHORTEST:
        return Estimate("short", bits)
    strength: Strength = next((name for least, name in _STEPS if bits >= least), "weak")
    return Estimate(strength, bits, _faults(found["sequence"], len(text)) if strength in ("weak", "fair") else ())


def warm() -> None:
    """Read the lists of words, so that the first letter typed does not wait for them."""
    estimate("holdfast")


def _own_parts(own: Iterable[str]) -> list[str]:
    """The texts whole and in words, as a guesser would try them."""
    parts: list[str] = []
    for text in own:
        short = text[:LOOKED_AT].casefold()
        parts += [short, *("".join(c if c.isalnum() else " " for c in short).split())]
    return [part for part in dict.fromkeys(parts) if len(part) > 1][:_OWN_PARTS]


def _faults(sequence: Sequence[dict[str, Any]], length: int) -> tuple[Fault, ...]:
    """What the parts of the text have that a guesser tries first; each fault once, the gravest first."""
    found: set[Fault] = set()
    for part in sequence:
        fault = _fault(part, length)
        if fault is not None:
            found.add(fault)
    order: tuple[Fault, ...] = ("own", "common", "repeat", "sequence", "keyboard", "date", "word")
    return tuple(fault for fault in order if fault in found)


def _fault(part: dict[str, Any], length: int) -> Fault | None:
    pattern = str(part["pattern"])
    if pattern != "dictionary":
        return _PATTERNS.get(pattern)
    if part["dictionary_name"] == "user_inputs":
        return "own"
    mostly = len(str(part["token"])) * 2 > length
    return ("common" if part["dictionary_name"] == "passwords" else "word") if mostly else None
