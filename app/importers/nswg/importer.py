"""Recognises an entry of the dataset by its members and reads it whole, as core or npm."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from typing_extensions import override

from app.desk.ports.exchange import CaseDraft, Draft, Importer, SourceFile
from app.domain.commands.case_commands import ImportRecord
from app.domain.json_fields import JsonObject, as_object, refuse_large_numbers, refused, top_level_keys
from app.domain.json_limits import load_json
from app.domain.untrusted import safe_line, safe_text
from app.domain.values import ExternalId, Source
from app.importers.nswg.core_entry import read_core
from app.importers.nswg.entry import Entry
from app.importers.nswg.npm_entry import read_npm

FORMAT: Final = "nswg"
INDEX_NAME: Final = "index.json"
FILE_NAME_FIELD: Final = "file name"

_CORE_KEYS = frozenset({"vulnerable", "patched", "affectedEnvironments", "severity", "overview"})
_NPM_KEYS = frozenset({"module_name", "vulnerable_versions", "patched_versions", "coordinating_vendor"})
_DEPENDENCY_KEYS = frozenset({"reason", "overview"})
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


class NswgImporter(Importer):
    """Reads the dataset of the Node.js security working group; each entry becomes a published case."""

    format = FORMAT
    title = "Node.js vulnerability dataset"
    suffixes = (".json",)

    @override
    def recognises(self, source: SourceFile) -> bool:
        keys = frozenset(top_level_keys(source.data))
        return bool(_kind(keys)) or _is_index(source, keys)

    @override
    def read(self, source: SourceFile) -> Iterator[Draft]:
        keys = frozenset(top_level_keys(source.data))
        if _is_index(source, keys):
            # It repeats what the files beside it say.
            return
        record = as_object(load_json(source.data, source.name), "")
        refuse_large_numbers(record.members, "")
        kind = _kind(frozenset(record.members))
        if kind == "deps":
            # It says that a vulnerability of a dependency does not concern the project: nothing to publish.
            refused("nswg.dependency-assessment", "reason", value=safe_line(record.text("reason"), 60))
        entry = read_npm(record) if kind == "npm" else read_core(record)
        yield _draft(entry, kind, _number(source, record), record, source)


def _kind(keys: frozenset[str]) -> str:
    """Which entry these members make; empty if none. A record of another format has other members."""
    if "cve" in keys and len(keys & _CORE_KEYS) >= 2 and "reason" not in keys:
        return "core"
    if "cve" in keys and keys >= _DEPENDENCY_KEYS:
        return "deps"
    return "npm" if len(keys & _NPM_KEYS) >= 2 else ""


def _is_index(source: SourceFile, keys: Iterable[str]) -> bool:
    """The index of a folder, by its name and by holding entries under their numbers."""
    named = source.name.replace("\\", "/").rpartition("/")[2] == INDEX_NAME
    numbers = list(keys)
    return named and bool(numbers) and all(_NUMBER.fullmatch(key) for key in numbers)


def _number(source: SourceFile, record: JsonObject) -> int:
    """The number of an entry is the name of its file; npm entries repeat it inside."""
    stem = source.name.replace("\\", "/").rpartition("/")[2].removesuffix(".json")
    inside = record.members.get("id")
    if inside is not None and (isinstance(inside, bool) or not isinstance(inside, int) or inside < 1):
        refused("import.field-type", "id", expected="number", found=safe_line(str(inside), 40))
    if _NUMBER.fullmatch(stem) is None:
        if isinstance(inside, int):
            return inside
        refused("nswg.number", FILE_NAME_FIELD, value=safe_line(stem, 60), expected="141.json")
    if isinstance(inside, int) and inside != int(stem):
        refused("nswg.numbers-differ", "id", value=inside, expected=int(stem))
    return int(stem)


def _draft(entry: Entry, kind: str, number: int, record: JsonObject, source: SourceFile) -> CaseDraft:
    key = f"{FORMAT}:{kind}:{number}"
    fields: tuple[tuple[str, Any], ...] = tuple(record.members.items())
    command = ImportRecord(
        title=entry.title or f"{kind} {number}",
        source=Source(format=FORMAT, file=source.name, sha256=source.sha256, key=key),
        number=number,
        fields=fields,
        track="ecosystem" if kind == "npm" else "core",
        product=entry.product,
        text=safe_text(entry.text),
        cves=entry.cves,
        severity=entry.severity,
        lines=entry.lines,
        credits=entry.credits,
        reporters=entry.reporters,
        references=entry.references,
        published_at=entry.published_at,
        external=(ExternalId(kind=f"nswg-{kind}", value=str(number)),),
        findings=tuple(dict.fromkeys(entry.findings)),
    )
    return CaseDraft(key=key, sha256=source.sha256, where="", commands=(command,))


IMPORTER: Final = NswgImporter()
