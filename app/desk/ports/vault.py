"""The sockets of the encrypted store: one transaction for each command, read-only queries, verification."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from app.domain.case.state import Case
from app.domain.events import Event
from app.domain.release.state import Release
from app.domain.team import Team
from app.domain.values import Blob, Person

Progress = Callable[[int, int], None]
"""Called with (done, of); `of` is 0 while unknown."""
Cancelled = Callable[[], bool]
"""Asked often; True ends the work early."""

Sort = Literal["next-due", "updated", "ref", "title", "severity", "stage", "embargo", "handler"]
View = Literal["open", "mine", "embargo", "waiting", "no-cve", "closed", "all"]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the read side's rows: already flat, never a domain state."""


class NextStep(Row, frozen=True):
    """What is due next of a case: a step or clock key, its due instant (UTC) if it has one, and its rule."""

    what: str
    due: datetime | None = None
    rule: str = ""
    paused: bool = False


class CaseRow(Row, frozen=True):
    """One line of the case table."""

    id: str
    ref: str
    title: str
    stage: str
    track: str
    updated: datetime
    rating: str = "unknown"
    score: float | None = None
    lines: tuple[str, ...] = ()
    cves: tuple[str, ...] = ()
    handler: str = ""
    handler_id: str = ""
    embargo: str = "none"
    embargo_until: datetime | None = None
    next: NextStep | None = None
    release: str = ""


class CasePage(Row, frozen=True):
    """A page of cases in order; `cursor` asks for the next one and is None at the end."""

    rows: tuple[CaseRow, ...]
    cursor: str | None


class CaseQuery(Row, frozen=True):
    """What to list: free text (every word must match a prefix), a view, filters and an order."""

    text: str = ""
    view: View = "all"
    me: str = ""
    stages: tuple[str, ...] = ()
    ratings: tuple[str, ...] = ()
    sort: Sort = "next-due"
    descending: bool = False


class ReleaseRow(Row, frozen=True):
    """One line of the release list."""

    id: str
    ref: str
    title: str
    slug: str
    target: datetime
    updated: datetime
    lines: tuple[str, ...] = ()
    cases: int = 0
    state: str = "planned"
    postponed: int = 0


class HistoryRow(Row, frozen=True):
    """One event of the log as read, with who, when (UTC) and on which device."""

    seq: int
    event_id: str
    stream: str
    ref: str
    at: datetime
    actor: Person
    device: str
    event: Event


class DueRow(Row, frozen=True):
    """One promise of a case that is not kept yet."""

    case: str
    ref: str
    title: str
    rating: str
    clock: str
    started: datetime
    due: datetime
    paused: bool = False
    handler_id: str = ""


class NamedEvent(Row, frozen=True):
    """An event as the log names it, whether or not it can be believed: its kind, when (UTC), of what, by whom."""

    kind: str
    at: datetime
    ref: str = ""
    actor: str = ""


class Finding(Row, frozen=True):
    """One thing that verification found wrong: a code, where, and facts in words of the log.

    `ref` is the case or release that it is about, where there is one, and `event` what the log says of event `seq`.
    """

    code: str
    where: str = ""
    detail: str = ""
    seq: int = 0
    ref: str = ""
    event: NamedEvent | None = None


class VerifyReport(Row, frozen=True):
    """What verification found; ok only if nothing was found and nothing was left unchecked."""

    ok: bool
    events: int
    devices: tuple[str, ...]
    blobs: int
    findings: tuple[Finding, ...]
    head: str = ""
    root: str = ""
    cancelled: bool = False
    erased: int = 0
    """Events whose bodies were erased by an event that says so."""
    remarks: tuple[Finding, ...] = ()
    """What is worth knowing and no fault: a clock that went back, long stretches without an event."""


class Checkpoint(Row, frozen=True):
    """A signed note of the log: `text` is the C2SP-style note that is witnessed outside the store, `line` the same in
    one line to print.
    """

    store_id: str
    count: int
    root: str
    head: str
    at: datetime
    text: str
    line: str = ""


