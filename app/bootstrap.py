"""Wires the rooms together; the only module that knows every class."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import platformdirs

from app import VERSION
from app.desk.backups import Backups
from app.desk.desk import Desk
from app.desk.exchange import Exchange
from app.desk.intake import Intake
from app.desk.keys import Keys
from app.desk.ports.backups import BackupFacts
from app.desk.ports.clock import Clock, Ids
from app.desk.ports.exchange import Exporter, Importer, Rendered
from app.desk.ports.keys import Secret, WayInRow
from app.desk.ports.reading import Sources
from app.desk.ports.rescue import RescueReport
from app.desk.ports.seen import SeenStores
from app.desk.ports.vault import Cancelled, Progress, Queries, Vault
from app.desk.retention import Retention
from app.domain.case.context import need_text
from app.domain.errors import Environment
from app.domain.identifiers import parse_email_address
from app.domain.project import Project
from app.domain.untrusted import safe_line
from app.domain.values import Person
from app.exporters import discover as discover_exporters
from app.importers import discover as discover_importers
from app.machine import out_folder
from app.machine.clock import SystemClock, SystemIds, seconds_of
from app.machine.file_system import FileSystems, Ground, refuse_network, warnings_of
from app.machine.files import DiskFiles, private_folder
from app.machine.files import write_private as write_file
from app.machine.keychain import SystemKeychain
from app.machine.openpgp import SystemOpenPgp
from app.machine.read_files import DiskReader
from app.machine.resources import PackagedPolicies, PackagedProjects
from app.machine.seen_stores import NAME as SEEN_NAME
from app.machine.seen_stores import DiskSeenStores
from app.machine.settings_file import DiskSettings, settings_path
from app.machine.store_lock import StoreLocks
from app.machine.streams import DiskStreams, memory_folder
from app.presenters.rescue_words import note_words
from app.presenters.settings import SEEN_STORES, MachineSettings
from app.store import folder as store_folder
from app.store import outside as store_outside
from app.store import restore as store_restore
from app.store.archive import StoreArchive, facts_of
from app.store.extract import Shelf
from app.store.keeper import BackupKeeper, told_of
from app.store.keys import FLOOR, KdfCost, calibrate
from app.store.rescue import rescue as store_rescue
from app.store.rescue.given_slots import given_slots
from app.store.vault import SqlVault
from app.store.ways_in import WaysIn

__all__ = [
    "Parts",
    "Session",
    "create_store",
    "demo_folder",
    "format_list",
    "open_store",
    "policy_list",
    "project_list",
]


class Parts:
    """The adapters that every session shares; tests put others in their place."""

    def __init__(
        self,
        clock: Clock | None = None,
        ids: Ids | None = None,
        floor: KdfCost = FLOOR,
        cost: KdfCost | None = None,
    ) -> None:
        self.clock = clock or SystemClock()
        self.ids = ids or SystemIds()
        self.cost = cost
        """What a new store's key derivation costs; None measures what suits this machine."""
        self.policies = PackagedPolicies()
        self.ground: Callable[[Path], Ground] = FileSystems().ground
        """What a folder stands on: a disk of this machine, a network, a stick, memory."""
        self.files = DiskFiles()
        self.importers: Sequence[Importer] = discover_importers()
        self.exporters: Sequence[Exporter] = discover_exporters()
        self.place = store_folder.Place(
            files=self.files,
            locks=StoreLocks(),
            ids=self.ids,
            policies=self.policies,
            floor=floor,
            seen=seen_stores(),
            keychain=SystemKeychain(),
            openpgp=SystemOpenPgp(),
        )

    def dear_cost(self) -> KdfCost:
        """What a new passphrase costs to try on this machine; measuring it takes seconds."""
        return self.cost or calibrate(seconds_of, self.place.least_cost())

    def shelf(self) -> Shelf:
        """What backups need from this machine."""
        return Shelf(place=self.place, streams=DiskStreams(memory_folder()), program=VERSION)


