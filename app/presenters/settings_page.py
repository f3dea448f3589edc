"""The settings page: what can be chosen here and in the store, and facts about the store."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Protocol

import msgspec

from app.desk.desk import Done
from app.desk.ports.vault import Queries
from app.domain.changes import Changes
from app.domain.commands.team_commands import ChangePerson, ChangeSetting
from app.domain.errors import AppError, Rejected
from app.domain.team import Team
from app.domain.values import Person
from app.presenters.hub import Hub
from app.presenters.runner import Runner
from app.presenters.session import Session
from app.presenters.settings import (
    IDLE_MINUTES,
    TEXT_SIZE,
    THEME,
    MachineSettings,
    Setting,
    team_number,
)

TEXT_SIZES = (90, 100, 110, 125, 150)
IDLE_CHOICES = (1, 2, 5, 10, 15, 20, 30, 45, 60)


class StoreFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What the page tells of the store."""

    name: str
    me: Person
    policy: str
    project: str
    format: int
    people: int
    devices: int
    events: int
    idle_minutes: int


class SettingsView(Protocol):
    """What the page can be told."""

    def show_facts(self, facts: StoreFacts) -> None: ...
    def show_look(self, theme: str, text_size: int) -> None:
        """Take on this look and show it as chosen."""
        ...

    def show_person_problem(self, field: Literal["name", "email"], problem: Rejected) -> None: ...
    def show_saved(self) -> None: ...
    def show_problem(self, problem: Exception) -> None: ...


class SettingsPresenter:
    """Keeps each choice in its home: the look on this machine, the rest in the store, on record."""

    def __init__(
        self, view: SettingsView, session: Session, runner: Runner, hub: Hub, settings: MachineSettings
    ) -> None:
        self._view = view
        self._session = session
        self._runner = runner
        self._hub = hub
        self._settings = settings
        self._epoch = 0
        self._over = False
        self._stop = hub.listen(self._changed)

    def start(self) -> None:
        """Read what is chosen in the store; the look in force is what it is, the command line may have chosen it."""
        self._epoch += 1
        epoch, session = self._epoch, self._session
        self._runner.run(
            lambda: read_facts(session.queries, session.me),
            lambda facts: self._arrived(epoch, facts),
            self._failed,
        )

    def close(self) -> None:
        """Hear of nothing any more."""
        self._stop()
        self._over = True
        self._epoch += 1

    def choose_theme(self, theme: str) -> None:
        self._keep(THEME, theme)

    def choose_text_size(self, percent: int) -> None:
        self._keep(TEXT_SIZE, str(percent))

    def choose_idle_minutes(self, minutes: int) -> None:
        """Lock by itself after so many minutes, 1 to 60."""
        self._perform(ChangeSetting(key=IDLE_MINUTES.key, value=str(minutes)), lambda: None)

    def save_person(self, name: str, email: str) -> None:
        """Change what the store calls me; earlier entries of the history keep what they say."""
        if not name.strip():
            self._view.show_person_problem("name", Rejected("text.empty", field="name"))
            return
        address = email.strip()
        if address and ("@" not in address[1:-1] or any(c.isspace() for c in address)):
            self._view.show_person_problem("email", Rejected("email.malformed", value=address[:80]))
            return
        command = ChangePerson(person=self._session.me.id, name=name.strip(), email=address)
        self._perform(command, self._view.show_saved)

    def _keep(self, setting: Setting, value: str) -> None:
        try:
            self._settings.set(setting, value)
        except AppError as problem:
            self._view.show_problem(problem)
        self._view.show_look(self._settings.get(THEME), self._settings.number(TEXT_SIZE))

    def _perform(self, command: ChangeSetting | ChangePerson, after: Callable[[], None]) -> None:
        def done(answer: Done) -> None:
            if not self._over:
                after()
            self._hub.publish(answer.changes)

        self._runner.run(lambda: self._session.desk.perform(None, command), done, self._failed)

    def _failed(self, problem: Exception) -> None:
        if not self._over:
            self._view.show_problem(problem)

    def _arrived(self, epoch: int, facts: StoreFacts) -> None:
        if epoch == self._epoch:
            self._view.show_facts(facts)

    def _changed(self, changes: Changes) -> None:
        if "team" in changes.topics:
            self.start()


def read_facts(queries: Queries, me: Person) -> StoreFacts:
    """Reads the facts of the store; runs on the vault's thread."""
    team: Team = queries.team()
    return StoreFacts(
        name=team.name,
        me=team.person(me.id) or me,
        policy=team.policy,
        project=team.project.name if team.project else "",
        format=team.format,
        people=len(team.people),
        devices=len(team.devices),
        events=queries.history_count(),
        idle_minutes=team_number(IDLE_MINUTES, team.setting(IDLE_MINUTES.key, IDLE_MINUTES.default)),
    )
