"""What a form asks for, as data: its words, its fields, and the verb that it carries out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

EntryKind = Literal["line", "area", "choice", "moment", "check", "rows", "file", "fact"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One field of every row of a list; with choices it is chosen, else typed."""

    key: str
    label: str
    choices: tuple[tuple[str, str], ...] = ()
    stretch: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One field: `key` is the field of the command. Words are already translated.

    A `fact` is shown to be read and copied, and is no part of the command. `beside` puts it in one row with the
    entry before it.
    """

    key: str
    label: str
    kind: EntryKind = "line"
    helper: str = ""
    mono: bool = False
    lines: int = 4
    choices: tuple[tuple[str, str], ...] = ()
    columns: tuple[Column, ...] = ()
    add: str = ""
    beside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form for one verb. `act` is the word on its button, `copies` the entry whose text can be copied.

    `wide` gives it the room that rows of several fields need.
    """

    verb: str
    title: str
    act: str
    entries: tuple[Entry, ...] = ()
    body: str = ""
    copies: str = ""
    risky: bool = False
    icon: str = ""
    wide: bool = False
    keeps: bool = True
    """Whether what was typed is kept for the next time; a confirmation is typed anew."""

    def entry(self, key: str) -> Entry | None:
        """The field of this key, or None."""
        return next((e for e in self.entries if e.key == key), None)
