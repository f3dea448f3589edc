"""Ways in that change while a crash comes: afterwards the old or the new secret opens the store, never both or none."""

from __future__ import annotations

import shutil
from abc import abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

from typing_extensions import override

from app.bootstrap import Parts, Session
from app.domain.commands.case_commands import AddNote, Receive
from app.domain.errors import AppError
from app.store.connection import Connection
from app.store.place import DATABASE
from app.store.ways_in import WaysIn
from tests.builders import QUICK
from tests.faults import stores
from tests.faults.scenario import Complaint, Said, Scenario, Tell

NEW = "another aster battery borealis"
SECOND = "the deputy's aster borealis"


def ways_of(session: Session, parts: Parts) -> WaysIn:
    """The ways into an open store."""
    vault: Any = session.vault
    return WaysIn(vault, parts.place, lambda: QUICK)


def opens(box: Path, passphrase: str) -> bool:
    """Whether a passphrase opens the store, tried on a copy: opening mends."""
    copy = box.with_name(f"{box.name}-tried")
    shutil.copytree(box, copy)
    try:
        with suppress(AppError):
            stores.opened(copy, passphrase).close()
            return True
        return False
    finally:
        shutil.rmtree(copy)


def store_with_cases(box: Path) -> None:
    """A store with two cases of some size and a second way in."""
    parts = stores.parts(box)
    session = stores.new_store(box, parts)
    for number in range(2):
        ref = session.desk.perform(None, Receive(title=f"Case {number}", text="The parser reads too far. " * 200)).ref
        session.desk.perform(ref, AddNote(text="A note. " * 2000))
    ways_of(session, parts).add_passphrase(SECOND, "Deputy", session.me, parts.clock.now())
    session.close()


class SlotAct(Scenario):
    """One change of the ways in; the subclass says which, and which secrets open the store before and after."""

    window = "change"
    before: frozenset[str]
    after: frozenset[str]

    @override
    def prepare(self, box: Path) -> None:
        store_with_cases(box)

    @override
    def act(self, box: Path, tell: Tell, chance: Random) -> None:
        parts = stores.parts(box, stores.START.replace(month=6))
        session = stores.opened(box, with_parts=parts)
        ways = ways_of(session, parts)
        self.change(session, ways, parts, tell)
        tell.done(**stores.head(session))
        session.close()

    @abstractmethod
    def change(self, session: Session, ways: WaysIn, parts: Parts, tell: Tell) -> None:
        """Says that the change begins, and makes it."""

    @override
    def check(self, box: Path, said: Said) -> Iterable[Complaint]:
        found = frozenset(p for p in sorted(self.before | self.after) if opens(box, p))
        fits = [self.after] if said.done else [self.before, self.after] if said.hanging else [self.before]
        if found not in fits:
            gone = not any(wanted <= found for wanted in fits)
            yield Complaint(kind="unopenable" if gone else "both", detail=f"{sorted(found)} open it, done: {said.done}")
        for passphrase in sorted(found)[:1]:
            yield from stores.opens_and_holds(box, said.steps, passphrase)
            still = frozenset(p for p in self.before | self.after if opens(box, p))
            if still != found:
                yield Complaint(kind="both", detail=f"{sorted(still)} open it where {sorted(found)} did before")


class ChangePassphrase(SlotAct):
    """The passphrase is replaced."""

    name = "change-passphrase"
    before = frozenset({stores.PASSPHRASE, SECOND})
    after = frozenset({NEW, SECOND})

    @override
    def change(self, session: Session, ways: WaysIn, parts: Parts, tell: Tell) -> None:
        way = next(row.id for row in ways.rows() if ways.opens(row.id, stores.PASSPHRASE))
        tell.begin("change")
        ways.change_passphrase(way, NEW, session.me, parts.clock.now())


class AddWay(SlotAct):
    """A third way in is added."""

    name = "add-way"
    before = frozenset({stores.PASSPHRASE, SECOND})
    after = frozenset({stores.PASSPHRASE, SECOND, NEW})

    @override
    def change(self, session: Session, ways: WaysIn, parts: Parts, tell: Tell) -> None:
        tell.begin("change")
        ways.add_passphrase(NEW, "Third", session.me, parts.clock.now())


class RevokeWay(SlotAct):
    """The second way in is revoked."""

    name = "revoke-way"
    before = frozenset({stores.PASSPHRASE, SECOND})
    after = frozenset({stores.PASSPHRASE})

    @override
    def change(self, session: Session, ways: WaysIn, parts: Parts, tell: Tell) -> None:
        way = next(row.id for row in ways.rows() if row.label == "Deputy")
        tell.begin("change")
        ways.revoke(way, session.me, parts.clock.now())


class Rekey(SlotAct):
    """The store key is replaced; both ways in stay, and the old key opens nothing once the new one does."""

    name = "rekey"
    before = frozenset({stores.PASSPHRASE, SECOND})
    after = before

    @override
    def change(self, session: Session, ways: WaysIn, parts: Parts, tell: Tell) -> None:
        vault: Any = session.vault
        tell.begin("change", key=vault.keys.database().hex())
        ways.rekey(session.me, parts.clock.now())

    @override
    def check(self, box: Path, said: Said) -> Iterable[Complaint]:
        yield from super().check(box, said)
        yield from self._one_key(box, said)

    def _one_key(self, box: Path, said: Said) -> Iterator[Complaint]:
        begun = said.last("change")
        if begun is None:
            return
        session = stores.opened(box)
        vault: Any = session.vault
        epoch, key, pending = session.queries.team().epoch, vault.keys.database().hex(), vault.old_keys
        session.close()
        old = begun.begun["key"]
        if (epoch == 2) != (key != old) or pending is not None:
            yield Complaint(kind="both", detail=f"epoch {epoch}, another key: {key != old}, pending: {pending}")
        if begun.done is not None and key == old:
            yield Complaint(kind="lost", detail="the new key")
        if key != old:
            with suppress(AppError):
                Connection(box / stores.STORE / DATABASE, bytes.fromhex(old)).close()
                yield Complaint(kind="both", detail="the old key opens the database still")
