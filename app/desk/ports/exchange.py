"""The sockets of what comes in and what goes out: importers and exporters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from app.domain.case.state import Case
from app.domain.commands import CaseCommand, ReleaseCommand, TeamCommand
from app.domain.project import Project
from app.domain.release.state import Release
from app.domain.values import Audience

Scope = Literal["case", "release", "all"]


class SourceFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file to import: its shown name (already made safe), its bytes (size already limited) and their SHA-256."""

    name: str
    data: bytes
    sha256: str


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file that comes with a report; the name is data only."""

    name: str
    media_type: str
    data: bytes
    original: bool = False
    """Whether this is the message as received rather than a part of it."""


class CaseDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A case about to be: its record key (same key and digest again is no second case) and the commands that make it.

    The first command is `Receive` or `ImportRecord`; attachments are put into the vault and named in it by the desk.
    """

    key: str
    sha256: str
    where: str
    commands: tuple[CaseCommand, ...]
    attachments: tuple[Attachment, ...] = ()


class ReleaseDraft(msgspec.Struct, frozen=True, kw_only=True):
    """A release about to be, with the record keys of the cases it bundles."""

    key: str
    sha256: str
    where: str
    commands: tuple[ReleaseCommand, ...]
    members: tuple[str, ...] = ()


class TeamDraft(msgspec.Struct, frozen=True, kw_only=True):
    """Something to know for the whole team, such as newer releases of a product; known already, nothing changes."""

    where: str
    commands: tuple[TeamCommand, ...]


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """A record that can't come in: which file, which field (a path like `reports[2].severity`), and the code with its
    facts.
    """

    file: str
    field: str
    code: str
    facts: dict[str, str | int | float] = {}


Draft = CaseDraft | ReleaseDraft | TeamDraft | Refusal


class Importer(Protocol):
    """Recognises one format by content and reads it into drafts; strangers to each other."""

    format: str
    title: str
    suffixes: tuple[str, ...]

    def recognises(self, source: SourceFile) -> bool:
        """Whether this is its format, by content, never by name alone; cheap, and never raises."""
        ...

    def read(self, source: SourceFile) -> Iterator[Draft]:
        """The drafts of a file; a record that is wrong becomes a Refusal, a file that is wrong raises Rejected."""
        ...


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """What an exporter sees: the project, the cases in reference order, their release if any, and the moment of
    writing (UTC).
    """

    project: Project
    cases: tuple[Case, ...]
    release: Release | None
    now: datetime


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """A fact that a text needs and does not have: a code, the reference it belongs to, and what (a line, a field)."""

    code: str
    ref: str
    what: str = ""


class Rendered(msgspec.Struct, frozen=True, kw_only=True):
    """One file of an export; `name` may hold folders with `/`, made of safe characters only."""

    name: str
    data: bytes
    media_type: str


class Exporter(Protocol):
    """Turns facts into the bytes of one format; the same facts give the same bytes in every zone and locale."""

    format: str
    title: str
    audience: Audience
    scopes: tuple[Scope, ...]

    def missing(self, bundle: Bundle) -> tuple[Missing, ...]:
        """What the text lacks; each is marked visibly in what `render` gives, never guessed."""
        ...

    def render(self, bundle: Bundle) -> tuple[Rendered, ...]: ...
