"""A store to be damaged byte by byte: what it says while it is whole, and what comes of a look after each damage."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from app.desk.ports.vault import Finding
from app.domain.errors import AppError
from app.store.folder import open_unlocked
from app.store.place import DATABASE
from app.store.unlocking import Unlocked, unlock
from app.store.vault import SqlVault
from tests.app.store.building import PASSPHRASE, place

Damage = Callable[[bytearray], None]


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What came of opening, verifying and reading: the code that opening refused with, findings, and what was read.

    `read` is None where reading said that something is wrong.
    """

    refused: str = ""
    findings: tuple[Finding, ...] = ()
    read: Any = None

    @property
    def is_reported(self) -> bool:
        """Whether a person was told that something is wrong."""
        return bool(self.refused or self.findings)

    @property
    def codes(self) -> set[str]:
        """The codes of what was found."""
        return {finding.code for finding in self.findings}


class Patient:
    """A closed store that is opened by its keys, so that no look costs a key derivation."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / DATABASE
        self.whole = self.path.read_bytes()
        self.place = place(7)
        self.unlocked: Unlocked = unlock(folder, PASSPHRASE, self.place)
        self.said = self.look().read
        assert self.said is not None

    def after(self, damage: Damage) -> Look:
        """A look at the store with this damage; it is whole again afterwards."""
        data = bytearray(self.whole)
        damage(data)
        self.path.write_bytes(data)
        try:
            return self.look()
        finally:
            self.path.write_bytes(self.whole)

    def look(self) -> Look:
        """Opens as somebody who only looks, verifies everything, then reads everything."""
        try:
            vault = open_unlocked(self.folder, self.unlocked, self.place, None, inspect=True)
        except AppError as fault:
            return Look(refused=fault.code)
        try:
            return Look(findings=vault.verify().findings, read=_read(vault))
        finally:
            vault.close()


def _read(vault: SqlVault) -> Any:
    try:
        return all_of(vault)
    except AppError:
        return None


def all_of(vault: SqlVault) -> Any:
    """Everything that a store says, as plain values."""
    queries = vault.queries
    refs = list(queries.refs())
    releases = [row.ref for row in queries.releases()[0]]
    files = {blob.sha256 for ref in refs for blob in _case(vault, ref).report.attachments}
    return (
        [msgspec.to_builtins(row) for row in queries.history(limit=10_000)],
        {ref: msgspec.to_builtins(_case(vault, ref)) for ref in refs},
        {ref: msgspec.to_builtins(queries.release(ref)) for ref in releases},
        msgspec.to_builtins(queries.team()),
        {sha256: b"".join(queries.blob(sha256)) for sha256 in sorted(files)},
    )


def _case(vault: SqlVault, ref: str) -> Any:
    return vault.queries.case(ref)


def flipped(place: int, bit: int = 0) -> Damage:
    """One bit turned."""

    def damage(data: bytearray) -> None:
        data[place] ^= 1 << bit

    return damage
