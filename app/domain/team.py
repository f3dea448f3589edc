"""The store and its team as their history makes them, and how each event changes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from app.domain.case.state import ExportRecord
from app.domain.errors import Defect
from app.domain.events import TeamEvent
from app.domain.events import team_events as e
from app.domain.project import Project
from app.domain.values import Person, Value

TEAM_STREAM = "team"


class Device(Value, frozen=True):
    """An installation that may sign; `public_key` is a raw Ed25519 key in hexadecimal."""

    id: str
    public_key: str
    label: str = ""
    person: str = ""


class Team(Value, frozen=True):
    """Who works with this store, on which devices, for which project."""

    store_id: str
    name: str
    owner: Person
    policy: str
    format: int = 1
    project: Project | None = None
    people: tuple[Person, ...] = ()
    devices: tuple[Device, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    checkpoints: int = 0
    checkpointed: int = 0
    exports: tuple[ExportRecord, ...] = ()
    events: int = 0

    def setting(self, key: str, default: str = "") -> str:
        """The value of a preference that lives in the store, or the default."""
        return dict(self.settings).get(key, default)

    def person(self, person_id: str) -> Person | None:
        """The person of this id, or None."""
        return next((p for p in self.people if p.id == person_id), None)


def evolve(team: Team | None, event: TeamEvent, at: datetime) -> Team:
    """The team after this event; never refuses what `decide` made. `at` is the UTC instant of the event."""
    if isinstance(event, e.StoreCreated):
        return Team(
            store_id=event.store_id,
            name=event.name,
            owner=event.owner,
            policy=event.policy,
            format=event.format,
            people=(event.owner,),
            events=1,
        )
    if team is None:
        raise Defect("team.missing", kind=type(event).__name__)
    changed = _CHANGES[type(event)](team, event, at)
    return msgspec.structs.replace(changed, events=team.events + 1)


def _described(team: Team, event: e.ProjectDescribed, _at: datetime) -> Team:
    return msgspec.structs.replace(team, project=event.project)


def _enrolled(team: Team, event: e.DeviceEnrolled, _at: datetime) -> Team:
    device = Device(id=event.device, public_key=event.public_key, label=event.label, person=event.person)
    others = tuple(d for d in team.devices if d.id != device.id)
    return msgspec.structs.replace(team, devices=(*others, device))


def _added(team: Team, event: e.PersonAdded, _at: datetime) -> Team:
    return msgspec.structs.replace(team, people=(*team.people, event.person))


def _person(team: Team, event: e.PersonChanged, _at: datetime) -> Team:
    new = event.person
    people = tuple(new if p.id == new.id else p for p in team.people)
    return msgspec.structs.replace(team, people=people, owner=new if team.owner.id == new.id else team.owner)


def _setting(team: Team, event: e.SettingChanged, _at: datetime) -> Team:
    others = tuple(s for s in team.settings if s[0] != event.key)
    return msgspec.structs.replace(team, settings=(*others, (event.key, event.value)))


def _checkpoint(team: Team, event: e.CheckpointMade, _at: datetime) -> Team:
    return msgspec.structs.replace(team, checkpoints=team.checkpoints + 1, checkpointed=event.count)


def _exported(team: Team, event: e.DatasetExported, at: datetime) -> Team:
    record = ExportRecord(
        at=at,
        format=event.format,
        audience=event.audience,
        files=event.files,
        override=event.override,
        missing=event.missing,
    )
    return msgspec.structs.replace(team, exports=(*team.exports, record)[-50:])


def _nothing(team: Team, _event: Any, _at: datetime) -> Team:
    return team


_CHANGES: dict[type, Callable[[Team, Any, datetime], Team]] = {
    e.ProjectDescribed: _described,
    e.DeviceEnrolled: _enrolled,
    e.PersonAdded: _added,
    e.PersonChanged: _person,
    e.SettingChanged: _setting,
    e.CheckpointMade: _checkpoint,
    e.DatasetExported: _exported,
    e.ImportFinished: _nothing,
}
