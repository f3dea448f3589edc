"""What a rescue saved of a damaged store, and what not."""

from __future__ import annotations

import msgspec


class Touched(msgspec.Struct, frozen=True, kw_only=True):
    """A case or release of which at least so many events are lost; complete where a kept state made up for them."""

    ref: str
    stream: str
    lost: int
    is_complete: bool


class RescueReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a rescue saved and what not; numbers are those of the old log, `missing` as `12` and `15-17`."""

    old_store: str
    new_store: str
    events: int
    lost: int
    missing: tuple[str, ...]
    last: int
    """The highest number that anything left speaks of; what came after it is lost without a trace."""
    erased: int
    unproven: int
    """Events told as they stood, although nothing in the old log vouches for every part of them."""
    guessed: int
    """Events whose person is lost, and maybe their instant too: they have that of the event before."""
    unattributed: tuple[str, ...]
    """Lost events that could be read, as JSON, but of no case or release that can be told."""
    pages: int
    bad_pages: int
    cut_pages: int
    """Pages that the database says it has and the file has not."""
    cases: tuple[Touched, ...]
    files: int
    lost_files: tuple[str, ...]
    """Files that events speak of and that could not be read, by SHA-256."""
    findings: int
    """What the full verification of the new store found; 0 for a store that is whole."""
