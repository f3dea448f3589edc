"""Entries of the Node.js vulnerability dataset: `core/<n>.json` and `npm/<n>.json`, written as the real ones are.

An entry that was imported comes back as it was, changed only where the facts of its case have changed since; keys keep
their order. A new entry says exact ranges, never a whole line that also holds the versions with the fix.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from typing_extensions import override

from app.desk.ports.exchange import Bundle, Exporter, Missing, Rendered, Scope
from app.domain.announcement import Gap, bulletin_of
from app.domain.case.state import Case, DatasetEntry
from app.domain.dataset import core_fields, entry_gaps, npm_fields
from app.domain.values import Audience

_FOLDERS: Final = {"core": "core", "ecosystem": "npm"}


class NswgExporter(Exporter):
    """Writes one JSON file for each case."""

    format = "nswg"
    title = "Node.js vulnerability dataset"
    audience: Audience = "public"
    scopes: tuple[Scope, ...] = ("case", "release", "all")

    @override
    def missing(self, bundle: Bundle) -> tuple[Missing, ...]:
        numbers = _numbers(bundle)
        gaps: list[Gap] = []
        for case in bundle.cases:
            gaps += entry_gaps(case, bundle.project)
            if numbers[case.id] is None:
                gaps.append(Gap(code="nswg.number", ref=case.ref))
        return tuple(Missing(code=gap.code, ref=gap.ref, what=gap.what) for gap in gaps)

    @override
    def render(self, bundle: Bundle) -> tuple[Rendered, ...]:
        numbers = _numbers(bundle)
        names = _names(bundle, numbers)
        return tuple(_rendered(case, numbers[case.id], names[case.id], bundle) for case in bundle.cases)


def _rendered(case: Case, number: int | None, name: str, bundle: Bundle) -> Rendered:
    url = bulletin_of(bundle.project, (case,), bundle.release, bundle.now).url
    if case.track == "ecosystem":
        fields = npm_fields(case, bundle.project, number, url)
    else:
        fields = core_fields(case, bundle.project, url)
    return Rendered(name=name, data=_written(fields), media_type="application/json")


def _written(fields: Mapping[str, Any]) -> bytes:
    # A lone surrogate has no UTF-8; it comes only from a record that escaped one.
    text = json.dumps(fields, indent=2, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return text.decode("utf-8", "replace").encode() + b"\n"


def _folder(case: Case) -> str:
    return _FOLDERS[case.track]


def _names(bundle: Bundle, numbers: Mapping[str, int | None]) -> dict[str, str]:
    """The file of each case, by its number; without one, by its CVE id, and no two cases in the same file."""
    names: dict[str, str] = {}
    for case in sorted(bundle.cases, key=lambda case: case.ref):
        number = numbers[case.id]
        stem = str(number) if number is not None else case.cves[0].id.lower() if case.cves else "unnumbered"
        stems = (stem, *(f"{stem}-{again}" for again in range(2, len(bundle.cases) + 2)))
        taken = set(names.values())
        names[case.id] = next(name for s in stems if (name := f"{_folder(case)}/{s}.json") not in taken)
    return names


def _numbers(bundle: Bundle) -> dict[str, int | None]:
    """The number of each case: the one it was imported or known with, else the next free ones, else none.

    What is free can only be told where the dataset itself is at hand, that is, among imported entries.
    """
    known = {case.id: _known_number(case) for case in bundle.cases}
    for folder in _FOLDERS.values():
        taken = [n for case in bundle.cases if _folder(case) == folder and (n := known[case.id]) is not None]
        if not any(case.dataset is not None and _folder(case) == folder for case in bundle.cases):
            continue
        for number, case in enumerate(_new_cases(bundle, folder, known), max(taken) + 1):
            known[case.id] = number
    return known


def _new_cases(bundle: Bundle, folder: str, known: Mapping[str, int | None]) -> Iterator[Case]:
    """Cases without a number, by their announcement, so that a later one never moves an earlier one."""
    waiting = [case for case in bundle.cases if _folder(case) == folder and known[case.id] is None]
    yield from sorted(waiting, key=lambda case: (case.announced_at or bundle.now, case.ref))


def _known_number(case: Case) -> int | None:
    entry: DatasetEntry | None = case.dataset
    if entry is not None:
        return entry.number
    kind = f"nswg-{_folder(case)}"
    named = next((x.value for x in case.external if x.kind == kind), "")
    return int(named) if named.isascii() and named.isdigit() and len(named) < 10 else None


EXPORTER: Final = NswgExporter()
