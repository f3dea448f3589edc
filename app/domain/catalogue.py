"""What releases a product has: its lines with the dates of their lives, its versions with the days they came out.

Dates are calendar days as the project published them, without a zone. Nothing here knows a product: a catalogue is
data, `resources/catalogue/*.toml`, extended in the store by hand or by importing a schedule or an index of releases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Final, Literal

import msgspec

from app.domain.errors import Rejected
from app.domain.untrusted import safe_line
from app.domain.values import Value
from app.domain.versions import Version, line_key, line_of, parse_line, parse_version

Phase = Literal["unknown", "pending", "current", "lts", "maintenance", "end-of-life"]
Scheme = Literal["npm", "semver", "calendar", "distribution", "commit"]

_ENTRY: Final = re.compile(r"(\S{1,80}) ([0-9]{4}-[0-9]{2}-[0-9]{2})(!?)")


class CatalogueLine(Value, frozen=True):
    """A release line: the days on which its life changes; None where that day is not known or never comes."""

    line: str
    start: date | None = None
    lts: date | None = None
    maintenance: date | None = None
    end: date | None = None
    codename: str = ""

    def phase(self, day: date) -> Phase:
        """What phase of its life the line is in on a day; the day of a change belongs to the later phase."""
        if self.end is not None and day >= self.end:
            return "end-of-life"
        if self.maintenance is not None and day >= self.maintenance:
            return "maintenance"
        if self.lts is not None and day >= self.lts:
            return "lts"
        if self.start is None:
            return "unknown"
        return "current" if day >= self.start else "pending"


class CatalogueRelease(Value, frozen=True):
    """A version that came out, and on which day; `security` says that it mended a vulnerability."""

    version: str
    day: date
    security: bool = False


class Catalogue:
    """The lines and versions of one product; `as_of` is the last day that it knows of."""

    def __init__(
        self,
        product: str,
        name: str,
        scheme: Scheme,
        lines: Iterable[CatalogueLine] = (),
        releases: Iterable[CatalogueRelease] = (),
        *,
        as_of: date | None = None,
    ) -> None:
        self.product = product
        self.name = name
        self.scheme: Scheme = scheme
        self._lines = {one.line: one for one in lines}
        self._releases = {one.version: one for one in releases}
        newest = max((one.day for one in self._releases.values()), default=None)
        self.as_of = max((day for day in (as_of, newest) if day is not None), default=None)

    def lines(self) -> tuple[CatalogueLine, ...]:
        """Every line, oldest first."""
        return tuple(sorted(self._lines.values(), key=lambda one: line_key(one.line)))

    def line(self, text: str) -> CatalogueLine | None:
        """The line of this name, or None."""
        return self._lines.get(text)

    def phase(self, line: str, day: date) -> Phase:
        """The phase of a line on a day; `unknown` for one that is not listed."""
        found = self._lines.get(line)
        return "unknown" if found is None else found.phase(day)

    def supported(self, day: date) -> tuple[str, ...]:
        """The lines that get fixes on a day, oldest first."""
        return tuple(one.line for one in self.lines() if one.phase(day) in ("current", "lts", "maintenance"))

    def ended(self, day: date) -> tuple[str, ...]:
        """The lines whose life is over on a day, oldest first."""
        return tuple(one.line for one in self.lines() if one.phase(day) == "end-of-life")

    def release(self, version: str) -> CatalogueRelease | None:
        """The release of this version, or None where it did not come out or came out after `as_of`."""
        return self._releases.get(version)

    def versions(self, line: str) -> tuple[CatalogueRelease, ...]:
        """What came out on a line, in the order of its versions."""
        return self._by_line.get(line, ())

    def newest(self, line: str, day: date) -> CatalogueRelease | None:
        """The highest version of a line that was out on a day."""
        out = [one for one in self.versions(line) if one.day <= day]
        return out[-1] if out else None

    def extended(self, lines: Iterable[CatalogueLine], releases: Iterable[CatalogueRelease]) -> Catalogue:
        """The catalogue with newer knowledge: what has the same name is replaced, the rest stays."""
        return Catalogue(
            self.product,
            self.name,
            self.scheme,
            (self._lines | {one.line: one for one in lines}).values(),
            (self._releases | {one.version: one for one in releases}).values(),
            as_of=self.as_of,
        )

    @cached_property
    def _by_line(self) -> dict[str, tuple[CatalogueRelease, ...]]:
        found: dict[str, list[tuple[Version, CatalogueRelease]]] = {}
        for one in self._releases.values():
            version = parse_version(one.version)
            # A line kept by major holds every minor, unless the catalogue lists the minor as a line of its own.
            minor = f"{version.major}.{version.minor}.x"
            found.setdefault(minor if minor in self._lines else line_of(version), []).append((version, one))
        return {line: tuple(r for _, r in sorted(pairs, key=lambda p: p[0].key)) for line, pairs in found.items()}


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    product: str
    name: str
    scheme: Scheme
    as_of: date | None = None
    lines: tuple[CatalogueLine, ...] = ()
    releases: dict[str, str] = {}


def load_catalogue(data: bytes) -> Catalogue:
    """A catalogue from its TOML; raises Rejected("catalogue.malformed") with `part`."""
    try:
        read = msgspec.toml.decode(data, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise Rejected("catalogue.malformed", part=safe_line(str(fault), 120)) from fault
    for one in read.lines:
        demand_line(one)
    releases = [_release(entry) for text in read.releases.values() for entry in text.split(",") if entry.strip()]
    return Catalogue(read.product, read.name, read.scheme, read.lines, releases, as_of=read.as_of)


def _release(entry: str) -> CatalogueRelease:
    found = _ENTRY.fullmatch(entry.strip())
    if found is None:
        raise Rejected("catalogue.malformed", part=safe_line(entry, 80))
    return demand_release(found[1], found[2], security=bool(found[3]))


def demand_release(version: str, day: str, *, security: bool = False) -> CatalogueRelease:
    """A release from texts, the version in its usual spelling.

    Raises Rejected("version.malformed") or ("catalogue.day") with `value`: the day is no YYYY-MM-DD.
    """
    return CatalogueRelease(version=str(parse_version(version)), day=demand_day(day), security=security)


def demand_day(text: str) -> date:
    """A calendar day; raises Rejected("catalogue.day") with `value`."""
    try:
        return date.fromisoformat(text if len(text) == 10 else "")
    except ValueError:
        raise Rejected("catalogue.day", value=safe_line(text, 40)) from None


def demand_line(one: CatalogueLine) -> CatalogueLine:
    """The line in its usual spelling, its days in their order.

    Raises Rejected("line.malformed"), or ("catalogue.order") with `line`, `first` and `then`: a life that ends before
    it begins.
    """
    line = parse_line(one.line)
    known = [(name, day) for name in ("start", "lts", "maintenance", "end") if (day := getattr(one, name)) is not None]
    for (earlier, before), (later, after) in pairwise(known):
        if after < before:
            raise Rejected("catalogue.order", line=line, first=earlier, then=later)
    return msgspec.structs.replace(one, line=line)
