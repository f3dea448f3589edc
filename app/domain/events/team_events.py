"""What can happen to the store and its team."""

from __future__ import annotations

from datetime import datetime

from app.domain.events.base import HistoryEvent
from app.domain.project import Project
from app.domain.values import Audience, OutFile, Person


class TeamEvent(HistoryEvent, frozen=True):
    """Base of the events of the team and the store itself."""


class StoreCreated(TeamEvent, frozen=True):
    """The store exists from here, with its first person and its default policy."""

    store_id: str
    name: str
    owner: Person
    policy: str
    format: int = 1


class ProjectDescribed(TeamEvent, frozen=True):
    """The names, addresses and sentences of the project that the texts are made from."""

    project: Project


class DeviceEnrolled(TeamEvent, frozen=True):
    """A device may sign what it appends; `public_key` is the raw Ed25519 key in hexadecimal."""

    device: str
    public_key: str
    label: str = ""
    person: str = ""


class PersonAdded(TeamEvent, frozen=True):
    """Somebody joined the team."""

    person: Person


class PersonChanged(TeamEvent, frozen=True):
    """The name or address of somebody changed."""

    person: Person


class SettingChanged(TeamEvent, frozen=True):
    """A preference of the store changed."""

    key: str
    value: str


class CheckpointMade(TeamEvent, frozen=True):
    """A signed note of the log up to here; `root` is the RFC 6962 tree head of the first `count` links, in
    hexadecimal.
    """

    count: int
    root: str
    head: str
    at: datetime
    reason: str = ""


class DatasetExported(TeamEvent, frozen=True):
    """Texts or records of more than one case left the store."""

    format: str
    audience: Audience
    files: tuple[OutFile, ...]
    override: str = ""
    missing: tuple[str, ...] = ()
    embargo_until: datetime | None = None


class ImportFinished(TeamEvent, frozen=True):
    """An import of many files ended: how many came in, were known, or were refused."""

    at: datetime
    cases: int = 0
    releases: int = 0
    known: int = 0
    refused: int = 0