class Queries(Protocol):
    """The read side; every list is paged by cursor and uses an index."""

    def cases(self, query: CaseQuery, cursor: str | None = None, limit: int = 200) -> CasePage: ...
    def count(self, query: CaseQuery) -> int: ...
    def case(self, ref: str) -> Case | None:
        """The case of this reference (H-2026-001) or id, or None."""
        ...

    def release(self, ref: str) -> Release | None:
        """The release of this reference (R-2026-001) or id, or None."""
        ...

    def releases(self, cursor: str | None = None, limit: int = 200) -> tuple[tuple[ReleaseRow, ...], str | None]: ...
    def team(self) -> Team: ...
    def history(
        self, ref: str | None = None, after: int = 0, limit: int = 200, *, newest_first: bool = False
    ) -> tuple[HistoryRow, ...]:
        """Events of a case, a release, `team`, or everything; `after` is the last sequence number already shown."""
        ...

    def history_count(self, ref: str | None = None) -> int: ...
    def due(self, limit: int = 200, *, me: str = "") -> tuple[DueRow, ...]:
        """Promises not kept yet, most urgent first."""
        ...

    def embargoes(self, limit: int = 50) -> tuple[CaseRow, ...]:
        """Cases with a proposed or agreed embargo that has not ended, soonest first."""
        ...

    def cve_owner(self, cve: str) -> str | None:
        """The reference of the case that holds this CVE id, or None."""
        ...

    def known(self, key: str) -> tuple[str, str] | None:
        """(reference, SHA-256) of what was imported under this record key, or None."""
        ...

    def refs(self, view: View = "all") -> Iterator[str]:
        """Every case reference of a view, in order, without loading the cases."""
        ...

    def draft(self, stream: str, field: str) -> str | None:
        """Unsaved text of an editor, kept in the store; None if there is none."""
        ...

    def blob(self, sha256: str) -> Iterator[bytes]:
        """The chunks of a stored file, each checked against its digest; raises Environment("blob.damaged")."""
        ...


class Transaction(Protocol):
    """Open for the length of one command; commits on leaving, or not at all."""

    @property
    def queries(self) -> Queries: ...
    @property
    def now(self) -> datetime: ...
    @property
    def actor(self) -> Person: ...
    def append(self, stream: str, events: Sequence[Event]) -> Case | Release | Team:
        """Adds events to a stream (`case:ID`, `release:ID` or `team`), evolves its state, and writes log, state and
        projections.
        """
        ...

    def new_ref(self, prefix: str, year: int) -> str:
        """The next free reference, e.g. H-2026-001; three digits at least."""
        ...

    def put_blob(self, data: bytes | Iterable[bytes], name: str = "", media_type: str = "") -> Blob:
        """Stores a file once by its digest."""
        ...

    def savepoint(self) -> AbstractContextManager[None]:
        """A part that can fail on its own: an error inside rolls back to here and goes on outward."""
        ...

    def keep_draft(self, stream: str, field: str, text: str | None) -> None:
        """Keeps or, with None, forgets the unsaved text of an editor; not part of the log."""
        ...


class Vault(Protocol):
    """An open store; used from one thread only."""

    @property
    def queries(self) -> Queries: ...
    def transaction(self, actor: Person, now: datetime) -> AbstractContextManager[Transaction]: ...
    def verify(self, progress: Progress | None = None, cancelled: Cancelled | None = None) -> VerifyReport: ...
    def checkpoint(self, actor: Person, now: datetime, reason: str) -> Checkpoint: ...
    def check_against(self, note: str) -> tuple[Finding, ...]:
        """What differs between this store and an earlier checkpoint, note or line; empty when it is a true prefix."""
        ...

    def rebuild(self, progress: Progress | None = None) -> None:
        """Throws the projections away and makes them again from the log."""
        ...

    def compact(self) -> bool:
        """Writes the store anew after something was erased, so that no rest of it is left between what stays.

        False where it was not possible: the store is too large for the memory, the disk is full. What was erased is
        overwritten where it lay all the same, and the next opening tries again.
        """
        ...

    def close(self) -> None: ...
