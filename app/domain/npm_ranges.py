"""npm version ranges: read, normalised and matched as npm `semver` 7.8.6 does it with its default options."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import msgspec
from typing_extensions import override

from app.domain.errors import Rejected
from app.domain.untrusted import safe_line
from app.domain.versions import (
    BLANKS_AND_LINE_ENDS,
    LARGEST_NUMBER,
    SortKey,
    Version,
    parse_version,
    version_of_key,
)

RANGE_LIMIT: Final = 2048
"""Characters of a range; npm sets no limit, but its grammar takes time with the square of the length."""

_X = r"(0|[1-9][0-9]*|x|X|\*)"
_IDENTIFIER = r"(?:[0-9]*[A-Za-z-][0-9A-Za-z-]*|0|[1-9][0-9]*)"
_PARTIAL = rf"[v= ]*{_X}(?:\.{_X}(?:\.{_X}(?:-({_IDENTIFIER}(?:\.{_IDENTIFIER})*))?)?)?"
_HYPHEN_RANGE = re.compile(rf"({_PARTIAL}) - ({_PARTIAL})")
_CARET = re.compile(rf"\^{_PARTIAL}")
_TILDE = re.compile(rf"~>?{_PARTIAL}")
_X_RANGE = re.compile(rf"([<>]?=?){_PARTIAL}")
_COMPARATOR = re.compile(r"([<>]?=?)(v?[0-9].*)")
_STAR = re.compile(r"[<>]?=?\*")
_BUILD = re.compile(r"\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*")
_BLANKS = re.compile(f"[{BLANKS_AND_LINE_ENDS}]+")
# A whole version is passed over, strict or not, so that a `v` at its end does not begin another one.
_LOOSE_IDENTIFIER = r"(?:[0-9]*[A-Za-z-][0-9A-Za-z-]*|[0-9]+)"
_LOOSE = rf"[0-9]+\.[0-9]+\.[0-9]+(?:-?{_LOOSE_IDENTIFIER}(?:\.{_LOOSE_IDENTIFIER})*)?"
_SPACE_AFTER_OPERATOR = re.compile(rf"( ?[<>]?=?) ?([v= ]*{_LOOSE}|{_PARTIAL})")
_SPACE_AFTER_TILDE = re.compile(r"~>? ")

_EVERYTHING = ""
_NOTHING = "<0.0.0-0"
_BEFORE_ALL: SortKey = ()
_AFTER_ALL: SortKey = (float("inf"),)
_LOWEST_IDENTIFIER = (0, 0, "")
_JUST_AFTER: SortKey = ((),)  # a key with this at its end is greater than the key, and less than all above it


class Comparator(msgspec.Struct, frozen=True):
    """One condition: an operator (`<`, `<=`, `>`, `>=`, or empty for equal) and a version."""

    operator: str
    version: Version

    @override
    def __str__(self) -> str:
        return f"{self.operator}{self.version}"


class Interval(msgspec.Struct, frozen=True):
    """Comparators that hold together: keys from `low` (in) to `high` (out); whose pre-releases may enter."""

    comparators: tuple[Comparator, ...]
    low: SortKey
    high: SortKey
    open_to: frozenset[tuple[int, int, int]]

    @property
    def floor(self) -> Version | None:
        """The lowest version that the comparators allow; None if there is no lower bound."""
        if self.low == _BEFORE_ALL:
            return None
        return _after(self.low) if self.low[-1] == () else version_of_key(self.low)

    @property
    def ceiling(self) -> Version | None:
        """The first version above an upper bound that is out itself; the `-0` of x ranges is left out."""
        if self.high == _AFTER_ALL or self.high[-1] == ():
            return None
        found = version_of_key(self.high)
        return Version(found.major, found.minor, found.patch) if found.prerelease == (0,) else found

    @property
    def last(self) -> Version | None:
        """The upper bound, if it is in itself."""
        return version_of_key(self.high[:-1]) if self.high[-1] == () else None

    def contains(self, version: Version) -> bool:
        """Whether the version meets every comparator, by the rule of npm for pre-releases."""
        if not self.low <= version.key < self.high:
            return False
        return not version.prerelease or (version.major, version.minor, version.patch) in self.open_to

    @override
    def __str__(self) -> str:
        return " ".join(map(str, self.comparators))


class Range(msgspec.Struct, frozen=True):
    """A range as one interval or another; `str()` gives npm's normal form, `>=20.0.0 <21.0.0-0||>=22.0.0`."""

    intervals: tuple[Interval, ...]

    def contains(self, version: Version) -> bool:
        """Whether npm `semver.satisfies` would say so."""
        return any(interval.contains(version) for interval in self.intervals)

    @property
    def is_empty(self) -> bool:
        """Whether no version at all is in the range, as in `>2.0.0 <1.0.0`."""
        return first_common(self, self) is None

    @override
    def __str__(self) -> str:
        return "||".join(map(str, self.intervals)) or "*"


