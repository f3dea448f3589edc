"""Wires the rooms together; the only module that knows every class."""

from __future__ import annotations

import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import platformdirs

from app.desk.desk import Desk
from app.desk.exchange import Exchange
from app.desk.intake import Intake
from app.desk.ports.clock import Clock, Ids
from app.desk.ports.exchange import Exporter, Importer, Rendered
from app.desk.ports.reading import Sources
from app.desk.ports.vault import Queries, Vault
from app.domain.case.context import need_text
from app.domain.identifiers import parse_email_address
from app.domain.project import Project
from app.domain.untrusted import safe_line
from app.domain.values import Person
from app.exporters import discover as discover_exporters
from app.importers import discover as discover_importers
from app.machine import out_folder
from app.machine.clock import SystemClock, SystemIds, seconds_of
from app.machine.files import DiskFiles, private_folder
from app.machine.files import write_private as write_file
from app.machine.read_files import DiskReader
from app.machine.resources import PackagedPolicies, PackagedProjects
from app.machine.store_lock import StoreLocks
from app.store import folder as store_folder
from app.store.keys import FLOOR, KdfCost, calibrate

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
        self.files = DiskFiles()
        self.importers: Sequence[Importer] = discover_importers()
        self.exporters: Sequence[Exporter] = discover_exporters()
        self.place = store_folder.Place(
            files=self.files, locks=StoreLocks(), ids=self.ids, policies=self.policies, floor=floor
        )


class Session:
    """An open store with every use case on it; all of it but `clock` and `me` is used on the vault's thread."""

    def __init__(self, vault: Vault, parts: Parts, me: Person) -> None:
        self.vault = vault
        self.clock = parts.clock
        self.policies = parts.policies
        self.files = parts.files
        self.me = me
        self._parts = parts
        self.desk = Desk(vault, parts.clock, parts.ids, parts.policies, me)
        self.intake = Intake(vault, self.desk, parts.importers, parts.clock, me)
        self.exchange = Exchange(vault, parts.exporters, parts.clock, me)

    @property
    def queries(self) -> Queries:
        """The read side."""
        return self.vault.queries

    def acting_as(self, person: Person) -> Session:
        """The same open store, with somebody else of the team at the desk."""
        return Session(self.vault, self._parts, person)

    def import_sources(self, paths: Sequence[str]) -> Sources:
        """The files behind these paths, folders walked, `-` for standard input; each is read when its turn comes."""
        return DiskReader(sys.stdin.buffer if "-" in paths else None).sources(paths)

    def write_export(self, folder: Path, files: Sequence[Rendered]) -> tuple[Path, ...]:
        """Writes what an export gave into a folder, each file for its owner alone; raises Environment."""
        return out_folder.write_export(folder, files)

    def close(self) -> None:
        """Closes the store; what was acknowledged is on disk."""
        self.vault.close()


def open_store(folder: Path, passphrase: str, *, clock: Clock | None = None, parts: Parts | None = None) -> Session:
    """Opens a store. Raises Rejected("store.wrong-passphrase") and the Environment errors of `app.store.folder`."""
    parts = parts or Parts(clock)
    vault = store_folder.open_store(folder, passphrase, parts.clock.now(), parts.place)
    return Session(vault, parts, vault.queries.team().owner)


def inspect_store(folder: Path, passphrase: str, *, parts: Parts | None = None) -> Vault:
    """Opens a store whose log is damaged, only to verify it: nothing can be written. Raises like `open_store`."""
    parts = parts or Parts()
    return store_folder.open_store(folder, passphrase, parts.clock.now(), parts.place, inspect=True)


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

    Raises Rejected for a field that is wrong (nothing is made then) and Environment where the disk refuses.
    """
    parts = parts or Parts(clock)
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
    cost = cost or parts.cost or calibrate(seconds_of)
    vault = store_folder.create(folder, passphrase, founding, parts.clock.now(), cost=cost, place=parts.place)
    return Session(vault, parts, founding.owner)


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
