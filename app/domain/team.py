"""The store and its team as their history makes them, and how each event changes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from app.domain.case.state import ExportRecord
from app.domain.catalogue import CatalogueLine, CatalogueRelease, Scheme
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


class WayIn(Value, frozen=True):
    """One way to open the store; `fingerprint` is that of an OpenPGP key."""

    id: str
    kind: e.WayInKind
    since: datetime
    label: str = ""
    fingerprint: str = ""


class Backup(Value, frozen=True):
    """A backup that was found whole: made or drilled at `at` (UTC); `events` is how far its log goes."""

    at: datetime
    name: str
    sha256: str
    events: int


class KnownProduct(Value, frozen=True):
    """What the team knows of a product beyond the catalogue that comes with the program."""

    product: str
    name: str = ""
    scheme: Scheme = "semver"
    lines: tuple[CatalogueLine, ...] = ()
    releases: tuple[CatalogueRelease, ...] = ()


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
    ways_in: tuple[WayIn, ...] | msgspec.UnsetType = msgspec.UNSET
    """Ways in that were added since the store was made; the slot file is what counts."""
    backup: Backup | msgspec.UnsetType = msgspec.UNSET
    """The last good backup."""
    drill: Backup | msgspec.UnsetType = msgspec.UNSET
    """The last backup that a drill restored and found whole."""
    products: tuple[KnownProduct, ...] | msgspec.UnsetType = msgspec.UNSET
    """Lines and releases that were added to the catalogue."""
    epoch: int | msgspec.UnsetType = msgspec.UNSET
    """Which store key this is, counted from 1; unset while it is the first."""

    def setting(self, key: str, default: str = "") -> str:
        """The value of a preference that lives in the store, or the default."""
        return dict(self.settings).get(key, default)

    def product(self, key: str) -> KnownProduct | None:
        """What was added to the catalogue of this product, or None."""
        known = () if self.products is msgspec.UNSET else self.products
        return next((one for one in known if one.product == key), None)

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


def _ways(team: Team) -> tuple[WayIn, ...]:
    return () if team.ways_in is msgspec.UNSET else team.ways_in


def _way_added(team: Team, event: e.WayInAdded, at: datetime) -> Team:
    way = WayIn(id=event.id, kind=event.kind, since=at, label=event.label, fingerprint=event.fingerprint)
    others = tuple(w for w in _ways(team) if w.id != event.id)
    return msgspec.structs.replace(team, ways_in=(*others, way))


def _way_renamed(team: Team, event: e.WayInRenamed, _at: datetime) -> Team:
    ways = tuple(msgspec.structs.replace(w, label=event.label) if w.id == event.id else w for w in _ways(team))
    return msgspec.structs.replace(team, ways_in=ways)


def _way_changed(team: Team, event: e.WayInChanged, at: datetime) -> Team:
    ways = tuple(msgspec.structs.replace(w, since=at) if w.id == event.id else w for w in _ways(team))
    return msgspec.structs.replace(team, ways_in=ways)


def _way_revoked(team: Team, event: e.WayInRevoked, _at: datetime) -> Team:
    return msgspec.structs.replace(team, ways_in=tuple(w for w in _ways(team) if w.id != event.id))


def _rekeyed(team: Team, event: e.StoreRekeyed, _at: datetime) -> Team:
    return msgspec.structs.replace(team, epoch=event.epoch)


def _backed_up(team: Team, event: e.BackupMade, _at: datetime) -> Team:
    made = Backup(at=event.at, name=event.name, sha256=event.sha256, events=event.events)
    return msgspec.structs.replace(team, backup=made)


def _drilled(team: Team, event: e.BackupDrilled, _at: datetime) -> Team:
    if event.finding:
        return team
    held = Backup(at=event.at, name=event.name, sha256=event.sha256, events=event.events)
    return msgspec.structs.replace(team, drill=held)


def _rescued(team: Team, _event: e.StoreRescued, _at: datetime) -> Team:
    # Ways in, backups and keys of the damaged store are none of this one.
    unset = msgspec.UNSET
    return msgspec.structs.replace(team, ways_in=unset, backup=unset, drill=unset, epoch=unset)


def _catalogue(team: Team, event: e.CatalogueExtended, _at: datetime) -> Team:
    old = team.product(event.product) or KnownProduct(product=event.product)
    lines = {one.line: one for one in (*old.lines, *event.lines)}
    releases = {one.version: one for one in (*old.releases, *event.releases)}
    new = KnownProduct(
        product=event.product,
        name=event.name or old.name,
        scheme=event.scheme,
        lines=tuple(lines.values()),
        releases=tuple(releases.values()),
    )
    others = () if team.products is msgspec.UNSET else tuple(p for p in team.products if p.product != event.product)
    return msgspec.structs.replace(team, products=(*others, new))


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
    e.CatalogueExtended: _catalogue,
    e.WayInAdded: _way_added,
    e.WayInRenamed: _way_renamed,
    e.WayInChanged: _way_changed,
    e.WayInRevoked: _way_revoked,
    e.StoreRekeyed: _rekeyed,
    e.BackupMade: _backed_up,
    e.BackupDrilled: _drilled,
    e.StoreRestored: _nothing,
    e.StoreRescued: _rescued,
    e.OlderCopyAccepted: _nothing,
    e.ClockWentBack: _nothing,
}
