"""Stores for fault tests: a clock that goes on, the real door at no cost, and what must hold behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from typing_extensions import override

from app.bootstrap import Parts, Session, create_store, open_store
from app.domain.errors import AppError
from app.machine.seen_stores import DiskSeenStores
from app.machine.streams import DiskStreams
from app.store.extract import Shelf
from tests.builders import QUICK
from tests.faults.scenario import Complaint, Step

PASSPHRASE = "correct aster battery borealis"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = START + timedelta(days=500)
STORE = "team.holdfast"
RUNTIME = "runtime"
"""The private folder in memory of whoever works here."""
MEMORY = "machine/seen.json"
"""What the machine remembers of the store; it lies in the box, so that a crash hits it too."""
KNOWN_FILES = frozenset({"cases.db", "cases.db-journal", "keyslots.json", "keyslots.json.bak", "lock"})


class GoingClock:
    """A minute passes at each look."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now

    def now(self) -> datetime:
        self._now += timedelta(minutes=1)
        return self._now


class BoxParts(Parts):
    """The real adapters of this machine, less a clock and a dear key derivation; all that they write is in the box."""

    def __init__(self, box: Path, now: datetime) -> None:
        super().__init__(GoingClock(now), floor=QUICK, cost=QUICK)
        self.place = msgspec.structs.replace(self.place, seen=DiskSeenStores(box / MEMORY, lambda: True))
        self._runtime = box / RUNTIME
        self._runtime.mkdir(mode=0o700, exist_ok=True)

    @override
    def shelf(self) -> Shelf:
        return msgspec.structs.replace(super().shelf(), streams=DiskStreams(self._runtime))


def parts(box: Path, now: datetime = START) -> Parts:
    """What a run of the program works with, from this moment on."""
    return BoxParts(box, now)


def leftovers(*folders: Path) -> list[str]:
    """What lies there under a name that says it is not whole."""
    return sorted(path.name for folder in folders for path in folder.iterdir() if path.name.endswith(".partial"))


def new_store(box: Path, with_parts: Parts) -> Session:
    """A store with its first person, open."""
    return create_store(box / STORE, PASSPHRASE, title="Aster security team", owner="Ada Example", parts=with_parts)


def opened(box: Path, passphrase: str = PASSPHRASE, with_parts: Parts | None = None) -> Session:
    """The store again, by another run of the program, later unless the parts say when."""
    return open_store(box / STORE, passphrase, parts=with_parts or parts(box, LATER))


def head(session: Session) -> dict[str, int | str]:
    """The last event of the log, as a promise."""
    row = session.queries.history(limit=1, newest_first=True)[0]
    return {"seq": row.seq, "event": row.event_id}


def broken_promises(session: Session, steps: Sequence[Step]) -> Iterator[Complaint]:
    """Which acknowledged events and drafts are not there; `steps` in the order in which they happened."""
    events = {row.seq: row.event_id for row in session.queries.history(limit=100_000)}
    drafts: dict[tuple[str, str], set[str | None]] = {}
    for step in steps:
        facts = step.done or {}
        if "seq" in facts and events.get(facts["seq"]) != facts["event"]:
            yield Complaint(kind="lost", detail=f"event {facts['seq']} of {step.what}")
        if step.what == "draft":
            key = (step.begun["ref"], step.begun["field"])
            before = drafts.get(key, {None})
            drafts[key] = {step.begun["text"]} if step.done is not None else before | {step.begun["text"]}
    for (ref, field), texts in drafts.items():
        if session.queries.draft(ref, field) not in texts:
            yield Complaint(kind="lost", detail=f"the draft of {field} in {ref}")


def whole(session: Session, steps: Sequence[Step]) -> Iterator[Complaint]:
    """What is wrong with an open store: anything that verification finds, and promises that it broke."""
    report = session.vault.verify()
    for finding in report.findings:
        yield Complaint(kind="damaged", detail=f"{finding.code} {finding.where} {finding.detail} {finding.seq}")
    yield from broken_promises(session, steps)


def opens_and_holds(box: Path, steps: Sequence[Step], passphrase: str = PASSPHRASE) -> Iterator[Complaint]:
    """Opens the store as the program would, verifies it, asks for every promise, and goes on working in it."""
    try:
        session = opened(box, passphrase)
    except AppError as fault:
        yield Complaint(kind="unopenable", detail=f"{fault.code} {fault.facts}")
        return
    try:
        yield from whole(session, steps)
        for ref in session.queries.refs("open"):
            session.desk.save_draft(ref, "summary", "Work goes on.")
            break
        session.vault.checkpoint(session.me, session.clock.now(), "by hand")
    except AppError as fault:
        yield Complaint(kind="damaged", detail=f"{fault.code} {fault.facts}")
    finally:
        session.close()
    left = sorted({path.name for path in (box / STORE).iterdir()} - KNOWN_FILES)
    if left:
        yield Complaint(kind="left", detail=f"{left}")
