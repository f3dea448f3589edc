"""What a store tells before anybody opened it: the ways in that its slot file names. Nothing here is proved."""

from __future__ import annotations

from pathlib import Path

from app.desk.ports.keys import WayInRow
from app.domain.errors import Environment
from app.domain.untrusted import safe_line
from app.store.place import SLOTS, SLOTS_COPY, Place
from app.store.slots import FILE_LIMIT, SlotsDamaged, read_slot_file

_LABEL = 60


def outside_ways(folder: Path, place: Place) -> tuple[WayInRow, ...]:
    """The ways in that the newest sound copy of the slot file names; none where neither can be read. Never raises."""
    found: list[tuple[int, tuple[WayInRow, ...]]] = []
    for name in (SLOTS, SLOTS_COPY):
        try:
            slots = read_slot_file(place.files.read(folder / name, FILE_LIMIT), place.floor)
        except (Environment, SlotsDamaged):
            continue
        rows = tuple(
            WayInRow(
                id=safe_line(slot["id"], 40),
                kind=safe_line(slot["type"], 20),
                label=safe_line(slot["label"], _LABEL),
                fingerprint=safe_line(str(slot.get("fingerprint", "")), 64),
            )
            for slot in slots.slots
        )
        found.append((slots.revision, rows))
    return max(found, key=lambda copy: copy[0])[1] if found else ()
