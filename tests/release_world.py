"""A desk with a store in memory, a clock that stands, and a security release told by real commands."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from typing_extensions import override

from app.desk.exchange import Exchange
from app.desk.ports.exchange import Exporter, Rendered
from app.desk.ports.vault import Cancelled, Checkpoint, Finding, Progress, VerifyReport
from app.domain.checkpoint_note import note_text
from app.domain.commands import case_commands as c
from app.domain.commands import release_commands as r
from app.domain.errors import Environment
from app.domain.events.team_events import CheckpointMade, DeviceEnrolled, PersonAdded, ProjectDescribed
from app.domain.project import MailingList, Project
from app.domain.team import TEAM_STREAM
from app.domain.values import AffectedLine, Credit, Dependency, Fix, Person, ReleaseLine, Reporter
from app.exporters import discover
from app.presenters.hub import Hub
from app.presenters.target import Target
from tests.builders import NOOR
from tests.fakes_interaction import FakeInteraction
from tests.fakes_runner import InlineRunner
from tests.fakes_session import MemorySession, MemoryStore, StoppedClock

NOW = datetime(2026, 11, 17, 13, 32, tzinfo=UTC)
TARGET = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
TZ = ZoneInfo("Europe/Berlin")
ANNOUNCE = "announce@lists.example.org"
OTHER = "open-security@lists.example.net"

PROJECT = Project(
    key="aster",
    name="Aster",
    product="Aster runtime",
    site="https://aster.example",
    author="The Aster Project",
    mail_from="security@aster.example",
    mail_domain="aster.example",
    announcement_list="announce",
    lists=(
        MailingList(key="announce", name="aster-sec", address=ANNOUNCE, title="the announcement list"),
        MailingList(key="open", name="open-security", address=OTHER, title="open-security"),
    ),
    policy_url="https://aster.example/security",
    report_url="https://aster.example/report",
    list_url="https://lists.example.org/aster-sec",
)


@dataclass
class MemoryFiles:
    """Files that were written; `full` makes every further one fail."""

    written: dict[Path, bytes] = field(default_factory=dict)
    full: bool = False

    def read(self, path: Path, limit: int) -> bytes:
        return self.written[path][:limit]

    def write(self, path: Path, data: bytes) -> None:
        if self.full:
            raise Environment("disk.full", file=path.name)
        self.written[path] = data

    def folder(self, path: Path) -> None:
        """Folders need not be made."""

    def move_folder(self, old: Path, new: Path) -> None:
        """Nothing here moves folders."""

    def remove_folder(self, path: Path) -> None:
        """Nothing here removes folders."""


class WatchedVault:
    """The store, with a verification whose report the test gives and checkpoints that it remembers."""

    def __init__(self, store: MemoryStore) -> None:
        self.store = store
        self.report: VerifyReport | None = None
        self.notes: list[Checkpoint] = []
        self.verified = 0
        self.rebuilt = 0
        self.differs: tuple[Finding, ...] = ()
        self.against: list[str] = []

    def check_against(self, note: str) -> tuple[Finding, ...]:
        self.against.append(note)
        return self.differs

    def rebuild(self, progress: Progress | None = None) -> None:
        self.rebuilt += 1

    @property
    def queries(self) -> MemoryStore:
        return self.store

    def compact(self) -> bool:
        return True

    def verify(self, progress: Progress | None = None, cancelled: Cancelled | None = None) -> VerifyReport:
        self.verified += 1
        events = len(self.store.content.log)
        if progress is not None:
            progress(events // 2, events)
        if cancelled is not None and cancelled():
            return VerifyReport(
                ok=False, events=events // 2, devices=("device-1",), blobs=0, findings=(), cancelled=True
            )
        whole = VerifyReport(ok=True, events=events, devices=("device-1",), blobs=3, findings=(), head="ab" * 32)
        return self.report or whole

    def checkpoint(self, actor: Person, now: datetime, reason: str) -> Checkpoint:
        count, root, head = len(self.store.content.log), "cd" * 32, "ab" * 32
        store, signature = "0" * 26, base64.b64encode(bytes(68)).decode()
        text = note_text(store, count, bytes.fromhex(root), bytes.fromhex(head), now)
        note = f"{text}\n\u2014 holdfast/{store}/device {signature}\n"
        made = Checkpoint(store_id=store, count=count, root=root, head=head, at=now, text=note)
        with self.store.transaction(actor, now) as tx:
            tx.append(TEAM_STREAM, [CheckpointMade(count=count, root=root, head=head, at=now, reason=reason)])
        self.notes.append(made)
        return made


class ReleaseSession(MemorySession):
    """The session in memory with the use cases that the release and audit pages need."""

    def __init__(self, exporters: Sequence[Exporter] | None = None) -> None:
        super().__init__(clock=StoppedClock(NOW))
        self.watched = WatchedVault(self.store)
        self.files = MemoryFiles()
        found = discover() if exporters is None else exporters
        self.exchange = Exchange(self.vault, found, self.clock, self.me)
        self.vault = cast("Any", self.watched)
        device = DeviceEnrolled(device="test device", public_key="00" * 32, label="laptop", person=self.me.id)
        with self.store.transaction(self.me, NOW) as tx:
            tx.append(TEAM_STREAM, [ProjectDescribed(project=PROJECT), device, PersonAdded(person=NOOR)])

    @override
    def write_export(self, folder: Path, files: Sequence[Rendered]) -> tuple[Path, ...]:
        paths = []
        for file in files:
            self.files.write(folder / file.name, file.data)
            paths.append(folder / file.name)
        return tuple(paths)


class World:
    """The session, everything that a page is given beside it, and what became of that: toasts and places gone to."""

    def __init__(self, exporters: Sequence[Exporter] | None = None) -> None:
        self.session = ReleaseSession(exporters)
        self.runner = InlineRunner()
        self.hub = Hub()
        self.interaction = FakeInteraction()
        self.toasts: list[str] = []
        self.went: list[Target] = []
        self._cves = 10_000

    def context(self, theme: Any) -> Any:
        """What a page is given; `theme` is the hub of the look."""
        from ui.screens.page import Context

        return Context(
            session=cast("Any", self.session),
            runner=self.runner,
            worker=self.runner,
            backups=cast("Any", None),
            hub=self.hub,
            theme=theme,
            tz=TZ,
            interaction=self.interaction,
            toast=lambda text, _action="", _run=None: self.toasts.append(text),
            navigate=self.went.append,
            heading_changed=lambda: None,
        )

    @property
    def now(self) -> datetime:
        return self.session.clock.now()

    def at(self, moment: datetime) -> World:
        """Sets the clock."""
        self.session.clock.at = moment
        return self

    def case(self, title: str, *, rating: str = "high", complete: bool = True) -> str:
        """A confirmed case; a complete one lacks nothing before its announcement."""
        do = self.session.desk.perform
        ref = do(
            None,
            c.Receive(
                title=title,
                reporters=(Reporter(name="Robin Reporter", email="robin@reporter.example"),),
                text="A folded header hides a second request.",
                product="Aster runtime",
            ),
        ).ref
        for step in (c.Assign(), c.Acknowledge(text="It arrived."), c.Reply(text="We look at it."), c.Confirm()):
            do(ref, step)
        if not complete:
            return ref
        lines = (
            AffectedLine(line="24.x", status="affected", introduced="24.0.0", fixed="24.8.2"),
            AffectedLine(line="22.x", status="affected", introduced="22.0.0", fixed="22.19.1"),
        )
        do(ref, c.SetAffected(lines=lines))
        for line in ("24.x", "22.x"):
            do(ref, c.HoldFix(fix=Fix(line=line, state="ready", author="Juno Patch")))
        do(ref, c.RateSeverity(rating=rating))  # type: ignore[arg-type]
        self._cves += 1
        do(ref, c.AssignCve(id=f"CVE-2099-{self._cves}"))
        do(ref, c.DraftAdvisory(body="## Summary\n\nA folded header hides a second request from a proxy."))
        do(ref, c.SetCredits(credits=(Credit(name="Robin Reporter", consent="granted"),)))
        return ref

    def release(self, *, title: str = "November security release", versions: bool = True) -> str:
        """A planned release of two lines."""
        lines = (
            ReleaseLine(line="24.x", version="24.8.2" if versions else "", releaser="Tove Plan"),
            ReleaseLine(line="22.x", version="22.19.1" if versions else "", releaser="Juno Patch"),
        )
        return self.session.desk.perform(None, r.PlanRelease(target=TARGET, title=title, lines=lines)).ref

    def planned(self) -> str:
        """A release with two complete cases and a dependency."""
        first = self.case("Symbolic link followed when unpacking")
        second = self.case("Quadratic time in the cookie parser", rating="medium")
        ref = self.release()
        do = self.session.desk.perform
        for case in (first, second):
            do(ref, r.BundleCase(case=case))
        update = Dependency(name="Borealis parser", versions=("3.4.3",), lines=("24.x", "22.x"))
        do(ref, r.SetDependency(dependency=update))
        return ref

    def announced(self) -> str:
        """The same on its day: versions are out, the mail went to the list two hours and 14 minutes ago."""
        ref = self.planned()
        do = self.session.desk.perform
        do(ref, r.PreAnnounceRelease(url="https://aster.example/blog/pre"))
        self.at(TARGET + timedelta(minutes=12))
        do(ref, r.ReleaseVersions())
        self.at(TARGET + timedelta(minutes=18))
        do(ref, r.AnnounceRelease(destination=ANNOUNCE, message_id="<20261124.7f3a@lists.example.org>"))
        self.at(TARGET + timedelta(hours=2, minutes=32))
        return ref
