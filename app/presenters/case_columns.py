"""The columns of the case table: their order, width, sorting, and which give way first in a narrow window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.desk.ports.vault import Sort


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `width` is in pixels at 100 % text size, `sort` the order that its head asks for, if any.

    `leaves` says how early it goes when the window is narrow: 1 first, 0 never.
    """

    key: str
    width: int
    sort: Sort | None = None
    leaves: int = 0
    at_first: bool = True


COLUMNS: Final = (
    Column("ref", 96, "ref"),
    Column("title", 316, "title"),
    Column("stage", 138, "stage"),
    Column("severity", 110, "severity"),
    Column("lines", 98, leaves=3),
    Column("cve", 108, leaves=2),
    Column("handler", 88, "handler", leaves=4),
    Column("embargo", 102, "embargo"),
    Column("next-due", 130, "next-due"),
    Column("updated", 128, "updated", leaves=1, at_first=False),
)
NARROWEST_TITLE: Final = 200
FIXED: Final = ("ref", "title")
"""These identify a case and always stay."""


def chosen_columns(setting: str) -> tuple[Column, ...]:
    """The columns that a setting names, comma-separated, in the order of the table; empty is the first choice."""
    if not setting:
        return tuple(c for c in COLUMNS if c.at_first)
    wanted = set(setting.split(","))
    return tuple(c for c in COLUMNS if c.key in wanted or c.key in FIXED)


def column_setting(columns: tuple[Column, ...]) -> str:
    """The text that keeps a choice; empty for the first choice, so that it may grow with the program."""
    if columns == chosen_columns(""):
        return ""
    return ",".join(c.key for c in columns)


def columns_that_fit(columns: tuple[Column, ...], width: float, scale: float) -> tuple[Column, ...]:
    """The columns that a table of `width` pixels has room for, the title keeping its least width."""
    kept = list(columns)
    for column in sorted((c for c in columns if c.leaves), key=lambda c: c.leaves):
        if _least(kept, scale) <= width:
            break
        kept.remove(column)
    return tuple(kept)


def _least(columns: list[Column], scale: float) -> float:
    return sum((NARROWEST_TITLE if c.key == "title" else c.width) for c in columns) * scale
