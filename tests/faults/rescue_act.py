"""A rescue that a crash cuts short: the new store is there whole or not at all, the damaged one is not touched."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

from typing_extensions import override

from app.bootstrap import Session, open_store, rescue_store
from app.domain.errors import AppError
from app.store.pages import PAGE
from app.store.place import DATABASE
from tests.faults import stores
from tests.faults.scenario import Complaint, Said, Scenario, Tell
from tests.faults.slot_acts import store_with_cases

NEW = "rescued.holdfast"
NEW_PASSPHRASE = "what was rescued opens with this"
_SPOILT = 12


class Rescue(Scenario):
    """A store with a spoilt page is rescued."""

    name = "rescue"
    window = "rescue"

    @override
    def prepare(self, box: Path) -> None:
        store_with_cases(box)
        with (box / stores.STORE / DATABASE).open("r+b") as file:
            file.seek(_SPOILT * PAGE)
            file.write(bytes(100))
        shutil.copytree(box / stores.STORE, box / "as it was")

    @override
    def act(self, box: Path, tell: Tell, chance: Random) -> None:
        tell.begin("rescue")
        report = self._rescue(box)
        tell.done(events=report)

    @override
    def check(self, box: Path, said: Said) -> Iterable[Complaint]:
        if (box / NEW).exists():
            yield from self._whole(box)
            shutil.rmtree(box / NEW)
        elif said.done:
            yield Complaint(kind="lost", detail="the rescued store")
        for name in (DATABASE, "keyslots.json"):
            if (box / stores.STORE / name).read_bytes() != (box / "as it was" / name).read_bytes():
                yield Complaint(kind="damaged", detail=f"{name} of the damaged store was written to")
        try:
            self._rescue(box)
        except AppError as fault:
            yield Complaint(kind="unopenable", detail=f"again: {fault.code} {fault.facts}")
        if left := stores.leftovers(box):
            yield Complaint(kind="left", detail=f"{left}")

    def _rescue(self, box: Path) -> int:
        parts = stores.parts(box, stores.LATER)
        rescue_store(box / stores.STORE, box / NEW, stores.PASSPHRASE, passphrase=NEW_PASSPHRASE, parts=parts)
        session = self._opened(box)
        events = session.queries.history_count()
        session.close()
        return events

    def _opened(self, box: Path) -> Session:
        return open_store(box / NEW, NEW_PASSPHRASE, parts=stores.parts(box, stores.LATER.replace(year=2029)))

    def _whole(self, box: Path) -> Iterator[Complaint]:
        try:
            session = self._opened(box)
        except AppError as fault:
            yield Complaint(kind="half", detail=f"{fault.code} {fault.facts}")
            return
        yield from stores.whole(session, ())
        session.close()
