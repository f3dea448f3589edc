"""A store with a hundred thousand invented cases, made through the real append API once and kept under build/bench."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

from app.domain.case.context import Context
from app.domain.case.decide import decide
from app.domain.case.evolve import evolve
from app.domain.case.state import Case
from app.domain.commands import CaseCommand
from app.domain.commands import case_commands as c
from app.domain.errors import Defect
from app.domain.events import CaseEvent
from app.domain.identifiers import case_ref
from app.domain.values import AffectedLine, Credit, Fix, Person, Reporter, Source
from app.machine.clock import SystemIds
from app.machine.files import DiskFiles
from app.machine.resources import PackagedPolicies, PackagedProjects
from app.machine.store_lock import StoreLocks
from app.store import chain
from app.store.connection import Connection
from app.store.folder import DATABASE, SLOTS, Founding, Place, create, open_store
from app.store.keys import FLOOR
from app.store.slots import read_slot_file
from app.store.vault import SqlVault
from tests.bench.setting import HOME, say

STORY: Final = 1
"""Raised when the story below changes, so that stores that tell the old one are made anew."""
PASSPHRASE: Final = "a large store of invented cases"
OWNER: Final = Person(id="ada", name="Ada Example", email="ada@example.org")
TEAM: Final = (OWNER, Person(id="noor", name="Noor Sample"), Person(id="juno", name="Juno Kestrel"))
START: Final = datetime(2022, 1, 3, 9, 0, tzinfo=UTC)
LONG_HISTORY: Final = 500
"""Events of the first case."""
RARE: Final = "quokkaline"
"""A word in every five thousandth case."""
COMMON: Final = ("parser", "header")
"""Words that are each in about half of the cases."""

_SYLLABLES = "ka lo mi ne ru sa te vo xi zu da ran tel mos vik dor sun gra be ci du fa".split(" ")  # noqa: SIM905
_AT_ONCE = 250
_FILES = 48
_FILE_BYTES = 300_000


def place() -> Place:
    """What a store needs from outside; the key derivation is as dear as the product's floor."""
    return Place(files=DiskFiles(), locks=StoreLocks(), ids=SystemIds(), policies=PackagedPolicies())


def opened(folder: Path) -> SqlVault:
    """The store, open; the caller closes it."""
    return open_store(folder, PASSPHRASE, START + timedelta(days=1500), place())


def raw_key(folder: Path) -> bytes:
    """The key of its database, for a yardstick that reads the same file."""
    keys = read_slot_file((folder / SLOTS).read_bytes()).unlock(PASSPHRASE)
    if keys is None:
        raise Defect("bench.passphrase")
    return keys.database()


def connected(folder: Path) -> Connection:
    """The bare database of a store that is closed."""
    return Connection(folder / DATABASE, raw_key(folder))


def store_of(cases: int) -> Path:
    """The folder of a store with so many cases, made if need be. Never write to it: take a copy."""
    folder = HOME / f"{cases}-{_stamp()}.holdfast"
    if not folder.is_dir():
        for old in HOME.glob(f"{cases}-*"):
            shutil.rmtree(old, ignore_errors=True)
        HOME.mkdir(parents=True, exist_ok=True)
        partial = HOME / f"{cases}-making.holdfast"
        shutil.rmtree(partial, ignore_errors=True)
        make_store(partial, cases)
        partial.rename(folder)
    return folder


def copy_of(folder: Path, scratch: Path) -> Path:
    """A copy that a row may write to."""
    target = scratch / "copy.holdfast"
    shutil.copytree(folder, target)
    return target


def _stamp() -> str:
    """Changes with the story and the rules of states; opening brings a store of an older format up to date."""
    return f"{STORY}.{chain.STATE_VERSION}"


def make_store(folder: Path, cases: int) -> None:
    """Makes a store of so many cases in a folder that is not there yet."""
    founding = Founding(
        name="Large", owner=OWNER, policy="node-core", project=PackagedProjects().get("aster"), device_label="bench"
    )
    vault = create(folder, PASSPHRASE, founding, START, cost=FLOOR, place=place())
    try:
        writer = Writer(vault)
        for low in range(0, cases, _AT_ONCE):
            writer.batch(range(low, min(low + _AT_ONCE, cases)))
            if low % 5000 == 0:
                say(f"   making the store: {low} of {cases} cases")
    finally:
        vault.close()


