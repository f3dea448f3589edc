"""A day at the desk with canaries in every field, as a program of its own: `python -m tests.leaks.session_script BOX`.

It ends by being killed in the middle of a command, so that what a crash leaves behind is searched too.
"""

from __future__ import annotations

import contextlib
import io
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from app.bootstrap import Parts, Session, create_store, open_store
from app.cli import main as command_line
from app.desk.ports.vault import CaseQuery
from app.domain.commands import Command
from app.domain.commands.case_commands import AddNote, Receive
from app.domain.errors import Rejected
from app.machine.process import harden
from app.store.keys import FLOOR
from tests.faults.figures import count
from tests.leaks.canaries import STEM, canary
from tests.leaks.commands import case_commands, release_commands, team_commands
from tests.leaks.unlinked import unlinked_leaks

PASSPHRASE: Final = canary("passphrase")
NOW: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LARGE: Final = 20 * 1024 * 1024
"""More than the database keeps in memory, so that a transaction writes before it is committed."""


class Hands:
    """A clock that goes an hour further at each look."""

    def __init__(self) -> None:
        self._now = NOW

    def now(self) -> datetime:
        self._now += timedelta(hours=1)
        return self._now


class Day:
    """The store and everything that is done with it."""

    def __init__(self, box: Path) -> None:
        self.box = box
        self.store = box / "team.holdfast"
        self.parts = Parts(clock=Hands(), cost=FLOOR)
        self.refused = 0

    def run(self) -> None:
        """From the first to the last act; the last one does not end."""
        session = create_store(
            self.store,
            PASSPHRASE,
            title=canary("storetitle"),
            owner=canary("owner"),
            email=f"{canary('owner')}@example.org",
            project="aster",
            parts=self.parts,
        )
        ref = self._take_in(session)
        self._work(session, ref)
        release = self._release(session)
        self._crowd(session)
        self._look(session)
        self._keep(session)
        self._export(session, ref, release)
        self._meet_faults(session, ref)
        session.close()
        self._from_outside()
        self._be_killed(ref)

    def _take_in(self, session: Session) -> str:
        report = session.intake.run(session.import_sources([str(self.box / "in")]))
        assert len(report.cases) == 4, report
        assert report.refused, report
        return next(ref for ref in report.cases if session.queries.case(ref).report.channel == "email")  # type: ignore[union-attr]

    def _work(self, session: Session, ref: str) -> None:
        for of_the_team in team_commands():
            self._perform(session, None, of_the_team)
        for command in case_commands():
            self._perform(session, ref, command)
        for field in ("advisory", "note", "reply"):
            session.desk.save_draft(ref, field, canary("draft"))
        session.desk.save_draft(ref, "note", None)

    def _release(self, session: Session) -> str:
        still_secret = Receive(title=canary("secret"), text=canary("secrettext"))
        ref = session.desk.perform(None, still_secret).ref
        first, *others = release_commands(ref)
        release = session.desk.perform(None, first).ref
        for command in others:
            self._perform(session, release, command)
        return release

    def _perform(self, session: Session, ref: str | None, command: Command) -> None:
        """A refusal is a part of the day: its words must not leak either."""
        try:
            session.desk.perform(ref, command)
        except Exception as fault:  # noqa: BLE001 - whatever it is, what it says goes where a log would
            self.refused += 1
            self._tell(fault)

    def _look(self, session: Session) -> None:
        assert session.queries.count(CaseQuery(text=STEM.lower())) >= 4
        session.queries.cases(CaseQuery(text=STEM, sort="title"))
        session.queries.history(limit=500)
        assert session.vault.verify().ok
        session.vault.rebuild()
        session.vault.checkpoint(session.me, self.parts.clock.now(), canary("checkpoint"))
        self._nameless()

    def _crowd(self, session: Session) -> None:
        """So many cases that sorting them does not go without room to sort in."""
        left = count(200, 100_000)
        while left > 0:
            with session.vault.transaction(session.me, self.parts.clock.now()) as tx:
                for number in range(min(left, 2_000)):
                    session.desk.apply(tx, None, Receive(title=f"{canary('crowd')} {number}", text=canary("crowdtext")))
            left -= 2_000
        for sort in ("title", "severity", "updated"):
            session.queries.cases(CaseQuery(text=STEM, view="all", sort=sort), None, 200)
            self._nameless()

    def _keep(self, session: Session) -> None:
        """Another way in, a backup and the trial of it."""
        session.keys.add_passphrase(PASSPHRASE, canary("second"), "spare")
        code = session.keys.add_recovery(PASSPHRASE, "sheet")
        session.keys.confirm_recovery(code)
        target = self.box / "team.holdfast-backup"
        session.backups.make(target, deep=True)
        assert not session.backups.drill(target, PASSPHRASE).problem
        self._nameless()

    def _nameless(self) -> None:
        """What lies in files without a name is found by nobody afterwards, so it is looked for now."""
        sys.stdout.write("".join(f"nameless {name} {shapes}\n" for name, shapes in unlinked_leaks().items()))

    def _export(self, session: Session, ref: str, release: str) -> None:
        for form in ("mail", "blog-pre", "blog-post", "nswg"):
            for target in ({"case": ref}, {"release": release}, {"everything": True}):
                try:
                    session.exchange.export(form, **target)  # refused: the embargo runs, or facts are missing
                except Rejected as fault:
                    self._tell(fault)
                try:
                    made = session.exchange.export(form, override=canary("override"), **target)
                except Rejected as fault:
                    self._tell(fault)
                else:
                    session.write_export(self.box / "out" / form, made.files)

    def _meet_faults(self, session: Session, ref: str) -> None:
        """A disk that takes nothing more, a damaged page, a store that is held: what is raised is told in full."""

        def on_a_full_disk() -> None:
            size = (self.store / "cases.db").stat().st_size
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
            try:
                session.desk.perform(ref, AddNote(text=canary("fulldisk") * 40_000))
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

        self._must_fail(on_a_full_disk)
        self._must_fail(lambda: session.desk.perform("H-2025-777", AddNote(text=canary("noref"))))
        self._must_fail(lambda: session.vault._db.run("SELECT nothing FROM nowhere WHERE words = ?", (canary("sql"),)))
        self._must_fail(lambda: open_store(self.store, PASSPHRASE, parts=self.parts))

    def _from_outside(self) -> None:
        """The same through the command line; what it prints on stdout was asked for, what it says on stderr was not."""
        secret, wrong = self.box / "in" / "passphrase.txt", self.box / "in" / "wrong.txt"
        secret.write_text(PASSPHRASE, "utf-8")
        wrong.write_text(canary("wrongpassphrase"), "utf-8")
        store, out = str(self.store), str(self.box / "out" / "cli")
        said = [
            ["cases", store, "--query", STEM],
            ["show", store, "H-2026-001", "--json"],
            ["history", store, "--json"],
            ["import", store, str(self.box / "in" / "broken.json"), str(self.box / "in" / "wrong.json")],
            ["export", store, "mail", "--case", "H-2026-001", "--out", out],
            ["export", store, "mail", "--case", "H-2026-001", "--out", out, "--override", canary("cli")],
            ["verify", store],
            ["do", store, "add-note", "H-2026-001", "--text", canary("clinote")],
        ]
        for words in said:
            with contextlib.redirect_stdout(io.StringIO()):
                command_line([*words, "--passphrase-file", str(secret)], parts=self.parts)
        code = command_line(["cases", store, "--passphrase-file", str(wrong)], parts=self.parts)
        assert code == 1
        self._must_fail(lambda: open_store(self.store, canary("wrongpassphrase"), parts=self.parts))

    def _be_killed(self, ref: str) -> None:
        """In the middle of a command that has already written to the disk."""
        session = open_store(self.store, PASSPHRASE, parts=self.parts)
        with session.vault.transaction(session.me, self.parts.clock.now()) as tx:
            tx.put_blob(canary("killed").encode() * (LARGE // len(canary("killed"))), canary("killedfile"))
            session.desk.apply(tx, ref, AddNote(text=canary("killednote")))
            self._nameless()
            sys.stdout.write(f"refused {self.refused}\n")
            sys.stdout.flush()
            sys.stderr.flush()
            os.kill(os.getpid(), signal.SIGKILL)

    @staticmethod
    def _must_fail(act: Callable[[], Any]) -> None:
        try:
            act()
        except Exception as fault:  # noqa: BLE001 - as above
            Day._tell(fault)
        else:
            raise AssertionError("this was to fail")

    @staticmethod
    def _tell(fault: Exception) -> None:
        """Everything that a log could hold of an exception."""
        traceback.print_exception(fault)
        sys.stderr.write(f"{fault!r} {fault.args!r} {getattr(fault, 'facts', '')!r}\n")


if __name__ == "__main__":
    harden()
    Day(Path(sys.argv[1])).run()