class Session:
    """An open store with every use case on it; all of it but `clock` and `me` is used on the vault's thread."""

    def __init__(self, vault: SqlVault, parts: Parts, me: Person, warnings: tuple[Environment, ...] = ()) -> None:
        self.vault = vault
        self.warnings = warnings
        """What the place of the store brings with it, as errors with a code and facts; nothing stands still for it."""
        self.clock = parts.clock
        self.policies = parts.policies
        self.files = parts.files
        self.me = me
        self._parts = parts
        self.desk = Desk(vault, parts.clock, parts.ids, parts.policies, me)
        self.intake = Intake(vault, self.desk, parts.importers, parts.clock, me)
        self.exchange = Exchange(vault, parts.exporters, parts.clock, me)
        self.retention = Retention(vault, self.desk, parts.policies, parts.clock)
        self.backups = Backups(vault, StoreArchive(vault, parts.shelf()), parts.clock, me)
        self.keys = Keys(WaysIn(vault, parts.place, parts.dear_cost), self._back_up, parts.clock, me)

    @property
    def queries(self) -> Queries:
        """The read side."""
        return self.vault.queries

    def acting_as(self, person: Person) -> Session:
        """The same open store, with somebody else of the team at the desk."""
        return Session(self.vault, self._parts, person, self.warnings)

    def import_sources(self, paths: Sequence[str]) -> Sources:
        """The files behind these paths, folders walked, `-` for standard input; each is read when its turn comes."""
        return DiskReader(sys.stdin.buffer if "-" in paths else None).sources(paths)

    def write_export(self, folder: Path, files: Sequence[Rendered]) -> tuple[Path, ...]:
        """Writes what an export gave into a folder, each file for its owner alone; raises Environment."""
        return out_folder.write_export(folder, files)

    def _back_up(self, target: Path, progress: Progress | None, cancelled: Cancelled | None) -> object:
        return self.backups.make(target, progress=progress, cancelled=cancelled)

    def close(self) -> None:
        """Closes the store; what was acknowledged is on disk."""
        self.vault.close()


def open_store(
    folder: Path,
    secret: Secret,
    *,
    clock: Clock | None = None,
    parts: Parts | None = None,
    accept_older: bool = False,
) -> Session:
    """Opens a store. Raises Rejected("store.wrong-passphrase") and the Environment errors of `app.store.folder`.

    `accept_older` goes on, on record, with a copy that is older than what this machine saw last.
    """
    parts = parts or Parts(clock)
    keeper = BackupKeeper(parts.shelf(), parts.clock)
    place = msgspec.structs.replace(parts.place, accept_older=accept_older, keeper=keeper)
    vault = store_folder.open_store(folder, secret, parts.clock.now(), place)
    warnings = (*warnings_of(parts.ground(folder)), *told_of(vault.upgraded), *vault.clock_warnings(parts.clock.now()))
    warnings = (*vault.slot_warnings, *warnings)
    return Session(vault, parts, vault.queries.team().owner, warnings)


def inspect_store(folder: Path, secret: Secret, *, parts: Parts | None = None) -> Vault:
    """Opens a store whose log is damaged, only to verify it: nothing can be written. Raises like `open_store`."""
    parts = parts or Parts()
    return store_folder.open_store(folder, secret, parts.clock.now(), parts.place, inspect=True)


def create_store(
    folder: Path,
    passphrase: str,
    *,
    title: str,
    owner: str,
    email: str = "",
    policy: str = "node-core",
    project: str = "nodejs",
    clock: Clock | None = None,
    cost: KdfCost | None = None,
    parts: Parts | None = None,
) -> Session:
    """Makes a store and opens it; without `cost` the key derivation is calibrated to this machine.

    Raises Rejected for a field that is wrong (nothing is made then) and Environment where the disk refuses, such as
    place.network-new for a folder on a network.
    """
    parts = parts or Parts(clock)
    ground = parts.ground(folder)
    refuse_network(ground)
    parts.policies.latest(policy)
    founding = store_folder.Founding(
        name=safe_line(need_text(title, "title", 120), 120),
        owner=Person(
            id=parts.ids.new_id(),
            name=safe_line(need_text(owner, "name", 120), 120),
            email=parse_email_address(email) if email.strip() else "",
        ),
        policy=policy,
        project=PackagedProjects().get(project),
        device_label=safe_line(platform.node(), 60),
    )
    cost = cost or parts.dear_cost()
    vault = store_folder.create(folder, passphrase, founding, parts.clock.now(), cost=cost, place=parts.place)
    return Session(vault, parts, founding.owner, warnings_of(ground))