class Writer:
    """Tells case after case; the same cases in every run."""

    def __init__(self, vault: SqlVault) -> None:
        self._vault = vault
        self._policy = PackagedPolicies().latest("node-core")
        self._chance = random.Random(7)
        sizes = (1, 2, 2, 3, 3, 4)
        words = ("".join(self._chance.choices(_SYLLABLES, k=self._chance.choice(sizes))) for _ in range(30_000))
        self._words = list(words)
        # Words are as unequal as in every language: Zipf's law.
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(len(self._words))))

    def batch(self, numbers: range) -> None:
        """Some cases in one transaction."""
        now = START + timedelta(minutes=20 * (numbers.stop))
        with self._vault.transaction(OWNER, now) as tx:
            for number in numbers:
                commands = list(self._story(number, now))
                if number < _FILES:
                    blob = tx.put_blob(self._chance.randbytes(_FILE_BYTES), "core.bin")
                    commands.insert(1, c.AddAttachment(blob=blob))
                tx.append(f"case:B{number:07d}", self._decided(number, commands, now))

    def _decided(self, number: int, commands: list[CaseCommand], now: datetime) -> list[CaseEvent]:
        ref = case_ref(2022 + number // 40_000, number % 40_000 + 1)
        context = Context(now=now, actor=OWNER, policy=self._policy, people=TEAM, new_id=f"B{number:07d}", new_ref=ref)
        case: Case | None = None
        found: list[CaseEvent] = []
        for command in commands:
            for event in decide(case, command, context):
                case = evolve(case, event, now, OWNER)
                found.append(event)
        return found

    def _story(self, number: int, now: datetime) -> Iterator[CaseCommand]:
        """Four of ten are old records, three were no vulnerability, two went the whole way, one is on it."""
        if number == 0:
            yield from self._long(now)
        elif number % 10 < 4:
            yield self._record(number)
        elif number % 10 < 7:
            yield from (self._report(number, now), c.Assign(person=self._chance.choice(TEAM).id), c.Acknowledge())
            yield from (c.Reject(reason=self._some(8)), c.Close(resolution="no vulnerability"))
        else:
            way = [self._report(number, now), *self._way(number, now)]
            yield from way if number % 10 < 9 else way[: self._chance.randrange(1, len(way) - 5)]

    def _report(self, number: int, now: datetime) -> c.Receive:
        who = Reporter(name=self._some(2).title(), email=f"{self._some(1)}@example.org")
        rare = f" {RARE}" if number % 5000 == 9 else ""
        return c.Receive(
            title=f"{self._some(3)} {self._chance.choice(COMMON)} {self._some(2)}",
            received_at=now - timedelta(hours=number % 90 + 1),
            channel="email",
            reporters=(who,),
            subject=self._some(6),
            message_id=f"<{number}@example.org>",
            text="\n\n".join(self._some(30) for _ in range(3)) + f"\n\n{self._chance.choice(COMMON)}{rare}",
            product="Aster runtime",
        )

    def _record(self, number: int) -> c.ImportRecord:
        title, text = self._some(5), f"{self._some(40)} {self._chance.choice(COMMON)}"
        source = Source(format="nswg", file=f"{number}.json", sha256=f"{number:064x}", key=f"bench:{number}")
        return c.ImportRecord(
            title=title,
            source=source,
            number=number,
            fields=(("overview", text), ("vulnerable", "< 22.9.1")),
            text=text,
            cves=(f"CVE-2099-{number + 10_000}",),
            lines=(AffectedLine(line="22.x", status="affected", introduced="22.0.0", fixed="22.9.1"),),
            published_at=START,
        )

    def _way(self, number: int, now: datetime) -> Iterator[CaseCommand]:
        lines = ("22.x", "24.x")
        yield from (c.Assign(person=self._chance.choice(TEAM).id), c.Acknowledge(text=self._some(10)))
        yield from (c.Reply(text=self._some(25)), c.Confirm(), c.AuditSimilarCode(pattern=self._some(4)))
        yield c.SetAffected(lines=tuple(_affected(line) for line in lines))
        yield from (c.HoldFix(fix=Fix(line=line, state="ready", author="Juno Kestrel")) for line in lines)
        yield c.RateSeverity(rating=self._chance.choice(("low", "medium", "high", "critical")))
        yield from (c.RequestCve(), c.AssignCve(id=f"CVE-2099-{number + 10_000}"))
        yield c.AgreeEmbargo(until=now + timedelta(days=self._chance.randrange(3, 20)))
        yield c.DraftAdvisory(body=f"## Summary\n\n{self._some(60)}")
        yield c.SetCredits(credits=(Credit(name="Robin Reporter", consent="granted"),))
        yield from (c.EndEmbargo(reason="told early"), c.RecordRelease(versions=("22.9.1", "24.9.1")))
        yield c.RecordAnnouncement(destination="announce@example.org", override="told early")
        yield from (c.RecordPost(url="https://example.org/post"), c.RecordPublication(kinds=("cve",)), c.Close())

    def _long(self, now: datetime) -> Iterator[CaseCommand]:
        """A case that everybody wrote about."""
        yield from (self._report(0, now), c.Assign(), c.Acknowledge(), c.Reply(text=self._some(30)))
        kinds: tuple[Any, ...] = (
            lambda: c.LogMessage(direction="in", subject=self._some(6), counterpart="Rin", text=self._some(60)),
            lambda: c.AddNote(text=self._some(30)),
            lambda: c.LogMessage(direction="out", subject=self._some(6), counterpart="Rin", text=self._some(40)),
            lambda: c.UpdateReporter(text=self._some(20)),
        )
        for turn in range(LONG_HISTORY - 5):  # the attachment is the fifth event
            yield kinds[turn % len(kinds)]()

    def _some(self, count: int) -> str:
        return " ".join(self._chance.choices(self._words, cum_weights=self._weights, k=count))


def _affected(line: str) -> AffectedLine:
    major = line.partition(".")[0]
    return AffectedLine(line=line, status="affected", introduced=f"{major}.0.0", fixed=f"{major}.9.1")
