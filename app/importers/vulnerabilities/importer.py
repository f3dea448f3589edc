"""Recognises the hand-over file and reads it report by report: one that is wrong keeps no other out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from typing_extensions import override

from app.desk.ports.exchange import CaseDraft, Draft, Importer, Refusal, ReleaseDraft, SourceFile
from app.desk.ports.reading import refusal
from app.domain.errors import Rejected
from app.domain.json_fields import JsonObject, as_object, refused, top_level_keys
from app.domain.json_limits import JsonValue, load_json
from app.domain.untrusted import safe_line
from app.domain.values import ExternalId
from app.importers.vulnerabilities.lines import url_of
from app.importers.vulnerabilities.release import release_draft
from app.importers.vulnerabilities.reports import FORMAT, case_draft

_WHEREABOUTS = {"announcement": "announcement", "buildIssue": "build-issue", "dockerIssue": "docker-issue"}


class VulnerabilitiesImporter(Importer):
    """Reads `vulnerabilities.json`, the file that a security steward hands to the releasers."""

    format = FORMAT
    title = "Hand-over file of git node security"
    suffixes = (".json",)

    @override
    def recognises(self, source: SourceFile) -> bool:
        keys = top_level_keys(source.data)
        return "releaseDate" in keys or ("reports" in keys and "dependencies" in keys)

    @override
    def read(self, source: SourceFile) -> Iterator[Draft]:
        handover = as_object(load_json(source.data, source.name), "")
        whereabouts = tuple(_whereabouts(handover))
        date = safe_line(handover.text("releaseDate", 40).strip(), 40)
        cases = []
        reports = 0
        for value, field in handover.entries("reports"):
            draft = _case(value, field, source.name, date, whereabouts)
            if isinstance(draft, CaseDraft):
                cases.append(draft)
            reports += 1
            yield draft
        yield _release(handover, source.name, tuple(cases), reports)


def _case(
    value: JsonValue, field: str, file: str, date: str, whereabouts: tuple[ExternalId, ...]
) -> CaseDraft | Refusal:
    try:
        return case_draft(as_object(value, field), file, date, whereabouts)
    except Rejected as fault:
        return refusal(file, fault, field)


def _release(handover: JsonObject, file: str, cases: tuple[CaseDraft, ...], reports: int) -> ReleaseDraft | Refusal:
    try:
        if reports and not cases:
            refused("import.no-members", handover.field("releaseDate"))
        return release_draft(handover, file, cases)
    except Rejected as fault:
        return refusal(file, fault, "releaseDate")


def _whereabouts(handover: JsonObject) -> Iterator[ExternalId]:
    for key, kind in _WHEREABOUTS.items():
        if url := url_of(handover, key):
            yield ExternalId(kind=kind, value=url)


IMPORTER: Final = VulnerabilitiesImporter()