def overlaps(one: Range, other: Range) -> bool:
    """Whether any version is in both; npm `intersects` judges comparators by pairs and may err either way."""
    return first_common(one, other) is not None


def first_common(one: Range, other: Range) -> Version | None:
    """The lowest version in both, a release rather than a pre-release; None if there is none."""
    pairs = [(a, b) for a in one.intervals for b in other.intervals]
    releases = [found for a, b in pairs if (found := _first_release(a, b)) is not None]
    if releases:
        return min(releases)
    return min((found for a, b in pairs for found in _first_prereleases(a, b)), default=None)


@lru_cache(maxsize=8192)
def parse_range(text: str) -> Range:
    """The range that `text` spells: alternatives with `||`, hyphen, x, tilde and caret ranges, comparators.

    Raises Rejected("range.malformed") with `text`, the alternative at fault as `part`, and `at`, where it
    begins (characters, from 1).
    """
    if len(text) > RANGE_LIMIT:
        raise Rejected("range.malformed", text=safe_line(text, 80), part=safe_line(text, 80), at=1)
    alternatives: list[tuple[Comparator, ...]] = []
    start = 0
    for part in text.split("||"):
        spaced = _BLANKS.sub(" ", part)
        try:
            alternatives.append(_comparators(spaced.strip(" ")))
        except Rejected:
            at = start + len(part) - len(part.lstrip(BLANKS_AND_LINE_ENDS)) + 1
            shown = safe_line(spaced.strip(" "), 80)
            raise Rejected("range.malformed", text=safe_line(text, 80), part=shown, at=at) from None
        start += len(part) + 2
    return Range(tuple(map(_interval, _without_idle(alternatives))))


def _without_idle(alternatives: list[tuple[Comparator, ...]]) -> list[tuple[Comparator, ...]]:
    """Alternatives that can't hold are left out; one that always holds is enough by itself."""
    possible = [found for found in alternatives if not _is_nothing(found)] or alternatives[:1]
    return next(([found] for found in possible if not found), possible)


def _is_nothing(comparators: tuple[Comparator, ...]) -> bool:
    return len(comparators) == 1 and str(comparators[0]) == _NOTHING


def _comparators(part: str) -> tuple[Comparator, ...]:
    text = _BUILD.sub("", part)
    hyphen = _HYPHEN_RANGE.fullmatch(text.strip(" "))
    if hyphen is not None:
        text = _from_hyphen_range(hyphen)
    text = _SPACE_AFTER_OPERATOR.sub(r"\1\2", text)
    text = _SPACE_AFTER_TILDE.sub("~", text).replace("^ ", "^")
    pieces = [piece for token in text.split(" ") for piece in _expanded(token)]
    # `>=0.0.0` is left out like `*`; both still shut pre-releases out.
    found = dict.fromkeys(_comparator(piece) for piece in pieces if piece not in ("", ">=0.0.0"))
    for comparator in found:
        if str(comparator) == _NOTHING:
            return (comparator,)
    return tuple(found)


def _comparator(text: str) -> Comparator:
    match = _COMPARATOR.fullmatch(text)
    if match is None:
        raise Rejected("range.malformed")
    return Comparator(match[1] if match[1] != "=" else "", parse_version(match[2]))


def _is_x(part: str | None) -> bool:
    return part is None or part in "xX*"


def _expanded(token: str) -> list[str]:
    """The comparators that one word stands for, as texts; none if it allows everything."""
    caret = _CARET.fullmatch(token)
    if caret is not None:
        return _from_caret(*caret.groups())
    tilde = _TILDE.fullmatch(token)
    if tilde is not None:
        return _from_tilde(*tilde.groups())
    partial = _X_RANGE.fullmatch(token)
    if partial is not None and not _is_disordered(*partial.groups()[1:4]):
        return _from_x_range(token, *partial.groups()[:4])
    return [_STAR.sub("", token, count=1)]


def _is_disordered(major: str, minor: str | None, patch: str | None) -> bool:
    return (_is_x(major) and not _is_x(minor)) or (_is_x(minor) and not _is_x(patch))


