"""The ways into the store: the list, and every act on it, each behind a secret that is asked for anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol, TypeVar

import msgspec

from app.desk.ports.keys import PgpKey, Secret, WayInRow
from app.domain.changes import Changes
from app.domain.errors import AppError
from app.presenters.hub import Hub
from app.presenters.runner import Cancelled, Report, Runner
from app.presenters.session import Session

_T = TypeVar("_T")
Failed = Callable[[Exception], None]

PROOFS: Final[tuple[str, ...]] = ("passphrase", "recovery", "openpgp")
"""What proves that it is the person: the keychain answers to whoever sits at the machine."""

_CHANGED: Final = Changes(topics=frozenset({"team", "history"}))


class WaysFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the page shows: the ways, and what this machine could add."""

    store: str
    person: str
    email: str
    ways: tuple[WayInRow, ...]
    keychain: str = ""
    epoch: int = 1
    backup_folder: str = ""

    def proofs(self) -> tuple[str, ...]:
        """The kinds that can prove who sits there, each once, the most usual first."""
        there = {way.kind for way in self.ways}
        return tuple(kind for kind in PROOFS if kind in there)

    @property
    def advice(self) -> str:
        """What the ways lack: `no-recovery`, `only-openpgp`, or nothing."""
        kinds = {way.kind for way in self.ways}
        if kinds and not kinds & {"passphrase", "recovery"}:
            return "only-openpgp"
        return "" if "recovery" in kinds else "no-recovery"


class WaysView(Protocol):
    """What the page can be told."""

    def show_ways(self, facts: WaysFacts) -> None: ...
    def show_problem(self, problem: Exception) -> None: ...


