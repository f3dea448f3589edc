"""The way in: which store and what opens it, a new store, a backup restored, a damaged store rescued, or made-up cases.

Imports nothing of the domain but its errors, since this is what the window shows first.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Protocol

from app.domain.errors import AppError, Rejected
from app.presenters.runner import Cancelled, Report, Runner
from app.presenters.settings import LAST_STORE, REMEMBER_STORE, MachineSettings
from app.presenters.store_wishes import (
    SUFFIX,
    Again,
    AgainField,
    NewField,
    NewStore,
    StoreAgain,
    check_again,
    check_new,
    store_folder,
    store_name,
)

if TYPE_CHECKING:
    from app.desk.ports.keys import Secret
    from app.presenters.session import Session

__all__ = [
    "SUFFIX",
    "Again",
    "AgainField",
    "Busy",
    "Choice",
    "Doors",
    "NewField",
    "NewStore",
    "Opened",
    "OutsideWay",
    "StoreAgain",
    "UnlockPresenter",
    "UnlockView",
    "check_again",
    "check_new",
    "store_folder",
    "store_name",
]

Busy = Literal["", "opening", "creating", "demo", "restoring", "rescuing"]
OTHER_WAYS: Final = ("openpgp", "recovery", "keychain")
"""The ways in beside the passphrase, as the page lists them."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: its key and its title."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class OutsideWay:
    """A way in as it can be seen without opening the store; `fingerprint` is that of an OpenPGP key."""

    kind: str
    label: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """An open store and where it lies."""

    session: Session
    folder: str
    told: tuple[str, ...] = ()
    """What the rescue of a damaged store has to tell, in sentences; nothing for any other."""


class Doors(Protocol):
    """How a store is opened or made; the bootstrap behind a door. Everything runs on the vault's thread."""

    def open(self, folder: str, secret: Secret, *, accept_older: bool = False) -> Session:
        """A plain str is a passphrase; `accept_older` goes on with a copy older than this machine has seen."""
        ...

    def ways(self, folder: str) -> tuple[OutsideWay, ...]:
        """What could open this store, as far as its public part says; nothing where it can't be read."""
        ...

    def again(self, wanted: StoreAgain, secret: Secret, progress: Report, cancelled: Cancelled) -> Opened | None:
        """Restore a backup or rescue a damaged store into a new folder and open it; None if cancelled."""
        ...

    def create(self, wanted: NewStore) -> Session: ...
    def demo(self, progress: Report, cancelled: Cancelled) -> Opened | None:
        """A store with made-up cases; None if cancelled."""
        ...

    def policies(self) -> tuple[Choice, ...]: ...
    def projects(self) -> tuple[Choice, ...]: ...
    def warm(self) -> None:
        """Import what opening a store needs, so that it does not wait for that."""
        ...


class UnlockView(Protocol):
    """What the unlock page can be told."""

    def show_store(self, name: str, folder: str) -> None:
        """Name and folder of the store to open; both empty while none is chosen."""
        ...

    def show_busy(self, what: Busy) -> None: ...
    def show_ways(self, ways: tuple[OutsideWay, ...]) -> None:
        """The ways in beside the passphrase that this store has."""
        ...

    def show_progress(self, done: int, of: int) -> None: ...
    def ask_older(self, problem: AppError) -> None:
        """The store is older than, or another than, what this machine saw last: ask whether to go on with it."""
        ...

    def show_damage(self, problem: AppError) -> None:
        """The store can't be opened as it is: say so, and offer a backup or a rescue."""
        ...

    def show_again_problem(self, field: AgainField, code: str) -> None:
        """A field of the form of a backup or a rescue can't stay as it is; the code says why."""
        ...

    def show_wrong_passphrase(self) -> None:
        """The store is whole, the passphrase is not its own: empty the field and give it the focus."""
        ...

    def show_problem(self, problem: Exception) -> None: ...
    def show_field_problem(self, field: NewField, code: str) -> None:
        """A field of the form for a new store can't stay as it is; the code says why."""
        ...

    def show_choices(self, policies: tuple[Choice, ...], projects: tuple[Choice, ...]) -> None: ...
    def opened(self, store: Opened) -> None:
        """The store is open: leave this page."""
        ...