def _from_caret(major: str, minor: str | None, patch: str | None, pre: str | None) -> list[str]:
    """Up to the next change of the leftmost part that is not zero."""
    if _is_x(major):
        return []
    if minor is None or _is_x(minor):
        return [f">={major}.0.0", f"<{_next(major)}.0.0-0"]
    if patch is None or _is_x(patch):
        low, zero_patch = f">={major}.{minor}.0", False
    else:
        low, zero_patch = _at_least(major, minor, patch, pre), major == minor == "0"
    if zero_patch and patch is not None:
        return [low, f"<0.0.{_next(patch)}-0"]
    if major == "0":
        return [low, f"<0.{_next(minor)}.0-0"]
    return [low, f"<{_next(major)}.0.0-0"]


def _from_tilde(major: str, minor: str | None, patch: str | None, pre: str | None) -> list[str]:
    """Up to the next minor, or the next major if no minor is named."""
    if _is_x(major):
        return []
    if minor is None or _is_x(minor):
        return [f">={major}.0.0", f"<{_next(major)}.0.0-0"]
    low = f">={major}.{minor}.0" if patch is None or _is_x(patch) else _at_least(major, minor, patch, pre)
    return [low, f"<{major}.{_next(minor)}.0-0"]


def _from_x_range(token: str, operator: str, major: str, minor: str | None, patch: str | None) -> list[str]:
    if _is_x(major):
        return [_NOTHING] if operator in ("<", ">") else []
    if minor is not None and not _is_x(minor):
        if not _is_x(patch):
            return [token]
        low, after = f"{major}.{minor}.0", f"{major}.{_next(minor)}.0"
    else:
        low, after = f"{major}.0.0", f"{_next(major)}.0.0"
    texts = {"<": [f"<{low}-0"], "<=": [f"<{after}-0"], ">": [f">={after}"], ">=": [f">={low}"]}
    return texts.get(operator, [f">={low}", f"<{after}-0"])


def _from_hyphen_range(match: re.Match[str]) -> str:
    start, major, minor, patch, _pre, end, end_major, end_minor, end_patch, end_pre = match.groups()
    if _is_x(major):
        low = _EVERYTHING
    elif _is_x(minor):
        low = f">={major}.0.0"
    else:
        low = f">={major}.{minor}.0" if _is_x(patch) else f">={start}"
    if _is_x(end_major):
        high = _EVERYTHING
    elif _is_x(end_minor):
        high = f"<{_next(end_major)}.0.0-0"
    elif _is_x(end_patch):
        high = f"<{end_major}.{_next(end_minor)}.0-0"
    else:
        high = f"<={end_major}.{end_minor}.{end_patch}-{end_pre}" if end_pre else f"<={end}"
    return f"{low} {high}".strip(" ")


def _at_least(major: str, minor: str, patch: str, pre: str | None) -> str:
    return f">={major}.{minor}.{patch}-{pre}" if pre else f">={major}.{minor}.{patch}"


def _next(number: str) -> int:
    return int(number) + 1


def _interval(comparators: tuple[Comparator, ...]) -> Interval:
    low, high = _BEFORE_ALL, _AFTER_ALL
    for comparator in comparators:
        key = comparator.version.key
        if comparator.operator in (">=", ""):
            low = max(low, key)
        elif comparator.operator == ">":
            low = max(low, key + _JUST_AFTER)
        if comparator.operator in ("<=", ""):
            high = min(high, key + _JUST_AFTER)
        elif comparator.operator == "<":
            high = min(high, key)
    named = (comparator.version for comparator in comparators if comparator.version.prerelease)
    return Interval(comparators, low, high, frozenset((v.major, v.minor, v.patch) for v in named))


def _first_release(one: Interval, other: Interval) -> Version | None:
    low = max(one.low, other.low)
    if low == _BEFORE_ALL:
        found = Version(0, 0, 0)
    else:
        found = _after(low) if low[3:] == (1, *_JUST_AFTER) else Version(*low[:3])
    return found if found.key < min(one.high, other.high) else None


def _after(key: SortKey) -> Version:
    """The lowest version above a bound that is out itself."""
    if key[3] == 0:
        return version_of_key((*key[:-1], _LOWEST_IDENTIFIER))
    major, minor, patch = key[:3]
    if patch < LARGEST_NUMBER:
        return Version(major, minor, patch + 1)
    return Version(major, minor + 1, 0) if minor < LARGEST_NUMBER else Version(major + 1, 0, 0)


def _first_prereleases(one: Interval, other: Interval) -> list[Version]:
    low, high = max(one.low, other.low), min(one.high, other.high)
    found = []
    for core in one.open_to & other.open_to:
        start = max(low, (*core, 0, _LOWEST_IDENTIFIER))
        candidate = _after(start) if start[-1] == () else version_of_key(start)
        if candidate.key[:4] == (*core, 0) and candidate.key < high:
            found.append(candidate)
    return found