class WaysInPresenter:
    """Reads the ways in and acts on them; what failed is told to whoever asked, with nothing changed."""

    def __init__(self, view: WaysView, session: Session, runner: Runner, hub: Hub) -> None:
        self.facts: WaysFacts | None = None
        self._view = view
        self._session = session
        self._runner = runner
        self._hub = hub
        self._epoch = 0
        self._over = False
        self._tested: dict[str, datetime] = {}
        self._stop = hub.listen(self._heard)

    def start(self) -> None:
        """Read the ways anew."""
        self._epoch += 1
        epoch, session = self._epoch, self._session
        self._runner.run(
            lambda: read_ways(session),
            lambda facts: self._arrived(epoch, facts),
            lambda problem: self._missed(epoch, problem),
        )

    def close(self) -> None:
        """Hear of nothing any more and forget what was read."""
        self._stop()
        self._over = True
        self._epoch += 1
        self.facts = None

    def tested(self, way: str) -> datetime | None:
        """When this way was tried since the store was opened, and opened it; UTC."""
        return self._tested.get(way)

    # Acts. Each calls `done` or `failed` once, unless the page is gone by then.

    def add_passphrase(self, proof: Secret, new: str, label: str, done: Callable[[str], None], failed: Failed) -> None:
        """A second passphrase, as for a deputy."""
        self._act(lambda: self._session.keys.add_passphrase(proof, new, label), done, failed)

    def add_recovery(self, proof: Secret, label: str, done: Callable[[str], None], failed: Failed) -> None:
        """Makes a code and hands it to `done`; it opens nothing before `confirm_recovery`."""
        self._act(lambda: self._session.keys.add_recovery(proof, label), done, failed, changes=False)

    def confirm_recovery(self, typed: str, done: Callable[[str], None], failed: Failed) -> None:
        """Takes the code into force once it was typed back; a group that differs is named by its number."""
        self._act(lambda: self._session.keys.confirm_recovery(typed), done, failed)

    def drop_recovery(self) -> None:
        """Forget a code that nobody confirmed."""
        self._runner.run(self._session.keys.drop_recovery, _nothing, _nothing)

    def save_sheet(self, path: Path, pdf: bytes, done: Callable[[None], None], failed: Failed) -> None:
        """Write the sheet for its owner alone."""
        self._act(lambda: self._session.files.write(path, pdf), done, failed, changes=False)

    def add_keychain(self, proof: Secret, label: str, done: Callable[[str], None], failed: Failed) -> None:
        """Let the keychain of this machine open the store."""
        self._act(lambda: self._session.keys.add_keychain(proof, label), done, failed)

    def pgp_keys(self, done: Callable[[tuple[PgpKey, ...]], None], failed: Failed) -> None:
        """The keys that the store could be opened with."""
        self._act(self._session.keys.pgp_keys, done, failed, changes=False)

    def add_openpgp(
        self, proof: Secret, fingerprint: str, label: str, done: Callable[[str], None], failed: Failed
    ) -> None:
        """Let an OpenPGP key open the store."""
        self._act(lambda: self._session.keys.add_openpgp(proof, fingerprint, label), done, failed)

    def rename(self, way: str, label: str, done: Callable[[None], None], failed: Failed) -> None:
        self._act(lambda: self._session.keys.rename(way, label), done, failed)

    def test(self, way: str, secret: Secret, done: Callable[[bool], None], failed: Failed) -> None:
        """Try one way in without changing anything; `done` hears whether it opens the store."""

        def told(opens: bool) -> None:
            if opens:
                self._tested[way] = self._session.clock.now()
                self._show()
            done(opens)

        self._act(lambda: self._session.keys.test(way, secret), told, failed, changes=False)

    def revoke(self, proof: Secret, way: str, done: Callable[[None], None], failed: Failed) -> None:
        self._act(lambda: self._session.keys.revoke(proof, way), done, failed)

    def change_passphrase(self, way: str, old: Secret, new: str, done: Callable[[None], None], failed: Failed) -> None:
        """Replace a passphrase; the old one is the proof."""
        self._act(lambda: self._session.keys.change_passphrase(way, old, new), done, failed)

    def rekey(
        self, proof: Secret, folder: Path, done: Callable[[bool], None], failed: Failed, progress: Report
    ) -> Callable[[], None]:
        """Replace the store key after a verified backup in `folder`; gives back what asks it to stop.

        `done` hears False when it was stopped before the point after which it is always finished.
        """

        def work(report: Report, cancelled: Cancelled) -> bool:
            return self._session.keys.rekey(proof, folder, report, cancelled)

        def finished(whole: bool) -> None:
            if not self._over:
                done(whole)
            self._hub.publish(_CHANGED)

        return self._runner.run_long(work, finished, self._telling(failed), progress)

    def _act(self, work: Callable[[], _T], done: Callable[[_T], None], failed: Failed, *, changes: bool = True) -> None:
        def finished(answer: _T) -> None:
            if not self._over:
                done(answer)
            if changes:
                self._hub.publish(_CHANGED)

        self._runner.run(work, finished, self._telling(failed))

    def _telling(self, failed: Failed) -> Failed:
        def tell(problem: Exception) -> None:
            if not self._over:
                failed(problem)

        return tell

    def _arrived(self, epoch: int, facts: WaysFacts) -> None:
        if epoch == self._epoch:
            self.facts = facts
            self._show()

    def _show(self) -> None:
        if self.facts is not None:
            self._view.show_ways(self.facts)

    def _missed(self, epoch: int, problem: Exception) -> None:
        if epoch == self._epoch:
            self._view.show_problem(problem)

    def _heard(self, changes: Changes) -> None:
        if "team" in changes.topics:
            self.start()


def is_wrong_secret(problem: Exception) -> bool:
    """Whether what was given to prove who sits there did not open the store, so that it belongs beside its field."""
    return isinstance(problem, AppError) and problem.code in _WRONG


def read_ways(session: Session) -> WaysFacts:
    """Reads what the page shows; runs on the vault's thread."""
    team = session.queries.team()
    return WaysFacts(
        store=team.name,
        person=session.me.name,
        email=session.me.email,
        ways=tuple(session.keys.ways()),
        keychain=session.keys.keychain_name(),
        epoch=1 if team.epoch is msgspec.UNSET else team.epoch,
        backup_folder=team.setting("backup.folder"),
    )


_WRONG: Final = frozenset(
    {
        "store.wrong-passphrase",
        "recovery.wrong",
        "recovery.group",
        "recovery.length",
        "openpgp.no-key",
        "openpgp.cancelled",
    }
)


def _nothing(_answer: object) -> None:
    """Nobody waits for this answer."""
