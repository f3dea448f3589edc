"""Weaknesses by CWE id: the catalogue to choose from, its search, and what CVE says of mapping to an entry.

The mapping usage is CWE's own ("Mapping Notes"): `allowed`, `allowed-with-review`, `discouraged`, `prohibited`. CVE
asks for an entry that is at most to be reviewed; categories and deprecated entries name no weakness at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final, Literal

import msgspec

from app.domain.errors import Defect

Usage = Literal["allowed", "allowed-with-review", "discouraged", "prohibited"]

_ID: Final = re.compile(r"(?:cwe[-_ :]*)?([0-9]{1,5})", re.IGNORECASE)
_WORD: Final = re.compile(r"[0-9a-z]+")
_ORDER: Final[dict[str, int]] = {"allowed": 0, "allowed-with-review": 1, "discouraged": 2, "prohibited": 3}
_LONGEST: Final = 200


class Weakness(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of the catalogue; `instead` and `parents` are numbers of other entries.

    `kind` is pillar, class, base, variant, compound or category, empty where the catalogue does not say.
    """

    id: int
    name: str
    status: str
    usage: Usage
    kind: str = ""
    about: str = ""
    terms: tuple[str, ...] = ()
    instead: tuple[int, ...] = ()
    parents: tuple[int, ...] = ()

    @property
    def cwe(self) -> str:
        """The id as the records write it, `CWE-400`."""
        return f"CWE-{self.id}"

    @property
    def is_fit(self) -> bool:
        """Whether a CVE record may name it without a second thought."""
        return self.usage in ("allowed", "allowed-with-review") and self.status != "deprecated"


class About(msgspec.Struct, frozen=True, kw_only=True):
    """Which edition of the catalogue this is; `date` is that of the edition, ISO 8601."""

    name: str
    version: str
    date: str
    notice: str


class _File(msgspec.Struct, frozen=True, kw_only=True):
    about: About
    entries: tuple[Weakness, ...]


class Weaknesses:
    """The whole catalogue, searched in memory: about 1,400 entries."""

    def __init__(self, about: About, entries: Iterable[Weakness]) -> None:
        self.about = about
        self._entries = {entry.id: entry for entry in entries}
        self._names = {entry.id: _words(entry.name) for entry in self._entries.values()}
        self._texts = {
            entry.id: {*self._names[entry.id], *_words(" ".join((*entry.terms, entry.about)))}
            for entry in self._entries.values()
        }

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, text: str) -> Weakness | None:
        """The entry of an id, however it is written (`CWE-79`, `cwe 79`, `79`), or None."""
        number = cwe_number(text)
        return None if number is None else self._entries.get(number)

    def search(self, text: str, limit: int = 50) -> tuple[Weakness, ...]:
        """Entries that hold every word, as a beginning of one of theirs; the best first.

        An id comes first, then names that begin with the text, names that hold all of it, other texts; within those,
        what a record may name comes before what it should not.
        """
        asked = _words(text[:_LONGEST])
        if not asked:
            return ()
        number = cwe_number(text)
        ranked: list[tuple[tuple[int, int, int, int], Weakness]] = []
        for entry in self._entries.values():
            place = self._place(entry, asked, number)
            if place is not None:
                ranked.append(((place, entry.status == "deprecated", _ORDER[entry.usage], entry.id), entry))
        ranked.sort(key=lambda pair: pair[0])
        return tuple(entry for _, entry in ranked[:limit])

    def instead_of(self, entry: Weakness) -> tuple[Weakness, ...]:
        """What the catalogue suggests in place of an entry that is not fit, else its fit neighbours below it."""
        named = tuple(self._entries[i] for i in entry.instead if i in self._entries and self._entries[i].is_fit)
        if named or entry.is_fit:
            return named
        below = (other for other in self._entries.values() if entry.id in other.parents and other.is_fit)
        return tuple(sorted(below, key=lambda other: other.id))[:12]

    def _place(self, entry: Weakness, asked: list[str], number: int | None) -> int | None:
        if entry.id == number:
            return 0
        names = self._names[entry.id]
        if all(any(word.startswith(part) for word in names) for part in asked):
            return 1 if names[: len(asked)] == asked else 2
        texts = self._texts[entry.id]
        return 3 if all(any(word.startswith(part) for word in texts) for part in asked) else None


def load_weaknesses(data: bytes) -> Weaknesses:
    """The catalogue from `resources/cwe/cwe.json`; raises Defect("cwe.malformed")."""
    try:
        read = msgspec.json.decode(data, type=_File)
    except msgspec.DecodeError as fault:
        raise Defect("cwe.malformed") from fault
    return Weaknesses(read.about, read.entries)


def cwe_number(text: str) -> int | None:
    """79 of `CWE-79`, `cwe_79` or `79`; None for anything else."""
    found = _ID.fullmatch(text.strip()[:40])
    return int(found[1]) if found and int(found[1]) > 0 else None


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return _WORD.findall(plain.replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", ""))
