"""Stores for tests: real files, a cheap key derivation, chance that repeats, short words for what happens in them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from typing_extensions import override

from app.desk.ports.clock import Ids
from app.desk.ports.resources import Policies
from app.domain.case.state import Case
from app.domain.errors import Rejected
from app.domain.events import CaseEvent, ReleaseEvent
from app.domain.events import case_events as e
from app.domain.events import release_events as r
from app.domain.events.team_events import PersonAdded
from app.domain.policy import Policy, load_policy
from app.domain.release.state import Release
from app.domain.values import AffectedLine, OutFile, Person, Reporter, Source
from app.machine.files import DiskFiles
from app.machine.store_lock import StoreLocks
from app.store.connection import Connection
from app.store.folder import DATABASE, SLOTS, Founding, Place, create, open_store
from app.store.keys import KdfCost, StoreKeys
from app.store.slots import read_slot_file
from app.store.vault import SqlVault

ADA = Person(id="ada", name="Ada Example", email="ada@example.org")
NOOR = Person(id="noor", name="Noor Sample", email="noor@example.org")
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSPHRASE = "correct aster battery borealis"
CHEAP = KdfCost(memory_kib=64, iterations=1, lanes=1)
_POLICIES = Path(__file__).resolve().parents[3] / "resources" / "policies"


class SeededIds(Ids):
    """Names and secrets that repeat from run to run."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)

    @override
    def new_id(self) -> str:
        return "".join(self._random.choices("0123456789ABCDEFGHJKMNPQRSTVWXYZ", k=26))

    @override
    def secret(self, size: int) -> bytes:
        return self._random.randbytes(size)


class ShippedPolicies(Policies):
    """The policies that come with the program."""

    def __init__(self) -> None:
        self._known: dict[str, Policy] = {}

    @override
    def get(self, name: str, version: int) -> Policy:
        if name not in self._known:
            path = _POLICIES / f"{name}.toml"
            if not path.is_file():
                raise Rejected("policy.unknown", name=name)
            self._known[name] = load_policy(path.read_bytes())
        return self._known[name]

    @override
    def latest(self, name: str) -> Policy:
        return self.get(name, 1)

    @override
    def names(self) -> tuple[str, ...]:
        return tuple(sorted(path.stem for path in _POLICIES.glob("*.toml")))


def place(seed: int = 1, **changes: Any) -> Place:
    """What a store needs from outside."""
    given: dict[str, Any] = {
        "files": DiskFiles(),
        "locks": StoreLocks(),
        "ids": SeededIds(seed),
        "policies": ShippedPolicies(),
        "floor": CHEAP,
    }
    return Place(**(given | changes))


def new_store(folder: Path, seed: int = 1, **changes: Any) -> SqlVault:
    """A store made at START, open."""
    founding = Founding(name="Aster security team", owner=ADA, policy="node-core", device_label="desk")
    return create(folder, PASSPHRASE, founding, START, cost=CHEAP, place=place(seed, **changes))


def reopen(folder: Path, *, inspect: bool = False, passphrase: str = PASSPHRASE) -> SqlVault:
    """The store again, by another run of the program."""
    return open_store(folder, passphrase, START + timedelta(days=1), place(2), inspect=inspect)


def keys_of(folder: Path, passphrase: str = PASSPHRASE) -> StoreKeys:
    """The keys of a store, as an insider has them."""
    keys = read_slot_file((folder / SLOTS).read_bytes(), CHEAP).unlock(passphrase)
    assert keys is not None
    return keys


def insider(folder: Path) -> Connection:
    """A connection for somebody who has the key and tampers; the store must be closed."""
    return Connection(folder / DATABASE, keys_of(folder).database())


@contextmanager
def tampering(folder: Path) -> Iterator[Connection]:
    """The same, with the triggers out of the way; they are back when it is over."""
    db = insider(folder)
    triggers = db.all("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name")
    with db.changing_schema():
        for name, _ in triggers:
            db.run(f"DROP TRIGGER {name}")
    yield db
    with db.changing_schema():
        for _, sql in triggers:
            db.run(sql)
    db.close()


