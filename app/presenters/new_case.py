"""A report by phone, by a form or in person: what is asked for, what is wrong, the case it opens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Final, Literal, Protocol, TypeVar, get_args

import msgspec

from app.desk.desk import Done
from app.domain.commands.case_commands import Receive
from app.domain.errors import Rejected
from app.domain.values import Channel, Reporter, Track
from app.presenters.case_moments import parse_moment
from app.presenters.hub import Hub
from app.presenters.runner import Runner
from app.presenters.session import Session

DRAFT_REF: Final = "team"
DRAFT_FIELD: Final = "new-case"
LONGEST_TITLE: Final = 300
CHANNELS: Final[tuple[Channel, ...]] = ("phone", "form", "email", "hackerone", "github")

_V = TypeVar("_V")

Field = Literal["title", "received", "reporter", "email", "text"]


class NewCase(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of the form as typed; `received` is a local date and time, empty for now."""

    title: str = ""
    track: str = "core"
    channel: str = "phone"
    received: str = ""
    reporter: str = ""
    email: str = ""
    text: str = ""

    @property
    def is_blank(self) -> bool:
        return not any((self.title, self.received, self.reporter, self.email, self.text))


class NewCaseView(Protocol):
    """What the form can be told."""

    def show_form(self, form: NewCase) -> None: ...
    def show_field_problem(self, field: Field, problem: Rejected) -> None: ...
    def show_problem(self, problem: Exception) -> None: ...
    def show_busy(self, *, busy: bool) -> None: ...
    def opened(self, ref: str) -> None:
        """The case is there: leave the form."""
        ...

    def left(self) -> None:
        """What was typed is kept: leave the form."""
        ...


class NewCasePresenter:
    """Keeps what is typed as a draft in the store until it becomes a case or is thrown away."""

    def __init__(self, view: NewCaseView, session: Session, runner: Runner, hub: Hub, tz: tzinfo) -> None:
        self._view = view
        self._session = session
        self._runner = runner
        self._hub = hub
        self._tz = tz
        self._busy = False
        self._over = False
        self._kept: NewCase = NewCase()

    def start(self) -> None:
        """Show the form, with what was typed the last time if it was not used."""
        self._runner.run(
            lambda: self._session.queries.draft(DRAFT_REF, DRAFT_FIELD),
            self._restored,
            self._tell,
        )

    def _restored(self, text: str | None) -> None:
        form = NewCase()
        if text:
            try:
                form = msgspec.json.decode(text, type=NewCase)
            except msgspec.DecodeError:
                form = NewCase()
        self._kept = form
        self._view.show_form(form)

    def keep(self, form: NewCase) -> None:
        """Keep what is typed; a blank form is forgotten."""
        if form != self._kept and not self._busy:
            self._keep(form, lambda: None)

    def leave(self, form: NewCase) -> None:
        """Keep what is typed and leave the form; it stays where keeping fails."""
        if self._over:
            return
        if form == self._kept:
            self._left()
        else:
            self._keep(form, self._left)

    def discard(self) -> None:
        """Throw away what was typed."""
        self.keep(NewCase())

    def _keep(self, form: NewCase, then: Callable[[], None]) -> None:
        before, self._kept = self._kept, form
        text = None if form.is_blank else msgspec.json.encode(form).decode()

        def failed(problem: Exception) -> None:
            self._kept = before
            self._tell(problem)

        self._runner.run(
            lambda: self._session.desk.save_draft(DRAFT_REF, DRAFT_FIELD, text),
            lambda _none: then(),
            failed,
        )

    def _left(self) -> None:
        if not self._over:
            self._over = True
            self._view.left()

    def _tell(self, problem: Exception) -> None:
        if not self._over:
            self._view.show_problem(problem)

    def save(self, form: NewCase) -> None:
        """Open the case, or say beside each field what is wrong with it."""
        if self._busy:
            return
        problems = check_new_case(form, self._tz, self._session.clock.now())
        for field, problem in problems:
            self._view.show_field_problem(field, problem)
        if problems:
            return
        self._busy = True
        self._view.show_busy(busy=True)
        command = receive(form, self._tz, self._session.clock.now())

        def work() -> Done:
            done = self._session.desk.perform(None, command)
            self._session.desk.save_draft(DRAFT_REF, DRAFT_FIELD, None)
            return done

        self._runner.run(work, self._saved, self._failed)

    def _saved(self, done: Done) -> None:
        self._busy = False
        self._over = True
        self._kept = NewCase()
        self._view.opened(done.ref)
        self._hub.publish(done.changes)

    def _failed(self, problem: Exception) -> None:
        self._busy = False
        self._view.show_busy(busy=False)
        self._tell(problem)


def check_new_case(form: NewCase, tz: tzinfo, now: datetime) -> list[tuple[Field, Rejected]]:
    """What is wrong with the form, in its order; `now` is UTC, typed times are in `tz`."""
    problems: list[tuple[Field, Rejected]] = []
    title = form.title.strip()
    if not title:
        problems.append(("title", Rejected("text.empty", field="title")))
    elif len(title) > LONGEST_TITLE:
        problems.append(("title", Rejected("text.too-long", field="title", length=len(title), limit=LONGEST_TITLE)))
    try:
        received = _received(form, tz, now)
        if received is not None and received > now:
            problems.append(("received", Rejected("date.future", value=form.received.strip()[:40])))
    except Rejected as problem:
        problems.append(("received", problem))
    address = form.email.strip()
    if address and ("@" not in address[1:-1] or any(c.isspace() for c in address)):
        problems.append(("email", Rejected("email.malformed", value=address[:80])))
    if not form.reporter.strip() and not address:
        problems.append(("reporter", Rejected("text.empty", field="reporter")))
    return problems


def _received(form: NewCase, tz: tzinfo, now: datetime) -> datetime | None:
    return parse_moment(form.received, tz, now) if form.received.strip() else None


def receive(form: NewCase, tz: tzinfo, now: datetime) -> Receive:
    """The command that opens the case; call only with a form that has nothing wrong."""
    name, address = form.reporter.strip(), form.email.strip()
    return Receive(
        title=form.title.strip(),
        track=_one_of(form.track, get_args(Track), "core"),
        channel=_one_of(form.channel, CHANNELS, "phone"),
        received_at=_received(form, tz, now),
        reporters=(Reporter(name=name or address, email=address),),
        text=form.text,
    )


def _one_of(value: str, allowed: tuple[_V, ...], otherwise: _V) -> _V:
    return next((a for a in allowed if a == value), otherwise)