class UnlockPresenter:
    """Decides what the unlock page does; one work at a time."""

    def __init__(
        self, view: UnlockView, doors: Doors, runner: Runner, settings: MachineSettings, folder: str = ""
    ) -> None:
        self._view = view
        self._doors = doors
        self._runner = runner
        self._settings = settings
        self._folder = folder or settings.get(LAST_STORE)
        self._busy: Busy = ""
        self._stop: Callable[[], None] | None = None
        self._asked_older: Secret | None = None

    @property
    def folder(self) -> str:
        return self._folder

    @property
    def remembers(self) -> bool:
        """Whether this machine keeps the folder of the last store."""
        return self._settings.get(REMEMBER_STORE) == "yes"

    def start(self) -> None:
        """Show the store to open; nothing is read for that."""
        self._view.show_store(store_name(self._folder), self._folder)
        self._view.show_ways(())

    def look(self) -> None:
        """Read which other ways in the store names outside."""
        folder = self._folder
        if folder:
            self._runner.run(lambda: self._doors.ways(folder), lambda ways: self._found(folder, ways), _ignore)

    def warm(self) -> None:
        """Import in the background what opening a store needs; a failure shows when a store is opened."""
        self._runner.run(self._doors.warm, _ignore, _ignore)
        self.look()

    def choose(self, folder: str) -> None:
        """Take another folder."""
        self._asked_older = None
        self._folder = folder
        self.start()
        self.look()

    def remember(self, *, wanted: bool) -> None:
        """Keep the folder of the store on this machine from now on, or forget it."""
        self._settings.set(REMEMBER_STORE, "yes" if wanted else "no")
        if not wanted:
            self._settings.set(LAST_STORE, "")

    def unlock(self, secret: Secret) -> None:
        """Open the chosen store; a plain str is a passphrase."""
        if self._busy:
            return
        if not self._folder:
            self._view.show_problem(Rejected("unlock.no-store", needs="folder"))
            return
        if not secret:
            self._view.show_problem(Rejected("unlock.no-passphrase", needs="passphrase"))
            return
        self._open(secret, accept_older=False)

    def accept_older(self) -> None:
        """Go on with the older copy that was asked about."""
        secret, self._asked_older = self._asked_older, None
        if secret is not None and not self._busy:
            self._open(secret, accept_older=True)

    def refuse_older(self) -> None:
        """Leave the older copy alone."""
        self._asked_older = None

    def again(self, wanted: StoreAgain, secret: Secret | None) -> None:
        """Restore a backup or rescue a store; what can't be is said beside its field first."""
        if self._busy:
            return
        problems = check_again(wanted, given=bool(secret))
        for field, code in problems:
            self._view.show_again_problem(field, code)
        if problems or secret is None:
            return
        self._begin("restoring" if wanted.how == "restore" else "rescuing")
        self._stop = self._runner.run_long(
            lambda progress, cancelled: self._doors.again(wanted, secret, progress, cancelled),
            self._made,
            self._failed,
            self._view.show_progress,
        )

    def _open(self, secret: Secret, *, accept_older: bool) -> None:
        folder = self._folder
        self._begin("opening")
        self._runner.run(
            lambda: self._doors.open(folder, secret, accept_older=accept_older),
            lambda session: self._opened(Opened(session, folder)),
            lambda problem: self._not_opened(secret, problem),
        )

    def _not_opened(self, secret: Secret, problem: Exception) -> None:
        if isinstance(problem, AppError) and problem.code in OLDER:
            self._end()
            self._asked_older = secret
            self._view.ask_older(problem)
        elif isinstance(problem, AppError) and problem.code in DAMAGED:
            self._end()
            self._view.show_damage(problem)
        else:
            self._failed(problem)

    def _found(self, folder: str, ways: tuple[OutsideWay, ...]) -> None:
        if folder == self._folder:
            order = {kind: place for place, kind in enumerate(OTHER_WAYS)}
            others = (way for way in ways if way.kind in order)
            self._view.show_ways(tuple(sorted(others, key=lambda way: order[way.kind])))

    def want_new(self) -> None:
        """Show what a new store can be made from."""
        self._runner.run(
            lambda: (self._doors.policies(), self._doors.projects()),
            lambda found: self._view.show_choices(*found),
            self._failed,
        )
        self._runner.run(_warm_estimate, _ignore, _ignore)

    def create(self, wanted: NewStore, again: str) -> None:
        """Make a new store and open it; what can't be is said beside its field first."""
        if self._busy:
            return
        problems = check_new(wanted, again)
        for field, code in problems:
            self._view.show_field_problem(field, code)
        if problems:
            return
        self._begin("creating")
        self._runner.run(
            lambda: self._doors.create(wanted),
            lambda session: self._opened(Opened(session, wanted.folder)),
            self._failed,
        )

    def demo(self) -> None:
        """Make and open a store with made-up cases."""
        if self._busy:
            return
        self._begin("demo")
        self._stop = self._runner.run_long(self._doors.demo, self._made, self._failed, self._view.show_progress)

    def cancel(self) -> None:
        """Stop what can be stopped: the making of made-up cases, a restore, a rescue."""
        if self._stop is not None:
            self._stop()

    def _made(self, store: Opened | None) -> None:
        if store is None:
            self._end()
        else:
            self._opened(store)

    def _begin(self, what: Busy) -> None:
        self._busy = what
        self._view.show_busy(what)

    def _end(self) -> None:
        self._busy = ""
        self._stop = None
        self._view.show_busy("")

    def _opened(self, store: Opened) -> None:
        demo = self._busy == "demo"
        self._end()
        self._folder = store.folder
        if self.remembers and not demo:
            # The store is open; that its folder could not be noted down is no reason to stand in the way.
            with suppress(AppError):
                self._settings.set(LAST_STORE, store.folder)
        self._view.opened(store)

    def _failed(self, problem: Exception) -> None:
        self._end()
        if isinstance(problem, AppError) and problem.code == "store.wrong-passphrase":
            self._view.show_wrong_passphrase()
        else:
            self._view.show_problem(problem)


def _warm_estimate() -> None:
    from app.presenters.passphrase import warm

    warm()


def _ignore(_answer: object) -> None:
    """Nobody waits for this answer."""


OLDER: Final = frozenset({"store.rolled-back", "store.forked"})
"""What can be gone on with after a person said so."""

DAMAGED: Final = frozenset(
    {
        "store.damaged",
        "store.slots-damaged",
        "store.database-missing",
        "store.database-empty",
        "store.database-truncated",
        "store.not-encrypted",
        "store.log-damaged",
    }
)
"""What no other secret mends: a backup or a rescue does."""