def restore_store(
    path: Path,
    folder: Path,
    secret: Secret,
    *,
    parts: Parts | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Session:
    """Makes a store out of a backup, in a new folder, and opens it. Raises like `app.store.restore.restore`."""
    parts = parts or Parts()
    ground = parts.ground(folder)
    refuse_network(ground)
    vault = store_restore.restore(
        path,
        folder,
        secret,
        parts.clock.now(),
        parts.shelf(),
        device_label=safe_line(platform.node(), 60),
        progress=progress,
        cancelled=cancelled,
    )
    return Session(vault, parts, vault.queries.team().owner, warnings_of(ground))


def rescue_store(
    folder: Path,
    target: Path,
    secret: Secret,
    *,
    passphrase: str,
    slots: Path | None = None,
    parts: Parts | None = None,
    progress: Progress | None = None,
) -> RescueReport:
    """Saves what a damaged store tells into a new one, which `passphrase` opens. Raises like `app.store.rescue.rescue`.

    `slots` is a slot file or a backup to use instead of the slot files in the folder.
    """
    parts = parts or Parts()
    refuse_network(parts.ground(target))
    wanted = store_rescue.Wanted(
        secret=secret,
        passphrase=passphrase,
        cost=parts.dear_cost(),
        words=note_words,
        slots=None if slots is None else given_slots(slots, parts.files, parts.shelf().streams),
        device_label=safe_line(platform.node(), 60),
    )
    return store_rescue.rescue(folder, target, wanted, parts.clock.now(), place=parts.place, progress=progress)


def outside_ways(folder: Path, *, parts: Parts | None = None) -> tuple[WayInRow, ...]:
    """The ways in that a store tells before anybody opened it; nothing of it is proved. Never raises."""
    return store_outside.outside_ways(folder, (parts or Parts()).place)


def read_backup(path: Path, *, parts: Parts | None = None) -> BackupFacts:
    """What a backup says of itself, before anything of it is proved; raises Environment: backup.*, file.*."""
    return facts_of(store_restore.read_backup(path, (parts or Parts()).shelf()).manifest)


def seen_stores() -> SeenStores:
    """What this machine remembers of stores, beside its settings, which say whether it may."""
    path = settings_path()

    def wanted() -> bool:
        return MachineSettings(DiskSettings(path)).get(SEEN_STORES) == "yes"

    return DiskSeenStores(path.with_name(SEEN_NAME), wanted)


def cheapest_cost() -> KdfCost:
    """The floor of the key derivation, for stores that protect nothing."""
    return FLOOR


def write_private(path: Path, data: bytes) -> None:
    """Writes a file for its owner alone, whole or not at all; raises Environment."""
    write_file(path, data)


def demo_folder() -> Path:
    """A new private folder for a demo store, in the person's own data folder."""
    base = Path(platformdirs.user_data_dir("holdfast", appauthor=False))
    base.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = base / f"demo-{SystemIds().new_id()[-8:].lower()}"
    private_folder(folder)
    return folder


def policy_list() -> tuple[tuple[str, str], ...]:
    """Every policy a new store can take: name and title."""
    policies = PackagedPolicies()
    return tuple((name, policies.latest(name).title) for name in policies.names())


def project_list() -> tuple[tuple[str, str], ...]:
    """Every project profile that comes along: key and name."""
    projects = PackagedProjects()
    found: list[Project] = [projects.get(key) for key in projects.names()]
    return tuple((project.key, project.name) for project in found)


def format_list() -> dict[str, Any]:
    """What can be imported and exported, for `holdfast formats`."""
    taken = [{"format": x.format, "title": x.title} for x in discover_importers()]
    given = [
        {"format": x.format, "title": x.title, "audience": x.audience, "scopes": list(x.scopes)}
        for x in discover_exporters()
    ]
    return {"import": taken, "export": given}
