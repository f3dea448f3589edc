"""Reads an index of releases: `[{"version": "v22.1.0", "date": "2024-05-02", "security": false, …}]`, newest first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from typing_extensions import override

from app.desk.ports.exchange import Draft, Importer, SourceFile, TeamDraft
from app.desk.ports.reading import refusal
from app.domain.catalogue import CatalogueRelease, demand_release
from app.domain.commands.team_commands import ExtendCatalogue
from app.domain.errors import Rejected
from app.domain.json_fields import LIST_LIMIT, as_object, refused
from app.domain.json_limits import load_json

_BEGINS: Final = re.compile(rb"\s*\[\s*\{[^{}\[\]]{0,4000}")
_AT_ONCE: Final = 500


class ReleaseIndexImporter(Importer):
    """Reads `index.json`, as the project's download site publishes it."""

    format = "release-index"
    title = "Index of releases"
    suffixes = (".json",)

    @override
    def recognises(self, source: SourceFile) -> bool:
        begins = _BEGINS.match(source.data[:8192].removeprefix(b"\xef\xbb\xbf"))
        return begins is not None and all(key in begins[0] for key in (b'"version"', b'"date"'))

    @override
    def read(self, source: SourceFile) -> Iterator[Draft]:
        entries = load_json(source.data, source.name)
        if not isinstance(entries, list):
            refused("import.field-type", "", expected="list", found="object")
        if len(entries) > LIST_LIMIT:
            refused("import.list-too-long", "", limit=LIST_LIMIT)
        releases: list[CatalogueRelease] = []
        for place, value in enumerate(entries):
            try:
                entry = as_object(value, f"[{place}]")
                is_security = entry.members.get("security") is True
                version, day = entry.required_text("version", 80), entry.required_text("date", 40)
                releases.append(demand_release(version, day.strip(), security=is_security))
            except Rejected as fault:
                yield refusal(source.name, fault, f"[{place}]")
        parts = [tuple(releases[start : start + _AT_ONCE]) for start in range(0, len(releases), _AT_ONCE)]
        if parts:
            yield TeamDraft(where="", commands=tuple(ExtendCatalogue(releases=part) for part in parts))


IMPORTER: Final = ReleaseIndexImporter()
