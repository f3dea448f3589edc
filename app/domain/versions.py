"""Versions and release lines: read strictly, compared by number, never as text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final, TypeAlias

import msgspec
from typing_extensions import override

from app.domain.errors import Rejected
from app.domain.untrusted import safe_line

VERSION_LIMIT: Final = 256
"""Characters of a version, as in npm `semver`."""

LARGEST_NUMBER: Final = 2**53 - 1
"""The largest part of a version that npm `semver` accepts."""

BLANKS: Final = "\t\n\v\f\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
BLANKS_AND_LINE_ENDS: Final = BLANKS + "\u2028\u2029\u202f\u205f\u3000\ufeff"
"""What ECMAScript, and so npm `semver`, takes for white space; Python counts differently."""

SortKey: TypeAlias = tuple[Any, ...]

_NUMBER = r"(0|[1-9][0-9]*)"
_IDENTIFIER = r"(?:[0-9]*[A-Za-z-][0-9A-Za-z-]*|0|[1-9][0-9]*)"
_VERSION = re.compile(
    rf"v?{_NUMBER}\.{_NUMBER}\.{_NUMBER}"
    rf"(?:-({_IDENTIFIER}(?:\.{_IDENTIFIER})*))?"
    r"(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
)
_LINE = re.compile(rf"v?{_NUMBER}(?:\.{_NUMBER})?(?:\.[xX*]){{0,2}}")
_TIP_NAMES = frozenset({"main", "master", "tip", "head"})


class Version(msgspec.Struct, frozen=True, eq=False):
    """A version by Semantic Versioning 2.0.0; equal and ordered by precedence (section 11), build left aside.

    `key` is made from the other fields: versions compare as their keys do.
    """

    major: int
    minor: int
    patch: int
    prerelease: tuple[int | str, ...] = ()
    build: tuple[str, ...] = ()
    key: SortKey = ()

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "key", _key(self))

    @override
    def __str__(self) -> str:
        core = f"{self.major}.{self.minor}.{self.patch}"
        pre = "-" + ".".join(map(str, self.prerelease)) if self.prerelease else ""
        return core + pre + ("+" + ".".join(self.build) if self.build else "")

    @override
    def __repr__(self) -> str:
        return f"Version({str(self)!r})"

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, Version) and bool(self.key == other.key)

    @override
    def __ne__(self, other: object) -> bool:
        # Struct brings a comparison of its own, which would otherwise answer by identity.
        return not self == other

    @override
    def __hash__(self) -> int:
        return hash(self.key)

    def __lt__(self, other: Version) -> bool:
        return bool(self.key < other.key)

    def __le__(self, other: Version) -> bool:
        return bool(self.key <= other.key)

    def __gt__(self, other: Version) -> bool:
        return bool(self.key > other.key)

    def __ge__(self, other: Version) -> bool:
        return bool(self.key >= other.key)


def _key(version: Version) -> SortKey:
    # A pre-release sorts before its release, a number before a word, a shorter list before its longer twin.
    core = (version.major, version.minor, version.patch)
    if not version.prerelease:
        return (*core, 1)
    return (
        *core,
        0,
        *((0, part, "") if isinstance(part, int) else (1, 0, part) for part in version.prerelease),
    )


def version_of_key(key: SortKey) -> Version:
    """The version that has this key, without its build."""
    major, minor, patch = key[:3]
    return Version(major, minor, patch, tuple(word or number for _, number, word in key[4:]))


@lru_cache(maxsize=8192)
def parse_version(text: str) -> Version:
    """The version that `text` spells, `v20.1.0` too; as strict as npm `semver` otherwise.

    Raises Rejected("version.malformed") with `text`.
    """
    match = _VERSION.fullmatch(text.strip(BLANKS_AND_LINE_ENDS)) if len(text) <= VERSION_LIMIT else None
    if match is None:
        raise Rejected("version.malformed", text=safe_line(text, 80))
    major, minor, patch = (int(match[group]) for group in (1, 2, 3))
    if max(major, minor, patch) > LARGEST_NUMBER:
        raise Rejected("version.malformed", text=safe_line(text, 80))
    parts = match[4].split(".") if match[4] else []
    return Version(
        major,
        minor,
        patch,
        tuple(int(part) if part.isdigit() else part for part in parts),
        tuple(match[5].split(".")) if match[5] else (),
    )


def line_of(version: Version) -> str:
    """The release line of a version, `22.x`; before 1.0 every minor was a line of its own, `0.12.x`."""
    return f"{version.major}.x" if version.major else f"0.{version.minor}.x"


def parse_line(text: str) -> str:
    """The usual spelling of a release line: `v22`, `22.X` and `22.x` are `22.x`; a name like `main` stays.

    `*` is the line of a package that has none: all versions. Raises Rejected("line.malformed") with `text`.
    """
    candidate = text.strip(BLANKS_AND_LINE_ENDS)
    match = _LINE.fullmatch(candidate) if len(candidate) <= 40 else None
    if match is not None:
        return f"{match[1]}.{match[2]}.x" if match[2] else f"{match[1]}.x"
    if candidate == "*" or candidate.lower() in _TIP_NAMES:
        return candidate.lower()
    raise Rejected("line.malformed", text=safe_line(text, 80))


def line_bounds(line: str) -> tuple[Version, Version | None] | None:
    """The first version of a line and the first one after it (None: no end); None for a name like `main`.

    Raises Rejected("line.malformed").
    """
    spelt = parse_line(line)
    if spelt == "*":
        return Version(0, 0, 0), None
    if spelt in _TIP_NAMES:
        return None
    major, *minor = (int(part) for part in spelt.split(".")[:-1])
    if minor:
        return Version(major, minor[0], 0), Version(major, minor[0] + 1, 0)
    return Version(major, 0, 0), Version(major + 1, 0, 0)


def line_key(line: str) -> SortKey:
    """A sort key for lines as they came: numbers by size, other names after them, `main` and its kin last."""
    try:
        bounds = line_bounds(line)
    except Rejected:
        return (1, line)
    if bounds is None:
        return (2, line.strip().lower())
    first, after = bounds
    # A whole major comes before its minors, since it starts with them.
    return (0, *first.key, 0 if after is None or after.minor == 0 else 1)


def oldest_first(lines: Iterable[str]) -> list[str]:
    """Lines in ascending order, `main` at the end."""
    return sorted(lines, key=line_key)


def newest_first(lines: Iterable[str]) -> list[str]:
    """Lines in descending order, `main` at the front."""
    return sorted(lines, key=line_key, reverse=True)
