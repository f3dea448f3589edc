"""The catalogue of lines and releases: phases by day, what is supported, what came out, and newer knowledge on top."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.catalogue import (
    Catalogue,
    CatalogueLine,
    CatalogueRelease,
    demand_day,
    demand_line,
    demand_release,
    load_catalogue,
)
from app.domain.errors import Rejected
from app.machine.resources import packaged_catalogues

LINE = CatalogueLine(
    line="8.x",
    start=date(2099, 1, 10),
    lts=date(2099, 6, 10),
    maintenance=date(2100, 6, 10),
    end=date(2101, 4, 30),
)


@cache
def node() -> Catalogue:
    return packaged_catalogues()["nodejs"]


@pytest.mark.parametrize(
    ("day", "phase"),
    [
        (date(2099, 1, 9), "pending"),
        (date(2099, 1, 10), "current"),
        (date(2099, 6, 10), "lts"),
        (date(2100, 6, 9), "lts"),
        (date(2100, 6, 10), "maintenance"),
        (date(2101, 4, 29), "maintenance"),
        (date(2101, 4, 30), "end-of-life"),
    ],
)
def test_the_day_of_a_change_belongs_to_the_later_phase(day: date, phase: str) -> None:
    assert LINE.phase(day) == phase


def test_a_line_without_dates_is_unknown_and_so_is_one_that_is_not_listed() -> None:
    assert CatalogueLine(line="9.x").phase(date(2099, 1, 1)) == "unknown"
    assert node().phase("999.x", date(2099, 1, 1)) == "unknown"


def test_the_packaged_catalogue_knows_lines_and_releases() -> None:
    day = date(2025, 10, 28)
    assert node().supported(day) == ("20.x", "22.x", "24.x", "25.x")
    assert "18.x" in node().ended(day)
    newest = node().newest("25.x", day)
    assert newest is not None
    assert newest.version == "25.1.0"
    assert node().release("20.0.0") is not None
    assert node().release("20.0.99") is None
    assert node().as_of == day


def test_versions_of_a_line_come_in_their_order_and_stop_at_the_day() -> None:
    catalogue = Catalogue(
        "aster",
        "Aster",
        "semver",
        [LINE],
        [
            CatalogueRelease(version="8.10.0", day=date(2099, 9, 1)),
            CatalogueRelease(version="8.2.0", day=date(2099, 3, 1)),
            CatalogueRelease(version="9.0.0", day=date(2099, 9, 2)),
        ],
    )
    assert [one.version for one in catalogue.versions("8.x")] == ["8.2.0", "8.10.0"]
    newest = catalogue.newest("8.x", date(2099, 8, 31))
    assert newest is not None
    assert newest.version == "8.2.0"
    assert catalogue.newest("8.x", date(2099, 2, 1)) is None


def test_newer_knowledge_replaces_what_has_the_same_name_and_keeps_the_rest() -> None:
    longer = CatalogueLine(line="22.x", start=date(2024, 4, 24), end=date(2098, 1, 1))
    added = demand_release("v99.0.1", "2098-02-03", security=True)
    extended = node().extended([longer], [added])
    assert extended.phase("22.x", date(2097, 1, 1)) == "current"
    assert extended.release("99.0.1") == CatalogueRelease(version="99.0.1", day=date(2098, 2, 3), security=True)
    assert extended.release("20.0.0") == node().release("20.0.0")
    assert extended.as_of == date(2098, 2, 3)
    assert node().release("99.0.1") is None


@pytest.mark.parametrize("text", ["", "2099-2-3", "2099-02-30", "20990203", "tomorrow", "2099-02-03T00:00:00"])
def test_what_is_no_calendar_day_is_refused(text: str) -> None:
    with pytest.raises(Rejected, match=r"catalogue\.day"):
        demand_day(text)


def test_a_life_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Rejected, match=r"catalogue\.order"):
        demand_line(CatalogueLine(line="8.x", start=date(2099, 2, 1), end=date(2099, 1, 1)))
    assert demand_line(CatalogueLine(line="v8")).line == "8.x"


@pytest.mark.parametrize(
    "toml",
    [
        b"product = 1",
        b'product = "a"\nname = "A"\nscheme = "semver"\n[releases]\n"1.x" = "1.0.0"',
        b'product = "a"\nname = "A"\nscheme = "roman"\n',
        b"\xff",
    ],
)
def test_a_broken_catalogue_is_refused_by_name(toml: bytes) -> None:
    with pytest.raises(Rejected, match=r"catalogue\.malformed"):
        load_catalogue(toml)


@given(st.dates(date(2000, 1, 1), date(2150, 1, 1)), st.dates(date(2000, 1, 1), date(2150, 1, 1)))
def test_a_line_never_goes_back_to_an_earlier_phase(one: date, other: date) -> None:
    order = ("unknown", "pending", "current", "lts", "maintenance", "end-of-life")
    first, then = sorted((one, other))
    for line in (*node().lines(), LINE):
        assert order.index(line.phase(first)) <= order.index(line.phase(then))