def received(number: int = 1, title: str = "Parser reads past the end", **changes: Any) -> e.ReportReceived:
    """The event that opens case `number`."""
    given: dict[str, Any] = {
        "id": f"C{number:06d}",
        "ref": f"H-2026-{number:03d}",
        "title": title,
        "track": "core",
        "policy": "node-core",
        "policy_version": 1,
        "received_at": START,
        "reporters": (Reporter(name="Rin Reporter", email="rin@example.org"),),
        "text": "The Borealis parser reads past the end of its buffer.",
    }
    return e.ReportReceived(**(given | changes))


def planned(number: int = 1, **changes: Any) -> r.ReleasePlanned:
    """The event that plans release `number`."""
    given: dict[str, Any] = {
        "id": f"R{number:06d}",
        "ref": f"R-2026-{number:03d}",
        "slug": f"aster-{number}",
        "target": START + timedelta(days=number),
    }
    return r.ReleasePlanned(**(given | changes))


def source(key: str, sha256: str = "ab" * 32) -> Source:
    """Where an imported record came from."""
    return Source(format="nswg", file="record.json", sha256=sha256, key=key)


def add_case(vault: SqlVault, number: int = 1, *events: CaseEvent, now: datetime = START, **changes: Any) -> Case:
    """Opens case `number` and lets more happen to it, in one transaction."""
    with vault.transaction(ADA, now) as tx:
        case = tx.append(f"case:C{number:06d}", [received(number, **changes), *events])
    assert isinstance(case, Case)
    return case


def happen(vault: SqlVault, number: int, *events: CaseEvent, now: datetime = START, actor: Person = ADA) -> Case:
    """Lets something happen to case `number`, in one transaction."""
    with vault.transaction(actor, now) as tx:
        case = tx.append(f"case:C{number:06d}", events)
    assert isinstance(case, Case)
    return case


def add_release(vault: SqlVault, number: int = 1, events: Sequence[ReleaseEvent] = (), **changes: Any) -> Release:
    """Plans release `number`."""
    with vault.transaction(ADA, START) as tx:
        release = tx.append(f"release:R{number:06d}", [planned(number, **changes), *events])
    assert isinstance(release, Release)
    return release


def tell_a_story(vault: SqlVault) -> None:
    """A small but varied story: 2 cases, a release, a file, an export, a new person, a checkpoint; 20 events."""
    file = OutFile(name="post.md", sha256="ab" * 32, size=3)
    with vault.transaction(ADA, START) as tx:
        blob = tx.put_blob(b"proof of concept " * 1000, "poc.txt")
    add_case(vault, 1, e.HandlerAssigned(person=ADA), attachments=(blob,), source=source("nswg:core:1"))
    happen(vault, 1, e.ReportAcknowledged(at=START, text="Thank you."))
    happen(vault, 1, e.CveAssigned(id="CVE-2099-00001", at=START), e.EmbargoAgreed(until=START + timedelta(days=9)))
    add_case(vault, 2, title="Another one")
    add_release(vault)
    with vault.transaction(NOOR, START) as tx:
        tx.append("team", [PersonAdded(person=NOOR)])
    happen(vault, 2, e.Exported(format="blog-post", audience="public", files=(file,)), actor=NOOR)
    vault.checkpoint(ADA, START, "export")
    happen(vault, 1, e.CaseRetitled(title="Parser reads far past the end"))
    happen(vault, 1, e.NoteAdded(text="one"), e.NoteAdded(text="two"), e.NoteAdded(text="three"))
    happen(vault, 2, e.AffectedVersionsSet(lines=(AffectedLine(line="22.x", status="affected"),)))


def codes(vault: SqlVault) -> set[str]:
    """The codes of everything that verification finds."""
    return {finding.code for finding in vault.verify().findings}


def found(folder: Path) -> set[str]:
    """What verification finds in a closed store."""
    vault = reopen(folder, inspect=True)
    try:
        return codes(vault)
    finally:
        vault.close()
