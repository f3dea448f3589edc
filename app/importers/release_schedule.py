"""Reads a schedule of release lines: `{"v22": {"start": …, "lts": …, "maintenance": …, "end": …, "codename": …}}`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

import msgspec
from typing_extensions import override

from app.desk.ports.exchange import Draft, Importer, SourceFile, TeamDraft
from app.desk.ports.reading import refusal
from app.domain.catalogue import CatalogueLine, demand_day, demand_line
from app.domain.commands.team_commands import ExtendCatalogue
from app.domain.errors import Rejected
from app.domain.json_fields import JsonObject, as_object, top_level_keys
from app.domain.json_limits import load_json
from app.domain.untrusted import safe_line

_LINE: Final = re.compile(r"v[0-9]{1,4}(?:\.[0-9]{1,4})?")
_DAYS: Final = ("start", "lts", "maintenance", "end")
_MOST: Final = 500


class ReleaseScheduleImporter(Importer):
    """Reads `schedule.json`, as the project publishes it."""

    format = "release-schedule"
    title = "Schedule of release lines"
    suffixes = (".json",)

    @override
    def recognises(self, source: SourceFile) -> bool:
        keys = top_level_keys(source.data)
        return bool(keys) and all(_LINE.fullmatch(key) for key in keys)

    @override
    def read(self, source: SourceFile) -> Iterator[Draft]:
        schedule = as_object(load_json(source.data, source.name), "")
        lines: list[CatalogueLine] = []
        for key in list(schedule.members)[:_MOST]:
            try:
                lines.append(_line(key, as_object(schedule.members[key], schedule.field(key))))
            except Rejected as fault:
                yield refusal(source.name, fault, schedule.field(key))
        if lines:
            yield TeamDraft(where="", commands=(ExtendCatalogue(lines=tuple(lines)),))


def _line(key: str, entry: JsonObject) -> CatalogueLine:
    days = {name: _day(entry, name) for name in _DAYS}
    line = CatalogueLine(line=key, codename=safe_line(entry.text("codename", 80), 80))
    return demand_line(msgspec.structs.replace(line, **days))


def _day(entry: JsonObject, name: str) -> date | None:
    text = entry.text(name, 40).strip()
    return demand_day(text) if text else None


IMPORTER: Final = ReleaseScheduleImporter()
