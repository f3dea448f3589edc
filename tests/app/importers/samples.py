"""Files to import, made from bytes or from the fixtures of our own, and what importers make of them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from app.desk.ports.exchange import CaseDraft, Draft, Importer, Refusal, ReleaseDraft, SourceFile
from app.domain.commands import CaseCommand

FIXTURES = Path(__file__).resolve().parents[2] / "data" / "imports"


def source(data: bytes | str, name: str = "report.json") -> SourceFile:
    """A file of these bytes."""
    raw = data.encode() if isinstance(data, str) else data
    return SourceFile(name=name, data=raw, sha256=hashlib.sha256(raw).hexdigest())


def file(path: Path) -> SourceFile:
    """A file of the disk, by its last name."""
    return source(path.read_bytes(), path.name)


def fixture(name: str) -> SourceFile:
    """A fixture of our own, such as `mail/plain.eml`."""
    return file(FIXTURES / name)


def read(importer: Importer, given: SourceFile) -> list[Draft]:
    """Everything that the importer gives for a file."""
    return list(importer.read(given))


def the_case(importer: Importer, given: SourceFile) -> CaseDraft:
    """The one draft of a file, which is a case."""
    (draft,) = importer.read(given)
    assert isinstance(draft, CaseDraft)
    return draft


def cases(drafts: list[Draft]) -> list[CaseDraft]:
    return [draft for draft in drafts if isinstance(draft, CaseDraft)]


def releases(drafts: list[Draft]) -> list[ReleaseDraft]:
    return [draft for draft in drafts if isinstance(draft, ReleaseDraft)]


def refusals(drafts: list[Draft]) -> dict[str, str]:
    """Which field was refused with which code."""
    return {draft.field: draft.code for draft in drafts if isinstance(draft, Refusal)}


def command(draft: CaseDraft, kind: type[CaseCommand]) -> Any:
    """The one command of a kind."""
    (found,) = [one for one in draft.commands if isinstance(one, kind)]
    return found
