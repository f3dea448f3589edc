"""Stores with a random past: cases, files, drafts, checkpoints, other passphrases, another store key, several days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

from app.domain.events import CaseEvent
from app.domain.events import case_events as e
from app.domain.values import AffectedLine
from app.store.folder import change_passphrase, open_store
from app.store.rekey import rekey
from app.store.vault import SqlVault
from tests.app.store.building import (
    ADA,
    CHEAP,
    NOOR,
    PASSPHRASE,
    START,
    add_case,
    add_release,
    happen,
    new_store,
    place,
)

_LETTERS = "abcdefgh ÄÖÜ éß 漢字 \u0301\u202e\n\t'\"%_*"


class RandomStore:
    """A store that a seed tells the past of; `secret` opens it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.secret = PASSPHRASE
        self._random = Random(seed)
        self._seed = seed
        self._cases = 0
        self._now = START
        new_store(folder, seed).close()

    def live(self, days: int) -> None:
        """Some days of work, each an opening of its own."""
        for _ in range(days):
            vault = self.opened()
            for _ in range(self._random.randrange(1, 12)):
                self._random.choice(self._acts())(vault)
            vault.close()
            if self._random.random() < 0.2:
                self.another_passphrase()

    def opened(self) -> SqlVault:
        """The store, by another run of the program."""
        self._now += timedelta(hours=self._random.randrange(1, 200))
        self._seed += 1
        return open_store(self.folder, self.secret, self._now, place(self._seed))

    def another_passphrase(self) -> None:
        """The passphrase is changed."""
        new = f"{self._text(20)}{self._random.random()}"
        self._seed += 1
        change_passphrase(self.folder, self.secret, new, self._now, cost=CHEAP, place=place(self._seed))
        self.secret = new

    def _acts(self) -> tuple[Callable[[SqlVault], object], ...]:
        happenings = (self._happening,) * 6 if self._cases else ()
        return (self._case, self._file, self._draft, self._release, self._checkpoint, self._key, *happenings)

    def _case(self, vault: SqlVault) -> None:
        self._cases += 1
        add_case(vault, self._cases, now=self._now, title=self._text(60), text=self._text(3000))

    def _happening(self, vault: SqlVault) -> None:
        events: tuple[CaseEvent, ...] = (
            e.NoteAdded(text=self._text(2000)),
            e.HandlerAssigned(person=self._random.choice((ADA, NOOR))),
            e.CaseRetitled(title=self._text(80)),
            e.AffectedVersionsSet(lines=(AffectedLine(line=f"{self._random.randrange(30)}.x", status="affected"),)),
        )
        some = self._random.sample(events, self._random.randrange(1, 4))
        happen(
            vault, self._random.randrange(self._cases) + 1, *some, now=self._now, actor=self._random.choice((ADA, NOOR))
        )

    def _file(self, vault: SqlVault) -> None:
        data = self._random.randbytes(self._random.choice((0, 1, 4000, 70_000, 1_100_000)))
        with vault.transaction(ADA, self._now) as tx:
            blob = tx.put_blob(data, "sample.bin")
        self._cases += 1
        add_case(vault, self._cases, now=self._now, attachments=(blob,))

    def _draft(self, vault: SqlVault) -> None:
        with vault.transaction(ADA, self._now) as tx:
            tx.keep_draft(f"H-2026-{self._random.randrange(1, 9):03d}", "note", self._text(500))

    def _release(self, vault: SqlVault) -> None:
        number = self._random.randrange(1, 10**6)
        if vault.queries.release(f"R-2026-{number:03d}") is None:
            add_release(vault, number)

    def _checkpoint(self, vault: SqlVault) -> None:
        vault.checkpoint(ADA, self._now, "random")

    def _key(self, vault: SqlVault) -> None:
        if self._random.random() < 0.3:
            self._seed += 1
            rekey(vault, place(self._seed), ADA, self._now)

    def _text(self, most: int) -> str:
        return "x" + "".join(self._random.choices(_LETTERS, k=self._random.randrange(most)))
