"""Every stored file read once, and every file that the record speaks of looked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from app.domain.case.state import Case
from app.domain.errors import Environment
from app.domain.events import Event
from app.domain.events.case_events import AttachmentAdded, FixHeld, MessageLogged, ReportReceived
from app.domain.events.erasure_events import CaseErased, CaseSalvaged
from app.domain.values import Blob
from app.store.blobs import Blobs
from app.store.verify.findings import Findings, Watch


def _of_case(case: Case) -> tuple[Blob | None, ...]:
    fixes = (fix.patch for fix in case.fixes)
    return (*case.report.attachments, *case.attachments, *fixes, *(message.original for message in case.messages))


_BLOBS: Final[dict[type, Callable[[Any], tuple[Blob | None, ...]]]] = {
    ReportReceived: lambda event: event.attachments,
    AttachmentAdded: lambda event: (event.blob,),
    FixHeld: lambda event: (event.fix.patch,),
    MessageLogged: lambda event: (event.original,),
    CaseErased: lambda event: _of_case(event.remains),
    CaseSalvaged: lambda event: _of_case(event.remains),
}
SPEAK_OF_FILES: Final = tuple(event.__name__ for event in _BLOBS)
"""The kinds of events that name stored files."""


def blobs_of(event: Event) -> tuple[Blob, ...]:
    """The stored files that an event speaks of."""
    found = _BLOBS.get(type(event))
    return () if found is None else tuple(blob for blob in found(event) if blob is not None)


def check_blobs(blobs: Blobs, named: Iterable[str], findings: Findings, watch: Watch) -> int:
    """Gives how many files there are; `named` are the digests that events speak of."""
    present = set()
    for sha256 in blobs.digests():
        present.add(sha256)
        try:
            for _ in blobs.read(sha256):
                watch.step(0)
        except Environment:
            findings.add("blob.damaged", where=sha256)
    for sha256 in sorted(set(named) - present):
        findings.add("blob.missing", where=sha256)
    return len(present)
