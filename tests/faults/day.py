"""A day at the desk, through the real use cases: whatever of it was acknowledged must be there after any crash."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from random import Random

from typing_extensions import override

from app.bootstrap import Parts, Session
from app.domain.commands.case_commands import Acknowledge, AddAttachment, AddNote, Assign, DraftAdvisory, Receive
from app.domain.commands.release_commands import BundleCase, PlanRelease
from tests.faults import stores
from tests.faults.old_store import lay_down_old_store
from tests.faults.scenario import Complaint, Said, Scenario, Tell

MAILS = Path(__file__).resolve().parents[1] / "data" / "imports" / "mail"
STEPS = 16
_TEXT = "The Borealis parser reads past the end of its buffer. "


class DeskDay(Scenario):
    """Saves, imports, attaches, drafts, makes checkpoints, closes and opens again, in an order of chance."""

    name = "day"
    founds = False
    """Whether the store is made first, too."""

    @override
    def prepare(self, box: Path) -> None:
        shutil.copytree(MAILS, box / "mail")
        if self.founds:
            return
        session = stores.new_store(box, stores.parts(box, stores.START - timedelta(days=9)))
        for number in range(3):
            session.desk.perform(None, Receive(title=f"Case of before {number}", text=_TEXT * 9))
        session.close()

    @override
    def act(self, box: Path, tell: Tell, chance: Random) -> None:
        Hands(box, tell, chance, stores.parts(box)).work(founds=self.founds)

    @override
    def check(self, box: Path, said: Said) -> Iterable[Complaint]:
        if self.founds and not said.done and not (box / stores.STORE).exists():
            stores.new_store(box, stores.parts(box)).close()
            if left := stores.leftovers(box):
                yield Complaint(kind="left", detail=f"{left}")
        yield from stores.opens_and_holds(box, said.steps)


class FirstDay(DeskDay):
    """The same from the moment where the store is made."""

    name = "first-day"
    founds = True


class OldStoreDay(DeskDay):
    """The same in a store of format 1, which is brought up to date when it is opened."""

    name = "old-store-day"

    @override
    def prepare(self, box: Path) -> None:
        shutil.copytree(MAILS, box / "mail")
        lay_down_old_store(box / stores.STORE)


class Hands:
    """Who works; every act is told before it begins and after it was acknowledged."""

    def __init__(self, box: Path, tell: Tell, chance: Random, parts: Parts) -> None:
        self._box = box
        self._tell = tell
        self._chance = chance
        self._parts = parts
        self._refs: list[str] = []

    def work(self, *, founds: bool, steps: int = STEPS) -> None:
        """The whole day; closed at its end."""
        if founds:
            self._tell.begin("found")
            session = stores.new_store(self._box, self._parts)
        else:
            self._tell.begin("open")
            session = self._open()
        self._tell.done(**stores.head(session))
        self._refs = list(session.queries.refs())
        acts = self._acts()
        for number in range(steps):
            act = self._receive if not self._refs else self._chance.choice(acts)
            session = act(session, number)
        self._tell.begin("close")
        session.close()
        self._tell.done()

    def _acts(self) -> list[Callable[[Session, int], Session]]:
        often = [self._note, self._note, self._draft, self._attach]
        return [*often, self._receive, self._mail, self._checkpoint, self._advise, self._release, self._lock]

    def _open(self) -> Session:
        return stores.opened(self._box, with_parts=self._parts)

    def _saved(self, session: Session) -> Session:
        self._tell.done(**stores.head(session))
        return session

    def _ref(self) -> str:
        return self._chance.choice(self._refs)

    def _bytes(self) -> bytes:
        return self._chance.randbytes(self._chance.choice((40, 3_000, 20_000, 90_000)))

    def _receive(self, session: Session, number: int) -> Session:
        self._tell.begin("receive")
        done = session.desk.perform(None, Receive(title=f"Report {number} of today", text=_TEXT * 40))
        self._refs.append(done.ref)
        return self._saved(session)

    def _note(self, session: Session, number: int) -> Session:
        self._tell.begin("note")
        session.desk.perform(self._ref(), AddNote(text=_TEXT * self._chance.randint(1, 60)))
        return self._saved(session)

    def _draft(self, session: Session, number: int) -> Session:
        ref, text = self._ref(), f"{number} " + _TEXT * self._chance.randint(1, 20)
        self._tell.begin("draft", ref=ref, field="note", text=text)
        session.desk.save_draft(ref, "note", text)
        return self._saved(session)

    def _attach(self, session: Session, number: int) -> Session:
        self._tell.begin("attach")
        name, kind = f"proof-{number}.bin", "application/octet-stream"
        session.desk.perform_with_file(self._ref(), self._bytes(), name, kind, lambda b: AddAttachment(blob=b))
        return self._saved(session)

    def _mail(self, session: Session, number: int) -> Session:
        self._tell.begin("import")
        name = self._chance.choice(("plain.eml", "attachments.eml", "html.eml"))
        session.intake.run(session.import_sources([str(self._box / "mail" / name)]))
        self._refs = list(session.queries.refs())
        return self._saved(session)

    def _checkpoint(self, session: Session, number: int) -> Session:
        self._tell.begin("checkpoint")
        session.vault.checkpoint(session.me, session.clock.now(), "by hand")
        return self._saved(session)

    def _advise(self, session: Session, number: int) -> Session:
        self._tell.begin("advise")
        session.desk.perform(self._ref(), DraftAdvisory(body=f"## Summary {number}\n\n" + _TEXT * 200))
        return self._saved(session)

    def _release(self, session: Session, number: int) -> Session:
        self._tell.begin("release")
        when = stores.START + timedelta(days=30 + number)
        release = session.desk.perform(None, PlanRelease(target=when)).ref
        done = session.desk.perform(None, Receive(title=f"Bundled {number}", text=_TEXT)).ref
        session.desk.perform(done, Assign(person=session.me.id))
        session.desk.perform(done, Acknowledge(text="Thank you."))
        session.desk.perform(release, BundleCase(case=done))
        return self._saved(session)

    def _lock(self, session: Session, number: int) -> Session:
        self._tell.begin("lock")
        session.close()
        session = self._open()
        return self._saved(session)
