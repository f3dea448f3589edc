"""The way in: which store, its passphrase, a new store, or one with made-up cases.

Imports nothing of the domain but its errors, since this is what the window shows first.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Final, Literal, Protocol

from app.domain.errors import AppError, Rejected
from app.presenters.runner import Cancelled, Report, Runner
from app.presenters.settings import LAST_STORE, REMEMBER_STORE, MachineSettings

if TYPE_CHECKING:
    from app.presenters.session import Session

SUFFIX: Final = ".holdfast"
NewField = Literal["folder", "name", "person", "email", "passphrase", "again"]
Busy = Literal["", "opening", "creating", "demo"]


@dataclass(frozen=True, slots=True)
class NewStore:
    """What a new store is made from; `folder` is the store's own folder, `policy` and `project` are keys."""

    folder: str
    name: str
    person: str
    email: str
    policy: str
    project: str
    passphrase: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: its key and its title."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Opened:
    """An open store and where it lies."""

    session: Session
    folder: str


class Doors(Protocol):
    """How a store is opened or made; the bootstrap behind a door. Everything runs on the vault's thread."""

    def open(self, folder: str, passphrase: str) -> Session: ...
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
    def show_progress(self, done: int, of: int) -> None: ...
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

    @property
    def folder(self) -> str:
        return self._folder

    @property
    def remembers(self) -> bool:
        """Whether this machine keeps the folder of the last store."""
        return self._settings.get(REMEMBER_STORE) == "yes"

    def start(self) -> None:
        """Show the store to open."""
        self._view.show_store(store_name(self._folder), self._folder)

    def warm(self) -> None:
        """Import in the background what opening a store needs; a failure shows when a store is opened."""
        self._runner.run(self._doors.warm, _ignore, _ignore)

    def choose(self, folder: str) -> None:
        """Take another folder."""
        self._folder = folder
        self.start()

    def remember(self, *, wanted: bool) -> None:
        """Keep the folder of the store on this machine from now on, or forget it."""
        self._settings.set(REMEMBER_STORE, "yes" if wanted else "no")
        if not wanted:
            self._settings.set(LAST_STORE, "")

    def unlock(self, passphrase: str) -> None:
        """Open the chosen store."""
        if self._busy:
            return
        if not self._folder:
            self._view.show_problem(Rejected("unlock.no-store", needs="folder"))
            return
        if not passphrase:
            self._view.show_problem(Rejected("unlock.no-passphrase", needs="passphrase"))
            return
        folder = self._folder
        self._begin("opening")
        self._runner.run(
            lambda: self._doors.open(folder, passphrase),
            lambda session: self._opened(Opened(session, folder)),
            self._failed,
        )

    def want_new(self) -> None:
        """Show what a new store can be made from."""
        self._runner.run(
            lambda: (self._doors.policies(), self._doors.projects()),
            lambda found: self._view.show_choices(*found),
            self._failed,
        )

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
        self._stop = self._runner.run_long(self._doors.demo, self._demo_made, self._failed, self._view.show_progress)

    def cancel(self) -> None:
        """Stop making the store with made-up cases."""
        if self._stop is not None:
            self._stop()

    def _demo_made(self, store: Opened | None) -> None:
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


def _ignore(_answer: object) -> None:
    """Nobody waits for this answer."""


def store_name(folder: str) -> str:
    """What a store is called before it is open: its folder's name without the ending."""
    name = PurePath(folder).name
    return name.removesuffix(SUFFIX) or name


def store_folder(parent: str, name: str) -> str:
    """The folder of a new store of this name: plain letters and digits, so that every system can hold it."""
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in name.casefold())
    short = "-".join(part for part in plain.split("-") if part)[:40] or "store"
    return str(PurePath(parent) / f"{short}{SUFFIX}")


def check_new(wanted: NewStore, again: str) -> list[tuple[NewField, str]]:
    """What is wrong with a wish for a new store: fields with codes, in the order of the form."""
    from app.presenters.passphrase import SHORTEST

    problems: list[tuple[NewField, str]] = []
    if not wanted.name.strip():
        problems.append(("name", "new.name"))
    if not PurePath(wanted.folder).is_absolute() or not wanted.folder.endswith(SUFFIX):
        problems.append(("folder", "new.folder"))
    if not wanted.person.strip():
        problems.append(("person", "new.person"))
    if wanted.email and not _is_address(wanted.email):
        problems.append(("email", "new.email"))
    if len(wanted.passphrase) < SHORTEST:
        problems.append(("passphrase", "new.passphrase-short"))
    elif wanted.passphrase != again:
        problems.append(("again", "new.passphrase-differs"))
    return problems


def _is_address(text: str) -> bool:
    local, at, domain = text.strip().rpartition("@")
    return bool(at and local and "." in domain and not any(c.isspace() for c in text.strip()))
