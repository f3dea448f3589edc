"""Erasing and upgrading that a crash cuts short: the case is there whole or gone for good, the format old or new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from typing_extensions import override

from app.bootstrap import restore_store
from app.domain.commands.case_commands import Erase, ProposeErasure
from app.domain.errors import AppError
from app.store.backup import SUFFIX
from app.store.place import DATABASE
from tests.app.store.erasing import TITLE, WORDS, tell_secrets
from tests.faults import stores
from tests.faults.old_store import lay_down_old_store
from tests.faults.pages import traces
from tests.faults.scenario import Complaint, Said, Scenario, Tell

REF = "H-2026-001"
EVENTS_OF_FORMAT_1 = 18


class EraseCase(Scenario):
    """A closed case is erased, and the database written anew; every word of it is one that nobody else uses."""

    name = "erase"
    window = "erase"

    @override
    def prepare(self, box: Path) -> None:
        session = stores.new_store(box, stores.parts(box))
        vault: Any = session.vault
        tell_secrets(vault)
        session.close()
        session = stores.opened(box, with_parts=stores.parts(box, stores.START.replace(month=8)))
        session.desk.perform(REF, ProposeErasure(reason="Its time is over."))
        session.close()

    @override
    def act(self, box: Path, tell: Tell, chance: Random) -> None:
        session = stores.opened(box, with_parts=stores.parts(box, stores.START.replace(month=9)))
        tell.begin("erase")
        session.desk.perform(REF, Erase(confirm=REF))
        tell.done(**stores.head(session))
        session.close()

    @override
    def check(self, box: Path, said: Said) -> Iterable[Complaint]:
        yield from stores.opens_and_holds(box, said.steps)
        session = stores.opened(box)
        case = session.queries.case(REF)
        vault: Any = session.vault
        key = vault.keys.database()
        session.close()
        if case is None or not (case.is_erased or said.hanging or not said.done):
            yield Complaint(kind="lost", detail="the erasure")
        elif not case.is_erased and case.title != TITLE:
            yield Complaint(kind="half", detail=f"not erased, and called {case.title}")
        elif case.is_erased and (found := traces(box / stores.STORE / DATABASE, key, WORDS)):
            yield Complaint(kind="half", detail=f"erased, and still there: {found[:5]}")


class Upgrade(Scenario):
    """A store of format 1 is opened, which keeps a backup of it and brings it up to date."""

    name = "upgrade"
    window = "upgrade"

    @override
    def prepare(self, box: Path) -> None:
        lay_down_old_store(box / stores.STORE)

    @override
    def act(self, box: Path, tell: Tell, chance: Random) -> None:
        tell.begin("upgrade")
        session = stores.opened(box, with_parts=stores.parts(box, stores.START.replace(month=9)))
        tell.done(**stores.head(session))
        session.close()

    @override
    def check(self, box: Path, said: Said) -> Iterable[Complaint]:
        yield from stores.opens_and_holds(box, said.steps)
        session = stores.opened(box)
        case, events = session.queries.case(REF), session.queries.history_count()
        session.close()
        if case is None or case.title != "Parser reads far past the end" or events < EVENTS_OF_FORMAT_1:
            yield Complaint(kind="lost", detail=f"{events} events, case {case and case.title}")
        yield from self._backups(box)
        session = stores.opened(box)
        session.backups.make(box)
        session.close()
        if left := stores.leftovers(box, box / stores.RUNTIME):
            yield Complaint(kind="left", detail=f"{left}")

    def _backups(self, box: Path) -> Iterator[Complaint]:
        """What is called a backup is one, of the store as it was or as it is."""
        for number, file in enumerate(sorted(box.glob(f"*{SUFFIX}"))):
            target = box / f"{number}.holdfast"
            try:
                session = restore_store(file, target, stores.PASSPHRASE, parts=stores.parts(box, stores.LATER))
            except AppError as fault:
                yield Complaint(kind="half", detail=f"{file.name}: {fault.code} {fault.facts}")
                continue
            yield from stores.whole(session, ())
            session.close()
