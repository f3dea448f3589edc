"""What can happen to the store and its team."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from app.domain.catalogue import CatalogueLine, CatalogueRelease, Scheme
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


class CatalogueExtended(TeamEvent, frozen=True):
    """Newer knowledge of a product's lines and releases; what has the same name is replaced."""

    product: str
    name: str = ""
    scheme: Scheme = "semver"
    lines: tuple[CatalogueLine, ...] = ()
    releases: tuple[CatalogueRelease, ...] = ()


class ImportFinished(TeamEvent, frozen=True):
    """An import of many files ended: how many came in, were known, or were refused."""

    at: datetime
    cases: int = 0
    releases: int = 0
    known: int = 0
    refused: int = 0


WayInKind = Literal["passphrase", "recovery", "keychain", "openpgp"]


class WayInAdded(TeamEvent, frozen=True):
    """Somebody can open the store in one more way; `fingerprint` is that of an OpenPGP key."""

    id: str
    kind: WayInKind
    label: str = ""
    fingerprint: str = ""


class WayInRenamed(TeamEvent, frozen=True):
    """A way in is called something else."""

    id: str
    label: str


class WayInChanged(TeamEvent, frozen=True):
    """The secret of a way in was replaced: a new passphrase, a new recovery code."""

    id: str
    label: str = ""


class WayInRevoked(TeamEvent, frozen=True):
    """A way in opens the store no longer."""

    id: str
    label: str = ""


class StoreRekeyed(TeamEvent, frozen=True):
    """The store key was replaced; `epoch` counts the keys from 1 on."""

    epoch: int


class BackupMade(TeamEvent, frozen=True):
    """A backup was written, opened again and found whole: its file name, digest and bytes, and how far its log goes."""

    name: str
    sha256: str
    size: int
    events: int
    head: str
    at: datetime


class BackupDrilled(TeamEvent, frozen=True):
    """A backup was restored to a scratch place, opened and verified; `finding` says why it failed, empty if it held."""

    name: str
    sha256: str
    events: int
    at: datetime
    finding: str = ""


class StoreRestored(TeamEvent, frozen=True):
    """The store goes on from a backup: the digest of its file, and where the log ended in it."""

    sha256: str
    events: int
    head: str


class StoreRescued(TeamEvent, frozen=True):
    """What a damaged store still told was told again in this one; `missing` names lost events, as `12` or `15-17`."""

    store_id: str
    events: int
    lost: int = 0
    missing: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    """Stored files that events speak of and that could not be read, by SHA-256."""
    at: datetime | None = None


class OlderCopyAccepted(TeamEvent, frozen=True):
    """Somebody went on with a copy of the store that is older, or went another way, than the machine had seen it."""

    events: int
    seen: int


class ClockWentBack(TeamEvent, frozen=True):
    """The clock of this machine showed an earlier instant than the last event's."""

    before: datetime
    seen: datetime
