"""The socket that files come in through, and how what is wrong with one of them is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Protocol

from app.desk.ports.exchange import Refusal, SourceFile
from app.domain.errors import AppError, FactValue

FILE_LIMIT: Final = 50 * 1024 * 1024
"""Bytes of one file to import."""

STANDARD_INPUT: Final = "-"
"""The path that stands for the standard input."""


NO_FACTS: Final[Mapping[str, FactValue]] = {}


class Sources(Protocol):
    """Files to import, found but not yet read: each is read when its turn comes, or refused."""

    def __len__(self) -> int:
        """How many there are to go through."""
        ...

    def __iter__(self) -> Iterator[SourceFile | Refusal]: ...


class FileReader(Protocol):
    """Reads what a person points at."""

    def sources(self, paths: Sequence[str]) -> Sources:
        """Files as they are, folders with all that lies in them in a fixed order, `-` for standard input."""
        ...


def refusal(file: str, fault: AppError, field: str = "") -> Refusal:
    """What an importer or a rule objected to, as a refusal; the fault's own field wins. Both are facts of it too."""
    where = str(fault.facts.get("field", "")) or field
    return refused(file, fault.code, where, fault.facts)


def refused(file: str, code: str, field: str = "", facts: Mapping[str, FactValue] = NO_FACTS) -> Refusal:
    """A refusal whose facts name the file and the field as well, so that its words can."""
    return Refusal(file=file, field=field, code=code, facts={**facts, "file": file, "field": field})
